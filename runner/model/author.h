/* author.h: who made a write, and when; and the places in a text where writes
 * begin, so that a timeline needs no second copy of the text. */
#ifndef CNB_AUTHOR_H
#define CNB_AUTHOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Known of a write that was seen; of one that was not, nothing is. */
struct author {
	int pid, tid;  /* 0: not known */
	int64_t at_ns; /* since the cell began to run; -1: not known */
	char comm[16]; /* the thread's name; "": not known */
};
extern const struct author author_unknown;

struct mark {
	size_t at;    /* the write's first byte */
	bool omitted; /* one or more writes, past the limit: not told apart */
	struct author who;
};

/* Marks of one text, in its order. */
struct marks {
	struct mark *all;
	size_t count;
};
void marks_release(struct marks *m);
/* Is that text, which comes at `at`, what the last mark's author goes on
 * with? A write may come in several pieces, and what is not known is not told
 * apart. */
bool marks_goes_on(const struct marks *m, const struct author *who);
void marks_add(struct marks *m, size_t at, const struct author *who);
/* The text from `at` on is one write, by `who`; NULL: there is no timeline;
 * `omit`: there is, but it is past its limit. */
void marks_write(struct marks *m, size_t at, const struct author *who,
		 bool omit);
void marks_omit(struct marks *m, size_t at);
/* The first `n` bytes of the text are gone. */
void marks_cut(struct marks *m, size_t n);
/* Where the text of mark `i` ends, in a text of `len` bytes. */
size_t marks_end(const struct marks *m, size_t i, size_t len);

#endif
