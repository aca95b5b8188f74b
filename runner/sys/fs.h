/* fs.h: files and paths. Every descriptor is CLOEXEC; EINTR and short counts
 * are handled here. */
#ifndef CNB_FS_H
#define CNB_FS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include "base/buf.h"
#include "base/err.h"

/* Append a whole file ("-": standard input). Refuses a directory and more than
 * FS_MAX_FILE bytes, or than half of the machine's memory. "cannot read 'x': No
 * such file or directory". */
#define FS_MAX_FILE INT64_C(0xffffffff) /* a place in it takes 32 bits */
int fs_read(const char *path, struct buf *out, struct err *e);
int fs_read_fd(int fd, struct buf *out);
/* -> -1: "cannot read 'x': No such file or directory", a mistake of the user's
 * where another name, or another mode, is what it takes. */
int fs_err(struct err *e, int why, const char *verb, const char *path);
/* False: it ends before, or cannot be read, with errno. */
bool fs_read_whole(int fd, void *bytes, size_t len);
/* All of it, or -1 with errno. */
int fs_write_fd(int fd, const void *bytes, size_t len);
/* The same to standard output and what else somebody may read as late as he
 * likes, or never: EINTR, where he takes nothing for a while and a signal has
 * asked us to end. */
int fs_write_reader(int fd, const void *bytes, size_t len);
/* What is there and is no file, to write to it. A fifo is waited for until
 * somebody reads it, or until a signal asks us to end. */
int fs_open_special(const char *path);
/* A pipe, a device, a folder: root's `mv` would put a file in the place of
 * /dev/null. */
bool fs_is_special(const char *path);

/* Append a file, if it is one, and no longer than `most`: what a notebook names
 * may be a pipe, a device, or have no end. -1 with errno: EINVAL, EFBIG. */
int fs_read_file(const char *path, int64_t most, struct buf *out);

/* open(2), CLOEXEC: of what exists, and of what may have to be made. */
int fs_open(const char *path, int flags);
int fs_create(const char *path, int flags, mode_t mode);
/* Of what is to be read by somebody else. A fifo is waited for until somebody
 * writes to it, as open(2) does, until clock_mono_ns() `until_ns` at most:
 * ETIMEDOUT; EINTR: proc_await() says so. Nor does a folder do. */
int fs_open_input(const char *path, int64_t until_ns);
/* fsync(2), flock(2) and ftruncate(2). */
int fs_sync(int fd);
int fs_lock(int fd, int how);
int fs_truncate(int fd, int64_t len);
/* posix_fallocate(3): 0, or an errno. */
int fs_allocate(int fd, int64_t len);
/* The folder that a path is in: or a rename itself may be lost with the power.
 * A file system that cannot sync folders is no reason to fail. */
void fs_sync_dir(const char *path);
/* -1: what was written before is lost, with errno. */
int fs_close(int fd);
/* Does the path, not followed where it is a link, lead to that open file? */
bool fs_is_at(int fd, const char *path);

/* Write without ceremony (a cache entry, a `file:` text); replaces a file, and
 * nothing else. What must not be lost goes through sys/replace.h. */
int fs_write(const char *path, struct slice bytes, struct err *e);

/* When a file was last written to, by the clock that stamps files. */
int64_t fs_mtime_ns(const struct stat *st);
bool fs_exists(const char *path);
bool fs_is_file(const char *path); /* no folder, pipe or device */
bool fs_is_dir(const char *path);
int fs_mkdirs(const char *path, mode_t mode, struct err *e);
/* Remove a tree; symbolic links are not followed. */
int fs_remove_tree(const char *path);
/* The sorted names in a folder that end with `suffix`; -1 with errno. */
struct strs;
int fs_list(const char *dir, const char *suffix, struct strs *names);

/* Append the paths of all files below a folder whose names end with `suffix`,
 * in order; what begins with a dot is passed over. -1 with errno: the folder
 * cannot be read. */
int fs_find(const char *dir, const char *suffix, struct strs *paths);

/* Paths; each result is to be free()d. */
char *path_join(const char *dir, const char *name); /* name absolute: name */
char *path_dir(const char *path);		    /* "." for a bare name */
const char *path_base(const char *path);	    /* within `path` */
char *path_absolute(const char *path); /* lexical, with the cwd in front, as
					* long as that has a name */
bool path_stays(const char *path);     /* relative, and nowhere `..` */
char *path_real(const char *path);     /* NULL if it does not exist */
/* What a symbolic link leads to in the end, whether that exists or not; NULL:
 * it is no link, or leads in circles. */
char *path_end_of_links(const char *path);
/* Where an executable stands: `name` itself if it has a slash, else the first
 * in PATH; NULL if there is none. */
char *path_find_program(const char *name);

#endif
