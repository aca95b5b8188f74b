/* wire.h: what cnb and cnb-host say to each other, over one SEQPACKET socket.
 *
 * A message is one or more packets: a head, then payload. Numbers are in the
 * machine's order (both ends are on one machine and from one build, which
 * HELLO proves). Both ends treat the other as hostile: each length is checked.
 * Sending never allocates; see wire_crash for what a signal handler sends.
 *
 * Any thread of the host, and any process forked from it, may send. There is
 * no lock to be left held by one that died: a packet is atomic, and each names
 * its sender, so that the receiver puts interleaved messages together. A
 * message whose sender died in the middle is dropped. */
#ifndef CNB_WIRE_H
#define CNB_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>
#include "host/room.h"

/* 1  first version
 * 2  crashes with words, thread names and answers to WIRE_ASK
 * 3  FREEZE, FROZEN, THAW
 * 4  BEGUN
 * 5  ROOM before descriptors; a RUN without any, LET_GO
 * 6  RUN asks for a copy; FROZEN brings its socket
 * 7  FOLLOW
 * 8  COPY, BECOME, LEAVE
 * 9  COPY makes a host, BECOME lets it begin
 * 10 turns
 * 11 REFUSED tells whose fault it is
 * 12 FREEZE says which; THAW may be refused
 * 13 SENT */
#define WIRE_VERSION 14
#define WIRE_PACKET 32768	/* most payload bytes in one packet */
#define WIRE_MESSAGE (1u << 30) /* most payload bytes in one message */
#define WIRE_FDS 3		/* most descriptors with one message */
#define WIRE_PARTS 64		/* most messages under way from one peer */
/* A cell after which the host goes on by itself is over so long after the one
 * before it, at the latest: who has waited longer may end it, and no other. */
#define WIRE_BRIEF_MS 20

/* Exit statuses of cnb-host itself. Also 0: told to QUIT. */
enum {
	WIRE_EXIT_USAGE = 2,	/* not started by cnb */
	WIRE_EXIT_LOST = 118,	/* a cell closed the host's socket, or shut it;
				 * or cnb is gone */
	WIRE_EXIT_BROKEN = 119, /* cnb broke the rules of this page, or no
				 * descriptor was free to receive a cell's */
	WIRE_EXIT_ROBBED = 120, /* a cell took a message that was for us */
};

/* Whose fault it is that something is refused. */
enum wire_fault {
	WIRE_FAULT_FILE,
	WIRE_FAULT_SYSTEM,
	WIRE_FAULT_REACH, /* the host's, which cannot open the file */
	WIRE_FAULT_NAME,  /* the file needs a symbol that nobody has */
};

