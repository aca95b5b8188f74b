/* upshot.c: keeps what became of shared cells. Floor 2. A note in the cache:
 *
 *	upshot DIGEST	of the unit's text, for cc_look()
 *	N WORD		for the compiler, from names that a cell declares
 *	M CELL LENGTH	and as many bytes: what was said of it
 *	end
 */
#include "build/upshot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/mem.h"
#include "sys/fs.h"

#define BEGIN "upshot "
#define END "end\n"

/* How a text is cut, and what is written of it, is this program's doing. */
static void
add_self(struct hash *h)
{
	char *self = path_real("/proc/self/exe");
	struct stat st = { 0 };
	int64_t is[2];

	if (self)
		stat(self, &st);
	is[0] = st.st_size;
	is[1] = fs_mtime_ns(&st);
	hash_add(h, is, sizeof is);
	free(self);
}

void
upshot_key(struct hash *h, const struct shared_how *how)
{
	hash_init(h);
	hash_add_str(h, "upshot 1");
	add_self(h);
	hash_add_str(h, how->cc->path);
	hash_add_str(h, how->cc->version);
	hash_add_str(h, how->label);
	hash_add_str(h, how->workdir);
	upshot_key_words(h, how->cflags);
	upshot_key_words(h, how->ldflags);
	upshot_key_words(h, how->libs);
	upshot_key_words(h, how->sanitize);
}

void
upshot_key_cell(struct hash *h, const char *name, struct slice text)
{
	hash_add_str(h, name);
	hash_add(h, &text.len, sizeof text.len);
	hash_add(h, text.at, text.len);
}

void
upshot_key_words(struct hash *h, const struct strs *words)
{
	size_t n = words ? words->count : 0;

	hash_add(h, &n, sizeof n);
	for (size_t i = 0; i < n; i++)
		hash_add_str(h, words->at[i]);
}

/* ---- reading ---- */

/* `M CELL LENGTH`, its bytes and their newline, cut off. */
static bool
take_said(struct upshot *o, struct slice line, struct slice *rest, size_t count)
{
	char *copy = mem_strndup(line.at, line.len);
	size_t cell, len;
	bool ok = sscanf(copy, "M %zu %zu", &cell, &len) == 2 && cell < count &&
		  len < rest->len && rest->at[len] == '\n' &&
		  (!o->nsaid || o->said[o->nsaid - 1].cell < cell);

	free(copy);
	if (!ok)
		return false;
	*mem_push(o->said, o->nsaid) =
		(struct upshot_said){ cell, mem_strndup(rest->at, len) };
	rest->at += len + 1;
	rest->len -= len + 1;
	return true;
}

/* False: it is damaged. */
static bool
read_note(struct upshot *o, struct slice rest, size_t count,
	  char digest[HASH_HEX], struct strs *own_names)
{
	struct slice line = slice_cut_line(&rest);

	if (!slice_starts(line, BEGIN) ||
	    line.len != strlen(BEGIN) + HASH_HEX - 1)
		return false;
	memcpy(digest, line.at + strlen(BEGIN), HASH_HEX - 1);
	digest[HASH_HEX - 1] = '\0';
	while (rest.len && !slice_is(rest, END)) {
		line = slice_cut_line(&rest);
		if (slice_starts(line, "N "))
			strs_addn(own_names, line.at + 2, line.len - 2);
		else if (!take_said(o, line, &rest, count))
			return false;
	}
	return rest.len > 0;
}

bool
upshot_recall(struct upshot *o, size_t count, const struct shared_how *how,
	      const char key[HASH_HEX])
{
	char *note = cache_recall(how->cache, key);
	struct strs own_names = { 0 }, cflags = { 0 };
	char digest[HASH_HEX];
	struct built b = { 0 };
	struct unit u;

	*o = (struct upshot){ 0 };
	if (note && read_note(o, slice_of(note), count, digest, &own_names)) {
		shared_describe(how, PRODUCT_PLUGIN, &own_names, &cflags, &u);
		u.digest = digest;
		if (cc_look(how->cc, how->cache, &u, &b)) {
			o->path = b.path;
			o->command = b.command;
			o->duration_ns = b.duration_ns;
			b.path = b.command = NULL;
		}
	}
	if (!o->path)
		upshot_release(o);
	built_release(&b);
	strs_release(&own_names);
	strs_release(&cflags);
	free(note);
	return o->path != NULL;
}

const char *
upshot_of(const struct upshot *o, size_t cell)
{
	size_t from = 0, to = o->nsaid;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (o->said[mid].cell == cell)
			return o->said[mid].text;
		if (o->said[mid].cell < cell)
			from = mid + 1;
		else
			to = mid;
	}
	return "";
}

void
upshot_release(struct upshot *o)
{
	for (size_t i = 0; i < o->nsaid; i++)
		free(o->said[i].text);
	free(o->said);
	free(o->path);
	free(o->command);
	*o = (struct upshot){ 0 };
}

/* ---- writing ---- */

static bool
asks_for_time(struct slice text)
{
	return text.len && (memmem(text.at, text.len, "__TIME__", 8) ||
			    memmem(text.at, text.len, "__DATE__", 8));
}

static bool
can_be_kept(const struct shared *s)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct unit_cell *c = &s->cells[i];

		if (c->left_out || asks_for_time(c->split.text) ||
		    (c->after && asks_for_time(slice_of(c->after))))
			return false;
	}
	return s->path != NULL;
}

void
upshot_remember(const struct shared *s, const struct shared_how *how,
		const char key[HASH_HEX])
{
	struct strs own_names = { 0 };
	struct buf note = { 0 };

	if (!can_be_kept(s))
		return;
	shared_own_names(s, s->count, &own_names);
	buf_addf(&note, BEGIN "%s\n", s->digest);
	for (size_t i = 0; i < own_names.count; i++)
		buf_addf(&note, "N %s\n", own_names.at[i]);
	for (size_t i = 0; i < s->count; i++) {
		if (!s->messages[i].len)
			continue;
		buf_addf(&note, "M %zu %zu\n", i, s->messages[i].len);
		buf_add_slice(&note, buf_slice(&s->messages[i]));
		buf_add_byte(&note, '\n');
	}
	buf_add_str(&note, END);
	cache_remember(how->cache, key, buf_str(&note));
	buf_release(&note);
	strs_release(&own_names);
}
