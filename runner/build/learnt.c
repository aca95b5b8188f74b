/* learnt.c: what the preprocessor says of the shared cells, asked once and then
 * remembered. Floor 2. */
#include "build/shared.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "build/manifest.h"
#include "build/probe.h"

/* Cut the cells anew, by what is known of macros now. */
static void
split_again(struct shared *s)
{
	blocks_restart(&s->macros);
	for (size_t i = 0; i < s->count; i++) {
		struct unit_cell old = s->cells[i], *c = &s->cells[i];

		unit_cell_init(c, old.name, old.label, old.split.text,
			       &s->macros);
		c->after = old.after;
		c->assigned = old.assigned;
		c->literals = old.literals;
		c->closed = old.closed;
		unit_cell_release(&old);
	}
}

/* Is a header likely to be edited among what they include? */
static bool
includes_own(const struct shared *s)
{
	for (size_t i = 0; i < s->count; i++) {
		struct slice text = s->cells[i].split.text;

		if (text.len && memmem(text.at, text.len, "include \"", 9))
			return true;
	}
	return false;
}

/* What the preprocessor said depends on what it read, too. Headers of the
 * system are taken to change with the compiler alone. False: it is not known.
 */
static bool
add_files(const struct shared *s, const struct probe_files *files,
	  int64_t since, struct buf *out)
{
	struct strs own = { 0 };
	struct hash unused;
	bool known;

	if (files->unknown)
		return !includes_own(s);
	for (size_t i = 0; i < files->paths.count; i++)
		if (strncmp(files->paths.at[i], "/usr/", 5) != 0)
			strs_add(&own, files->paths.at[i]);
	hash_init(&unused);
	known = manifest_add_deps(out, &unused, &own, since) == 0;
	strs_release(&own);
	return known;
}

static const char learnt_letters[] = {
	[LEARNT_NOTHING] = '-',
	[LEARNT_DECLARATION] = 'D',
	[LEARNT_OPEN] = 'O',
	[LEARNT_FUNCTION] = 'F',
	'\0',
};

/* The lines behind those of files, where all of these are what they were. */
static char *
behind_files(char *text)
{
	struct record r = { 0 };
	char *p = text;

	while (p && !strncmp(p, "dep ", 4) && (p = strchr(p, '\n')))
		p++;
	if (p)
		r.deps = (struct slice){ text, (size_t)(p - text) };
	return p && manifest_holds(&r) ? p : NULL;
}

static bool
recall_dead(struct shared *s, size_t cell, size_t at, size_t len)
{
	struct slice text;

	if (cell >= s->count)
		return false;
	text = s->cells[cell].split.text;
	if (at > text.len || len > text.len - at)
		return false;
	blocks_bury(&s->macros, (struct slice){ text.at + at, len });
	return true;
}

static void
write_dead(const struct shared *s, struct slice dead, struct buf *out)
{
	for (size_t i = 0; i < s->count; i++) {
		struct slice text = s->cells[i].split.text;

		if (dead.at >= text.at &&
		    dead.at + dead.len <= text.at + text.len) {
			buf_addf(out, "B%zu %zu %zu\n", i,
				 (size_t)(dead.at - text.at), dead.len);
			return;
		}
	}
}

static bool
recall_learnt(struct shared *s, const struct shared_how *how,
	      const char key[HASH_HEX])
{
	char *text = cache_recall(how->cache, key), *line, *rest;
	bool known, any = false;
	size_t cell, at, len;

	rest = behind_files(text);
	known = rest != NULL;

	while (rest && (line = strsep(&rest, "\n")))
		if (sscanf(line, "B%zu %zu %zu", &cell, &at, &len) == 3)
			any |= recall_dead(s, cell, at, len);
		else if (line[0] && strchr(learnt_letters, line[0]))
			any |= blocks_learn(&s->macros, slice_of(line + 1),
					    (enum learnt)(strchr(learnt_letters,
								 line[0]) -
							  learnt_letters));
	if (any)
		split_again(s);
	free(text);
	return known;
}

static void
remember_learnt(const struct shared *s, const struct shared_how *how,
		const char key[HASH_HEX], const struct probe_files *files,
		int64_t since)
{
	struct buf text = { 0 };

	if (!add_files(s, files, since, &text)) {
		buf_release(&text);
		return;
	}
	buf_add_byte(&text, '\n');
	for (size_t i = 0; i < s->macros.nlearnt; i++)
		buf_addf(&text, "%c%s\n",
			 learnt_letters[s->macros.learnt[i].what],
			 s->macros.learnt[i].name);
	for (size_t i = 0; i < s->macros.ndead; i++)
		write_dead(s, s->macros.dead[i], &text);
	cache_remember(how->cache, key, buf_str(&text));
	buf_release(&text);
}

int
shared_learn(struct shared *s, const struct shared_how *how, struct err *e)
{
	const struct unit u = { .workdir = how->workdir,
				.cflags = how->cflags,
				.libs = how->libs };
	struct probe_files files = { 0 };
	int64_t since = cache_now_ns();
	char key[HASH_HEX];
	int rc;

	if (!probe_needed(s->cells, s->count, &s->macros))
		return 0;
	shared_key(s, how, key, "learnt 4");
	if (recall_learnt(s, how, key))
		return 0;
	/* A macro's use may hide that of the next one. */
	do {
		rc = probe_macros(s->cells, s->count, &s->macros, how->cc,
				  how->cache, &u, &files, e);
		if (rc > 0)
			split_again(s);
	} while (rc > 0 && probe_needed(s->cells, s->count, &s->macros));
	if (rc >= 0)
		remember_learnt(s, how, key, &files, since);
	strs_release(&files.paths);
	return rc < 0 ? -1 : 0;
}
