/* Throws bytes at what is looked at of a plugin before the system's loader gets
 * it, and at the table that it hands out.
 *
 * The input is a file, if its first byte is odd. Else it is a table's four
 * numbers, and for each row a byte, whether it has a function, and its name up
 * to a NUL. */
#include <sys/mman.h>
#include "must.h"
/* Its looks at the file and at the table are its own. */
#include "host/plugin.c"
#include "host/object.c"

#define ROWS_MOST 64
#define ROW_MOST 128

static void
check_bytes_of_file(const uint8_t *data, size_t size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	struct err e = { 0 };
	struct file f;
	char path[64];

	must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	if (check_file(&f, path, &e) == 0)
		must(f.size == size && f.head.e_type == ET_DYN);
	else
		must(e.text[0] != '\0');
	object_is_inert(path);
	object_may_bind_now(path);
	close(fd);
}

static int
run(struct cell *c)
{
	(void)c;
	return 0;
}

/* As many rows as the table says: it cannot be known where they end. */
static void
fill(struct cell_table *t, char *rows, const char *at, const char *end)
{
	for (uint32_t i = 0; i < t->ndefs; i++) {
		struct cell_def row = { .name = NULL };

		if (at < end) {
			row.run = *at++ & 1 ? run : NULL;
			row.name = at;
			at += strnlen(at, (size_t)(end - at));
			at += at < end;
		}
		memcpy(rows + (size_t)i * t->def_size, &row, sizeof row);
	}
}

static void
check_good(const struct cell_table *t)
{
	struct plugin p = { .table = t };

	must(!plugin_cell(&p, t->ndefs));
	for (uint32_t i = 0; i < t->ndefs; i++) {
		const struct cell_def *row = plugin_cell(&p, i);

		must(row->run && name_is_valid(row->name));
		for (uint32_t k = 0; k < i; k++)
			must(strcmp(row->name, plugin_cell(&p, k)->name) != 0);
	}
}

static void
check_bytes_of_table(const char *data, size_t size)
{
	struct cell_table t = { 0 };
	char *rows = NULL, *names = malloc(size + 1);
	size_t numbers = offsetof(struct cell_table, defs);
	struct err e = { 0 };

	memcpy(&t, data, size < numbers ? size : numbers);
	memcpy(names, data, size);
	names[size] = '\0';
	if (t.ndefs <= ROWS_MOST && t.def_size <= ROW_MOST) {
		rows = calloc(t.ndefs + 1, ROW_MOST);
		t.defs = (const void *)rows;
		if (size > numbers && t.def_size >= sizeof(struct cell_def))
			fill(&t, rows, names + numbers, names + size);
	} else if (t.ndefs <= PLUGIN_CELLS && t.def_size > ROW_MOST) {
		t.ndefs = 0;
	}
	if (t.ndefs <= ROWS_MOST || t.ndefs > PLUGIN_CELLS) {
		if (check_table(&t, "f.so", &e) == 0)
			check_good(&t);
		else
			must(e.text[0] != '\0');
	}
	free(rows);
	free(names);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	if (data[0] & 1)
		check_bytes_of_file(data + 1, size - 1);
	else
		check_bytes_of_table((const char *)data + 1, size - 1);
	return 0;
}
