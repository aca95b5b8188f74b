/* product.c: what a command makes. Floor 6. */
#include "cli/product.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "cli/commands.h"
#include "cli/paint.h"
#include "cli/safe.h"
#include "sys/fs.h"

static void
print(struct product *p, struct slice bytes)
{
	if (!p->failure &&
	    fs_write_reader(STDOUT_FILENO, bytes.at, bytes.len) < 0)
		p->failure = errno;
}

static void
print_safe(struct product *p, struct slice bytes, bool last)
{
	struct buf all = p->cut, safe = { 0 };
	size_t cut;

	buf_add_slice(&all, bytes);
	cut = last ? 0 : safe_cut(buf_slice(&all));
	buf_init(&p->cut);
	buf_add(&p->cut, buf_str(&all) + all.len - cut, cut);
	p->colored |=
		safe_add(&safe, (struct slice){ buf_str(&all), all.len - cut });
	print(p, buf_slice(&safe));
	buf_release(&safe);
	buf_release(&all);
}

/* What the text has coloured ends with it. */
static void
end_safe(struct product *p)
{
	print_safe(p, slice_of(""), true);
	if (p->colored)
		print(p, slice_of(PLAIN));
	p->colored = false;
}

static void
on_bytes(struct buf_flow *flow, struct slice bytes)
{
	struct product *p = (struct product *)flow;

	if (p->safe)
		print_safe(p, bytes, false);
	else
		print(p, bytes);
}

int
product_begin(struct product *p, const char *path, bool raw)
{
	struct err e;

	*p = (struct product){ .flow.take = on_bytes,
			       .standard = !strcmp(path, "-") };
	p->own.flow = &p->flow;
	p->safe = p->standard && !raw && isatty(STDOUT_FILENO);
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
	if (p->safe)
		end_safe(p);
	buf_release(&p->cut);
	return p->failure ? command_stdout_failed(p->failure) : EXIT_OK;
}

void
product_drop(struct product *p)
{
	buf_release(&p->own);
	buf_release(&p->cut);
	if (!p->standard)
		replace_drop(&p->file);
}
