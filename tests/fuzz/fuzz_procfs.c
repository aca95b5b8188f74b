/* Writes texts of /proc as the kernel does, of processes, groups and mounts
 * with names that were made to mislead, whole and cut short at each byte: what
 * is read is the truth or nothing. And throws bytes at the same readers.
 *
 * The input: u8 length and a name; u8 length and a path; u64 numbers; bytes. */
#include <inttypes.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include "base/buf.h"
#include "must.h"
#include "sys/procfs.h"

#define NAME_MOST 15
#define PATH_MOST 40
#define CHILDREN 4

struct truth {
	char name[NAME_MOST + 1], path[PATH_MOST + 2];
	pid_t pid, parent, children[CHILDREN];
	int threads, sig;
	char state;
	uint64_t set, ran_ns, call, fd;
};

/* --- the input ----------------------------------------------------------- */

static uint64_t
take_number(struct slice *in)
{
	uint64_t n = 0;
	size_t len = in->len < sizeof n ? in->len : sizeof n;

	if (len)
		memcpy(&n, in->at, len);
	in->at += len;
	in->len -= len;
	return n;
}

/* Without what no name has: NUL. */
static void
take_name(struct slice *in, char *name, size_t most)
{
	size_t len = in->len ? (unsigned char)in->at[0] % (most + 1) : 0;

	in->at += in->len > 0;
	in->len -= in->len > 0;
	if (len > in->len)
		len = in->len;
	for (size_t i = 0; i < len; i++)
		name[i] = in->at[i] ? in->at[i] : '0';
	name[len] = '\0';
	in->at += len;
	in->len -= len;
}

static pid_t
take_pid(struct slice *in)
{
	return (pid_t)(take_number(in) % 4194304 + 1);
}

static void
take_truth(struct truth *t, struct slice *in)
{
	static const char states[] = "RSDZTtXI";

	take_name(in, t->name, NAME_MOST);
	t->path[0] = '/';
	take_name(in, t->path + 1, PATH_MOST);
	t->state = states[take_number(in) % (sizeof states - 1)];
	t->pid = take_pid(in);
	t->parent = take_pid(in) - 1;
	t->threads = take_pid(in);
	for (size_t i = 0; i < CHILDREN; i++)
		t->children[i] = take_pid(in);
	t->set = take_number(in);
	t->sig = (int)(take_number(in) % 64) + 1;
	t->ran_ns = take_number(in) >> 1;
	t->call = take_number(in) % 400;
	t->fd = take_number(in) % 20;
}

/* As the kernel writes what may not stand there. */
static void
add_escaped(struct buf *out, const char *text, const char *what)
{
	for (; *text; text++)
		if (strchr(what, *text))
			buf_addf(out, "\\%03o", (unsigned char)*text);
		else
			buf_add_byte(out, *text);
}

/* --- the texts ----------------------------------------------------------- */

static void
write_stat(struct buf *out, const struct truth *t)
{
	buf_addf(out,
		 "%d (%s) %c %d 1 1 0 -1 4194304 88 0 0 0 0 0 0 0 20 0 %d 0 "
		 "7 3 0\n",
		 (int)t->pid, t->name, t->state, (int)t->parent, t->threads);
}

static void
check_stat(struct slice text, const struct truth *t, bool whole)
{
	struct procfs_stat s;
	bool said = procfs_stat(text, &s);

	must(said || !whole);
	if (!said)
		return;
	must(s.state == t->state);
	must(s.parent == t->parent);
	must(s.threads == t->threads);
}

static void
write_status(struct buf *out, const struct truth *t)
{
	buf_add_str(out, "Name:\t");
	for (const char *c = t->name; *c; c++)
		if (*c == '\n')
			buf_add_str(out, "\\n");
		else if (*c == '\\')
			buf_add_str(out, "\\\\");
		else
			buf_add_byte(out, *c);
	buf_addf(out,
		 "\nUmask:\t0022\nState:\t%c (name)\nTgid:\t%d\nPid:\t%d\n"
		 "VmRSS:\t%8d kB\nSigCgt:\t%016" PRIx64
		 "\nvoluntary_ctxt_switches:\t%" PRIu64
		 "\nnonvoluntary_ctxt_switches:\t1\n",
		 t->state, (int)t->pid, (int)t->parent, t->threads, t->set,
		 t->ran_ns);
}

static void
check_status(struct slice text, const struct truth *t, bool whole)
{
	const struct {
		const char *name;
		int64_t value;
	} numbers[] = {
		{ "Tgid:", t->pid },
		{ "VmRSS:", t->threads },
		{ "voluntary_ctxt_switches:", (int64_t)t->ran_ns },
	};
	char state = procfs_state(text);
	bool has = procfs_has_signal(text, "SigCgt:", t->sig);

	for (size_t i = 0; i < countof(numbers); i++) {
		int64_t n = procfs_number(text, numbers[i].name);

		must(n == numbers[i].value || (!whole && n == -1));
	}
	must(procfs_number(text, "Pss:") == -1);
	must(state == t->state || (!whole && !state));
	must(has == (t->set >> (t->sig - 1) & 1) || (!whole && !has));
}

static void
write_children(struct buf *out, const struct truth *t)
{
	for (size_t i = 0; i < CHILDREN; i++)
		buf_addf(out, "%d ", (int)t->children[i]);
}

static void
check_children(struct slice text, const struct truth *t, bool whole)
{
	size_t n = 0;
	pid_t pid;

	while (procfs_next_child(&text, &pid)) {
		must(n < CHILDREN);
		must(pid == t->children[n]);
		n++;
	}
	must(n == CHILDREN || !whole);
}

