/* html_parts.h: the parts of the page. For the html*.c files only. */
#ifndef CNB_HTML_PARTS_H
#define CNB_HTML_PARTS_H

#include "format/attachments.h"
#include "format/tags.h"
#include "model/record.h"

struct html_page {
	const struct record *r;
	struct buf *out;
	struct tags_outline outline;
	struct picture_room room;
};

/* The style sheet, in pieces, ended by NULL. */
extern const char *const html_style[];

/* What is said of the whole run, in front of the cells. */
void html_header(struct html_page *p);
/* A cell's outputs; nothing where there are none. */
void html_outputs(struct html_page *p, const struct record_cell *c);
bool html_has_outputs(const struct record_cell *c);
/* The timeline, where several threads wrote. */
void html_lanes(struct html_page *p, const struct record_cell *c);

/* Append the value of the id of a cell's element: "cell-ID". */
void html_cell_id(struct buf *out, const struct nb_cell *cell);
/* "2026-11-23 20:08:12 UTC" of nanoseconds since 1970, as <time>. */
void html_time(struct buf *out, int64_t ns);

#endif
