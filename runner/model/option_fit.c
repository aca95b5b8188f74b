/* option_fit.c: which options have an effect on which cells, as one table.
 * Floor 1. */
#include "model/option_fit.h"

#include <string.h>
#include "base/buf.h"
#include "base/mem.h"
#include "model/option_rules.h"

/* What a cell is, as far as options go. */
enum form {
	FORM_SHARED,
	FORM_TABLE,
	FORM_PROGRAM,
	FORM_COMMANDS, /* run: lines */
	FORM_SCRIPT,
	FORM_FILE, /* of %%file, or of file: without main */
	FORM_EMPTY,
	FORM_COUNT
};

static const struct {
	const char *one, *several;
} words[FORM_COUNT] = {
	[FORM_SHARED] = { "a shared cell", "shared cells" },
	[FORM_TABLE] = { "a table cell", "table cells" },
	[FORM_PROGRAM] = { "a program", "programs" },
	[FORM_COMMANDS] = { "a cell of run: lines", "cells of run: lines" },
	[FORM_SCRIPT] = { "a script", "scripts" },
	[FORM_FILE] = { "a file", "files" },
	[FORM_EMPTY] = { "a cell without code", "cells without code" },
};

#define IN(form) (1u << FORM_##form)
#define HOST (IN(SHARED) | IN(TABLE))
#define COMPILED (HOST | IN(PROGRAM))
#define PROCESS (IN(PROGRAM) | IN(COMMANDS) | IN(SCRIPT))
#define RUNS (HOST | PROCESS)
#define ANY (RUNS | IN(FILE) | IN(EMPTY))

static const unsigned fits[OPT_COUNT] = {
	[OPT_NAME] = ANY,
	[OPT_TAGS] = ANY,
	[OPT_USE] = IN(TABLE),
	[OPT_PLAIN] = IN(PROGRAM),
	[OPT_ARGS] = IN(PROGRAM) | IN(TABLE),
	[OPT_STDIN] = RUNS,
	[OPT_ENV] = RUNS,
	[OPT_NEEDS] = ANY,
	[OPT_TIMEOUT] = RUNS,
	[OPT_CC] = COMPILED,
	[OPT_CFLAGS] = COMPILED,
	[OPT_LDFLAGS] = COMPILED,
	[OPT_LIBS] = COMPILED,
	[OPT_SANITIZE] = COMPILED,
	[OPT_FILE] = IN(PROGRAM) | IN(COMMANDS) | IN(FILE),
	[OPT_RUN] = IN(COMMANDS),
	[OPT_BACKGROUND] = PROCESS,
	[OPT_EXPECT] = RUNS,
	[OPT_TIMELINE] = RUNS,
	[OPT_CAPTURE] = RUNS,
	[OPT_REPEAT] = RUNS,
	[OPT_CHECK] = RUNS,
	[OPT_MASK] = RUNS,
	[OPT_ACCEPT] = RUNS,
};

static enum form
form_of(enum cell_kind kind, bool has_run)
{
	static const enum form forms[KIND_COUNT] = {
		[KIND_EMPTY] = FORM_EMPTY,     [KIND_TABLE] = FORM_TABLE,
		[KIND_PROGRAM] = FORM_PROGRAM, [KIND_SHARED] = FORM_SHARED,
		[KIND_SHELL] = FORM_SCRIPT,    [KIND_FILE] = FORM_FILE,
	};

	if (has_run && (kind == KIND_PROGRAM || kind == KIND_FILE))
		return FORM_COMMANDS;
	return forms[kind];
}

/* "programs, table cells and scripts" */
static void
list_forms(struct buf *b, unsigned set)
{
	for (int f = 0; f < FORM_COUNT; f++) {
		if (!(set >> f & 1))
			continue;
		set &= ~(1u << f);
		if (b->len)
			buf_add_str(b, set ? ", " : " and ");
		buf_add_str(b, words[f].several);
	}
}

/* "option 'run' in line 1 has no effect on a script: it is for ..." */
static void
say_misfit(struct buf *b, const struct option_text *t, int key, enum form form)
{
	struct buf list = { 0 };
	char where[64];

	buf_addf(b, "option '%s'%s has no effect on %s", t->key,
		 option_place_words(t, where, sizeof where), words[form].one);
	if (key == OPT_RUN) {
		/* It makes a cell one of those that it is for. */
		buf_add_str(&list, "cells of C and files");
	} else {
		list_forms(&list, fits[key]);
	}
	buf_addf(b, "; it is for %s", list.data);
	buf_release(&list);
}

/* What goes on while others run has no end to be run again after. */
static int
check_repeat(const struct option_text *texts, size_t count, struct err *e)
{
	bool background = false;
	char where[64];

	for (size_t i = 0; i < count; i++)
		if (option_find(texts[i].key) == OPT_BACKGROUND)
			background = !strcmp(texts[i].value, "true");
	for (size_t i = 0; i < count && background; i++)
		if (option_find(texts[i].key) == OPT_REPEAT &&
		    texts[i].place != PLACE_NOTEBOOK)
			return err_input(
				e,
				"option 'repeat'%s has no effect on a cell "
				"in the background, which runs once",
				option_place_words(&texts[i], where,
						   sizeof where));
	return 0;
}

int
option_fit(struct option_text *texts, size_t *count, enum cell_kind kind,
	   bool has_run, struct strs *warnings, struct err *e)
{
	enum form form = form_of(kind, has_run);
	size_t kept = 0;
	int rc = 0;

	for (size_t i = 0; i < *count && rc == 0; i++) {
		int key = option_find(texts[i].key);
		struct buf b = { 0 };

		if (key < 0 || fits[key] >> form & 1) {
			texts[kept++] = texts[i];
			continue;
		}
		if (texts[i].place == PLACE_NOTEBOOK)
			continue;
		say_misfit(&b, &texts[i], key, form);
		if (texts[i].legacy || form == FORM_EMPTY)
			strs_add(warnings, b.data);
		else
			rc = err_input(e, "%s", b.data);
		buf_release(&b);
	}
	*count = kept;
	return rc < 0 ? rc : check_repeat(texts, kept, e);
}
