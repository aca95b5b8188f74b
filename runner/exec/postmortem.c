/* postmortem.c: what a crash reporter sent, put into words. Floor 3. The
 * process that crashed told only addresses and its memory map; files, functions
 * and lines are looked up here, where nothing is broken. */
#include "exec/postmortem.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <link.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/mem.h"
#include "sys/fs.h"
#include "sys/proc.h"

/* How far from the stack pointer a fault still is the stack's end: a frame
 * with large arrays touches pages well below it. */
#define STACK_REACH (1u << 20)

void
crash_release(struct crash *c)
{
	buf_release(&c->maps);
	*c = (struct crash){ 0 };
}

void
crash_take(struct crash *c, const struct wire_in *in, int pid)
{
	if (in->type == WIRE_CRASH && in->len == sizeof c->report) {
		struct wire_crash report;

		memcpy(&report, in->data, sizeof report);
		if (report.pid != pid || c->known)
			return;
		c->report = report;
		c->known = true;
	} else if (in->type == WIRE_MAPS && c->known &&
		   in->from == ((uint32_t)c->report.tid | WIRE_FROM_HANDLER)) {
		buf_add(&c->maps, in->data, in->len);
	}
}

struct cause {
	int signal, code;
	const char *words;
};

static const struct cause causes[] = {
	{ SIGFPE, FPE_INTDIV, "integer division by zero" },
	{ SIGFPE, FPE_INTOVF, "integer overflow" },
	{ SIGFPE, FPE_FLTDIV, "floating-point division by zero" },
	{ SIGFPE, FPE_FLTOVF, "floating-point overflow" },
	{ SIGFPE, FPE_FLTINV, "invalid floating-point operation" },
	{ SIGBUS, BUS_ADRALN, "misaligned address" },
	{ SIGBUS, BUS_ADRERR, "memory beyond the end of its file" },
	{ SIGILL, ILL_ILLOPC, "illegal instruction" },
	{ SIGILL, ILL_ILLOPN, "illegal operand" },
	{ SIGTRAP, TRAP_BRKPT, "breakpoint" },
};

static bool
near_stack_end(const struct wire_crash *r)
{
	uint64_t gap = r->addr > r->sp ? r->addr - r->sp : r->sp - r->addr;

	return r->sp && gap < STACK_REACH;
}

static void
segv_words(const struct wire_crash *r, struct buf *out)
{
	const char *verb = r->write ? "write to" : "read of";

	if (r->code == SI_KERNEL)
		buf_add_str(out,
			    "access to an address that no process can have");
	else if (r->code == SEGV_MAPERR && near_stack_end(r))
		buf_addf(out, "stack overflow, at address 0x%" PRIx64, r->addr);
	else if (r->pc && r->addr == r->pc)
		buf_addf(out, "call of address 0x%" PRIx64, r->addr);
	else if (r->code == SEGV_ACCERR && near_stack_end(r))
		buf_addf(out, "stack overflow, at address 0x%" PRIx64, r->addr);
	else if (r->code == SEGV_ACCERR && r->write)
		buf_addf(out, "write to read-only memory at 0x%" PRIx64,
			 r->addr);
	else
		buf_addf(out, "%s address 0x%" PRIx64, verb, r->addr);
}

void
crash_words(const struct crash *c, int signal, struct buf *out)
{
	const struct wire_crash *r = &c->report;

	if (!c->known || r->signal != signal) {
		buf_addf(out, "killed by signal %d (%s)", signal,
			 strsignal(signal));
		return;
	}
	if (signal == SIGABRT && r->code <= 0) {
		buf_add_str(out, "abort() was called");
	} else if (r->code <= 0 || r->code == SI_USER) {
		buf_addf(out, "sent by a process (%s)", strsignal(signal));
	} else if (signal == SIGSEGV) {
		segv_words(r, out);
	} else {
		const char *words = strsignal(signal);

		for (size_t i = 0; i < countof(causes); i++)
			if (causes[i].signal == signal &&
			    causes[i].code == r->code)
				words = causes[i].words;
		buf_add_str(out, words);
	}
	if (!r->main_thread)
		buf_addf(out, ", in thread %d", (int)r->tid);
}

/* A mapped file: [start, end) holds the file from `offset` on. */
struct mapping {
	uint64_t start, end, offset;
	char *path;
};

