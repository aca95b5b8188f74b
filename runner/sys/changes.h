/* changes.h: which files were saved, by whatever way an editor saves: written
 * in place, or written aside and renamed. */
#ifndef CNB_CHANGES_H
#define CNB_CHANGES_H

#include <stdbool.h>
#include <sys/types.h>
#include "base/err.h"
#include "base/text.h"

struct changes {
	int fd; /* readable when something was saved, or is gone */
	struct changed_dir {
		char *path;
		int id; /* -1: it is not there */
		dev_t dev;
		ino_t ino;
		int doubts; /* files in it were removed: look so often */
	} * dirs;
	size_t ndirs;
};

int changes_open(struct changes *c, struct err *e);
void changes_close(struct changes *c);
/* Watch the files of a folder; again is fine. -1: the kernel does not let us.
 */
int changes_add(struct changes *c, const char *dir, struct err *e);
/* Has a folder gone, or moved away, or may it have? (Of the removal of one that
 * somebody is in, as a cell may be, we hear nothing but that of its files.) It
 * is for the caller to try again, now and then, whether there is one by its
 * name. True: there is one, and it is another. */
bool changes_lost(const struct changes *c);
bool changes_retry(struct changes *c);
/* Without waiting: append what was saved since the last call, as paths below
 * the folders as they were given. False: there was more than the kernel keeps,
 * and any other file may have been saved, too. */
bool changes_read(struct changes *c, struct strs *paths);

#endif
