/* err.c: one sentence about what failed. Floor 0; prints nothing. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "base/utf8.h"

/* A sentence is one line on a terminal, whatever names it quotes: what a
 * reader would not see, and what is no UTF-8, becomes a question mark. */
static void
replace_unseen(char *text)
{
	const char *end = text + strlen(text);
	char *to = text;

	for (const char *at = text; at < end;) {
		size_t left = (size_t)(end - at), n = 1;
		uint32_t point = 0;

		if (utf8_valid_prefix(at, left < 4 ? left : 4))
			n = utf8_decode(at, left, &point);
		if (utf8_is_unseen(point)) {
			*to++ = '?';
		} else {
			memmove(to, at, n);
			to += n;
		}
		at += n;
	}
	*to = '\0';
}

static int __attribute__((format(printf, 3, 0)))
fill(struct err *e, enum err_class class, const char *format, va_list args)
{
	if (!e)
		return -1;
	e->class = class;
	vsnprintf(e->text, sizeof e->text, format, args);
	replace_unseen(e->text);
	return -1;
}

int
err_input(struct err *e, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fill(e, ERR_INPUT, format, args);
	va_end(args);
	return -1;
}

int
err_system(struct err *e, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fill(e, ERR_SYSTEM, format, args);
	va_end(args);
	return -1;
}

int
err_prefix(struct err *e, const char *format, ...)
{
	char old[sizeof e->text];
	va_list args;
	size_t n;

	if (!e)
		return -1;
	memcpy(old, e->text, sizeof old);
	va_start(args, format);
	fill(e, e->class, format, args);
	va_end(args);
	n = strlen(e->text);
	snprintf(e->text + n, sizeof e->text - n, "%s", old);
	return -1;
}
