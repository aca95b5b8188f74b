/* record_read.c: a record from its JSON. Floor 2. A notebook is made of its
 * cells first, by the notebook reader; then each cell gets back what became of
 * it. What is null or of another type than it should be is not known. */
#include "format/record_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "base/mem.h"
#include "base/text.h"
#include "format/json.h"
#include "format/nbformat.h"
#include "format/nbformat_output.h"
#include "model/signal_names.h"

#define KEY "\"cnb_record\""
#define LOOK_AT 256 /* bytes, within which the key stands */

bool
record_read_is(struct slice text)
{
	size_t len = text.len < LOOK_AT ? text.len : LOOK_AT;

	return memmem(text.at, len, KEY, strlen(KEY)) != NULL;
}

/* --- values --------------------------------------------------------------- */

/* A string's text, to be free()d; NULL: not there. */
static char *
string_of(struct json object, const char *key)
{
	struct buf text = { 0 };
	struct json value;

	if (!json_find(object, key, &value) || value.type != JSON_STRING)
		return NULL;
	json_unescape(&text, value.text);
	return buf_take(&text);
}

static bool
number_of(struct json object, const char *key, double *number)
{
	struct json value;
	char text[64];

	if (!json_find(object, key, &value) || value.type != JSON_NUMBER ||
	    value.text.len >= sizeof text)
		return false;
	memcpy(text, value.text.at, value.text.len);
	text[value.text.len] = '\0';
	*number = strtod(text, NULL);
	return *number > -9e18 && *number < 9e18;
}

static int64_t
integer_of(struct json object, const char *key)
{
	double number;

	return number_of(object, key, &number) ? (int64_t)number : -1;
}

static int64_t
ns_of(struct json object, const char *key)
{
	double ms;

	if (!number_of(object, key, &ms) || ms < 0 || ms > 9e12)
		return -1;
	return (int64_t)(ms * 1e6 + 0.5);
}

static bool
flag_of(struct json object, const char *key)
{
	struct json value;

	return json_find(object, key, &value) && value.type == JSON_TRUE;
}

static int64_t
time_of(struct json object, const char *key)
{
	char *text = string_of(object, key);
	int64_t ns = text ? json_parse_time(text) : 0;

	free(text);
	return ns;
}

/* The text of one stream, exactly, where that is told. */
static bool
bytes_of(struct json object, const char *key, const char *exact,
	 struct buf *out)
{
	struct json value;
	struct buf coded = { 0 };
	bool ok;

	if (json_find(object, exact, &value) && json_joined(&coded, value)) {
		ok = text_unbase64(out, buf_slice(&coded));
		buf_release(&coded);
		return ok;
	}
	buf_release(&coded);
	return json_find(object, key, &value) && json_joined(out, value);
}

/* --- the notebook --------------------------------------------------------- */

static void
copy(struct json_out *j, struct json object, const char *from, const char *to,
     enum json_type type)
{
	struct json value;

	if (!json_find(object, from, &value) || value.type != type)
		return;
	json_key(j, to);
	json_raw(j, value.text);
}

static void
put_cell(struct json_out *j, struct json cell)
{
	struct json value;

	json_open(j, '{');
	json_key(j, "cell_type");
	json_str(j, "code");
	json_key(j, "metadata");
	json_open(j, '{');
	copy(j, cell, "name", "name", JSON_STRING);
	json_close(j, '}');
	copy(j, cell, "id", "id", JSON_STRING);
	json_key(j, "execution_count");
	if (json_find(cell, "execution_count", &value) &&
	    value.type == JSON_NUMBER)
		json_raw(j, value.text);
	else
		json_null(j);
	json_key(j, "source");
	if (json_find(cell, "source", &value) && value.type == JSON_STRING)
		json_raw(j, value.text);
	else
		json_str(j, "");
	json_key(j, "outputs");
	if (json_find(cell, "outputs", &value) && value.type == JSON_ARRAY)
		json_raw(j, value.text);
	else
		json_raw(j, slice_of("[]"));
	json_close(j, '}');
}

static int
make_notebook(struct notebook *nb, struct json root, struct json cells,
	      const char *path, struct err *e)
{
	struct buf text = { 0 };
	struct json_out j;
	struct json_walk w;
	struct json cell;
	char *name = string_of(root, "notebook");
	int rc;

	json_begin(&j, &text, 1, 0);
	json_open(&j, '{');
	json_key(&j, "cells");
	json_open(&j, '[');
	for (w = json_enter(cells); json_next(&w, NULL, &cell);)
		if (cell.type == JSON_OBJECT)
			put_cell(&j, cell);
	json_close(&j, ']');
	json_key(&j, "metadata");
	json_raw(&j, slice_of("{}"));
	json_key(&j, "nbformat");
	json_int(&j, 4);
	json_key(&j, "nbformat_minor");
	json_int(&j, 5);
	json_close(&j, '}');
	buf_add_byte(&text, '\n');
	rc = nbformat_read(nb, path, buf_str(&text), text.len, e);
	if (rc == 0 && name)
		nb->name = nb->path = arena_str(&nb->arena, name);
	free(name);
	buf_release(&text);
	return rc;
}

