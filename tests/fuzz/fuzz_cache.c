/* Throws bytes at what stands in the build cache and beside it, each of which
 * another program may have cut off or overwritten: manifests, decisions about
 * cells, what a compiler says it has read, the symbols of what it has made.
 * Parts lie in the text that they are parts of.
 *
 * Build and run: make fuzz. What it found worth keeping stands in
 * tests/fuzz/cache.corpus, and is replayed by the test fuzz/cache. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "build/deps.h"
#include "build/manifest.h"
#include "build/symbols.h"
#include "build/verdicts.h"
#include "must.h"

static bool
is_inside(struct slice part, struct slice whole)
{
	return part.at >= whole.at && part.len <= whole.len &&
	       (size_t)(part.at - whole.at) <= whole.len - part.len;
}

static void
check_path(void *self, struct slice path)
{
	const struct slice *deps = self;

	must(!path.len || is_inside(path, *deps));
}

static void
check_manifest(struct slice text)
{
	struct slice rest = text;
	struct record r;

	manifest_begins(&rest);
	while (manifest_take(&rest, &r)) {
		must(is_inside(r.all, text) && is_inside(rest, text));
		must(is_inside(r.product, r.all));
		must(is_inside(r.messages, r.all));
		must(is_inside(r.deps, r.all));
		must(!memchr(r.product.at, '/', r.product.len));
		must(!memchr(r.product.at, '\n', r.product.len));
		manifest_each_dep(&r, check_path, &r.deps);
		manifest_holds(&r);
	}
}

/* Lines of decisions about two cells that leave much to decide. */
static void
check_verdicts(char *text)
{
	static const struct slice sources[] = {
		{ "int n = f(), a[] = { 1, n };\nfoo(n) { }\nn + 1", 45 },
		{ "static int k = g();\nbar(x)\nk++;\n", 33 },
	};
	struct unit_cell cells[countof(sources)];
	struct blocks macros = { 0 };
	struct buf out = { 0 };
	char *at = text;

	for (size_t i = 0; i < countof(cells); i++)
		unit_cell_init(&cells[i], "a", "x.ipynb:a", sources[i],
			       &macros);
	while (verdicts_read(&at, cells, countof(cells)))
		must(at > text && at[-1] == '\n');
	unit_write(&out, cells, countof(cells));
	for (size_t i = 0; i < countof(cells); i++) {
		for (size_t d = 0; d < cells[i].split.ndeclarators; d++)
			must(cells[i].lifts[d] <= LIFT_LOCAL);
		unit_cell_release(&cells[i]);
	}
	blocks_release(&macros);
	buf_release(&out);
}

static void
check_files(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "f", "cnb__cell_1", "" };
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	struct symbols s = { 0 };
	struct strs deps = { 0 };
	char path[64];

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	if (symbols_read(&s, path) == 0)
		for (size_t i = 0; i < countof(names); i++)
			symbols_hides(&s, slice_of(names[i]));
	symbols_release(&s);
	deps_read(path, "/nowhere", &deps);
	for (size_t i = 0; i < deps.count; i++)
		must(deps.at[i][0] == '/');
	strs_release(&deps);
	close(fd);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = { (const char *)data, size };
	char *copy = malloc(size + 1);

	memcpy(copy, data, size);
	copy[size] = '\0';
	/* As it is read from a file: with a NUL behind it. */
	check_manifest((struct slice){ copy, size });
	check_verdicts(copy);
	free(copy);
	check_files(data, text.len);
	return 0;
}
