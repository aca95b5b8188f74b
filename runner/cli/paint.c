/* paint.c: what the views on a terminal have in common. Floor 6. */
#include "cli/paint.h"

#include "base/utf8.h"

const char *const paint_status[STATUS_COUNT] = {
	[STATUS_OK] = GREEN,	       [STATUS_FAILED] = RED,
	[STATUS_CRASHED] = RED,	       [STATUS_TIMEOUT] = RED,
	[STATUS_LIMIT] = RED,	       [STATUS_BUILD_ERROR] = RED,
	[STATUS_INTERRUPTED] = YELLOW, [STATUS_SKIPPED] = DIM,
	[STATUS_NOT_RUN] = DIM,
};

void
paint_cut(struct buf *out, const char *text, size_t width)
{
	size_t len = strlen(text);
	bool cut = utf8_columns(text, len) > width;

	while (cut && len && utf8_columns(text, len) + 1 > width)
		do
			len--;
		while (len && (text[len] & 0xc0) == 0x80);
	buf_add(out, text, len);
	if (cut)
		buf_add_str(out, "\u2026");
}
