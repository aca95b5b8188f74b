//| args: one "two words" 'single "quoted"' --opt=x -v
/* Arguments and options. */
#include <getopt.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	static const struct option longs[] = { { "opt", 1, NULL, 'o' }, { 0 } };
	int c;

	printf("argc %d\n", argc);
	for (int i = 1; i < argc; i++)
		printf("[%s]\n", argv[i]);
	while ((c = getopt_long(argc, argv, "v", longs, NULL)) != -1)
		printf("option %c %s\n", c, optarg ? optarg : "-");
	printf("rest from %d\n", optind);
	return argc;
}
