/* tree.c: the descendants of a process. Floor 1. Reads the children files of
 * /proc; where the kernel was built without them, every process's parent. */
#include "sys/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/mem.h"
#include "sys/fs.h"
#include "sys/procfs.h"

void
pids_release(struct pids *p)
{
	free(p->at);
	*p = (struct pids){ 0 };
}

void
pids_add(struct pids *p, pid_t pid)
{
	*mem_push(p->at, p->count) = pid;
}

void
pids_add_all(struct pids *p, const struct pids *from)
{
	for (size_t i = 0; i < from->count; i++)
		if (!pids_has(p, from->at[i]))
			pids_add(p, from->at[i]);
}

void
pids_remove(struct pids *p, pid_t pid)
{
	size_t kept = 0;

	for (size_t i = 0; i < p->count; i++)
		if (p->at[i] != pid)
			p->at[kept++] = p->at[i];
	p->count = kept;
}

bool
pids_has(const struct pids *p, pid_t pid)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->at[i] == pid)
			return true;
	return false;
}

/* Where it is, or would be. */
static size_t
place_of(const struct pids *p, pid_t pid)
{
	size_t from = 0, to = p->count;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (p->at[mid] < pid)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

bool
pids_sorted_has(const struct pids *p, pid_t pid)
{
	size_t i = p ? place_of(p, pid) : 0;

	return p && i < p->count && p->at[i] == pid;
}

void
pids_sorted_add(struct pids *p, pid_t pid)
{
	size_t i = place_of(p, pid);

	if (i < p->count && p->at[i] == pid)
		return;
	pids_add(p, pid);
	memmove(p->at + i + 1, p->at + i, (p->count - 1 - i) * sizeof *p->at);
	p->at[i] = pid;
}

void
pids_sorted_remove(struct pids *p, pid_t pid)
{
	size_t i = place_of(p, pid);

	if (i == p->count || p->at[i] != pid)
		return;
	p->count--;
	memmove(p->at + i, p->at + i + 1, (p->count - i) * sizeof *p->at);
}

/* So much of a file of /proc comes at a time, filled but for a record's length
 * as long as there is more. */
#define PROC_PAGE 4096

static bool
read_proc(const char *path, struct buf *out)
{
	int fd = fs_open(path, O_RDONLY);
	char page[PROC_PAGE];
	ssize_t n;
	bool ok;

	buf_clear(out);
	if (fd < 0)
		return false;
	do
		n = read(fd, page, sizeof page);
	while (n < 0 && errno == EINTR);
	if (n > 0)
		buf_add(out, page, (size_t)n);
	ok = n >= 0 && (n < PROC_PAGE / 2 || fs_read_fd(fd, out) == 0);
	close(fd);
	return ok;
}

static bool
stat_of(pid_t pid, struct procfs_stat *s)
{
	char path[64];
	struct buf text = { 0 };
	bool ok;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	ok = read_proc(path, &text) && procfs_stat(buf_slice(&text), s);
	buf_release(&text);
	return ok;
}

/* A walk on its way. */
struct walk {
	struct pids *found;
	const struct pids *still; /* neither found nor entered; NULL: none */
	struct buf text;
};

static void
walk_add(struct walk *w, pid_t pid)
{
	if (!pids_sorted_has(w->still, pid) && !pids_has(w->found, pid))
		pids_add(w->found, pid);
}

static void
add_children_of_task(struct walk *w, const char *path)
{
	struct slice listed;
	pid_t pid;

	if (!read_proc(path, &w->text))
		return;
	listed = buf_slice(&w->text);
	while (procfs_next_child(&listed, &pid))
		walk_add(w, pid);
}

/* Children hang on the thread that made them. */
static void
add_children(struct walk *w, pid_t pid)
{
	char path[300];
	struct dirent *d;
	struct stat st;
	DIR *dir;

	snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
	/* A folder for each thread: most processes have one, of that name. */
	if (stat(path, &st) == 0 && st.st_nlink == 3) {
		snprintf(path, sizeof path, "/proc/%d/task/%d/children",
			 (int)pid, (int)pid);
		add_children_of_task(w, path);
		return;
	}
	dir = opendir(path);
	if (!dir)
		return;
	while ((d = readdir(dir))) {
		if (d->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "/proc/%d/task/%s/children",
			 (int)pid, d->d_name);
		add_children_of_task(w, path);
	}
	closedir(dir);
}

static void
add_children_by_parent(struct walk *w, pid_t pid)
{
	DIR *dir = opendir("/proc");
	struct dirent *d;

	if (!dir)
		return;
	while ((d = readdir(dir))) {
		pid_t child = (pid_t)strtol(d->d_name, NULL, 10);
		struct procfs_stat s;

		if (child > 0 && stat_of(child, &s) && s.parent == pid)
			walk_add(w, child);
	}
	closedir(dir);
}

static bool
is_alive(pid_t pid)
{
	struct procfs_stat s;

	return stat_of(pid, &s) && s.state != 'Z' && s.state != 'X';
}

static void
add_all_children(struct walk *w, pid_t pid)
{
	static int listed = -1;

	if (listed < 0)
		listed = access("/proc/self/task", X_OK) == 0 &&
			 access("/proc/thread-self/children", R_OK) == 0;
	if (listed)
		add_children(w, pid);
	else
		add_children_by_parent(w, pid);
}

void
tree_look_away(struct tree_look *l)
{
	if (l->pid)
		close(l->children);
	pids_release(&l->all);
	*l = (struct tree_look){ 0 };
}

/* A list that is longer is not for a look. */
#define LOOK_MOST 16384

static bool
look_at(struct tree_look *l, pid_t pid)
{
	char path[64];

	if (l->pid == pid)
		return true;
	tree_look_away(l);
	snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)pid,
		 (int)pid);
	l->children = open(path, O_RDONLY | O_CLOEXEC);
	if (l->children < 0)
		return false;
	l->pid = pid;
	return true;
}

