/* hostcell.c: plugins in the host, and the cells of their tables. Floor 4. */
#include "exec/run.h"
#include "exec/sanitize.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/mem.h"

static void
loaded_release(struct loaded *l)
{
	free(l->path);
	strs_release(&l->names);
}

void
run_forget_plugins(struct run *r, size_t keep)
{
	while (r->nloaded > keep)
		loaded_release(&r->loaded[--r->nloaded]);
	buf_clear(&r->background);
}

void
run_forget_host(struct run *r)
{
	run_forget_plugins(r, 0);
	free(r->loaded);
	r->loaded = NULL;
	r->past.host = 0;
}

/* The names of LOADED. False: it is not well-formed. */
static bool
read_names(struct wire_get g, struct loaded *l)
{
	uint32_t n;

	l->number = wire_get_u32(&g);
	n = wire_get_u32(&g);
	for (uint32_t i = 0; i < n && !g.bad; i++) {
		strs_add(&l->names, wire_get_str(&g));
		wire_get_str(&g); /* its doc */
	}
	wire_get_str(&g); /* built_with */
	return !g.bad;
}

#define LOST_IN_LOADING                                                        \
	"the process that runs cells ended, or was held up, while it loaded "  \
	"the cell's plugin: code of the plugin's own (a constructor, or "      \
	"cell_table()) does that, or what an earlier cell left running"

#define OUT_OF_REACH                                                           \
	"the process that runs cells cannot open the cell's plugin: an "       \
	"earlier cell made another user of it, gave it another root, or left " \
	"it no room, as a limit of open files does"

/* What it said of that. We can open what cells may have put out of its reach.
 */
static int
refused(struct run *r, const char *path, const char *why, enum wire_fault fault,
	struct err *e)
{
	bool reach = fault == WIRE_FAULT_REACH && r->past.nsteps &&
		     access(path, R_OK) == 0;

	r->lacks_name = fault == WIRE_FAULT_NAME;
	if (reach)
		r->supervisor.lost = OUT_OF_REACH;
	return (reach || fault == WIRE_FAULT_SYSTEM ? err_system
						    : err_input)(e, "%s", why);
}

/* An earlier cell has its socket, or code of the plugin's own. */
static int
is_nonsense(struct supervisor *s, const char *path, struct err *e)
{
	s->lost = HOST_NONSENSE;
	supervise_host_kill(s);
	return err_system(e, "cannot load '%s': " HOST_NONSENSE, path);
}

static int
load(struct run *r, const char *path, bool shared, struct loaded *l,
     struct err *e)
{
	char room[8192];
	struct wire_put p = { room, 0, sizeof room, false };
	struct supervisor *s = &r->supervisor;
	struct wire_get g;
	const char *why;
	uint32_t fault;

	r->lacks_name = false;
	s->host.kept = false; /* it lets go of them when it loads */
	wire_put_str(&p, path);
	if (p.full)
		return err_input(e, "cannot load '%s': its path is too long",
				 path);
	if (supervise_ask(s, shared ? WIRE_LOAD_CELL : WIRE_LOAD, &p, e) < 0) {
		/* What it was asked for runs code of the plugin's. */
		if (s->lost && strcmp(s->lost, HOST_LOST) != 0 &&
		    strcmp(s->lost, HOST_NONSENSE) != 0)
			s->lost = LOST_IN_LOADING;
		return err_prefix(e, "cannot load '%s': ", path);
	}
	if (s->host.in.type == WIRE_REFUSED) {
		g = wire_get(&s->host.in);
		why = wire_get_str(&g);
		fault = wire_get_u32(&g);
		return g.bad ? is_nonsense(s, path, e)
			     : refused(r, path, why, fault, e);
	}
	if (s->host.in.type != WIRE_LOADED ||
	    !read_names(wire_get(&s->host.in), l))
		return is_nonsense(s, path, e);
	return 0;
}

