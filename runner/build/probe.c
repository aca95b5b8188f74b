/* probe.c: asks the preprocessor what macros expand to. Floor 2. It gets the
 * cells' preprocessor lines with the uses in question between marks, and what
 * comes back between them is split like any other text. */
#include "build/probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/lexer.h"
#include "base/mem.h"
#include "base/set.h"
#include "build/branches.h"
#include "build/command.h"
#include "build/deps.h"
#include "sys/proc.h"

#define MARK "cnb__probe"
#define MARK_END "cnb__probed"

/* A use of what may be a macro, at the beginning of a statement. */
struct use {
	struct slice name, text; /* with its arguments */
	bool block;		 /* a `{` follows */
	bool semicolon;		 /* a `;` does */
};

struct uses {
	struct use *at;
	size_t count;
	struct buf text; /* for the preprocessor */
	bool branches;	 /* it has some of a doubtful text */
	bool includes;
};

/* Is the name spelled as macros are? */
static bool
is_capital(struct slice name)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.at[i] >= 'a' && name.at[i] <= 'z')
			return false;
	return true;
}

/* The names of the macros that a cell defines join the set. */
static void
add_defined(struct set *defined, const struct unit_cell *cell)
{
	for (size_t i = 0; i < cell->split.count; i++) {
		const struct item *it = &cell->split.items[i];
		struct token t = { .kind = TOK_DIRECTIVE, .len = it->code.len };
		struct token word, name;
		struct slice text;
		char *copy;

		if (it->kind != ITEM_DIRECTIVE)
			continue;
		word = tokens_directive(it->code, t, &name);
		if (!token_is(it->code, word, "define"))
			continue;
		text = token_text(it->code, name);
		copy = mem_strndup(text.at, text.len);
		set_add(defined, copy);
		free(copy);
	}
}

static bool
is_defined(const struct set *defined, struct slice name)
{
	char *copy;
	bool is;

	if (!defined->count)
		return false;
	copy = mem_strndup(name.at, name.len);
	is = set_has(defined, copy);
	free(copy);
	return is;
}

/* The use that a statement begins with; false: it begins with none. */
static bool
read_use(const struct item *it, struct use *u)
{
	struct tokens ts;
	bool found;
	size_t end;

	tokens_read(&ts, it->code);
	found = word_of(&ts, 0) == WORD_NAME && ts.count > 2 &&
		tokens_is(&ts, 1, "(") && ts.match[1] != TOKEN_NONE;
	if (found) {
		end = ts.match[1] + 1;
		u->name = token_text(it->code, ts.at[0]);
		u->text = (struct slice){ it->code.at,
					  token_end(ts.at[end - 1]) };
		u->block = tokens_is(&ts, end, "{");
		u->semicolon = tokens_is(&ts, end, ";");
	}
	tokens_release(&ts);
	return found;
}

static bool
is_known(const struct blocks *b, struct slice name)
{
	return blocks_learnt(b, name) != LEARNT_NOTHING;
}

static void
add_use(struct uses *u, const struct use *one)
{
	buf_addf(&u->text, "\n" MARK " %zu\n", u->count);
	buf_add_slice(&u->text, one->text);
	buf_add_str(&u->text, "\n" MARK_END "\n");
	*mem_push(u->at, u->count) = *one;
}

static void
collect(struct uses *u, const struct unit_cell *cells, size_t count,
	const struct blocks *macros)
{
	struct set defined;

	set_init(&defined);
	for (size_t k = 0; k < count; k++) {
		struct slice text = cells[k].split.text;

		add_defined(&defined, &cells[k]);
		if (!blocks_asked(macros, text) && branches_doubtful(text)) {
			branches_ask(&u->text, text, k);
			u->branches = true;
			continue;
		}
		for (size_t i = 0; i < cells[k].split.count; i++) {
			const struct item *it = &cells[k].split.items[i];
			struct use one;

			if (it->kind == ITEM_DIRECTIVE) {
				buf_add_byte(&u->text, '\n');
				buf_add_slice(&u->text, it->code);
				buf_add_byte(&u->text, '\n');
				u->includes |= memmem(it->code.at, it->code.len,
						      "include", 7) != NULL;
			} else if ((it->kind == ITEM_STATEMENT ||
				    it->kind == ITEM_EXPRESSION) &&
				   !it->conditional && read_use(it, &one) &&
				   !is_known(macros, one.name) &&
				   ((u->includes &&
				     (is_capital(one.name) || one.block)) ||
				    is_defined(&defined, one.name))) {
				add_use(u, &one);
			}
		}
	}
	set_release(&defined);
}

