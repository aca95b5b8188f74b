//| cflags: -std=c11 -pthread
/* The threads and atomics of C11. */
#include <stdatomic.h>
#include <stdio.h>
#include <threads.h>

static atomic_int count;
static int plain;
static mtx_t lock;
static thread_local int own;
static tss_t key;

static void dropped(void *value) { (void)value; atomic_fetch_add(&count, 100); }

static int adds(void *arg)
{
	tss_set(key, arg);
	for (int i = 0; i < 1000; i++) {
		atomic_fetch_add(&count, 1);
		mtx_lock(&lock);
		plain++;
		mtx_unlock(&lock);
		own++;
	}
	return own;
}

int main(void)
{
	thrd_t t[3];
	int r, x;

	mtx_init(&lock, mtx_plain);
	tss_create(&key, dropped);
	for (int i = 0; i < 3; i++)
		thrd_create(&t[i], adds, &x);
	for (int i = 0; i < 3; i++) {
		thrd_join(t[i], &r);
		printf("%d ", r);
	}
	printf("%d %d %d\n", atomic_load(&count), plain, own);
}
