/* record_timeline.c: a cell's writes, one by one, as JSON. Floor 2. */
#include "format/record_timeline.h"

#include "base/utf8.h"

static void
put_id(struct json_out *j, const char *key, int id)
{
	json_key(j, key);
	if (id)
		json_int(j, id);
	else
		json_null(j);
}

void
record_write(struct json_out *j, enum stream stream, const struct author *who,
	     struct slice text)
{
	json_key(j, "t_ms");
	json_ms(j, who->at_ns);
	json_key(j, "stream");
	json_str(j, stream_name(stream));
	put_id(j, "pid", who->pid);
	put_id(j, "tid", who->tid);
	json_key(j, "name");
	if (who->comm[0])
		json_bytes(j, who->comm, strlen(who->comm));
	else
		json_null(j);
	json_key(j, "text");
	json_bytes(j, text.at, text.len);
	if (utf8_is_valid(text.at, text.len))
		return;
	json_key(j, "text_base64");
	json_base64(j, text.at, text.len);
}

/* Neighbouring outputs of one stream are one text, and so may a write be that
 * was cut where the limit struck; both halves of it are told. */
static void
put_writes(struct json_out *j, const struct output *o)
{
	size_t len = o->bytes.len;

	for (size_t i = 0; i < o->marks.count; i++) {
		const struct mark *m = &o->marks.all[i];
		size_t end = marks_end(&o->marks, i, len);

		if (end > len)
			end = len;
		if (m->omitted || m->at >= end)
			continue;
		json_open(j, '{');
		record_write(j, o->stream, &m->who,
			     (struct slice){ o->bytes.data + m->at,
					     end - m->at });
		json_close(j, '}');
	}
}

void
record_timeline(struct json_out *j, const struct record_cell *c)
{
	if (!c->timeline) {
		json_null(j);
		return;
	}
	json_open(j, '[');
	for (size_t i = 0; i < c->noutputs; i++)
		if (c->outputs[i].kind == OUT_TEXT)
			put_writes(j, &c->outputs[i]);
	json_close(j, ']');
}
