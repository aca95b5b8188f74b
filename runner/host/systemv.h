/* systemv.h: System V queues, sets of semaphores and segments of memory. They
 * are the kernel's, and live until they are removed: a copy of this process
 * shares them. Main thread, between cells. */
#ifndef CNB_SYSTEMV_H
#define CNB_SYSTEMV_H

/* Code that is loaded: before such as asks for one, nothing is looked for. What
 * is made from then on, by our user, and not used yet is taken for ours. */
void systemv_loaded(void *handle);
/* One that this process made or used, or one that it is a copy of when that was
 * asked, and that is still there: what it is; NULL: there is none. */
const char *systemv_left(void);

#endif
