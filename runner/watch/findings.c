/* findings.c: reports of sanitizers, read line by line. Floor 3. It knows how
 * gcc's and clang's runtimes word their reports, and nothing of processes: what
 * it is given is text, in pieces as they came. */
#include "watch/findings.h"

#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"

/* Of the reports, so much is kept; a longer line is cut. */
#define TEXT_MOST (1u << 20)
#define LINE_MOST 4096
#define TRACE_MOST 32

static const char *const tools[] = {
	"AddressSanitizer", "LeakSanitizer",	  "ThreadSanitizer",
	"MemorySanitizer",  "HWAddressSanitizer", "UndefinedBehaviorSanitizer",
};

/* How the tools name the signals that they take for the program. */
static const struct {
	const char *kind;
	int signal;
} deadly[] = {
	{ "SEGV", SIGSEGV }, { "stack-overflow", SIGSEGV },
	{ "BUS", SIGBUS },   { "FPE", SIGFPE },
	{ "ILL", SIGILL },   { "ABRT", SIGABRT },
	{ "TRAP", SIGTRAP },
};

static const char runtime_error[] = ": runtime error: ";

/* Where a report begins. */
struct mark {
	const char *tool;
	const char *kind; /* the rest of the line */
	bool of_place;	  /* the line begins with its place in the C */
};

