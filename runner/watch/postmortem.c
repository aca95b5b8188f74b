/* postmortem.c: what a crash reporter sent, put into words. Floor 3. The
 * process that crashed told only addresses and its memory map; files, functions
 * and lines are looked up here, where nothing is broken. */
#include "watch/postmortem.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/utf8.h"
#include "sys/fs.h"
#include "sys/proc.h"
#include "watch/modules.h"

/* How far from the stack pointer a fault still is the stack's end: a frame
 * with large arrays touches pages well below it. */
#define STACK_REACH (1u << 20)
#define LINES_MOST 16 /* of a traceback */

void
crash_release(struct crash *c)
{
	for (size_t i = 0; i < c->nchildren; i++)
		crash_release(&c->children[i]);
	free(c->children);
	buf_release(&c->maps);
	buf_release(&c->reports);
	buf_release(&c->stack);
	*c = (struct crash){ 0 };
}

/* Whose report it is; NULL: one too many. */
static struct crash *
owner(struct crash *c, const struct wire_crash *report, int pid)
{
	/* Asked where it was, it may crash after all. */
	if (report->pid == pid)
		return c->known && c->report.signal ? NULL : c;
	if (!report->signal || c->nchildren == CRASH_CHILDREN)
		return NULL;
	c = mem_push(c->children, c->nchildren);
	*c = (struct crash){ 0 };
	return c;
}

/* What comes with a report, from the same thread. */
static void
take_more(struct crash *c, const struct wire_in *in)
{
	struct buf *to = in->type == WIRE_MAPS ? &c->maps : &c->stack;
	size_t most = in->type == WIRE_MAPS ? WIRE_MAPS_MOST : WIRE_STACK_MOST;

	if (c->known && !to->len &&
	    in->from == ((uint32_t)c->report.tid | WIRE_FROM_HANDLER))
		buf_add(to, in->data, in->len < most ? in->len : most);
}

void
crash_take(struct crash *c, const struct wire_in *in, int pid)
{
	if (in->type == WIRE_CRASH && in->len == sizeof c->report) {
		struct wire_crash report;
		struct crash *to;

		memcpy(&report, in->data, sizeof report);
		report.thread[sizeof report.thread - 1] = '\0';
		report.words[sizeof report.words - 1] = '\0';
		to = owner(c, &report, pid);
		if (!to)
			return;
		buf_clear(&to->maps);
		buf_clear(&to->stack);
		to->report = report;
		to->files = report.files;
		to->known = true;
	} else if (in->type == WIRE_FULL &&
		   in->len == sizeof(struct wire_full)) {
		struct wire_full full;

		memcpy(&full, in->data, sizeof full);
		if (full.pid == pid)
			c->files = full.files;
	} else if (in->type == WIRE_REPORT) {
		size_t room = WIRE_REPORTS_MOST - c->reports.len;

		buf_add(&c->reports, in->data, in->len < room ? in->len : room);
	} else if (in->type == WIRE_MAPS || in->type == WIRE_STACK) {
		take_more(c, in);
		for (size_t i = 0; i < c->nchildren; i++)
			take_more(&c->children[i], in);
	}
}

bool
crash_is_whole(const struct crash *c)
{
	return c->known && c->maps.len;
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
	{ SIGILL, ILL_ILLOPN, "illegal instruction" },
	{ SIGTRAP, TRAP_BRKPT, "breakpoint" },
	{ SIGTRAP, SI_KERNEL, "breakpoint" },
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
		buf_add_str(out, "an address that no process can have, or a "
				 "misaligned or forbidden instruction");
	else if (r->sp && r->addr == r->pc)
		buf_addf(out, "call of address 0x%" PRIx64, r->addr);
	else if (near_stack_end(r))
		buf_add_str(out, "stack overflow");
	else if (r->code == SEGV_ACCERR && r->write)
		buf_addf(out, "write to read-only memory at 0x%" PRIx64,
			 r->addr);
	else
		buf_addf(out, "%s address 0x%" PRIx64, verb, r->addr);
}

