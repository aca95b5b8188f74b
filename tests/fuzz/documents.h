/* documents.h: what every document claims, whatever it is made of: JSON is
 * JSON, XML is well-formed, a page has no markup but cnb's own, a notebook is
 * read again. */
#ifndef CNB_FUZZ_DOCUMENTS_H
#define CNB_FUZZ_DOCUMENTS_H

#include "cli/document.h"
#include "format/json.h"
#include "markup.h"

static void
must_be_json(struct slice text)
{
	struct strs duplicates = { 0 };
	struct json root;

	must(json_check(text, &root, &duplicates, NULL) == 0);
	strs_release(&duplicates);
}

static void
must_be_json_lines(struct slice text)
{
	const char *end = text.at + text.len;

	for (const char *p = text.at; p < end;) {
		const char *newline = memchr(p, '\n', (size_t)(end - p));

		must(newline != NULL);
		must_be_json((struct slice){ p, (size_t)(newline - p) });
		p = newline + 1;
	}
}

static void
must_be_notebook(struct slice text)
{
	struct notebook nb;
	struct err e;

	notebook_init(&nb);
	must(nbformat_read(&nb, "g.ipynb", text.at, text.len, &e) == 0);
	notebook_release(&nb);
}

static void
must_be_document(enum format format, struct slice text)
{
	switch (format) {
	case FORMAT_IPYNB:
		must_be_notebook(text);
		break;
	case FORMAT_JSON:
	case FORMAT_TRACE:
		must_be_json(text);
		break;
	case FORMAT_JSONL:
		must_be_json_lines(text);
		break;
	case FORMAT_HTML:
		must_be_page(text);
		break;
	case FORMAT_JUNIT:
		must_be_xml(text);
		break;
	case FORMAT_MD:
	case FORMAT_C:
		must(utf8_is_valid(text.at, text.len));
		break;
	case FORMAT_COUNT:
		break;
	}
}

/* In all formats that the record can be written in. */
static void
must_write_all(const struct record *r, struct nbformat_save how)
{
	const struct record *two[] = { r, r };

	for (int i = 0; i < FORMAT_COUNT; i++) {
		enum format format = (enum format)i;
		struct buf out = { 0 };
		struct err e;

		if (document_write(&out, format, two,
				   format_merges(format) ? 2 : 1, how, &e) == 0)
			must_be_document(format, buf_slice(&out));
		buf_release(&out);
	}
}

#endif
