//| stdin: "3 4\nwords on a line\nlast without newline"
/* Numbers, lines, end of file. */
#include <stdio.h>

int main(void)
{
	char line[100];
	int a, b;

	printf("%d numbers: ", scanf("%d %d", &a, &b));
	printf("%d\n", a + b);
	while (fgets(line, sizeof line, stdin))
		printf("[%s]\n", line);
	printf("eof %d\n", feof(stdin));
}