/* libc's "cnb-host: x.ipynb:one:3: f: Assertion `n' failed.", and "*** stack
 * smashing detected ***: terminated", without what is said elsewhere. */
static void
abort_words(const char *words, struct buf *out)
{
	static const char assertion[] = "Assertion `";
	const char *at = strstr(words, assertion);
	struct buf text = { 0 };
	size_t len;

	if (at) {
		buf_add_str(&text, "assertion `");
		at += sizeof assertion - 1;
	} else {
		at = words + strspn(words, "* ");
	}
	len = strlen(at);
	while (len && strchr("\n.", at[len - 1]))
		len--;
	buf_add(&text, at, len);
	if (!at[0])
		buf_add_str(&text, "abort() was called");
	at = strstr(buf_str(&text), " ***: terminated");
	if (at)
		text.len = (size_t)(at - text.data);
	utf8_repair(out, buf_str(&text), text.len);
	buf_release(&text);
}

static void
add_thread(const struct wire_crash *r, struct buf *out)
{
	if (r->main_thread)
		return;
	if (!r->thread[0]) {
		buf_add_str(out, ", in a thread");
		return;
	}
	buf_add_str(out, ", in thread '");
	utf8_repair(out, r->thread, strlen(r->thread));
	buf_add_byte(out, '\'');
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
		abort_words(r->words, out);
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
	add_thread(r, out);
}

/* A frame: what is asked about it, and what was answered. */
struct frame {
	const char *path; /* of its module */
	uint64_t address;
	struct strs lines; /* more than one: functions that were inlined */
};

struct frames {
	struct frame *at;
	size_t count;
};

static void
frames_release(struct frames *all)
{
	for (size_t i = 0; i < all->count; i++)
		strs_release(&all->at[i].lines);
	free(all->at);
}

/* The C library and the host are not where the reader's bug is. */
static bool
is_ours_or_libcs(const char *path)
{
	return strstr(path, "/libc.so") || strstr(path, "/libc-") ||
	       strstr(path, "/ld-linux") ||
	       !strcmp(path_base(path), "cnb-host");
}

static void
add_address(struct frames *all, const struct modules *modules, uint64_t pc)
{
	const struct module *m = modules_find(modules, pc);
	struct frame f = { 0 };

	if (!m || is_ours_or_libcs(m->path) ||
	    !module_link_address(m, pc, &f.address))
		return;
	f.path = m->path;
	*mem_push(all->at, all->count) = f;
}

/* The one frame that is known already, where there are too few. */
static uint64_t
was_found(const struct crash *c)
{
	return c->report.nframes ? c->report.frames[0] : 0;
}

/* Words on the stack that are return addresses in the reader's code: what was
 * called from there, as far as nothing older lies between. */
static void
scan_stack(struct frames *all, const struct modules *modules,
	   const struct crash *c)
{
	for (size_t i = 0;
	     i + sizeof(uint64_t) <= c->stack.len && all->count < WIRE_FRAMES;
	     i += sizeof(uint64_t)) {
		const struct module *m;
		uint64_t word;

		memcpy(&word, c->stack.data + i, sizeof word);
		m = modules_find(modules, word);
		if (m && m->code && !is_ours_or_libcs(m->path) &&
		    word != was_found(c) && module_is_behind_call(m, word))
			add_address(all, modules, word - 1);
	}
}

/* The handler's own frames and the fault's stand first; a return address is
 * just behind its call. */
static void
collect(struct frames *all, const struct modules *modules,
	const struct crash *c)
{
	const struct wire_crash *r = &c->report;

	if (r->pc)
		add_address(all, modules, r->pc);
	for (uint32_t i = 0; i < r->nframes && i < WIRE_FRAMES; i++)
		if (r->frames[i] && r->frames[i] != r->pc)
			add_address(all, modules, r->frames[i] - 1);
	scan_stack(all, modules, c);
}

/* "dir/x.ipynb:join:12 (discriminator 2)" -> "join:12" */
static void
add_line(const char *function, const char *place, const char *label,
	 struct strs *lines)
{
	const char *cut = label && *label ? strstr(place, label) : NULL;
	size_t len;

