/* Values of C as text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <complex.h>
#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "host/show.h"

#define countof(array) (sizeof(array) / sizeof((array)[0]))

static char text[SHOW_TEXT];

static const char *
shown(enum cell_value_kind kind, const void *at, size_t size)
{
	struct cell_value v = { .kind = kind, .at = at, .size = size };
	size_t len = show_value(&v, text);

	assert_int_equal(len, strlen(text));
	return text;
}

static const char *
shown_array(enum cell_value_kind kind, const void *at, size_t size,
	    size_t count)
{
	struct cell_value v = { kind, 1, at, size, count };
	size_t len = show_value(&v, text);

	assert_int_equal(len, strlen(text));
	return text;
}

#define SHOWN(kind, type, value)                                               \
	shown(CELL_VALUE_##kind, &(type){ value }, sizeof(type))

static void
test_integers_of_every_width_and_sign(void **state)
{
	(void)state;
	assert_string_equal(SHOWN(SIGNED, int8_t, -128), "-128");
	assert_string_equal(SHOWN(UNSIGNED, uint8_t, 255), "255");
	assert_string_equal(SHOWN(SIGNED, int16_t, -32768), "-32768");
	assert_string_equal(SHOWN(UNSIGNED, uint16_t, 65535), "65535");
	assert_string_equal(SHOWN(SIGNED, int, INT_MIN), "-2147483648");
	assert_string_equal(SHOWN(UNSIGNED, unsigned, UINT_MAX), "4294967295");
	assert_string_equal(SHOWN(SIGNED, long, LONG_MIN),
			    "-9223372036854775808");
	assert_string_equal(SHOWN(UNSIGNED, unsigned long, ULONG_MAX),
			    "18446744073709551615");
#ifdef __SIZEOF_INT128__
	__extension__ typedef __int128 wide;
	__extension__ typedef unsigned __int128 uwide;

	assert_string_equal(SHOWN(SIGNED, wide, (wide)((uwide)1 << 127)),
			    "-170141183460469231731687303715884105728");
	assert_string_equal(SHOWN(UNSIGNED, uwide, ~(uwide)0),
			    "340282366920938463463374607431768211455");
#endif
}

static void
test_characters_have_escapes(void **state)
{
	static const struct {
		char c;
		const char *want;
	} rows[] = { { 'a', "'a'" },	    { '\n', "'\\n'" },
		     { '\0', "'\\0'" },	    { '\'', "'\\''" },
		     { '"', "'\"'" },	    { '\\', "'\\\\'" },
		     { '\x1b', "'\\033'" }, { '\a', "'\\a'" },
		     { '\xff', "'\\377'" } };

	(void)state;
	for (size_t i = 0; i < countof(rows); i++)
		assert_string_equal(shown(CELL_VALUE_CHAR, &rows[i].c, 1),
				    rows[i].want);
}

static void
test_strings_have_escapes_and_keep_utf8(void **state)
{
	const char *s = "a\"b\n\t\x01"
			"7\xc3\xa9\xff'";

	(void)state;
	assert_string_equal(shown(CELL_VALUE_STRING, &s, sizeof s),
			    "\"a\\\"b\\n\\t\\0017\xc3\xa9\\377'\"");
	s = "";
	assert_string_equal(shown(CELL_VALUE_STRING, &s, sizeof s), "\"\"");
}

static void
test_bad_pointers_are_shown_as_such(void **state)
{
	const char *s = (const char *)(uintptr_t)0x10;

	(void)state;
	assert_string_equal(shown(CELL_VALUE_STRING, &s, sizeof s),
			    "0x10 (not readable)");
	s = NULL;
	assert_string_equal(shown(CELL_VALUE_STRING, &s, sizeof s), "NULL");
	assert_string_equal(shown(CELL_VALUE_POINTER, &s, sizeof s), "NULL");
}

static void
test_long_strings_are_cut(void **state)
{
	char *s = malloc(SHOW_STRING + 100);
	const char *p = s;

	(void)state;
	assert_non_null(s);
	memset(s, 'x', SHOW_STRING + 99);
	s[SHOW_STRING + 99] = '\0';
	shown(CELL_VALUE_STRING, &p, sizeof p);
	assert_int_equal(strlen(text), SHOW_STRING + 5);
	assert_string_equal(text + SHOW_STRING + 1, "\"...");
	free(s);
}

static void
test_floating_point_reads_back(void **state)
{
	static const double doubles[] = {
		0.1,	1.0 / 3,     DBL_MAX, DBL_MIN,
		5e-324, -123456.789, 1e22,    2.5e-7
	};
	static const float floats[] = { 0.1f, 1.0f / 3, FLT_MAX, FLT_MIN,
					16777216.0f };

	(void)state;
	for (size_t i = 0; i < countof(doubles); i++) {
		shown(CELL_VALUE_FLOAT, &doubles[i], sizeof doubles[i]);
		assert_true(strtod(text, NULL) == doubles[i]);
	}
	for (size_t i = 0; i < countof(floats); i++) {
		shown(CELL_VALUE_FLOAT, &floats[i], sizeof floats[i]);
		assert_true(strtof(text, NULL) == floats[i]);
	}
	assert_string_equal(SHOWN(FLOAT, double, 0.1), "0.1");
	assert_string_equal(SHOWN(FLOAT, float, 0.1f), "0.1");
	assert_string_equal(SHOWN(FLOAT, double, 2), "2.0");
	assert_string_equal(SHOWN(FLOAT, double, -0.0), "-0.0");
	assert_string_equal(SHOWN(FLOAT, double, (double)INFINITY), "inf");
	assert_string_equal(SHOWN(FLOAT, long double, 0.1L), "0.1");
}

static void
test_complex_is_an_expression(void **state)
{
	double complex z = CMPLX(1.5, -2.0);

	(void)state;
	assert_string_equal(shown(CELL_VALUE_COMPLEX, &z, sizeof z),
			    "1.5 - 2.0*I");
}

static void
test_arrays_stand_in_braces(void **state)
{
	static const int v[] = { 1, -2, 3 };
	static const char c[8] = "abc", full[2] = { 'x', 'y' };
	static const bool b[] = { true, false };
	static int many[SHOW_ELEMENTS + 1];

	(void)state;
	assert_string_equal(shown_array(CELL_VALUE_SIGNED, v, sizeof *v, 3),
			    "{1, -2, 3}");
	assert_string_equal(shown_array(CELL_VALUE_CHAR, c, 1, sizeof c),
			    "\"abc\"");
	assert_string_equal(shown_array(CELL_VALUE_CHAR, full, 1, 2), "\"xy\"");
	assert_string_equal(shown_array(CELL_VALUE_BOOL, b, sizeof *b, 2),
			    "{true, false}");
	shown_array(CELL_VALUE_SIGNED, many, sizeof *many, SHOW_ELEMENTS + 1);
	assert_string_equal(text + strlen(text) - 7, "0, ...}");
}

static void
test_dimensions_stand_in_braces_of_their_own(void **state)
{
	int m[2][3] = { { 1, 2, 3 }, { 4, 5, 6 } };
	char w[2][2][4] = { { "a", "b" }, { "c", "full" } };
	const size_t m_counts[] = { 2, 3 }, w_counts[] = { 2, 2, 4 };
	struct cell_value v = {
		CELL_VALUE_SIGNED, 2, m, sizeof **m, 6, m_counts
	};

	(void)state;
	show_value(&v, text);
	assert_string_equal(text, "{{1, 2, 3}, {4, 5, 6}}");
	v = (struct cell_value){ CELL_VALUE_CHAR, 3, w, 1, 16, w_counts };
	show_value(&v, text);
	assert_string_equal(text, "{{\"a\", \"b\"}, {\"c\", \"full\"}}");
}

static void
test_a_struct_gets_its_bytes(void **state)
{
	static const unsigned char s[] = { 1, 2, 0xff };
	static const char large[100];

	(void)state;
	assert_string_equal(shown(CELL_VALUE_STRUCT, s, sizeof s),
			    "struct of 3 bytes: 01 02 ff");
	shown(CELL_VALUE_STRUCT, large, sizeof large);
	assert_string_equal(text + strlen(text) - 6, "00 ...");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_integers_of_every_width_and_sign),
		cmocka_unit_test(test_characters_have_escapes),
		cmocka_unit_test(test_strings_have_escapes_and_keep_utf8),
		cmocka_unit_test(test_bad_pointers_are_shown_as_such),
		cmocka_unit_test(test_long_strings_are_cut),
		cmocka_unit_test(test_floating_point_reads_back),
		cmocka_unit_test(test_complex_is_an_expression),
		cmocka_unit_test(test_arrays_stand_in_braces),
		cmocka_unit_test(test_dimensions_stand_in_braces_of_their_own),
		cmocka_unit_test(test_a_struct_gets_its_bytes),
	};

	return cmocka_run_group_tests_name("show", tests, NULL, NULL);
}
