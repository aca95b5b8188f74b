/* markup.h: is a page, or a report in XML, what cnb may write? As strict as it
 * is simple: elements that cnb knows, closed in their order; attributes in
 * double quotes; nothing that a browser would run or load by itself. The
 * second opinion, by real parsers, is tests/bin/htmlcheck and xmllint. */
#ifndef CNB_FUZZ_MARKUP_H
#define CNB_FUZZ_MARKUP_H

#include <ctype.h>
#include <string.h>
#include <strings.h>
#include "base/utf8.h"
#include "must.h"

#define MARKUP_DEEP 4096

struct markup {
	const char *at, *end;
	bool xml;
	struct slice open[MARKUP_DEEP];
	size_t nopen;
};

static bool
markup_is_one_of(struct slice word, const char *list)
{
	char padded[64];

	if (!word.len || word.len > sizeof padded - 3)
		return false;
	padded[0] = ' ';
	memcpy(padded + 1, word.at, word.len);
	memcpy(padded + 1 + word.len, " ", 2);
	return strstr(list, padded) != NULL;
}

static struct slice
markup_word(struct markup *m)
{
	struct slice word = { m->at, 0 };

	while (m->at < m->end && strchr("abcdefghijklmnopqrstuvwxyz"
					"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					"0123456789-",
					*m->at))
		m->at++;
	word.len = (size_t)(m->at - word.at);
	return word;
}

static void
markup_take(struct markup *m, const char *text)
{
	struct slice rest = { m->at, (size_t)(m->end - m->at) };

	must(slice_starts(rest, text));
	m->at += strlen(text);
}

/* Characters that either may hold, up to `stop`; what begins markup is none. */
static struct slice
markup_text(struct markup *m, char stop)
{
	struct slice text = { m->at, 0 };

	while (m->at < m->end && *m->at != stop) {
		uint32_t point;

		m->at += utf8_decode(m->at, (size_t)(m->end - m->at), &point);
		must(point >= ' ' || point == '\n' || point == '\t');
		must(point < 0x7f || point > 0x9f);
		must((point & 0xfffe) != 0xfffe);
		if (!m->xml)
			must((point < 0x202a || point > 0x202e) &&
			     (point < 0x2066 || point > 0x2069));
		/* A page may hold a bare & where it is no entity. */
		if (point == '&' && m->xml) {
			const char *semicolon =
				memchr(m->at, ';', (size_t)(m->end - m->at));
			struct slice name = { m->at, 0 };

			must(semicolon != NULL);
			name.len = (size_t)(semicolon - m->at);
			must(markup_is_one_of(name, " amp lt gt quot #9 #10 "));
		}
		must(point != '<' || stop == '"');
	}
	text.len = (size_t)(m->at - text.at);
	return text;
}

/* An address that a reader may follow, or that a page may load. Of entities
 * there are those that stand for & and ', so that none hides what it is. */
static bool
markup_address_ok(struct slice url, bool picture)
{
	struct slice scheme = { url.at, strcspn(url.at, ":/?#\"") };
	char name[16] = "";

	for (size_t i = 0; i < url.len; i++)
		if (url.at[i] == '&' && strncmp(url.at + i, "&amp;", 5) != 0 &&
		    strncmp(url.at + i, "&#39;", 5) != 0)
			return false;
	if (url.at[scheme.len] != ':')
		return true;
	for (size_t i = 0; i < scheme.len && i + 1 < sizeof name; i++)
		name[i] = (char)tolower((unsigned char)scheme.at[i]);
	scheme.at = name;
	if (picture && slice_is(scheme, "data"))
		return !strncasecmp(url.at, "data:image/", 11);
	return markup_is_one_of(scheme,
				picture ? " http https "
					: " http https mailto ftp tel doi ");
}

/* The attributes, up to the > or />. True: the element is empty by that. */
static bool
markup_attributes(struct markup *m, struct slice element)
{
	static const char names[] =
		" class id href rel title src alt width height loading "
		"referrerpolicy colspan rowspan start open datetime lang "
		"charset content name http-equiv sandbox srcdoc style role d "
		"viewBox vector-effect preserveAspectRatio aria-label "
		"aria-hidden ";
	bool sandboxed = false;

	while (m->at < m->end && *m->at == ' ') {
		struct slice name, value = { "", 0 };

		m->at++;
		name = markup_word(m);
		must(name.len > 0);
		must(m->xml || markup_is_one_of(name, names));
		if (m->at < m->end && *m->at == '=') {
			markup_take(m, "=\"");
			value = markup_text(m, '"');
			markup_take(m, "\"");
		} else {
			must(!m->xml);
		}
		if (slice_is(name, "href"))
			must(markup_address_ok(value, false));
		if (slice_is(name, "src"))
			must(markup_address_ok(value, true));
		sandboxed |= slice_is(name, "sandbox") && !value.len;
	}
	must(m->xml || !slice_is(element, "iframe") || sandboxed);
	if (m->at < m->end && *m->at == '/') {
		markup_take(m, "/>");
		return true;
	}
	markup_take(m, ">");
	return false;
}

static void
markup_element(struct markup *m)
{
	static const char known[] =
		" html head body title style meta header main div p pre h1 h2 "
		"h3 h4 h5 h6 ul ol li dl dt dd table caption thead tbody tfoot "
		"tr th td blockquote details summary figure figcaption iframe "
		"hr a abbr b cite code del dfn em i img ins kbd mark q s samp "
		"small span strong sub sup time u var br wbr svg path g line ";
	static const char empty[] = " br hr img meta wbr ";
	bool closing = m->at < m->end && *m->at == '/';
	struct slice name;

	m->at += closing;
	name = markup_word(m);
	must(name.len > 0);
	if (closing) {
		markup_take(m, ">");
		must(m->nopen > 0);
		must(slice_equal(m->open[--m->nopen], name));
		return;
	}
	must(m->xml || markup_is_one_of(name, known));
	must(m->nopen < MARKUP_DEEP);
	if (!markup_attributes(m, name) &&
	    (m->xml || !markup_is_one_of(name, empty)))
		m->open[m->nopen++] = name;
}

static void
must_be_markup(struct slice text, const char *prologue, bool xml)
{
	static struct markup m;

	must(utf8_is_valid(text.at, text.len));
	m.at = text.at;
	m.end = text.at + text.len;
	m.xml = xml;
	m.nopen = 0;
	markup_take(&m, prologue);
	while (m.at < m.end) {
		markup_text(&m, '<');
		if (m.at == m.end)
			break;
		m.at++;
		markup_element(&m);
	}
	must(m.nopen == 0);
}

static inline void
must_be_page(struct slice text)
{
	must_be_markup(text, "<!DOCTYPE html>\n", false);
}

static inline void
must_be_xml(struct slice text)
{
	must_be_markup(text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
		       true);
}

#endif
