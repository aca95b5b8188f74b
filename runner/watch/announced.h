/* announced.h: how many bytes have been announced on a pipe, and by whom: so
 * that it is known when others come, of which nothing is known. */
#ifndef CNB_ANNOUNCED_H
#define CNB_ANNOUNCED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct announcement {
	pid_t tid;
	uint64_t len;
};

/* A thread has one announcement at a time: it makes the next one when its
 * write is over. */
struct announced {
	struct announcement *all;
	size_t count;
	uint64_t sum;	   /* of their lengths */
	uint64_t received; /* so many bytes of them have come */
};
void announced_release(struct announced *a);
/* A thread is about to write up to `len` bytes; what came of its write before
 * has been taken. False: that write was shorter than announced, or there are
 * too many to tell. */
bool announced_add(struct announced *a, pid_t tid, uint64_t len);
/* `len` bytes have come. False: more than were announced. */
bool announced_take(struct announced *a, uint64_t len);

#endif
