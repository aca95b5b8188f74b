/* symbolize.c: lines and names for the reports of clang's sanitizers, in
 * cnb-host and, within cnb-runtime.o, in program cells. Floor 2.
 *
 * By themselves they start llvm-symbolizer, where it is installed, as a child
 * that stays: `while (wait(NULL) > 0);` in the user's code would wait for it
 * without end. These two functions, where they are linked in, come instead:
 * addr2line is started, asked and waited for, invisible to the user's code. gcc
 * has its lines from a library; hidden, they are none of its business.
 *
 * They are called in the middle of a report. What libc's functions have become
 * under a sanitizer must not be entered again: the kernel is asked directly. */
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define CALLED_BY_RUNTIME __attribute__((visibility("hidden")))
#define ROOM 4096

extern char **environ;

CALLED_BY_RUNTIME bool __sanitizer_symbolize_code(const char *module,
						  uint64_t offset, char *out,
						  int most);
CALLED_BY_RUNTIME bool __sanitizer_symbolize_data(const char *module,
						  uint64_t offset, char *out,
						  int most);

/* ---- text ---- */

struct text {
	char *at, *end; /* a NUL has room at `end` */
};

static void
put(struct text *t, const char *from, char until)
{
	for (; *from && *from != until && t->at < t->end; from++)
		*t->at++ = *from;
	*t->at = '\0';
}

static void
put_number(struct text *t, uint64_t n, unsigned base)
{
	char digits[24], *d = digits + sizeof digits;

	*--d = '\0';
	do
		*--d = "0123456789abcdef"[n % base];
	while (n /= base);
	put(t, d, '\0');
}

static const char *
after(const char *text, char c)
{
	while (*text && *text != c)
		text++;
	return *text ? text + 1 : text;
}

static bool
is_prefix(const char *prefix, const char *text)
{
	while (*prefix && *prefix == *text)
		prefix++, text++;
	return !*prefix;
}

/* ---- addr2line ---- */

static const char *
path(void)
{
	for (char **e = environ; e && *e; e++)
		if (is_prefix("PATH=", *e))
			return *e + 5;
	return "/usr/bin:/bin";
}

/* In the child: become addr2line, wherever in PATH it is. */
static _Noreturn void
ask(int out, const char *module, const char *address)
{
	const char *const argv[] = { "addr2line", "-f",	   "-e",
				     module,	  address, NULL };
	char program[ROOM];
	long null = syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDWR);

	syscall(SYS_dup3, null, STDIN_FILENO, 0);
	syscall(SYS_dup3, out, STDOUT_FILENO, 0);
	syscall(SYS_dup3, null, STDERR_FILENO, 0);
	for (const char *dir = path(); *dir; dir = after(dir, ':')) {
		struct text t = { program, program + sizeof program - 1 };

		put(&t, dir, ':');
		put(&t, "/addr2line", '\0');
		syscall(SYS_execve, program, argv, environ);
	}
	for (;;)
		syscall(SYS_exit_group, 127);
}

/* What it prints, NUL-terminated; false: nothing. */
static bool
addr2line(const char *module, uint64_t offset, char *answer, size_t most)
{
	char address[32];
	struct text t = { address, address + sizeof address - 1 };
	size_t len = 0;
	int fds[2];
	long pid, n;

	put(&t, "0x", '\0');
	put_number(&t, offset, 16);
	if (syscall(SYS_pipe2, fds, O_CLOEXEC) < 0)
		return false;
	/* Without a signal at its end: the user's handlers and wait() do not
	 * see it. */
	pid = syscall(SYS_clone, 0L, NULL, NULL, NULL, NULL);
	if (pid == 0)
		ask(fds[1], module, address);
	syscall(SYS_close, fds[1]);
	while (pid > 0 && len < most - 1 &&
	       (n = syscall(SYS_read, fds[0], answer + len, most - 1 - len)) >
		       0)
		len += (size_t)n;
	answer[len] = '\0';
	syscall(SYS_close, fds[0]);
	if (pid > 0)
		syscall(SYS_wait4, pid, NULL, __WALL, NULL);
	return len > 0;
}

/* ---- symbols ---- */

struct image {
	const char *at;
	size_t size;
};

