/* hurry.h: long work that can go on later asks, between two pieces, whether
 * somebody waits for something else. Floor 0. */
#ifndef CNB_HURRY_H
#define CNB_HURRY_H

#include <stdbool.h>

struct hurry {
	bool (*is_due)(void *self);
	void *self;
};

/* NULL: the work may take its time. */
static inline bool
hurry_is_due(const struct hurry *h)
{
	return h && h->is_due(h->self);
}

#endif
