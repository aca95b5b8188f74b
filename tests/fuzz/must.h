/* must.h: what every fuzz target claims by: an untruth is a find. */
#ifndef CNB_FUZZ_MUST_H
#define CNB_FUZZ_MUST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include "model/notebook.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define must(truth) must_at((truth), #truth, __FILE__, __LINE__)

static inline void
must_at(bool truth, const char *claim, const char *file, int line)
{
	if (truth)
		return;
	fprintf(stderr, "%s:%d: it is not so that %s\n", file, line, claim);
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
