/* Bodies of functions. */
typedef int number;
typedef struct node {
	struct node *next;
	number value;
} node;

#define FOREACH(p, head) for (node *p = (head); p; p = p->next)
#define SWAP(a, b) \
	do { \
		number t_ = (a); \
		(a) = (b); \
		(b) = t_; \
	} while (0)

int printf(const char *format, ...);
void *malloc(unsigned long size);
void free(void *p);
void (*callback)(int, char *);
number values[10];

number
loops(node *head, number n)
{
	number sum = 0, *p = &sum, list[] = { 1, 2, 3 };
	FOREACH(i, head) sum += i->value;
	FOREACH(k, head) {
		sum++;
	}
	for (int i = 0; i < n; i++)
		for (int k = i; k--;)
			if (k % 2)
				continue;
			else
				sum -= k;
	while (n-- > 0)
		if (n == 3)
			break;
	do
		sum--;
	while (sum > 100);
	do {
		sum--;
	} while (sum > 50);
	SWAP(list[0], list[1]);
	*p = list[0];
	(*p)++;
	++*p;
	return *p;
}

number
jumps(number n)
{
	static void *labels[] = { &&one, &&two };
again:
	if (n > 10) {
		n /= 2;
		goto again;
	}
	goto *labels[n & 1];
one:
	n = 3;
two:
	switch (n) {
	case 1:
	case 2 ... 5: {
		n = 7;
		break;
	}
	default:
		n = 8;
	}
	switch (n)
	case 7:
		n = 9;
	;
	{
		number inner = n;
		n = inner;
	}
	if (n) ; else n = 1;
	if (n == 1)
		n = 2;
	else if (n == 2)
		n = 3;
	else {
		n = 4;
	}
	return n;
}

node *
declared(number n, node *from)
{
	struct node *a = from, b = { a, n };
	node *c = &b, **d = &c;
	const node *const e = *d;
	unsigned u = 3;
	long long unsigned int lu;
	static int calls;
	extern int elsewhere;
	register int fast = 1;
	number row[n + 1], (*rows)[n + 1] = &row;
	int (*local)(const char *, ...) = printf;
	typedef node *link;
	link l = a;
	enum { HERE = 3 } here = HERE;
	struct { int x; } nameless = { .x = 3 };
	__typeof__(n) t = n;
	_Static_assert(sizeof(int) > 1, "");
	a->value = n;
	(*rows)[0] = a->value;
	callback(1, "}");
	(void)e, (void)u, (void)lu, (void)l, (void)here;
	(*local)("%d;{", calls++);
	((void (*)(int, char *))callback)(2, "");
	values[n] = fast;
	values[0] = ({ number v = n; v * v; });
	c = &(node){ 0, 1 };
	nameless.x += t;
	sizeof(int) + 1;
	-n, !n, ~n;
	"a string" [0];
	asm volatile("" ::: "memory");
#if 0
	number never = ;
#endif
	if (!c)
		return (node *)0;
	free(malloc(sizeof *c));
	return c;
}
