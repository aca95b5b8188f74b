/* option_rules.h: the table of options, for what finds and applies them.
 * Private to model/. */
#ifndef CNB_OPTION_RULES_H
#define CNB_OPTION_RULES_H

#include "model/option.h"

/* How a value of one kind is read into its field of struct cell_options. */
struct option_rule {
	const char *name;
	const char *help;
	bool list; /* may be given more than once in one place */
	size_t field;
	/* -1: *e says what is wrong with the value, not where it stands. */
	int (*read)(void *field, const struct option_text *t, struct err *e);
};

extern const struct option_rule option_rules[OPT_COUNT];

/* The enum option_key of a name; -1: there is none. */
int option_find(const char *key);
/* " in line 2", " in the cell's metadata": into `buffer`, which is returned. */
const char *option_place_words(const struct option_text *t, char *buffer,
			       size_t size);

#endif
