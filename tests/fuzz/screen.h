/* screen.h: what a terminal may be given of others' bytes. */
#ifndef CNB_FUZZ_SCREEN_H
#define CNB_FUZZ_SCREEN_H

#include <string.h>
#include "base/utf8.h"
#include "must.h"

/* What a terminal is given: text, colours, carriage returns, backspaces. */
static inline void
must_be_safe(struct slice text)
{
	const char *p = text.at, *end = text.at + text.len;

	must(utf8_is_valid(text.at, text.len));
	while (p < end) {
		uint32_t point;

		p += utf8_decode(p, (size_t)(end - p), &point);
		if (point == '\033') {
			must(p < end && *p++ == '[');
			while (p < end && strchr("0123456789;:", *p))
				p++;
			must(p < end && *p++ == 'm');
			continue;
		}
		must(point >= ' ' || strchr("\t\n\r\b", (int)point));
		must(point < 0x7f || point > 0x9f);
		must(!utf8_is_unseen(point) || point < ' ');
	}
}

#endif