/* Those behind what was read by now. */
static bool
read_on(struct tree_look *l)
{
	char text[LOOK_MOST];
	struct slice listed = { text, 0 };
	ssize_t n;
	pid_t pid;

	/* Each read walks the list from its head: where the kernel has not
	 * filled its page, there is no more. */
	do {
		n = read(l->children, text + listed.len,
			 sizeof text - listed.len);
		listed.len += n > 0 ? (size_t)n : 0;
	} while (n >= PROC_PAGE / 2 && listed.len < sizeof text);
	if (n < 0 || listed.len == sizeof text)
		return false;
	while (procfs_next_child(&listed, &pid))
		pids_add(&l->all, pid);
	return true;
}

static bool
read_all(struct tree_look *l)
{
	l->all.count = 0;
	return lseek(l->children, 0, SEEK_SET) == 0 && read_on(l);
}

bool
tree_look(struct tree_look *l, pid_t pid, const struct reaped *reaped,
	  const struct pids *still, struct pids *found)
{
	struct walk w = { .found = found, .still = still };
	uint64_t before = reaped ? reaped->count : 0;
	bool again = l->pid == pid && reaped && l->count == before;

	found->count = 0;
	if (!look_at(l, pid))
		return false;
	/* None has gone: who came stands behind them. */
	if (!again || !read_on(l) || reaped->count != before)
		if (!read_all(l)) {
			tree_look_away(l);
			return false;
		}
	l->count = before;
	for (size_t i = 0; i < l->all.count; i++)
		walk_add(&w, l->all.at[i]);
	return true;
}

/* Zombies too. */
static void
find_all(pid_t root, const struct pids *still, struct pids *found, size_t most)
{
	struct walk w = { .found = found, .still = still };

	found->count = 0;
	for (size_t i = 0; i <= found->count && found->count < most; i++)
		add_all_children(&w, i == 0 ? root : found->at[i - 1]);
	buf_release(&w.text);
}

void
tree_descendants(pid_t root, const struct pids *still, struct pids *found)
{
	tree_some_descendants(root, still, found, TREE_MOST);
}

void
tree_some_descendants(pid_t root, const struct pids *still, struct pids *found,
		      size_t most)
{
	size_t kept = 0;

	find_all(root, still, found, most);
	for (size_t i = 0; i < found->count; i++)
		if (is_alive(found->at[i]))
			found->at[kept++] = found->at[i];
	found->count = kept;
}

int
tree_nthreads(pid_t pid)
{
	struct procfs_stat s;

	return stat_of(pid, &s) ? s.threads : 0;
}

int
tree_tasks(pid_t root, const struct pids *still, const struct pids *spare)
{
	struct pids found = { 0 };
	int n = 0;

	find_all(root, still, &found, TREE_MOST);
	for (size_t i = 0; i < found.count; i++)
		if (!pids_has(spare, found.at[i]))
			n += tree_nthreads(found.at[i]);
	pids_release(&found);
	return n;
}

void
tree_family(pid_t root, const struct pids *still, pid_t leader,
	    struct pids *found)
{
	struct pids all = { 0 }, below = { 0 };

	tree_descendants(root, still, &all);
	found->count = 0;
	for (size_t i = 0; i < all.count; i++) {
		if (all.at[i] != leader && getpgid(all.at[i]) != leader)
			continue;
		if (!pids_has(found, all.at[i]))
			pids_add(found, all.at[i]);
		tree_descendants(all.at[i], still, &below);
		pids_add_all(found, &below);
	}
	pids_release(&all);
	pids_release(&below);
}

