/* capture.c: the two pipes that take what a cell writes. Floor 3. */
#include "exec/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define READ_SIZE 65536
/* Reads in a row before the loop looks at its clock again: a cell that writes
 * without end must not outrun its deadline. */
#define READS_PER_TURN 16

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

/* One read; false when there is nothing more for now. */
static bool
read_some(struct capture *c, enum stream s)
{
	char chunk[READ_SIZE];
	ssize_t n = read(c->reader[s], chunk, sizeof chunk);

	if (n > 0) {
		c->deliver(c->self, s, (struct slice){ chunk, (size_t)n });
		return true;
	}
	if (n == 0 || (errno != EAGAIN && errno != EINTR))
		end_stream(c, s);
	return n < 0 && errno == EINTR;
}

/* Both streams on each wake: neither may fill up while the other is read. */
static bool
read_both(struct capture *c)
{
	bool more = false;

	for (enum stream s = 0; s < STREAM_COUNT; s++)
		if (c->reader[s] >= 0)
			more |= read_some(c, s);
	return more;
}

static void
on_readable(void *self, int fd)
{
	struct capture *c = self;

	(void)fd;
	for (int i = 0; i < READS_PER_TURN && read_both(c); i++)
		;
}

int
capture_open(struct capture *c, struct loop *loop, capture_fn *deliver,
	     void *self, struct err *e)
{
	*c = (struct capture){ loop, deliver, self, { -1, -1 }, { -1, -1 } };
	for (enum stream s = 0; s < STREAM_COUNT; s++) {
		int ends[2];

		if (pipe2(ends, O_CLOEXEC) < 0) {
			capture_close(c);
			return err_system(e, "cannot open a pipe: %s",
					  strerror(errno));
		}
		c->reader[s] = ends[0];
		c->writer[s] = ends[1];
		fcntl(ends[0], F_SETFL, O_NONBLOCK);
		loop_add(loop, ends[0], on_readable, c);
	}
	return 0;
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
	/* What is in the pipes now is at most their capacity. */
	for (int i = 0; i < READS_PER_TURN * 2 && read_both(c); i++)
		;
}

bool
capture_at_end(const struct capture *c)
{
	return c->reader[STREAM_STDOUT] < 0 && c->reader[STREAM_STDERR] < 0;
}

void
capture_close(struct capture *c)
{
	for (enum stream s = 0; s < STREAM_COUNT; s++) {
		if (c->reader[s] >= 0)
			end_stream(c, s);
		close_end(&c->writer[s]);
	}
}
