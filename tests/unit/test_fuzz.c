/* The inputs that fuzzing found to reach far, without a fuzzer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../fuzz/fuzz_split.c"
#include "sys/fs.h"

static int
value_of(char c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

static void
decode(struct buf *out, const char *line, size_t len)
{
	unsigned bits = 0;
	int n = 0;

	for (size_t i = 0; i < len && value_of(line[i]) >= 0; i++) {
		bits = bits << 6 | (unsigned)value_of(line[i]);
		n += 6;
		if (n >= 8) {
			n -= 8;
			buf_add_byte(out, (char)(bits >> n));
		}
	}
}

/* A copy of its own length, so that a sanitizer sees every byte too far. */
static void
feed(const struct buf *input)
{
	uint8_t *copy = malloc(input->len ? input->len : 1);

	assert_non_null(copy);
	if (input->len)
		memcpy(copy, input->data, input->len);
	assert_int_equal(LLVMFuzzerTestOneInput(copy, input->len), 0);
	free(copy);
}

static void
test_every_input_is_cut_and_put_together_again(void **state)
{
	struct buf path = { 0 }, corpus = { 0 }, input = { 0 };
	const char *line, *end;
	size_t n = 0;
	struct err e;

	(void)state;
	assert_non_null(getenv("SRC"));
	buf_addf(&path, "%s/tests/fuzz/corpus", getenv("SRC"));
	assert_int_equal(fs_read(buf_str(&path), &corpus, &e), 0);
	for (line = buf_str(&corpus); (end = strchr(line, '\n'));
	     line = end + 1, n++) {
		buf_clear(&input);
		decode(&input, line, (size_t)(end - line));
		feed(&input);
	}
	assert_true(n > 100);
	buf_release(&path);
	buf_release(&corpus);
	buf_release(&input);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_every_input_is_cut_and_put_together_again),
	};

	return cmocka_run_group_tests_name("fuzz", tests, NULL, NULL);
}