/* --- cells ---------------------------------------------------------------- */

static void
drop_texts(struct record_cell *c)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->noutputs; i++) {
		if (c->outputs[i].kind == OUT_TEXT)
			output_release(&c->outputs[i]);
		else
			c->outputs[kept++] = c->outputs[i];
	}
	c->noutputs = kept;
}

static void
read_author(struct author *who, struct json write)
{
	char *comm = string_of(write, "name");
	int64_t pid = integer_of(write, "pid"), tid = integer_of(write, "tid");

	*who = author_unknown;
	who->pid = pid > 0 ? (int)pid : 0;
	who->tid = tid > 0 ? (int)tid : 0;
	who->at_ns = ns_of(write, "t_ms");
	if (comm)
		snprintf(who->comm, sizeof who->comm, "%s", comm);
	free(comm);
}

static void
read_write(struct record_cell *c, struct json write)
{
	char *stream = string_of(write, "stream");
	enum stream which = stream && !strcmp(stream, "stderr") ? STREAM_STDERR
								: STREAM_STDOUT;
	struct output *o = c->noutputs ? &c->outputs[c->noutputs - 1] : NULL;
	struct author who;

	free(stream);
	if (!o || o->stream != which) {
		o = record_output(c, OUT_TEXT);
		o->stream = which;
	}
	read_author(&who, write);
	marks_write(&o->marks, o->bytes.len, &who, false);
	bytes_of(write, "text", "text_base64", &o->bytes);
}

/* With a timeline, its writes are the text: told apart, and not folded as
 * nbformat's outputs are. They come first; where a display stood among them
 * is not told. */
static void
read_timeline(struct record_cell *c, struct json writes)
{
	struct output *others;
	struct json_walk w;
	struct json write;
	size_t nothers;

	drop_texts(c);
	others = c->outputs;
	nothers = c->noutputs;
	c->outputs = NULL;
	c->noutputs = 0;
	c->timeline = true;
	for (w = json_enter(writes); json_next(&w, NULL, &write);)
		if (write.type == JSON_OBJECT)
			read_write(c, write);
	for (size_t i = 0; i < nothers; i++)
		*mem_push(c->outputs, c->noutputs) = others[i];
	free(others);
	for (size_t i = 0; i < c->noutputs; i++)
		if (c->outputs[i].kind == OUT_TEXT)
			c->writes += (int64_t)c->outputs[i].marks.count;
}

static void
read_runs(struct cell_end *end, struct json cell)
{
	struct json runs, run;
	struct json_walk w;
	int *list = NULL;

	if (!json_find(cell, "runs", &runs) || runs.type != JSON_ARRAY)
		return;
	for (w = json_enter(runs); json_next(&w, NULL, &run);)
		if (run.type == JSON_NUMBER)
			*mem_push(list, end->nruns) = atoi(run.text.at);
	end->runs = list;
}

static void
read_end(struct record_cell *c, struct json cell)
{
	struct cell_end *end = &c->end;
	char *status = string_of(cell, "status");
	char *signal = string_of(cell, "signal");
	int64_t dropped = integer_of(cell, "output_dropped");

	c->status_known = status && cell_status_from_name(status, &end->status);
	if (!c->status_known)
		end->status = STATUS_NOT_RUN;
	end->exit_status = (int)integer_of(cell, "exit_status");
	if (signal && signal_from_name(signal) > 0)
		end->signal = signal_from_name(signal);
	end->duration_ns = ns_of(cell, "duration_ms");
	end->cpu_ns = ns_of(cell, "cpu_ms");
	end->max_rss_kb = integer_of(cell, "max_rss_kb");
	end->threads_left = (int)integer_of(cell, "threads_left");
	end->children_left = (int)integer_of(cell, "children_left");
	end->expected = flag_of(cell, "expected");
	end->excused = flag_of(cell, "excused");
	end->output_dropped = dropped > 0 ? dropped : 0;
	read_runs(end, cell);
	free(status);
	free(signal);
}

static void
read_restored(struct record_cell *c, struct json cell)
{
	struct json restored;
	int64_t cells;

	if (!json_find(cell, "restored", &restored) ||
	    restored.type != JSON_OBJECT)
		return;
	cells = integer_of(restored, "cells");
	c->restored = true;
	c->replayed = cells > 0 ? (int)cells : 0;
	c->replay_why = string_of(restored, "because");
	c->replay_differs = string_of(restored, "differs");
}

static void
read_left(struct record_cell *c, struct json cell)
{
	struct json list, one;
	struct json_walk w;

	if (!json_find(cell, "left", &list) || list.type != JSON_ARRAY)
		return;
	for (w = json_enter(list); json_next(&w, NULL, &one);) {
		struct left *l;
		char *thread;

		if (one.type != JSON_OBJECT)
			continue;
		l = mem_push(c->left, c->nleft);
		thread = string_of(one, "thread");
		l->thread = thread != NULL;
		l->name = thread ? thread : string_of(one, "process");
		l->id = (int)integer_of(one, thread ? "tid" : "pid");
		if (!l->name)
			l->name = mem_strdup("");
	}
}

