/* formats.c: the formats by their names and suffixes. Floor 2. It knows of
 * each how to call it, and no more. */
#include "format/formats.h"

#include "format/html.h"
#include "format/record_json.h"

const char *const format_names[FORMAT_COUNT + 1] = {
	[FORMAT_IPYNB] = "ipynb",
	[FORMAT_JSON] = "json",
	[FORMAT_HTML] = "html",
};

static void
write_ipynb(struct buf *out, const struct record *r, struct nbformat_save how)
{
	nbformat_write(out, r->nb, r, how);
}

static void
write_json(struct buf *out, const struct record *r, struct nbformat_save how)
{
	(void)how;
	record_json_write(out, r);
}

static void
write_html(struct buf *out, const struct record *r, struct nbformat_save how)
{
	(void)how;
	html_write(out, r);
}

static void (*const writers[FORMAT_COUNT])(struct buf *, const struct record *,
					   struct nbformat_save) = {
	[FORMAT_IPYNB] = write_ipynb,
	[FORMAT_JSON] = write_json,
	[FORMAT_HTML] = write_html,
};

int
format_of_path(const char *path, enum format *format, struct err *e)
{
	const char *slash = strrchr(path, '/');
	const char *dot = strrchr(slash ? slash : path, '.');

	for (int i = 0; dot && i < FORMAT_COUNT; i++) {
		if (!strcmp(dot + 1, format_names[i])) {
			*format = (enum format)i;
			return 0;
		}
	}
	return err_input(e,
			 "cannot tell the format of '%s' from its suffix; "
			 "say it with --to",
			 path);
}

void
format_write(struct buf *out, enum format format, const struct record *r,
	     struct nbformat_save how)
{
	writers[format](out, r, how);
}