static bool
starts(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

/* "file:LINE:COLUMN" ends at `end`. */
static bool
is_place(const char *line, const char *end)
{
	int numbers = 0;

	for (; numbers < 2; numbers++) {
		const char *p = end;

		while (p > line && isdigit((unsigned char)p[-1]))
			p--;
		if (p == end || p <= line + 1 || p[-1] != ':')
			return false;
		end = p - 1;
	}
	return true;
}

/* "==123==ERROR: AddressSanitizer: heap-use-after-free on ...",
 * "WARNING: ThreadSanitizer: data race (pid=1)",
 * "x.ipynb:cell:3:5: runtime error: shift exponent ..." */
static bool
find_mark(const char *line, struct mark *m)
{
	const char *at = line;

	*m = (struct mark){ 0 };
	if (starts(at, "==")) {
		at += 2 + strspn(at + 2, "0123456789");
		at += starts(at, "==") ? 2 : 0;
	}
	if (starts(at, "ERROR: ") || starts(at, "WARNING: ")) {
		at = strchr(at, ' ') + 1;
		for (size_t i = 0; i < countof(tools); i++) {
			size_t n = strlen(tools[i]);

			if (starts(at, tools[i]) && starts(at + n, ": ")) {
				m->tool = tools[i];
				m->kind = at + n + 2;
			}
		}
		return m->tool != NULL;
	}
	at = strstr(line, runtime_error);
	if (!at || !is_place(line, at))
		return false;
	m->tool = "UndefinedBehaviorSanitizer";
	m->kind = at + strlen(runtime_error);
	m->of_place = true;
	return true;
}

static int
deadly_signal(const char *kind)
{
	for (size_t i = 0; i < countof(deadly); i++) {
		size_t n = strlen(deadly[i].kind);

		if (starts(kind, deadly[i].kind) &&
		    !isalnum((unsigned char)kind[n]))
			return deadly[i].signal;
	}
	return 0;
}

/* ---- collecting ---- */

void
findings_release(struct findings *f)
{
	buf_release(&f->line);
	buf_release(&f->text);
	*f = (struct findings){ 0 };
}

/* Without colours, which ASAN_OPTIONS=color=always asks for. */
static void
strip_escapes(struct buf *line)
{
	size_t to = 0;

	for (size_t i = 0; i < line->len; i++) {
		if (line->data[i] == '\033' && line->data[i + 1] == '[') {
			i += 1 + strcspn(line->data + i + 2, "mK") + 1;
			continue;
		}
		line->data[to++] = line->data[i];
	}
	line->len = to;
	line->data[to] = '\0';
}

static void
end_of_line(struct findings *f)
{
	struct mark m;

	if (!f->line.len)
		return;
	if (memchr(f->line.data, '\033', f->line.len))
		strip_escapes(&f->line);
	if (find_mark(f->line.data, &m)) {
		f->count++;
		if (!f->signal)
			f->signal = deadly_signal(m.kind);
	}
	if (f->count && f->text.len < TEXT_MOST) {
		buf_add_str(&f->text, f->line.data);
		buf_add_byte(&f->text, '\n');
	}
	buf_clear(&f->line);
}

void
findings_take(struct findings *f, struct slice bytes)
{
	if (f->use == FINDINGS_PASSED_OVER)
		return;
	while (bytes.len) {
		const char *end = memchr(bytes.at, '\n', bytes.len);
		size_t n = end ? (size_t)(end - bytes.at) : bytes.len;
		size_t room = LINE_MOST - f->line.len;

		buf_add(&f->line, bytes.at, n < room ? n : room);
		if (!end)
			return;
		end_of_line(f);
		bytes.at += n + 1;
		bytes.len -= n + 1;
	}
}

/* ---- words ---- */

/* Does the bracketed text hold what differs from run to run, or says nothing
 * to the reader of C? */
static bool
is_noise(const char *at, size_t n)
{
	return memmem(at, n, "0x", 2) || memmem(at, n, "BuildId", 7) ||
	       memmem(at, n, "pid=", 4) || memmem(at, n, "tid=", 4);
}

/* Skip what differs from run to run; NULL: it is text to be kept. */
static const char *
past_noise(const char *at, bool first)
{
	static const char *const before[] = { " on unknown address ",
					      " on address ", " at ", " on " };
	size_t n;

	if (*at == ' ' && (at[1] == '(' || at[1] == '[')) {
		n = strcspn(at, at[1] == '(' ? ")" : ")]");
		return at[n] && is_noise(at, n) ? at + n + 1 : NULL;
	}
	for (size_t i = 0; i < countof(before); i++)
		if (starts(at, before[i]) &&
		    starts(at + strlen(before[i]), "0x")) {
			at += strlen(before[i]) + 2;
			return at + strspn(at, "0123456789abcdef");
		}
	if (!first)
		return NULL;
	at += starts(at, "Address ") ? 8 : 0;
	if (!starts(at, "0x"))
		return NULL;
	at += 2 + strspn(at + 2, "0123456789abcdef");
	return starts(at, " is located ") ? at + 12 : at;
}

static void
add_scrubbed(struct buf *out, const char *at, const char *label)
{
	bool first = true;

	while (*at) {
		const char *next = past_noise(at, first);

		first = false;
		if (next) {
			at = next;
		} else if (label && *label && starts(at, label)) {
			at += strlen(label);
		} else {
			buf_add_byte(out, *at++);
		}
	}
	while (out->len && out->data[out->len - 1] == ' ')
		out->data[--out->len] = '\0';
}

/* "==1==The signal is caused by a WRITE memory access." and the address that
 * the first line names. */
static void
add_access_of_signal(struct buf *out, const char *mark, const char *line)
{
	const char *verb = strstr(line, "READ")	   ? "read of"
			   : strstr(line, "WRITE") ? "write to"
						   : NULL;
	const char *hex = strstr(mark, "unknown address 0x");

	if (!verb)
		return;
	if (hex)
		buf_addf(out, ": %s address 0x%llx", verb,
			 strtoull(hex + strlen("unknown address "), NULL, 16));
	else
		buf_addf(out, ": %s an address that is not known", verb);
}

/* "READ of size 4 at 0x602000000010 thread T0" -> ": read of size 4" */
static void
add_access(struct buf *out, const char *line)
{
	int size = 0;
	const char *thread = strstr(line, " thread T");
	bool write = starts(line, "WRITE");

	if (sscanf(line, "%*s of size %d", &size) != 1)
		return;
	buf_addf(out, ": %s of size %d", write ? "write" : "read", size);
	if (thread && !starts(thread, " thread T0"))
		buf_addf(out, " in%s", thread);
}

/* "  Previous write of size 4 at 0x55 by thread T1 (mutexes: ...):" ->
 * "previous write of size 4 by thread T1" */
static void
add_race(struct buf *out, const char *line, const char *between)
{
	struct buf words = { 0 };
	size_t n;

	add_scrubbed(&words, line, NULL);
	n = strcspn(buf_str(&words), "(:");
	while (n && words.data[n - 1] == ' ')
		n--;
	if (n) {
		words.data[0] = (char)tolower((unsigned char)words.data[0]);
		buf_add_str(out, between);
		buf_add(out, words.data, n);
	}
	buf_release(&words);
}

/* The kind as the summary has it is one word; the first line may be a
 * sentence: "attempting double-free on 0x602000000010 in thread T0:". */
static void
add_kind(struct buf *out, const char *kind, const char *label)
{
	static const char *const past_kind[] = {
		" 0x",
		" at pc",
		" in thread T0",
		": memory ranges",
	};
	struct buf words = { 0 };
	const char *at;
	size_t n;

	kind += starts(kind, "attempting double-free") ? 11 : 0;
	if (starts(kind, "detected memory leaks"))
		kind = "memory leak";
	else if (starts(kind, "attempting free on address which was not"))
		kind = "bad-free: free of an address that malloc() did not "
		       "give";
	else if (starts(kind, "requested allocation size"))
		kind = "allocation-size-too-big";
	add_scrubbed(&words, kind, label);
	at = buf_str(&words);
	n = deadly_signal(at) ? strcspn(at, " ") : strlen(at);
	for (size_t i = 0; i < countof(past_kind); i++) {
		const char *end = strstr(at, past_kind[i]);

		if (end && (size_t)(end - at) < n)
			n = (size_t)(end - at);
	}
	while (n && strchr(": ", at[n - 1]))
		n--;
	buf_add(out, at, n);
	buf_release(&words);
}

/* ---- frames ---- */

/* "x.ipynb:join:12:5" -> "join:12"; the column only clang has. */
static void
add_place(struct buf *out, struct slice place, const char *label)
{
	const char *cut = label && *label ? memmem(place.at, place.len, label,
						   strlen(label))
					  : NULL;
	const char *slash = memrchr(place.at, '/', place.len), *from = place.at;
	const char *end = place.at + place.len, *p = end;

	if (cut)
		from = cut + strlen(label);
	else if (slash)
		from = slash + 1;
	while (p > from && isdigit((unsigned char)p[-1]))
		p--;
	if (p > from + 1 && p < end && p[-1] == ':' &&
	    isdigit((unsigned char)p[-2]) &&
	    memchr(from, ':', (size_t)(p - 1 - from)))
		end = p - 1;
	buf_add(out, from, (size_t)(end - from));
}

/* The C library's and the runtime's own C is known by relative names, what cnb
 * writes around shared cells by its own. */
static bool
is_readers_own(struct slice place, const char *label)
{
	if (memmem(place.at, place.len, "<cnb>", 5) ||
	    slice_starts(place, "/usr/include/") ||
	    slice_starts(place, "/usr/lib/"))
		return false;
	if (label && *label &&
	    memmem(place.at, place.len, label, strlen(label)))
		return true;
	return place.len > 1 && place.at[0] == '/' &&
	       !memmem(place.at, place.len, "/compiler-rt/", 13) &&
	       !memmem(place.at, place.len, "/libsanitizer/", 14);
}

/* "#1 0x55d6 in main /dir/x.ipynb:uaf:5:10", "#0 f /dir/x.ipynb:race:3 (a+0x1)"
 * -> "uaf:5 in main()". False: a frame of somebody else's code. */
static bool
read_frame(struct buf *out, const char *line, const char *label)
{
	const char *at = line + 1 + strspn(line + 1, "0123456789"), *end;
	struct slice function, place;

	at += strspn(at, " ");
	if (starts(at, "0x")) {
		at += strcspn(at, " ");
		at += starts(at, " in ") ? 4 : 0;
	}
	function = (struct slice){ at, strcspn(at, " ") };
	at += function.len + (at[function.len] == ' ');
	/* The place may hold blanks; behind it stand module and build id. */
	end = at + strlen(at);
	for (const char *p; (p = memrchr(at, '(', (size_t)(end - at))) &&
			    p > at && p[-1] == ' ' &&
			    is_noise(p, (size_t)(end - p));)
		end = p - 1;
	place = (struct slice){ at, (size_t)(end - at) };
	if (!function.len || !is_readers_own(place, label))
		return false;
	add_place(out, place, label);
	/* Functions that cnb made of a cell's statements have no name to show.
	 */
	if (!slice_starts(function, "cnb__"))
		buf_addf(out, " in %.*s()", (int)function.len, function.at);
	return true;
}

/* ---- one report ---- */

/* Lines in front of a stack, and lines that say something by themselves. */
static const char *const headings[] = {
	"freed by thread",
	"previously allocated by thread",
	"allocated by thread",
	"Thread T",
	"Direct leak of",
	"Indirect leak of",
	"Read of size",
	"Write of size",
	"Atomic read of size",
	"Atomic write of size",
	"Previous ",
	"Concurrent ",
	"Location is ",
	"Mutex M",
	"As if synchronized via",
};

struct reading {
	const char *label;
	struct finding *first;
	struct buf heading; /* of the stack that follows */
	struct buf last;    /* frame told last, and how often again */
	size_t again;
	bool race;
	int accesses;
};

static bool
is_heading(const char *line)
{
	for (size_t i = 0; i < countof(headings); i++)
		if (starts(line, headings[i]))
			return true;
	return strstr(line, " is located ") && !strstr(line, "'cnb__");
}

static void
add_trace(struct reading *r, const char *text)
{
	if (r->first->traceback.count < TRACE_MOST)
		strs_add(&r->first->traceback, text);
}

/* A recursion is told once. */
static void
flush_repeats(struct reading *r)
{
	struct buf words = { 0 };

	if (r->again) {
		buf_addf(&words, "... %zu more times", r->again);
		add_trace(r, buf_str(&words));
	}
	r->again = 0;
	buf_release(&words);
}

static void
take_frame(struct reading *r, const char *line)
{
	struct buf frame = { 0 };

	if (!read_frame(&frame, line, r->label))
		goto out;
	if (!r->heading.len && r->last.len &&
	    !strcmp(buf_str(&frame), buf_str(&r->last))) {
		r->again++;
		goto out;
	}
	flush_repeats(r);
	if (r->heading.len)
		add_trace(r, r->heading.data);
	buf_clear(&r->heading);
	add_trace(r, buf_str(&frame));
	buf_clear(&r->last);
	buf_add_slice(&r->last, buf_slice(&frame));
out:
	buf_release(&frame);
}

static void
take_heading(struct reading *r, const char *line)
{
	struct buf words = { 0 };
	size_t n;

	flush_repeats(r);
	buf_clear(&r->last);
	buf_clear(&r->heading);
	add_scrubbed(&words, line, r->label);
	n = words.len;
	if (n && (words.data[n - 1] == ':' ||
		  (n > 9 && !strcmp(words.data + n - 9, " in frame")))) {
		buf_add_slice(&r->heading, buf_slice(&words));
	} else if (n) {
		add_trace(r, words.data);
	}
	buf_release(&words);
}

/* "    [32, 44) 'a' (line 2) <== Memory access at offset 44 overflows this
 * variable" */
static void
take_variable(struct reading *r, const char *line)
{
	const char *name = strchr(line, '\'');
	const char *arrow = strstr(line, " <== Memory access");
	struct buf words = { 0 };

	if (!name || !arrow || name > arrow)
		return;
	buf_add(&words, name, (size_t)(arrow - name));
	buf_addf(&words, ": m%s", arrow + strlen(" <== M"));
	add_trace(r, buf_str(&words));
	buf_release(&words);
}

/* One line behind the first; `mark` is that one. */
static void
take_line(struct reading *r, const struct mark *mark, const char *line)
{
	struct buf *words = &r->first->words;

	line += strspn(line, " ");
	if (*line == '#' && isdigit((unsigned char)line[1])) {
		take_frame(r, line);
	} else if (starts(line, "READ of size") ||
		   starts(line, "WRITE of size")) {
		if (!r->accesses++)
			add_access(words, line);
	} else if (strstr(line, "==The signal is caused by a ")) {
		if (!r->accesses++)
			add_access_of_signal(words, mark->kind, line);
	} else if (*line == '[') {
		take_variable(r, line);
	} else if (is_heading(line)) {
		if (r->race && r->accesses < 2 && strstr(line, " of size ") &&
		    !starts(line, "Location"))
			add_race(words, line, r->accesses++ ? ", " : ": ");
		take_heading(r, line);
	} else if (starts(line, "SUMMARY: ") && strstr(line, " leaked in ")) {
		const char *at = strstr(line, "Sanitizer: ");

		if (at)
			buf_addf(words, ": %.*s", (int)strcspn(at + 11, "."),
				 at + 11);
	}
}

/* "load of misaligned address 0x7ffe8efd75c5 for type 'int', ..." */
static void
add_without_address(struct buf *out, const char *text)
{
	const char *hex = strstr(text, " address 0x");

	if (hex) {
		buf_add(out, text, (size_t)(hex - text) + 8);
		text = hex + 11 + strspn(hex + 11, "0123456789abcdef");
	}
	buf_add_str(out, text);
}

static void
begin_report(struct reading *r, const struct mark *m, const char *line)
{
	struct buf place = { 0 };

	r->first->tool = m->tool;
	r->race = starts(m->kind, "data race");
	if (m->of_place) {
		const char *end = m->kind - strlen(runtime_error);
		const char *label =
			r->label && *r->label ? strstr(line, r->label) : NULL;
		const char *from = label && label < end ? label : line;

		add_place(&place, (struct slice){ from, (size_t)(end - from) },
			  r->label);
		add_trace(r, buf_str(&place));
		buf_release(&place);
		add_without_address(&r->first->words, m->kind);
	} else {
		add_kind(&r->first->words, m->kind, r->label);
	}
}

/* Behind an error told with its place, a frame of the same line says the
 * function too. */
static void
join_place(struct strs *traceback)
{
	size_t n;

	if (traceback->count < 2)
		return;
	n = strlen(traceback->at[0]);
	if (strncmp(traceback->at[1], traceback->at[0], n) != 0 ||
	    (traceback->at[1][n] && traceback->at[1][n] != ' '))
		return;
	free(traceback->at[0]);
	traceback->count--;
	memmove(traceback->at, traceback->at + 1,
		(traceback->count + 1) * sizeof *traceback->at);
}

void
findings_first(const struct findings *f, const char *label,
	       struct finding *first)
{
	struct reading r = { .label = label, .first = first };
	struct mark mark = { 0 }, next;
	char *text = mem_strdup(buf_str(&f->text)), *line = text, *end;

	*first = (struct finding){ 0 };
	for (; *line; line = end + 1) {
		end = strchr(line, '\n');
		*end = '\0';
		if (!find_mark(line, &next)) {
			if (mark.tool)
				take_line(&r, &mark, line);
			continue;
		}
		if (mark.tool)
			break;
		mark = next;
		begin_report(&r, &mark, line);
	}
	flush_repeats(&r);
	if (mark.of_place)
		join_place(&first->traceback);
	if (f->count > 1)
		buf_addf(&first->words, "; and %zu more", f->count - 1);
	buf_release(&r.heading);
	buf_release(&r.last);
	free(text);
}

void
finding_release(struct finding *first)
{
	buf_release(&first->words);
	strs_release(&first->traceback);
	*first = (struct finding){ 0 };
}
