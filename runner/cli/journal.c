/* journal.c: a run's events on disk, and the run from its events. Floor 6.
 *
 * The file is mapped: what is copied into it outlives this process, whatever
 * kills it, and costs no system call. A frame's length is stored after its
 * bytes, so that a frame is there whole or not at all; its checksum tells what
 * a machine that lost its power has left half written. */
#include "cli/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include "base/hash.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/commands.h"
#include "format/nbformat.h"
#include "model/event_pack.h"
#include "sys/clock.h"
#include "sys/fs.h"
#include "sys/proc.h"

#define MAGIC "cnbjrnl1"
#define GROW (1u << 20)
#define REST_BYTES (size_t)(4 << 20) /* a power of two */
#define SYNC_PAUSE_NS NS_PER_S
/* A longer one is sent to the disk without being waited for: a cell that floods
 * would be held up at its pipe as long as the disk takes. */
#define SYNCED_MOST (size_t)(64 << 20)
#define NAME_LEN 32 /* hexadecimal digits of the path's hash */

#define SUFFIX ".journal"  /* of a run that goes on, or was cut off */
#define UNBORN ".new"	   /* it is about to get that name */
#define OFFERED ".offered" /* was cut off, and the user was told */

struct frame {
	uint32_t len; /* 0: the journal ends here */
	uint32_t sum;
};

/* The file begins with it; then the notebook's bytes and the cells' parts. */
struct head {
	char magic[8];
	uint32_t version;
	uint32_t ncells;
	uint64_t text_len;
	int64_t output_limit;
};

/* FNV-1a, eight bytes at a time: against accidents, not against people. */
static uint32_t
checksum(const char *bytes, size_t len)
{
	uint64_t h = 0xcbf29ce484222325u, word;

	for (; len >= sizeof word; bytes += sizeof word, len -= sizeof word) {
		memcpy(&word, bytes, sizeof word);
		h = (h ^ word) * 0x100000001b3u;
	}
	for (; len; bytes++, len--)
		h = (h ^ (unsigned char)*bytes) * 0x100000001b3u;
	return (uint32_t)(h ^ h >> 32);
}

/* --- where they are ------------------------------------------------------- */

char *
journal_dir(void)
{
	const char *xdg = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (xdg && *xdg == '/')
		return path_join(xdg, "cnb");
	if (home && *home == '/')
		return path_join(home, ".local/state/cnb");
	return NULL;
}

/* Also of a notebook that is gone: it is looked for where it was. */
static char *
real_name(const char *path)
{
	char *real = path_real(path), *end, *dir, *there, *name;

	if (real)
		return real;
	end = path_end_of_links(path);
	dir = path_dir(end ? end : path);
	there = path_real(dir);
	name = there ? path_join(there, path_base(end ? end : path))
		     : path_absolute(path);
	free(end);
	free(dir);
	free(there);
	return name;
}

/* What all journals of one notebook have in front. */
static void
stem(const char *path, char name[NAME_LEN + 1])
{
	char *whole = real_name(path);
	char hex[HASH_HEX];
	struct hash h;

	hash_init(&h);
	hash_add_str(&h, whole);
	hash_hex(&h, hex);
	memcpy(name, hex, NAME_LEN);
	name[NAME_LEN] = '\0';
	free(whole);
}

/* The process that its name ends with is no more. */
static bool
is_of_the_dead(const char *file)
{
	const char *number = strchr(path_base(file), '.');

	return number && proc_is_gone(strtol(number + 1, NULL, 10));
}

/* Nobody's run is writing it. A child that was just being made when its run was
 * killed may hold the lock for a moment longer. */
static bool
is_left_behind(const char *file, int *why)
{
	int fd = fs_open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
	bool free_lock = fd >= 0 && fs_lock(fd, LOCK_EX | LOCK_NB) == 0;

	if (fd < 0 && errno != ENOENT)
		*why = errno;
	if (fd >= 0)
		close(fd);
	return free_lock || (fd >= 0 && is_of_the_dead(file));
}

/* -1: there is none. What is no file is no journal, whatever it is called: who
 * reads it may wait for ever, or never come to its end. */
static int64_t
changed_at(const char *file, int *why)
{
	struct stat st;

	if (lstat(file, &st) == 0)
		return S_ISREG(st.st_mode) ? fs_mtime_ns(&st) : -1;
	if (errno != ENOENT)
		*why = errno;
	return -1;
}

