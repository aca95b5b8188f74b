/* mime.h: how data of a MIME type stands in a notebook. */
#ifndef CNB_MIME_H
#define CNB_MIME_H

#include <stdbool.h>

/* application/json and application/...+json: a JSON value. */
bool mime_is_json(const char *mime);
/* Text: as it is. What is neither text nor JSON is base64. */
bool mime_is_text(const char *mime);
/* Text that Jupyter keeps as a list of lines. */
bool mime_is_lines(const char *mime);

/* The better of two forms of one display comes first. */
int mime_rank(const char *mime);

#endif
