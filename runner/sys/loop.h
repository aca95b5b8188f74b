/* loop.h: wait for descriptors and for a point in time. */
#ifndef CNB_LOOP_H
#define CNB_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"

#define LOOP_NEVER INT64_MAX

/* Called with a descriptor that is ready to read (or at its end). It may add
 * and remove descriptors, its own too. */
typedef void loop_fn(void *self, int fd);

struct watch {
	loop_fn *fn; /* NULL: not watched */
	void *self;
	uint32_t events; /* EPOLLIN or EPOLLOUT, which are poll()'s too */
};

struct pause {
	int fd;
	int64_t until_ns;
	bool refused; /* the kernel would not wait for it: we look ourselves */
};

struct loop {
	int epoll;
	struct watch *watches; /* by descriptor */
	size_t nwatches;
	struct watch timer; /* fn NULL: none */
	int64_t period_ns, next_ns;
	struct pause *paused;
	size_t npaused;
};

int loop_init(struct loop *l, struct err *e);
void loop_release(struct loop *l);
void loop_add(struct loop *l, int fd, loop_fn *fn, void *self);
/* The same for one that has room to write; a descriptor is watched for one of
 * the two. */
void loop_add_room(struct loop *l, int fd, loop_fn *fn, void *self);
/* Before the descriptor is closed. Unknown ones are passed over. */
void loop_remove(struct loop *l, int fd);
/* Do not look at the descriptor for so long; then call its function, ready or
 * not: it gathers meanwhile, and who writes to it wakes nobody. */
void loop_pause(struct loop *l, int fd, int64_t ns);
/* Look at it again now. One that is not paused is passed over. */
void loop_resume(struct loop *l, int fd);
/* Call fn(self, -1) about every `period_ns`, as long as somebody waits. */
void loop_every(struct loop *l, int64_t period_ns, loop_fn *fn, void *self);
/* Wait until a descriptor is ready or clock_mono_ns() reaches `until_ns`, and
 * call what is ready. False: nothing was ready; the time is over, or it was
 * time for what loop_every() asks for. */
bool loop_wait(struct loop *l, int64_t until_ns);
/* Wait for so long (less than a second), or until something but the `n`
 * descriptors `deaf` is ready (true), and call nothing. */
bool loop_doze(struct loop *l, const int *deaf, size_t n, int64_t ns);
/* Nothing is left to read, and nobody who could write. Unlike a read() that
 * says so, it brings no bytes that have just come. */
bool loop_at_end(int fd);
/* Has the descriptor something to read; has it room to write, waiting for it
 * until clock_mono_ns() reaches `until_ns` (0: not at all)? Nobody is called.
 */
bool loop_has_news(int fd, int64_t until_ns);
bool loop_has_room(int fd, int64_t until_ns);

#endif
