/* junit.c: a JUnit report. Floor 2. What did not do what it should is a
 * failure, what could not be done (a crash, no build, a limit) is an error;
 * both count. Colours go; control characters, which XML cannot hold, appear as
 * pictures. */
#include "format/junit.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>
#include "base/ansi.h"
#include "base/mem.h"
#include "base/utf8.h"

#define NS_PER_S 1000000000
#define STEP (ptrdiff_t)65536 /* of text at a time */

/* --- XML ------------------------------------------------------------------ */

/* What goes through as it is. Above ASCII: not the bytes that begin a
 * character which allowed() may change. */
static bool
is_plain(char c, bool attribute)
{
	unsigned char b = (unsigned char)c;

	return (b >= 0x20 && b < 0x7f && b != '<' && b != '&' && b != '>' &&
		b != '"') ||
	       ((b == '\n' || b == '\t') && !attribute) ||
	       (b >= 0x80 && b < 0xef && b != 0xc2);
}

static const char *
entity_of(uint32_t point, bool attribute)
{
	switch (point) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return attribute ? "&quot;" : NULL;
	case '\n':
		return attribute ? "&#10;" : NULL;
	case '\t':
		return attribute ? "&#9;" : NULL;
	default:
		return NULL;
	}
}

/* XML 1.0 (2.2 Char) without the control characters that it advises against. */
static uint32_t
allowed(uint32_t point)
{
	if (point == '\n' || point == '\t')
		return point;
	if (point < 0x20)
		return 0x2400 + point;
	if (point == 0x7f)
		return 0x2421;
	if ((point >= 0x80 && point <= 0x9f) || (point & 0xfffe) == 0xfffe)
		return 0xfffd;
	return point;
}

static void
put_valid(struct buf *out, const char *p, const char *end, bool attribute)
{
	while (p < end) {
		const char *stop = end - p > STEP ? p + STEP : end, *entity;
		const char *start = p;
		uint32_t point;

		while (p < stop && is_plain(*p, attribute))
			p++;
		buf_add(out, start, (size_t)(p - start));
		if (p == stop)
			continue;
		/* the end of a line as MS-DOS has it */
		if (*p == '\r' && end - p > 1 && p[1] == '\n') {
			p++;
			continue;
		}
		p += utf8_decode(p, (size_t)(end - p), &point);
		entity = entity_of(point, attribute);
		if (entity)
			buf_add_str(out, entity);
		else
			utf8_encode(out, allowed(point));
	}
}

static void
put_escaped(struct buf *out, struct slice text, bool attribute)
{
	struct buf valid = { 0 };

	text = utf8_valid(text, &valid);
	put_valid(out, text.at, text.at + text.len, attribute);
	buf_release(&valid);
}

static void
put_text(struct buf *out, struct slice text)
{
	struct buf plain = { 0 };

	text = ansi_plain(text, &plain);
	put_escaped(out, text, false);
	buf_release(&plain);
}

static void
put_attribute(struct buf *out, const char *name, const char *value)
{
	buf_addf(out, " %s=\"", name);
	put_escaped(out, slice_of(value), true);
	buf_add_byte(out, '"');
}

/* Seconds; not known: left out. */
static void
put_seconds(struct buf *out, int64_t ns)
{
	if (ns >= 0)
		buf_addf(out, " time=\"%" PRId64 ".%06" PRId64 "\"",
			 ns / NS_PER_S, ns % NS_PER_S / 1000);
}

/* --- verdicts ------------------------------------------------------------- */

static enum junit_verdict
verdict_of(const struct record_cell *c)
{
	static const enum junit_verdict verdicts[STATUS_COUNT] = {
		[STATUS_OK] = JUNIT_PASSED,
		[STATUS_FAILED] = JUNIT_FAILURE,
		[STATUS_CRASHED] = JUNIT_ERROR,
		[STATUS_TIMEOUT] = JUNIT_ERROR,
		[STATUS_LIMIT] = JUNIT_ERROR,
		[STATUS_BUILD_ERROR] = JUNIT_ERROR,
		[STATUS_INTERRUPTED] = JUNIT_ERROR,
		[STATUS_SKIPPED] = JUNIT_SKIPPED,
		[STATUS_NOT_RUN] = JUNIT_SKIPPED,
	};

	return c->end.excused ? JUNIT_PASSED : verdicts[c->end.status];
}

