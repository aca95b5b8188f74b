                      
                                            
                                                        
//
//
//
//
//
                      
                                            
                                                        
//
//
//
//
//
                      
                                            
                                                        
//
//
//
//
//
                      
                                            
                                                        
                                                              
//
//
//
//
/* scanf, then fgets, then getline, on one stream; ungetc; then the descriptor
 * itself by a child after fseek back. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(void)
{
	int n, x;
	char word[10], line[40], *more = NULL;
	size_t cap = 0;
	ssize_t len;

	printf("%d\n", scanf("%d %i %9s", &n, &x, word));
	printf("%d %d %s\n", n, x, word);
	printf("'%c'\n", ungetc(getchar(), stdin) == '\n' ? 'n' : '?');
	fgets(line, sizeof line, stdin);
	fgets(line, sizeof line, stdin);
	printf("%s", line);
	while ((len = getline(&more, &cap, stdin)) > 0)
		printf("%zd %s%s", len, more, more[len - 1] == '\n' ? "" : "|\n");
	printf("end: %d, error: %d, terminal: %d\n", !!feof(stdin),
	       !!ferror(stdin), isatty(0));
	free(more);
	return n == 12 ? 3 : 0;
}
