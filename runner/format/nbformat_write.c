/* nbformat_write.c: a notebook with the outputs of a run, or without any.
 * Floor 2. It decides what changes in each cell; nbformat_splice.h changes it.
 * Nothing that differs between two equal runs is written, but with `timing`. */
#include "format/nbformat.h"

#include <stdio.h>
#include <stdlib.h>
#include "format/json.h"
#include "format/nbformat_output.h"
#include "format/nbformat_splice.h"
#include "model/signal_names.h"

#define MINOR_WITH_IDS 5

enum action {
	KEEP,  /* outputs, count and run stay */
	TAKE,  /* they become the record's */
	DROP,  /* not run: outputs and count go, run says so */
	CLEAR, /* all three go */
};

struct writer {
	const struct notebook *nb;
	const struct record *r; /* NULL: clearing, or nothing new */
	struct nbformat_save how;
	bool clearing;
	struct splices *splices;
};

static const struct span nowhere = { 0, 0 };

static bool
is_there(struct span s)
{
	return s.end != 0;
}

static const struct record_cell *
record_of(const struct writer *w, const struct nb_cell *c)
{
	return &w->r->cells[c->number - 1];
}

static enum action
action_for(const struct writer *w, const struct nb_cell *c)
{
	const struct record_cell *rc;

	if (w->clearing)
		return CLEAR;
	if (!w->r || w->r->exported)
		return KEEP;
	rc = record_of(w, c);
	if (rc->quiet || rc->end.status == STATUS_SKIPPED)
		return KEEP;
	if (w->how.partial && !rc->ended)
		return KEEP;
	return rc->reached ? TAKE : DROP;
}

/* --- values -------------------------------------------------------------- */

static void
put_null(struct json_out *j, const void *self, const void *item)
{
	(void)self;
	(void)item;
	json_null(j);
}

static void
put_empty_list(struct json_out *j, const void *self, const void *item)
{
	(void)self;
	(void)item;
	json_open(j, '[');
	json_close(j, ']');
}

static void
put_empty_object(struct json_out *j, const void *self, const void *item)
{
	(void)self;
	(void)item;
	json_open(j, '{');
	json_close(j, '}');
}

static void
put_minor(struct json_out *j, const void *self, const void *item)
{
	(void)self;
	(void)item;
	json_int(j, MINOR_WITH_IDS);
}

static void
put_id(struct json_out *j, const void *self, const void *item)
{
	const struct nb_cell *c = item;

	(void)self;
	json_str(j, c->id);
}

static void
put_count(struct json_out *j, const void *self, const void *item)
{
	const struct nb_cell *c = item;

	(void)self;
	json_int(j, c->number);
}

static void
put_outputs(struct json_out *j, const void *self, const void *item)
{
	const struct nb_cell *c = item;

	nbformat_outputs(j, record_of(self, c), c->number);
}

/* An absent member in the order of its key, as in the others below. */
static void
put_run(struct json_out *j, const void *self, const void *item)
{
	const struct writer *w = self;
	const struct record_cell *rc = record_of(w, item);
	const struct cell_end *end = &rc->end;
	bool timing = w->how.timing && rc->reached;

	json_open(j, '{');
	if (timing) {
		json_key(j, "cpu_ms");
		json_ms(j, end->cpu_ns);
		json_key(j, "duration_ms");
		json_ms(j, end->duration_ns);
	}
	json_key(j, "exit_status");
	if (end->exit_status < 0)
		json_null(j);
	else
		json_int(j, end->exit_status);
	json_key(j, "kind");
	json_str(j, rc->kind_known ? cell_kind_name(rc->kind) : NULL);
	if (timing) {
		json_key(j, "max_rss_kb");
		if (end->max_rss_kb < 0)
			json_null(j);
		else
			json_int(j, end->max_rss_kb);
	}
	json_key(j, "signal");
	json_str(j, signal_name(end->signal));
	json_key(j, "status");
	json_str(j, cell_status_name(end->status));
	json_close(j, '}');
}

static void
put_cnb(struct json_out *j, const void *self, const void *item)
{
	json_open(j, '{');
	json_key(j, "run");
	put_run(j, self, item);
	json_close(j, '}');
}

static bool
has_times(const struct writer *w, const struct nb_cell *c)
{
	const struct record_cell *rc = record_of(w, c);

	return w->how.timing && rc->reached && rc->started_ns > 0 &&
	       rc->end.duration_ns >= 0;
}

/* As Jupyter's front ends write it when asked to. */
static void
put_execution(struct json_out *j, const void *self, const void *item)
{
	const struct record_cell *rc = record_of(self, item);
	int64_t began = rc->started_ns, ended = began + rc->end.duration_ns;
	const struct {
		const char *key;
		int64_t ns;
	} times[] = {
		{ "iopub.execute_input", began },
		{ "iopub.status.busy", began },
		{ "iopub.status.idle", ended },
		{ "shell.execute_reply", ended },
	};

	json_open(j, '{');
	for (size_t i = 0; i < countof(times); i++) {
		json_key(j, times[i].key);
		json_time(j, times[i].ns);
	}
	json_close(j, '}');
}