static void
write_schedstat(struct buf *out, const struct truth *t)
{
	buf_addf(out, "%" PRIu64 " %" PRIu64 " 12\n", t->ran_ns, t->set);
}

static void
check_schedstat(struct slice text, const struct truth *t, bool whole)
{
	int64_t ran_ns = procfs_ran_ns(text);

	must(ran_ns == (int64_t)t->ran_ns || (!whole && !ran_ns));
}

static void
write_comm(struct buf *out, const struct truth *t)
{
	buf_addf(out, "%s\n", t->name);
}

static void
check_comm(struct slice text, const struct truth *t, bool whole)
{
	char name[NAME_MOST + 1];
	size_t len = strcspn(t->name, "\n");

	procfs_name(text, name);
	must(strlen(name) <= len && !strncmp(name, t->name, strlen(name)));
	must(strlen(name) == len || !whole);
}

static void
write_call(struct buf *out, const struct truth *t)
{
	if (t->set & 1)
		buf_add_str(out, "running\n");
	else
		buf_addf(out, "%" PRIu64 " 0x%" PRIx64 " 0x7ffe12 0x1\n",
			 t->call, t->fd);
}

static void
check_call(struct slice text, const struct truth *t, bool whole)
{
	bool reads = (t->call == SYS_read || t->call == SYS_readv) && !t->fd &&
		     !(t->set & 1);

	must(procfs_reads_stdin(text) == reads ||
	     (!whole && !procfs_reads_stdin(text)));
}

/* Somebody else's lock first, on a file of the same number elsewhere. */
static void
write_locks(struct buf *out, const struct truth *t)
{
	buf_addf(out,
		 "1: POSIX  ADVISORY  WRITE 7 08:01:77 0 EOF\n"
		 "2: FLOCK  ADVISORY  READ  8 08:01:77 0 EOF\n"
		 "3: FLOCK  ADVISORY  WRITE 9 08:11:77 0 EOF\n"
		 "4: FLOCK  ADVISORY  WRITE %d 08:01:77 0 EOF\n"
		 "4: -> FLOCK  ADVISORY  WRITE 11 08:01:77 0 EOF\n",
		 (int)t->pid);
}

static void
check_locks(struct slice text, const struct truth *t, bool whole)
{
	long pid = procfs_lock_holder(text, makedev(8, 1), 77);

	must(pid == t->pid || (!whole && !pid));
	must(!procfs_lock_holder(text, makedev(8, 2), 77));
}

/* Mounts that look like the one, and are not. */
static void
write_mounts(struct buf *out, const struct truth *t)
{
	buf_add_str(out, "21 1 0:20 / /");
	add_escaped(out, t->path, " \t\n\\");
	buf_add_str(out, " rw shared:1 - tmpfs ");
	add_escaped(out, t->path, " \t\n\\");
	buf_add_str(out, " rw\n22 1 0:21 ");
	add_escaped(out, t->path, " \t\n\\");
	buf_add_str(out, " /a");
	add_escaped(out, t->path, " \t\n\\");
	buf_add_str(out, " rw - cgroup2 cgroup2 rw\n");
}

static void
check_mounts(struct slice text, const struct truth *t, bool whole)
{
	struct buf groups = { 0 }, folder = { 0 };
	char *found;

	/* No newline is in the name of a group. */
	for (const char *c = t->path; *c; c++)
		if (*c == '\n')
			return;
	buf_addf(&groups, "5:pids:/0::%s\n0::%s/own\n", t->path, t->path);
	buf_addf(&folder, "/a%s/own", t->path);
	found = procfs_cgroup(text, buf_slice(&groups));
	if (strcmp(t->path, "/") == 0 || strncmp(t->path, "/..", 3) == 0)
		must(!whole || !found || !strcmp(found, "/a///own"));
	else
		must(found ? !strcmp(found, buf_str(&folder)) : !whole);
	free(found);
	buf_release(&groups);
	buf_release(&folder);
}

static const struct {
	void (*write)(struct buf *out, const struct truth *t);
	void (*check)(struct slice text, const struct truth *t, bool whole);
} texts[] = {
	{ write_stat, check_stat },
	{ write_status, check_status },
	{ write_children, check_children },
	{ write_schedstat, check_schedstat },
	{ write_comm, check_comm },
	{ write_call, check_call },
	{ write_locks, check_locks },
	{ write_mounts, check_mounts },
};

/* --- bytes --------------------------------------------------------------- */

static void throw(struct slice bytes)
{
	struct slice rest = bytes, head = bytes;
	struct procfs_stat s;
	char name[NAME_MOST + 1], *folder;
	pid_t pid;

	if (procfs_stat(bytes, &s))
		must(s.parent >= 0 && s.threads > 0);
	while (procfs_next_child(&rest, &pid))
		must(pid > 0);
	must(procfs_number(bytes, "Tgid:") >= -1);
	must(procfs_ran_ns(bytes) >= 0);
	must(procfs_lock_holder(bytes, makedev(8, 1), 77) >= 0);
	procfs_state(bytes);
	procfs_has_signal(bytes, "SigCgt:", 64);
	procfs_reads_stdin(bytes);
	procfs_name(bytes, name);
	must(strlen(name) <= NAME_MOST);
	head.len /= 2;
	rest = (struct slice){ bytes.at + head.len, bytes.len - head.len };
	folder = procfs_cgroup(head, rest);
	free(folder);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = { (const char *)data, size };
	struct truth t;

	take_truth(&t, &in);
	for (size_t i = 0; i < countof(texts); i++) {
		struct buf text = { 0 };

		texts[i].write(&text, &t);
		for (size_t len = 0; len <= text.len; len++)
			texts[i].check((struct slice){ text.data, len }, &t,
				       len == text.len);
		buf_release(&text);
	}
	throw(in);
	return 0;
}
