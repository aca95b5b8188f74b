/* option.h: the options of a cell, one table of them for every place they
 * are written: `//| key: value` lines, the cell's metadata.cnb, and the
 * notebook's metadata.cnb as defaults (SPEC 2). */
#ifndef CNB_OPTION_H
#define CNB_OPTION_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "base/slice.h"
#include "base/text.h"
#include "model/notebook.h"

enum option_key {
	OPT_NAME,
	OPT_TAGS,
	OPT_USE,
	OPT_PLAIN,
	OPT_ARGS,
	OPT_STDIN,
	OPT_ENV,
	OPT_NEEDS,
	OPT_TIMEOUT,
	OPT_CC,
	OPT_CFLAGS,
	OPT_LDFLAGS,
	OPT_LIBS,
	OPT_SANITIZE,
	OPT_FILE,
	OPT_RUN,
	OPT_BACKGROUND,
	OPT_EXPECT,
	OPT_TIMELINE,
	OPT_CAPTURE,
	OPT_REPEAT,
	OPT_CHECK,
	OPT_MASK,
	OPT_ACCEPT,
	OPT_COUNT
};

/* Where an option stands, from the weakest to the strongest. */
enum option_place { PLACE_NOTEBOOK, PLACE_CELL, PLACE_SOURCE };

enum expect_kind {
	EXPECT_NONE,
	EXPECT_EXIT,   /* `number` is the exit status */
	EXPECT_SIGNAL, /* `number` is the signal */
	EXPECT_TIMEOUT,
	EXPECT_BUILD_ERROR,
	EXPECT_SANITIZER,
};

struct expectation {
	enum expect_kind kind;
	int number;
};

/* One `key: value` as written, before it is understood. */
struct option_text {
	const char *key;
	const char *value; /* a JSON value that is no string comes as its JSON
			    * text; of an array, each element is one of these */
	enum option_place place;
	int line;    /* line of the cell, from 1; 0 in metadata */
	bool legacy; /* from `//%key:` or `//% KEY`: unknown is a warning */
};

/* What a cell's options say, all places merged: for single values the
 * strongest place wins, lists are joined from the weakest to the strongest. */
struct cell_options {
	char *name; /* NULL: not given */
	struct strs tags;
	char *use_plugin; /* of `use: plugin/cell`; NULL: not a table cell */
	char *use_cell;
	bool plain;
	struct strs args;
	char *stdin_text; /* NULL: not given */
	char *stdin_file; /* of `@file` */
	struct strs env;  /* NAME=VALUE */
	bool needs_given;
	struct strs needs;  /* given and empty: `none` */
	int64_t timeout_ms; /* -1: not given; 0: no limit */
	char *cc;
	struct strs cflags;
	struct strs ldflags;
	struct strs libs;
	struct strs sanitize;
	char *file;
	struct strs run;
	bool background;
	struct expectation expect;
	bool timeline;
	bool capture_plain;  /* of `capture: plain` */
	struct strs check;   /* words of `cnb check`, see check.h */
	struct strs mask;    /* see mask.h */
	struct strs accept;  /* outputs that are right too */
	int repeat;	     /* 0: not given */
	int line[OPT_COUNT]; /* line of the cell where it stands, 0: none */
};

void cell_options_init(struct cell_options *o);
void cell_options_release(struct cell_options *o);

/* The name of a key as it is written. */
const char *option_key_name(enum option_key key);
/* One line that says what the option means, for help. */
const char *option_key_help(enum option_key key);

/* Collect the option lines at the top of a cell's text: the leading lines that
 * are blank or `//` comments; those of older kernels, wherever they stand in a
 * line of their own. Appends to *list; the strings are the arena's,
 * the list itself is the caller's to free() (NULL before the first). Legacy
 * forms: `//%cflags:-lm`, `//% CFLAGS -Wall`. `//// name.c` and ordinary
 * comments are passed over. */
struct arena;
void option_scan(struct arena *a, struct slice source,
		 struct option_text **list, size_t *count);
/* What looks like an option line, by its form and a known key, but stands
 * where it is none: a sentence for each is appended to *warnings. */
void option_scan_below(struct arena *a, struct slice source,
		       struct strs *warnings);

/* The cell's text as the compiler gets it: option lines blanked in place, so
 * that line N stays line N and the length stays the same. To be free()d. */
char *option_blanked(struct slice source);

/* Understand `count` texts, in the order weakest place first, into *o.
 * Unknown keys: -1 with the nearest known one in the sentence ("unknown option
 * 'timout' in line 2; did you mean 'timeout'?"); unknown legacy ones: appended
 * to *warnings. Wrong values and a single value given twice in one place: -1.
 * The caller puts the cell's name in front of the sentence. */
int option_apply(struct cell_options *o, const struct option_text *texts,
		 size_t count, struct strs *warnings, struct err *e);

/* Append the sanitizers that a list names: "address,undefined". */
int option_sanitizers(struct strs *list, const char *text, struct err *e);

/* [A-Za-z_][A-Za-z0-9_.-]* without "..", at most 100 bytes. */
bool cell_name_ok(const char *name);

#endif
