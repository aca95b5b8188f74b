/* repeat.c: many runs of one cell, and the set of what came of them. Floor 4.
 * While they run, a sink of its own stands in place of the others. */
#include "exec/repeat.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "exec/abreast.h"
#include "exec/run.h"
#include "format/json.h"
#include "model/mask.h"
#include "sys/proc.h"

#define EXAMPLE_BYTES 4000 /* of an output that is shown */
#define SHOWN_MOST 10	   /* different outputs that are shown */

/* What one run, or several in the same way, came to. */
struct variant {
	int count, first; /* the first of them, from 1 */
	enum cell_status status;
	int exit_status, signal;
	char *ename, *evalue;	       /* NULL: none */
	struct buf text[STREAM_COUNT]; /* what it wrote */
	struct buf result;	       /* and gave, displays too */
	struct buf report; /* a sanitizer's: what stands on stderr, without what
			    * differs in every run; else empty */
};

struct repeat {
	struct sink sink; /* first */
	const struct emitter *out;
	struct variant now;
	struct variant *variants; /* [nvariants], by first appearance */
	size_t nvariants;
	int64_t *durations_ns; /* [runs] */
	int runs, bad;
	bool told_built, told_restored;
	struct masks masks; /* none before the first report */
};

static void
variant_release(struct variant *v)
{
	free(v->ename);
	free(v->evalue);
	for (int i = 0; i < STREAM_COUNT; i++)
		buf_release(&v->text[i]);
	buf_release(&v->result);
	buf_release(&v->report);
	*v = (struct variant){ 0 };
}

static bool
same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/* No two runs have the same numbers there. */
static const char *const report_masks[] = {
	"s/==[0-9]+==/==<id>==/",
	"s/\\b([pt]id)=[0-9]+/\\1=<id>/",
	"s/\\b0x[0-9a-f]+/<address>/",
};

static bool
is_report(const struct variant *v)
{
	static const char end[] = "Sanitizer";
	size_t n = v->ename ? strlen(v->ename) : 0;

	return n >= strlen(end) && !strcmp(v->ename + n - strlen(end), end);
}

static void
mask_report(struct repeat *p, struct variant *v)
{
	struct slice text = buf_slice(&v->text[STREAM_STDERR]);
	struct err e;

	if (!p->masks.count)
		for (size_t i = 0; i < countof(report_masks); i++)
			if (masks_add(&p->masks, report_masks[i], &e) < 0)
				abort(); /* they are our own */
	while (text.len) {
		const char *end = memchr(text.at, '\n', text.len);
		size_t n = end ? (size_t)(end - text.at) + 1 : text.len;

		if (n > MASKED_MAX)
			buf_add(&v->report, text.at, n);
		else
			masks_apply(&p->masks, (struct slice){ text.at, n },
				    &v->report);
		text.at += n;
		text.len -= n;
	}
}

static struct slice
errors_of(const struct variant *v)
{
	return buf_slice(v->report.len ? &v->report : &v->text[STREAM_STDERR]);
}

static bool
is_same(const struct variant *a, const struct variant *b)
{
	return a->status == b->status && a->exit_status == b->exit_status &&
	       a->signal == b->signal && same_text(a->ename, b->ename) &&
	       same_text(a->evalue, b->evalue) &&
	       slice_equal(buf_slice(&a->text[STREAM_STDOUT]),
			   buf_slice(&b->text[STREAM_STDOUT])) &&
	       slice_equal(errors_of(a), errors_of(b)) &&
	       slice_equal(buf_slice(&a->result), buf_slice(&b->result));
}

/* The run that is over is counted, as one more of its kind or as the first. */
static void
count_run(struct repeat *p, const struct cell_end *end)
{
	struct variant *v = &p->now;

	v->status = end->status;
	v->exit_status = end->exit_status;
	v->signal = end->signal;
	if (is_report(v))
		mask_report(p, v);
	p->durations_ns[p->runs++] = end->duration_ns;
	p->bad += cell_status_is_bad(v->status);
	for (size_t i = 0; i < p->nvariants; i++) {
		if (!is_same(&p->variants[i], v))
			continue;
		p->variants[i].count++;
		variant_release(v);
		return;
	}
	v->count = 1;
	v->first = p->runs;
	*mem_push(p->variants, p->nvariants) = *v;
	*v = (struct variant){ 0 };
}

static void
take_event(struct sink *sink, const struct event *ev)
{
	struct repeat *p = (struct repeat *)sink;

	/* What else concerns the runs one by one is not told. */
	if (ev->kind == EV_CELL_END) {
		count_run(p, &ev->end);
	} else if (ev->kind == EV_ERROR) {
		p->now.ename = mem_strdup(ev->error.ename);
		p->now.evalue = mem_strdup(ev->error.evalue);
	} else if (ev->kind == EV_TEXT) {
		buf_add_slice(&p->now.text[ev->text.stream], ev->text.bytes);
	} else if (ev->kind == EV_RESULT || ev->kind == EV_DISPLAY) {
		buf_add_slice(&p->now.result, ev->display.bytes);
		buf_add_byte(&p->now.result, '\n');
	} else if (ev->kind == EV_BUILT) {
		if (!p->told_built)
			emit(p->out, ev->cell, *ev);
		p->told_built = true;
	} else if (ev->kind == EV_RESTORED && ev->restored.cells) {
		if (!p->told_restored)
			emit(p->out, ev->cell, *ev);
		p->told_restored = true;
	}
}

