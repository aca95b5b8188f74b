/* nbformat_ids.c: the ids of cells. Floor 2. Deterministic: a clean filter or
 * a second save must not see other ids. */
#include "format/nbformat_ids.h"

#include <inttypes.h>
#include <stdlib.h>
#include "base/mem.h"

#define FNV_START UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)
#define ID_MAX 64

/* The ids in use: open addressing, at most half full. */
struct id_set {
	const char **slots;
	size_t mask;
};

bool
nbformat_id_ok(struct slice id)
{
	static const char others[] = "-_";

	if (id.len < 1 || id.len > ID_MAX)
		return false;
	for (size_t i = 0; i < id.len; i++) {
		char c = id.at[i];

		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') &&
		    !(c >= 'A' && c <= 'Z') && !memchr(others, c, 2))
			return false;
	}
	return true;
}

/* FNV-1a */
static uint64_t
hash(uint64_t h, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)bytes[i]) * FNV_PRIME;
	return h;
}

/* The slot of that id, or the free one where it belongs. */
static const char **
find(const struct id_set *s, const char *id)
{
	size_t i = hash(FNV_START, id, strlen(id)) & s->mask;

	while (s->slots[i] && strcmp(s->slots[i], id) != 0)
		i = (i + 1) & s->mask;
	return &s->slots[i];
}

static const char *
new_id(struct notebook *nb, const struct id_set *s, size_t position)
{
	const struct nb_cell *c = &nb->cells[position];
	char id[9];

	for (uint64_t attempt = 0;; attempt++) {
		uint64_t seed[2] = { position, attempt };
		uint64_t h = FNV_START;

		for (size_t i = 0; i < sizeof seed; i++)
			h = (h ^ (seed[i / 8] >> i % 8 * 8 & 0xff)) * FNV_PRIME;
		h = hash(h, c->source.at, c->source.len);
		h ^= h >> 32;
		for (int i = 0; i < 8; i++, h >>= 4)
			id[i] = "0123456789abcdef"[h & 15];
		id[8] = '\0';
		if (id[0] <= '9')
			id[0] = (char)('a' + (id[0] - '0') % 6);
		if (!*find(s, id))
			return arena_str(&nb->arena, id);
	}
}

void
nbformat_give_ids(struct notebook *nb)
{
	struct id_set s = { 0 };
	size_t size = 16;

	while (size < nb->ncells * 2)
		size *= 2;
	s.slots = mem_alloc(size, sizeof *s.slots);
	s.mask = size - 1;
	/* First those that are there: no new id may take one of them. */
	for (size_t i = 0; i < nb->ncells; i++) {
		struct nb_cell *c = &nb->cells[i];
		const char **slot;

		if (!c->id)
			continue;
		slot = find(&s, c->id);
		if (*slot) {
			strs_addf(&nb->warnings,
				  "'%s', cell %zu: the id '%s' is that of a "
				  "cell above; it gets a new one",
				  nb->name, i + 1, c->id);
			c->id = NULL;
		} else {
			*slot = c->id;
		}
	}
	for (size_t i = 0; i < nb->ncells; i++) {
		struct nb_cell *c = &nb->cells[i];

		if (c->id)
			continue;
		c->id = new_id(nb, &s, i);
		c->id_repaired = true;
		*find(&s, c->id) = c->id;
	}
	free(s.slots);
}
