/* author.c: where in a text which write begins. Floor 1. It does not know how
 * authors are found out. */
#include "model/author.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"

const struct author author_unknown = { .at_ns = -1 };

void
marks_release(struct marks *m)
{
	free(m->all);
	*m = (struct marks){ 0 };
}

static bool
is_same(const struct author *a, const struct author *b)
{
	return a->pid == b->pid && a->tid == b->tid && a->at_ns == b->at_ns;
}

bool
marks_goes_on(const struct marks *m, const struct author *who)
{
	const struct mark *last = m->count ? &m->all[m->count - 1] : NULL;

	return last && !last->omitted && is_same(&last->who, who);
}

void
marks_add(struct marks *m, size_t at, const struct author *who)
{
	*mem_push(m->all, m->count) = (struct mark){ .at = at, .who = *who };
}

void
marks_omit(struct marks *m, size_t at)
{
	if (m->count && m->all[m->count - 1].omitted)
		return;
	*mem_push(m->all, m->count) = (struct mark){ at, true, author_unknown };
}

void
marks_write(struct marks *m, size_t at, const struct author *who, bool omit)
{
	if (!who || (!omit && marks_goes_on(m, who)))
		return;
	if (omit)
		marks_omit(m, at);
	else
		marks_add(m, at, who);
}

void
marks_cut(struct marks *m, size_t n)
{
	size_t gone = 0;

	/* The one in which the cut lies now begins there. */
	while (gone + 1 < m->count && m->all[gone + 1].at <= n)
		gone++;
	m->count -= gone;
	if (gone)
		memmove(m->all, m->all + gone, m->count * sizeof *m->all);
	for (size_t i = 0; i < m->count; i++)
		m->all[i].at -= m->all[i].at < n ? m->all[i].at : n;
}

size_t
marks_end(const struct marks *m, size_t i, size_t len)
{
	return i + 1 < m->count ? m->all[i + 1].at : len;
}