static const struct output *
error_of(const struct record_cell *c)
{
	for (size_t i = 0; i < c->noutputs; i++)
		if (c->outputs[i].kind == OUT_ERROR)
			return &c->outputs[i];
	return NULL;
}

/* By what became of the cell; *text holds the traceback. */
static struct junit_case
judge(const struct record_cell *c, struct buf *text)
{
	const char *status = cell_status_name(c->end.status);
	struct junit_case one = { verdict_of(c), status, status };
	const struct output *o = error_of(c);

	if (one.verdict == JUNIT_SKIPPED) {
		one.message = !c->status_known ? "no outcome is recorded"
			      : c->end.status == STATUS_SKIPPED
				      ? "skipped"
				      : "not run: an earlier cell ended the "
					"run";
		return one;
	}
	if (o && o->evalue && *o->evalue)
		one.message = o->evalue;
	if (o && o->ename && *o->ename)
		one.type = o->ename;
	for (size_t i = 0; o && i < o->traceback.count; i++)
		buf_addf(text, "%s\n", o->traceback.at[i]);
	one.text = buf_slice(text);
	return one;
}

struct tally {
	int tests, of[JUNIT_COUNT];
};

static void
count(struct tally *t, const struct junit_suite *s)
{
	for (size_t i = 0; i < s->r->ncells; i++) {
		t->tests++;
		t->of[s->cases ? s->cases[i].verdict
			       : verdict_of(&s->r->cells[i])]++;
	}
}

static void
put_tally(struct buf *out, const struct tally *t)
{
	buf_addf(out, " tests=\"%d\" failures=\"%d\" errors=\"%d\"", t->tests,
		 t->of[JUNIT_FAILURE], t->of[JUNIT_ERROR]);
}

/* --- cases ---------------------------------------------------------------- */

/* NULL: a verdict that needs no words. */
static const char *const words_of[JUNIT_COUNT] = {
	[JUNIT_FAILURE] = "failure",
	[JUNIT_ERROR] = "error",
	[JUNIT_SKIPPED] = "skipped",
};

static void
put_verdict(struct buf *out, const struct junit_case *c)
{
	const char *element = words_of[c->verdict];

	if (!element)
		return;
	buf_addf(out, "   <%s", element);
	put_attribute(out, "message", c->message);
	if (c->verdict == JUNIT_SKIPPED) {
		buf_add_str(out, "/>\n");
		return;
	}
	put_attribute(out, "type", c->type);
	buf_add_byte(out, '>');
	put_text(out, c->text);
	buf_addf(out, "</%s>\n", element);
}

static bool
has_text(const struct record_cell *c)
{
	for (size_t i = 0; i < c->noutputs; i++)
		if (c->outputs[i].kind == OUT_TEXT && c->outputs[i].bytes.len)
			return true;
	return false;
}

static void
put_stream(struct buf *out, const struct record_cell *c, enum stream stream)
{
	static const char *const elements[STREAM_COUNT] = {
		[STREAM_STDOUT] = "system-out",
		[STREAM_STDERR] = "system-err",
	};
	struct buf own;
	struct slice text = record_text(c, stream, &own);

	if (text.len) {
		buf_addf(out, "   <%s>", elements[stream]);
		put_text(out, text);
		buf_addf(out, "</%s>\n", elements[stream]);
	}
	buf_release(&own);
}

static void
put_case(struct buf *out, const struct junit_suite *s, size_t i,
	 const char *suite)
{
	struct record_cell look;
	const struct record_cell *c = record_look(s->r, i, &look);
	struct buf text = { 0 };
	struct junit_case one = s->cases ? s->cases[i] : judge(c, &text);

	buf_add_str(out, "  <testcase");
	put_attribute(out, "name", c->name);
	put_attribute(out, "classname", suite);
	put_seconds(out, c->end.duration_ns);
	if (!words_of[one.verdict] && !has_text(c)) {
		buf_add_str(out, "/>\n");
	} else {
		buf_add_str(out, ">\n");
		put_verdict(out, &one);
		put_stream(out, c, STREAM_STDOUT);
		put_stream(out, c, STREAM_STDERR);
		buf_add_str(out, "  </testcase>\n");
	}
	buf_release(&text);
	record_look_end(&look);
}