/* Runs that were killed before their journal had its name. */
static void
remove_unborn(const char *dir)
{
	struct strs names = { 0 };

	fs_list(dir, UNBORN, &names);
	for (size_t i = 0; i < names.count; i++) {
		char *file = path_join(dir, names.at[i]);

		if (is_of_the_dead(file))
			unlink(file);
		free(file);
	}
	strs_release(&names);
}

/* The newest journal that a run of the notebook left behind, NULL: none, or it
 * is not known, then *why is set to an errno. With `tidy` all older ones go,
 * and what is too old of whatever notebook. */
static char *
find_left(const char *path, const char *suffix, bool tidy, int *why)
{
	char *dir = journal_dir(), *found = NULL, name[NAME_LEN + 1];
	int64_t newest = -1,
		old = clock_real_ns() - JOURNAL_DAYS * 24 * 3600 * NS_PER_S;
	struct strs names = { 0 };

	stem(path, name);
	if (dir && tidy)
		remove_unborn(dir);
	if (dir && fs_list(dir, suffix, &names) < 0 && errno != ENOENT)
		*why = errno;
	for (size_t i = 0; i < names.count; i++) {
		bool own = !strncmp(names.at[i], name, NAME_LEN);
		char *file = path_join(dir, names.at[i]);
		int64_t at = changed_at(file, why);

		if (at >= 0 && (own || (tidy && at < old)) &&
		    is_left_behind(file, why)) {
			bool better = own && at > newest && at >= old;
			char *loser = better ? found : file;

			if (tidy && loser)
				unlink(loser);
			free(loser);
			found = better ? file : found;
			newest = better ? at : newest;
		} else {
			free(file);
		}
	}
	strs_release(&names);
	free(dir);
	return found;
}

/* --- writing ---------------------------------------------------------------
 */

static void
give_up(struct journal *j, const char *why)
{
	if (why && !j->why)
		j->why = mem_strdup(why);
	if (j->map)
		munmap(j->map, j->size);
	/* While it is locked nobody takes it for one that was left behind. */
	if (j->path)
		unlink(j->path);
	if (j->fd >= 0)
		close(j->fd);
	free(j->path);
	j->path = NULL;
	j->map = NULL;
	j->fd = -1;
}

/* The blocks are asked for first: a disk that is full must be an error here,
 * not SIGBUS at the first write. */
static bool
make_room(struct journal *j, size_t need)
{
	size_t size = j->size;
	void *map;

	if (j->len + need <= j->size)
		return true;
	while (size < j->len + need)
		size += size > GROW ? size : GROW;
	errno = fs_allocate(j->fd, (int64_t)size);
	if (errno)
		return false;
	map = j->map ? mremap(j->map, j->size, size, MREMAP_MAYMOVE)
		     : mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED,
			    j->fd, 0);
	if (map == MAP_FAILED)
		return false;
	j->map = map;
	j->size = size;
	return true;
}

static void
append(struct journal *j, const void *bytes, size_t len)
{
	memcpy(j->map + j->len, bytes, len);
	j->len += len;
}

static bool
add_frame(struct journal *j, struct slice bytes)
{
	struct frame f = { 0, checksum(bytes.at, bytes.len) };
	size_t at = j->len;

	/* One frame more than this, whose length 0 is the end. */
	if (bytes.len > UINT32_MAX || !make_room(j, bytes.len + 2 * sizeof f))
		return false;
	append(j, &f, sizeof f);
	append(j, bytes.at, bytes.len);
	f.len = (uint32_t)bytes.len;
	atomic_signal_fence(memory_order_release);
	memcpy(j->map + at, &f.len, sizeof f.len);
	j->dirty = true;
	/* Written is written: it need not be in our memory any more. */
	if (j->len - j->rested >= REST_BYTES) {
		madvise(j->map, j->len & ~(REST_BYTES - 1), MADV_DONTNEED);
		j->rested = j->len;
	}
	return true;
}

/* Past the limit the head is kept: which bytes are the last is known to who
 * sees the end. */
static bool
is_too_much(struct journal *j, const struct event *ev)
{
	if (ev->kind == EV_CELL_BEGIN)
		j->room = j->limit;
	if (!j->limit || (ev->kind != EV_TEXT && ev->kind != EV_DISPLAY))
		return false;
	j->room -= (int64_t)(ev->kind == EV_TEXT ? ev->text.bytes.len
						 : ev->display.bytes.len);
	return j->room < 0;
}

static void
send_to_disk(struct journal *j)
{
	size_t from = j->synced;

	j->synced = j->len;
	if (j->len > SYNCED_MOST) {
		sync_file_range(j->fd, (off_t)from, (off_t)(j->len - from),
				SYNC_FILE_RANGE_WRITE);
		return;
	}
	while (fdatasync(j->fd) < 0 && errno == EINTR)
		;
}

