/* done.h: what became of the cells of a session that run in a process of their
 * own, and of all others, whether they ever ran. */
#ifndef CNB_DONE_H
#define CNB_DONE_H

#include <stdbool.h>
#include <stddef.h>
#include "base/set.h"

/* A cell that ran, and what it was then. */
struct done {
	char *id, *key;
	char *product; /* of a program; NULL: none, or not known */
	bool outdated; /* another would be built now */
};

struct dones {
	struct done *all; /* [count] */
	size_t count;
	size_t next;	/* from where one is looked for */
	struct set ids; /* of all */
};

void dones_release(struct dones *d);
struct done *dones_find(struct dones *d, const char *id);
/* It has run just now; `product` is taken over. */
void dones_note(struct dones *d, const char *id, const char *key,
		char *product);

#endif