/* They stand there as error outputs do, and are read as those are. */
static void
read_crashes(struct record_cell *c, struct json cell)
{
	struct record_cell aside = { .cell = c->cell };
	struct json list;

	if (!json_find(cell, "child_crashes", &list) || list.type != JSON_ARRAY)
		return;
	nbformat_read_outputs(&aside, list);
	c->crashes = aside.outputs;
	c->ncrashes = aside.noutputs;
}

static void
read_cell(struct record_cell *c, struct json cell)
{
	char *kind = string_of(cell, "kind");
	char *order = string_of(cell, "stream_order");
	struct json writes;

	if (c->recorded.len)
		nbformat_read_outputs(c,
				      (struct json){ JSON_ARRAY, c->recorded });
	c->kind_known = kind && cell_kind_from_name(kind, &c->kind);
	c->known = true;
	c->started_ns = time_of(cell, "started");
	read_end(c, cell);
	c->reached = c->ended = c->status_known &&
				c->cell->execution_count >= 0 &&
				c->end.status != STATUS_SKIPPED;
	c->quiet = flag_of(cell, "quiet");
	c->output_bytes = integer_of(cell, "output_bytes");
	c->diagnostics = string_of(cell, "diagnostics");
	c->background = string_of(cell, "background");
	c->unordered = order && !strcmp(order, "approximate");
	c->recorded = (struct slice){ NULL, 0 };
	read_restored(c, cell);
	read_left(c, cell);
	read_crashes(c, cell);
	if (json_find(cell, "timeline", &writes) && writes.type == JSON_ARRAY)
		read_timeline(c, writes);
	free(kind);
	free(order);
}

/* --- the whole ------------------------------------------------------------ */

static void
read_build(struct record *r, struct json root)
{
	struct json build, flags, flag;
	struct json_walk w;

	if (!json_find(root, "build", &build) || build.type != JSON_OBJECT)
		return;
	r->built = true;
	r->cc = string_of(build, "cc");
	r->cached = flag_of(build, "cached");
	r->build_ns = ns_of(build, "duration_ms");
	if (!json_find(build, "cflags", &flags) || flags.type != JSON_ARRAY)
		return;
	for (w = json_enter(flags); json_next(&w, NULL, &flag);) {
		struct buf text = { 0 };

		if (json_joined(&text, flag))
			strs_add(&r->cflags, buf_str(&text));
		buf_release(&text);
	}
}

static void
read_limits(struct record *r, struct json root)
{
	const struct {
		const char *key;
		int64_t *value;
	} all[] = {
		{ "timeout_ms", &r->limits.timeout_ms },
		{ "deadline_ms", &r->limits.deadline_ms },
		{ "memory", &r->limits.memory },
		{ "processes", &r->limits.processes },
		{ "files", &r->limits.files },
		{ "output", &r->output_limit },
	};
	struct json limits;

	if (!json_find(root, "limits", &limits) || limits.type != JSON_OBJECT)
		return;
	for (size_t i = 0; i < countof(all); i++) {
		int64_t value = integer_of(limits, all[i].key);

		*all[i].value = value > 0 ? value : 0;
	}
}

static int
check(struct slice text, struct json *root, struct json *cells,
      const char *path, struct err *e)
{
	if (json_check(text, root, NULL, e) < 0)
		return err_prefix(e, "cannot read '%s': ", path);
	if (root->type != JSON_OBJECT || !json_find(*root, "cells", cells) ||
	    cells->type != JSON_ARRAY)
		return err_input(e, "cannot read '%s': a record without cells",
				 path);
	if (integer_of(*root, "cnb_record") != 1)
		return err_input(e,
				 "cannot read '%s': a record of another "
				 "version than 1",
				 path);
	return 0;
}

int
record_read(struct record *r, struct notebook *nb, const char *path,
	    struct slice text, struct err *e)
{
	struct json root, cells, cell;
	struct json_walk w;
	size_t i = 0;

	*r = (struct record){ 0 };
	notebook_init(nb);
	if (check(text, &root, &cells, path, e) < 0 ||
	    make_notebook(nb, root, cells, path, e) < 0)
		return -1;
	record_init(r, nb);
	nbformat_recorded(r, nb);
	/* What the record says of them beside the notebook's JSON is put in. */
	r->read_recorded = NULL;
	r->started_ns = time_of(root, "started");
	r->exported = r->started_ns <= 0;
	r->duration_ns = ns_of(root, "duration_ms");
	read_build(r, root);
	read_limits(r, root);
	for (w = json_enter(cells); json_next(&w, NULL, &cell);)
		if (cell.type == JSON_OBJECT)
			read_cell(&r->cells[i++], cell);
	return 0;
}
