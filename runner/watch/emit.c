/* emit.c: events are made here and handed to the sinks. Floor 3. */
#include "watch/emit.h"

#include "sys/clock.h"

void
emit(const struct emitter *m, int cell, struct event ev)
{
	ev.cell = cell;
	ev.at_ns = clock_mono_ns() - m->began_ns;
	for (struct sink **s = m->sinks; *s; s++)
		(*s)->on_event(*s, &ev);
}

void
emit_error(const struct emitter *m, int cell, const char *ename,
	   const char *evalue, const struct strs *traceback)
{
	struct event ev = { .kind = EV_ERROR };

	ev.error.ename = ename;
	ev.error.evalue = evalue;
	if (traceback) {
		ev.error.traceback = (const char *const *)traceback->at;
		ev.error.ntraceback = traceback->count;
	}
	emit(m, cell, ev);
}
