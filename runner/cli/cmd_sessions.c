/* cmd_sessions.c: `cnb sessions` lists the live sessions, `cnb stop` ends them.
 * Floor 6. */
#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "cli/commands.h"
#include "live/client.h"
#include "live/door.h"
#include "sys/clock.h"
#include "sys/fs.h"

#define UNREACHED "cannot reach a session: %s"
#define MIB (INT64_C(1) << 20)

struct stop_args {
	bool all;
};

const struct opt cmd_sessions_opts[] = { { 0 } };

const struct opt cmd_stop_opts[] = { { 0, "all", NULL, "end every session",
				       ARG_FLAG,
				       offsetof(struct stop_args, all) },
				     { 0 } };

/* What a crash left in the folder goes; of what cannot be reached nothing is
 * known. */
static int
no_door(const char *name, struct err *e)
{
	if (!door_is_shut(errno))
		return err_system(e, UNREACHED, strerror(errno));
	door_remove(name);
	return 0;
}

static int
unreached(void)
{
	struct err e;

	err_system(&e, UNREACHED, strerror(errno));
	return command_fail(&e);
}

/* Its memory is asked for only if it answers at all: that may take a while. As
 * client_look(). */
static int
look(const char *name, struct answer *a)
{
	int rc = client_look(name, LETTER_GLANCE, a);

	if (rc <= 0 || a->busy)
		return rc;
	answer_release(a);
	return client_look(name, LETTER_STATUS, a);
}

static int
count(const struct buf *ages, enum cell_age age)
{
	int n = 0;

	for (size_t i = 0; i < ages->len; i++)
		n += ages->data[i] == (char)age;
	return n;
}

#define NS_PER_MIN (60 * NS_PER_S)

static void
add_minutes(struct buf *out, const char *what, int64_t ns)
{
	bool short_ = ns < NS_PER_MIN;

	buf_addf(out, ", %s %" PRId64 " %s", what,
		 ns / (short_ ? NS_PER_S : NS_PER_MIN), short_ ? "s" : "min");
}

/* To what is told of it: half an hour that has just begun is not over sooner
 * than in 30 minutes. */
static int64_t
rounded_up(int64_t ns)
{
	const int64_t s = (ns + NS_PER_S - 1) / NS_PER_S * NS_PER_S;

	return s < NS_PER_MIN ? s
			      : (s + NS_PER_MIN - 1) / NS_PER_MIN * NS_PER_MIN;
}

static void
add_params(struct buf *out, const struct strs *params)
{
	for (size_t i = 0; i < params->count; i++) {
		buf_add_str(out, i ? ", " : "    parameters: ");
		text_visible_line(out, slice_of(params->at[i]));
	}
	if (params->count)
		buf_add_byte(out, '\n');
}

static void
add_session(struct buf *out, const struct answer *a)
{
	int64_t now = clock_real_ns();
	int64_t left = a->idle_ms * NS_PER_MS - (now - a->used_ns);
	const char *path = a->path ? a->path : "?";

	/* A row of ours stays one, whatever the notebook is called. */
	text_visible_line(out, slice_of(path));
	if (!fs_exists(path))
		buf_add_str(out, " (not there)");
	buf_addf(out, "\n    process %" PRId64, a->pid);
	add_minutes(out, "age", now - a->started_ns);
	buf_addf(out, ", %zu cells", a->ages.len);
	if (a->busy) {
		buf_add_str(out, ", runs cells now\n");
		return;
	}
	if (count(&a->ages, AGE_STALE))
		buf_addf(out, " (%d stale)", count(&a->ages, AGE_STALE));
	if (a->idle_ms)
		add_minutes(out, "ends if idle for",
			    left > 0 ? rounded_up(left) : 0);
	buf_addf(out, "\n    %" PRId64 " snapshot%s", a->copies,
		 a->copies == 1 ? "" : "s");
	if (a->dropped)
		buf_addf(out,
			 " (%" PRId64 " dropped or not possible: cnb list -v "
			 "says which)",
			 a->dropped);
	buf_addf(out, ", %" PRId64 ".%" PRId64 " MiB\n", a->bytes / MIB,
		 a->bytes % MIB * 10 / MIB);
	add_params(out, &a->params);
}

/* What is told of the session of that name; empty: there is none, or *status
 * says what went wrong. */
static void
add_named(struct buf *out, const char *name, int *status)
{
	struct answer a = { 0 };
	int rc = look(name, &a);

	if (rc > 0)
		add_session(out, &a);
	else if (rc < 0 && !a.pid)
		*status = unreached();
	else if (rc < 0)
		buf_addf(out,
			 "a session that does not answer\n"
			 "    process %" PRId64 "\n",
			 a.pid);
	else
		door_remove(name);
	answer_release(&a);
}

static int
by_text(const void *a, const void *b)
{
	const struct buf *x = a, *y = b;

	return strcmp(buf_str(x), buf_str(y));
}

/* By the paths of their notebooks, with which they begin. */
static void
add_all(struct buf *out, const struct strs *names, int *status)
{
	struct buf *rows = mem_alloc(names->count, sizeof *rows);

	for (size_t i = 0; i < names->count; i++)
		add_named(&rows[i], names->at[i], status);
	qsort(rows, names->count, sizeof *rows, by_text);
	for (size_t i = 0; i < names->count; i++) {
		buf_add_slice(out, buf_slice(&rows[i]));
		buf_release(&rows[i]);
	}
	free(rows);
}

int
cmd_sessions(const struct command *cmd, int argc, char **argv)
{
	struct strs none = { 0 }, names = { 0 };
	int target = 0, status, shown;
	struct buf out = { 0 };
	struct err e;

	status = command_args(cmd, &target, argc, argv, &none);
	if (status >= 0)
		goto out;
	status = EXIT_OK;
	if (none.count)
		err_input(&e, "sessions takes no name");
	if (none.count || door_list(&names, &e) < 0) {
		status = command_fail(&e);
		goto out;
	}
	add_all(&out, &names, &status);
	if (!out.len && status == EXIT_OK)
		buf_add_str(&out, "no session\n");
	shown = command_output("-", buf_slice(&out));
	status = shown > status ? shown : status;
out:
	strs_release(&none);
	strs_release(&names);
	buf_release(&out);
	return status;
}

static int
stop_all(struct err *e)
{
	struct strs names = { 0 };
	int rc = door_list(&names, e);

	for (size_t i = 0; i < names.count && rc == 0; i++) {
		int fd = door_connect(names.at[i]);

		rc = fd < 0 ? no_door(names.at[i], e) : client_stop(fd, e);
	}
	strs_release(&names);
	return rc;
}

static int
stop_one(const char *path, struct err *e)
{
	int fd = client_connect(path);

	if (fd < 0)
		return client_missing(path, e);
	return client_stop(fd, e);
}

int
cmd_stop(const struct command *cmd, int argc, char **argv)
{
	struct stop_args args = { 0 };
	struct strs paths = { 0 };
	struct err e;
	int status = command_args(cmd, &args, argc, argv, &paths);

	if (status < 0) {
		status = EXIT_OK;
		if (!args.all && !paths.count)
			status = (err_input(&e, "stop needs a notebook, or "
						"--all"),
				  command_fail(&e));
		if (args.all && stop_all(&e) < 0)
			status = command_fail(&e);
		for (size_t i = 0; i < paths.count && !args.all; i++)
			if (stop_one(paths.at[i], &e) < 0)
				status = command_fail(&e);
	}
	strs_release(&paths);
	return status;
}
