/* symbols.c: reads ELF symbol tables of this machine's own kind (floor 2), of
 * files that the compiler has just made; every offset is checked all the same,
 * and tables are copied from where they lie: tcc aligns none.
 */
#include "build/symbols.h"

#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* A library that is loaded. */
struct library {
	void *handle;	    /* NULL: it is not there */
	const char *oldest; /* the first version of its names; NULL: none */
};

/* What a table of a loaded object is at: machines differ in whether the loader
 * has added the object's own place. */
static const char *
table_at(const struct link_map *m, ElfW(Addr) at)
{
	return (const char *)(at < m->l_addr ? at + m->l_addr : at);
}

static const char *
oldest_version(const struct link_map *m)
{
	const char *versions = NULL, *strings = NULL;
	ElfW(Verdef) v;
	ElfW(Verdaux) aux;

	for (const ElfW(Dyn) *d = m->l_ld; d->d_tag != DT_NULL; d++)
		if (d->d_tag == DT_VERDEF)
			versions = table_at(m, d->d_un.d_ptr);
		else if (d->d_tag == DT_STRTAB)
			strings = table_at(m, d->d_un.d_ptr);
	if (!versions || !strings)
		return NULL;
	/* The first row is the library's own name. */
	for (memcpy(&v, versions, sizeof v); v.vd_flags & VER_FLG_BASE;
	     memcpy(&v, versions, sizeof v)) {
		if (!v.vd_next)
			return NULL;
		versions += v.vd_next;
	}
	memcpy(&aux, versions + v.vd_aux, sizeof aux);
	return strings + aux.vda_name;
}

static struct library
library_open(const char *file)
{
	struct library l = { dlopen(file, RTLD_LAZY | RTLD_LOCAL), NULL };
	struct link_map *m;

	if (l.handle && dlinfo(l.handle, RTLD_DI_LINKMAP, &m) == 0)
		l.oldest = oldest_version(m);
	return l;
}

/* A name that programs are no longer linked with is kept for those that were:
 * who asks for no version gets the oldest, and dlsym() none of these. */
static bool
library_has(const struct library *l, const char *name)
{
	return l->handle && (dlsym(l->handle, name) ||
			     (l->oldest && dlvsym(l->handle, name, l->oldest)));
}

bool
symbols_taken(const char *name)
{
	static struct library libc, libm;

	if (!libc.handle) {
		libc = library_open("libc.so.6");
		libm = library_open("libm.so.6");
	}
	return dlsym(RTLD_DEFAULT, name) || library_has(&libc, name) ||
	       library_has(&libm, name);
}

int
symbols_read(struct symbols *s, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	*s = (struct symbols){ 0 };
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && st.st_size > (off_t)sizeof(ElfW(Ehdr))) {
		s->size = (size_t)st.st_size;
		s->at = mmap(NULL, s->size, PROT_READ, MAP_PRIVATE, fd, 0);
	}
	close(fd);
	if (!s->at || s->at == MAP_FAILED) {
		s->at = NULL;
		return -1;
	}
	if (memcmp(s->at, ELFMAG, SELFMAG) != 0) {
		symbols_release(s);
		return -1;
	}
	return 0;
}

void
symbols_release(struct symbols *s)
{
	if (s->at)
		munmap(s->at, s->size);
	*s = (struct symbols){ 0 };
}

/* `size` bytes at `offset` of the file, or NULL. */
static const void *
bytes_at(const struct symbols *s, uint64_t offset, uint64_t size)
{
	if (offset > s->size || size > s->size - offset)
		return NULL;
	return (const char *)s->at + offset;
}

/* The i-th thing of a table at `offset`; false: it is not in the file. */
static bool
copy_row(const struct symbols *s, uint64_t offset, uint64_t i, void *row,
	 size_t size)
{
	const void *from;

	if (offset > s->size || i >= (s->size - offset) / size)
		return false;
	from = bytes_at(s, offset + i * size, size);
	if (from)
		memcpy(row, from, size);
	return from != NULL;
}

static bool
section(const struct symbols *s, unsigned i, ElfW(Shdr) * out)
{
	const ElfW(Ehdr) *head = s->at;

	return i < head->e_shnum &&
	       copy_row(s, head->e_shoff, i, out, sizeof *out);
}

static bool
is_called(const struct symbols *s, const ElfW(Shdr) * strings, uint32_t at,
	  struct slice name)
{
	const char *text;

	if (at > strings->sh_size || strings->sh_size - at <= name.len ||
	    strings->sh_offset > s->size)
		return false;
	text = bytes_at(s, strings->sh_offset + at, name.len + 1);
	return text && !memcmp(text, name.at, name.len) && !text[name.len];
}

