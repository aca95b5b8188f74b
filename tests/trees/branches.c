/* Branches that hold anything, as no compiler reads them. */
#define YES 1

#ifdef NEVER
don't { read (this "
#endif
int first = 1;

#if YES
int
opened(void)
{
	return 1;
}
#else
it's ) open {
#endif

int
body(int n)
{
#if defined NEVER && NEVER > 2
	} isn't {{ a
#endif
	n++;
#ifndef YES
	/* nor ( "this
	 */ [ {
#else
	first = n;
#endif
	return n;
}
int last = 2;
