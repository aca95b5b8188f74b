/* frozen.c: the supervisor's side of snapshots. Floor 3. It knows processes and
 * their sockets; which states are worth keeping is not its business. */
#include "watch/frozen.h"

#include "watch/task.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "sys/clock.h"

/* For a large one to be made. */
#define TWIN_MS 10000

static int
make_pair(int pair[2], struct err *e)
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0)
		return 0;
	return err_system(e, "cannot make a socket: %s", strerror(errno));
}

static void
copy_pids(struct pids *to, const struct pids *from, pid_t but)
{
	for (size_t i = 0; from && i < from->count; i++)
		if (from->at[i] != but)
			pids_add(to, from->at[i]);
}

int
frozen_room(struct err *e)
{
	int fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);

	if (fd < 0)
		return err_system(e, "cannot keep a copy: %s", strerror(errno));
	close(fd);
	return 0;
}

int
frozen_read(struct supervisor *s, struct frozen *f, const char **why)
{
	struct wire_in *in = &s->host.in;
	struct wire_get g = wire_get(in);

	*f = FROZEN_NONE;
	f->pid = (pid_t)wire_get_u32(&g);
	f->files = (int)wire_get_u32(&g);
	*why = wire_get_str(&g);
	if (g.bad || f->pid < 0 || in->nfds != (f->pid != 0)) {
		f->pid = 0;
		return -1;
	}
	if (!f->pid)
		return 0;
	f->fd = in->fds[0];
	in->nfds = 0;
	copy_pids(&f->others, &s->settled, s->host.pid);
	keeper_still(&s->keeper, f->pid);
	return 1;
}

int
frozen_take(struct supervisor *s, struct frozen *f, struct buf *why,
	    struct err *e)
{
	const struct wire_put nothing = { .data = (char[]){ "" } };
	const char *obstacle = "";
	int rc = -1;

	*f = FROZEN_NONE;
	if (frozen_room(e) < 0 ||
	    supervise_ask(s, WIRE_FREEZE, &nothing, e) < 0)
		return -1;
	if (s->host.in.type == WIRE_FROZEN)
		rc = frozen_read(s, f, &obstacle);
	if (rc < 0)
		return err_system(e, "the process that runs cells answers "
				     "nonsense");
	if (rc == 0) {
		buf_clear(why);
		buf_add_str(why, obstacle);
	}
	return rc;
}

void
frozen_prepare(struct frozen *f)
{
	int pair[2];
	struct err e;

	if (f->twin_fd >= 0 || frozen_room(&e) < 0 || make_pair(pair, &e) < 0)
		return;
	if (wire_send(f->fd, WIRE_COPY, "", 0, &pair[1], 1) < 0)
		close(pair[0]);
	else
		f->twin_fd = pair[0];
	close(pair[1]);
}

void
frozen_await(struct supervisor *s, struct frozen *f)
{
	struct wire_in in;
	struct wire_get g;

	if (f->twin_fd < 0 || f->twin)
		return;
	wire_in_init(&in);
	if (loop_has_news(f->twin_fd, clock_after_ms(TWIN_MS)) &&
	    wire_recv(f->twin_fd, &in) > 0 && in.type == WIRE_FROZEN) {
		g = wire_get(&in);
		f->twin = (pid_t)wire_get_u32(&g);
	}
	wire_in_release(&in);
	if (f->twin > 1)
		keeper_still(&s->keeper, f->twin);
	else
		frozen_drop_twin(f);
}

void
frozen_drop_twin(struct frozen *f)
{
	if (f->twin_fd >= 0)
		close(f->twin_fd);
	f->twin_fd = -1;
	f->twin = 0;
}

static void
end_all(struct supervisor *s, const struct frozen *f, const struct pids *spare)
{
	struct pids keep = { 0 };

	if (supervise_host_leave(s))
		return;
	copy_pids(&keep, &f->others, s->host.pid);
	copy_pids(&keep, spare, s->host.pid);
	background_spare(s, &keep);
	supervise_end_all_but(s, &keep);
	pids_release(&keep);
}

/* Give the order to one at the other end of `fd`. */
static int
wake(struct supervisor *s, int fd, enum wire_type order, struct err *e)
{
	int pair[2], rc;

	if (make_pair(pair, e) < 0)
		return -1;
	rc = wire_send(fd, order, "", 0, &pair[1], 1);
	close(pair[1]);
	if (rc < 0) {
		close(pair[0]);
		return err_system(e, "the snapshot is gone");
	}
	return supervise_host_attach(s, pair[0], 0, "cnb-host", e);
}

int
frozen_thaw(struct supervisor *s, struct frozen *f, const struct pids *spare,
	    struct err *e)
{
	int rc = -1;

	end_all(s, f, spare);
	frozen_await(s, f);
	/* Several lanes have the same. */
	if (f->twin && !s->lane) {
		keeper_moves(&s->keeper, f->twin);
		rc = wake(s, f->twin_fd, WIRE_BECOME, e);
		frozen_drop_twin(f);
	}
	return rc == 0 ? 0 : wake(s, f->fd, WIRE_THAW, e);
}

void
frozen_drop(struct frozen *f)
{
	frozen_drop_twin(f);
	if (f->pid)
		close(f->fd);
	pids_release(&f->others);
	*f = FROZEN_NONE;
}
