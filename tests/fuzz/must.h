/* must.h: what every fuzz target claims by: an untruth is a find. */
#ifndef CNB_FUZZ_MUST_H
#define CNB_FUZZ_MUST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include "model/notebook.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void
must(bool truth)
{
	if (!truth)
		abort();
}

/* Of the same types, with the same sources. */
static inline void
must_have_same_cells(const struct notebook *a, const struct notebook *b)
{
	must(a->ncells == b->ncells);
	for (size_t i = 0; i < a->ncells; i++) {
		must(a->cells[i].type == b->cells[i].type);
		must(slice_equal(a->cells[i].source, b->cells[i].source));
	}
}

#endif
