/* product.c: what a command makes. Floor 4. */
#include "cli/product.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "cli/commands.h"
#include "sys/fs.h"

static void
on_bytes(struct buf_flow *flow, struct slice bytes)
{
	struct product *p = (struct product *)flow;

	if (!p->failure && fs_write_fd(STDOUT_FILENO, bytes.at, bytes.len) < 0)
		p->failure = errno;
}

int
product_begin(struct product *p, const char *path)
{
	struct err e;

	*p = (struct product){ .flow.take = on_bytes,
			       .standard = !strcmp(path, "-") };
	p->own.flow = &p->flow;
	p->out = p->standard ? &p->own : &p->file.out;
	if (!p->standard && replace_begin(&p->file, path, REPLACE_SAFE, &e) < 0)
		return command_fail(&e);
	return EXIT_OK;
}

int
product_end(struct product *p)
{
	struct err e;

	if (!p->standard)
		return replace_end(&p->file, NULL, &e) < 0 ? command_fail(&e)
							   : EXIT_OK;
	buf_flush(&p->own);
	buf_release(&p->own);
	return p->failure ? command_stdout_failed(p->failure) : EXIT_OK;
}

void
product_drop(struct product *p)
{
	buf_release(&p->own);
	if (!p->standard)
		replace_drop(&p->file);
}
