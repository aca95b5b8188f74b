/* cmd_list.c: `cnb list` shows the cells of a notebook, or the table of a
 * plugin. Floor 6. A notebook is only read; a plugin is loaded, in a host. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/mem.h"
#include "base/utf8.h"
#include "cli/commands.h"
#include "cli/load.h"
#include "cli/paint.h"
#include "exec/session.h"
#include "live/ages.h"
#include "live/client.h"
#include "live/door.h"
#include "sys/fs.h"
#include "sys/proc.h"
#include "sys/terminal.h"

struct list_args {
	bool verbose;
	const char *cc;
	bool raw;
};

const struct opt cmd_list_opts[] = {
	{ 'v', "verbose", NULL,
	  "say of each cell why it is of its kind, and its documentation",
	  ARG_FLAG, offsetof(struct list_args, verbose) },
	{ 0, "cc", "CC", "the compiler for a plugin's .c", ARG_STRING,
	  offsetof(struct list_args, cc) },
	{ 0, "raw", NULL, "write control characters as they are", ARG_FLAG,
	  offsetof(struct list_args, raw) },
	{ 0 }
};

#define COLUMNS_MAX 8
#define NAME_COLUMN 1
#define COLUMN_MIN 8

static const char *const age_names[AGE_COUNT] = {
	[AGE_FRESH] = "fresh",	   [AGE_STALE] = "stale", [AGE_NEW] = "new",
	[AGE_CHANGED] = "changed", [AGE_NONE] = "-",
};
/* With -v, beside why it is of its kind. */
static const char *const age_reasons[AGE_COUNT] = {
	[AGE_STALE] = "stale: what it stands on ran again, or is another",
	[AGE_NEW] = "new: the session has not run it",
	[AGE_CHANGED] = "changed: the session ran another text, or with other "
			"options",
};

/* A table of text whose columns are as wide as their widest cell. */
struct columns {
	struct strs cells;
	size_t width; /* columns */
};

/* What does not fit on a terminal is taken from the last column first, then
 * from the names. */
static void
fit(size_t *widest, const struct columns *t, size_t room)
{
	const size_t gives[] = { t->width - 1, NAME_COLUMN };
	size_t used = 2 * (t->width - 1);

	for (size_t i = 0; i < t->width; i++)
		used += widest[i];
	for (size_t i = 0; room && i < countof(gives); i++) {
		size_t *w = &widest[gives[i]];
		size_t spare = *w > COLUMN_MIN ? *w - COLUMN_MIN : 0;
		size_t over = used > room ? used - room : 0;

		*w -= over < spare ? over : spare;
		used -= over < spare ? over : spare;
	}
}

static void
print_columns(struct buf *out, const struct columns *t)
{
	size_t widest[COLUMNS_MAX] = { 0 };

	for (size_t i = 0; i < t->cells.count; i++) {
		size_t n = utf8_columns(t->cells.at[i], strlen(t->cells.at[i]));

		if (n > widest[i % t->width])
			widest[i % t->width] = n;
	}
	fit(widest, t, terminal_width(STDOUT_FILENO));
	for (size_t i = 0; i < t->cells.count; i++) {
		size_t column = i % t->width, from = out->len, used;
		bool last = column + 1 == t->width;

		paint_cut(out, t->cells.at[i], widest[column]);
		used = utf8_columns(out->data + from, out->len - from);
		for (; !last && used < widest[column] + 2; used++)
			buf_add_byte(out, ' ');
		if (!last)
			continue;
		while (out->len && out->data[out->len - 1] == ' ')
			out->data[--out->len] = '\0';
		buf_add_byte(out, '\n');
	}
}

static void
add_text(struct strs *cells, const char *text, bool raw)
{
	struct buf b = { 0 };

	if (raw)
		buf_add_str(&b, text);
	else
		text_visible_line(&b, slice_of(text));
	strs_add(cells, buf_str(&b));
	buf_release(&b);
}

/* What its session says of the cells; no bytes: there is none, or it cannot
 * tell now, which is said. */
static void
ask_session(struct buf *ages, struct strs *gaps, const char *path,
	    const struct cell_list *cells)
{
	struct answer a = { 0 };
	char *name = door_name(path);
	int rc = strcmp(path, "-") ? client_look(name, LETTER_GLANCE, &a) : 0;
	struct err e;

	if (rc < 0 && door_is_refused(&e))
		command_say("cnb: warning: %s", e.text);
	else if (rc < 0)
		command_say("cnb: warning: the session of '%s' does not "
			    "answer: what is stale there is not known",
			    path);
	else if (rc > 0 && a.busy)
		command_say("cnb: the session of '%s' runs cells now: what is "
			    "stale is not known yet",
			    path);
	else if (rc > 0)
		ages_compare(ages, gaps, cells, &a);
	if (ages->len && a.touched) {
		struct buf quoted = { 0 };

		text_quote_path(&quoted, path);
		command_say("cnb: files that cells of '%s' are built from have "
			    "changed since they ran: cnb rerun %s finds which",
			    path, quoted.data);
		buf_release(&quoted);
	}
	answer_release(&a);
	free(name);
}

