/* frozen.c: the supervisor's side of snapshots. Floor 3. It knows processes and
 * their sockets; which states are worth keeping is not its business. */
#include "watch/frozen.h"

#include "watch/task.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

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

	*f = (struct frozen){ .fd = -1 };
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

	*f = (struct frozen){ .fd = -1 };
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

int
frozen_thaw(struct supervisor *s, const struct frozen *f,
	    const struct pids *spare, struct err *e)
{
	struct pids keep = { 0 };
	int pair[2], rc;

	copy_pids(&keep, &f->others, s->host.pid);
	copy_pids(&keep, spare, s->host.pid);
	background_spare(s, &keep);
	supervise_end_all_but(s, &keep);
	pids_release(&keep);
	if (make_pair(pair, e) < 0)
		return -1;
	rc = wire_send(f->fd, WIRE_THAW, "", 0, &pair[1], 1);
	close(pair[1]);
	if (rc < 0) {
		close(pair[0]);
		return err_system(e, "the snapshot is gone");
	}
	return supervise_host_attach(s, pair[0], 0, "cnb-host", e);
}

void
frozen_drop(struct frozen *f)
{
	if (f->pid)
		close(f->fd);
	pids_release(&f->others);
	*f = (struct frozen){ .fd = -1 };
}
