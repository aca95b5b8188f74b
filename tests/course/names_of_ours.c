/* Functions called like those that a helper of cnb might use. */
#include <stdio.h>

int registers = 1, crash = 2, stack = 3, report = 4;
void fill(void) { crash++; }
void finish(void) { stack++; }
void die(void) { report++; }
void begin(void) { registers++; }
int read(void) { return 5; }
int open(void) { return 6; }
int send_all(int x) { return x; }
int block(int x) { return x; }
int peek(int x) { return x; }

int main(void)
{
	fill();
	finish();
	die();
	begin();
	printf("%d %d %d %d %d %d %d\n", registers, crash, stack, report, read(),
	       open(), send_all(1) + block(2) + peek(3));
}
