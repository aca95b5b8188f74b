/* grace.c: see grace.h. Floor 3. */
#include "watch/grace.h"

#include "sys/clock.h"
#include "sys/tree.h"

#define MORE_MS 10
#define MOST_TIMES 10

int64_t
grace_begin(struct grace *g, pid_t pid, pid_t messenger, int64_t ms)
{
	*g = (struct grace){ .given_ns = ms * NS_PER_MS,
			     .of = { { .pid = pid }, { .pid = messenger } } };
	for (int i = 0; i < 2; i++)
		tree_thread_state(g->of[i].pid, &g->of[i].ran_ns);
	return clock_after_ms(ms);
}

/* It wants to run, and has had less than half of the time. */
static bool
is_starved(const struct grace_of *of, int64_t given_ns)
{
	int64_t ran_ns;
	char state = tree_thread_state(of->pid, &ran_ns);

	return (state == 'R' || state == 'D') && ran_ns > 0 &&
	       ran_ns - of->ran_ns < given_ns / 2;
}

bool
grace_goes_on(struct grace *g, int64_t *until_ns)
{
	if (g->more_ns >= (MOST_TIMES - 1) * g->given_ns ||
	    (!is_starved(&g->of[0], g->given_ns) &&
	     !is_starved(&g->of[1], g->given_ns)))
		return false;
	g->more_ns += MORE_MS * NS_PER_MS;
	*until_ns = clock_after_ms(MORE_MS);
	return true;
}
