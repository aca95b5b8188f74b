/* changes.h: which files were saved, by whatever way an editor saves: written
 * in place, or written aside and renamed. */
#ifndef CNB_CHANGES_H
#define CNB_CHANGES_H

#include <stdbool.h>
#include "base/err.h"
#include "base/text.h"

struct changes {
	int fd; /* readable when something was saved, or is gone */
	struct changed_dir {
		char *path;
		int id;
	} * dirs;
	size_t ndirs;
};

int changes_open(struct changes *c, struct err *e);
void changes_close(struct changes *c);
/* Watch the files of a folder; again is fine. -1: the kernel does not let us.
 */
int changes_add(struct changes *c, const char *dir, struct err *e);
/* Has a folder gone, or moved away? It is for the caller to try again, now and
 * then, whether there is one by its name. True: there is one again. */
bool changes_lost(const struct changes *c);
bool changes_retry(struct changes *c);
/* Without waiting: append what was saved since the last call, as paths below
 * the folders as they were given. False: there was more than the kernel keeps,
 * and any other file may have been saved, too. */
bool changes_read(struct changes *c, struct strs *paths);

#endif