static void
put_metadata(struct json_out *j, const void *self, const void *item)
{
	json_open(j, '{');
	json_key(j, "cnb");
	put_cnb(j, self, item);
	if (has_times(self, item)) {
		json_key(j, "execution");
		put_execution(j, self, item);
	}
	json_close(j, '}');
}

/* --- a table cell's function under its option ---------------------------- */

/* The comment lines at the top, up to the last option in them. */
static struct slice
option_lines(struct slice source)
{
	struct slice lines = { source.at, 0 };
	size_t at = 0;

	while (at < source.len) {
		const char *p = source.at + at;
		const char *end = memchr(p, '\n', source.len - at);
		size_t n = end ? (size_t)(end + 1 - p) : source.len - at;
		struct slice line = slice_trim((struct slice){ p, n });

		if (line.len && !slice_starts(line, "//"))
			break;
		at += n;
		if (slice_starts(line, "//|") || slice_starts(line, "//%"))
			lines.len = at;
	}
	return lines;
}

/* The source with the function shown; false: it is that already. */
static bool
shown_source(const struct writer *w, const struct nb_cell *c, struct buf *out)
{
	const struct record_cell *rc = record_of(w, c);
	struct slice options = option_lines(c->source);
	struct slice code =
		slice_trim((struct slice){ rc->source, rc->source_len });

	if (!code.len || slice_equal(code, slice_trim(c->source)))
		return false;
	buf_add_slice(out, options);
	if (options.len && options.at[options.len - 1] != '\n')
		buf_add_byte(out, '\n');
	buf_add_slice(out, code);
	return !slice_equal(buf_slice(out), c->source);
}

static void
put_source(struct json_out *j, const void *self, const void *item)
{
	const struct writer *w = self;
	const struct nb_cell *c = item;
	struct buf text = { 0 };

	shown_source(w, c, &text);
	if (w->nb->text.at[c->source_value.start] == '[')
		json_lines(j, buf_str(&text), text.len);
	else
		json_bytes(j, buf_str(&text), text.len);
	buf_release(&text);
}

static void
show_code(struct writer *w, const struct nb_cell *c)
{
	const struct record_cell *rc = record_of(w, c);
	struct buf text = { 0 };

	if (rc->kind_known && rc->kind == KIND_TABLE &&
	    shown_source(w, c, &text))
		splice_set(w->splices, c->whole, c->outputs, "source",
			   c->source_value, put_source, c);
	buf_release(&text);
}

/* --- values of parameters ------------------------------------------------ */

static void
put_text(const struct writer *w, struct json_out *j, const struct nb_cell *like,
	 struct slice text)
{
	if (w->nb->text.at[like->source_value.start] == '[')
		json_lines(j, text.at, text.len);
	else
		json_bytes(j, text.at, text.len);
}

static void
put_injected_source(struct json_out *j, const void *self, const void *item)
{
	const struct writer *w = self;

	put_text(w, j, item, w->how.injected.source);
}

static bool
is_id(const struct notebook *nb, const char *id)
{
	for (size_t i = 0; i < nb->ncells; i++)
		if (!strcmp(nb->cells[i].id, id))
			return true;
	return false;
}

static void
put_injected(struct json_out *j, const void *self, const void *item)
{
	const struct writer *w = self;
	char id[64] = "injected-parameters";

	for (int n = 2; is_id(w->nb, id); n++)
		snprintf(id, sizeof id, "injected-parameters-%d", n);
	json_open(j, '{');
	json_key(j, "cell_type");
	json_str(j, "code");
	json_key(j, "execution_count");
	json_null(j);
	json_key(j, "id");
	json_str(j, id);
	json_key(j, "metadata");
	json_open(j, '{');
	json_key(j, "tags");
	json_open(j, '[');
	json_str(j, "injected-parameters");
	json_close(j, ']');
	json_close(j, '}');
	json_key(j, "outputs");
	json_open(j, '[');
	json_close(j, ']');
	json_key(j, "source");
	put_text(w, j, item, w->how.injected.source);
	json_close(j, '}');
}

static void
add_injected(struct writer *w, const struct nb_cell *c)
{
	const struct nbformat_injected *p = &w->how.injected;

	if (p->instead && p->instead == c)
		splice_set(w->splices, c->whole, c->outputs, "source",
			   c->source_value, put_injected_source, c);
	else if (p->after && p->after == c && !p->instead)
		splice_append(w->splices, c->whole, put_injected, c);
}

/* --- what changes in a cell ---------------------------------------------- */

static bool
is_empty_list(const struct notebook *nb, struct span s)
{
	for (size_t i = s.start + 1; i + 1 < s.end; i++)
		if (!strchr(" \t\r\n", nb->text.at[i]))
			return false;
	return true;
}