enum wire_type {
	/* from the host */
	WIRE_HELLO = 1, /* u32 version, u32 pid */
	WIRE_LOADED,	/* u32 plugin, u32 n, n * (str name, str doc),
			 * str built_with */
	WIRE_REFUSED,	/* str why, u32 enum wire_fault */
	WIRE_DISPLAY,	/* str mime, bytes */
	WIRE_RESULT,	/* str mime, bytes */
	WIRE_DONE,	/* struct wire_done */
	WIRE_CRASH,	/* struct wire_crash */
	WIRE_MAPS,	/* bytes of /proc/self/maps, after WIRE_CRASH */
	WIRE_STACK,	/* bytes from wire_crash.sp up, between the two where
			 * there are too few frames */
	WIRE_FULL,	/* struct wire_full: of a program that exits */
	WIRE_REPORT,	/* text that a sanitizer prints */
	WIRE_FROZEN,	/* u32 pid of the copy (0: none), u32 files that it
			 * has open, u32 1: THAW may be REFUSED, str why not;
			 * descriptor, if there is one: its socket, at whose end
			 * of file it ends */
	WIRE_BEGUN,	/* u32 cell: from a thread that begins and belongs to
			 * that cell, where RUN asked for it */
	/* to the host */
	WIRE_LOAD = 64, /* str path -> LOADED or REFUSED */
	WIRE_LOAD_CELL, /* the same for a plugin that shares its names with
			 * those loaded before it in this way */
	WIRE_ROOM,	/* the next message brings descriptors: before each
			 * that does, to a host that has run a cell */
	WIRE_RUN,    /* u32 1: freeze first, and say FROZEN, u32 its turn, which
		      * no other has, u32 plugin, u32 row,
		      * u32 argc, argc * str, u32 n, n * (str key, str value), u32
		      * n, n * (str variable, inherited, asked), each of the two
		      * u32 0 or u32 1, str, u32 1: its leaks are looked for, u32
		      * its number, if its threads shall say that they begin, else
		      * 0, u32 enum wire_keep, and what that one says;
		      * descriptors 0, 1, 2 of the cell; or 0 alone, or
		      * none (then it is /dev/null), where the outputs of
		      * the last cell were kept -> DONE */
	WIRE_FOLLOW, /* a RUN sent ahead, in the next turn. Where DONE of the
		      * cell before it says goes_on it is run, else dropped
		      * without a word; descriptors 1, 2 -> DONE */
	WIRE_SENT,   /* u32 the turn of the last RUN or FOLLOW: whoever has not
		      * got it was robbed of it */
	WIRE_LET_GO, /* of the outputs that were kept */
	WIRE_QUIT,   /* descriptors 1 and 2 for the atexit handlers; the host
		      * calls exit(0) */
	WIRE_FREEZE, /* u32 1: THAW is refused when one of the files that are
		      * open to be written to was written to meanwhile, other
		      * than by who only appends -> FROZEN */
	WIRE_LEAVE,  /* all descriptors are closed, and then the host is gone:
		      * end of file tells that, before its memory is freed */
	WIRE_BECOME, /* of one made by COPY: it is the host from here on, which
		      * is not answered. Until then a plugin whose code would
		      * run is REFUSED */
	/* to a frozen copy */
	WIRE_THAW, /* descriptor: the control socket of a new host -> HELLO, or
		    * REFUSED, over that one */
	WIRE_COPY, /* as THAW, for a host that is made ahead: what it shares
		    * with others, and signals, wait for BECOME */
};

struct wire_head {
	uint16_t type;
	uint8_t first; /* 1: a message begins; descriptors come with it */
	uint8_t more;  /* 1: it goes on in the sender's next packet */
	uint32_t len;  /* payload bytes in this packet */
	uint32_t from; /* the sending thread's id */
};
/* Set in `from` by a crash handler, which may have interrupted a message. */
#define WIRE_FROM_HANDLER 0x80000000u

/* What becomes of a cell's outputs at its end. */
enum wire_keep {
	WIRE_KEEP_NOT,
	WIRE_KEEP, /* see wire_done.kept */
	/* And another cell may follow at once: u32 the pair of pipes that these
	 * outputs are, under which the same come again (0: they do not), str a
	 * file that must not have changed until then ("": none); its u64
	 * device, inode, size, seconds, nanoseconds. */
	WIRE_KEEP_GOING,
};

/* How a cell's function ended. */
enum wire_how { WIRE_RETURNED, WIRE_EXITED, WIRE_PTHREAD_EXITED };

struct wire_done {
	uint32_t how;	/* enum wire_how */
	int32_t status; /* what it returned or gave to exit() */
	int64_t cpu_ns; /* of the process and the children it waited
			 * for, during the cell */
	int64_t max_rss_kb;
	int64_t duration_ns;   /* of the function, by the host's clock */
	uint32_t threads_left; /* beside the main thread */
	/* So many are open, and no more may be; else, or where the status is
	 * 0, 0. */
	uint32_t files;
	/* 1: nobody but the host, whose code runs no more, can write to the
	 * cell's outputs, as far as it knows. They are still open in it; a
	 * LOAD or another RUN with descriptors ends that, too. */
	uint32_t kept;
	/* 1: a FOLLOW comes next: the cell returned 0, its outputs are kept, it
	 * left no process behind and was brief. */
	uint32_t goes_on;
	uint32_t turn;	  /* of the RUN or FOLLOW */
	int64_t ended_ns; /* CLOCK_MONOTONIC, when the function returned */
};

/* Of what follows a crash more is not taken; the last, of all that sanitizers
 * print in a cell. */
#define WIRE_MAPS_MOST (1u << 20)
#define WIRE_STACK_MOST (16u << 10)
#define WIRE_REPORTS_MOST (1u << 20)

