/* backcell.c: cells that go on in the background while later cells run, from
 * their start to their verdict. Floor 4. */
#include "exec/run.h"

#include <stdlib.h>
#include "base/mem.h"

struct backcell {
	const struct cell_info *c;
	struct cell_result res;
	struct task task;
	struct live *live;
};

int
backcell_start(struct run *r, const struct cell_info *c,
	       struct cell_result *res, struct task *t, struct live *live,
	       const struct keeper_spawn *what, bool plain, struct err *e)
{
	struct backcell *b = mem_alloc(1, sizeof *b);

	b->c = c;
	b->live = live;
	b->task = *t;
	/* The usual limit is for cells that are waited for. */
	if (c->options->timeout_ms < 0)
		b->task.timeout_ms = 0;
	if (supervise_background(&r->supervisor, &b->task, what, plain, e) <
	    0) {
		free(b);
		return -1;
	}
	b->res = *res;
	*res = (struct cell_result){ .goes_on = true };
	verdict_init(&res->verdict);
	*mem_push(r->back, r->nback) = b;
	return 0;
}

/* What became of it is told, and it is no more. */
static void
conclude(struct run *r, struct backcell *b, bool *bad)
{
	supervise_background_end(&r->supervisor, &b->task);
	b->live->over = true;
	cellrun_judge(r, b->c, &b->res, &b->task);
	verdict_expect(&b->res.verdict, b->c->options->expect);
	*bad |= run_emit_end(r, b->c, &b->res);
	cell_result_release(&b->res);
	free(b);
}

bool
backcells_reap(struct run *r)
{
	bool bad = false;
	size_t kept = 0;

	if (!r->nback)
		return false;
	supervise_idle(&r->supervisor);
	for (size_t i = 0; i < r->nback; i++) {
		if (r->back[i]->task.over)
			conclude(r, r->back[i], &bad);
		else
			r->back[kept++] = r->back[i];
	}
	r->nback = kept;
	return bad;
}

void
backcells_end(struct run *r)
{
	bool bad = false;

	backcells_reap(r);
	while (r->nback)
		conclude(r, r->back[--r->nback], &bad);
	free(r->back);
	r->back = NULL;
}
