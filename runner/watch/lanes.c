/* lanes.c: several supervisors over one keeper. Floor 3. */
#include "watch/task.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/mem.h"
#include "sys/fs.h"
#include "sys/keeper_wire.h"

static void
drop(struct supervisor *s, size_t i)
{
	struct lanes *l = &s->lanes;

	loop_remove(&s->loop, l->fds[i]);
	close(l->fds[i]);
	l->fds[i] = l->fds[--l->count];
}

static void
on_lane(void *self, int fd)
{
	struct supervisor *s = self;
	int rc = keeper_hand_on(&s->keeper, fd);

	/* Those that came while it waited for the keeper's reply. */
	task_take_deaths(s);
	if (rc == 0)
		return;
	for (size_t i = 0; i < s->lanes.count; i++)
		if (s->lanes.fds[i] == fd)
			drop(s, i);
}

/* It waits for a word: from then on it hears of each death. */
static void
on_door(void *self, int door)
{
	struct supervisor *s = self;
	char byte;
	int fd;

	if (keeper_receive_fd(door, &byte, 1, &fd, MSG_DONTWAIT) <= 0 || fd < 0)
		return;
	/* One that does not read must not hold us. */
	fcntl(fd, F_SETFL, O_NONBLOCK);
	*mem_push(s->lanes.fds, s->lanes.count) = fd;
	loop_add(&s->loop, fd, on_lane, s);
	if (keeper_send_fd(fd, &byte, 1, -1) < 0)
		drop(s, s->lanes.count - 1); /* it must not wait */
}

int
lanes_open(struct supervisor *s, struct err *e)
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
		       s->lanes.door) < 0)
		return err_system(e, "cannot make a socket: %s",
				  strerror(errno));
	s->lanes.open = true;
	loop_add(&s->loop, s->lanes.door[0], on_door, s);
	return 0;
}

/* Who waits at the door then finds it closed, once nobody else has a part of
 * it. */
void
lanes_end(struct supervisor *s)
{
	struct lanes *l = &s->lanes;

	if (!l->open)
		return;
	l->open = false;
	while (l->count)
		drop(s, 0);
	loop_remove(&s->loop, l->door[0]);
	close(l->door[0]);
	close(l->door[1]);
	free(l->fds);
	*l = (struct lanes){ .door = { -1, -1 } };
}

void
lanes_close(struct supervisor *s)
{
	struct pids spare = { 0 };

	if (!s->lanes.open) /* the keeper is gone, and all with it */
		return;
	lanes_end(s);
	pids_add_all(&spare, &s->settled);
	background_spare(s, &spare);
	task_sweep_but(s, &spare, false);
	pids_release(&spare);
}

void
lanes_tell(struct supervisor *s, const struct keeper_death *d)
{
	for (size_t i = s->lanes.count; i-- > 0;)
		if (keeper_tell(s->lanes.fds[i], d) < 0)
			drop(s, i);
}

/* Nothing of the parent's is closed that it waits for: the list of what it
 * waits for is one with ours until then. */
int
lanes_enter(struct supervisor *s, struct err *e)
{
	int pair[2];
	char byte = 0;

	if (!s->lanes.open)
		return err_system(e, "the keeper is gone");
	close(s->lanes.door[0]);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0 ||
	    keeper_send_fd(s->lanes.door[1], &byte, 1, pair[1]) < 0 ||
	    fs_close(pair[1]) < 0 ||
	    keeper_receive_fd(pair[0], &byte, 1, NULL, 0) != 1)
		return err_system(e, "cannot begin a lane: %s",
				  strerror(errno));
	close(s->lanes.door[1]);
	s->lane = true;
	s->lanes = (struct lanes){ 0 };
	keeper_borrow(&s->keeper, pair[0]);
	if (s->host.fd >= 0)
		close(s->host.fd);
	s->host = (struct host){ .fd = -1 };
	s->task = NULL;
	s->nbackground = 0;
	s->settled.count = s->hosted.count = 0;
	owners_clear(&s->owners);
	close(s->loop.epoll);
	return task_listen(s, e);
}

void
lanes_tidy(struct supervisor *s)
{
	for (size_t i = 0; i < s->led.count && !s->keeper_lost; i++)
		keeper_sweep_family(&s->keeper, s->led.at[i]);
	task_take_deaths(s);
	s->led.count = 0;
}
