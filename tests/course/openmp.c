//| cflags: -fopenmp -O2
//| env: OMP_NUM_THREADS=3
/* A parallel sum. */
#include <omp.h>
#include <stdio.h>

int main(void)
{
	long sum = 0;
	int threads = 0;

#pragma omp parallel reduction(+ : sum)
	{
#pragma omp master
		threads = omp_get_num_threads();
#pragma omp for
		for (int i = 1; i <= 1000; i++)
			sum += i;
	}
	printf("%d threads, %ld\n", threads, sum);
}
