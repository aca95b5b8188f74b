/* saver.h: a sink that saves a run's outputs into the notebook's own file, as
 * they come and at the end (run --inplace). */
#ifndef CNB_SAVER_H
#define CNB_SAVER_H

#include "format/nbformat.h"
#include "model/event.h"
#include "model/record.h"

/* Between two saves while cells run. */
#define SAVER_PAUSE_NS INT64_C(1000000000)

struct saver {
	struct sink sink;	     /* first */
	const struct record *record; /* filled by a sink that stands earlier */
	struct nbformat_save how;
	int64_t saved_ns;   /* event time of the last save */
	struct buf written; /* what the file held when we last looked */
	bool failed;	    /* a save did not succeed; */
	struct err err;	    /* this is why */
};

void saver_init(struct saver *s, const struct record *r,
		struct nbformat_save how);
void saver_release(struct saver *s);
/* Save now. If the file was edited meanwhile, outputs go into the cells whose
 * text is still the same; what found no place is said on standard error. */
int saver_save(struct saver *s, struct err *e);

#endif
