/* tree.h: the descendants of a process, as the kernel lists them. */
#ifndef CNB_TREE_H
#define CNB_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* A growing set of process ids. */
struct pids {
	pid_t *at;
	size_t count;
};
void pids_release(struct pids *p);
void pids_add(struct pids *p, pid_t pid);
void pids_add_all(struct pids *p, const struct pids *from); /* no pid twice */
void pids_remove(struct pids *p, pid_t pid);
bool pids_has(const struct pids *p, pid_t pid);
/* One that is kept sorted, for many. NULL has nobody. */
void pids_sorted_add(struct pids *p, pid_t pid);
void pids_sorted_remove(struct pids *p, pid_t pid);
bool pids_sorted_has(const struct pids *p, pid_t pid);

/* Replace *found by the living descendants of `root` (zombies and `root`
 * itself are not among them), parents before their children. What forks while
 * we look may be missed, and what forks faster than we look is cut off at
 * TREE_MOST: look until the answer is empty. Those in `still`, which is sorted
 * (NULL: none), are passed over and not looked at: a look at a process costs
 * far more than its name in its parent's list. */
#define TREE_MOST 4096
void tree_descendants(pid_t root, const struct pids *still, struct pids *found);
/* Those of them that are `leader`, below it, in its process group, or below
 * one of the group. */
void tree_family(pid_t root, const struct pids *still, pid_t leader,
		 struct pids *found);
/* Is it stopped, as by SIGSTOP? */
bool tree_is_stopped(pid_t pid);
/* The state of a thread, as in /proc (0: it is gone), and how long it has had a
 * processor (0 where the kernel does not tell). */
char tree_thread_state(pid_t tid, int64_t *ran_ns);
/* Does every thread of these processes wait for something? *turns: how often
 * they have given up the processor in all, to tell two looks apart. */
bool tree_is_asleep(const struct pids *pids, uint64_t *turns);
/* The same, of `most` of them. */
void tree_some_descendants(pid_t root, const struct pids *still,
			   struct pids *found, size_t most);
/* Counts up before any of certain processes waits for a child; shared with
 * them. */
struct reaped {
	_Atomic uint64_t count;
};
/* Its children alone, zombies too, of a process that is asked often and is
 * known to have one thread: its file of /proc stays open. Where it is one of
 * those that count, only the children that came since the last look are read:
 * of one that has died meanwhile those that it had are told again, and they are
 * elsewhere as well. To be zeroed at first. False: it is gone, or the kernel
 * does not list children. */
struct tree_look {
	pid_t pid; /* 0: none */
	int children;
	struct pids all; /* [0] when that was */
	uint64_t count;
};
bool tree_look(struct tree_look *l, pid_t pid, const struct reaped *reaped,
	       const struct pids *still, struct pids *found);
void tree_look_away(struct tree_look *l);
/* The threads of all descendants of `root` but those in `spare`; a zombie is
 * one. */
int tree_tasks(pid_t root, const struct pids *still, const struct pids *spare);
/* The threads of one process; 0: it is gone. */
int tree_nthreads(pid_t pid);
/* Its share of the memory that it has in common with others, and its own: PSS,
 * in bytes; 0: not known. */
int64_t tree_pss(pid_t pid);
/* The command name of a process (15 bytes of it), "?" if it is gone. */
void tree_comm(pid_t pid, char name[16]);
/* Replace *found by the threads of `pid`, its first one too; and the name of
 * one. */
void tree_threads(pid_t pid, struct pids *found);
void tree_thread_comm(pid_t pid, pid_t tid, char name[16]);
/* Which process a thread belongs to; 0: it is gone. */
pid_t tree_process_of(pid_t tid);
/* Bytes that it holds resident; with `shared_out` the pages that several
 * processes share count in parts, which takes longer to find out. */
int64_t tree_memory(pid_t pid, bool shared_out);
/* Does the process have a handler for `sig`? It may be running: then, as a
 * rule, the signal is blocked. */
bool tree_handles(pid_t pid, int sig);
/* And may it run now? */
bool tree_catches(pid_t pid, int sig);

#endif
