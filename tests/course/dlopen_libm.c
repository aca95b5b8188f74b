//| ldflags: -ldl
/* A library by name, a function by name, errors in words. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
	void *lib = dlopen("libm.so.6", RTLD_NOW), *sym;
	double (*cosine)(double);
	Dl_info info;

	sym = dlsym(lib, "cos");
	memcpy(&cosine, &sym, sizeof cosine);
	printf("%.3f\n", cosine(0));
	printf("%s\n", dlsym(lib, "no_such") ? "found" : "not found");
	printf("%s\n", dlopen("./no-such.so", RTLD_NOW) ? "loaded" : dlerror());
	sym = dlsym(RTLD_DEFAULT, "printf");
	printf("%s\n", dladdr(sym, &info) ? strrchr(info.dli_fname, '/') : "?");
	printf("closed %d\n", dlclose(lib));
}
