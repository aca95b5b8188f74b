/* nbformat_meta.c: what cnb reads in a notebook's metadata: the language, the
 * options, parameters and plugins in metadata.cnb, a cell's name and tags, and
 * what an earlier run left. Floor 2. All else is passed over and kept. */
#include "format/nbformat_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include "base/mem.h"
#include "base/text.h"

static int
take_strings(struct reader *r, struct json list, const char *what,
	     const char ***texts, size_t *count)
{
	struct json_walk w = json_enter(list);
	const char **found = NULL;
	struct json v;
	size_t n = 0;
	int rc = 0;

	while (!rc && json_next(&w, NULL, &v))
		rc = reader_string(r, v, what, mem_push(found, n));
	*texts = arena_alloc(&r->nb->arena, n + 1, sizeof *found);
	*count = n;
	if (n)
		memcpy(*texts, found, n * sizeof *found);
	free(found);
	return rc;
}

static int
add_option(struct reader *r, struct option_text **list, size_t *count,
	   const char *key, struct json value, enum option_place place)
{
	struct option_text o = { .key = key, .place = place };
	size_t at;

	if (json_fault(value.text, &at) != JSON_FINE) {
		value.text.at += at;
		return reader_refuse(r, value,
				     "the option '%s' holds an escape that "
				     "stands for no character",
				     key);
	}
	o.value = value.type == JSON_STRING
			  ? json_text(&r->nb->arena, value)
			  : json_compact(&r->nb->arena, value);
	*mem_push(*list, *count) = o;
	return 0;
}

/* The members of metadata.cnb but those in `not_options`, an array giving one
 * option for each element. */
static int
take_options(struct reader *r, struct json cnb, enum option_place place,
	     const struct strs *not_options, struct option_text **options,
	     size_t *count)
{
	struct json_walk w = json_enter(cnb), elements;
	struct option_text *list = NULL;
	struct slice key;
	struct json v, element;
	size_t n = 0;
	int rc = 0;

	while (!rc && json_next(&w, &key, &v)) {
		const char *name = json_text(&r->nb->arena,
					     (struct json){ JSON_STRING, key });

		if (strs_has(not_options, name))
			continue;
		if (v.type != JSON_ARRAY) {
			rc = add_option(r, &list, &n, name, v, place);
			continue;
		}
		elements = json_enter(v);
		while (!rc && json_next(&elements, NULL, &element))
			rc = add_option(r, &list, &n, name, element, place);
	}
	*options = arena_alloc(&r->nb->arena, n + 1, sizeof *list);
	*count = n;
	if (n)
		memcpy(*options, list, n * sizeof *list);
	free(list);
	return rc;
}

static int
take_params(struct reader *r, struct json params)
{
	struct notebook *nb = r->nb;
	struct json_walk w;
	struct slice key;
	struct json v;
	size_t n = 0;

	if (params.type != JSON_OBJECT)
		return reader_wrong_type(r, params, "metadata.cnb.params",
					 "an object");
	for (w = json_enter(params); json_next(&w, &key, &v);)
		n++;
	nb->params = arena_alloc(&nb->arena, n + 1, sizeof *nb->params);
	for (w = json_enter(params); json_next(&w, &key, &v);) {
		struct nb_param *p = &nb->params[nb->nparams++];

		if (reader_string(r, (struct json){ JSON_STRING, key },
				  "the name of a parameter", &p->key))
			return -1;
		if (v.type != JSON_STRING)
			p->value = json_compact(&nb->arena, v);
		else if (reader_string(r, v, "a parameter", &p->value))
			return -1;
	}
	return 0;
}

static int
take_plugins(struct reader *r, struct json plugins)
{
	static const char what[] = "metadata.cnb.plugins";
	struct notebook *nb = r->nb;

	if (plugins.type == JSON_ARRAY)
		return take_strings(r, plugins, what, &nb->plugins,
				    &nb->nplugins);
	if (plugins.type != JSON_STRING)
		return reader_wrong_type(r, plugins, what, "a list of strings");
	nb->plugins = arena_alloc(&nb->arena, 2, sizeof *nb->plugins);
	nb->nplugins = 1;
	return reader_string(r, plugins, what, &nb->plugins[0]);
}

static int
notebook_cnb(struct reader *r, struct json cnb)
{
	static const char *const taken[] = { "plugins", "params", NULL };
	struct strs not_options = { 0 };
	struct json v;
	int rc;

	if (cnb.type != JSON_OBJECT)
		return reader_wrong_type(r, cnb, "metadata.cnb", "an object");
	for (size_t i = 0; taken[i]; i++)
		strs_add(&not_options, taken[i]);
	rc = take_options(r, cnb, PLACE_NOTEBOOK, &not_options, &r->nb->options,
			  &r->nb->noptions);
	strs_release(&not_options);
	if (!rc && json_find(cnb, "plugins", &v))
		rc = take_plugins(r, v);
	if (!rc && json_find(cnb, "params", &v))
		rc = take_params(r, v);
	return rc;
}

