/* memo.c: answers of the cache, in memory. Floor 2. */
#include "build/memo.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/mem.h"
#include "sys/fs.h"

#define BUCKETS 4096
#define ANSWERS_MOST 50000 /* then all is forgotten */

struct answer {
	struct answer *next;
	char key[HASH_HEX];
	char *a, *b;
};

struct file {
	struct file *next;
	char *path;
	bool there;
	struct stat st;
};

struct memo {
	pthread_mutex_t lock;
	struct answer *answers[BUCKETS];
	struct file *files[BUCKETS];
	size_t nanswers;
	bool unsure;
};

struct memo *
memo_new(void)
{
	struct memo *m = mem_alloc(1, sizeof *m);

	pthread_mutex_init(&m->lock, NULL);
	return m;
}

static void
file_free(struct file *f)
{
	free(f->path);
	free(f);
}

static void
forget(struct memo *m)
{
	for (size_t i = 0; i < BUCKETS; i++) {
		while (m->answers[i]) {
			struct answer *a = m->answers[i];

			m->answers[i] = a->next;
			free(a->a);
			free(a->b);
			free(a);
		}
		while (m->files[i]) {
			struct file *f = m->files[i];

			m->files[i] = f->next;
			file_free(f);
		}
	}
	m->nanswers = 0;
	m->unsure = false;
}

void
memo_free(struct memo *m)
{
	if (!m)
		return;
	forget(m);
	pthread_mutex_destroy(&m->lock);
	free(m);
}

/* FNV-1a, for no more than a place in the table. */
static size_t
bucket_of(const char *at, size_t len)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)at[i]) * UINT64_C(1099511628211);
	return h % BUCKETS;
}

static bool
is_unchanged(const struct file *f)
{
	struct stat st;

	if (stat(f->path, &st) < 0)
		return !f->there;
	return f->there && st.st_dev == f->st.st_dev &&
	       st.st_ino == f->st.st_ino && st.st_size == f->st.st_size &&
	       fs_mtime_ns(&st) == fs_mtime_ns(&f->st);
}

static bool
is_current(const struct memo *m)
{
	bool current = !m->unsure;

	for (size_t i = 0; current && i < BUCKETS; i++)
		for (const struct file *f = m->files[i]; current && f;
		     f = f->next)
			current = is_unchanged(f);
	return current;
}

bool
memo_is_current(struct memo *m)
{
	bool current;

	pthread_mutex_lock(&m->lock);
	current = is_current(m);
	pthread_mutex_unlock(&m->lock);
	return current;
}

bool
memo_holds(struct memo *m)
{
	bool holds;

	pthread_mutex_lock(&m->lock);
	holds = m->nanswers < ANSWERS_MOST && is_current(m);
	if (!holds)
		forget(m);
	pthread_mutex_unlock(&m->lock);
	return holds;
}

void
memo_unsure(struct memo *m)
{
	if (!m)
		return;
	pthread_mutex_lock(&m->lock);
	m->unsure = true;
	pthread_mutex_unlock(&m->lock);
}

static struct answer *
find(struct memo *m, const char key[HASH_HEX])
{
	struct answer *a = m->answers[bucket_of(key, HASH_HEX - 1)];

	while (a && memcmp(a->key, key, HASH_HEX) != 0)
		a = a->next;
	return a;
}

bool
memo_find(struct memo *m, const char key[HASH_HEX], char **a, char **b)
{
	const struct answer *known;

	if (!m)
		return false;
	pthread_mutex_lock(&m->lock);
	known = find(m, key);
	if (known) {
		*a = mem_strdup(known->a);
		if (b)
			*b = mem_strdup(known->b);
	}
	pthread_mutex_unlock(&m->lock);
	return known != NULL;
}

void
memo_add(struct memo *m, const char key[HASH_HEX], const char *a, const char *b)
{
	struct answer *known;

	if (!m)
		return;
	pthread_mutex_lock(&m->lock);
	known = find(m, key);
	if (!known) {
		size_t i = bucket_of(key, HASH_HEX - 1);

		known = mem_alloc(1, sizeof *known);
		memcpy(known->key, key, HASH_HEX);
		known->next = m->answers[i];
		m->answers[i] = known;
		m->nanswers++;
	}
	free(known->a);
	free(known->b);
	known->a = mem_strdup(a);
	known->b = b ? mem_strdup(b) : NULL;
	pthread_mutex_unlock(&m->lock);
}

/* The compiler's own, between it and the linker: one for each product, and gone
 * by now. */
static bool
is_object(const char *path)
{
	size_t n = strlen(path);

	return n > 2 && !strcmp(path + n - 2, ".o");
}

void
memo_rests_on(struct memo *m, struct slice path)
{
	struct file *f;
	size_t i;

	if (!m)
		return;
	i = bucket_of(path.at, path.len);
	pthread_mutex_lock(&m->lock);
	f = m->files[i];
	while (f && !slice_is(path, f->path))
		f = f->next;
	if (!f) {
		f = mem_alloc(1, sizeof *f);
		f->path = mem_strndup(path.at, path.len);
		f->there = stat(f->path, &f->st) == 0;
		if (!f->there && is_object(f->path)) {
			file_free(f);
		} else {
			f->next = m->files[i];
			m->files[i] = f;
		}
	}
	pthread_mutex_unlock(&m->lock);
}

void
memo_each_file(struct memo *m, void (*each)(void *self, const char *path),
	       void *self)
{
	pthread_mutex_lock(&m->lock);
	for (size_t i = 0; i < BUCKETS; i++)
		for (const struct file *f = m->files[i]; f; f = f->next)
			each(self, f->path);
	pthread_mutex_unlock(&m->lock);
}