/* The value that `env` gives to the variable of `pair` (NAME=VALUE), the last
 * of several; NULL: none. */
static char **
find_env(const struct strs *env, const char *pair)
{
	size_t n = strcspn(pair, "=") + 1;
	char **found = NULL;

	for (size_t i = 0; i < env->count; i++)
		if (!strncmp(env->at[i], pair, n))
			found = &env->at[i];
	return found;
}

static void
set_env(struct strs *env, const char *pair)
{
	char **same = find_env(env, pair);

	if (!same) {
		strs_add(env, pair);
		return;
	}
	free(*same);
	*same = mem_strdup(pair);
}

/* What any cell of the host asks for is in its environment from the beginning,
 * the later of two values: some variables are read when a process starts. */
static void
collect_env(struct run *r)
{
	strs_release(&r->env);
	for (size_t i = 0; r->cells && i < r->cells->count; i++) {
		const struct cell_info *c = &r->cells->at[i];
		bool in_host = c->kind == KIND_TABLE || c->kind == KIND_SHARED;

		for (size_t k = 0; in_host && k < c->options->env.count; k++)
			set_env(&r->env, c->options->env.at[k]);
	}
}

char *
hostcell_needs(struct run *r, struct err *e)
{
	struct buf all = { 0 };
	char *host;

	if (sanitize_host(r, &host, e) < 0)
		return NULL;
	collect_env(r);
	buf_add_str(&all, host);
	for (size_t i = 0; i < r->env.count; i++)
		buf_addf(&all, "\n%s", r->env.at[i]);
	free(host);
	return buf_take(&all);
}

static int
start_host(struct run *r, struct err *e)
{
	char *host;
	int rc;

	if (r->supervisor.host.pid)
		return 0;
	if (sanitize_host(r, &host, e) < 0)
		return -1;
	collect_env(r);
	rc = supervise_host_start(&r->supervisor, host, r->how->workdir,
				  &r->env,
				  order_of_host(r->how->capture, r->cells),
				  order_host_is_shell(r->cells), e);
	free(host);
	return rc;
}

int
hostcell_start(struct run *r, struct err *e)
{
	if (r->supervisor.host.pid)
		return 0;
	run_forget_host(r);
	if (start_host(r, e) < 0)
		return -1;
	r->past.host = r->supervisor.host.pid;
	return 0;
}

const struct loaded *
hostcell_loaded(struct run *r, const char *path)
{
	for (size_t k = 0; k < r->nloaded; k++) {
		size_t i = (r->next_loaded + k) % r->nloaded;

		if (!strcmp(r->loaded[i].path, path)) {
			r->next_loaded = i + 1;
			return &r->loaded[i];
		}
	}
	return NULL;
}

static void
add_loaded(struct run *r, struct loaded *fresh, const char *path)
{
	fresh->path = mem_strdup(path);
	*mem_push(r->loaded, r->nloaded) = *fresh;
	r->next_loaded = 0;
}

void
hostcell_has_loaded(struct run *r, const char *path, const struct buf *said)
{
	const struct wire_get g = { said->data, said->data + said->len, false };
	struct loaded l = { 0 };

	if (read_names(g, &l))
		add_loaded(r, &l, path);
	else
		loaded_release(&l);
}

int
hostcell_is_lost(struct run *r, struct err *e)
{
	r->supervisor.lost = HOST_LOST;
	return err_system(e, HOST_LOST);
}

bool
hostcell_has(struct run *r, const char *path, size_t n)
{
	const struct loaded *l = hostcell_loaded(r, path);

	return l && l < r->loaded + n;
}

void
hostcell_note_below(struct run *r, const struct loaded *loaded, uint64_t of,
		    size_t below)
{
	struct loaded *l = &r->loaded[loaded - r->loaded];

	l->of = of;
	l->below = below;
}

