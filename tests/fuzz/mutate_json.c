/* mutate_json.c: for targets that read JSON, changes that keep it JSON: a
 * fuzzer of bytes alone hardly ever makes a key that stands twice, or a value
 * of another type in the right place. Linked with a target, not with its
 * replay. What is no JSON is left to the fuzzer's own changes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "format/json.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most,
			       unsigned seed);

struct value {
	struct slice key; /* with its quotes; no length: an element */
	struct slice text;
};

struct values {
	struct value *at;
	size_t count;
	uint64_t luck;
};

/* Values that are odd wherever they stand. */
static const char *const odd[] = {
	"null",
	"true",
	"0",
	"-0",
	"4",
	"5",
	"-1",
	"3.5",
	"1e999",
	"999999999",
	"1000000000",
	"12345678901234567890",
	"\"\"",
	"[]",
	"{}",
	"[[]]",
	"[{}]",
	"[\"\"]",
	"\"\\u0000\"",
	"\"\\ud800\"",
	"\"\\ud83d\\ude00\"",
	"\"\\n\"",
	"\"a\"",
	"\"\xe2\x80\xa8\"",
	"{\"run\":{}}",
	"{\"run\":1,\"run\":{}}",
	"{\"cnb\":1,\"cnb\":{\"run\":{}}}",
	"{\"cnb\":{\"run\":{\"status\":\"ok\"}}}",
	"\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"",
	"\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"",
	"{\"cell_type\":\"code\",\"metadata\":{},\"source\":\"\"}",
	"{\"cell_type\":\"markdown\",\"metadata\":{},\"source\":[]}",
};

static size_t
pick(struct values *v, size_t count)
{
	/* xorshift */
	v->luck ^= v->luck << 13;
	v->luck ^= v->luck >> 7;
	v->luck ^= v->luck << 17;
	return (size_t)(v->luck % count);
}

static void
collect(struct values *v, struct json container)
{
	struct json_walk w = json_enter(container);
	struct slice key = { 0 };
	struct json j;

	while (json_next(&w, w.keyed ? &key : NULL, &j)) {
		*mem_push(v->at, v->count) = (struct value){ key, j.text };
		if (j.type == JSON_OBJECT || j.type == JSON_ARRAY)
			collect(v, j);
	}
}

static struct slice
any_value(struct values *v)
{
	if (pick(v, 2))
		return slice_of(odd[pick(v, countof(odd))]);
	return v->at[pick(v, v->count)].text;
}

/* A key that is there already: "\u0063nb" is "cnb", too. */
static void
add_key(struct values *v, struct buf *out, struct slice key)
{
	size_t at = 1 + pick(v, key.len - 1);
	unsigned char byte = (unsigned char)key.at[at];

	if (pick(v, 4) || at + 1 == key.len || byte >= 0x80 ||
	    memchr(key.at, '\\', key.len)) {
		buf_add_slice(out, key);
		return;
	}
	buf_add(out, key.at, at);
	buf_addf(out, "\\u%04x", byte);
	buf_add(out, key.at + at + 1, key.len - at - 1);
}

static void
add_member(struct values *v, struct buf *out, struct slice key,
	   struct slice value)
{
	if (key.len) {
		add_key(v, out, key);
		buf_add_byte(out, ':');
	}
	buf_add_slice(out, value);
}

/* The text with one change in it: a value that is another, that stands twice,
 * that is gone, or that is wrapped. */
static void
change(struct values *v, struct slice text, struct buf *out)
{
	static const char *const blanks[] = { "", " ", "\n", "\r\n", "\t" };
	const struct value *at = &v->at[pick(v, v->count)];
	const struct value *other = &v->at[pick(v, v->count)];
	const char *start = at->key.len ? at->key.at : at->text.at;
	const char *end = at->text.at + at->text.len;
	const char *text_end = text.at + text.len;
	size_t deep = pick(v, 5) ? 1 : pick(v, 2 * JSON_MAX_DEPTH);

	switch (pick(v, 8)) {
	case 0: /* another value */
	case 1:
		buf_add(out, text.at, (size_t)(at->text.at - text.at));
		buf_add_slice(out, any_value(v));
		break;
	case 2: /* the key once more, in front or behind */
		buf_add(out, text.at, (size_t)(start - text.at));
		add_member(v, out, at->key, any_value(v));
		buf_add_byte(out, ',');
		end = start;
		break;
	case 3:
		buf_add(out, text.at, (size_t)(end - text.at));
		buf_add_byte(out, ',');
		add_member(v, out, at->key, any_value(v));
		break;
	case 4: /* it is gone, with its comma */
		while (end < text_end && strchr(" \t\r\n", *end))
			end++;
		if (end < text_end && *end == ',')
			end++;
		buf_add(out, text.at, (size_t)(start - text.at));
		if (end[-1] != ',' && out->len &&
		    out->data[out->len - 1] == ',')
			out->len--;
		break;
	case 5: /* deeper */
		buf_add(out, text.at, (size_t)(at->text.at - text.at));
		for (size_t i = 0; i < deep; i++)
			buf_add_byte(out, '[');
		buf_add_slice(out, at->text);
		for (size_t i = 0; i < deep; i++)
			buf_add_byte(out, ']');
		break;
	case 6: /* another's key */
		buf_add(out, text.at, (size_t)(start - text.at));
		add_member(v, out, at->key.len ? other->key : at->key,
			   at->text);
		break;
	default: /* another layout */
		buf_add(out, text.at, (size_t)(start - text.at));
		buf_add_str(out, blanks[pick(v, countof(blanks))]);
		buf_add(out, start, (size_t)(end - start));
		buf_add_str(out, blanks[pick(v, countof(blanks))]);
	}
	buf_add(out, end, (size_t)(text_end - end));
}

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
	struct slice text = { (const char *)data, size };
	struct values v = { .luck = seed | UINT64_C(0x9e3779b900000000) };
	struct buf out = { 0 };
	struct json root;

	if (pick(&v, 4) && json_check(text, &root, NULL, NULL) == 0 &&
	    (root.type == JSON_OBJECT || root.type == JSON_ARRAY))
		collect(&v, root);
	if (v.count)
		change(&v, text, &out);
	if (out.len && out.len <= most) {
		memcpy(data, out.data, out.len);
		size = out.len;
	} else {
		size = LLVMFuzzerMutate(data, size, most);
	}
	buf_release(&out);
	free(v.at);
	return size;
}