static bool
find_mapping(const struct crash *c, uint64_t pc, struct mapping *m)
{
	const char *line = buf_str(&c->maps);

	while (*line) {
		const char *end = strchrnul(line, '\n');
		int path = 0;

		if (sscanf(line,
			   "%" SCNx64 "-%" SCNx64 " %*s %" SCNx64 " %*s %*s %n",
			   &m->start, &m->end, &m->offset, &path) == 3 &&
		    path && pc >= m->start && pc < m->end &&
		    line + path < end && line[path] == '/') {
			m->path = mem_strndup(line + path,
					      (size_t)(end - line - path));
			return true;
		}
		line = *end ? end + 1 : end;
	}
	return false;
}

/* What the linker called the byte at `offset` of the file. */
static bool
link_address(const char *path, uint64_t offset, uint64_t *address)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ElfW(Ehdr) head;
	bool found = false;

	if (fd < 0)
		return false;
	if (pread(fd, &head, sizeof head, 0) != (ssize_t)sizeof head ||
	    memcmp(head.e_ident, ELFMAG, SELFMAG) != 0)
		head.e_phnum = 0;
	for (int i = 0; i < head.e_phnum && !found; i++) {
		ElfW(Phdr) p;
		off_t at = (off_t)head.e_phoff + i * (off_t)sizeof p;

		if (pread(fd, &p, sizeof p, at) != (ssize_t)sizeof p)
			break;
		if (p.p_type == PT_LOAD && offset >= p.p_offset &&
		    offset < p.p_offset + p.p_filesz) {
			*address = offset - p.p_offset + p.p_vaddr;
			found = true;
		}
	}
	close(fd);
	return found;
}

/* "dir/x.ipynb:join:12 (discriminator 2)" -> "join:12" */
static void
add_frame(const char *function, const char *place, const char *label,
	  struct strs *lines)
{
	const char *cut = label && *label ? strstr(place, label) : NULL;
	size_t len;

	place = cut ? cut + strlen(label) : path_base(place);
	len = strcspn(place, " ");
	if (len && (place[len - 1] == '?' || place[0] == '?'))
		return;
	/* Functions that cnb made of a cell's statements have no name to show.
	 */
	if (!strncmp(function, "cnb__", 5))
		strs_addn(lines, place, len);
	else
		strs_addf(lines, "%.*s in %s()", (int)len, place, function);
}

/* Ask about one frame. addr2line prints the function, then file:line. */
static void
look_up(const char *path, uint64_t address, const char *label,
	struct strs *lines)
{
	char where[32];
	char *const argv[] = { (char[]){ "addr2line" },
			       (char[]){ "-f" },
			       (char[]){ "-e" },
			       NULL,
			       where,
			       NULL };
	char *copy = mem_strdup(path);
	char *args[countof(argv)];
	struct proc_result r;
	char *newline;

	memcpy(args, argv, sizeof args);
	args[3] = copy;
	snprintf(where, sizeof where, "0x%" PRIx64, address);
	if (proc_run(args, NULL, (struct slice){ "", 0 }, NULL, &r, NULL) ==
		    0 &&
	    r.status == 0 && (newline = strchr(buf_str(&r.out), '\n'))) {
		*newline = '\0';
		newline[1 + strcspn(newline + 1, "\n")] = '\0';
		if (r.out.data[0] != '?')
			add_frame(r.out.data, newline + 1, label, lines);
	}
	proc_result_release(&r);
	free(copy);
}

static void
add_address(const struct crash *c, uint64_t pc, const char *label,
	    struct strs *lines)
{
	struct mapping m = { 0 };
	uint64_t address;

	if (!find_mapping(c, pc, &m))
		return;
	/* The C library and the host are not where the reader's bug is. */
	if (!strstr(m.path, "/libc.so") && !strstr(m.path, "/libc-") &&
	    !strstr(m.path, "/ld-linux") &&
	    strcmp(path_base(m.path), "cnb-host") != 0 &&
	    link_address(m.path, pc - m.start + m.offset, &address))
		look_up(m.path, address, label, lines);
	free(m.path);
}

void
crash_traceback(const struct crash *c, const char *label, struct strs *lines)
{
	const struct wire_crash *r = &c->report;
	char *tool;

	if (!c->known || !(tool = path_find_program("addr2line")))
		return;
	free(tool);
	if (r->pc)
		add_address(c, r->pc, label, lines);
	for (uint32_t i = 0; i < r->nframes && i < WIRE_FRAMES; i++) {
		/* The handler's own frames and the fault's stand first; a
		 * return address is just behind its call. */
		if (r->frames[i] && r->frames[i] != r->pc)
			add_address(c, r->frames[i] - 1, label, lines);
		if (lines->count >= 16)
			break;
	}
}
