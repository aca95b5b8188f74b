/* past_budget.c: which copies of states are kept. Floor 4. */
#include "exec/past.h"

#include "exec/run.h"
#include "sys/tree.h"

size_t
past_copies(const struct past *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->nmarks; i++)
		n += p->marks[i].frozen.pid != 0;
	return n;
}

/* The copy that is missed least: the fewest steps to run again from the one
 * before it, seen from the newest. NULL: there is none to spare. */
static struct bookmark *
least_missed(struct past *p)
{
	struct bookmark *found = NULL;
	size_t before = 0, best_gap = 1, best_age = 1;
	bool any = false;

	for (size_t i = 0; i + 1 < p->nmarks; i++) {
		struct bookmark *m = &p->marks[i];
		size_t gap = any ? i - before : i + 1, age = p->nmarks - i;

		if (!m->frozen.pid)
			continue;
		if (!found || gap * best_age < best_gap * age) {
			found = m;
			best_gap = gap;
			best_age = age;
		}
		before = i;
		any = true;
	}
	return found;
}

void
past_trim_count(struct past *p)
{
	struct bookmark *m;

	while (past_copies(p) > p->most && (m = least_missed(p)))
		past_drop(m, p->most_why);
}

/* A twin that is being made shares what the others have: it must be known. */
static int64_t
pss(struct run *r, struct frozen *f)
{
	frozen_await(&r->supervisor, f);
	return tree_pss(f->pid) + (f->twin ? tree_pss(f->twin) : 0);
}

/* Only where that was not done yet: then the sum is not too little, as long as
 * none of those that share it went. False: somebody else comes first. */
static bool
measure(struct run *r, const struct hurry *h, int64_t *sum)
{
	struct past *p = &r->past;

	*sum = 0;
	for (size_t i = 0; i < p->nmarks; i++) {
		struct bookmark *m = &p->marks[i];

		if (!m->frozen.pid)
			continue;
		if (!m->bytes && hurry_is_due(h))
			return false;
		if (!m->bytes)
			m->bytes = pss(r, &m->frozen);
		*sum += m->bytes;
	}
	return true;
}

static void
forget_measures(struct past *p)
{
	for (size_t i = 0; i < p->nmarks; i++)
		p->marks[i].bytes = 0;
}

int64_t
past_bytes(struct run *r)
{
	int64_t sum;

	forget_measures(&r->past);
	measure(r, NULL, &sum);
	return sum;
}

/* Most sessions are far from their budget: to count what is shared in each that
 * shares it, which is told at once, is enough to see that. */
static bool
look_at_most(struct past *p, const struct hurry *h, bool *fits)
{
	int64_t sum = 0;

	for (size_t i = 0; i < p->nmarks; i++) {
		struct bookmark *m = &p->marks[i];

		if (!m->frozen.pid)
			continue;
		if (!m->most && hurry_is_due(h))
			return false;
		if (!m->most)
			m->most = tree_memory(m->frozen.pid, false);
		sum += m->frozen.twin_fd < 0 ? m->most : 2 * m->most;
	}
	*fits = sum <= p->most_bytes;
	return true;
}

/* What was measured may have been too much for what it is now. */
static bool
find_excess(struct run *r, const struct hurry *h, bool *found)
{
	const int64_t most = r->past.most_bytes;
	bool fits = true;
	int64_t sum;

	*found = false;
	if (most && !look_at_most(&r->past, h, &fits))
		return false;
	if (fits)
		return true;
	if (!measure(r, h, &sum))
		return false;
	if (sum <= most)
		return true;
	forget_measures(&r->past);
	if (!measure(r, h, &sum))
		return false;
	*found = sum > most;
	return true;
}

bool
past_trim(struct run *r, const struct hurry *h)
{
	struct past *p = &r->past;
	struct bookmark *m;
	bool excess = true, done = true;

	past_let_go(p);
	past_trim_count(p);
	/* Who shared with those that went has more now. */
	if (past_copies(p) < p->measured)
		forget_measures(p);
	p->measured = past_copies(p);
	while (p->measured > 1 && (done = find_excess(r, h, &excess)) &&
	       excess && (m = least_missed(p))) {
		past_drop(m, "it was dropped to keep within --snapshot-memory");
		forget_measures(p);
		p->measured = past_copies(p);
	}
	return done;
}
