/* capture.c: the two pipes that take what a cell writes. Floor 3. */
#include "watch/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "sys/clock.h"
#include "watch/witness.h"

/* Of one buffer for all: it is handed on before the next read. */
#define READ_SIZE 262144
/* Reads in a row before the loop looks at its clock again: a cell that writes
 * without end must not outrun its deadline. */
#define READS_PER_TURN 4
/* What the kernel gives at least, and at most, without privilege. */
#define PIPE_SIZE 65536
#define PIPE_LARGE 1048576

static void
close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void
end_stream(struct capture *c, enum stream s)
{
	loop_remove(c->loop, c->reader[s]);
	close_end(&c->reader[s]);
}

static void
deliver(struct capture *c, enum stream s, struct slice bytes)
{
	struct capture_text text = { .stream = s, .bytes = bytes };

	if (c->order == CAPTURE_TIMELINE)
		text.author = &author_unknown;
	if (c->order != CAPTURE_ORDERED)
		text.unordered = true;
	else if (s == STREAM_STDERR)
		text.unordered = !announced_take(&c->announced, bytes.len);
	text.unordered |= c->doubt;
	c->doubt = false;
	c->deliver(c->self, &text);
}

/* How many bytes are in the pipe. */
static size_t
waiting(const struct capture *c, enum stream s)
{
	int n = 0;

	if (c->reader[s] < 0 || ioctl(c->reader[s], FIONREAD, &n) < 0)
		return 0;
	return n > 0 ? (size_t)n : 0;
}

/* So many bytes, and not one more: what came later has its turn later. */
static void
take(struct capture *c, enum stream s, size_t len)
{
	static char chunk[READ_SIZE];

	while (len && c->reader[s] >= 0) {
		size_t want = len < sizeof chunk ? len : sizeof chunk;
		ssize_t n = read(c->reader[s], chunk, want);

		if (n > 0) {
			deliver(c, s, (struct slice){ chunk, (size_t)n });
			len -= (size_t)n;
		} else if (n == 0 || (errno != EINTR && errno != EAGAIN)) {
			if (n < 0)
				c->failure = errno;
			end_stream(c, s);
		} else if (errno == EAGAIN) {
			break; /* another reader has taken it */
		}
	}
}

static void
look_for_end(struct capture *c, enum stream s)
{
	if (c->reader[s] >= 0 && loop_at_end(c->reader[s]))
		end_stream(c, s);
}

/* Both streams on each wake: neither may fill up while the other is read. What
 * stdout holds is counted first, then stderr: see capture.h. -> bytes */
static size_t
read_both(struct capture *c)
{
	size_t out = waiting(c, STREAM_STDOUT);
	size_t err = waiting(c, STREAM_STDERR);

	take(c, STREAM_STDERR, err);
	take(c, STREAM_STDOUT, out);
	return out + err;
}

/* A cell that writes line by line would wake us for each, and each of its
 * writes would look for who is to be woken. When stdout is ready again and
 * again, soon after it was read, its pipe is made larger, and left alone for a
 * moment in which it cannot fill up. Who writes to stderr wakes us as ever. */
#define SOON_NS 500000
#define SOON_IN_A_ROW 32
#define GATHER_NS 1000000

static bool
may_gather(struct capture *c)
{
	int fd = c->reader[STREAM_STDOUT];

	if (!c->room) {
		c->room = fcntl(fd, F_SETPIPE_SZ, PIPE_LARGE);
		if (c->room < 0)
			c->room = PIPE_SIZE;
	}
	return c->room > PIPE_SIZE;
}

/* After `n` bytes were read. */
static void
let_gather(struct capture *c, size_t n)
{
	int64_t now = clock_mono_ns();
	bool soon = now - c->woken_ns < GATHER_NS + SOON_NS;

	c->close = soon && n ? c->close + 1 : 0;
	c->woken_ns = now;
	if (c->close < SOON_IN_A_ROW || c->reader[STREAM_STDOUT] < 0)
		return;
	/* One that would fill it is read as fast as it goes. */
	if (may_gather(c) && n < (size_t)c->room / 2)
		loop_pause(c->loop, c->reader[STREAM_STDOUT], GATHER_NS);
}

static void
on_readable(void *self, int fd)
{
	struct capture *c = self;
	size_t n = 0;

	/* A flood is not left for the loop to come round again. */
	for (int i = 0; i < READS_PER_TURN; i++) {
		n = read_both(c);
		if (n == 0 && i == 0)
			for (enum stream s = 0; s < STREAM_COUNT; s++)
				look_for_end(c, s);
		if (n < PIPE_SIZE / 2)
			break;
	}
	if (fd == c->reader[STREAM_STDOUT])
		let_gather(c, n);
}

int
capture_open(struct capture *c, struct loop *loop, capture_fn *fn, void *self,
	     struct err *e)
{
	*c = (struct capture){ .loop = loop,
			       .deliver = fn,
			       .self = self,
			       .reader = { -1, -1 },
			       .writer = { -1, -1 } };
	for (enum stream s = 0; s < STREAM_COUNT; s++) {
		struct stat st = { 0 };
		int ends[2];

		if (pipe2(ends, O_CLOEXEC) < 0) {
			capture_close(c);
			return err_system(e, "cannot open a pipe: %s",
					  strerror(errno));
		}
		c->reader[s] = ends[0];
		c->writer[s] = ends[1];
		fstat(ends[0], &st);
		c->pipe[s].dev = st.st_dev;
		c->pipe[s].ino = st.st_ino;
		fcntl(ends[0], F_SETFL, O_NONBLOCK);
		loop_add(loop, ends[0], on_readable, c);
	}
	return 0;
}

void
capture_ignore(struct capture *c)
{
	for (enum stream s = 0; s < STREAM_COUNT && !c->ignored; s++)
		if (c->reader[s] >= 0)
			loop_remove(c->loop, c->reader[s]);
	c->ignored = true;
}

void
capture_listen(struct capture *c)
{
	for (enum stream s = 0; s < STREAM_COUNT && c->ignored; s++)
		if (c->reader[s] >= 0)
			loop_add(c->loop, c->reader[s], on_readable, c);
	c->ignored = false;
}

void
capture_close_writers(struct capture *c)
{
	for (enum stream s = 0; s < STREAM_COUNT; s++)
		close_end(&c->writer[s]);
}

void
capture_drain(struct capture *c)
{
	if (c->reader[STREAM_STDOUT] >= 0)
		loop_resume(c->loop, c->reader[STREAM_STDOUT]);
	read_both(c);
}

void
capture_announce(struct capture *c, pid_t tid, uint64_t len)
{
	read_both(c);
	c->doubt |= !announced_add(&c->announced, tid, len);
}

bool
capture_at_end(const struct capture *c)
{
	return c->reader[STREAM_STDOUT] < 0 && c->reader[STREAM_STDERR] < 0;
}

void
capture_renew(struct capture *c)
{
	announced_release(&c->announced);
	c->began_ns = 0;
	c->doubt = false;
	c->woken_ns = 0;
	c->close = 0;
}

void
capture_close(struct capture *c)
{
	if (c->witness)
		witness_forget(c->witness, c);
	for (enum stream s = 0; s < STREAM_COUNT; s++) {
		if (c->reader[s] >= 0)
			end_stream(c, s);
		close_end(&c->writer[s]);
	}
	announced_release(&c->announced);
}