/* They are loaded in order: the last one that says it knows best. A copy may
 * have more than is still known, when its host has gone meanwhile. */
size_t
hostcell_below(const struct run *r, uint64_t of, size_t n)
{
	if (n > r->nloaded)
		n = r->nloaded;
	while (n-- > 0)
		if (r->loaded[n].of == of)
			return r->loaded[n].below;
	return 0;
}

static int
load_once(struct run *r, const char *path, bool shared,
	  const struct loaded **loaded, struct err *e)
{
	struct loaded fresh = { 0 };

	/* The state was there a moment ago, and no new host has it. */
	if (!r->supervisor.host.pid && !past_is_empty(&r->past) &&
	    !r->replaying)
		return hostcell_is_lost(r, e);
	if (!r->supervisor.host.pid)
		run_forget_host(r);
	*loaded = hostcell_loaded(r, path);
	if (*loaded)
		return 0;
	if (hostcell_start(r, e) < 0)
		return -1;
	if (load(r, path, shared, &fresh, e) < 0) {
		loaded_release(&fresh);
		return -1;
	}
	add_loaded(r, &fresh, path);
	*loaded = &r->loaded[r->nloaded - 1];
	return 0;
}

int
hostcell_load(struct run *r, const char *path, const struct loaded **loaded,
	      struct err *e)
{
	return load_once(r, path, false, loaded, e);
}

int
hostcell_load_shared(struct run *r, const char *path,
		     const struct loaded **loaded, struct err *e)
{
	return load_once(r, path, true, loaded, e);
}

/* "image/png", then the bytes. */
static void
on_message(void *self, const struct wire_in *in)
{
	struct live *live = self;
	struct wire_get g = wire_get(in);
	struct event ev = { .kind = in->type == WIRE_RESULT ? EV_RESULT
							    : EV_DISPLAY };

	ev.display.mime = wire_get_str(&g);
	ev.display.bytes = (struct slice){ g.at, (size_t)(g.end - g.at) };
	if (g.bad)
		return;
	live_digest(live, STREAM_COUNT, (struct slice){ in->data, in->len });
	if (!live->mute)
		emit(&live->run->emitter, live->number, ev);
}

static void
on_copied(void *self)
{
	struct live *live = self;

	past_kept(live->run);
}

/* A copy of the state above the cell, if it may be needed. One that is to read
 * from the terminal must not miss a Ctrl-C while it leaves its group for that:
 * its copy is asked for before. */
static void
ask_for_copy(struct run *r, const struct cell_info *c, struct task *t,
	     struct wire_put *p)
{
	const uint32_t yes = 1;

	if (r->past.all)
		return;
	if (t->terminal) {
		past_keep(r, c);
	} else if (past_wants(r, c)) {
		t->on_copied = on_copied;
		memcpy(p->data, &yes, sizeof yes);
	}
}

/* The later of two values of a parameter wins: the notebook's come first. */
static void
put_params(struct wire_put *p, const struct run *r)
{
	const struct notebook *nb = r->cells->nb;
	const struct strs *more = r->how->params;
	uint32_t given = more ? (uint32_t)more->count : 0;

	wire_put_u32(p, given + (uint32_t)nb->nparams);
	/* The host takes the first of a name. */
	for (uint32_t i = given; i-- > 0;) {
		const char *equals = strchr(more->at[i], '=');
		char *key = mem_strndup(more->at[i],
					(size_t)(equals - more->at[i]));

		wire_put_str(p, key);
		wire_put_str(p, equals + 1);
		free(key);
	}
	for (size_t i = 0; i < nb->nparams; i++) {
		wire_put_str(p, nb->params[i].key);
		wire_put_str(p, nb->params[i].value);
	}
}

static void
put_value(struct wire_put *p, const char *value)
{
	wire_put_u32(p, value != NULL);
	if (value)
		wire_put_str(p, value);
}

/* Each variable that some cell asks for, with what we have inherited and what
 * cell `c` wants. */
