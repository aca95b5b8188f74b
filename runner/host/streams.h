/* streams.h: descriptors 0, 1, 2 and the stdio streams on them, before and
 * after a cell. Main thread. */
#ifndef CNB_STREAMS_H
#define CNB_STREAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

/* Once: what is closed of 0, 1, 2 becomes /dev/null. */
void streams_init(void);
/* Put fds[0..nfds-1] in place (they are moved); stdin starts empty, stdout
 * line-buffered, stderr unbuffered, whatever the last cell did to them. Three
 * are 0, 1, 2; two are the outputs, and one is the input. Without outputs
 * those of the last cell, which were kept, are this one's; without an input it
 * is /dev/null. `pair`: the same outputs come again under that number; 0: they
 * do not. -1: what should have been kept is not there. */
int streams_begin(int fds[3], size_t nfds, uint32_t pair);
/* What the cell printed goes out. */
void streams_flush(void);
/* Is no descriptor of this process but 1 and 2 the cell's output, and is it as
 * good as it was? `sockets`: see control_check(). */
bool streams_are_whole(unsigned sockets);
/* Is that descriptor 1 or 2, and the output of the last cell? */
bool streams_hold(int fd, const struct stat *st);
/* Let go of the cell's input. */
void streams_end(void);
/* And of its outputs. */
void streams_let_go(void);
/* The same in a copy that stands still: it need not know. `lasting`: and has
 * no more memory than it must. */
void streams_step_back(bool lasting);

#endif