/* --- suites --------------------------------------------------------------- */

static void
put_property(struct buf *out, const char *name, const char *value)
{
	buf_add_str(out, "   <property");
	put_attribute(out, "name", name);
	put_attribute(out, "value", value);
	buf_add_str(out, "/>\n");
}

static void
put_properties(struct buf *out, const struct record *r)
{
	struct buf flags = { 0 };

	buf_add_str(out, "  <properties>\n");
	put_property(out, "notebook", r->nb->path);
	put_property(out, "language", r->nb->language);
	if (r->cc)
		put_property(out, "cc", r->cc);
	for (size_t i = 0; i < r->cflags.count; i++)
		buf_addf(&flags, "%s%s", i ? " " : "", r->cflags.at[i]);
	if (flags.len)
		put_property(out, "cflags", buf_str(&flags));
	buf_add_str(out, "  </properties>\n");
	buf_release(&flags);
}

/* Without a zone, as xs:dateTime of the schema has it; it is UTC. */
static void
put_timestamp(struct buf *out, int64_t ns)
{
	time_t seconds = (time_t)(ns / NS_PER_S);
	char text[32];
	struct tm tm;

	if (ns <= 0)
		return;
	gmtime_r(&seconds, &tm);
	strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);
	put_attribute(out, "timestamp", text);
}

static void
add_stem(struct buf *out, const char *name)
{
	size_t len = strlen(name), suffix = strlen(".ipynb");

	if (len > suffix && !strcmp(name + len - suffix, ".ipynb"))
		len -= suffix;
	buf_add(out, name, len);
}

/* The notebook's name; of several with that name, where it stands. */
static void
add_name(struct buf *out, const struct junit_suite *suites, size_t n,
	 const struct junit_suite *s)
{
	const struct notebook *nb = s->r->nb;
	bool shared = false;

	for (size_t i = 0; i < n && !shared; i++)
		shared = &suites[i] != s &&
			 !strcmp(suites[i].r->nb->name, nb->name);
	add_stem(out, shared ? nb->path : nb->name);
}

static void
put_suite(struct buf *out, const struct junit_suite *suites, size_t n,
	  const struct junit_suite *s)
{
	const struct record *r = s->r;
	struct tally t = { 0 };
	struct buf name = { 0 };

	add_name(&name, suites, n, s);
	count(&t, s);
	buf_add_str(out, " <testsuite");
	put_attribute(out, "name", buf_str(&name));
	put_tally(out, &t);
	buf_addf(out, " skipped=\"%d\"", t.of[JUNIT_SKIPPED]);
	put_seconds(out, r->duration_ns);
	put_timestamp(out, r->started_ns);
	buf_add_str(out, ">\n");
	put_properties(out, r);
	for (size_t i = 0; i < r->ncells; i++)
		put_case(out, s, i, buf_str(&name));
	buf_add_str(out, " </testsuite>\n");
	buf_release(&name);
}

void
junit_suites(struct buf *out, const struct junit_suite *suites, size_t n)
{
	struct tally t = { 0 };
	int64_t ns = 0;

	for (size_t i = 0; i < n; i++) {
		int64_t own = suites[i].r->duration_ns;

		count(&t, &suites[i]);
		/* times of records that were read may be anything */
		ns = ns < 0 || own < 0 || own > INT64_MAX - ns ? -1 : ns + own;
	}
	buf_add_str(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
			 "<testsuites name=\"cnb\"");
	put_tally(out, &t);
	put_seconds(out, ns);
	buf_add_str(out, ">\n");
	for (size_t i = 0; i < n; i++)
		put_suite(out, suites, n, &suites[i]);
	buf_add_str(out, "</testsuites>\n");
}

void
junit_write(struct buf *out, const struct record *const *records, size_t n)
{
	struct junit_suite *suites = mem_alloc(n + 1, sizeof *suites);

	for (size_t i = 0; i < n; i++)
		suites[i].r = records[i];
	junit_suites(out, suites, n);
	free(suites);
}
