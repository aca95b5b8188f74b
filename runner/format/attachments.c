/* attachments.c: pictures in a cell's `attachments`. Floor 2. What is not one
 * of the known types of pictures, in base64, is none. */
#include "format/attachments.h"

#include <stdlib.h>
#include "base/mem.h"
#include "base/text.h"
#include "format/json.h"

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

static bool
find_object(struct json object, const char *key, struct json *value)
{
	return json_find(object, key, value) && value->type == JSON_OBJECT;
}

bool
attachment_url(struct buf *url, const struct notebook *nb,
	       const struct nb_cell *cell, struct slice name)
{
	static const char *const types[] = { "image/svg+xml", "image/png",
					     "image/jpeg", "image/gif",
					     "image/webp" };
	struct json whole = { JSON_OBJECT,
			      { nb->text.at + cell->whole.start,
				cell->whole.end - cell->whole.start } };
	struct json all, one, data;
	char *key = mem_strndup(name.at, name.len);
	bool found = find_object(whole, "attachments", &all) &&
		     find_object(all, key, &one);

	free(key);
	for (size_t i = 0; found && i < countof(types); i++)
		if (json_find(one, types[i], &data))
			return add_url(url, types[i], data);
	return false;
}