bool
tree_is_stopped(pid_t pid)
{
	struct procfs_stat s;

	return stat_of(pid, &s) && s.state == 'T';
}

char
tree_thread_state(pid_t tid, int64_t *ran_ns)
{
	struct buf text = { 0 };
	struct procfs_stat s;
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/schedstat", (int)tid);
	*ran_ns = read_proc(path, &text) ? procfs_ran_ns(buf_slice(&text)) : 0;
	buf_release(&text);
	return stat_of(tid, &s) ? s.state : 0;
}

/* One thread, from its status file. False: it runs, or wants to. */
static bool
thread_is_asleep(const char *path, struct buf *text, uint64_t *turns)
{
	int64_t count;
	char state;

	if (!read_proc(path, text) || !text->len)
		return true; /* gone meanwhile */
	state = procfs_state(buf_slice(text));
	count = procfs_number(buf_slice(text), "voluntary_ctxt_switches:");
	if (count > 0)
		*turns += (uint64_t)count;
	return state && strchr("SItTZX", state);
}

static bool
process_is_asleep(pid_t pid, struct buf *text, uint64_t *turns)
{
	char path[300];
	struct dirent *d;
	bool asleep = true;
	DIR *dir;

	snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
	dir = opendir(path);
	while (dir && (d = readdir(dir))) {
		if (d->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "/proc/%d/task/%s/status", (int)pid,
			 d->d_name);
		asleep &= thread_is_asleep(path, text, turns);
	}
	if (dir)
		closedir(dir);
	return asleep;
}

bool
tree_is_asleep(const struct pids *pids, uint64_t *turns)
{
	struct buf text = { 0 };
	bool asleep = true;

	*turns = 0;
	for (size_t i = 0; i < pids->count; i++)
		asleep &= process_is_asleep(pids->at[i], &text, turns);
	buf_release(&text);
	return asleep;
}

static void
read_comm(const char *path, char name[16])
{
	struct buf text = { 0 };

	snprintf(name, 16, "?");
	if (read_proc(path, &text) && text.len)
		procfs_name(buf_slice(&text), name);
	buf_release(&text);
}

void
tree_comm(pid_t pid, char name[16])
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/comm", (int)pid);
	read_comm(path, name);
}

void
tree_thread_comm(pid_t pid, pid_t tid, char name[16])
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/task/%d/comm", (int)pid,
		 (int)tid);
	read_comm(path, name);
}

void
tree_threads(pid_t pid, struct pids *found)
{
	char path[64];
	struct dirent *d;
	DIR *dir;

	found->count = 0;
	snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
	dir = opendir(path);
	if (!dir)
		return;
	while ((d = readdir(dir)))
		if (d->d_name[0] != '.')
			pids_add(found, (pid_t)strtol(d->d_name, NULL, 10));
	closedir(dir);
}

static bool
has_handler(pid_t pid, int sig, bool blocked_too)
{
	char path[64];
	struct buf text = { 0 };
	struct slice status;
	bool is;

	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	is = read_proc(path, &text);
	status = buf_slice(&text);
	is = is && procfs_has_signal(status, "SigCgt:", sig) &&
	     (blocked_too || !procfs_has_signal(status, "SigBlk:", sig)) &&
	     procfs_state(status) != 'T';
	buf_release(&text);
	return is;
}

bool
tree_handles(pid_t pid, int sig)
{
	return has_handler(pid, sig, true);
}

bool
tree_catches(pid_t pid, int sig)
{
	return has_handler(pid, sig, false);
}

/* A number behind `name` in a file of /proc/PID; -1: it is not there. */
static int64_t
number_in(pid_t pid, const char *file, const char *name)
{
	char path[64];
	struct buf text = { 0 };
	int64_t value = -1;

	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, file);
	if (read_proc(path, &text))
		value = procfs_number(buf_slice(&text), name);
	buf_release(&text);
	return value;
}

pid_t
tree_process_of(pid_t tid)
{
	int64_t pid = number_in(tid, "status", "Tgid:");

	return pid > 0 ? (pid_t)pid : 0;
}

int64_t
tree_pss(pid_t pid)
{
	int64_t kb = number_in(pid, "smaps_rollup", "Pss:");

	return kb > 0 ? kb * 1024 : 0;
}

int64_t
tree_memory(pid_t pid, bool shared_out)
{
	int64_t kb = -1;

	if (shared_out)
		kb = number_in(pid, "smaps_rollup", "Pss:");
	if (kb < 0)
		kb = number_in(pid, "status", "VmRSS:");
	return kb > 0 ? kb * 1024 : 0;
}