/* the answer */

static int
by_count(const void *a, const void *b)
{
	const struct variant *x = a, *y = b;

	return x->count != y->count ? y->count - x->count : x->first - y->first;
}

static int
by_size(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void
add_example(struct buf *out, struct slice text)
{
	size_t len = text.len < EXAMPLE_BYTES ? text.len : EXAMPLE_BYTES;

	for (size_t i = 0; i < len;) {
		const char *end = memchr(text.at + i, '\n', len - i);
		size_t n = end ? (size_t)(end - text.at) - i : len - i;

		buf_add_str(out, "    ");
		buf_add(out, text.at + i, n);
		buf_add_byte(out, '\n');
		i += n + 1;
	}
	if (len < text.len)
		buf_addf(out, "    ... %zu bytes more\n", text.len - len);
}

static void
add_variant(struct buf *out, const struct variant *v)
{
	buf_addf(out, "%d %s: %s", v->count, v->count == 1 ? "run" : "runs",
		 cell_status_name(v->status));
	if (v->ename)
		buf_addf(out, ", %s: %s", v->ename, v->evalue);
	buf_add_byte(out, '\n');
	for (int i = 0; i < STREAM_COUNT; i++)
		add_example(out, buf_slice(&v->text[i]));
	add_example(out, buf_slice(&v->result));
}

static void
add_words(struct buf *out, const struct repeat *p)
{
	size_t n = p->nvariants;

	if (n == 1)
		buf_addf(out, "the same output in %d runs", p->runs);
	else
		buf_addf(out, "%zu different outputs in %d runs", n, p->runs);
	buf_add_str(out, ", each ");
	text_add_duration(out, p->durations_ns[0]);
	buf_add_str(out, " to ");
	text_add_duration(out, p->durations_ns[p->runs - 1]);
	buf_add_str(out, ", half of them within ");
	text_add_duration(out, p->durations_ns[p->runs / 2]);
	buf_add_byte(out, '\n');
}

/* Only one, where the run's time was over after it. */
static void
add_word(struct buf *out, const struct repeat *p)
{
	buf_add_str(out, "one run, in ");
	text_add_duration(out, p->durations_ns[0]);
	buf_add_byte(out, '\n');
}

static void
add_variants(struct buf *out, const struct repeat *p)
{
	size_t n = p->nvariants;

	for (size_t i = 0; i < n && i < SHOWN_MOST; i++)
		add_variant(out, &p->variants[i]);
	if (n > SHOWN_MOST)
		buf_addf(out, "and %zu more, each in fewer runs\n",
			 n - SHOWN_MOST);
}

static void
put_text(struct json_out *j, const char *key, const struct buf *text)
{
	json_key(j, key);
	json_bytes(j, buf_str(text), text->len);
}

static void
put_variant(struct json_out *j, const struct variant *v)
{
	json_open(j, '{');
	json_key(j, "runs");
	json_int(j, v->count);
	json_key(j, "first");
	json_int(j, v->first);
	json_key(j, "status");
	json_str(j, cell_status_name(v->status));
	json_key(j, "exit_status");
	if (v->exit_status < 0)
		json_null(j);
	else
		json_int(j, v->exit_status);
	json_key(j, "error");
	json_str(j, v->ename);
	json_key(j, "evalue");
	json_str(j, v->evalue);
	put_text(j, "stdout", &v->text[STREAM_STDOUT]);
	put_text(j, "stderr", &v->text[STREAM_STDERR]);
	put_text(j, "result", &v->result);
	json_close(j, '}');
}

static void
add_json(struct buf *out, const struct repeat *p)
{
	struct json_out j;

	json_begin(&j, out, 1, 0);
	json_open(&j, '{');
	json_key(&j, "runs");
	json_int(&j, p->runs);
	json_key(&j, "different");
	json_int(&j, (int64_t)p->nvariants);
	json_key(&j, "bad");
	json_int(&j, p->bad);
	json_key(&j, "shortest_ms");
	json_ms(&j, p->durations_ns[0]);
	json_key(&j, "median_ms");
	json_ms(&j, p->durations_ns[p->runs / 2]);
	json_key(&j, "longest_ms");
	json_ms(&j, p->durations_ns[p->runs - 1]);
	json_key(&j, "outputs");
	json_open(&j, '[');
	for (size_t i = 0; i < p->nvariants; i++)
		put_variant(&j, &p->variants[i]);
	json_close(&j, ']');
	json_close(&j, '}');
}

/* What cannot be built has no runs that could be told, or counted. */
static bool
has_run(const struct repeat *p)
{
	return p->runs && p->variants[0].status != STATUS_BUILD_ERROR;
}

static void
tell(struct run *r, const struct cell_info *c, struct repeat *p)
{
	struct event ev = { .kind = EV_DISPLAY };
	struct buf words = { 0 }, json = { 0 };

	if (!has_run(p))
		return;
	qsort(p->variants, p->nvariants, sizeof *p->variants, by_count);
	qsort(p->durations_ns, (size_t)p->runs, sizeof *p->durations_ns,
	      by_size);
	if (p->runs == 1)
		add_word(&words, p);
	else
		add_words(&words, p);
	add_variants(&words, p);
	add_json(&json, p);
	ev.display.mime = "text/plain";
	ev.display.bytes = buf_slice(&words);
	emit(&r->emitter, c->cell->number, ev);
	ev.display.mime = EVENT_REPEAT_MIME;
	ev.display.bytes = buf_slice(&json);
	emit(&r->emitter, c->cell->number, ev);
	buf_release(&words);
	buf_release(&json);
}

/* The cell is as bad as the first bad run; the words say of how many. */
static void
judge(const struct repeat *p, struct cell_result *res)
{
	struct verdict *v = &res->verdict;

	if (!p->bad || v->status == STATUS_INTERRUPTED || !has_run(p))
		return;
	verdict_release(v);
	verdict_failed(v, "Repeat", "");
	buf_addf(&v->evalue, "%d of %d runs did not do well", p->bad, p->runs);
}

int
repeat_count(const struct run *r, const struct cell_info *c)
{
	if (c->kind == KIND_EMPTY ||
	    (c->kind == KIND_FILE && !c->options->run.count) ||
	    c->options->background || r->replaying || r->repeating)
		return 1;
	if (r->how->repeat && !r->quiet)
		return (int)r->how->repeat;
	return c->options->repeat ? c->options->repeat : 1;
}

int
repeat_once(struct run *r, const struct cell_info *c, struct cell_result *res,
	    struct err *e)
{
	r->past.spoiled |= r->past.host != 0;
	return cellrun(r, c, res, e);
}

void
repeat_tell_end(struct run *r, const struct cell_info *c,
		const struct cell_result *res)
{
	const struct verdict *v = &res->verdict;
	struct event ev = { .kind = EV_CELL_END };

	if (v->ename)
		emit_error(&r->emitter, c->cell->number, v->ename,
			   buf_str(&v->evalue), &v->traceback);
	ev.end.status = v->status;
	ev.end.exit_status = v->exit_status;
	ev.end.signal = v->signal;
	ev.end.duration_ns = res->outcome.duration_ns;
	emit(&r->emitter, c->cell->number, ev);
}

/* Another run here; true: there may be more. The first one is from the state
 * as it is. */
static bool
once(struct run *r, const struct cell_info *c, bool first,
     struct cell_result *res, int *rc, struct err *e)
{
	if (!first)
		cell_result_release(res);
	*rc = first ? cellrun(r, c, res, e) : repeat_once(r, c, res, e);
	if (*rc < 0 || res->verdict.status == STATUS_INTERRUPTED)
		return false;
	repeat_tell_end(r, c, res);
	return res->verdict.status != STATUS_BUILD_ERROR &&
	       !r->supervisor.run_is_over;
}

/* Those after the first, for which it was built, and the state above it kept.
 * So many are left then. */
static int
run_abreast(struct run *r, const struct cell_info *c, int left,
	    struct repeat *p, int *rc, struct err *e)
{
	size_t most = left > 1 ? abreast_most(r, c) : 1;
	int told;

	if (most <= 1)
		return left;
	*rc = abreast_run(r, c, left, most, &p->sink, &told, e);
	if (*rc == 0 && proc_interrupted())
		*rc = err_system(e, "interrupted");
	return left - told;
}

int
repeat_run(struct run *r, const struct cell_info *c, int count,
	   struct cell_result *res, struct err *e)
{
	const struct emitter out = r->emitter;
	struct repeat p = { .sink = { take_event }, .out = &out };
	struct sink *sinks[] = { &p.sink, NULL };
	int rc = 0, left = count - 1;
	bool more;

	p.durations_ns = mem_alloc((size_t)count, sizeof *p.durations_ns);
	r->repeating = true;
	r->emitter.sinks = sinks;
	more = once(r, c, true, res, &rc, e);
	if (more)
		left = run_abreast(r, c, left, &p, &rc, e);
	while (more && rc == 0 && left-- > 0 && !r->supervisor.run_is_over)
		more = once(r, c, false, res, &rc, e);
	r->emitter = out;
	r->repeating = false;
	tell(r, c, &p);
	if (rc == 0)
		judge(&p, res);
	for (size_t i = 0; i < p.nvariants; i++)
		variant_release(&p.variants[i]);
	variant_release(&p.now);
	masks_release(&p.masks);
	free(p.variants);
	free(p.durations_ns);
	return rc;
}