static bool
map_image(struct image *m, const char *module)
{
	long fd = syscall(SYS_openat, AT_FDCWD, module, O_RDONLY | O_CLOEXEC);
	long size, at = -1;

	if (fd < 0)
		return false;
	size = syscall(SYS_lseek, fd, 0L, 2L);
	if (size > 0)
		at = syscall(SYS_mmap, NULL, size, PROT_READ, MAP_PRIVATE, fd,
			     0L);
	syscall(SYS_close, fd);
	*m = (struct image){ (const char *)at, (size_t)size };
	return size > 0 && at != -1;
}

/* Is [offset, offset + size) in the file? */
static bool
holds(const struct image *m, uint64_t offset, uint64_t size)
{
	return offset <= m->size && size <= m->size - offset;
}

static const ElfW(Shdr) * section(const struct image *m, size_t i)
{
	const ElfW(Ehdr) *head = (const void *)m->at;
	uint64_t offset = head->e_shoff + i * sizeof(ElfW(Shdr));

	if (i >= head->e_shnum || !holds(m, offset, sizeof(ElfW(Shdr))))
		return NULL;
	return (const void *)(m->at + offset);
}

/* The variable that the address is in. */
static const ElfW(Sym) * find_variable(const struct image *m, uint64_t address,
				       const char **name)
{
	const ElfW(Shdr) * s, *strings;

	if (!holds(m, 0, sizeof(ElfW(Ehdr))) || m->at[0] != ELFMAG0)
		return NULL;
	for (size_t i = 0; (s = section(m, i)); i++) {
		const ElfW(Sym) * sym;

		if (s->sh_type != SHT_SYMTAB ||
		    !holds(m, s->sh_offset, s->sh_size) ||
		    !(strings = section(m, s->sh_link)) ||
		    !holds(m, strings->sh_offset, strings->sh_size))
			continue;
		sym = (const void *)(m->at + s->sh_offset);
		for (size_t k = 0; k < s->sh_size / sizeof *sym; k++) {
			if (ELF64_ST_TYPE(sym[k].st_info) != STT_OBJECT ||
			    address < sym[k].st_value ||
			    address - sym[k].st_value >= sym[k].st_size ||
			    sym[k].st_name >= strings->sh_size)
				continue;
			*name = m->at + strings->sh_offset + sym[k].st_name;
			return &sym[k];
		}
	}
	return NULL;
}

/* ---- what the runtime calls ---- */

/* "main\n/dir/x.ipynb:cell:5:0\n\n", as llvm-symbolizer words it; the column
 * is not known. */
bool
__sanitizer_symbolize_code(const char *module, uint64_t offset, char *out,
			   int most)
{
	struct text t = { out, out + most - 1 };
	char answer[ROOM];
	const char *place, *line;

	if (most < 1 || !addr2line(module, offset, answer, sizeof answer))
		return false;
	place = after(answer, '\n');
	put(&t, answer, '\n');
	put(&t, "\n", '\0');
	/* "file:12 (discriminator 3)", "??:?": the file may hold blanks. */
	line = place;
	for (const char *c = place; *c && *c != '\n'; c++)
		if (*c == ':')
			line = c + 1;
	if (*line < '0' || *line > '9') {
		put(&t, "??:0:0\n\n", '\0');
		return true;
	}
	while (place < line && t.at < t.end)
		*t.at++ = *place++;
	while (*line >= '0' && *line <= '9' && t.at < t.end)
		*t.at++ = *line++;
	put(&t, ":0\n\n", '\0');
	return true;
}

/* "name\nSTART SIZE\n", START as an offset in the module. */
bool
__sanitizer_symbolize_data(const char *module, uint64_t offset, char *out,
			   int most)
{
	struct text t = { out, out + most - 1 };
	struct image m;
	const ElfW(Sym) * found;
	const char *name;

	if (most < 1 || !map_image(&m, module))
		return false;
	found = find_variable(&m, offset, &name);
	if (found) {
		put(&t, name, '\0');
		put(&t, "\n", '\0');
		put_number(&t, found->st_value, 10);
		put(&t, " ", '\0');
		put_number(&t, found->st_size, 10);
		put(&t, "\n\n", '\0');
	}
	syscall(SYS_munmap, m.at, m.size);
	return found;
}
