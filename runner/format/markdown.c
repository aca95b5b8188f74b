/* markdown.c: a notebook as Markdown. Floor 2. A fence is longer than any that
 * stands in what it holds; rich HTML passes as far as it is harmless. */
#include "format/markdown.h"

#include "base/ansi.h"
#include "base/text.h"
#include "base/spool.h"
#include "base/utf8.h"
#include "format/attachments.h"
#include "format/fold.h"
#include "format/json.h"
#include "format/mime.h"
#include "format/tags.h"

struct writer {
	struct buf *out;
	const struct record *r;
	bool begun; /* something has been written */
	struct picture_room room;
};

/* A blank line in front of a block, but for the first. */
static void
separate(struct writer *w)
{
	struct buf *out = w->out;

	if (!w->begun || !out->len) {
		w->begun = true;
		return;
	}
	if (out->data[out->len - 1] != '\n')
		buf_add_byte(out, '\n');
	buf_add_byte(out, '\n');
}

/* --- text in fences ------------------------------------------------------- */

/* One more backtick than the longest run of them, three at least. */
static size_t
fence_length(struct slice text)
{
	const char *end = text.at + text.len, *from;
	size_t longest = 2;

	while ((from = spool_find(text, '`')) != NULL) {
		const char *p = from;

		while (p < end && *p == '`')
			p++;
		if ((size_t)(p - from) > longest)
			longest = (size_t)(p - from);
		text = (struct slice){ p, (size_t)(end - p) };
	}
	return longest + 1;
}

static void
put_fence(struct buf *out, size_t length, const char *language)
{
	while (length--)
		buf_add_byte(out, '`');
	buf_addf(out, "%s\n", language);
}

/* A word that may stand behind a fence. */
static bool
is_word(const char *language)
{
	return *language &&
	       !language[strspn(language, "abcdefghijklmnopqrstuvwxyz"
					  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					  "0123456789+-#.")];
}

static void
put_fenced(struct writer *w, const char *language, struct slice text)
{
	size_t length = fence_length(text);
	struct buf *out = w->out;

	separate(w);
	put_fence(out, length, is_word(language) ? language : "");
	utf8_repair(out, text.at, text.len);
	if (text.len && text.at[text.len - 1] != '\n')
		buf_add_byte(out, '\n');
	put_fence(out, length, "");
}

/* How much at the front has no control characters. */
static size_t
printable(struct slice text)
{
	size_t n = 0;

	while (n < text.len) {
		size_t from = n, left = text.len - n;
		size_t stop = n + (left < SPOOL_STEP ? left : SPOOL_STEP);

		while (n < stop && ((unsigned char)text.at[n] >= 0x20 ||
				    text.at[n] == '\n' || text.at[n] == '\t'))
			n++;
		if (n < stop)
			break;
		spool_seen(n - from);
	}
	return n;
}

/* A terminal's text without its colours; control characters as their
 * pictures, since few readers of Markdown take them. */
static void
add_plain(struct buf *out, struct slice text)
{
	struct buf folded = { 0 }, bare = { 0 };

	buf_spool(&folded);
	fold_terminal(&folded, text.at, text.len);
	text = ansi_plain(buf_slice(&folded), &bare);
	while (text.len) {
		size_t n = printable(text);

		buf_add(out, text.at, n);
		if (n < text.len)
			utf8_encode(out, 0x2400U + (unsigned char)text.at[n++]);
		text.at += n;
		text.len -= n;
	}
	buf_release(&folded);
	buf_release(&bare);
}

static void
put_text(struct writer *w, struct slice text)
{
	struct buf valid = { 0 }, plain = { 0 };

	text = utf8_valid(text, &valid);
	if (printable(text) < text.len) {
		buf_spool(&plain);
		add_plain(&plain, text);
		text = buf_slice(&plain);
	}
	if (text.len)
		put_fenced(w, "", text);
	buf_release(&valid);
	buf_release(&plain);
}

/* --- outputs -------------------------------------------------------------- */

/* Text of both streams that follow each other stands together. */
static size_t
put_texts(struct writer *w, const struct record_cell *c, size_t i)
{
	struct slice all = buf_slice(&c->outputs[i].bytes);
	struct buf text = { 0 };
	size_t end = i + 1;

	while (end < c->noutputs && c->outputs[end].kind == OUT_TEXT)
		end++;
	if (end - i > 1) {
		buf_spool(&text);
		for (; i < end; i++)
			buf_add_slice(&text, buf_slice(&c->outputs[i].bytes));
		all = buf_slice(&text);
	}
	put_text(w, all);
	buf_release(&text);
	return end;
}

static void
put_error(struct writer *w, const struct output *o)
{
	struct buf text = { 0 };

	buf_addf(&text, "%s: %s\n", o->ename, o->evalue);
	for (size_t i = 0; i < o->traceback.count; i++)
		buf_addf(&text, "%s\n", o->traceback.at[i]);
	put_text(w, buf_slice(&text));
	buf_release(&text);
}

static void
put_picture(struct writer *w, const struct record_cell *c,
	    const struct output *o, const char *mime)
{
	const struct buf *data = output_data(o, mime);

	separate(w);
	buf_addf(w->out, "![%s %d](data:%s;base64,",
		 !strcmp(mime, "image/svg+xml") ? "svg" : mime + 6,
		 c->cell->number, mime);
	text_base64(w->out, buf_str(data), data->len);
	buf_add_str(w->out, ")\n");
}

