/* compdb.h: the cells' C as files, and how each is compiled, for clangd and
 * other tools that read compile_commands.json
 * (https://clang.llvm.org/docs/JSONCompilationDatabase.html). */
#ifndef CNB_COMPDB_H
#define CNB_COMPDB_H

#include "exec/run.h"

/* Write both for all cells of the run's notebook into the folder `dir`, or, if
 * it is NULL, into one of the build cache's. The shared cells must have been
 * built. *path gets that of compile_commands.json, to be free()d. */
int compdb_write(struct run *r, const char *dir, char **path, struct err *e);

#endif
