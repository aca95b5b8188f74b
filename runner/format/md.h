/* md.h: Markdown as HTML, by md4c where cnb was built with it. */
#ifndef CNB_MD_H
#define CNB_MD_H

#include "format/tags.h"

/* Was it? Else Markdown stays the text it is. */
extern const bool md_is_rendered;

/* Append a cell's Markdown (GitHub's dialect, with $LaTeX$ kept as it is
 * written); harmless and well-formed whatever it holds. */
void md_html(struct buf *out, struct slice markdown,
	     struct tags_outline *outline,
	     const struct tags_pictures *pictures);

#endif
