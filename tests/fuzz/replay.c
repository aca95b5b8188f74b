/* What fuzzing found worth keeping, once more and without a fuzzer:
 * replay CORPUS, a line in base64 for each input. Linked with one target. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/text.h"
#include "sys/fs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A copy of its own length, so that a sanitizer sees every byte too far. */
static void
feed(const struct buf *input)
{
	uint8_t *copy = malloc(input->len ? input->len : 1);

	if (!copy)
		abort();
	if (input->len)
		memcpy(copy, input->data, input->len);
	LLVMFuzzerTestOneInput(copy, input->len);
	free(copy);
}

int
main(int argc, char **argv)
{
	struct buf corpus = { 0 }, input = { 0 };
	const char *line, *end;
	size_t n = 0;
	struct err e;

	if (argc != 2 || fs_read(argv[1], &corpus, &e) < 0) {
		fprintf(stderr, "replay: %s\n", argc == 2 ? e.text : "which?");
		return 2;
	}
	for (line = buf_str(&corpus); (end = strchr(line, '\n'));
	     line = end + 1, n++) {
		buf_clear(&input);
		if (!text_unbase64(&input,
				   (struct slice){ line,
						   (size_t)(end - line) })) {
			fprintf(stderr, "replay: line %zu is no base64\n",
				n + 1);
			return 2;
		}
		feed(&input);
	}
	printf("%zu inputs\n", n);
	buf_release(&corpus);
	buf_release(&input);
	return n ? 0 : 2;
}
