/* swap.c: compare and exchange, for files. Floor 1. The kernel exchanges two
 * names at once, so that what is displaced is at hand and can be looked at; and
 * it tells, by a lease, of who opens a file to write to it, and has him wait.
 */
#include "sys/swap.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/buf.h"
#include "sys/fs.h"

static struct slice
without_mark(struct slice text)
{
	if (slice_starts(text, "\xef\xbb\xbf")) {
		text.at += 3;
		text.len -= 3;
	}
	return text;
}

static enum look_how
read_through(int fd, struct print *p)
{
	static char chunk[1 << 18];
	struct buf begin = { 0 };
	off_t at = 0;
	ssize_t n;

	print_init(p);
	for (;;) {
		n = pread(fd, chunk, sizeof chunk, at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		at += n;
		/* Until it is known whether it begins with a mark. */
		if (p->len == 0) {
			buf_add(&begin, chunk, (size_t)n);
			if (begin.len >= 3) {
				print_add(p, without_mark(buf_slice(&begin)));
				buf_clear(&begin);
			}
			continue;
		}
		print_add(p, (struct slice){ chunk, (size_t)n });
	}
	print_add(p, buf_slice(&begin));
	buf_release(&begin);
	return n < 0 ? LOOK_HIDDEN : LOOK_SEEN;
}

static struct look
look_through(int fd)
{
	struct look l;

	l.how = read_through(fd, &l.print);
	return l;
}

void
look_at(struct look *l, const char *path)
{
	int fd = fs_open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK);

	if (fd < 0) {
		l->how = errno == ENOENT ? LOOK_ABSENT : LOOK_HIDDEN;
		return;
	}
	*l = look_through(fd);
	close(fd);
}

struct look
look_of(struct slice text)
{
	struct look l = { .how = LOOK_SEEN };

	print_init(&l.print);
	print_add(&l.print, without_mark(text));
	return l;
}

bool
look_same(const struct look *a, const struct look *b)
{
	return a->how == b->how &&
	       (a->how != LOOK_SEEN || print_same(&a->print, &b->print));
}

/* --- leases ----------------------------------------------------------------
 */

enum lease {
	LEASE_NONE, /* not of this file */
	LEASE_HELD, /* nobody writes to it; who will waits for us */
	LEASE_WRITER,
};

static enum lease
lease_take(int fd)
{
	/* That somebody waits is told by a signal: one that does nothing. */
	fcntl(fd, F_SETSIG, SIGURG);
	if (fcntl(fd, F_SETLEASE, F_RDLCK) == 0)
		return LEASE_HELD;
	return errno == EAGAIN ? LEASE_WRITER : LEASE_NONE;
}

static bool
lease_stands(int fd)
{
	return fcntl(fd, F_GETLEASE) == F_RDLCK;
}

/* Of a file that only we can have open: anything but a lease says that this
 * file system has none. */
static bool
has_leases(int fd)
{
	bool has = lease_take(fd) == LEASE_HELD;

	if (has)
		fcntl(fd, F_SETLEASE, F_UNLCK);
	return has;
}

bool
swap_is_written(const char *path)
{
	int fd = fs_open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK);
	bool is = fd >= 0 && lease_take(fd) == LEASE_WRITER;

	if (fd >= 0)
		close(fd);
	return is;
}

/* --- the exchange ----------------------------------------------------------
 */

struct swap {
	const char *temporary, *target;
	int fd;	 /* of what comes */
	int old; /* of what goes */
	enum lease lease;
	const struct look *was;
};

static bool
is_unchanged(const struct swap *s)
{
	struct look now;

	if (s->lease == LEASE_HELD)
		return lease_stands(s->old);
	now = look_through(s->old);
	return look_same(&now, s->was);
}

/* In this order, who watches the folder sees the target come last. */
static int
exchange(const struct swap *s)
{
	return renameat2(AT_FDCWD, s->target, AT_FDCWD, s->temporary,
			 RENAME_EXCHANGE);
}

static bool
is_no_such_call(int why)
{
	return why == EINVAL || why == ENOSYS || why == EOPNOTSUPP;
}

static enum swapped
replace_plainly(const struct swap *s)
{
	if (rename(s->temporary, s->target) < 0)
		return SWAP_FAILED;
	fs_sync_dir(s->target);
	return SWAP_DONE;
}

static enum swapped
put_back(const struct swap *s)
{
	if (exchange(s) < 0)
		return SWAP_FAILED;
	/* Whoever has put a third file there meanwhile meant it to stay. */
	if (!fs_is_at(s->fd, s->temporary) && exchange(s) < 0)
		return SWAP_FAILED;
	return SWAP_ANOTHER;
}

static enum swapped
replace_compared(const struct swap *s)
{
	if (exchange(s) < 0)
		return is_no_such_call(errno) ? replace_plainly(s)
					      : SWAP_FAILED;
	/* To sync takes a moment: time for who had found the old file just
	 * before, to be seen opening it. */
	fs_sync_dir(s->target);
	if (!fs_is_at(s->old, s->temporary) || !is_unchanged(s))
		return put_back(s);
	unlink(s->temporary);
	return SWAP_DONE;
}

static enum swapped
replace_nothing(const struct swap *s)
{
	if (renameat2(AT_FDCWD, s->temporary, AT_FDCWD, s->target,
		      RENAME_NOREPLACE) < 0)
		return errno == EEXIST		? SWAP_ANOTHER
		       : is_no_such_call(errno) ? replace_plainly(s)
						: SWAP_FAILED;
	fs_sync_dir(s->target);
	return SWAP_DONE;
}

static bool
is_file(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

enum swapped
swap_in(const char *temporary, int fd, const char *target,
	const struct look *was, bool at_last)
{
	struct swap s = { temporary, target, fd, -1, LEASE_NONE, was };
	enum swapped done = SWAP_ANOTHER;
	struct look now;

	s.old = fs_open(target, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW);
	if (s.old < 0 && errno == ENOENT)
		return was->how == LOOK_ABSENT ? replace_nothing(&s) : done;
	if (s.old < 0)
		return was->how == LOOK_HIDDEN ? replace_plainly(&s) : done;
	if (has_leases(fd))
		s.lease = lease_take(s.old);
	now = look_through(s.old);
	if (is_file(s.old) && (s.lease != LEASE_WRITER || at_last) &&
	    look_same(&now, was))
		done = replace_compared(&s);
	close(s.old); /* and who waits for it goes on */
	return done;
}
