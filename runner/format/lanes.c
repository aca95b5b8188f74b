/* lanes.c: a record's marked writes, sorted into lanes. Floor 2. A write of
 * which nothing is known gets the lane of the unknown: it is never guessed. */
#include "format/lanes.h"

#include <stdlib.h>
#include "base/mem.h"

static bool
same_lane(const struct lane *lane, const struct author *who)
{
	return lane->pid == who->pid && lane->tid == who->tid;
}

/* The newest write's lane is most likely the next one's. */
static size_t
find_lane(struct lanes *l, const struct author *who)
{
	size_t last = l->nwrites ? l->writes[l->nwrites - 1].lane : 0;

	if (l->nwrites && same_lane(&l->at[last], who))
		return last;
	for (size_t i = 0; i < l->count; i++)
		if (same_lane(&l->at[i], who))
			return i;
	*mem_push(l->at, l->count) =
		(struct lane){ .pid = who->pid, .tid = who->tid, .comm = "" };
	return l->count - 1;
}

static void
add_output(struct lanes *l, const struct output *o)
{
	for (size_t i = 0; i < o->marks.count; i++) {
		const struct mark *m = &o->marks.all[i];
		size_t end = marks_end(&o->marks, i, o->bytes.len), lane;

		if (end > o->bytes.len)
			end = o->bytes.len;
		if (m->omitted || m->at >= end)
			continue;
		lane = find_lane(l, &m->who);
		l->at[lane].writes++;
		if (m->who.comm[0])
			l->at[lane].comm = m->who.comm;
		*mem_push(l->writes, l->nwrites) = (struct lane_write){
			.lane = lane,
			.at_ns = m->who.at_ns,
			.stream = o->stream,
			.text = { o->bytes.data + m->at, end - m->at },
		};
	}
}

/* Lanes of one process side by side, in the order of their first writes. */
static void
group(struct lanes *l)
{
	struct lane *sorted =
		mem_alloc(l->count ? l->count : 1, sizeof *sorted);
	size_t *moved = mem_alloc(l->count ? l->count : 1, sizeof *moved);
	size_t n = 0;

	for (size_t i = 0; i < l->count; i++) {
		int pid = l->at[i].pid;

		if (pid < 0) /* it went with its process */
			continue;
		l->nprocesses += pid > 0;
		for (size_t k = i; k < l->count; k++) {
			if (l->at[k].pid != pid)
				continue;
			moved[k] = n;
			sorted[n++] = l->at[k];
			l->at[k].pid = -1;
		}
	}
	for (size_t i = 0; i < l->nwrites; i++)
		l->writes[i].lane = moved[l->writes[i].lane];
	free(l->at);
	free(moved);
	l->at = sorted;
}

void
lanes_init(struct lanes *l, const struct record_cell *c)
{
	*l = (struct lanes){ 0 };
	for (size_t i = 0; c->timeline && i < c->noutputs; i++)
		if (c->outputs[i].kind == OUT_TEXT)
			add_output(l, &c->outputs[i]);
	group(l);
}

void
lanes_release(struct lanes *l)
{
	free(l->at);
	free(l->writes);
	*l = (struct lanes){ 0 };
}
