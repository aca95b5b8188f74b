/* places.h: the open files of a process that is copied. All copies share them:
 * the place in each is put back, and who asks for it is told when what was
 * written to one since is there no more than once. Main thread. */
#ifndef CNB_PLACES_H
#define CNB_PLACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

/* Forget all; and whether to look, later, if any of those that come now were
 * written to. */
void places_begin(bool watched);
/* What `fd` leads to is a file like any other, and its place is remembered. Or
 * it has none, which is as good. -1: no copy of it would be the same, and
 * why[cap] says what it is. */
int places_add(int fd, const struct stat *st, char *why, size_t cap);
uint32_t places_count(void);
/* May places_find_written() find one? */
bool places_watched(void);
/* A descriptor of a file that was written to since then, other than at its end
 * by who always writes there, -1: none, as far as was asked. */
int places_find_written(void);
void places_put_back(void);

#endif
