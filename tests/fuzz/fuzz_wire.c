/* Throws packets at the reader of the wire and at what both ends make of its
 * messages: cnb of a host that lies, the host of a cnb that does.
 *
 * The input is a row of packets: u16 length, u8 descriptors, bytes. */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "descriptors.h"
#include "host/environ.h"
#include "host/wire.h"
#include "watch/task.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The next packet of the input into the socket. False: there is none. */
static bool
feed(int fd, const uint8_t **at, const uint8_t *end)
{
	size_t len;

	if (end - *at < 3)
		return false;
	len = (size_t)((*at)[0] | (*at)[1] << 8);
	if (len > (size_t)(end - *at) - 3)
		len = (size_t)(end - *at) - 3;
	send_with_descriptors(fd, *at + 3, len, (*at)[2] % (2 * WIRE_FDS + 1));
	*at += 3 + len;
	return true;
}

/* As hostcell.c takes it. */
static void
on_message(void *self, const struct wire_in *in)
{
	struct wire_get g = wire_get(in);
	const char *mime = wire_get_str(&g);

	*(size_t *)self += strlen(mime) + (size_t)(g.end - g.at);
}

static void
deliver(void *self, const struct capture_text *text)
{
	(void)self;
	(void)text;
}

static void
as_cnb(const uint8_t *at, const uint8_t *end)
{
	struct supervisor s = { 0 };
	struct capture capture = { 0 };
	struct task t = { .capture = &capture, .on_message = on_message };
	struct buf words = { 0 };
	size_t sum = 0;
	struct err e;
	int pair[2];

	if (loop_init(&s.loop, &e) < 0 ||
	    capture_open(&capture, &s.loop, deliver, NULL, &e) < 0 ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, pair) < 0)
		abort();
	t.self = &sum;
	t.in_host = true;
	t.outcome.duration_ns = -1;
	s.task = &t;
	s.host.fd = pair[0];
	s.host.pid = 1;
	wire_in_init(&s.host.in);
	while (feed(pair[1], &at, end))
		host_read(&s);
	for (int sig = 1; sig < 32; sig++)
		crash_words(&t.outcome.crash, sig, &words);
	buf_release(&words);
	wire_in_release(&s.host.in);
	pids_release(&s.host.tids);
	owners_clear(&s.owners);
	outcome_release(&t.outcome);
	capture_close(&capture);
	loop_release(&s.loop);
	close(pair[0]);
	close(pair[1]);
}

/* RUN's own numbers and words are read as cnb-host reads them; the variables,
 * which stand behind, by its own reader. */
static void
as_host(const uint8_t *at, const uint8_t *end)
{
	struct wire_in in;
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, pair) < 0)
		abort();
	wire_in_init(&in);
	while (feed(pair[1], &at, end)) {
		struct wire_get g;

		if (wire_recv(pair[0], &in) <= 0)
			continue;
		g = wire_get(&in);
		for (uint32_t n = wire_get_u32(&g); n && !g.bad; n--)
			wire_get_str(&g);
		if (!g.bad && in.type == WIRE_RUN)
			environ_begin(&g);
	}
	wire_in_release(&in);
	close(pair[0]);
	close(pair[1]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	as_cnb(data, data + size);
	as_host(data, data + size);
	return 0;
}
