/* modules.c: see modules.h. Floor 3. */
#include "watch/modules.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/mem.h"
#include "sys/fs.h"

#define CALL_BYTES 7 /* that a call takes at most */

/* Up to the first `stop`, cut off the front with it. */
static struct slice
cut(struct slice *s, char stop)
{
	const char *end = s->len ? memchr(s->at, stop, s->len) : NULL;
	struct slice word = { s->at, end ? (size_t)(end - s->at) : s->len };
	size_t used = word.len + (end != NULL);

	s->at += used;
	s->len -= used;
	return word;
}

static bool
read_hex(struct slice word, uint64_t *n)
{
	static const char digits[] = "0123456789abcdef";

	*n = 0;
	if (!word.len || word.len > 16)
		return false;
	for (size_t i = 0; i < word.len; i++) {
		const char *d = memchr(digits, word.at[i], 16);

		if (!d)
			return false;
		*n = *n << 4 | (uint64_t)(d - digits);
	}
	return true;
}

/* "55d0-55e0 r-xp 00001000 fe:00 1234      /dir/x.so"; only what has a file. */
static bool
read_line(struct slice line, struct module *m)
{
	struct slice may;

	if (!read_hex(cut(&line, '-'), &m->start) ||
	    !read_hex(cut(&line, ' '), &m->end))
		return false;
	may = cut(&line, ' ');
	m->code = may.len > 2 && may.at[2] == 'x';
	if (!read_hex(cut(&line, ' '), &m->offset))
		return false;
	cut(&line, ' ');
	cut(&line, ' ');
	while (slice_starts(line, " "))
		cut(&line, ' ');
	if (!slice_starts(line, "/"))
		return false;
	m->path = mem_strndup(line.at, line.len);
	return true;
}

void
modules_read(struct modules *all, struct slice text)
{
	while (text.len) {
		struct module m;

		if (read_line(slice_cut_line(&text), &m))
			*mem_push(all->at, all->count) = m;
	}
}

void
modules_release(struct modules *all)
{
	for (size_t i = 0; i < all->count; i++)
		free(all->at[i].path);
	free(all->at);
	*all = (struct modules){ 0 };
}

const struct module *
modules_find(const struct modules *all, uint64_t address)
{
	for (size_t i = 0; i < all->count; i++)
		if (address >= all->at[i].start && address < all->at[i].end)
			return &all->at[i];
	return NULL;
}

/* Without waiting for the other end of a fifo, or for a device. */
static int
open_file(const char *path)
{
	int fd = fs_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	if (fd >= 0 && (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))) {
		close(fd);
		return -1;
	}
	return fd;
}

static bool
read_at(int fd, void *bytes, size_t len, uint64_t offset)
{
	return pread(fd, bytes, len, (off_t)offset) == (ssize_t)len;
}

bool
module_link_address(const struct module *m, uint64_t at, uint64_t *address)
{
	uint64_t offset = at - m->start + m->offset;
	int fd = open_file(m->path);
	ElfW(Ehdr) head;
	bool found = false;

	if (fd < 0)
		return false;
	if (!read_at(fd, &head, sizeof head, 0) ||
	    memcmp(head.e_ident, ELFMAG, SELFMAG) != 0)
		head.e_phnum = 0;
	for (unsigned i = 0; i < head.e_phnum && !found; i++) {
		ElfW(Phdr) p;

		if (!read_at(fd, &p, sizeof p, head.e_phoff + i * sizeof p))
			break;
		if (p.p_type == PT_LOAD && offset >= p.p_offset &&
		    offset - p.p_offset < p.p_filesz) {
			*address = offset - p.p_offset + p.p_vaddr;
			found = true;
		}
	}
	close(fd);
	return found;
}

bool
module_is_behind_call(const struct module *m, uint64_t at)
{
	unsigned char b[CALL_BYTES] = { 0 };
	int fd = open_file(m->path);
	bool read_all;

	if (fd < 0)
		return false;
	read_all =
		read_at(fd, b, sizeof b, at - m->start + m->offset - sizeof b);
	close(fd);
	if (!read_all)
		return false;
#if defined(__x86_64__)
	if (b[CALL_BYTES - 5] == 0xe8)
		return true;
	/* through a register or memory: ff /2, up to five bytes behind it */
	for (size_t i = 0; i + 1 < sizeof b; i++)
		if (b[i] == 0xff && (b[i + 1] >> 3 & 7) == 2)
			return true;
	return false;
#elif defined(__aarch64__)
	return (b[CALL_BYTES - 1] & 0xfc) == 0x94 || /* bl */
	       (b[CALL_BYTES - 1] == 0xd6 && b[CALL_BYTES - 2] == 0x3f);
#else
	return true;
#endif
}