static bool
same_text(const struct notebook *nb, struct span s, const char *text)
{
	return slice_is((struct slice){ nb->text.at + s.start,
					s.end - s.start },
			text);
}

static void
set_count(struct writer *w, const struct nb_cell *c, enum action action)
{
	splice_value *value = action == TAKE ? put_count : put_null;

	if (is_there(c->count_value)) {
		if (action == KEEP)
			return;
		if (value == put_null &&
		    same_text(w->nb, c->count_value, "null"))
			return;
	}
	splice_set(w->splices, c->whole, c->outputs, "execution_count",
		   c->count_value, value, c);
}

static void
set_outputs(struct writer *w, const struct nb_cell *c, enum action action)
{
	splice_value *value = action == TAKE ? put_outputs : put_empty_list;

	if (is_there(c->outputs)) {
		if (action == KEEP)
			return;
		if (value == put_empty_list && is_empty_list(w->nb, c->outputs))
			return;
	}
	splice_set(w->splices, c->whole, c->outputs, "outputs", c->outputs,
		   value, c);
}

static void
set_run(struct writer *w, const struct nb_cell *c)
{
	struct splices *s = w->splices;
	struct json execution, metadata = { 0 };
	struct span old = nowhere;

	if (!is_there(c->metadata) || !splice_count(s, c->metadata)) {
		splice_set(s, c->whole, c->outputs, "metadata", c->metadata,
			   put_metadata, c);
		return;
	}
	if (!is_there(c->cnb) || !splice_count(s, c->cnb))
		splice_set(s, c->metadata, nowhere, "cnb", c->cnb, put_cnb, c);
	else
		splice_set(s, c->cnb, nowhere, "run", c->cnb_run, put_run, c);
	if (!has_times(w, c))
		return;
	metadata.text.at = w->nb->text.at + c->metadata.start;
	metadata.text.len = c->metadata.end - c->metadata.start;
	if (json_find(metadata, "execution", &execution)) {
		size_t start = (size_t)(execution.text.at - w->nb->text.at);

		old = nb_span(start, start + execution.text.len);
	}
	splice_set(s, c->metadata, nowhere, "execution", old, put_execution, c);
}

/* As if it had never been there. */
static void
remove_run(struct writer *w, const struct nb_cell *c)
{
	if (!is_there(c->cnb_run))
		return;
	if (splice_count_others(w->splices, c->cnb, "run"))
		splice_remove(w->splices, c->cnb, "run");
	else
		splice_remove(w->splices, c->metadata, "cnb");
}

static void
set_metadata(struct writer *w, const struct nb_cell *c, enum action action)
{
	if (action == TAKE || action == DROP)
		set_run(w, c);
	else if (!is_there(c->metadata))
		splice_set(w->splices, c->whole, c->outputs, "metadata",
			   nowhere, put_empty_object, c);
	else if (action == CLEAR)
		remove_run(w, c);
}

/* In the order of the keys: members that are new and stand in one place are
 * written in the order in which they are set. */
static void
change_cell(struct writer *w, const struct nb_cell *c)
{
	bool code = c->type == NB_CODE;
	enum action action = code ? action_for(w, c) : KEEP;

	if (code)
		set_count(w, c, action);
	if (c->id_repaired)
		splice_set(w->splices, c->whole, c->outputs, "id", c->id_value,
			   put_id, c);
	set_metadata(w, c, action);
	if (code)
		set_outputs(w, c, action);
	if (w->how.show_code && action == TAKE)
		show_code(w, c);
	add_injected(w, c);
}

static void
change_notebook(struct writer *w)
{
	const struct notebook *nb = w->nb;

	if (!is_there(nb->metadata))
		splice_set(w->splices, nb->whole, nb->cells_value, "metadata",
			   nowhere, put_empty_object, NULL);
	if (nb->minor < MINOR_WITH_IDS)
		splice_set(w->splices, nb->whole, nb->cells_value,
			   "nbformat_minor", nb->minor_value, put_minor, NULL);
}

static void
write_all(struct writer *w, struct buf *out)
{
	w->splices = splices_new(w->nb, w);
	change_notebook(w);
	/* Cell by cell, so that a notebook of many needs no more memory. */
	for (size_t i = 0; i < w->nb->ncells; i++) {
		change_cell(w, &w->nb->cells[i]);
		splices_apply(w->splices, w->nb->cells[i].whole.end, out);
	}
	splices_apply(w->splices, w->nb->text.len, out);
	splices_free(w->splices);
}

void
nbformat_write(struct buf *out, const struct notebook *nb,
	       const struct record *r, struct nbformat_save how)
{
	struct writer w = { .nb = nb, .r = r, .how = how };

	write_all(&w, out);
}

void
nbformat_clear(struct buf *out, const struct notebook *nb)
{
	struct writer w = { .nb = nb, .clearing = true };

	write_all(&w, out);
}
