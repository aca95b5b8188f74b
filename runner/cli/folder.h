/* folder.h: a folder that gets a file for each of several notebooks. */
#ifndef CNB_FOLDER_H
#define CNB_FOLDER_H

#include "base/err.h"
#include "base/text.h"
#include "format/formats.h"

struct folder {
	const char *dir; /* borrowed */
	enum format format;
	struct strs shared; /* names that more than one notebook has */
};

/* Does `output` (may be NULL) name a folder? One that is there, or whatever
 * ends with a slash. */
bool folder_is(const char *output);

/* Make it, where it is not there. `all` are the notebooks that may ever get a
 * file in it, also those of other parts of a set: what one is called there must
 * not depend on who else runs now. -1: it cannot be made; or two of them would
 * be one file. */
int folder_init(struct folder *f, const char *dir, enum format format,
		const struct strs *all, struct err *e);
void folder_release(struct folder *f);

/* DIR/x.html for a/x.ipynb; if another one is called x, too, DIR/a/x.html. To
 * be free()d. */
char *folder_path(const struct folder *f, const char *notebook);

#endif
