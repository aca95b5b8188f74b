/* attachments.c: pictures in a cell's `attachments`. Floor 2. What is not one
 * of the known types of pictures, in base64, is none. */
#include "format/attachments.h"

#include <stdlib.h>
#include "base/mem.h"
#include "base/text.h"

/* picture_room(): what is given at least, and how often the notebook. */
#define ROOM ((size_t)64 << 20)
#define ROOM_TIMES 4

static bool
is_base64(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c >= '0' && c <= '9') || c == '+' || c == '/' || c == '=';
}

/* Base64 as it stands in notebooks: lines may be broken. */
static bool
add_base64(struct buf *url, struct slice text)
{
	size_t before = url->len;

	for (size_t i = 0; i < text.len; i++) {
		if (is_base64(text.at[i]))
			buf_add_byte(url, text.at[i]);
		else if (!strchr(" \r\n", text.at[i]) || !text.at[i])
			return false;
	}
	return url->len > before;
}

static bool
add_url(struct buf *url, const char *mime, struct json data)
{
	struct buf text = { 0 };
	bool ok = json_joined(&text, data);

	buf_addf(url, "data:%s;base64,", mime);
	if (ok && !strcmp(mime, "image/svg+xml"))
		text_base64(url, buf_str(&text), text.len);
	else
		ok = ok && add_base64(url, buf_slice(&text));
	buf_release(&text);
	return ok;
}

/* By name; of those that are called the same, which the notebook has twice,
 * the later comes first. */
static int
compare(const void *left, const void *right)
{
	const struct attachment *a = left, *b = right;
	int order = strcmp(a->name, b->name);

	if (order)
		return order;
	return a->types.text.at < b->types.text.at ? 1 : -1;
}

struct picture_room
picture_room(const struct notebook *nb)
{
	return (struct picture_room){ ROOM + nb->text.len * ROOM_TIMES, 0 };
}

void
picture_room_tell(const struct picture_room *room, struct buf *out)
{
	if (room->refused)
		buf_addf(out,
			 "%zu picture%s not shown: those that the text shows "
			 "again and again would take too much room",
			 room->refused, room->refused == 1 ? " is" : "s are");
}

void
attachments_init(struct attachments *a, const struct notebook *nb,
		 const struct nb_cell *cell, struct picture_room *room)
{
	struct json whole = { JSON_OBJECT,
			      { nb->text.at + cell->whole.start,
				cell->whole.end - cell->whole.start } };
	struct json all, one;
	struct json_walk walk;
	struct slice key;

	*a = (struct attachments){ .room = room };
	if (!json_find(whole, "attachments", &all) || all.type != JSON_OBJECT)
		return;
	for (walk = json_enter(all); json_next(&walk, &key, &one);) {
		struct buf name = { 0 };

		if (one.type != JSON_OBJECT)
			continue;
		json_unescape(&name, key);
		*mem_push(a->at, a->count) =
			(struct attachment){ .name = buf_take(&name),
					     .types = one };
	}
	if (a->count)
		qsort(a->at, a->count, sizeof *a->at, compare);
}

void
attachments_release(struct attachments *a)
{
	for (size_t i = 0; i < a->count; i++)
		free(a->at[i].name);
	free(a->at);
	*a = (struct attachments){ 0 };
}

/* The first that is called so. */
static struct attachment *
find(const struct attachments *a, const char *name)
{
	size_t from = 0, to = a->count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (strcmp(a->at[middle].name, name) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from < a->count && !strcmp(a->at[from].name, name) ? &a->at[from]
								  : NULL;
}

/* A picture may be long, and shown often: its text is gone through once. */
static void
choose_type(struct attachment *one)
{
	static const char *const types[] = { "image/svg+xml", "image/png",
					     "image/jpeg", "image/gif",
					     "image/webp" };

	for (size_t i = 0; !one->known && i < countof(types); i++)
		if (json_find(one->types, types[i], &one->data)) {
			one->type = types[i];
			break;
		}
	one->known = true;
}

bool
attachments_url(const struct attachments *a, struct buf *url, struct slice name)
{
	char *text = mem_strndup(name.at, name.len);
	struct attachment *one = find(a, text);
	size_t size;

	free(text);
	if (one)
		choose_type(one);
	if (!one || !one->type)
		return false;
	size = one->data.text.len;
	if (size > a->room->left) {
		a->room->refused++;
		return false;
	}
	a->room->left -= size;
	return add_url(url, one->type, one->data);
}
