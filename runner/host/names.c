/* names.c: see names.h. Floor 2, in cnb-host. */
#include "host/names.h"

#include <dlfcn.h>
#include <link.h>
#include <stddef.h>
#include <string.h>

/* Machines differ in whether the loader has added the object's own place. */
static const char *
table_at(const struct link_map *m, ElfW(Addr) at)
{
	return (const char *)(at < m->l_addr ? at + m->l_addr : at);
}

bool
names_have(void *handle, const char *name)
{
	const char *names = NULL;
	struct link_map *m;
	size_t size = 0;

	if (dlinfo(handle, RTLD_DI_LINKMAP, &m))
		return false;
	for (const ElfW(Dyn) *d = m->l_ld; d->d_tag != DT_NULL; d++)
		if (d->d_tag == DT_STRTAB)
			names = table_at(m, d->d_un.d_ptr);
		else if (d->d_tag == DT_STRSZ)
			size = d->d_un.d_val;
	return names && memmem(names, size, name, strlen(name) + 1);
}