static void
on_event(struct sink *sink, const struct event *ev)
{
	struct journal *j = (struct journal *)sink;

	j->begun |= ev->kind == EV_CELL_BEGIN;
	if (!j->path)
		return;
	if (ev->kind != EV_TICK && !is_too_much(j, ev)) {
		buf_clear(&j->packed);
		event_pack(&j->packed, ev);
		errno = EFBIG; /* an event longer than any frame */
		if (!add_frame(j, buf_slice(&j->packed)))
			give_up(j, strerror(errno));
	}
	if (j->dirty && ev->at_ns - j->synced_ns >= SYNC_PAUSE_NS) {
		send_to_disk(j);
		j->synced_ns = ev->at_ns;
		j->dirty = false;
	}
}

static bool
put(struct journal *j, const void *bytes, size_t len)
{
	j->len += len;
	return fs_write_fd(j->fd, bytes, len) == 0;
}

/* Written, for to touch the pages of a large notebook one by one would take
 * longer than to read it. */
static bool
add_head(struct journal *j, const struct record *r)
{
	struct head h = { MAGIC, EVENT_PACK_VERSION, (uint32_t)r->ncells,
			  r->nb->text.len, r->output_limit };
	char *skips = mem_alloc(r->ncells, 1);
	bool done;

	for (size_t i = 0; i < r->ncells; i++)
		skips[i] = r->cells[i].end.status == STATUS_SKIPPED;
	done = put(j, &h, sizeof h) &&
	       put(j, r->nb->text.at, r->nb->text.len) &&
	       put(j, skips, r->ncells) && make_room(j, sizeof(struct frame));
	free(skips);
	return done;
}

void
journal_begin(struct journal *j, const struct record *r)
{
	char *dir = journal_dir(), name[NAME_LEN + 1];
	struct buf path = { 0 };
	char *aside;
	struct err e;

	*j = (struct journal){ .sink = { on_event },
			       .name = r->nb->path,
			       .fd = -1,
			       .limit = r->output_limit };
	if (!strcmp(r->nb->path, "-")) {
		; /* it would not be found again */
	} else if (!dir) {
		give_up(j, "there is no home for one");
	} else if (fs_mkdirs(dir, 0700, &e) < 0) {
		give_up(j, e.text);
	} else {
		stem(r->nb->path, name);
		buf_addf(&path, "%s/%s.%d" UNBORN, dir, name, (int)getpid());
		aside = buf_take(&path);
		buf_addf(&path, "%s/%s.%d" SUFFIX, dir, name, (int)getpid());
		j->path = buf_take(&path);
		unlink(aside);
		j->fd = fs_create(aside, O_RDWR | O_EXCL, 0600);
		/* Under its name it is locked from the first moment. */
		if (j->fd < 0 || fs_lock(j->fd, LOCK_EX | LOCK_NB) < 0 ||
		    rename(aside, j->path) < 0) {
			int why = errno;

			unlink(aside);
			give_up(j, strerror(why));
		} else if (!add_head(j, r)) {
			give_up(j, strerror(errno));
		}
		free(aside);
	}
	free(dir);
}

/* From here on it is known that there is one: the next run does not tell it. */
static void
offer(const char *file)
{
	struct buf to = { 0 };

	buf_add(&to, file, strlen(file) - strlen(SUFFIX));
	buf_add_str(&to, OFFERED);
	rename(file, to.data);
	buf_release(&to);
}

static void
say_how(const char *begin, const char *path, const char *end)
{
	struct buf quoted = { 0 };

	text_quote_path(&quoted, path);
	command_say("cnb: %s '%s' %s: cnb export --recover %s", begin, path,
		    end, quoted.data);
	buf_release(&quoted);
}

void
journal_end(struct journal *j, bool saved)
{
	buf_release(&j->packed);
	if (!saved && j->begun && j->why)
		command_say("cnb: warning: what was captured of '%s' is kept "
			    "nowhere: no journal could be written: %s",
			    j->name, j->why);
	free(j->why);
	j->why = NULL;
	if (!j->path || saved || !j->begun) {
		give_up(j, NULL);
		return;
	}
	munmap(j->map, j->size);
	j->map = NULL;
	if (fs_truncate(j->fd, (int64_t)(j->len + sizeof(struct frame))) < 0)
		errno = 0; /* longer than it need be */
	close(j->fd);
	offer(j->path);
	say_how("warning: what was captured of", j->name,
		"is kept; it is shown by");
	free(j->path);
	j->path = NULL;
}