static void
put_env(struct wire_put *p, const struct run *r, const struct cell_info *c)
{
	wire_put_u32(p, (uint32_t)r->env.count);
	for (size_t i = 0; i < r->env.count; i++) {
		const char *pair = r->env.at[i];
		size_t n = strcspn(pair, "=");
		char **asked = find_env(&c->options->env, pair);
		char *name = mem_strndup(pair, n);

		wire_put_str(p, name);
		put_value(p, getenv(name));
		put_value(p, asked ? *asked + n + 1 : NULL);
		free(name);
	}
}

int
hostcell_row(const struct loaded *l, const struct cell_info *c, uint32_t *row,
	     struct err *e)
{
	const char *want = c->options->use_cell, *near;

	for (size_t i = 0; i < l->names.count; i++)
		if (!strcmp(l->names.at[i], want)) {
			*row = (uint32_t)i;
			return 0;
		}
	near = text_nearest(want, (const char *const *)l->names.at,
			    l->names.count);
	if (near)
		return err_input(e, "no cell '%s' in '%s'; did you mean '%s'?",
				 want, c->plugin_path, near);
	return err_input(e, "no cell '%s' in '%s'", want, c->plugin_path);
}

#define RUN_PAYLOAD (1u << 20)

/* Threads that a cell left alive write into the cells below it, too. */
static void
note_background(struct run *r, const struct cell_info *c, int before)
{
	int now = r->supervisor.host.pid ? r->supervisor.host.threads : 0;

	if (!now)
		buf_clear(&r->background);
	if (now > before) {
		if (r->background.len)
			buf_add_str(&r->background, ", ");
		buf_add_str(&r->background, c->name);
	}
}

static bool
looks_for_leaks(const struct cell_info *c)
{
	return strs_has(&c->options->sanitize, "leak") ||
	       strs_has(&c->options->sanitize, "address");
}

/* What an earlier cell did to it, by limits, timers or a child that kills, can
 * strike when it is asked for the next: the next then did not run, and the run
 * goes on as after any failure. */
static bool
died_before(struct run *r, struct err *e)
{
	if (r->supervisor.keeper_lost)
		return supervise_renew(&r->supervisor, e) == 0;
	return !r->supervisor.host.pid;
}

/* What the cell reads and writes: what there is already, as far as possible.
 * What is opened here is closed by release(). */
struct channels {
	struct live *live;
	int fds[3];
	size_t nfds;
};

static int
open_channels(struct run *r, const struct cell_info *c, struct task *t,
	      struct channels *ch, struct err *e)
{
	bool kept;

	*ch = (struct channels){ .fds = { -1, -1, -1 } };
	ch->live = run_live_in_host(r, c->cell->number, &kept, e);
	if (!ch->live)
		return -1;
	t->capture = &ch->live->capture;
	t->self = ch->live;
	if (kept && input_is_none(r, c))
		return 0;
	ch->fds[0] = input_open(r, c, t, e);
	if (ch->fds[0] < 0) {
		capture_close_writers(t->capture);
		ch->live->over = true;
		return -1;
	}
	ch->fds[1] = t->capture->writer[STREAM_STDOUT];
	ch->fds[2] = t->capture->writer[STREAM_STDERR];
	ch->nfds = kept ? 1 : 3;
	return 0;
}

void
hostcell_put(struct wire_put *p, const struct run *r, const struct cell_info *c,
	     const struct loaded *l, uint32_t row, bool copy)
{
	const struct strs *args = &c->options->args;

	wire_put_u32(p, copy);
	wire_put_u32(p, 0); /* its turn, when it is sent */
	wire_put_u32(p, l->number);
	wire_put_u32(p, row);
	wire_put_u32(p, 1 + (uint32_t)args->count);
	wire_put_str(p, c->name);
	for (size_t i = 0; i < args->count; i++)
		wire_put_str(p, args->at[i]);
	put_params(p, r);
	put_env(p, r, c);
	wire_put_u32(p, looks_for_leaks(c));
	wire_put_u32(p, r->supervisor.host_order == CAPTURE_TIMELINE
				? (uint32_t)c->cell->number
				: 0);
}