/* Does the table define the name? *seen: so that others see it. */
static bool
look_up(const struct symbols *s, const ElfW(Shdr) * table, struct slice name,
	bool *seen)
{
	ElfW(Shdr) strings;
	ElfW(Sym) one;
	bool found = false;

	if (!section(s, table->sh_link, &strings))
		return false;
	for (uint64_t i = 0; i < table->sh_size / sizeof one &&
			     copy_row(s, table->sh_offset, i, &one, sizeof one);
	     i++) {
		unsigned type = ELF64_ST_TYPE(one.st_info);
		unsigned visibility = ELF64_ST_VISIBILITY(one.st_other);

		if (one.st_shndx == SHN_UNDEF || type == STT_FILE ||
		    type == STT_SECTION ||
		    !is_called(s, &strings, one.st_name, name))
			continue;
		found = true;
		*seen |= ELF64_ST_BIND(one.st_info) != STB_LOCAL &&
			 (visibility == STV_DEFAULT ||
			  visibility == STV_PROTECTED);
	}
	return found;
}

/* Is it defined? *seen: so that others see it. */
static bool
find(const struct symbols *s, struct slice name, bool *seen)
{
	const ElfW(Ehdr) *head = s->at;
	bool found = false;
	ElfW(Shdr) table;

	*seen = false;
	for (unsigned i = 0; i < head->e_shnum && !*seen; i++)
		if (section(s, i, &table) && (table.sh_type == SHT_SYMTAB ||
					      table.sh_type == SHT_DYNSYM))
			found |= look_up(s, &table, name, seen);
	return found;
}

bool
symbols_hides(const struct symbols *s, struct slice name)
{
	bool seen;

	return find(s, name, &seen) && !seen;
}

bool
symbols_shows(const struct symbols *s, struct slice name)
{
	bool seen;

	return find(s, name, &seen) && seen;
}

/* The code of a relocation by which a call of another object's function is
 * bound; 0: not known of this machine. */
static unsigned
call_relocation(const struct symbols *s)
{
	const ElfW(Ehdr) *head = s->at;

	return head->e_machine == EM_X86_64 ? R_X86_64_JUMP_SLOT : 0;
}

static void
add_if_misread(const struct symbols *s, const ElfW(Shdr) * table,
	       uint64_t number, struct strs *names)
{
	ElfW(Shdr) strings;
	ElfW(Sym) sym;
	const char *text;

	if (!section(s, table->sh_link, &strings) ||
	    !copy_row(s, table->sh_offset, number, &sym, sizeof sym) ||
	    sym.st_shndx != SHN_UNDEF ||
	    ELF64_ST_TYPE(sym.st_info) != STT_OBJECT ||
	    sym.st_name >= strings.sh_size)
		return;
	text = bytes_at(s, strings.sh_offset, strings.sh_size);
	if (text &&
	    memchr(text + sym.st_name, 0, strings.sh_size - sym.st_name))
		strs_add(names, text + sym.st_name);
}

void
symbols_misread(const struct symbols *s, struct strs *names)
{
	const ElfW(Ehdr) *head = s->at;
	ElfW(Shdr) table, symbols;
	ElfW(Rela) r;

	for (unsigned i = 0; call_relocation(s) && i < head->e_shnum; i++) {
		if (!section(s, i, &table) || table.sh_type != SHT_RELA ||
		    !section(s, table.sh_link, &symbols))
			continue;
		for (uint64_t k = 0;
		     k < table.sh_size / sizeof r &&
		     copy_row(s, table.sh_offset, k, &r, sizeof r);
		     k++)
			if (ELF64_R_TYPE(r.r_info) == call_relocation(s))
				add_if_misread(s, &symbols,
					       ELF64_R_SYM(r.r_info), names);
	}
}

static bool
may_be_written(const struct symbols *s, unsigned number)
{
	ElfW(Shdr) one;

	return section(s, number, &one) && one.sh_flags & SHF_WRITE;
}

static void
add_local(const struct symbols *s, const ElfW(Sym) * sym, const char *name,
	  struct strs *variables, struct strs *functions)
{
	unsigned type = ELF64_ST_TYPE(sym->st_info);

	if (ELF64_ST_BIND(sym->st_info) != STB_LOCAL || !sym->st_size)
		return;
	if (type == STT_OBJECT && may_be_written(s, sym->st_shndx))
		strs_add(variables, name);
	else if (type == STT_FUNC)
		strs_add(functions, name);
}

void
symbols_locals(const struct symbols *s, struct strs *variables,
	       struct strs *functions)
{
	const ElfW(Ehdr) *head = s->at;
	ElfW(Shdr) table, strings;
	ElfW(Sym) sym;
	const char *text;

	for (unsigned i = 0; i < head->e_shnum; i++) {
		if (!section(s, i, &table) || table.sh_type != SHT_SYMTAB ||
		    !section(s, table.sh_link, &strings))
			continue;
		text = bytes_at(s, strings.sh_offset, strings.sh_size);
		if (!text || !strings.sh_size || text[strings.sh_size - 1])
			continue;
		for (uint64_t k = 0;
		     k < table.sh_size / sizeof sym &&
		     copy_row(s, table.sh_offset, k, &sym, sizeof sym);
		     k++)
			if (sym.st_name < strings.sh_size)
				add_local(s, &sym, text + sym.st_name,
					  variables, functions);
	}
}
