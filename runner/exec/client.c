/* client.c: one call of a session. Floor 3. */
#include "exec/client.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "exec/door.h"
#include "model/event_pack.h"
#include "sys/proc.h"

int
client_connect(const char *notebook)
{
	char *name = door_name(notebook);
	int fd = door_connect(name);

	free(name);
	return fd;
}

static int
send_letter(int fd, struct letter *l, struct err *e)
{
	struct buf bytes = { 0 };
	int rc;

	letter_pack(&bytes, l);
	rc = frame_send(fd, FRAME_ASK, buf_slice(&bytes));
	buf_release(&bytes);
	return rc < 0 ? err_system(e, "the session does not answer: %s",
				   strerror(errno))
		      : 0;
}

static void
hand_on(struct slice bytes, const struct notebook *nb, struct sink **sinks)
{
	struct arena arena = { 0 };
	struct event ev;

	if (event_unpack(&ev, bytes, nb, &arena) == 0)
		for (struct sink **s = sinks; *s; s++)
			(*s)->on_event(*s, &ev);
	arena_release(&arena);
}

/* Until there is something to read. */
static void
await(int fd, int *interruptions)
{
	struct pollfd fds[2] = { { .fd = fd, .events = POLLIN },
				 { .fd = proc_signal_fd(), .events = POLLIN } };

	for (;;) {
		int n = proc_interruptions();

		for (; *interruptions < n; ++*interruptions)
			frame_send(fd, FRAME_INTERRUPT, slice_of(""));
		if (poll(fds, 2, -1) > 0 && fds[0].revents)
			return;
	}
}

int
client_ask(int fd, struct letter *l, const struct notebook *nb,
	   struct sink **sinks, struct answer *a, struct err *e)
{
	int rc = send_letter(fd, l, e), got = 1, interruptions = 0;
	struct buf bytes = { 0 };
	enum frame kind;

	while (rc == 0) {
		await(fd, &interruptions);
		got = frame_read(fd, &kind, &bytes);
		if (got <= 0)
			rc = err_system(e, "the session ended before it "
					   "answered");
		else if (kind == FRAME_EVENT)
			hand_on(buf_slice(&bytes), nb, sinks);
		else if (answer_unpack(a, buf_slice(&bytes)) < 0)
			rc = err_system(e, "the session is of another version "
					   "of cnb: end it with cnb stop");
		else
			break;
	}
	buf_release(&bytes);
	close(fd);
	if (rc == 0 && a->error)
		rc = a->class == ERR_INPUT ? err_input(e, "%s", a->error)
					   : err_system(e, "%s", a->error);
	return rc;
}