/* A cell of the host that runs, or has run. */
struct call {
	struct run *r;
	const struct cell_info *c;
	struct task task;
	struct live *live;
	int before;   /* threads that were alive */
	char *plugin; /* owned */
	uint32_t row;
};

static void
on_sent(void *self)
{
	struct live *live = self;
	struct run *r = live->run;

	grants_send(r, &r->cells->at[live->number - 1]);
}

static int
call_end(struct call *w, struct cell_result *res, int rc, struct err *e)
{
	struct run *r = w->r;

	w->live->over = true;
	if (r->supervisor.host.kept)
		r->resting = w->live;
	grants_settle(r);
	r->began_ns[w->c->cell->number - 1] = w->live->capture.began_ns;
	if (rc == 0) {
		cellrun_judge(r, w->c, res, &w->task);
	} else if (died_before(r, e)) {
		rc = 0;
		verdict_failed(&res->verdict, "HostLost", HOST_LOST);
	}
	res->plugin = w->plugin;
	res->row = w->row;
	res->digest = live_digest_all(w->live);
	note_background(r, w->c, w->before);
	return rc;
}

int
hostcell_follow(struct run *r, const struct cell_info *c,
		struct cell_result *res, struct err *e)
{
	struct granted gr = grants_take(r);
	struct call w = { .r = r,
			  .c = c,
			  .task = cellrun_task(r, c),
			  .live = gr.live,
			  .before = r->supervisor.host.threads,
			  .plugin = mem_strdup(gr.plugin),
			  .row = gr.row };

	r->resting = NULL; /* the host has gone on to other pipes */
	w.task.capture = &gr.live->capture;
	w.task.self = gr.live;
	w.task.on_message = on_message;
	w.task.on_copied = gr.copies ? on_copied : NULL;
	live_begin(gr.live);
	grants_send(r, c);
	return call_end(&w, res, supervise_follow(&r->supervisor, &w.task, e),
			e);
}

int
hostcell_call(struct run *r, const struct cell_info *c, const struct loaded *l,
	      uint32_t row, struct cell_result *res, struct err *e)
{
	/* Not zeroed: nearly all of it is never touched. */
	struct wire_put p = { mem_grow(NULL, RUN_PAYLOAD, 1), 0, RUN_PAYLOAD,
			      false };
	struct call w = { .r = r,
			  .c = c,
			  .task = cellrun_task(r, c),
			  .before = r->supervisor.host.threads,
			  .plugin = mem_strdup(l->path),
			  .row = row };
	struct channels ch;
	bool leads = grants_lead(r, c);
	int rc;

	hostcell_put(&p, r, c, l, row, false); /* see ask_for_copy() */
	if (leads)
		grants_put(r, 0, &p);
	else
		wire_put_u32(&p, WIRE_KEEP);
	rc = p.full ? err_input(e,
				"its arguments and parameters are longer "
				"than %u bytes",
				RUN_PAYLOAD)
		    : open_channels(r, c, &w.task, &ch, e);
	if (rc == 0) {
		w.live = ch.live;
		w.task.on_message = on_message;
		w.task.on_sent = leads ? on_sent : NULL;
		ask_for_copy(r, c, &w.task, &p);
		rc = supervise_cell(&r->supervisor, &w.task, &p, ch.fds,
				    ch.nfds, e);
		if (ch.fds[0] >= 0)
			close(ch.fds[0]);
		rc = call_end(&w, res, rc, e);
	} else {
		free(w.plugin);
		rc = cellrun_own_fault(res, "Input", e);
	}
	free(p.data);
	return rc;
}
