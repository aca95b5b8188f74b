/* inert.c: a look into the file of a shared object. Floor 2, in cnb-host. */
#include "host/inert.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* An object, mapped; `size` bytes of it. */
struct image {
	const char *at;
	size_t size;
};

/* NULL: there are not so many bytes, or they do not stand where they can be
 * read as what they are. */
static const void *
part(const struct image *m, uint64_t offset, uint64_t size, size_t align)
{
	if (offset > m->size || size > m->size - offset || offset % align)
		return NULL;
	return m->at + offset;
}

static const char *
text_in(const struct image *m, const ElfW(Shdr) * table, uint64_t offset)
{
	const char *text = part(m, table->sh_offset, table->sh_size, 1);

	/* The last byte of a string table is a NUL. */
	if (!text || offset >= table->sh_size || text[table->sh_size - 1])
		return "";
	return text + offset;
}

static const ElfW(Shdr) * section(const struct image *m, uint32_t n)
{
	const ElfW(Ehdr) *head = part(m, 0, sizeof *head, 1);

	if (!head || n >= head->e_shnum ||
	    head->e_shentsize != sizeof(ElfW(Shdr)))
		return NULL;
	return part(m, head->e_shoff + n * sizeof(ElfW(Shdr)),
		    sizeof(ElfW(Shdr)), sizeof(ElfW(Addr)));
}

static int
is_called(struct dl_phdr_info *info, size_t size, void *name)
{
	const char *base = strrchr(info->dlpi_name, '/');

	(void)size;
	return strcmp(base ? base + 1 : info->dlpi_name, name) == 0;
}

static bool
is_loaded(const char *name)
{
	union {
		const char *in;
		void *out;
	} n = { .in = name };

	return dl_iterate_phdr(is_called, n.out) != 0;
}

/* All that it needs is there, and a table of constructors has one at most. */
static bool
needs_nothing(const struct image *m, const ElfW(Shdr) * s)
{
	const ElfW(Dyn) *d =
		part(m, s->sh_offset, s->sh_size, sizeof(ElfW(Addr)));
	const ElfW(Shdr) *names = section(m, s->sh_link);
	size_t n = s->sh_size / sizeof *d, i;

	if (!d || !names)
		return false;
	for (i = 0; i < n && d[i].d_tag != DT_NULL; i++) {
		if (d[i].d_tag == DT_NEEDED &&
		    !is_loaded(text_in(m, names, d[i].d_un.d_val)))
			return false;
		if (d[i].d_tag == DT_INIT_ARRAYSZ &&
		    d[i].d_un.d_val > sizeof(ElfW(Addr)))
			return false;
	}
	return true;
}

/* The one constructor is that of the compiler's own start files, which does
 * nothing here; and no function is chosen by calling another. */
static bool
symbols_are_plain(const struct image *m, const ElfW(Shdr) * s)
{
	const ElfW(Sym) *sym =
		part(m, s->sh_offset, s->sh_size, sizeof(ElfW(Addr)));
	const ElfW(Shdr) *names = section(m, s->sh_link);
	size_t n = s->sh_size / sizeof *sym, i;
	bool found = false;

	if (!sym || !names)
		return false;
	for (i = 0; i < n; i++) {
		if ((sym[i].st_info & 0xf) == STT_GNU_IFUNC)
			return false;
		if ((sym[i].st_info & 0xf) == STT_FUNC &&
		    sym[i].st_info >> 4 == STB_LOCAL)
			found |= !strcmp(text_in(m, names, sym[i].st_name),
					 "frame_dummy");
	}
	return found;
}

static bool
is_inert(const struct image *m)
{
	const ElfW(Ehdr) *head = part(m, 0, sizeof *head, 1);
	bool plain = false, needless = false;
	uint32_t i;

	for (i = 0; head && i < head->e_shnum; i++) {
		const ElfW(Shdr) *s = section(m, i);

		if (!s)
			return false;
		if (s->sh_type == SHT_SYMTAB)
			plain = symbols_are_plain(m, s);
		if (s->sh_type == SHT_DYNAMIC)
			needless = needs_nothing(m, s);
	}
	return plain && needless;
}

bool
object_is_inert(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	struct image m;
	void *at;
	bool inert;

	if (fd < 0)
		return false;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_size <= 0) {
		close(fd);
		return false;
	}
	at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (at == MAP_FAILED)
		return false;
	m = (struct image){ at, (size_t)st.st_size };
	inert = is_inert(&m);
	munmap(at, m.size);
	return inert;
}
