/* loop.c: epoll and a table of watches. Floor 1. */
#include "sys/loop.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>
#include "base/mem.h"
#include "sys/clock.h"

#define BATCH 32

int
loop_init(struct loop *l, struct err *e)
{
	*l = (struct loop){ .epoll = epoll_create1(EPOLL_CLOEXEC) };
	if (l->epoll < 0)
		return err_system(e, "cannot wait for events: %s",
				  strerror(errno));
	return 0;
}

void
loop_release(struct loop *l)
{
	if (l->epoll >= 0)
		close(l->epoll);
	free(l->watches);
	*l = (struct loop){ .epoll = -1 };
}

void
loop_add(struct loop *l, int fd, loop_fn *fn, void *self)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.fd = fd };
	size_t need = (size_t)fd + 1;

	if (need > l->nwatches) {
		l->watches = mem_grow(l->watches, need, sizeof *l->watches);
		memset(l->watches + l->nwatches, 0,
		       (need - l->nwatches) * sizeof *l->watches);
		l->nwatches = need;
	}
	l->watches[fd] = (struct watch){ fn, self };
	epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &ev);
}

void
loop_remove(struct loop *l, int fd)
{
	if (fd < 0 || (size_t)fd >= l->nwatches || !l->watches[fd].fn)
		return;
	l->watches[fd].fn = NULL;
	epoll_ctl(l->epoll, EPOLL_CTL_DEL, fd, NULL);
}

/* Rounded up, so that the time is over when we return for it. */
static int
timeout_ms(int64_t until_ns)
{
	int64_t left;

	if (until_ns == LOOP_NEVER)
		return -1;
	left = until_ns - clock_mono_ns();
	if (left <= 0)
		return 0;
	left = (left + NS_PER_MS - 1) / NS_PER_MS;
	return left > 3600000 ? 3600000 : (int)left;
}

void
loop_every(struct loop *l, int64_t period_ns, loop_fn *fn, void *self)
{
	l->timer = (struct watch){ fn, self };
	l->period_ns = period_ns;
	l->next_ns = clock_mono_ns() + period_ns;
}

static void
check_timer(struct loop *l)
{
	int64_t now = clock_mono_ns();

	if (now < l->next_ns)
		return;
	l->next_ns = now + l->period_ns;
	l->timer.fn(l->timer.self, -1);
}

bool
loop_wait(struct loop *l, int64_t until_ns)
{
	struct epoll_event ready[BATCH];
	bool timer = l->timer.fn != NULL;
	int n = epoll_wait(l->epoll, ready, BATCH,
			   timeout_ms(timer && l->next_ns < until_ns
					      ? l->next_ns
					      : until_ns));

	for (int i = 0; i < n; i++) {
		int fd = ready[i].data.fd;
		/* One called earlier in this batch may have removed it. */
		struct watch w = l->watches[fd];

		if (w.fn)
			w.fn(w.self, fd);
	}
	if (timer)
		check_timer(l);
	return n > 0;
}

bool
loop_at_end(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 0) > 0 && !(p.revents & POLLIN);
}
