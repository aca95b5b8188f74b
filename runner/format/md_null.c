/* md_null.c: Markdown without a library: the text as it is. Floor 2. */
#include "format/md.h"

#include "format/html_text.h"

const bool md_is_rendered = false;

/* `# Words` at the beginning of a line. */
static void
find_title(struct slice text, struct buf *title)
{
	while (text.len) {
		const char *end = memchr(text.at, '\n', text.len);
		size_t n = end ? (size_t)(end - text.at) : text.len;
		struct slice line = { text.at, n };

		if (slice_starts(line, "#")) {
			while (line.len && *line.at == '#')
				line.at++, line.len--;
			buf_add_slice(title, slice_trim(line));
			return;
		}
		n += end != NULL;
		text.at += n;
		text.len -= n;
	}
}

void
md_html(struct buf *out, struct slice markdown, struct tags_outline *outline,
	const struct tags_pictures *pictures)
{
	(void)pictures;
	if (!outline->title.len)
		find_title(markdown, &outline->title);
	buf_add_str(out, "<pre class=\"plain\">\n");
	html_text(out, markdown);
	buf_add_str(out, "</pre>\n");
}
