/* procfs.c: the texts of /proc, word by word. Floor 1. A line, or a number,
 * that has no end was cut short, and says nothing. */
#include "sys/procfs.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include "base/buf.h"
#include "base/mem.h"

/* A number in digits of `base` that stand at the front; they are cut off.
 * False: there are none, or too many. */
static bool
cut_number(struct slice *text, unsigned base, uint64_t *n)
{
	size_t i;

	*n = 0;
	for (i = 0; i < text->len; i++) {
		char c = text->at[i];
		unsigned digit = c >= '0' && c <= '9' ? (unsigned)(c - '0')
				 : c >= 'a' && c <= 'f'
					 ? (unsigned)(c - 'a') + 10
					 : base;

		if (digit >= base)
			break;
		if (*n > (UINT64_MAX - digit) / base)
			return false;
		*n = *n * base + digit;
	}
	text->at += i;
	text->len -= i;
	return i > 0;
}

/* The same, of what has an end. */
static bool
cut_whole_number(struct slice *text, uint64_t most, uint64_t *n)
{
	return cut_number(text, 10, n) && *n <= most && text->len &&
	       strchr(" \t\n", text->at[0]);
}

static void
skip_blanks(struct slice *text)
{
	while (text->len && (text->at[0] == ' ' || text->at[0] == '\t'))
		text->at++, text->len--;
}

/* Up to the next blank, which is cut off as well. False: none follows. */
static bool
cut_word(struct slice *text, struct slice *word)
{
	const char *blank = text->len ? memchr(text->at, ' ', text->len) : NULL;

	if (!blank)
		return false;
	*word = (struct slice){ text->at, (size_t)(blank - text->at) };
	text->at += word->len + 1;
	text->len -= word->len + 1;
	return true;
}

/* --- a process ----------------------------------------------------------- */

/* "12 (name) S 1 ...": behind the name no parenthesis follows, and in a name
 * there is no room for as many words as are asked for. */
enum stat_field { FIELD_STATE = 3, FIELD_PARENT = 4, FIELD_THREADS = 20 };

bool
procfs_stat(struct slice text, struct procfs_stat *s)
{
	const char *end = text.len ? memrchr(text.at, ')', text.len) : NULL;
	struct slice word;
	uint64_t n;

	if (!end)
		return false;
	text.len -= (size_t)(end - text.at);
	text.at = end;
	if (!cut_word(&text, &word) || word.len != 1)
		return false;
	for (int field = FIELD_STATE; field <= FIELD_THREADS; field++) {
		if (!cut_word(&text, &word))
			return false;
		if (field == FIELD_STATE) {
			if (word.len != 1)
				return false;
			s->state = word.at[0];
		} else if (field == FIELD_PARENT || field == FIELD_THREADS) {
			if (!cut_number(&word, 10, &n) || word.len ||
			    n > INT_MAX)
				return false;
			if (field == FIELD_PARENT)
				s->parent = (pid_t)n;
			else
				s->threads = n ? (int)n : 1;
		}
	}
	return true;
}

bool
procfs_next_child(struct slice *text, pid_t *child)
{
	uint64_t n;

	do {
		skip_blanks(text);
		if (!cut_whole_number(text, INT_MAX, &n))
			return false;
	} while (!n); /* it is not to be seen from here */
	*child = (pid_t)n;
	return true;
}

/* What stands in the line that begins so, behind blanks. */
static bool
find_line(struct slice text, const char *name, struct slice *value)
{
	while (text.len) {
		bool whole = memchr(text.at, '\n', text.len) != NULL;

		*value = slice_cut_line(&text);
		if (!whole)
			return false;
		if (slice_starts(*value, name)) {
			value->at += strlen(name);
			value->len -= strlen(name);
			skip_blanks(value);
			return true;
		}
	}
	return false;
}

int64_t
procfs_number(struct slice text, const char *name)
{
	struct slice value;
	uint64_t n;

	return find_line(text, name, &value) && cut_number(&value, 10, &n) &&
			       n <= INT64_MAX
		       ? (int64_t)n
		       : -1;
}

char
procfs_state(struct slice status)
{
	struct slice value;

	return find_line(status, "State:", &value) && value.len ? value.at[0]
								: '\0';
}

/* Bit N - 1 is signal N. */
bool
procfs_has_signal(struct slice status, const char *set, int sig)
{
	struct slice value;
	uint64_t bits;

	return find_line(status, set, &value) &&
	       cut_number(&value, 16, &bits) && bits >> (sig - 1) & 1;
}

int64_t
procfs_ran_ns(struct slice schedstat)
{
	uint64_t n;

	return cut_whole_number(&schedstat, INT64_MAX, &n) ? (int64_t)n : 0;
}

void
procfs_name(struct slice comm, char name[16])
{
	struct slice line = slice_cut_line(&comm);
	size_t len = line.len < 15 ? line.len : 15;

	if (len)
		memcpy(name, line.at, len);
	name[len] = '\0';
}

