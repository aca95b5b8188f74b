/* formats.c: the formats by their names and suffixes. Floor 2. It knows of
 * each how to call it, and no more. */
#include "format/formats.h"

#include "format/html.h"
#include "format/jsonl.h"
#include "format/junit.h"
#include "format/markdown.h"
#include "format/record_json.h"
#include "format/trace.h"

const char *const format_names[FORMAT_COUNT + 1] = {
	[FORMAT_IPYNB] = "ipynb", [FORMAT_JSON] = "json",
	[FORMAT_JSONL] = "jsonl", [FORMAT_HTML] = "html",
	[FORMAT_MD] = "md",	  [FORMAT_JUNIT] = "junit",
	[FORMAT_TRACE] = "trace", [FORMAT_C] = "c",
};

static int
write_ipynb(struct buf *out, const struct record *r, struct nbformat_save how,
	    struct err *e)
{
	(void)e;
	nbformat_write(out, r->nb, r, how);
	return 0;
}

static int
write_trace(struct buf *out, const struct record *r, struct nbformat_save how,
	    struct err *e)
{
	(void)how;
	if (trace_check(r, e) < 0)
		return -1;
	trace_write(out, r);
	return 0;
}

/* One of the functions, by what the format needs. */
static const struct {
	const char *suffix; /* beside the format's name; NULL: none */
	int (*write_how)(struct buf *, const struct record *,
			 struct nbformat_save, struct err *);
	void (*write)(struct buf *, const struct record *);
	void (*merge)(struct buf *, const struct record *const *, size_t);
} formats[FORMAT_COUNT] = {
	[FORMAT_IPYNB] = { .write_how = write_ipynb },
	[FORMAT_JSON] = { .write = record_json_write },
	[FORMAT_JSONL] = { .write = jsonl_write, .suffix = "ndjson" },
	[FORMAT_HTML] = { .write = html_write, .suffix = "htm" },
	[FORMAT_MD] = { .write = markdown_write, .suffix = "markdown" },
	[FORMAT_JUNIT] = { .merge = junit_write, .suffix = "xml" },
	[FORMAT_TRACE] = { .write_how = write_trace },
};

int
format_of_path(const char *path, enum format *format, struct err *e)
{
	const char *slash = strrchr(path, '/');
	const char *dot = strrchr(slash ? slash : path, '.');

	for (int i = 0; dot && i < FORMAT_COUNT; i++) {
		if (!strcmp(dot + 1, format_names[i]) ||
		    (formats[i].suffix &&
		     !strcmp(dot + 1, formats[i].suffix))) {
			*format = (enum format)i;
			return 0;
		}
	}
	return err_input(e,
			 "cannot tell the format of '%s' from its suffix; "
			 "say it with --to",
			 path);
}

const char *
format_suffix(enum format format)
{
	return format == FORMAT_JUNIT ? "xml" : format_names[format];
}

bool
format_merges(enum format format)
{
	return formats[format].merge != NULL;
}

int
format_write(struct buf *out, enum format format,
	     const struct record *const *records, size_t count,
	     struct nbformat_save how, struct err *e)
{
	if (formats[format].merge) {
		formats[format].merge(out, records, count);
		return 0;
	}
	if (formats[format].write_how)
		return formats[format].write_how(out, records[0], how, e);
	formats[format].write(out, records[0]);
	return 0;
}
