/* modules.h: which file a process had mapped where, and what stands there. It
 * is the process that says so, and its files are its own: none of it need be
 * true, and what is named may by now be a fifo that nobody writes to. */
#ifndef CNB_MODULES_H
#define CNB_MODULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/slice.h"

/* [start, end) holds the file from `offset` on. */
struct module {
	uint64_t start, end, offset;
	bool code; /* may be executed */
	char *path;
};

struct modules {
	struct module *at;
	size_t count;
};
/* From the text of /proc/PID/maps. */
void modules_read(struct modules *all, struct slice text);
void modules_release(struct modules *all);
/* The one that was there, borrowed; NULL: none. */
const struct module *modules_find(const struct modules *all, uint64_t address);

/* What the linker called that byte of memory. False: the file does not say, or
 * is no file. */
bool module_link_address(const struct module *m, uint64_t at,
			 uint64_t *address);
/* Is it where a call returns to? */
bool module_is_behind_call(const struct module *m, uint64_t at);

#endif
