//| cflags: -pthread
/* Results, arguments, a join of one's own. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *square(void *arg)
{
	int *n = arg;

	if (*n == 3)
		pthread_exit((void *)-1L);
	*n *= *n;
	return n;
}

int main(void)
{
	pthread_t t[4];
	int n[4];

	for (int i = 0; i < 4; i++) {
		n[i] = i + 1;
		pthread_create(&t[i], NULL, square, &n[i]);
	}
	for (int i = 0; i < 4; i++) {
		void *r;

		pthread_join(t[i], &r);
		if (r == (void *)-1L)
			printf("%d left early\n", i);
		else
			printf("%d gave %d\n", i, *(int *)r);
	}
	printf("%s\n", strerror(pthread_join(pthread_self(), NULL)));
}
