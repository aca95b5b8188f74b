/* keeper_wire.h: what keeper.c (our side) and keeper_main.c (its side) say to
 * each other: packets of one SEQPACKET socket. */
#ifndef CNB_KEEPER_WIRE_H
#define CNB_KEEPER_WIRE_H

#include <stdint.h>
#include "sys/keeper.h"

#define KEEPER_PACKET 180000 /* below the default socket buffer */
/* 0, 1, 2, the extra one, the bell's. */
#define KEEPER_FDS 5

enum keeper_verb {
	KEEPER_SPAWN,  /* request and strings -> reply: pid, or -errno; with it
			* the listener, if one was asked for and granted */
	KEEPER_SIGNAL, /* pids: no reply */
	KEEPER_SWEEP,  /* pids -> reply: how many are left */
	KEEPER_HOLD,   /* pids -> reply: how many it stopped */
	KEEPER_LET_GO, /* family; no reply */
	KEEPER_DEATH,  /* from the keeper, unasked */
	KEEPER_REPLY,
};

struct keeper_request {
	uint32_t verb;
	int32_t sig;	     /* SIGNAL */
	uint32_t argc, envc; /* SPAWN: strings: path, cwd, argv, env */
	uint32_t has_cwd, foreground, fixed_addresses, notify, nests;
	int64_t files;
	uint32_t fd_mask; /* SPAWN: bit i: descriptor i was sent */
	/* Of each that has pids: how many follow as pid_t, to be spared and
	 * then of those that stand still. */
	uint32_t nspare, nstill;
	int32_t family; /* SIGNAL, SWEEP: of this leader only, 0: of all */
};

struct keeper_answer {
	uint32_t verb;
	int32_t value;
	/* reply to SPAWN: why there is no listener; pids, as far as not 0 */
	int32_t notify_error, nests[KEEPER_NESTS];
	/* it is the folder, not the program, that `value` is about */
	uint32_t no_folder;
	struct keeper_death death;
};

/* A packet of SEQPACKET with descriptors, KEEPER_FDS at most, or with at most
 * one, -1: none. Sending gives 0 or -1, after waiting a while for memory;
 * receiving what recvmsg() gives. Both go on after a signal. */
int keeper_send_fds(int socket, const void *packet, size_t len, const int *fds,
		    size_t nfds);
int keeper_send_fd(int socket, const void *packet, size_t len, int fd);
ssize_t keeper_receive_fd(int socket, void *packet, size_t len, int *fd,
			  int flags);

/* A request and what came with it, into `packet` (room for KEEPER_PACKET). As
 * recvmsg(); *nfds descriptors are the caller's to close. */
ssize_t keeper_receive_request(int socket, char *packet, int fds[KEEPER_FDS],
			       size_t *nfds, int flags);
/* Is there a KEEPER_REPLY to it? */
bool keeper_is_answered(enum keeper_verb verb);

/* A request as it is to be done. */
struct keeper_order {
	struct keeper_request q;
	/* SPAWN: parts of the packet, and arrays with a NULL behind them */
	const char *path, *cwd; /* cwd NULL: none */
	char **argv, **env;
	struct pids spare, still; /* the others */
};
/* The bytes are from whoever holds the socket, and may be anything: false: it
 * is no request that cnb makes. To be released in either case. */
bool keeper_read_order(struct keeper_order *o, char *packet, size_t len);
void keeper_release_order(struct keeper_order *o);
/* Is it an answer that the keeper gives? */
bool keeper_is_answer(const struct keeper_answer *a);

/* The keeper's life; never returns. */
_Noreturn void keeper_main(int fd, struct reaped *reaped);

#endif
