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
	f->watched = wire_get_u32(&g);
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
frozen_take(struct supervisor *s, struct frozen *f, bool watched,
	    struct buf *why, struct err *e)
{
	uint32_t how = watched;
	const struct wire_put p = { .data = (char *)&how,
				    .len = sizeof how,
				    .cap = sizeof how };
	const char *obstacle = "";
	int rc = -1;

	*f = FROZEN_NONE;
	if (frozen_room(e) < 0 || supervise_ask(s, WIRE_FREEZE, &p, e) < 0)
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

/* It reads that when it is made. */
static bool
let_load(int fd, const char *path, bool shared)
{
	char room[8192];
	struct wire_put p = { .data = room, .cap = sizeof room };

	wire_put_str(&p, path);
	return !p.full && wire_send(fd, shared ? WIRE_LOAD_CELL : WIRE_LOAD,
				    room, p.len, NULL, 0) == 0;
}

void
frozen_prepare(struct frozen *f, const char *path, bool shared)
{
	int pair[2];
	struct err e;

	/* A twin is not asked when it begins. */
	if (f->watched || f->twin_fd >= 0 || frozen_room(&e) < 0 ||
	    make_pair(pair, &e) < 0)
		return;
	if (wire_send(f->fd, WIRE_COPY, "", 0, &pair[1], 1) < 0)
		close(pair[0]);
	else
		f->twin_fd = pair[0];
	close(pair[1]);
	f->loads =
		f->twin_fd >= 0 && path && let_load(f->twin_fd, path, shared);
}

/* -> its next message is there. */
static bool
hear_twin(const struct frozen *f, struct wire_in *in)
{
	int rc = 0;

	while (rc == 0 && loop_has_news(f->twin_fd, clock_after_ms(TWIN_MS)))
		rc = wire_recv(f->twin_fd, in);
	return rc > 0;
}

void
frozen_await(struct supervisor *s, struct frozen *f)
{
	struct wire_in in;
	struct wire_get g;
	bool good;

	if (f->twin_fd < 0 || f->twin)
		return;
	wire_in_init(&in);
	good = hear_twin(f, &in) && in.type == WIRE_HELLO;
	if (good) {
		g = wire_get(&in);
		good = wire_get_u32(&g) == WIRE_VERSION;
		f->twin = (pid_t)wire_get_u32(&g);
	}
	good &= f->twin > 1;
	if (good) {
		keeper_still(&s->keeper, f->twin);
		good = !f->loads || hear_twin(f, &in);
	}
	if (good && f->loads && in.type == WIRE_LOADED)
		buf_add(&f->loaded, in.data, in.len);
	wire_in_release(&in);
	if (!good)
		frozen_drop_twin(f);
}

void
frozen_drop_twin(struct frozen *f)
{
	if (f->twin_fd >= 0)
		close(f->twin_fd);
	f->twin_fd = -1;
	f->twin = 0;
	buf_release(&f->loaded);
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

/* It is told, and believed: it said hello when it was made. */
static bool
wake_twin(struct supervisor *s, struct frozen *f)
{
	if (wire_send(f->twin_fd, WIRE_BECOME, "", 0, NULL, 0) < 0)
		return false;
	keeper_moves(&s->keeper, f->twin);
	supervise_host_take(s, f->twin_fd, f->twin);
	f->twin_fd = -1;
	return true;
}

static int
wake(struct supervisor *s, int fd, struct err *e)
{
	int pair[2], rc;

	if (make_pair(pair, e) < 0)
		return -1;
	rc = wire_send(fd, WIRE_THAW, "", 0, &pair[1], 1);
	close(pair[1]);
	if (rc < 0) {
		close(pair[0]);
		return err_system(e, "the snapshot is gone");
	}
	return supervise_host_attach(s, pair[0], 0, "cnb-host", e);
}

int
frozen_thaw(struct supervisor *s, struct frozen *f, const struct pids *spare,
	    struct buf *loaded, struct err *e)
{
	bool awake;

	end_all(s, f, spare);
	frozen_await(s, f);
	/* Several lanes have the same. */
	awake = f->twin && !s->lane && wake_twin(s, f);
	*loaded = (struct buf){ 0 };
	if (awake) {
		*loaded = f->loaded;
		f->loaded = (struct buf){ 0 };
	}
	if (!s->lane)
		frozen_drop_twin(f);
	return awake ? 0 : wake(s, f->fd, e);
}

int
frozen_part(struct frozen *f)
{
	int fd = f->pid ? f->fd : -1;

	frozen_drop_twin(f);
	pids_release(&f->others);
	*f = FROZEN_NONE;
	return fd;
}

void
frozen_drop(struct frozen *f)
{
	int fd = frozen_part(f);

	if (fd >= 0)
		close(fd);
}
