//| cflags: -rdynamic -O2
//| ldflags: -ldl
/* The program's own functions by name. */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

int answer(void) { return 42; }
void read_it(void) { puts("mine, not libc's"); }

int main(void)
{
	void *self = dlopen(NULL, RTLD_NOW), *sym = dlsym(self, "answer");
	int (*f)(void);

	memcpy(&f, &sym, sizeof f);
	printf("%d\n", f());
	read_it();
	printf("%d\n", dlsym(self, "crash_catch") != NULL);
}