/* What the expansion of a use is. */
static enum learnt
classify(const struct use *u, struct slice expansion)
{
	enum learnt what = LEARNT_NOTHING;
	const struct item *last = NULL;
	struct split s;

	split_read(&s, expansion);
	for (size_t i = 0; i < s.count; i++) {
		last = &s.items[i];
		if (last->kind != ITEM_DECLARATION &&
		    last->kind != ITEM_FUNCTION && last->kind != ITEM_BLANK) {
			split_release(&s);
			return LEARNT_NOTHING;
		}
	}
	if (last && last->kind != ITEM_BLANK) {
		if (!last->unended)
			what = LEARNT_DECLARATION;
		else if (u->block)
			what = LEARNT_FUNCTION;
		else if (u->semicolon)
			what = LEARNT_OPEN;
	}
	split_release(&s);
	return what;
}

static bool
learn(const struct uses *u, const char *output, struct blocks *macros)
{
	const char *at = output, *end;
	bool any = false;
	size_t n;
	int used;

	while ((at = strstr(at, MARK " "))) {
		at += strlen(MARK);
		used = 0;
		if (sscanf(at, "%zu%n", &n, &used) != 1 || !used ||
		    n >= u->count || !(end = strstr(at, MARK_END)))
			return any;
		at += used;
		any |= blocks_learn(macros, u->at[n].name,
				    classify(&u->at[n],
					     (struct slice){
						     at, (size_t)(end - at) }));
		at = end;
	}
	return any;
}

static bool
learn_branches(const struct unit_cell *cells, size_t count, const char *output,
	       struct blocks *macros)
{
	bool any = false;

	for (size_t k = 0; k < count; k++) {
		struct slice text = cells[k].split.text;

		if (!blocks_asked(macros, text) && branches_doubtful(text)) {
			branches_answer(output, text, k, macros);
			any = true;
		}
	}
	return any;
}

static int
preprocess(const struct uses *u, const struct cc *cc, struct cache *cache,
	   const struct unit *how, struct probe_files *files,
	   struct proc_result *r, struct err *e)
{
	static const char *const words[] = { "-E", "-P", "-w", "-x", "c", "-" };
	struct strs argv = { 0 };
	struct command c;
	char *deps;
	int rc;

	if (command_init(&c, cc, cache, how, e) < 0)
		return -1;
	deps = cache_scratch(cache, ".d", NULL);
	command_argv_reading(&c, &argv);
	if (deps) {
		strs_add(&argv, "-MD");
		strs_add(&argv, "-MF");
		strs_add(&argv, deps);
	}
	for (size_t i = 0; i < countof(words); i++)
		strs_add(&argv, words[i]);
	rc = proc_compile(argv.at, how->workdir, buf_slice(&u->text), NULL, r,
			  e);
	if (rc < 0 || r->status != 0 || !deps ||
	    deps_read(deps, how->workdir, &files->paths) < 0)
		files->unknown = true;
	if (deps)
		unlink(deps);
	free(deps);
	strs_release(&argv);
	command_release(&c);
	return rc;
}

bool
probe_needed(const struct unit_cell *cells, size_t count,
	     const struct blocks *macros)
{
	struct uses u = { 0 };
	bool any;

	collect(&u, cells, count, macros);
	any = u.count || u.branches;
	buf_release(&u.text);
	free(u.at);
	return any;
}

int
probe_macros(const struct unit_cell *cells, size_t count, struct blocks *macros,
	     const struct cc *cc, struct cache *cache, const struct unit *how,
	     struct probe_files *files, struct err *e)
{
	struct uses u = { 0 };
	struct proc_result r = { 0 };
	int rc = 0;

	collect(&u, cells, count, macros);
	if (u.count || u.branches) {
		rc = preprocess(&u, cc, cache, how, files, &r, e);
		if (rc == 0 && r.status == 0) {
			rc = learn_branches(cells, count, buf_str(&r.out),
					    macros);
			rc |= learn(&u, buf_str(&r.out), macros);
		}
		proc_result_release(&r);
	}
	buf_release(&u.text);
	free(u.at);
	return rc;
}
