/* test_done.c: which cells ran, however many there are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "live/done.h"

static size_t compared;

/* In the place of libc's. */
int
strcmp(const char *a, const char *b)
{
	for (compared++; *a && *a == *b; a++)
		b++;
	return (unsigned char)*a - (unsigned char)*b;
}

static void
note(struct dones *d, int number)
{
	char id[16];

	snprintf(id, sizeof id, "c%d", number);
	dones_note(d, id, "key", NULL);
}

static void
test_a_cell_is_found_again(void **state)
{
	struct dones d = { 0 };

	(void)state;
	assert_null(dones_find(&d, "c1"));
	note(&d, 1);
	note(&d, 2);
	note(&d, 1);
	assert_int_equal(d.count, 2);
	assert_non_null(dones_find(&d, "c1"));
	assert_non_null(dones_find(&d, "c2"));
	assert_null(dones_find(&d, "c3"));
	dones_release(&d);
}

static void
test_many_cells_cost_as_they_are_many(void **state)
{
	struct dones d = { 0 };

	(void)state;
	compared = 0;
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 10000; i++)
			note(&d, i);
	assert_int_equal(d.count, 10000);
	assert_true(compared > 10000 && compared < 200000);
	dones_release(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_cell_is_found_again),
		cmocka_unit_test(test_many_cells_cost_as_they_are_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
