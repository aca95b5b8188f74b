/* hostcell.c: plugins in the host. Floor 3. */
#include "exec/run.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"

static void
loaded_release(struct loaded *l)
{
	free(l->path);
	strs_release(&l->names);
}

void
run_forget_host(struct run *r)
{
	for (size_t i = 0; i < r->nloaded; i++)
		loaded_release(&r->loaded[i]);
	free(r->loaded);
	r->loaded = NULL;
	r->nloaded = 0;
	buf_clear(&r->background);
}

/* The names of LOADED. False: it is not well-formed. */
static bool
read_names(const struct wire_in *in, struct loaded *l)
{
	struct wire_get g = wire_get(in);
	uint32_t n;

	l->number = wire_get_u32(&g);
	n = wire_get_u32(&g);
	for (uint32_t i = 0; i < n && !g.bad; i++) {
		strs_add(&l->names, wire_get_str(&g));
		wire_get_str(&g); /* its doc */
	}
	return !g.bad;
}

static int
load(struct run *r, const char *path, struct loaded *l, struct err *e)
{
	char room[8192];
	struct wire_put p = { room, 0, sizeof room, false };
	struct supervisor *s = &r->supervisor;
	struct wire_get g;

	wire_put_str(&p, path);
	if (p.full)
		return err_input(e, "cannot load '%s': its path is too long",
				 path);
	if (supervise_ask(s, WIRE_LOAD, &p, e) < 0)
		return err_prefix(e, "cannot load '%s': ", path);
	if (s->host.in.type == WIRE_REFUSED) {
		g = wire_get(&s->host.in);
		return err_input(e, "%s", wire_get_str(&g));
	}
	if (s->host.in.type != WIRE_LOADED || !read_names(&s->host.in, l))
		return err_system(e, "cannot load '%s': the process that runs "
				     "cells answers nonsense",
				  path);
	return 0;
}

int
hostcell_load(struct run *r, const char *path, const struct loaded **loaded,
	      struct err *e)
{
	struct loaded fresh = { 0 };

	/* A host that died between two cells takes its plugins with it. */
	supervise_idle(&r->supervisor);
	if (!r->supervisor.host.pid)
		run_forget_host(r);
	for (size_t i = 0; i < r->nloaded; i++)
		if (!strcmp(r->loaded[i].path, path)) {
			*loaded = &r->loaded[i];
			return 0;
		}
	if (supervise_host_start(&r->supervisor, r->how->home->host,
				 r->how->workdir, e) < 0)
		return -1;
	if (load(r, path, &fresh, e) < 0) {
		loaded_release(&fresh);
		return -1;
	}
	fresh.path = mem_strdup(path);
	*mem_push(r->loaded, r->nloaded) = fresh;
	*loaded = &r->loaded[r->nloaded - 1];
	return 0;
}
