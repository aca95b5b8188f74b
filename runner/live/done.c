/* done.c: a list of cells that ran, by their ids. Floor 5. */
#include "live/done.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"

void
dones_release(struct dones *d)
{
	for (size_t i = 0; i < d->count; i++) {
		free(d->all[i].id);
		free(d->all[i].key);
		free(d->all[i].product);
	}
	free(d->all);
	set_release(&d->ids);
	*d = (struct dones){ 0 };
}

struct done *
dones_find(struct dones *d, const char *id)
{
	/* Of a hundred thousand cells each is a new one first. */
	if (!set_has(&d->ids, id))
		return NULL;
	for (size_t k = 0; k < d->count; k++) {
		size_t i = (d->next + k) % d->count;

		if (strcmp(d->all[i].id, id) != 0)
			continue;
		/* The same again, or the one behind it, as a rule. */
		d->next = i;
		return &d->all[i];
	}
	return NULL;
}

void
dones_note(struct dones *d, const char *id, const char *key, char *product)
{
	struct done *one = dones_find(d, id);

	if (!one) {
		one = mem_push(d->all, d->count);
		*one = (struct done){ .id = mem_strdup(id) };
		set_add(&d->ids, id);
	}
	free(one->key);
	free(one->product);
	one->key = mem_strdup(key);
	one->product = product;
	one->outdated = false;
}
