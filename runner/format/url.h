/* url.h: which addresses a page may hold. */
#ifndef CNB_URL_H
#define CNB_URL_H

#include <stdbool.h>
#include "base/buf.h"

enum url_use { URL_LINK, URL_IMAGE };

/* Append the address, cleaned: without what browsers pass over in it, what must
 * not stand in one as %XX. False, and nothing is appended: it could run
 * something (javascript:, data: but for pictures, and any scheme that is not
 * known to be harmless), or it is empty. */
bool url_clean(struct buf *out, struct slice url, enum url_use use);

#endif
