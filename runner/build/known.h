/* known.h: what the names are that shared cells have declared so far: `a * b;`
 * declares b where a is a type, and multiplies where it is anything else. */
#ifndef CNB_KNOWN_H
#define CNB_KNOWN_H

#include "base/slice.h"
#include "build/names.h"

enum name_kind {
	NAME_UNKNOWN, /* of a header, a macro, or nobody's */
	NAME_OBJECT,  /* of a variable or a function */
	NAME_TYPE,    /* of a typedef */
};

struct known {
	struct names names;
	unsigned char *kinds; /* enum name_kind, [names.count] */
};
void known_release(struct known *s);
/* The name is what its latest declaration says. */
void known_declare(struct known *s, struct slice name, enum name_kind kind);
enum name_kind known_kind(const struct known *s, struct slice name);

#endif
