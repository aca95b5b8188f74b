/* What stands at file scope, in the forms that are easily taken for others. */
typedef unsigned long size_type;
typedef int (*compare)(const void *, const void *);
typedef struct list {
	struct list *next;
	int value;
} list;

enum color { RED, GREEN = 1 << 4, BLUE };
union word {
	unsigned char bytes[4];
	unsigned whole;
};
struct forward;

extern int printf(const char *format, ...);
int first, *second = &first, third[3] = { 1, 2, [2] = 3 };
static const char *const names[] = { "red", "a } in a string", "';'" };
size_type length = sizeof(struct list), *at;
list *head, tail = { 0, '}' };
compare by_value;
int (*table[2])(int), (*pick(int which))(int);
typedef long long wide;
_Static_assert(sizeof(int) >= 2, "small; {");
_Thread_local int mine;
_Alignas(16) char aligned[32];
struct point {
	int x, y;
} origin, corners[] = { { 1, 2 }, { .y = 3 } };
static __attribute__((unused)) int hidden = 3;
int shared __attribute__((aligned(8))) = 4;
__typeof__(first) same;
volatile _Atomic int flag;
enum { ONE = 1, TWO };

static inline int
twice(int n)
{
	return n * 2;
}

int
old(a, b)
int a;
char *b;
{
	return a + b[0];
}

list *
link_of(list *l)
{
	return l->next;
}

int (*pick(int which))(int)
{
	return table[which];
}

#if 1
static int conditional(void) { return 1; }
#else
static int conditional(void) { return "no"; }
#endif

void
last(void) { }
