/* mime.c: how data of a MIME type stands in a notebook. Floor 2. The rules are
 * nbformat's (v4/rwbase.py) and those of Jupyter's front ends. */
#include "format/mime.h"

#include <stddef.h>
#include "base/slice.h"

static bool
starts(const char *text, const char *prefix)
{
	return slice_starts(slice_of(text), prefix);
}

static bool
ends(const char *text, const char *suffix)
{
	size_t n = strlen(text), m = strlen(suffix);

	return n >= m && !strcmp(text + n - m, suffix);
}

bool
mime_is_json(const char *mime)
{
	return !strcmp(mime, "application/json") ||
	       (starts(mime, "application/") && ends(mime, "+json"));
}

bool
mime_is_lines(const char *mime)
{
	return starts(mime, "text/") || !strcmp(mime, "image/svg+xml") ||
	       !strcmp(mime, "application/javascript");
}

bool
mime_is_text(const char *mime)
{
	return mime_is_lines(mime) || ends(mime, "+xml") ||
	       !strcmp(mime, "application/xml");
}

int
mime_rank(const char *mime)
{
	static const char *const best_first[] = {
		"image/svg+xml", "image/png",	     "image/jpeg",
		"image/gif",	 "text/html",	     "text/markdown",
		"text/latex",	 "application/json", "text/plain",
	};

	for (int i = 0; i < (int)countof(best_first); i++)
		if (!strcmp(best_first[i], mime))
			return i;
	return (int)countof(best_first);
}
