/* mask.h: what differs in every run, made the same: parts of a text that a
 * regular expression finds are replaced. */
#ifndef CNB_MASK_H
#define CNB_MASK_H

#include <stdbool.h>
#include "base/buf.h"
#include "base/err.h"

struct mask;
struct masks {
	struct mask *at;
	size_t count;
};

void masks_init(struct masks *m);
void masks_release(struct masks *m);
/* `text` is a POSIX extended regular expression (\b, \w, \s and \d too); what
 * it matches becomes <masked>. Or s/EXPRESSION/TEXT/, with \1 to \9 and & in
 * the text, with any character instead of the slash. -1: it is none. */
int masks_add(struct masks *m, const char *text, struct err *e);
/* Process and thread ids, addresses, times, durations, temporary paths. */
void masks_add_usual(struct masks *m);

/* Nobody applies them to longer lines: the C library takes a hundred times as
 * much memory as what it looks at. */
#define MASKED_MAX (size_t)(4 << 20)
/* May they leave nothing of a line that has something but NULs? */
bool masks_may_erase(const struct masks *m);
/* Append one line, with all masks applied in their order. */
void masks_apply(const struct masks *m, struct slice line, struct buf *out);

#endif
