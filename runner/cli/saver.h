/* saver.h: a sink that saves a run's outputs into the notebook's own file, as
 * they come and at the end (run --inplace). */
#ifndef CNB_SAVER_H
#define CNB_SAVER_H

#include "format/nbformat.h"
#include "model/event.h"
#include "model/record.h"
#include "sys/lock.h"
#include "sys/swap.h"

/* Between two saves while cells run, at least; and so many times what the last
 * one took. */
#define SAVER_PAUSE_NS INT64_C(1000000000)
#define SAVER_PAUSE_TIMES 10

struct saver {
	struct sink sink;	     /* first */
	const struct record *record; /* filled by a sink that stands earlier */
	struct nbformat_save how;
	struct lock lock;    /* of the notebook, as long as the run lasts */
	int64_t saved_ns;    /* event time of the last save */
	struct look written; /* what the file held when we last looked */
	int64_t pause_ns;    /* until the next save, at least */
	bool edited;	     /* it was not what we had left there */
	bool patient; /* what has no place now has one later: no file is written
		       * beside the notebook for it */
	bool safe;    /* all is on disk, here or beside it */
	bool failed;  /* a save did not succeed; */
	struct err err; /* this is why */
};

/* `lock`: of the notebook, taken over; NULL: it is to be taken. -1: somebody
 * else is saving into it. */
int saver_init(struct saver *s, const struct record *r,
	       struct nbformat_save how, struct lock *lock, struct err *e);
void saver_release(struct saver *s);
/* Save for the last time. If the file was edited meanwhile, outputs go into the
 * cells whose text is still the same; if some found no place, the notebook as
 * it was run is saved beside it, and standard error says where. */
int saver_finish(struct saver *s, struct err *e);
/* Is the notebook as we have saved it? Then *st tells its file from others. */
struct stat;
bool saver_left(const struct saver *s, struct stat *st);

#endif
