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
/* So often is looked after what the kernel has no room to watch for us. */
#define LOOK_NS (5 * NS_PER_MS)

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
	free(l->paused);
	*l = (struct loop){ .epoll = -1 };
}

static void
forget_pause(struct loop *l, size_t i)
{
	l->paused[i] = l->paused[--l->npaused];
}

static void
forget_pauses(struct loop *l, int fd)
{
	for (size_t i = 0; i < l->npaused; i++)
		if (l->paused[i].fd == fd)
			forget_pause(l, i--);
}

static void
pause_until(struct loop *l, int fd, int64_t ns, bool refused)
{
	*mem_push(l->paused, l->npaused) =
		(struct pause){ fd, clock_mono_ns() + ns, refused };
}

/* Nobody may be waited for in vain: where the kernel has no memory for one
 * more, it is tried again, and looked after meanwhile. */
static void
watch(struct loop *l, int fd)
{
	struct epoll_event ev = { .events = l->watches[fd].events,
				  .data.fd = fd };

	if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &ev) < 0 && errno != EEXIST)
		pause_until(l, fd, LOOK_NS, true);
}

static void
add(struct loop *l, int fd, uint32_t events, loop_fn *fn, void *self)
{
	size_t need = (size_t)fd + 1;

	if (need > l->nwatches) {
		l->watches = mem_grow(l->watches, need, sizeof *l->watches);
		memset(l->watches + l->nwatches, 0,
		       (need - l->nwatches) * sizeof *l->watches);
		l->nwatches = need;
	}
	l->watches[fd] = (struct watch){ fn, self, events };
	watch(l, fd);
}

void
loop_add(struct loop *l, int fd, loop_fn *fn, void *self)
{
	add(l, fd, EPOLLIN, fn, self);
}

void
loop_add_room(struct loop *l, int fd, loop_fn *fn, void *self)
{
	add(l, fd, EPOLLOUT, fn, self);
}

void
loop_pause(struct loop *l, int fd, int64_t ns)
{
	epoll_ctl(l->epoll, EPOLL_CTL_DEL, fd, NULL);
	forget_pauses(l, fd);
	pause_until(l, fd, ns, false);
}

void
loop_resume(struct loop *l, int fd)
{
	for (size_t i = 0; i < l->npaused; i++)
		if (l->paused[i].fd == fd) {
			forget_pause(l, i);
			watch(l, fd);
			return;
		}
}

static bool
is_ready(const struct loop *l, int fd)
{
	struct pollfd p = { .fd = fd, .events = (short)l->watches[fd].events };

	return poll(&p, 1, 0) > 0;
}

/* -> somebody was called */
static bool
end_pauses(struct loop *l)
{
	int64_t now = clock_mono_ns();
	bool any = false;

	for (size_t i = 0; i < l->npaused;) {
		struct pause p = l->paused[i];
		int fd = p.fd;

		if (p.until_ns > now) {
			i++;
			continue;
		}
		forget_pause(l, i);
		watch(l, fd);
		if (p.refused && !is_ready(l, fd))
			continue;
		l->watches[fd].fn(l->watches[fd].self, fd);
		any = true;
		i = 0; /* who was called may have changed them */
	}
	return any;
}

static int64_t
first_pause(const struct loop *l, int64_t until_ns)
{
	for (size_t i = 0; i < l->npaused; i++)
		if (l->paused[i].until_ns < until_ns)
			until_ns = l->paused[i].until_ns;
	return until_ns;
}

void
loop_remove(struct loop *l, int fd)
{
	forget_pauses(l, fd);
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
	l->timer = (struct watch){ fn, self, 0 };
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
			   timeout_ms(
				   first_pause(l, timer && l->next_ns < until_ns
							  ? l->next_ns
							  : until_ns)));
	bool any = n > 0;

	for (int i = 0; i < n; i++) {
		int fd = ready[i].data.fd;
		/* One called earlier in this batch may have removed it. */
		struct watch w = l->watches[fd];

		if (w.fn)
			w.fn(w.self, fd);
	}
	if (l->npaused)
		any |= end_pauses(l);
	if (timer)
		check_timer(l);
	return any;
}

static bool
is_one_of(const int *fds, size_t n, int fd)
{
	for (size_t i = 0; i < n; i++)
		if (fds[i] == fd)
			return true;
	return false;
}

bool
loop_doze(struct loop *l, const int *deaf, size_t n, int64_t ns)
{
	const struct timespec time = { .tv_nsec = ns };
	struct pollfd *fds = mem_grow(NULL, l->nwatches + 1, sizeof *fds);
	nfds_t nfds = 0;
	bool ready;

	for (size_t fd = 0; fd < l->nwatches; fd++)
		if (l->watches[fd].fn && !is_one_of(deaf, n, (int)fd))
			fds[nfds++] = (struct pollfd){ (int)fd, POLLIN, 0 };
	ready = ppoll(fds, nfds, &time, NULL) > 0;
	free(fds);
	return ready;
}

bool
loop_at_end(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 0) > 0 && !(p.revents & POLLIN);
}

static bool
happens(int fd, short event, int64_t until_ns)
{
	struct pollfd p = { .fd = fd, .events = event };
	int n;

	do
		n = poll(&p, 1, timeout_ms(until_ns));
	while (n < 0 && errno == EINTR);
	return n > 0;
}

bool
loop_has_news(int fd, int64_t until_ns)
{
	return happens(fd, POLLIN, until_ns);
}

bool
loop_has_room(int fd, int64_t until_ns)
{
	return happens(fd, POLLOUT, until_ns);
}
