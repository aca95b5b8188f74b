/* lacks.h: what a text lacks that refers to a known name without having it: an
 * `#include`, or an option for the linker. */
#ifndef CNB_LACKS_H
#define CNB_LACKS_H

#include "base/buf.h"
#include "base/text.h"
#include "build/diag.h"

/* Append a line for each header, and for each option, that a name in `d` wants
 * and does not have, as far as such names are known here and the compiler has
 * not said it itself. `label` stands in front; messages of sources with another
 * one do not count, nor names in `known` (or NULL): of those all is told. */
void lacks_add(struct buf *out, const char *label, const struct diags *d,
	       const struct strs *known);

/* The name that the linker, by this message, found nowhere; else empty. */
struct slice lacks_symbol(const struct diag *d);

#endif
