/* object.c: a look into the file of a shared object. Floor 2, in cnb-host. */
#include "host/object.h"

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

/* NULL: there are not so many bytes. */
static const char *
part(const struct image *m, uint64_t offset, uint64_t size)
{
	if (offset > m->size || size > m->size - offset)
		return NULL;
	return m->at + offset;
}

/* Element n of a table that stands at `offset`; tcc aligns none. */
static bool
element(const struct image *m, uint64_t offset, uint64_t n, void *out,
	size_t size)
{
	const char *at = n < m->size ? part(m, offset + n * size, size) : NULL;

	if (at)
		memcpy(out, at, size);
	return at != NULL;
}

static const char *
text_in(const struct image *m, const ElfW(Shdr) * table, uint64_t offset)
{
	const char *text = part(m, table->sh_offset, table->sh_size);

	/* The last byte of a string table is a NUL. */
	if (!text || offset >= table->sh_size || text[table->sh_size - 1])
		return "";
	return text + offset;
}

static bool
section(const struct image *m, uint32_t n, ElfW(Shdr) * out)
{
	ElfW(Ehdr) head;

	return element(m, 0, 0, &head, sizeof head) && n < head.e_shnum &&
	       head.e_shentsize == sizeof *out &&
	       element(m, head.e_shoff, n, out, sizeof *out);
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

/* What runs when it is loaded. */
struct start {
	uint64_t constructors; /* bytes of their table */
	bool needless;	       /* all that it needs is there */
	bool plain;	       /* no function is chosen by calling another */
	bool frame_dummy;      /* of the compiler's own start files, a
				* constructor which does nothing here */
};

static void
look_at_needs(const struct image *m, const ElfW(Shdr) * s, struct start *out)
{
	ElfW(Shdr) names;
	ElfW(Dyn) d;

	out->needless = section(m, s->sh_link, &names);
	for (uint64_t i = 0; i < s->sh_size / sizeof d; i++) {
		if (!element(m, s->sh_offset, i, &d, sizeof d))
			out->needless = false;
		if (!out->needless || d.d_tag == DT_NULL)
			return;
		if (d.d_tag == DT_NEEDED &&
		    !is_loaded(text_in(m, &names, d.d_un.d_val)))
			out->needless = false;
		if (d.d_tag == DT_INIT_ARRAYSZ)
			out->constructors = d.d_un.d_val;
	}
}

static void
look_at_symbols(const struct image *m, const ElfW(Shdr) * s, struct start *out)
{
	ElfW(Shdr) names;
	ElfW(Sym) sym;

	out->plain = section(m, s->sh_link, &names);
	for (uint64_t i = 0; out->plain && i < s->sh_size / sizeof sym; i++) {
		if (!element(m, s->sh_offset, i, &sym, sizeof sym) ||
		    (sym.st_info & 0xf) == STT_GNU_IFUNC)
			out->plain = false;
		else if ((sym.st_info & 0xf) == STT_FUNC &&
			 sym.st_info >> 4 == STB_LOCAL)
			out->frame_dummy |=
				!strcmp(text_in(m, &names, sym.st_name),
					"frame_dummy");
	}
}

static bool
is_inert(const struct image *m)
{
	struct start start = { 0 };
	ElfW(Ehdr) head = { 0 };
	ElfW(Shdr) s;

	if (!element(m, 0, 0, &head, sizeof head))
		return false;
	for (uint32_t i = 0; i < head.e_shnum; i++) {
		if (!section(m, i, &s))
			return false;
		if (s.sh_type == SHT_SYMTAB)
			look_at_symbols(m, &s, &start);
		if (s.sh_type == SHT_DYNAMIC)
			look_at_needs(m, &s, &start);
	}
	if (!start.plain || !start.needless)
		return false;
	return !start.constructors ||
	       (start.frame_dummy && start.constructors <= sizeof(ElfW(Addr)));
}

/* Its table of what is bound when it is first called. */
struct calls {
	uint64_t at, size; /* of its entries, an address and bytes; 0: none */
	size_t entry;
};

static bool
find_calls(const struct image *m, const ElfW(Shdr) * s, struct calls *out)
{
	ElfW(Dyn) d;

	*out = (struct calls){ .entry = sizeof(ElfW(Rela)) };
	for (uint64_t i = 0; i < s->sh_size / sizeof d; i++) {
		if (!element(m, s->sh_offset, i, &d, sizeof d))
			return false;
		if (d.d_tag == DT_NULL)
			break;
		if (d.d_tag == DT_JMPREL)
			out->at = d.d_un.d_ptr;
		if (d.d_tag == DT_PLTRELSZ)
			out->size = d.d_un.d_val;
		if (d.d_tag == DT_PLTREL && d.d_un.d_val == DT_REL)
			out->entry = sizeof(ElfW(Rel));
	}
	return true;
}

/* Both kinds of entries begin alike. */
static uint64_t
symbol_of(const ElfW(Rel) * r)
{
	return sizeof r->r_info == 8 ? ELF64_R_SYM((uint64_t)r->r_info)
				     : ELF32_R_SYM((uint32_t)r->r_info);
}

static bool
calls_must_be(const struct image *m, const ElfW(Shdr) * table,
	      const struct calls *calls)
{
	const uint64_t from = table->sh_offset + (calls->at - table->sh_addr);
	const uint64_t n = calls->size / calls->entry;
	ElfW(Shdr) symbols;
	const char *at;
	ElfW(Rel) r;
	ElfW(Sym) sym;

	if (!section(m, table->sh_link, &symbols))
		return false;
	for (uint64_t i = 0; i < n; i++) {
		at = part(m, from + i * calls->entry, sizeof r);
		if (!at)
			return false;
		memcpy(&r, at, sizeof r);
		if (!element(m, symbols.sh_offset, symbol_of(&r), &sym,
			     sizeof sym) ||
		    (sym.st_info >> 4 == STB_WEAK && sym.st_shndx == SHN_UNDEF))
			return false;
	}
	return true;
}

static bool
may_bind_now(const struct image *m)
{
	struct calls calls = { 0 };
	ElfW(Ehdr) head = { 0 };
	bool dynamic = false;
	ElfW(Shdr) s;

	if (!element(m, 0, 0, &head, sizeof head))
		return false;
	for (uint32_t i = 0; i < head.e_shnum && !dynamic; i++) {
		if (!section(m, i, &s))
			return false;
		dynamic = s.sh_type == SHT_DYNAMIC;
		if (dynamic && !find_calls(m, &s, &calls))
			return false;
	}
	if (!dynamic || !calls.size)
		return dynamic;
	for (uint32_t i = 0; i < head.e_shnum; i++)
		if (section(m, i, &s) &&
		    (s.sh_type == SHT_RELA || s.sh_type == SHT_REL) &&
		    calls.at >= s.sh_addr && calls.at - s.sh_addr < s.sh_size)
			return calls_must_be(m, &s, &calls);
	return false;
}

static bool
look(const char *path, bool (*at)(const struct image *))
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	struct image m;
	void *bytes;
	bool is;

	if (fd < 0)
		return false;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_size <= 0) {
		close(fd);
		return false;
	}
	bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (bytes == MAP_FAILED)
		return false;
	m = (struct image){ bytes, (size_t)st.st_size };
	is = at(&m);
	munmap(bytes, m.size);
	return is;
}

bool
object_is_inert(const char *path)
{
	return look(path, is_inert);
}

bool
object_may_bind_now(const char *path)
{
	return look(path, may_bind_now);
}
