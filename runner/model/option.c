/* option.c: the options of a cell, merged from all the places where they
 * stand. Floor 1. It does not know what they do, nor which of them a command
 * can act on: that is the caller's business. */
#include "model/option.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "model/option_rules.h"

#define NAME_MAX_BYTES 100

const char *
option_key_name(enum option_key key)
{
	return option_rules[key].name;
}

const char *
option_key_help(enum option_key key)
{
	return option_rules[key].help;
}

void
cell_options_init(struct cell_options *o)
{
	*o = (struct cell_options){ .timeout_ms = -1 };
}

void
cell_options_release(struct cell_options *o)
{
	free(o->name);
	strs_release(&o->tags);
	free(o->use_plugin);
	free(o->use_cell);
	strs_release(&o->args);
	free(o->stdin_text);
	free(o->stdin_file);
	strs_release(&o->env);
	strs_release(&o->needs);
	free(o->cc);
	strs_release(&o->cflags);
	strs_release(&o->ldflags);
	strs_release(&o->libs);
	strs_release(&o->sanitize);
	free(o->file);
	strs_release(&o->run);
	strs_release(&o->check);
	strs_release(&o->mask);
	strs_release(&o->accept);
	cell_options_init(o);
}
int
option_find(const char *key)
{
	for (int k = 0; k < OPT_COUNT; k++)
		if (!strcmp(option_rules[k].name, key))
			return k;
	return -1;
}

const char *
option_place_words(const struct option_text *t, char *buffer, size_t size)
{
	if (t->line)
		snprintf(buffer, size, " in line %d", t->line);
	else
		snprintf(buffer, size, " in the %s metadata",
			 t->place == PLACE_NOTEBOOK ? "notebook's" : "cell's");
	return buffer;
}

static int
refuse_key(const struct option_text *t, struct strs *warnings, struct err *e)
{
	const char *names[OPT_COUNT], *near;
	char where[64];

	option_place_words(t, where, sizeof where);
	if (t->legacy) {
		strs_addf(warnings,
			  "'%s'%s is no option that cnb knows; it is "
			  "passed over",
			  t->key, where);
		return 0;
	}
	if (!*t->key)
		return err_input(e, "'%s'%s is no option; write //| key: value",
				 t->value, where);
	for (int k = 0; k < OPT_COUNT; k++)
		names[k] = option_rules[k].name;
	near = text_nearest(t->key, names, OPT_COUNT);
	if (near)
		return err_input(e, "unknown option '%s'%s; did you mean '%s'?",
				 t->key, where, near);
	return err_input(e, "unknown option '%s'%s", t->key, where);
}

/* Read one value; what is wrong in a legacy line is a warning. */
static int
apply_one(struct cell_options *o, int key, const struct option_text *t,
	  struct strs *warnings, struct err *e)
{
	struct err why = { 0 };
	char where[64];

	if (option_rules[key].read((char *)o + option_rules[key].field, t,
				   &why) == 0) {
		o->line[key] = t->line;
		return 0;
	}
	option_place_words(t, where, sizeof where);
	if (t->legacy) {
		strs_addf(warnings, "option '%s'%s is passed over: %s",
			  option_rules[key].name, where, why.text);
		return 0;
	}
	return err_input(e, "option '%s'%s: %s", option_rules[key].name, where,
			 why.text);
}

static int
refuse_twice(int key, const struct option_text *first,
	     const struct option_text *second, struct err *e)
{
	char where[64];

	if (first->line && second->line)
		return err_input(e,
				 "option '%s' stands twice, in lines %d and "
				 "%d",
				 option_rules[key].name, first->line,
				 second->line);
	return err_input(e, "option '%s' stands twice%s",
			 option_rules[key].name,
			 option_place_words(second, where, sizeof where));
}

/* What makes a cell the one that it is holds for no other. */
static bool
is_own(int key)
{
	return key == OPT_NAME || key == OPT_USE || key == OPT_FILE ||
	       key == OPT_RUN;
}

int
option_apply(struct cell_options *o, const struct option_text *texts,
	     size_t count, struct strs *warnings, struct err *e)
{
	const struct option_text *last[OPT_COUNT] = { 0 };

	for (size_t i = 0; i < count; i++) {
		const struct option_text *t = &texts[i];
		int key = option_find(t->key);

		if (key < 0) {
			if (refuse_key(t, warnings, e) < 0)
				return -1;
			continue;
		}
		if (t->place == PLACE_NOTEBOOK && is_own(key))
			return err_input(e,
					 "option '%s' in the notebook's "
					 "metadata: it is no default for all "
					 "cells; write it in one",
					 t->key);
		if (!option_rules[key].list && !t->legacy && last[key] &&
		    last[key]->place == t->place)
			return refuse_twice(key, last[key], t, e);
		if (apply_one(o, key, t, warnings, e) < 0)
			return -1;
		last[key] = t;
	}
	return 0;
}

bool
cell_name_ok(const char *name)
{
	size_t n = 0;

	if (!isalpha((unsigned char)*name) && *name != '_')
		return false;
	for (; name[n]; n++)
		if (!isalnum((unsigned char)name[n]) && !strchr("_.-", name[n]))
			return false;
	return n <= NAME_MAX_BYTES && !strstr(name, "..");
}
