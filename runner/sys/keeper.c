/* keeper.c: cnb's side of the keeper. Floor 1. */
#include "sys/keeper.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/mem.h"
#include "sys/keeper_wire.h"

/* While a reply is awaited, no signal is read. */
#define WAKE_MS 50
/* So many may die before a reply, which takes seconds: who tells of more is no
 * keeper. And replies that nobody awaits, one after the other. */
#define DEATHS_MOST (1 << 19)
#define STRAYS_MOST 64

bool
keeper_is_gone(const struct keeper *k)
{
	struct pollfd p = { .fd = k->fd };

	return k->pid && poll(&p, 1, 0) > 0 && p.revents & POLLHUP;
}

/* Started early, by this process: one forked from it has no use for it. */
static struct keeper early;
static pid_t early_owner;

static bool
take_early(struct keeper *k)
{
	if (!early.pid || early_owner != getpid() || keeper_is_gone(&early))
		return false;
	*k = early;
	early.pid = 0;
	return true;
}

void
keeper_prepare(void)
{
	struct err e;

	if ((early.pid && early_owner == getpid()) ||
	    keeper_start(&early, &e) < 0)
		return; /* whoever needs it will say that there is none */
	early_owner = getpid();
}

void
keeper_put_away(void)
{
	if (early_owner == getpid())
		keeper_stop(&early);
}