/* --- reading ---------------------------------------------------------------
 */

void
journal_announce(const char *path)
{
	int why; /* it is told the next time */
	char *old = find_left(path, OFFERED, true, &why);
	char *cut = find_left(path, SUFFIX, true, &why);

	if (cut) {
		if (old)
			unlink(old);
		offer(cut);
		say_how("an earlier run of", path,
			"was cut off; what it had captured is shown by");
	}
	free(old);
	free(cut);
}

static char *
find_any(const char *path, int *why)
{
	char *cut = find_left(path, SUFFIX, false, why);

	return cut ? cut : find_left(path, OFFERED, false, why);
}

/* What was begun and not ended, ended now. */
static void
end_all(struct record *r)
{
	for (size_t i = 0; i < r->ncells; i++) {
		struct event ev = { .kind = EV_ERROR, .cell = (int)i + 1 };

		if (!r->cells[i].reached || r->cells[i].ended)
			continue;
		ev.error.ename = "Interrupted";
		ev.error.evalue = "cnb itself was ended while the cell ran";
		r->sink.on_event(&r->sink, &ev);
		ev = (struct event){ .kind = EV_CELL_END, .cell = (int)i + 1 };
		ev.end = (struct cell_end){ .status = STATUS_INTERRUPTED,
					    .exit_status = -1,
					    .duration_ns = -1,
					    .cpu_ns = -1,
					    .max_rss_kb = -1 };
		r->sink.on_event(&r->sink, &ev);
	}
}

static void
read_frames(struct record *r, const char *at, const char *end)
{
	struct frame f;
	struct arena a;

	arena_init(&a);
	while ((size_t)(end - at) >= sizeof f) {
		struct slice bytes;
		struct event ev;

		memcpy(&f, at, sizeof f);
		at += sizeof f;
		if (!f.len || f.len > (size_t)(end - at))
			break;
		bytes = (struct slice){ at, f.len };
		at += f.len;
		if (checksum(bytes.at, bytes.len) != f.sum ||
		    event_unpack(&ev, bytes, r->nb, &a) < 0 || ev.cell < 0 ||
		    (size_t)ev.cell > r->ncells)
			break;
		r->sink.on_event(&r->sink, &ev);
	}
	end_all(r);
	arena_release(&a);
}

static int
read_journal(struct slice bytes, const char *path, struct notebook *nb,
	     struct record *r, struct err *e)
{
	const char *at = bytes.at + sizeof(struct head), *skips;
	struct head h;

	if (bytes.len < sizeof h)
		return err_input(e, "it is not whole");
	memcpy(&h, bytes.at, sizeof h);
	if (memcmp(h.magic, MAGIC, sizeof h.magic) != 0 ||
	    h.version != EVENT_PACK_VERSION)
		return err_input(e, "another version of cnb wrote it");
	if (h.output_limit < 0 || h.text_len > bytes.len - sizeof h ||
	    h.ncells > bytes.len - sizeof h - h.text_len)
		return err_input(e, "it is not whole");
	if (nbformat_read(nb, path, at, h.text_len, e) < 0)
		return -1;
	skips = at + h.text_len;
	if (nb->ncode != h.ncells)
		return err_input(e, "it does not fit its notebook");
	record_init(r, nb);
	r->output_limit = h.output_limit;
	for (size_t i = 0; i < r->ncells; i++)
		if (skips[i])
			record_skip(r, (int)i + 1);
	read_frames(r, skips + h.ncells, bytes.at + bytes.len);
	return 0;
}

int
journal_read(const char *path, struct notebook *nb, struct record *r,
	     struct err *e)
{
	int rc, why = 0;
	char *file = find_any(path, &why);
	struct buf bytes = { 0 };

	if (!file && why)
		return err_system(e, "cannot look for the journal of '%s': %s",
				  path, strerror(why));
	if (!file)
		return err_input(e, "no run of '%s' was cut off", path);
	rc = fs_read(file, &bytes, e);
	if (rc == 0 &&
	    (rc = read_journal(buf_slice(&bytes), path, nb, r, e)) < 0)
		err_prefix(e, "cannot read the journal of '%s': ", path);
	buf_release(&bytes);
	free(file);
	return rc;
}

void
journal_forget(const char *path)
{
	char *file;
	int why;

	while ((file = find_any(path, &why))) {
		bool gone = unlink(file) == 0;

		free(file);
		if (!gone)
			break;
	}
}
