/* symbols.c: reads ELF symbol tables of this machine's own kind (floor 2), of
 * files that the compiler has just made; every offset is checked all the same.
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

bool
symbols_taken(const char *name)
{
	static void *libm;
	static bool tried;

	if (!tried)
		libm = dlopen("libm.so.6", RTLD_LAZY | RTLD_LOCAL);
	tried = true;
	return dlsym(RTLD_DEFAULT, name) || (libm && dlsym(libm, name));
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

/* `count` things of `size` bytes at `offset` of the file, or NULL. */
static const void *
bytes_at(const struct symbols *s, uint64_t offset, uint64_t count, size_t size)
{
	if (offset > s->size || count > (s->size - offset) / size)
		return NULL;
	return (const char *)s->at + offset;
}

static const ElfW(Shdr) * section(const struct symbols *s, unsigned i)
{
	const ElfW(Ehdr) *head = s->at;
	const ElfW(Shdr) *all =
		bytes_at(s, head->e_shoff, head->e_shnum, sizeof *all);

	return all && i < head->e_shnum ? &all[i] : NULL;
}

static bool
is_called(const struct symbols *s, const ElfW(Shdr) * strings, uint32_t at,
	  struct slice name)
{
	const char *text;

	if (!strings || at > strings->sh_size ||
	    strings->sh_size - at <= name.len)
		return false;
	text = bytes_at(s, strings->sh_offset + at, name.len + 1, 1);
	return text && !memcmp(text, name.at, name.len) && !text[name.len];
}

/* Does the table define the name? *seen: so that others see it. */
static bool
look_up(const struct symbols *s, const ElfW(Shdr) * table, struct slice name,
	bool *seen)
{
	const ElfW(Shdr) *strings = section(s, table->sh_link);
	uint64_t count = table->sh_size / sizeof(ElfW(Sym));
	const ElfW(Sym) *all =
		bytes_at(s, table->sh_offset, count, sizeof *all);
	bool found = false;

	for (uint64_t i = 0; all && i < count; i++) {
		unsigned type = ELF64_ST_TYPE(all[i].st_info);
		unsigned visibility = ELF64_ST_VISIBILITY(all[i].st_other);

		if (all[i].st_shndx == SHN_UNDEF || type == STT_FILE ||
		    type == STT_SECTION ||
		    !is_called(s, strings, all[i].st_name, name))
			continue;
		found = true;
		*seen |= ELF64_ST_BIND(all[i].st_info) != STB_LOCAL &&
			 (visibility == STV_DEFAULT ||
			  visibility == STV_PROTECTED);
	}
	return found;
}

bool
symbols_hides(const struct symbols *s, struct slice name)
{
	const ElfW(Ehdr) *head = s->at;
	bool found = false, seen = false;

	for (unsigned i = 0; i < head->e_shnum && !seen; i++) {
		const ElfW(Shdr) *table = section(s, i);

		if (table && (table->sh_type == SHT_SYMTAB ||
			      table->sh_type == SHT_DYNSYM))
			found |= look_up(s, table, name, &seen);
	}
	return found && !seen;
}