static struct reaped *
make_count(void)
{
	void *page = mmap(NULL, sizeof(struct reaped), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return page == MAP_FAILED ? NULL : page;
}

static void
drop_count(struct keeper *k)
{
	if (k->reaped)
		munmap(k->reaped, sizeof *k->reaped);
	k->reaped = NULL;
}

int
keeper_start(struct keeper *k, struct err *e)
{
	int pair[2];

	if (take_early(k))
		return 0;

	*k = (struct keeper){ .fd = -1 };
	/* Should the keeper itself be killed, its orphans come to us. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return err_system(e, "cannot start the keeper: %s",
				  strerror(errno));
	k->reaped = make_count();
	k->pid = fork();
	if (k->pid == 0)
		keeper_main(pair[1], k->reaped);
	close(pair[1]);
	if (k->pid < 0) {
		close(pair[0]);
		drop_count(k);
		k->pid = 0;
		return err_system(e, "cannot start the keeper: %s",
				  strerror(errno));
	}
	setpgid(k->pid, k->pid);
	k->fd = pair[0];
	return 0;
}

/* Whatever came to us when the keeper was killed. */
static void
sweep_own(void)
{
	struct pids left = { 0 };

	for (int i = 0; i < 1000; i++) {
		tree_descendants(getpid(), NULL, &left);
		if (!left.count)
			break;
		for (size_t j = 0; j < left.count; j++)
			kill(left.at[j], SIGKILL);
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		usleep(1000);
	}
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	pids_release(&left);
}

void
keeper_stop(struct keeper *k)
{
	int status = 0;

	if (!k->pid)
		return;
	close(k->fd);
	for (;;) {
		if (waitpid(k->pid, &status, WUNTRACED) < 0) {
			if (errno != EINTR)
				break;
		} else if (WIFSTOPPED(status)) {
			kill(k->pid, SIGCONT);
		} else {
			break;
		}
	}
	if (status != 0)
		sweep_own();
	free(k->queue);
	pids_release(&k->still);
	drop_count(k);
	*k = (struct keeper){ .fd = -1 };
}

static int
send_request(struct keeper *k, const struct buf *packet, const int *fds,
	     size_t nfds)
{
	if (packet->len > KEEPER_PACKET) {
		errno = E2BIG;
		return -1;
	}
	return keeper_send_fds(k->fd, packet->data, packet->len, fds, nfds);
}

/* One packet of the keeper's. 1: *a is filled; 0: none yet; -1: it is gone, or
 * somebody else speaks for it. */
static int
receive(struct keeper *k, struct keeper_answer *a, int *fd, int flags)
{
	ssize_t n = keeper_receive_fd(k->fd, a, sizeof *a, fd, flags);

	if (n < 0)
		return errno == EAGAIN ? 0 : -1;
	if (n == (ssize_t)sizeof *a && keeper_is_answer(a))
		return 1;
	if (fd && *fd >= 0)
		close(*fd);
	if (fd)
		*fd = -1;
	return -1;
}

void
keeper_wake(const struct keeper *k)
{
	siginfo_t stop = { 0 };

	if (k->pid &&
	    waitid(P_PID, (id_t)k->pid, &stop, WSTOPPED | WNOHANG) == 0 &&
	    stop.si_pid)
		kill(k->pid, SIGCONT);
}

/* Somebody else speaks for it, without end: it is as good as gone, and ends as
 * it does when we go. */
static void
give_up(struct keeper *k)
{
	shutdown(k->fd, SHUT_RDWR);
	k->nqueue = k->first = 0;
}

static void
await_packet(const struct keeper *k)
{
	struct pollfd p = { .fd = k->fd, .events = POLLIN };

	while (poll(&p, 1, WAKE_MS) <= 0)
		keeper_wake(k);
}

/* Deaths that come meanwhile are kept for keeper_next(). */
static int
await_reply(struct keeper *k, struct keeper_answer *a, int *fd)
{
	for (int n = 0; n < DEATHS_MOST; n++) {
		await_packet(k);
		if (receive(k, a, fd, 0) <= 0)
			goto gone;
		if (a->verb == KEEPER_REPLY)
			return 0;
		if (fd && *fd >= 0)
			close(*fd);
		*mem_push(k->queue, k->nqueue) = a->death;
	}
	if (fd)
		*fd = -1;
	give_up(k);
gone:
	errno = ECHILD;
	return -1;
}

static void
add_string(struct buf *packet, const char *text)
{
	buf_add(packet, text, strlen(text) + 1);
}

pid_t
keeper_spawn(struct keeper *k, const struct keeper_spawn *what, struct err *e)
{
	struct keeper_request q = { .verb = KEEPER_SPAWN };
	struct keeper_answer a = { 0 };
	struct buf packet = { 0 };
	int fds[KEEPER_FDS], listener = -1;
	size_t nfds = 0;

	while (what->argv[q.argc])
		q.argc++;
	q.envc = what->env ? (uint32_t)what->env->count : 0;
	q.has_cwd = what->cwd != NULL;
	q.foreground = what->foreground;
	q.fixed_addresses = what->fixed_addresses;
	q.files = what->files;
	q.notify = what->notify;
	q.nests = what->nests;
	for (int i = 0; i < KEEPER_FDS; i++) {
		int fd = i < 3	      ? what->fds[i]
			 : i == 3     ? what->extra_fd
			 : what->bell ? what->bell->fd
				      : -1;

		if (fd < 0)
			continue;
		q.fd_mask |= 1u << i;
		fds[nfds++] = fd;
	}
	buf_add(&packet, &q, sizeof q);
	add_string(&packet, what->path);
	add_string(&packet, what->cwd ? what->cwd : "");
	for (uint32_t i = 0; i < q.argc; i++)
		add_string(&packet, what->argv[i]);
	for (uint32_t i = 0; i < q.envc; i++)
		add_string(&packet, what->env->at[i]);
	if (send_request(k, &packet, fds, nfds) < 0 ||
	    await_reply(k, &a, &listener) < 0)
		a = (struct keeper_answer){ .value = -errno };
	else if (a.value == 0 || a.value == 1) /* nobody's but a liar's */
		a.value = -ECHILD;
	buf_release(&packet);
	/* Its calls wait for somebody, and nobody is there: no descriptor was
	 * free for the listener. */
	if (what->notify && a.value > 0 && !a.notify_error && listener < 0) {
		kill(a.value, SIGKILL);
		a.value = -EMFILE;
	}
	for (unsigned i = 0; i < what->nests && a.nests[i] > 1; i++)
		pids_add(what->nest, a.nests[i]);
	if (what->listener)
		*what->listener = listener;
	else if (listener >= 0)
		close(listener);
	if (what->notify_error)
		*what->notify_error = a.notify_error;
	if (a.value < 0)
		err_system(e,
			   a.no_folder ? "cannot work in '%s': %s"
				       : "cannot start '%s': %s",
			   a.no_folder ? what->cwd : what->path,
			   strerror(-a.value));
	return a.value < 0 ? -1 : a.value;
}

static int
send_pids(struct keeper *k, struct keeper_request q, const struct pids *spare)
{
	struct buf packet = { 0 };
	int rc;

	q.nspare = spare ? (uint32_t)spare->count : 0;
	q.nstill = (uint32_t)k->still.count;
	buf_add(&packet, &q, sizeof q);
	if (spare && q.nspare)
		buf_add(&packet, spare->at, q.nspare * sizeof *spare->at);
	if (q.nstill)
		buf_add(&packet, k->still.at, q.nstill * sizeof(pid_t));
	rc = send_request(k, &packet, NULL, 0);
	buf_release(&packet);
	return rc;
}

void
keeper_signal(struct keeper *k, const struct pids *spare, int sig)
{
	send_pids(k,
		  (struct keeper_request){ .verb = KEEPER_SIGNAL, .sig = sig },
		  spare);
}

static int
sweep(struct keeper *k, pid_t family, const struct pids *spare)
{
	struct keeper_answer a = { 0 };

	if (send_pids(k,
		      (struct keeper_request){ .verb = KEEPER_SWEEP,
					       .family = family },
		      spare) < 0 ||
	    await_reply(k, &a, NULL) < 0)
		sweep_own();
	return a.value;
}

int
keeper_sweep(struct keeper *k, const struct pids *spare)
{
	return sweep(k, 0, spare);
}

void
keeper_signal_family(struct keeper *k, pid_t leader, int sig)
{
	send_pids(k,
		  (struct keeper_request){
			  .verb = KEEPER_SIGNAL, .sig = sig, .family = leader },
		  NULL);
}

int
keeper_sweep_family(struct keeper *k, pid_t leader)
{
	return sweep(k, leader, NULL);
}

void
keeper_hold(struct keeper *k)
{
	struct keeper_answer a;

	if (!k->borrowed &&
	    send_pids(k, (struct keeper_request){ .verb = KEEPER_HOLD },
		      NULL) == 0)
		await_reply(k, &a, NULL);
}

void
keeper_let_go(struct keeper *k, pid_t leader)
{
	if (!k->borrowed)
		send_pids(k,
			  (struct keeper_request){ .verb = KEEPER_LET_GO,
						   .family = leader },
			  NULL);
}

void
keeper_borrow(struct keeper *k, int fd)
{
	close(k->fd);
	k->fd = fd;
	k->borrowed = true;
	k->nqueue = k->first = 0;
}

int
keeper_tell(int to, const struct keeper_death *d)
{
	struct keeper_answer a = { .verb = KEEPER_DEATH, .death = *d };

	return keeper_send_fd(to, &a, sizeof a, -1);
}

static int
hand_on(struct keeper *k, int from, const struct buf *packet, const int *fds,
	size_t nfds)
{
	struct keeper_order o;
	struct keeper_answer a;
	bool asks = keeper_read_order(&o, packet->data, packet->len);
	int listener = -1, rc = -1;

	keeper_release_order(&o);
	if (asks)
		rc = send_request(k, packet, fds, nfds);
	if (rc < 0 || !keeper_is_answered(o.q.verb))
		return rc;
	rc = await_reply(k, &a, &listener);
	if (rc == 0)
		rc = keeper_send_fd(from, &a, sizeof a, listener);
	if (listener >= 0)
		close(listener);
	return rc;
}

int
keeper_hand_on(struct keeper *k, int from)
{
	struct buf packet = { 0 };
	int fds[KEEPER_FDS], rc = -1;
	size_t nfds;
	ssize_t n;

	buf_reserve(&packet, KEEPER_PACKET);
	n = keeper_receive_request(from, packet.data, fds, &nfds, MSG_DONTWAIT);
	packet.len = n > 0 ? (size_t)n : 0;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		rc = 0;
	else if (n > 0)
		rc = hand_on(k, from, &packet, fds, nfds);
	for (size_t i = 0; i < nfds; i++)
		close(fds[i]);
	buf_release(&packet);
	return rc;
}

void
keeper_still(struct keeper *k, pid_t pid)
{
	pids_sorted_add(&k->still, pid);
}

bool
keeper_is_still(const struct keeper *k, pid_t pid)
{
	return pids_sorted_has(&k->still, pid);
}

void
keeper_moves(struct keeper *k, pid_t pid)
{
	pids_sorted_remove(&k->still, pid);
}

bool
keeper_has_queued(const struct keeper *k)
{
	return k->first < k->nqueue;
}

static int
next_death(struct keeper *k, struct keeper_death *d)
{
	struct keeper_answer a;
	int rc = 1;

	if (keeper_has_queued(k)) {
		*d = k->queue[k->first++];
		if (k->first == k->nqueue)
			k->first = k->nqueue = 0;
		return 1;
	}
	/* A reply is awaited where it belongs. */
	for (int n = 0; rc > 0 && n < STRAYS_MOST; n++) {
		rc = receive(k, &a, NULL, MSG_DONTWAIT);
		if (rc <= 0 || a.verb == KEEPER_DEATH) {
			*d = a.death;
			return rc;
		}
	}
	return 0;
}

int
keeper_next(struct keeper *k, struct keeper_death *d)
{
	int rc = next_death(k, d);

	if (rc > 0 && !WIFSTOPPED(d->status))
		pids_sorted_remove(&k->still, d->pid);
	return rc;
}