#define WIRE_FRAMES 48
#define WIRE_THREAD 16
#define WIRE_WORDS 200
/* The value of a queued SIGTRAP that asks where a process is: its reporter
 * answers with WIRE_CRASH of signal 0 and lets it go on. */
#define WIRE_ASK 0x636e6221
/* Written by a signal handler: a struct of fixed size, one send(). */
struct wire_crash {
	int32_t signal;	      /* 0: it was asked where it is */
	int32_t code;	      /* si_code */
	uint64_t addr;	      /* si_addr */
	uint64_t pc, sp;      /* at the fault; 0 where not known */
	uint32_t write;	      /* 1: a write, 0: a read or not known */
	int32_t pid, tid;     /* who crashed; a forked child has another pid */
	uint32_t main_thread; /* 1: the thread that runs cells */
	uint32_t nframes;
	uint32_t files; /* so many are open, and no more may be; else 0 */
	uint64_t frames[WIRE_FRAMES]; /* return addresses, innermost first */
	char thread[WIRE_THREAD];     /* its name, "" if it has none */
	char words[WIRE_WORDS];	      /* libc's own, of an abort; else "" */
};

struct wire_full {
	int32_t pid;
	uint32_t files; /* as in wire_crash */
};

/* Names of environment variables, removed before user code runs. */
#define WIRE_ENV_CRASH_FD "CNB_CRASH_FD" /* a program's crash reporter */

/* Send one message; 0, or -1 with errno. Splits it as needed; blocks. */
int wire_send(int fd, enum wire_type type, const void *payload, size_t len,
	      const int *fds, size_t nfds);
/* The same with a payload that lies in up to WIRE_VECTORS places. */
#define WIRE_VECTORS 4
int wire_sendv(int fd, enum wire_type type, const struct iovec *vectors,
	       size_t count, const int *fds, size_t nfds);

/* A message of one packet, where it can be sent without waiting; else -1,
 * EAGAIN. For a process with one thread: no sender is named. */
int wire_try(int fd, enum wire_type type, const void *payload, size_t len,
	     const int *fds, size_t nfds);

/* A message of which some packets have come. */
struct wire_part {
	struct room room; /* payload so far, and a NUL */
	size_t len;
	uint32_t from, type;
	uint64_t fed; /* when it last got a packet, by wire_in.clock */
	int fds[WIRE_FDS];
	size_t nfds;
	bool open;
};
/* Collects packets into messages. One thread. */
struct wire_in {
	enum wire_type type;
	uint32_t from;
	char *data; /* payload of the message, NUL-terminated; yours to change
		     */
	size_t len;
	int fds[WIRE_FDS]; /* CLOEXEC */
	size_t nfds;
	/* its own */
	struct room packet, whole;
	struct room parts; /* struct wire_part[WIRE_PARTS], or none yet */
	uint64_t clock;
};
void wire_in_init(struct wire_in *in);
/* Closes descriptors that nobody took (set them to -1 to keep them). */
void wire_in_release(struct wire_in *in);
/* Receive the next packet. 1: a message is complete (valid until the next
 * call, which closes descriptors that nobody took); 0: not yet (EAGAIN, or more
 * packets to come); -1: the peer is gone (errno 0), broke the rules (EPROTO),
 * sent descriptors for which there was no room (EMFILE), or another error. */
int wire_recv(int fd, struct wire_in *in);

/* Building a payload into memory that is yours, and reading one. A reader that
 * runs past the end turns bad and gives zeros and "". */
struct wire_put {
	char *data;
	size_t len, cap;
	bool full;
};
void wire_put_u32(struct wire_put *p, uint32_t value);
void wire_put_u64(struct wire_put *p, uint64_t value);
void wire_put_str(struct wire_put *p, const char *text); /* u32 length, bytes,
							  * NUL; NULL as "" */
struct wire_get {
	const char *at, *end;
	bool bad;
};
struct wire_get wire_get(const struct wire_in *in);
uint32_t wire_get_u32(struct wire_get *g);
uint64_t wire_get_u64(struct wire_get *g);
const char *wire_get_str(struct wire_get *g); /* borrowed, NUL-terminated */

#endif