	place = cut ? cut + strlen(label) : path_base(place);
	len = strcspn(place, " ");
	/* No line is known; or it is text that cnb wrote around a cell's. */
	if (!len || place[len - 1] == '?' || place[0] == '?' || place[0] == '<')
		return;
	if (!strncmp(place, "<cnb>:", 6)) /* what we write around a cell */
		return;
	/* Functions that cnb made of a cell's statements have no name to show.
	 */
	if (!strncmp(function, "cnb__", 5))
		strs_addn(lines, place, len);
	else
		strs_addf(lines, "%.*s in %s()", (int)len, place, function);
}

/* Cut the next line off; NULL at the end. */
static char *
next_line(char **at)
{
	char *line = *at, *end = strchr(line, '\n');

	if (!*line || !end)
		return NULL;
	*end = '\0';
	*at = end + 1;
	return line;
}

/* What addr2line -a -i -f says of each address in turn: the address, then
 * function and place, once more for each caller that it was inlined in. */
static void
read_answers(char *text, struct frames *all, const char *path,
	     const char *label)
{
	struct frame *f = NULL;
	size_t next = 0;
	char *line, *place;

	while ((line = next_line(&text))) {
		if (!strncmp(line, "0x", 2)) {
			while (next < all->count &&
			       strcmp(all->at[next].path, path) != 0)
				next++;
			f = next < all->count ? &all->at[next++] : NULL;
		} else if ((place = next_line(&text)) && f && line[0] != '?') {
			add_line(line, place, label, &f->lines);
		}
	}
}

/* Ask about all frames of one module. */
static void
look_up(struct frames *all, const char *path, const char *label)
{
	struct strs argv = { 0 };
	struct proc_result r;

	strs_add(&argv, "addr2line");
	strs_add(&argv, "-aife");
	strs_add(&argv, path);
	for (size_t i = 0; i < all->count; i++)
		if (!strcmp(all->at[i].path, path))
			strs_addf(&argv, "0x%" PRIx64, all->at[i].address);
	if (proc_run_bounded(argv.at, &r, NULL) == 0 && r.status == 0 &&
	    r.out.len)
		read_answers(r.out.data, all, path, label);
	proc_result_release(&r);
	strs_release(&argv);
}

static bool
was_asked(const struct frames *all, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(all->at[i].path, all->at[n].path))
			return true;
	return false;
}

/* A recursion is one line, however deep. `cut`: there were more frames than
 * these. */
static void
add_lines(const struct frames *all, bool cut, struct strs *lines)
{
	const char *last = NULL;
	size_t times = 0;

	for (size_t i = 0; i <= all->count && lines->count < LINES_MOST; i++) {
		const struct strs *more =
			i < all->count ? &all->at[i].lines : NULL;

		/* Of calls that were put inline a frame has a line each. */
		for (size_t k = 0;
		     k < (more ? more->count : 1) && lines->count < LINES_MOST;
		     k++) {
			const char *line = more ? more->at[k] : NULL;

			if (line && last && !strcmp(line, last)) {
				times++;
				continue;
			}
			if (times > 1)
				strs_addf(lines, "%s (%zu times%s)", last,
					  times,
					  cut && !line ? " or more" : "");
			else if (last)
				strs_add(lines, last);
			last = line;
			times = 1;
		}
	}
}

void
crash_traceback(const struct crash *c, const char *label, struct strs *lines)
{
	struct modules modules = { 0 };
	struct frames all = { 0 };
	char *tool;

	if (!c->known || !(tool = path_find_program("addr2line")))
		return;
	free(tool);
	modules_read(&modules, buf_slice(&c->maps));
	collect(&all, &modules, c);
	for (size_t i = 0; i < all.count; i++)
		if (!was_asked(&all, i))
			look_up(&all, all.at[i].path, label);
	add_lines(&all, c->report.nframes >= WIRE_FRAMES, lines);
	frames_release(&all);
	modules_release(&modules);
}
