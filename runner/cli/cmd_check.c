/* cmd_check.c: `cnb check` runs notebooks and compares their outputs with the
 * recorded ones. Floor 6. What was, what is and how they compare is for
 * checker.h; here are the options, the folders and the report. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "cli/checker.h"
#include "cli/commands.h"
#include "format/junit.h"
#include "sys/fs.h"
#include "sys/proc.h"

#define TIMEOUT_MS (5 * 60 * 1000)

static const char *const report_names[] = { "junit", NULL };

struct check_args {
	struct checker_options how;
	const char *output;
	int format; /* index in report_names; -1: by -o */
	struct strs masks, mask_files;
	bool exact;
};

#define HOW(member) offsetof(struct check_args, how.member)

const struct opt cmd_check_opts[] = {
	{ 'u', "update", NULL,
	  "where outputs differ, save the new ones as the recorded", ARG_FLAG,
	  HOW(update) },
	{ 0, "mask", "REGEX",
	  "make the same what differs in every run: an extended regular "
	  "expression, or s/EXPRESSION/TEXT/; may be repeated",
	  ARG_STRINGS, offsetof(struct check_args, masks) },
	{ 0, "mask-file", "FILE", "masks, one in a line; # begins a comment",
	  ARG_STRINGS, offsetof(struct check_args, mask_files) },
	{ 0, "exact", NULL,
	  "without the usual masks (ids, addresses, times, durations, "
	  "temporary paths)",
	  ARG_FLAG, offsetof(struct check_args, exact) },
	{ 0, "tolerance", "X",
	  "numbers may differ by so much: relative, and absolute below 1",
	  ARG_STRING, HOW(tolerance) },
	{ 0, "unordered", NULL, "lines may come in any order", ARG_FLAG,
	  HOW(unordered) },
	{ 'c', "cell", "SEL", "check only these cells, see 'cnb help run'",
	  ARG_STRINGS, HOW(cells) },
	{ 0, "skip", "SEL", "leave these out", ARG_STRINGS, HOW(skip) },
	{ 0, "skip-tag", "TAG", "do not run cells with this tag", ARG_STRINGS,
	  HOW(skip_tags) },
	{ 0, "ignore-tag", "TAG",
	  "run cells with this tag, but do not compare what they write",
	  ARG_STRINGS, HOW(ignore_tags) },
	{ 'o', "output", "FILE", "write the verdicts, as JUnit", ARG_STRING,
	  offsetof(struct check_args, output) },
	{ 't', "to", "FORMAT",
	  "of the verdicts: junit; without -o they go to standard output",
	  ARG_CHOICE, offsetof(struct check_args, format), report_names },
	{ 'p', "param", "K=V", "a parameter, as for run", ARG_STRINGS,
	  HOW(params) },
	{ 0, "timeout", "D", "limit for each cell; default 5m, 0 is none",
	  ARG_DURATION, HOW(timeout_ms) },
	{ 0, "deadline", "D", "limit for each notebook; default none",
	  ARG_DURATION, HOW(deadline_ms) },
	{ 0, "workdir", "DIR",
	  "where cells start; default is the notebook's folder", ARG_STRING,
	  HOW(workdir) },
	{ 0, "cc", "CC", "the compiler; default $CC, else cc", ARG_STRING,
	  HOW(cc) },
	{ 0, "cflags", "WORDS", "more words for the compiler", ARG_STRING,
	  HOW(cflags) },
	{ 0, "sanitize", "LIST", "as for run", ARG_STRING, HOW(sanitize) },
	{ 'q', "quiet", NULL, "show only what differs", ARG_FLAG, HOW(quiet) },
	{ 0, "raw", NULL, "write control characters as they are", ARG_FLAG,
	  HOW(raw) },
	{ 0 }
};

/* --- masks ---------------------------------------------------------------- */

static int
read_mask_file(struct masks *masks, const char *path, struct err *e)
{
	struct buf text = { 0 };
	struct slice rest;
	int rc = fs_read(path, &text, e), line = 0;

	for (rest = buf_slice(&text); rc == 0 && rest.len;) {
		const char *end = memchr(rest.at, '\n', rest.len);
		size_t n = end ? (size_t)(end - rest.at) : rest.len;
		struct slice one = { rest.at, n };
		char *mask;

		n += end != NULL;
		rest.at += n;
		rest.len -= n;
		line++;
		one = slice_trim(one);
		if (!one.len || *one.at == '#')
			continue;
		mask = mem_strndup(one.at, one.len);
		if ((rc = masks_add(masks, mask, e)) < 0)
			err_prefix(e, "'%s', line %d: ", path, line);
		free(mask);
	}
	buf_release(&text);
	return rc;
}

