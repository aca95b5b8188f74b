/* streams.h: descriptors 0, 1, 2 and the stdio streams on them, before and
 * after a cell. Main thread. */
#ifndef CNB_STREAMS_H
#define CNB_STREAMS_H

#include <stdbool.h>
#include <stddef.h>

/* Once: what is closed of 0, 1, 2 becomes /dev/null. */
void streams_init(void);
/* Put fds[0..2] in place (they are moved); stdin starts empty, stdout
 * line-buffered, stderr unbuffered, whatever the last cell did to them. */
void streams_begin(int fds[3]);
/* What the cell printed goes out. */
void streams_flush(void);
/* Let go of the cell's input, and of its outputs unless threads of it go on
 * and may write there. */
void streams_end(bool threads_left);

#endif
