/* What may stand in front of a declaration or a statement, and names that
 * decide what `a * b;` is. */
__extension__ typedef long long wide;
__extension__ struct pair {
	int first, second;
};
__attribute__((unused)) static int used;
__extension__ static __inline wide
twice(wide n)
{
	return n * 2;
}
__attribute__((noinline)) static int
plain(int n)
{
	return n;
}
typedef int number;
number *at, (one), (*many)(number);
int a = 1, b = 2;

int
all(void)
{
	__extension__ wide w = 3;
	__attribute__((unused)) int unused = 1;
	number *p;
	number(q) = 4;
	a *b;
	p = &q;
	plain(a) * b;
	(number) * p;
	sizeof(number) * a;
	__extension__ (a + b);
	return (int)twice(w) + *p;
}
