/* deps.h: the files that a compiler or linker says it has read. */
#ifndef CNB_DEPS_H
#define CNB_DEPS_H

#include "base/text.h"

/* Append the files of a dependency file, a rule of a makefile, as absolute
 * paths; what is relative is below `workdir` (NULL: here). -1: there is no such
 * file. */
int deps_read(const char *path, const char *workdir, struct strs *deps);

#endif