static int
read_masks(const struct check_args *args, struct masks *usual,
	   struct masks *masks, struct err *e)
{
	if (!args->exact)
		masks_add_usual(usual);
	for (size_t i = 0; i < args->masks.count; i++)
		if (masks_add(masks, args->masks.at[i], e) < 0)
			return err_prefix(e, "option '--mask': ");
	for (size_t i = 0; i < args->mask_files.count; i++)
		if (read_mask_file(masks, args->mask_files.at[i], e) < 0)
			return -1;
	return 0;
}

/* --- notebooks ------------------------------------------------------------ */

/* A folder stands for the notebooks in it, and below it. */
static int
expand(const struct strs *names, struct strs *paths, struct set *found,
       struct err *e)
{
	for (size_t i = 0; i < names->count; i++) {
		const char *name = names->at[i];
		size_t before = paths->count;

		if (!fs_is_dir(name)) {
			strs_add(paths, name);
			continue;
		}
		if (fs_find(name, ".ipynb", paths) < 0)
			return err_system(e, "cannot read the folder '%s'",
					  name);
		if (paths->count == before)
			return err_input(e, "there is no notebook in '%s'",
					 name);
		for (size_t k = before; k < paths->count; k++)
			set_add(found, paths->at[k]);
	}
	return 0;
}

struct report {
	struct checked *notebooks; /* [count], init'ed up to done */
	size_t count, done;
	size_t differ, bad; /* notebooks */
};

static void
put_total(const struct report *r)
{
	printf("%zu notebooks: %zu as recorded", r->done,
	       r->done - r->differ - r->bad);
	if (r->differ)
		printf(", %zu differ%s", r->differ, r->differ == 1 ? "s" : "");
	if (r->bad)
		printf(", %zu could not be checked", r->bad);
	printf("\n");
}

static int
write_junit(const struct report *r, const char *path)
{
	struct junit_suite *suites = mem_alloc(r->done + 1, sizeof *suites);
	struct buf out = { 0 };
	size_t n = 0;
	int status;

	for (size_t i = 0; i < r->done; i++)
		if (r->notebooks[i].cases)
			suites[n++] =
				(struct junit_suite){ &r->notebooks[i].now,
						      r->notebooks[i].cases };
	junit_suites(&out, suites, n);
	status = command_output(path, buf_slice(&out));
	buf_release(&out);
	free(suites);
	return status;
}

static int
worse(int a, int b)
{
	return a > b ? a : b;
}

/* *failure: errno of the first write that failed. */
static void
flush(int *failure)
{
	if (fflush(stdout) != 0 && !*failure)
		*failure = errno;
}

static int
check_all(const struct check_args *args, const struct strs *paths,
	  const struct set *found)
{
	bool silent = args->format >= 0 && !args->output;
	struct report r = { .count = paths->count };
	int status = EXIT_OK, failure = 0;

	r.notebooks = mem_alloc(r.count, sizeof *r.notebooks);
	for (size_t i = 0; i < r.count && status < 128; i++) {
		struct checked *c = &r.notebooks[r.done++];
		int rc;

		rc = checker_run(c, paths->at[i], &args->how,
				 set_has(found, paths->at[i]));
		r.differ += rc == EXIT_CELL;
		r.bad += rc > EXIT_CELL;
		status = worse(status, rc);
		if (!silent)
			fwrite(buf_str(&c->text), 1, c->text.len, stdout);
		flush(&failure);
	}
	if (r.count > 1 && !silent)
		put_total(&r);
	flush(&failure);
	if (failure)
		status = worse(status, command_stdout_failed(failure));
	proc_take_signals();
	if (args->output || args->format >= 0)
		status = worse(status,
			       write_junit(&r,
					   args->output ? args->output : "-"));
	while (r.done)
		checked_release(&r.notebooks[--r.done]);
	free(r.notebooks);
	return status;
}

static int
check_named(struct check_args *args, const struct strs *names)
{
	struct masks usual = { 0 }, masks = { 0 };
	struct strs paths = { 0 };
	struct set found = { 0 };
	struct home home = { 0 };
	struct err e;
	int status;

	args->how.usual = &usual;
	args->how.masks = &masks;
	args->how.home = &home;
	if (read_masks(args, &usual, &masks, &e) < 0 ||
	    expand(names, &paths, &found, &e) < 0) {
		status = command_fail(&e);
		goto out;
	}
	proc_take_signals();
	if (home_find(&home, &e) < 0)
		status = command_fail(&e);
	else
		status = check_all(args, &paths, &found);
out:
	home_release(&home);
	masks_release(&usual);
	masks_release(&masks);
	strs_release(&paths);
	set_release(&found);
	return status;
}

int
cmd_check(const struct command *cmd, int argc, char **argv)
{
	struct check_args args = { .format = -1, .how.timeout_ms = TIMEOUT_MS };
	struct strs names = { 0 };
	int status = command_args(cmd, &args, argc, argv, &names);

	if (status < 0)
		status = check_named(&args, &names);
	strs_release(&args.masks);
	strs_release(&args.mask_files);
	checker_options_release(&args.how);
	strs_release(&names);
	return status;
}
