/* err.h: why something failed, as one sentence that a user can act on.
 *
 * A fallible function returns -1 or NULL and fills the err; on success it
 * leaves it untouched. The sentence is lower case, without a full stop, its
 * subject in single quotes: "cannot open 'x.ipynb': No such file or directory".
 */
#ifndef CNB_ERR_H
#define CNB_ERR_H

/* What the caller's exit status becomes. */
enum err_class {
	ERR_INPUT = 2,	/* the command line or a file is not valid */
	ERR_SYSTEM = 3, /* the system failed us: no compiler, disk full */
};

struct err {
	enum err_class class;
	char text[2048];
};

/* Fill `e` (which may be NULL) and return -1. What a reader would
 * not see (utf8_is_unseen()) is replaced. */
int err_input(struct err *e, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
int err_system(struct err *e, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Put more in front of the sentence: "in cell 'load': ". Returns -1. */
int err_prefix(struct err *e, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