/* "0 0x0 0x7ffc... ": the call's number, and its arguments in hexadecimal. */
bool
procfs_reads_stdin(struct slice call)
{
	struct slice fd;
	uint64_t n;

	return cut_whole_number(&call, INT_MAX, &n) &&
	       (n == SYS_read || n == SYS_readv) && cut_word(&call, &fd) &&
	       cut_word(&call, &fd) && slice_is(fd, "0x0");
}

/* --- control groups ------------------------------------------------------ */

/* In mountinfo blanks and their like are \ooo. */
static char *
unescape(struct slice word)
{
	struct buf out = { 0 };

	for (size_t i = 0; i < word.len; i++) {
		unsigned char c = (unsigned char)word.at[i];
		unsigned value = 0;
		size_t digits = 0;

		while (c == '\\' && digits < 3 && i + 1 + digits < word.len &&
		       word.at[i + 1 + digits] >= '0' &&
		       word.at[i + 1 + digits] <= '7') {
			value = value * 8 +
				(unsigned)(word.at[i + 1 + digits] - '0');
			digits++;
		}
		if (digits == 3 && value && value < 256) {
			c = (unsigned char)value;
			i += 3;
		}
		buf_add_byte(&out, (char)c);
	}
	return buf_take(&out);
}

/* Where version 2 is mounted, and which of its groups is at the top there: ID
 * PARENT DEVICE TOP PLACE OPTIONS ... - TYPE SOURCE ... */
static bool
read_mount(struct slice line, struct slice *top, struct slice *place)
{
	struct slice word;

	for (int i = 0; i < 3; i++)
		if (!cut_word(&line, &word))
			return false;
	if (!cut_word(&line, top) || !cut_word(&line, place))
		return false;
	do
		if (!cut_word(&line, &word))
			return false;
	while (!slice_is(word, "-"));
	return cut_word(&line, &word) && slice_is(word, "cgroup2");
}

static bool
find_mount(struct slice mounts, char **top, char **place)
{
	while (mounts.len) {
		struct slice a, b;

		if (!read_mount(slice_cut_line(&mounts), &a, &b))
			continue;
		*top = unescape(a);
		*place = unescape(b);
		return true;
	}
	return false;
}

/* What of our group's name stands below `top`; NULL: it is elsewhere. */
static const char *
below(const char *name, const char *top)
{
	size_t len = strcmp(top, "/") == 0 ? 0 : strlen(top);

	/* ".." is where a namespace ends. */
	if (strncmp(name, top, len) != 0 || (name[len] && name[len] != '/') ||
	    strncmp(name, "/..", 3) == 0)
		return NULL;
	return name + len;
}

char *
procfs_cgroup(struct slice mounts, struct slice groups)
{
	char *top = NULL, *place = NULL, *name = NULL;
	struct buf path = { 0 };
	struct slice own;

	if (find_line(groups, "0::", &own) &&
	    find_mount(mounts, &top, &place)) {
		const char *rest;

		name = mem_strndup(own.at, own.len);
		rest = name[0] == '/' ? below(name, top) : NULL;
		if (rest)
			buf_addf(&path, "%s%s", place, rest);
	}
	free(top);
	free(place);
	free(name);
	return path.len ? buf_take(&path) : NULL;
}

/* --- locks --------------------------------------------------------------- */

/* "42 08:01:1234 0 EOF" behind the kind of lock. */
static bool
read_holder(struct slice line, dev_t device, ino_t inode, uint64_t *pid)
{
	uint64_t a, b, c;

	skip_blanks(&line);
	if (!cut_whole_number(&line, INT_MAX, pid))
		return false;
	skip_blanks(&line);
	if (!cut_number(&line, 16, &a) || !slice_starts(line, ":"))
		return false;
	line.at++, line.len--;
	if (!cut_number(&line, 16, &b) || !slice_starts(line, ":"))
		return false;
	line.at++, line.len--;
	return cut_whole_number(&line, UINT64_MAX, &c) && a == major(device) &&
	       b == minor(device) && c == inode;
}

/* "1: FLOCK  ADVISORY  WRITE 42 08:01:1234 0 EOF"; behind "->" are those who
 * wait. */
long
procfs_lock_holder(struct slice locks, dev_t device, ino_t inode)
{
	static const char *const words[] = { "FLOCK", "", "WRITE" };

	while (locks.len) {
		struct slice line = slice_cut_line(&locks), word;
		bool is = cut_word(&line, &word);
		uint64_t pid;

		for (size_t i = 0; is && i < countof(words); i++) {
			skip_blanks(&line);
			is = cut_word(&line, &word) &&
			     (!words[i][0] || slice_is(word, words[i]));
		}
		if (is && read_holder(line, device, inode, &pid))
			return (long)pid;
	}
	return 0;
}