/* metadata.WHERE.WHICH, a string; *text is left alone if it is not there. */
static int
language_in(struct reader *r, const char *where, const char *which,
	    const char **text)
{
	char what[64];
	struct json object, v;

	if (!json_find(r->metadata, where, &object))
		return 0;
	snprintf(what, sizeof what, "metadata.%s", where);
	if (object.type != JSON_OBJECT)
		return reader_wrong_type(r, object, what, "an object");
	if (!json_find(object, which, &v))
		return 0;
	snprintf(what, sizeof what, "metadata.%s.%s", where, which);
	return reader_string(r, v, what, text);
}

int
reader_notebook_metadata(struct reader *r)
{
	const char *language = NULL, *info = NULL;
	struct json cnb;

	if (!is_there(r->metadata)) {
		reader_warn(r, 0,
			    "there is no 'metadata', which nbformat requires");
		return 0;
	}
	if (r->metadata.type != JSON_OBJECT)
		return reader_wrong_type(r, r->metadata, "'metadata'",
					 "an object");
	if (language_in(r, "kernelspec", "language", &language) ||
	    language_in(r, "language_info", "name", &info))
		return -1;
	if (!language)
		language = info ? info : "c";
	if (!strcasecmp(language, "c") || !strcasecmp(language, "text/x-csrc"))
		language = "c";
	r->nb->language = language;
	if (json_find(r->metadata, "cnb", &cnb))
		return notebook_cnb(r, cnb);
	return 0;
}

/* --- a cell's ------------------------------------------------------------ */

const struct nb_run nb_no_run = { .exit_status = -1, .duration_ns = -1 };

/* To be filled. */
static struct nb_run *
run_of(struct reader *r, struct nb_cell *c)
{
	struct nb_run *run = arena_alloc(&r->nb->arena, 1, sizeof *run);

	*run = *c->run;
	c->run = run;
	return run;
}

static const char *
text_in(struct reader *r, const struct json_tree *t, const char *key)
{
	const char *text = json_tree_str(t, key);

	return text ? arena_str(&r->nb->arena, text) : NULL;
}

static void
take_run(struct reader *r, struct nb_cell *c, struct json value)
{
	struct nb_run *run;
	struct json_tree *t;

	c->cnb_run = reader_span(r, value);
	if (value.type != JSON_OBJECT)
		return;
	run = run_of(r, c);
	t = json_tree_new(value);
	run->kind = text_in(r, t, "kind");
	run->status = text_in(r, t, "status");
	run->signal = text_in(r, t, "signal");
	run->exit_status = json_tree_int(t, "exit_status", -1);
	if (json_tree_ms(t, "duration_ms") >= 0)
		run->duration_ns = json_tree_ms(t, "duration_ms");
	json_tree_free(t);
}

static int64_t
time_in(const struct json_tree *t, const char *key)
{
	const char *text = json_tree_str(t, key);

	return text ? json_parse_time(text) : 0;
}

/* metadata.execution, as Jupyter's front ends write it: when the cell began
 * and when it was answered. */
static void
take_execution(struct reader *r, struct nb_cell *c, struct json execution)
{
	struct json_tree *t;
	int64_t began, ended;

	if (execution.type != JSON_OBJECT)
		return;
	t = json_tree_new(execution);
	began = time_in(t, "iopub.execute_input");
	ended = time_in(t, "shell.execute_reply");
	if (began > 0 && ended >= began)
		run_of(r, c)->duration_ns = ended - began;
	json_tree_free(t);
}

static int
cell_cnb(struct reader *r, struct nb_cell *c, struct json cnb)
{
	struct strs not_options = { 0 };
	struct json run;
	int rc;

	if (cnb.type != JSON_OBJECT)
		return reader_wrong_type(r, cnb, "metadata.cnb", "an object");
	c->cnb = reader_span(r, cnb);
	strs_add(&not_options, "run");
	rc = take_options(r, cnb, PLACE_CELL, &not_options, &c->options,
			  &c->noptions);
	strs_release(&not_options);
	if (!rc && json_find(cnb, "run", &run))
		take_run(r, c, run);
	return rc;
}

int
reader_cell_metadata(struct reader *r, struct nb_cell *c, const struct parts *p)
{
	struct json v;

	if (!is_there(p->metadata)) {
		reader_warn(r, (size_t)(p - r->parts) + 1,
			    "there is no 'metadata', which nbformat requires");
		return 0;
	}
	if (p->metadata.type != JSON_OBJECT)
		return reader_wrong_type(r, p->metadata, "'metadata'",
					 "an object");
	if (json_find(p->metadata, "name", &v) &&
	    reader_string(r, v, "metadata.name", &c->meta_name))
		return -1;
	if (json_find(p->metadata, "tags", &v)) {
		if (v.type != JSON_ARRAY)
			return reader_wrong_type(r, v, "metadata.tags",
						 "a list of strings");
		if (take_strings(r, v, "a tag", &c->tags, &c->ntags))
			return -1;
	}
	if (c->type == NB_CODE && json_find(p->metadata, "execution", &v))
		take_execution(r, c, v);
	if (c->type == NB_CODE && json_find(p->metadata, "cnb", &v))
		return cell_cnb(r, c, v);
	return 0;
}
