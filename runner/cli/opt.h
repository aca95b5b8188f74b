/* opt.h: command line options. One table per command; parsing and help both
 * come from it, so that neither can say what the other does not do.
 *
 *	struct copy_args { bool force; const char *output; };
 *	static const struct opt copy_opts[] = {
 *		{ 'f', "force", NULL, "write over what is there", ARG_FLAG,
 *		  offsetof(struct copy_args, force) },
 *		{ 'o', "output", "FILE", "write to FILE", ARG_STRING,
 *		  offsetof(struct copy_args, output) },
 *		{ 0 }
 *	};
 */
#ifndef CNB_OPT_H
#define CNB_OPT_H

#include <stddef.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"

/* What an option's target is. The value given last wins, but in a list. */
enum arg_type {
	ARG_FLAG,     /* bool: set to true */
	ARG_STRING,   /* const char *: borrowed from argv */
	ARG_STRINGS,  /* struct strs: one more element each time */
	ARG_DURATION, /* int64_t: milliseconds */
	ARG_SIZE,     /* int64_t: bytes */
	ARG_COUNT,    /* int64_t: a whole number, `least` or 1 or more */
	ARG_CHOICE,   /* int: index of the word in `choices` */
	ARG_REFUSED,  /* none: a related command has it, this one not; `help`
		       * is the reason, for who tries */
};

struct opt {
	char short_name;       /* '\0': none */
	const char *long_name; /* without its dashes; NULL ends the table */
	const char *arg;       /* what help calls its argument; NULL: a flag */
	const char *help;      /* what it does; wrapped to the screen */
	enum arg_type type;
	size_t offset;		    /* of the target in the command's struct */
	const char *const *choices; /* ARG_CHOICE: words, ended by NULL */
	int least;		    /* ARG_COUNT; 0: 1 */
};

/* Put what argv[1..argc-1] says into *target, the struct that the offsets are
 * about: its members hold the defaults, and a list must be initialised. What
 * is no option goes to *operands (init'ed by the caller). As GNU's tools read
 * it: -c X, -cX, --cell X, --cell=X, flags clustered (-iq), options after
 * operands; `--` ends the options, `-` alone is an operand, and what follows
 * an option with an argument is its argument, also where it starts with a
 * dash. Every table knows --help: 1 where that (or -h) was met, 0 if all is
 * well, -1 with the sentence. */
int opt_parse(const struct opt *opts, void *target, int argc, char **argv,
	      struct strs *operands, struct err *e);

/* Append the options, one or more lines each, within 80 columns. */
void opt_help(struct buf *out, const struct opt *opts);

/* Append `text` at the column `at`, going on at column `indent` in lines of at
 * most 79 columns, and a newline. */
void opt_wrap(struct buf *out, const char *text, size_t at, size_t indent);

#endif
