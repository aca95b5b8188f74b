/* set.h: a set of strings. */
#ifndef CNB_SET_H
#define CNB_SET_H

#include <stdbool.h>
#include <stddef.h>

struct set {
	char **at; /* owned; NULL where a place is free */
	size_t count, cap;
};

void set_init(struct set *s);
void set_release(struct set *s);
/* A copy of `text` joins the set; false: it was there. */
bool set_add(struct set *s, const char *text);
bool set_has(const struct set *s, const char *text);

#endif
