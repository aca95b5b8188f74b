/* url.c: addresses from strangers. Floor 2. A browser passes over blanks and
 * control characters in a scheme, so these are taken out before it is read. */
#include "format/url.h"

#include <strings.h>

static const char *const link_schemes[] = { "http", "https", "mailto", "ftp",
					    "tel",  "doi",   NULL };
static const char *const image_schemes[] = { "http", "https", NULL };
/* A picture that is an image element runs no script, SVG included. */
static const char *const image_types[] = { "image/png",	 "image/jpeg",
					   "image/jpg",	 "image/gif",
					   "image/webp", "image/svg+xml",
					   "image/avif", NULL };

/* The length of the scheme, without its colon; 0: a relative address. */
static size_t
scheme_length(struct slice url)
{
	for (size_t n = 0; n < url.len; n++) {
		char c = url.at[n];

		if (c == ':')
			return n;
		if (c == '/' || c == '?' || c == '#')
			return 0;
	}
	return 0;
}

static bool
is_one_of(const char *const *names, struct slice name)
{
	for (; *names; names++)
		if (strlen(*names) == name.len &&
		    !strncasecmp(*names, name.at, name.len))
			return true;
	return false;
}

/* data:image/png;base64,... and no other parameters. */
static bool
is_picture(struct slice url)
{
	static const char coding[] = ";base64,";
	size_t start = strlen("data:"), n = start;

	while (n < url.len && url.at[n] != ';' && url.at[n] != ',')
		n++;
	if (!is_one_of(image_types,
		       (struct slice){ url.at + start, n - start }) ||
	    url.len - n < strlen(coding) ||
	    strncasecmp(url.at + n, coding, strlen(coding)) != 0)
		return false;
	for (n += strlen(coding); n < url.len; n++) {
		char c = url.at[n];

		if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		      (c >= '0' && c <= '9') || c == '+' || c == '/' ||
		      c == '='))
			return false;
	}
	return true;
}

static bool
is_harmless(struct slice url, enum url_use use)
{
	struct slice scheme = { url.at, scheme_length(url) };

	if (!scheme.len)
		return url.len > 0 && url.at[0] != ':';
	if (use == URL_IMAGE && scheme.len == 4 &&
	    !strncasecmp(scheme.at, "data", 4))
		return is_picture(url);
	return is_one_of(use == URL_LINK ? link_schemes : image_schemes,
			 scheme);
}

static bool
is_hex(struct slice s, size_t at)
{
	return at < s.len && strchr("0123456789abcdefABCDEF", s.at[at]) &&
	       s.at[at];
}

static void
put_byte(struct buf *out, struct slice url, size_t i)
{
	unsigned char c = (unsigned char)url.at[i];

	if (c == '%' && is_hex(url, i + 1) && is_hex(url, i + 2))
		buf_add_byte(out, '%');
	else if (c < 0x21 || c == 0x7f || strchr("\"<>\\^`{|}%[]", c))
		buf_addf(out, "%%%02X", c);
	else
		buf_add_byte(out, (char)c);
}

bool
url_clean(struct buf *out, struct slice url, enum url_use use)
{
	struct buf bare = { 0 };
	struct slice s;
	size_t first = 0;
	bool ok;

	while (first < url.len && (unsigned char)url.at[first] <= ' ')
		first++;
	while (url.len > first && (unsigned char)url.at[url.len - 1] <= ' ')
		url.len--;
	for (size_t i = first; i < url.len; i++)
		if (!strchr("\t\n\r", url.at[i]) || !url.at[i])
			buf_add_byte(&bare, url.at[i]);
	s = buf_slice(&bare);
	ok = is_harmless(s, use);
	for (size_t i = 0; ok && i < s.len; i++)
		put_byte(out, s, i);
	buf_release(&bare);
	return ok;
}