/* A blank line would end the block of HTML that it is to readers. */
static void
put_html(struct writer *w, struct slice html)
{
	struct tags_outline outline = { .level = 6 };
	struct buf safe = { 0 };
	struct tags t;
	bool line_end = true;

	tags_init(&t, &safe, &outline, NULL);
	tags_enter(&t, "div", "");
	tags_html(&t, html, false);
	tags_release(&t);
	separate(w);
	for (size_t i = 0; i < safe.len; i++) {
		if (safe.data[i] == '\n' && line_end)
			continue;
		if (safe.data[i] != ' ' && safe.data[i] != '\t')
			line_end = safe.data[i] == '\n';
		buf_add_byte(w->out, safe.data[i]);
	}
	buf_add_byte(w->out, '\n');
	set_release(&outline.ids);
	buf_release(&outline.title);
	buf_release(&safe);
}

static void
put_json(struct writer *w, struct slice text)
{
	struct buf pretty = { 0 };
	struct json_out j;
	struct json value;

	if (json_check(text, &value, NULL, NULL) < 0) {
		put_text(w, text);
		return;
	}
	json_begin(&j, &pretty, 2, 0);
	json_value(&j, value);
	put_fenced(w, "json", buf_slice(&pretty));
	buf_release(&pretty);
}

static void
put_form(struct writer *w, const struct record_cell *c, const struct output *o,
	 const char *mime)
{
	struct slice data = buf_slice(output_data(o, mime));

	if (!strncmp(mime, "image/", 6)) {
		put_picture(w, c, o, mime);
	} else if (!strcmp(mime, "text/html")) {
		put_html(w, data);
	} else if (!strcmp(mime, "text/markdown") ||
		   !strcmp(mime, "text/latex")) {
		separate(w);
		utf8_repair(w->out, data.at, data.len);
		if (!data.len || data.at[data.len - 1] != '\n')
			buf_add_byte(w->out, '\n');
	} else if (mime_is_json(mime)) {
		put_json(w, data);
	} else {
		put_text(w, data);
	}
}

static void
put_data(struct writer *w, const struct record_cell *c, const struct output *o)
{
	static const char *const forms[] = {
		"text/html",  "text/markdown", "image/svg+xml",
		"image/png",  "image/jpeg",    "image/gif",
		"image/webp", "text/latex",    "text/plain",
	};

	for (size_t i = 0; i < countof(forms); i++) {
		if (output_data(o, forms[i])) {
			put_form(w, c, o, forms[i]);
			return;
		}
	}
	if (o->mime && (mime_is_text(o->mime) || mime_is_json(o->mime))) {
		put_form(w, c, o, o->mime);
	} else if (o->mime) {
		separate(w);
		buf_addf(w->out, "*(%zu bytes of `", o->bytes.len);
		utf8_repair(w->out, o->mime, strlen(o->mime));
		buf_add_str(w->out, "`)*\n");
	}
}

static void
put_outputs(struct writer *w, const struct record_cell *c)
{
	for (size_t i = 0; i < c->noutputs;) {
		const struct output *o = &c->outputs[i];

		switch (o->kind) {
		case OUT_TEXT:
			i = put_texts(w, c, i);
			continue;
		case OUT_ERROR:
			put_error(w, o);
			break;
		case OUT_DISPLAY:
		case OUT_RESULT:
			put_data(w, c, o);
			break;
		}
		i++;
	}
}

/* --- cells ---------------------------------------------------------------- */

static size_t
name_length(struct slice s)
{
	size_t n = 0;

	while (n < s.len && s.at[n] && !strchr(" \t\r\n)>\"'", s.at[n]))
		n++;
	return n;
}

/* The Markdown itself, its attachments as what they are. */
static void
put_markdown(struct writer *w, const struct nb_cell *cell)
{
	static const char scheme[] = "attachment:";
	struct slice rest = cell->source;
	struct attachments all;

	attachments_init(&all, w->r->nb, cell, &w->room);
	separate(w);
	while (rest.len) {
		const char *at =
			memmem(rest.at, rest.len, scheme, strlen(scheme));
		struct slice name;
		struct buf url = { 0 };

		if (!at)
			break;
		buf_add(w->out, rest.at, (size_t)(at - rest.at));
		rest.len -= (size_t)(at - rest.at);
		rest.at = at;
		name = (struct slice){ at + strlen(scheme),
				       rest.len - strlen(scheme) };
		name.len = name_length(name);
		if (attachments_url(&all, &url, name))
			buf_add_slice(w->out, buf_slice(&url));
		else
			buf_add(w->out, at, strlen(scheme) + name.len);
		rest.at += strlen(scheme) + name.len;
		rest.len -= strlen(scheme) + name.len;
		buf_release(&url);
	}
	buf_add_slice(w->out, rest);
	buf_add_byte(w->out, '\n');
	attachments_release(&all);
}

static void
put_code(struct writer *w, const struct record_cell *c)
{
	if (c->source_len)
		put_fenced(w, w->r->nb->language,
			   (struct slice){ c->source, c->source_len });
	put_outputs(w, c);
}

void
markdown_write(struct buf *out, const struct record *r)
{
	struct writer w = { .out = out, .r = r, .room = picture_room(r->nb) };

	for (size_t i = 0; i < r->nb->ncells; i++) {
		const struct nb_cell *cell = &r->nb->cells[i];
		struct record_cell look;

		switch (cell->type) {
		case NB_CODE:
			put_code(&w, record_look(r, (size_t)cell->number - 1,
						 &look));
			record_look_end(&look);
			break;
		case NB_MARKDOWN:
			put_markdown(&w, cell);
			break;
		case NB_RAW:
		case NB_OTHER:
			separate(&w);
			buf_add_slice(out, cell->source);
			buf_add_byte(out, '\n');
			break;
		}
	}
	if (w.room.refused) {
		separate(&w);
		buf_add_str(out, "*(");
		picture_room_tell(&w.room, out);
		buf_add_str(out, ")*\n");
	}
}
