/* plugin.c: loads a shared object and believes nothing of it: neither that it
 * is one, nor that it is whole, nor that its table is of this version. Floor 2,
 * in cnb-host. Does not run cells. */
#include "host/plugin.h"

#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include "base/mem.h"
#include "host/object.h"

/* Our own ELF header, put there by the linker: what we can load looks alike. */
extern const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));

/* A file being looked at before it is mapped. */
struct file {
	const char *path;
	int fd;
	uint64_t size;
	ElfW(Ehdr) head;
	/* Addresses, before it has its place: of all, and of what comes from
	 * the file and may be written to. */
	uint64_t begin, end, data_begin, data_end;
	unsigned parts_to_write; /* that there are of it */
};

/* Most objects have a dozen; more are read piece by piece. */
#define HEADERS 16

/* the file */

static int
read_at(const struct file *f, void *to, size_t size, uint64_t offset)
{
	char *at = to;

	while (size) {
		ssize_t n = pread(f->fd, at, size, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		at += n;
		offset += (uint64_t)n;
		size -= (size_t)n;
	}
	return 0;
}

/* The file may be as it should; or it is not for us to read. */
static int
unread(const struct file *f, const char *verb, struct err *e)
{
	int why = errno;
	bool system =
		why == EMFILE || why == ENFILE || why == ENOMEM || why == EIO;

	return (system ? err_system : err_input)(e, "cannot %s '%s': %s", verb,
						 f->path, strerror(why));
}

static int
cut_short(const struct file *f, uint64_t needed, struct err *e)
{
	return err_input(e,
			 "'%s' is cut short: it has %llu bytes of %llu or more",
			 f->path, (unsigned long long)f->size,
			 (unsigned long long)needed);
}

static int
file_open(struct file *f, struct err *e)
{
	struct stat st;

	/* Not to wait for the other end of a fifo. */
	do
		f->fd = open(f->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	while (f->fd < 0 && errno == EINTR);
	if (f->fd < 0 || fstat(f->fd, &st))
		return unread(f, "open", e);
	if (!S_ISREG(st.st_mode))
		return err_input(e, "'%s' is no plugin: it is no file",
				 f->path);
	f->size = (uint64_t)st.st_size;
	return 0;
}

static int
check_head(struct file *f, struct err *e)
{
	const ElfW(Ehdr) *own = &__ehdr_start;
	size_t n = f->size < sizeof f->head ? (size_t)f->size : sizeof f->head;

	memset(&f->head, 0, sizeof f->head);
	if (read_at(f, &f->head, n, 0))
		return unread(f, "read", e);
	if (n < SELFMAG || memcmp(f->head.e_ident, ELFMAG, SELFMAG) != 0)
		return err_input(e,
				 "'%s' is no shared object: it does not begin "
				 "with an ELF header",
				 f->path);
	if (n < sizeof f->head)
		return cut_short(f, sizeof f->head, e);
	if (f->head.e_ident[EI_CLASS] != own->e_ident[EI_CLASS] ||
	    f->head.e_ident[EI_DATA] != own->e_ident[EI_DATA] ||
	    f->head.e_machine != own->e_machine)
		return err_input(e,
				 "'%s' was built for another machine: ELF "
				 "class %u, machine %u; here it is class %u, "
				 "machine %u",
				 f->path, f->head.e_ident[EI_CLASS],
				 f->head.e_machine, own->e_ident[EI_CLASS],
				 own->e_machine);
	if (f->head.e_type != ET_DYN)
		return err_input(e,
				 "'%s' is %s, no shared object: link it with "
				 "-shared",
				 f->path,
				 f->head.e_type == ET_REL    ? "an object file"
				 : f->head.e_type == ET_EXEC ? "a program"
				 : f->head.e_type == ET_CORE ? "a core dump"
							     : "an ELF file");
	return 0;
}

/* What it takes of the file, up to *end, and of the addresses. */
static void
add_segment(struct file *f, const ElfW(Phdr) * ph, uint64_t *end)
{
	uint64_t stop = ph->p_offset + ph->p_filesz;

	if (stop < ph->p_offset)
		stop = UINT64_MAX;
	if (stop > *end)
		*end = stop;
	if (ph->p_vaddr < f->begin)
		f->begin = ph->p_vaddr;
	if (ph->p_vaddr + ph->p_memsz > f->end)
		f->end = ph->p_vaddr + ph->p_memsz;
	if (!(ph->p_flags & PF_W))
		return;
	f->parts_to_write++;
	f->data_begin = ph->p_vaddr;
	f->data_end = ph->p_vaddr + ph->p_filesz;
}

/* Mapping a file that lacks its end succeeds; touching it is a SIGBUS. */
static int
check_whole(struct file *f, struct err *e)
{
	const ElfW(Ehdr) *h = &f->head;
	uint64_t end = h->e_phoff + (uint64_t)h->e_phnum * sizeof(ElfW(Phdr));
	ElfW(Phdr) piece[HEADERS];
	size_t i;

	if (h->e_phentsize != sizeof(ElfW(Phdr)) || h->e_phoff > UINT32_MAX)
		return err_input(e,
				 "'%s' is no shared object: its program "
				 "headers are damaged",
				 f->path);
	if (end > f->size)
		return cut_short(f, end, e);
	end = 0;
	f->begin = UINT64_MAX;
	for (i = 0; i < h->e_phnum; i++) {
		const ElfW(Phdr) *ph = &piece[i % HEADERS];
		size_t n = h->e_phnum - i < HEADERS ? h->e_phnum - i : HEADERS;

		if (i % HEADERS == 0 && read_at(f, piece, n * sizeof *piece,
						h->e_phoff + i * sizeof *piece))
			return err_input(e, "cannot read '%s': %s", f->path,
					 strerror(errno));
		if (ph->p_type == PT_LOAD)
			add_segment(f, ph, &end);
		/* A part of it will be written to no more. */
		if (ph->p_type == PT_GNU_RELRO)
			f->parts_to_write++;
	}
	/* The section table, where there is one, ends the file. */
	if (h->e_shoff && h->e_shoff <= UINT64_MAX / 2 &&
	    h->e_shoff + (uint64_t)h->e_shnum * h->e_shentsize > end)
		end = h->e_shoff + (uint64_t)h->e_shnum * h->e_shentsize;
	return end > f->size ? cut_short(f, end, e) : 0;
}

static int
check_file(struct file *f, const char *path, struct err *e)
{
	int rc = -1;

	*f = (struct file){ .path = path, .fd = -1 };
	if (file_open(f, e) || check_head(f, e) || check_whole(f, e))
		goto out;
	rc = 0;
out:
	if (f->fd >= 0)
		close(f->fd);
	return rc;
}

/* the table */

static const struct cell_def *
row_at(const struct cell_table *t, uint32_t row)
{
	const char *rows = (const char *)t->defs;

	return (const void *)(rows + (size_t)row * t->def_size);
}

static bool
name_is_valid(const char *name)
{
	static const char first[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz_";
	static const char rest[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "abcdefghijklmnopqrstuvwxyz_"
				   "0123456789.-";

	return *name && strchr(first, *name) && !name[strspn(name, rest)] &&
	       !strstr(name, "..");
}

static int
check_row(const struct cell_table *t, uint32_t row, const char *path,
	  struct err *e)
{
	const struct cell_def *def = row_at(t, row);

	if (!def->name || !*def->name)
		return err_input(e, "cell %u of plugin '%s' has %s name",
				 row + 1, path, def->name ? "an empty" : "no");
	if (!name_is_valid(def->name))
		return err_input(e,
				 "cell %u of plugin '%s' is called '%s': a "
				 "name has letters, digits, '_', '-' and '.' "
				 "(no '..'), and begins with a letter or '_'",
				 row + 1, path, def->name);
	if (!def->run)
		return err_input(e, "cell '%s' of plugin '%s' has no function",
				 def->name, path);
	return 0;
}

static int
by_name(const void *a, const void *b)
{
	const char *const *left = a, *const *right = b;

	return strcmp(*left, *right);
}

static int
check_unique(const struct cell_table *t, const char *path, struct err *e)
{
	const char **names = mem_alloc(t->ndefs, sizeof *names);
	uint32_t i;
	int rc = 0;

	for (i = 0; i < t->ndefs; i++)
		names[i] = row_at(t, i)->name;
	qsort(names, t->ndefs, sizeof *names, by_name);
	for (i = 1; i < t->ndefs && rc == 0; i++)
		if (strcmp(names[i - 1], names[i]) == 0)
			rc = err_input(e, "plugin '%s' has two cells '%s'",
				       path, names[i]);
	free(names);
	return rc;
}

/* `abi` first: the other members mean what it says. */
static int
check_table(const struct cell_table *t, const char *path, struct err *e)
{
	uint32_t i;

	if (!t)
		return err_input(e, "cell_table() of plugin '%s' returned NULL",
				 path);
	if (t->abi < CELL_ABI_MIN || t->abi > CELL_ABI)
		return err_input(e,
				 "plugin '%s' has cell ABI %u, this cnb %s %d: "
				 "%s",
				 path, t->abi,
				 t->abi > CELL_ABI ? "knows none above"
						   : "none below",
				 t->abi > CELL_ABI ? CELL_ABI : CELL_ABI_MIN,
				 t->abi > CELL_ABI
					 ? "use a newer cnb, or rebuild it "
					   "with the cell.h of this one"
					 : "rebuild it");
	if (t->size < sizeof *t)
		return err_input(e,
				 "the table of plugin '%s' is too short: %u "
				 "bytes, not %zu; rebuild it",
				 path, t->size, sizeof *t);
	if (t->def_size < sizeof(struct cell_def) ||
	    t->def_size % sizeof(void *) != 0)
		return err_input(e,
				 "the rows of plugin '%s' are too short: %u "
				 "bytes, not %zu; rebuild it",
				 path, t->def_size, sizeof(struct cell_def));
	if (t->ndefs > PLUGIN_CELLS)
		return err_input(e,
				 "plugin '%s' claims to have %u cells; %d are "
				 "the most",
				 path, t->ndefs, PLUGIN_CELLS);
	if (t->ndefs && !t->defs)
		return err_input(e,
				 "plugin '%s' claims to have %u cells, but its "
				 "table points to none",
				 path, t->ndefs);
	for (i = 0; i < t->ndefs; i++)
		if (check_row(t, i, path, e))
			return -1;
	return check_unique(t, path, e);
}

/* objects in memory */

struct search {
	uintptr_t code, begin, end;
};

static int
search_object(struct dl_phdr_info *info, size_t size, void *data)
{
	struct search *s = data;
	uintptr_t begin = UINTPTR_MAX, end = 0;
	size_t i;

	(void)size;
	for (i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *ph = &info->dlpi_phdr[i];
		uintptr_t at = info->dlpi_addr + ph->p_vaddr;

		if (ph->p_type != PT_LOAD)
			continue;
		if (at < begin)
			begin = at;
		if (at + ph->p_memsz > end)
			end = at + ph->p_memsz;
	}
	if (s->code < begin || s->code >= end)
		return 0;
	s->begin = begin;
	s->end = end;
	return 1;
}

bool
object_around(uintptr_t code, uintptr_t *begin, uintptr_t *end)
{
	struct search s = { .code = code };

	if (!dl_iterate_phdr(search_object, &s))
		return false;
	*begin = s.begin;
	*end = s.end;
	return true;
}

/* Much of it is better left where it is. */
#define DATA_MOST (64 << 10)

static void
note_data(struct plugin *p, const struct file *f, uintptr_t at)
{
	const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);

	if (f->parts_to_write != 1 || f->data_end - f->data_begin > DATA_MOST)
		return;
	p->data_begin = (at + f->data_begin) & ~(page - 1);
	p->data_end = (at + f->data_end + page - 1) & ~(page - 1);
}

bool
plugin_holds(const struct plugin *p, uintptr_t code)
{
	return code >= p->begin && code < p->end;
}

/* loading */

/* The loader has words only. */
static bool
is_for_want(const char *why)
{
	static const int wants[] = { EMFILE, ENFILE, ENOMEM, EIO };

	for (size_t i = 0; i < sizeof wants / sizeof *wants; i++)
		if (strstr(why, strerror(wants[i])))
			return true;
	return strstr(why, "cannot allocate memory") ||
	       strstr(why, "failed to map segment");
}

/* The loader says no more of it than that it failed to map. */
static bool
is_noexec(const char *path)
{
	struct statvfs st;

	return statvfs(path, &st) == 0 && st.f_flag & ST_NOEXEC;
}

/* dlerror() begins with the path, which our sentence has already. */
static int
refused_by_loader(struct plugin *p, const char *path, const char *opened,
		  struct err *e)
{
	const char *why = dlerror();
	size_t n = strlen(opened);

	if (!why)
		why = "no reason given";
	if (strncmp(why, opened, n) == 0 && why[n] == ':')
		why += n + 1 + strspn(why + n + 1, " ");
	p->lacks_name = strstr(why, "undefined symbol: ") != NULL;
	return (is_for_want(why) ? err_system : err_input)(
		e, "cannot load '%s': %s%s", path, why,
		is_noexec(path) ? "; its file system is mounted noexec" : "");
}

static int
load(struct plugin *p, const char *path, int how, struct err *e)
{
	const struct cell_table *(*cell_table)(void);
	struct link_map *map;
	char *opened = NULL;
	struct file f;
	void *found;
	int rc = -1;

	memset(p, 0, sizeof *p);
	if (check_file(&f, path, e))
		return -1;
	/* A bare name would be looked for in the library path. */
	opened = mem_alloc(strlen(path) + 3, 1);
	sprintf(opened, "%s%s", strchr(path, '/') ? "" : "./", path);
	p->handle = dlopen(opened, how);
	if (!p->handle) {
		refused_by_loader(p, path, opened, e);
		goto out;
	}
	found = dlsym(p->handle, "cell_table");
	if (!found || dlinfo(p->handle, RTLD_DI_LINKMAP, &map)) {
		err_input(e, "'%s' exports no cell_table(): it is no plugin",
			  path);
		goto out;
	}
	/* The objects are not gone through: to look at the headers of each
	 * takes long where there is one for each cell. */
	p->begin = map->l_addr + f.begin;
	p->end = map->l_addr + f.end;
	note_data(p, &f, map->l_addr);
	if (!plugin_holds(p, (uintptr_t)found)) /* one that it needs has it */
		object_around((uintptr_t)found, &p->begin, &p->end);
	memcpy(&cell_table, &found, sizeof found);
	p->table = cell_table();
	rc = check_table(p->table, path, e);
out:
	if (rc && p->handle)
		dlclose(p->handle);
	free(opened);
	return rc;
}

int
plugin_load(struct plugin *p, const char *path, struct err *e)
{
	return load(p, path, RTLD_NOW | RTLD_LOCAL, e);
}

int
plugin_load_shared(struct plugin *p, const char *path, struct err *e)
{
	bool now = object_may_bind_now(path);
	int rc = -1;

	/* What is bound later writes to memory that copies would share. */
	if (now)
		rc = load(p, path, RTLD_NOW | RTLD_GLOBAL, e);
	if (!now || (rc < 0 && !p->handle))
		rc = load(p, path, RTLD_LAZY | RTLD_GLOBAL, e);
	p->shared = true;
	return rc;
}

const struct cell_def *
plugin_cell(const struct plugin *p, uint32_t row)
{
	return row < p->table->ndefs ? row_at(p->table, row) : NULL;
}
