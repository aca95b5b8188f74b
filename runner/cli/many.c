/* many.c: several notebooks in one call. Floor 6. What running one means is
 * the caller's. */
#include "cli/many.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/mem.h"
#include "cli/commands.h"
#include "sys/clock.h"
#include "sys/fs.h"
#include "sys/proc.h"
#include "sys/workers.h"

/* parts */

static int
by_bytes(const void *a, const void *b)
{
	const char *const *left = a, *const *right = b;

	return strcmp(*left, *right);
}

static bool
read_shard(const char *text, unsigned long *part, unsigned long *parts)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*part = strtoul(text, &end, 10);
	if (*end != '/' || end[1] < '0' || end[1] > '9')
		return false;
	*parts = strtoul(end + 1, &end, 10);
	return !*end && !errno && *part >= 1 && *part <= *parts;
}

/* Round robin over the sorted names. */
int
many_shard(struct strs *paths, const char *shard, struct err *e)
{
	struct strs kept = { 0 };
	unsigned long part, parts;
	char **sorted;

	if (!shard)
		return 0;
	if (!read_shard(shard, &part, &parts))
		return err_input(e,
				 "'%s' is no part; write I/N, as 2/5 for the "
				 "second of five",
				 shard);
	sorted = mem_alloc(paths->count, sizeof(char *));
	memcpy(sorted, paths->at, paths->count * sizeof(char *));
	qsort(sorted, paths->count, sizeof(char *), by_bytes);
	for (size_t i = 0; i < paths->count; i++) {
		char **at = bsearch(&paths->at[i], sorted, paths->count,
				    sizeof(char *), by_bytes);

		/* Of two that are the same, the first counts for both. */
		while (at > sorted && !strcmp(at[-1], *at))
			at--;
		if ((size_t)(at - sorted) % parts == part - 1)
			strs_add(&kept, paths->at[i]);
	}
	free(sorted);
	strs_release(paths);
	*paths = kept;
	return 0;
}

int
many_jobs(const char *text, size_t *jobs, struct err *e)
{
	char *end;

	*jobs = 1;
	if (!text)
		return 0;
	errno = 0;
	*jobs = *text >= '0' && *text <= '9' ? strtoul(text, &end, 10) : 0;
	if (*text < '0' || *text > '9' || *end || errno || *jobs > 4096)
		return err_input(e,
				 "'%s' is no number of jobs; write one from 1 "
				 "to 4096, or 0 for as many as there are "
				 "processors",
				 text);
	if (!*jobs)
		*jobs = workers_processors();
	return 0;
}

/* what became of them */

enum fate { FATE_OK, FATE_FAILED, FATE_INTERRUPTED, FATE_NOT_RUN, FATE_COUNT };

static const char *const fates[] = { "ok", "failed", "interrupted", "not run" };

static enum fate
fate_of(int status)
{
	if (status == EXIT_OK)
		return FATE_OK;
	if (status == EXIT_CELL)
		return FATE_FAILED;
	return status > 128 ? FATE_INTERRUPTED : FATE_NOT_RUN;
}

#define NAMED 5 /* so many are named */

struct tally {
	const struct many *m;
	int *statuses; /* [paths->count]; -1: it was not come to */
	int worst;
	int failure; /* errno of standard output */
};

static void
add_names(struct buf *out, const struct tally *t, enum fate fate)
{
	size_t n = 0;

	for (size_t i = 0; i < t->m->paths->count; i++)
		if (fate_of(t->statuses[i]) == fate && n++ < NAMED) {
			const char *path = t->m->paths->at[i];

			buf_add_str(out, n == 1 ? " (" : ", ");
			text_visible(out, path, strlen(path));
		}
	if (n)
		buf_add_str(out, n > NAMED ? ", ...)" : ")");
}

/* "3 notebooks: 2 ok, 1 failed (b.ipynb) in 1.2 s" */
static void
print_summary(struct tally *t, int64_t duration_ns)
{
	size_t counts[FATE_COUNT] = { 0 }, all = t->m->paths->count;
	struct buf out = { 0 };
	bool first = true;

	for (size_t i = 0; i < all; i++)
		counts[fate_of(t->statuses[i])]++;
	buf_addf(&out, "%s%zu notebooks: ", t->m->quiet ? "" : "\n", all);
	for (enum fate f = 0; f < FATE_COUNT; f++) {
		if (!counts[f])
			continue;
		buf_addf(&out, "%s%zu %s", first ? "" : ", ", counts[f],
			 fates[f]);
		first = false;
		if (f != FATE_OK)
			add_names(&out, t, f);
	}
	buf_add_str(&out, " in ");
	text_add_duration(&out, duration_ns);
	buf_add_byte(&out, '\n');
	if (fs_write_reader(STDOUT_FILENO, out.data, out.len) < 0)
		t->failure = errno;
	buf_release(&out);
}

/* running */

static void
note(struct tally *t, size_t i, int status)
{
	t->statuses[i] = status;
	if (status > t->worst)
		t->worst = status;
}

/* What a job has said or recorded does not get to us. */
static int
lost(const char *path, int why)
{
	struct err e;

	err_system(&e, "cannot keep what the run of '%s' gave: %s", path,
		   strerror(why));
	return command_fail(&e);
}

static int
work(void *self, size_t i, int report)
{
	const struct tally *t = self;
	struct buf bytes = { 0 };
	const char *path = t->m->paths->at[i];
	int status = t->m->run(t->m->self, path, &bytes);

	if (fs_write_fd(report, buf_str(&bytes), bytes.len) < 0)
		status = lost(path, errno);
	buf_release(&bytes);
	return status;
}

static void
done(void *self, size_t i, const struct worker_result *r)
{
	struct tally *t = self;
	int status = r->status;

	if (!t->failure && workers_copy(r->out, STDOUT_FILENO) < 0)
		t->failure = errno;
	if (workers_copy(r->err, STDERR_FILENO) < 0)
		status = lost(t->m->paths->at[i], errno);
	if (t->m->reports && (lseek(r->report, 0, SEEK_SET) < 0 ||
			      fs_read_fd(r->report, &t->m->reports[i]) < 0))
		status = lost(t->m->paths->at[i], errno);
	note(t, i, status);
}

static void
run_here(struct tally *t, size_t i)
{
	const struct many *m = t->m;
	struct buf none = { 0 };

	note(t, i,
	     m->run(m->self, m->paths->at[i],
		    m->reports ? &m->reports[i] : &none));
	buf_release(&none);
}

int
many_run(const struct many *m)
{
	struct tally t = { .m = m, .worst = EXIT_OK };
	struct workers w = { .count = m->paths->count,
			     .at_once = m->jobs,
			     .work = work,
			     .done = done,
			     .also = -1,
			     .self = &t };
	int64_t began = clock_mono_ns();
	struct err e;

	t.statuses = mem_alloc(m->paths->count, sizeof *t.statuses);
	for (size_t i = 0; i < m->paths->count; i++)
		t.statuses[i] = -1;
	if (m->jobs > 1 && m->paths->count > 1) {
		if (workers_run(&w, &e) < 0)
			note(&t, 0, command_fail(&e));
	} else {
		for (size_t i = 0; i < m->paths->count && t.worst < 128; i++)
			run_here(&t, i);
	}
	if (m->summary && m->paths->count > 1)
		print_summary(&t, clock_mono_ns() - began);
	if (t.failure) {
		int status = command_stdout_failed(t.failure);

		t.worst = status > t.worst ? status : t.worst;
	}
	if (proc_interrupted() && t.worst < 128)
		t.worst = 128 + proc_interrupted();
	free(t.statuses);
	return t.worst;
}
