/* emit.h: the one place where events are made and handed to the sinks. */
#ifndef CNB_EMIT_H
#define CNB_EMIT_H

#include "base/text.h"
#include "model/event.h"

struct emitter {
	struct sink **sinks; /* borrowed, NULL-terminated */
	int64_t began_ns;    /* clock_mono_ns() at the run's beginning */
};

/* Stamp the time and hand it to every sink in turn. */
void emit(const struct emitter *m, int cell, struct event ev);
void emit_error(const struct emitter *m, int cell, const char *ename,
		const char *evalue, const struct strs *traceback);

#endif
