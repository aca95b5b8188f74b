/* home.c: where the parts of cnb stand. Floor 4. Found from the program's own
 * place, so that a tree may be moved as a whole. */
#include "exec/home.h"

#include <stdlib.h>
#include "sys/fs.h"

struct layout {
	/* from the program's folder */
	const char *host, *host_object, *front, *runtime, *include_dir;
};

static const struct layout layouts[] = {
	{ "cnb-host", "cnb-host.o", "cnb-front.o", "cnb-runtime.o",
	  "../runner" },
	{ "../libexec/cnb/cnb-host", "../libexec/cnb/cnb-host.o",
	  "../libexec/cnb/cnb-front.o", "../libexec/cnb/cnb-runtime.o",
	  "../include/cnb" },
};

void
home_release(struct home *h)
{
	free(h->host);
	free(h->host_object);
	free(h->front);
	free(h->runtime);
	free(h->include_dir);
	*h = (struct home){ 0 };
}

/* An absolute path without "..", NULL if there is nothing. */
static char *
below(const char *dir, const char *name)
{
	char *path = path_join(dir, name), *real = path_real(path);

	free(path);
	return real;
}

int
home_find(struct home *h, struct err *e)
{
	char *self = path_real("/proc/self/exe");
	char *dir = path_dir(self ? self : ".");

	*h = (struct home){ 0 };
	for (size_t i = 0; i < countof(layouts) && !h->host; i++) {
		h->host = below(dir, layouts[i].host);
		h->host_object = below(dir, layouts[i].host_object);
		h->front = below(dir, layouts[i].front);
		h->runtime = below(dir, layouts[i].runtime);
		h->include_dir = below(dir, layouts[i].include_dir);
		if (!h->host || !h->host_object || !h->front || !h->runtime ||
		    !h->include_dir)
			home_release(h);
	}
	if (!h->host)
		err_system(e,
			   "cannot find cnb-host, its objects and cell.h near "
			   "'%s': install cnb again",
			   self ? self : "/proc/self/exe");
	free(dir);
	free(self);
	return h->host ? 0 : -1;
}