static void
add_why(struct columns *t, const struct cell_info *c, enum cell_age age,
	const char *gap, bool raw)
{
	struct buf why = { 0 };

	if (c->kind == KIND_TABLE)
		buf_addf(&why, "uses %s/%s",
			 c->options->use_plugin ? c->options->use_plugin : "",
			 c->options->use_cell);
	else
		buf_add_str(&why, c->why);
	if (age_reasons[age])
		buf_addf(&why, "; %s", age_reasons[age]);
	if (*gap)
		buf_addf(&why, "; no snapshot above it: %s", gap);
	add_text(&t->cells, buf_str(&why), raw);
	buf_release(&why);
}

/* `age`, `gap`: what its session says of it; NULL, "": there is none. */
static void
add_cell(struct columns *t, const struct cell_info *c, const char *age,
	 const char *gap, const struct list_args *args)
{
	enum cell_age is = age ? (enum cell_age) * age : AGE_NONE;

	strs_addf(&t->cells, "%d", c->cell->number);
	add_text(&t->cells, c->name, args->raw);
	strs_add(&t->cells, cell_kind_name(c->kind));
	add_text(&t->cells, c->cell->run->status ? c->cell->run->status : "-",
		 args->raw);
	if (age)
		strs_add(&t->cells, age_names[is]);
	strs_addf(&t->cells, "%zu", c->cell->nlines);
	if (args->verbose)
		add_why(t, c, is, gap, args->raw);
}

static void
add_heads(struct columns *t, bool session, bool because)
{
	static const char *const heads[] = { "cell",   "name",	  "kind",
					     "status", "session", "lines",
					     "because" };

	for (size_t i = 0; i < countof(heads); i++)
		if ((session || strcmp(heads[i], "session") != 0) &&
		    (because || strcmp(heads[i], "because") != 0))
			strs_add(&t->cells, heads[i]);
	t->width = t->cells.count;
}

static int
list_notebook(const char *path, const struct list_args *args)
{
	struct columns t = { 0 };
	struct cell_list cells = { 0 };
	struct buf out = { 0 }, ages = { 0 };
	struct strs gaps = { 0 };
	struct notebook nb;
	struct err e;
	int status;

	if (load_notebook(&nb, path, &e) < 0 ||
	    load_cells(&cells, &nb, &e) < 0) {
		status = command_fail(&e);
	} else {
		ask_session(&ages, &gaps, path, &cells);
		add_heads(&t, ages.len > 0, args->verbose);
		for (size_t i = 0; i < cells.count; i++)
			add_cell(&t, &cells.at[i],
				 ages.len ? &ages.data[i] : NULL,
				 ages.len ? gaps.at[i] : "", args);
		print_columns(&out, &t);
		status = command_output_as("-", buf_slice(&out), args->raw);
	}
	strs_release(&t.cells);
	strs_release(&gaps);
	buf_release(&ages);
	buf_release(&out);
	cell_list_release(&cells);
	notebook_release(&nb);
	return status;
}

static void
print_plugin(struct buf *out, const struct strs *rows, const char *built_with,
	     const struct list_args *args)
{
	struct columns t = { .width = 2 };

	for (size_t i = 0; i < rows->count; i++)
		add_text(&t.cells, rows->at[i], args->raw);
	print_columns(out, &t);
	if (args->verbose)
		buf_addf(out, "built with %s\n", built_with);
	strs_release(&t.cells);
}

static int
list_plugin(const char *path, const struct list_args *args)
{
	struct run_settings how = { .input_fd = -1, .cc = args->cc };
	struct strs rows = { 0 };
	struct buf out = { 0 };
	struct home home = { 0 };
	char *built_with = NULL, *workdir = path_absolute(".");
	struct err e;
	int status;

	how.home = &home;
	how.workdir = workdir;
	proc_take_signals();
	if (home_find(&home, &e) < 0 ||
	    session_list_plugin(&how, path, &rows, &built_with, &e) < 0) {
		status = command_fail(&e);
	} else {
		print_plugin(&out, &rows, built_with, args);
		status = command_output_as("-", buf_slice(&out), args->raw);
	}
	home_release(&home);
	strs_release(&rows);
	buf_release(&out);
	free(built_with);
	free(workdir);
	return status;
}

/* By its suffix; a file that begins as an object file is one, too. */
static bool
is_plugin(const char *path)
{
	const char *dot = strrchr(path_base(path), '.');
	char magic[4] = "";
	struct stat st;
	FILE *f;

	if (dot && (!strcmp(dot, ".c") || !strcmp(dot, ".so")))
		return true;
	/* What is read of a pipe is gone. */
	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode) ||
	    !(f = fopen(path, "rbe")))
		return false;
	if (fread(magic, 1, sizeof magic, f) != sizeof magic)
		magic[0] = '\0';
	fclose(f);
	return !memcmp(magic, "\177ELF", sizeof magic);
}

int
cmd_list(const struct command *cmd, int argc, char **argv)
{
	struct list_args args = { 0 };
	struct strs paths = { 0 };
	int status = command_args(cmd, &args, argc, argv, &paths);

	if (status < 0)
		status = is_plugin(paths.at[0])
				 ? list_plugin(paths.at[0], &args)
				 : list_notebook(paths.at[0], &args);
	strs_release(&paths);
	return status;
}
