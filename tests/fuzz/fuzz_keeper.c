/* Throws packets at both ends of the keeper's socket, which whoever may look
 * into our processes can get hold of: requests that lie about what they hold at
 * the keeper and at who hands them on, answers of a liar at cnb. Nobody may be
 * signalled who was not named, nothing is read or written beside a packet, and
 * no descriptor that comes with one stays open.
 *
 * The input is a row of packets: u8 descriptors and more, u16 length, bytes. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "descriptors.h"
#include "must.h"
#include "sys/keeper_wire.h"
#include "watch/lanes.h"
#include "watch/task.h"

#define FDS_MOST (KEEPER_FDS + 2)
/* In a packet's first byte: as it is, not of the length of what it should be;
 * and about whom a death is. */
#define AS_IT_IS 0x80
#define ABOUT_MASK 0x30
#define NOBODY 4194304 /* more than the kernel counts to */
static const pid_t about[] = { 0, NOBODY + 1, NOBODY + 2, NOBODY + 3 };

/* Instead of libc's: who is named here is somebody else on this machine. */
int
kill(pid_t pid, int sig)
{
	must(pid > 1 || pid < -1);
	(void)sig;
	return 0;
}

static size_t
count_open(void)
{
	size_t n = 0;

	for (int fd = 0; fd < 64; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void
open_pair(int pair[2])
{
	must(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0);
}

static void
close_pair(const int pair[2])
{
	close(pair[0]);
	close(pair[1]);
}

struct rows {
	const uint8_t *at, *end;
};

static bool
next_row(struct rows *r, uint8_t *how, struct slice *bytes)
{
	size_t len;

	if (r->end - r->at < 3)
		return false;
	*how = r->at[0];
	len = (size_t)(r->at[1] | r->at[2] << 8);
	r->at += 3;
	if (len > (size_t)(r->end - r->at))
		len = (size_t)(r->end - r->at);
	*bytes = (struct slice){ (const char *)r->at, len };
	r->at += len;
	return true;
}

static void
send_requests(int fd, struct rows rows)
{
	struct slice bytes;
	uint8_t how;

	while (next_row(&rows, &how, &bytes))
		send_with_descriptors(fd, bytes.at, bytes.len,
				      how % (FDS_MOST + 1));
}

/* All there are, and then the end. */
static void
send_answers(int fd, struct rows rows)
{
	struct slice bytes;
	uint8_t how;

	while (next_row(&rows, &how, &bytes)) {
		struct keeper_answer a = { 0 };
		pid_t pid = about[(how & ABOUT_MASK) >> 4];

		if (how & AS_IT_IS) {
			send_with_descriptors(fd, bytes.at, bytes.len, how & 1);
			continue;
		}
		memcpy(&a, bytes.at,
		       bytes.len < sizeof a ? bytes.len : sizeof a);
		if (pid)
			a.death.pid = pid;
		send_with_descriptors(fd, &a, sizeof a, how & 1);
	}
	shutdown(fd, SHUT_WR);
}

/* --- the keeper ---------------------------------------------------------- */

static bool
is_within(const char *text, const char *packet, size_t len)
{
	return text >= packet && text < packet + len &&
	       memchr(text, '\0', len - (size_t)(text - packet));
}

static void
check_pids(const struct pids *pids, size_t most)
{
	must(pids->count <= most);
	for (size_t i = 0; i < pids->count; i++)
		must((pids->at[i] > 1 || pids->at[i] < -1) &&
		     pids->at[i] != INT_MIN);
}

static void
check_order(const struct keeper_order *o, const char *packet, size_t len)
{
	if (o->q.verb != KEEPER_SPAWN) {
		must(o->q.family == 0 || o->q.family > 1);
		check_pids(&o->spare, o->q.nspare);
		check_pids(&o->still, o->q.nstill);
		return;
	}
	must(o->q.nests <= KEEPER_NESTS);
	must(is_within(o->path, packet, len));
	must(!o->cwd || is_within(o->cwd, packet, len));
	for (uint32_t i = 0; i < o->q.argc; i++)
		must(is_within(o->argv[i], packet, len));
	for (uint32_t i = 0; i < o->q.envc; i++)
		must(is_within(o->env[i], packet, len));
	must(!o->argv[o->q.argc] && !o->env[o->q.envc]);
}

static void
as_keeper(struct rows rows)
{
	static char *packet;
	int pair[2], fds[KEEPER_FDS];
	size_t nfds;
	ssize_t n;

	if (!packet)
		packet = malloc(KEEPER_PACKET);
	open_pair(pair);
	send_requests(pair[1], rows);
	while ((n = keeper_receive_request(pair[0], packet, fds, &nfds,
					   MSG_DONTWAIT)) >= 0) {
		/* Of its own length: a sanitizer sees every byte too far. */
		char *copy = malloc((size_t)n + !n);
		struct keeper_order o;

		memcpy(copy, packet, (size_t)n);
		if (keeper_read_order(&o, copy, (size_t)n))
			check_order(&o, copy, (size_t)n);
		keeper_release_order(&o);
		free(copy);
		for (size_t i = 0; i < nfds; i++)
			must(close(fds[i]) == 0);
	}
	close_pair(pair);
}

/* --- cnb ----------------------------------------------------------------- */

static void
spawn(struct keeper *k, unsigned notify)
{
	char *argv[] = { (char[]){ "sh" }, NULL };
	struct pids nest = { 0 };
	int listener = -1;
	struct keeper_spawn what = { .path = "/bin/sh",
				     .argv = argv,
				     .fds = { -1, -1, -1 },
				     .extra_fd = -1,
				     .notify = notify,
				     .listener = notify ? &listener : NULL,
				     .nests = notify ? KEEPER_NESTS : 0,
				     .nest = notify ? &nest : NULL };
	struct err e = { 0 };
	pid_t pid = keeper_spawn(k, &what, &e);

	must(pid == -1 ? e.text[0] != '\0' : pid > 1);
	must(nest.count <= KEEPER_NESTS);
	check_pids(&nest, KEEPER_NESTS);
	if (listener >= 0)
		must(close(listener) == 0);
	pids_release(&nest);
}

static void
as_cnb(struct rows rows)
{
	struct keeper k = { .pid = NOBODY };
	struct keeper_death d;
	int pair[2];

	open_pair(pair);
	k.fd = pair[0];
	send_answers(pair[1], rows);
	if (keeper_next(&k, &d) >= 0) {
		spawn(&k, 1);
		keeper_hold(&k);
		keeper_sweep_family(&k, NOBODY);
		spawn(&k, 0);
	}
	while (keeper_next(&k, &d) > 0)
		must(d.pid > 1 && d.at_ns >= 0 && d.cpu_ns >= 0 &&
		     d.max_rss_kb >= 0);
	free(k.queue);
	close_pair(pair);
}

/* Somebody lies to who hands on, and the keeper lies, too. */
static void
as_owner(struct rows rows)
{
	struct keeper k = { .pid = NOBODY };
	int keeper[2], lane[2];
	bool more = true;

	open_pair(keeper);
	open_pair(lane);
	k.fd = keeper[0];
	send_answers(keeper[1], rows);
	send_requests(lane[1], rows);
	shutdown(lane[1], SHUT_WR);
	while (more && keeper_hand_on(&k, lane[0]) == 0)
		more = recv(lane[0], &(char){ 0 }, 1, MSG_PEEK | MSG_DONTWAIT) >
		       0;
	free(k.queue);
	close_pair(keeper);
	close_pair(lane);
}

/* One task runs, another is in the background, and there is a host. */
static void
as_supervisor(struct rows rows)
{
	struct supervisor s = { .deadline_ns = LOOP_NEVER };
	struct capture capture = { 0 };
	struct task t = { .capture = &capture, .pid = about[1] },
		    b = { .capture = &capture, .pid = about[2] };
	struct task *background[] = { &b };
	int keeper[2], host[2];
	struct err e;

	open_pair(keeper);
	open_pair(host);
	s.keeper = (struct keeper){ .pid = NOBODY, .fd = keeper[0] };
	must(task_listen(&s, &e) == 0);
	s.host.fd = host[0];
	s.host.pid = about[3];
	wire_in_init(&s.host.in);
	close(host[1]);
	task_begin(&s, &t);
	task_begin(&s, &b);
	s.task = &t;
	s.background = background;
	s.nbackground = 1;
	send_answers(keeper[1], rows);
	for (int i = 0; i < 64 && !s.keeper_lost; i++)
		task_wait(&s, 0);
	must(!t.over || t.outcome.died);
	must(!b.over || b.outcome.died);
	host_is_gone(&s);
	outcome_release(&t.outcome);
	outcome_release(&b.outcome);
	witness_release(&s.witness);
	owners_clear(&s.owners);
	loop_release(&s.loop);
	free(s.keeper.queue);
	close_pair(keeper);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rows rows = { data, data + size };
	size_t open = count_open();

	as_keeper(rows);
	as_cnb(rows);
	as_owner(rows);
	as_supervisor(rows);
	must(count_open() == open);
	return 0;
}
