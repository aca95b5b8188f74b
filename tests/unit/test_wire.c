/* test_wire.c: messages between cnb and cnb-host, also from a hostile peer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "descriptors.h"
#include "host/wire.h"
#include "under_valgrind.h"

struct line {
	int here, there;
	struct wire_in in;
};

static int
setup(void **state)
{
	struct line *l = calloc(1, sizeof *l);
	int pair[2];

	if (!l || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -1;
	l->here = pair[0];
	l->there = pair[1];
	fcntl(l->here, F_SETFL, O_NONBLOCK);
	wire_in_init(&l->in);
	*state = l;
	return 0;
}

static int
teardown(void **state)
{
	struct line *l = *state;

	wire_in_release(&l->in);
	close(l->here);
	if (l->there >= 0)
		close(l->there);
	free(l);
	return 0;
}

/* Receive until a message, an error or EAGAIN; packets in the middle of a
 * message count as nothing. */
static int
receive(struct line *l)
{
	int rc;

	do {
		errno = 0;
		rc = wire_recv(l->here, &l->in);
	} while (rc == 0 && errno != EAGAIN);
	return rc;
}

/* A packet as the peer should not send it. */
static void
send_raw(struct line *l, struct wire_head head, const void *data, size_t len)
{
	char packet[100];

	memcpy(packet, &head, sizeof head);
	memcpy(packet + sizeof head, data, len);
	assert_true(send(l->there, packet, sizeof head + len, 0) > 0);
}

static void
test_message_arrives_as_it_was_sent(void **state)
{
	struct line *l = *state;
	char data[8192];
	struct wire_put p = { .data = data, .cap = sizeof data };
	struct wire_get g;

	wire_put_u32(&p, 7);
	wire_put_str(&p, "f\303\274nf");
	wire_put_str(&p, NULL);
	assert_false(p.full);
	assert_int_equal(receive(l), 0);
	assert_int_equal(wire_send(l->there, WIRE_LOAD, data, p.len, NULL, 0),
			 0);
	assert_int_equal(receive(l), 1);
	assert_int_equal(l->in.type, WIRE_LOAD);
	assert_int_equal(l->in.len, p.len);
	g = wire_get(&l->in);
	assert_int_equal(wire_get_u32(&g), 7);
	assert_string_equal(wire_get_str(&g), "f\303\274nf");
	assert_string_equal(wire_get_str(&g), "");
	assert_false(g.bad);
	assert_ptr_equal(g.at, g.end);
}

static void
test_empty_message_arrives(void **state)
{
	struct line *l = *state;

	assert_int_equal(wire_send(l->there, WIRE_QUIT, NULL, 0, NULL, 0), 0);
	assert_int_equal(receive(l), 1);
	assert_int_equal(l->in.type, WIRE_QUIT);
	assert_int_equal(l->in.len, 0);
	assert_int_equal(l->in.data[0], 0);
}

struct big {
	int fd;
	size_t size;
	char *bytes;
};

static void *
send_big(void *arg)
{
	const struct big *b = arg;
	const struct iovec parts[3] = { { b->bytes, 100 },
					{ b->bytes, 0 },
					{ b->bytes + 100, b->size - 100 } };

	return wire_sendv(b->fd, WIRE_DISPLAY, parts, 3, NULL, 0) ? arg : NULL;
}

static struct big
big_message(int fd, size_t size)
{
	struct big b = { fd, size, malloc(size) };
	size_t i;

	assert_non_null(b.bytes);
	for (i = 0; i < size; i++)
		b.bytes[i] = (char)(i * 7 + i / 1000);
	return b;
}

static void
test_message_of_many_packets_arrives_whole(void **state)
{
	static const size_t sizes[] = { WIRE_PACKET - 1, WIRE_PACKET,
					WIRE_PACKET + 1, 5000000 };
	struct line *l = *state;
	pthread_t thread;
	void *failed;
	size_t i;

	fcntl(l->here, F_SETFL, 0);
	for (i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct big b = big_message(l->there, sizes[i]);

		pthread_create(&thread, NULL, send_big, &b);
		assert_int_equal(receive(l), 1);
		pthread_join(thread, &failed);
		assert_null(failed);
		assert_int_equal(l->in.type, WIRE_DISPLAY);
		assert_int_equal(l->in.len, b.size);
		assert_memory_equal(l->in.data, b.bytes, b.size);
		assert_int_equal(l->in.data[b.size], 0);
		free(b.bytes);
	}
}

static void
test_sender_waits_where_its_socket_does_not_block(void **state)
{
	struct line *l = *state;
	struct big b = big_message(l->there, 2000000);
	pthread_t thread;
	void *failed;

	fcntl(l->here, F_SETFL, 0);
	fcntl(l->there, F_SETFL, O_NONBLOCK);
	pthread_create(&thread, NULL, send_big, &b);
	usleep(10000);
	assert_int_equal(receive(l), 1);
	pthread_join(thread, &failed);
	assert_null(failed);
	assert_memory_equal(l->in.data, b.bytes, b.size);
	free(b.bytes);
}

static void
test_messages_of_several_senders_are_told_apart(void **state)
{
	enum { SENDERS = 5 };
	struct line *l = *state;
	struct big b[SENDERS];
	pthread_t threads[SENDERS];
	unsigned i, j, seen = 0;

	fcntl(l->here, F_SETFL, 0);
	for (i = 0; i < SENDERS; i++) {
		b[i] = big_message(l->there, 700000 + i);
		memset(b[i].bytes, 'a' + (int)i, b[i].size);
		pthread_create(&threads[i], NULL, send_big, &b[i]);
	}
	for (i = 0; i < SENDERS; i++) {
		assert_int_equal(receive(l), 1);
		j = (unsigned)l->in.data[0] - 'a';
		assert_true(j < SENDERS);
		assert_int_equal(l->in.len, b[j].size);
		assert_memory_equal(l->in.data, b[j].bytes, b[j].size);
		seen |= 1u << j;
	}
	assert_int_equal(seen, (1u << SENDERS) - 1);
	for (i = 0; i < SENDERS; i++) {
		pthread_join(threads[i], NULL);
		free(b[i].bytes);
	}
}

/* Where a signal handler or another process sends in the middle. */
static void
test_message_comes_between_the_packets_of_another(void **state)
{
	struct line *l = *state;
	struct wire_head head = { .type = WIRE_DISPLAY,
				  .first = 1,
				  .more = 1,
				  .len = 3,
				  .from = 10 };

	send_raw(l, head, "one", 3);
	assert_int_equal(wire_send(l->there, WIRE_CRASH, "boom", 4, NULL, 0),
			 0);
	head.first = 0;
	head.more = 0;
	send_raw(l, head, "two", 3);
	assert_int_equal(receive(l), 1);
	assert_int_equal(l->in.type, WIRE_CRASH);
	assert_int_equal(receive(l), 1);
	assert_int_equal(l->in.type, WIRE_DISPLAY);
	assert_int_equal(l->in.from, 10);
	assert_memory_equal(l->in.data, "onetwo", 7);
}

static void
test_message_whose_sender_died_is_dropped(void **state)
{
	struct line *l = *state;
	struct wire_head head = { .type = WIRE_DISPLAY,
				  .first = 1,
				  .more = 1,
				  .len = 3,
				  .from = 10 };
	uint32_t i;

	send_raw(l, head, "old", 3);
	send_raw(l, head, "new", 3);
	head.first = head.more = 0;
	send_raw(l, head, "end", 3);
	assert_int_equal(receive(l), 1);
	assert_memory_equal(l->in.data, "newend", 7);

	head.first = head.more = 1;
	for (i = 0; i <= WIRE_PARTS; i++) { /* one too many */
		head.from = 100 + i;
		send_raw(l, head, "xyz", 3);
		assert_int_equal(receive(l), 0);
	}
	head.first = head.more = 0;
	head.from = 100; /* the rest of the oldest */
	send_raw(l, head, "end", 3);
	assert_int_equal(receive(l), 0);
	head.from = 101;
	send_raw(l, head, "end", 3);
	assert_int_equal(receive(l), 1);
	assert_memory_equal(l->in.data, "xyzend", 7);
}

static int
open_count(void)
{
	int fd, n = 0;

	for (fd = 0; fd < 200; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void
test_descriptors_come_with_their_message(void **state)
{
	struct line *l = *state;
	int before = open_count(), fds[4] = { 0, 1, 2, 0 };
	struct stat sent, got;

	assert_int_equal(wire_send(l->there, WIRE_RUN, "x", 1, fds, 3), 0);
	assert_int_equal(receive(l), 1);
	assert_int_equal(l->in.nfds, 3);
	assert_int_equal(open_count(), before + 3);
	fstat(2, &sent);
	fstat(l->in.fds[2], &got);
	assert_int_equal(sent.st_ino, got.st_ino);
	assert_int_equal(fcntl(l->in.fds[0], F_GETFD), FD_CLOEXEC);
	close(l->in.fds[1]);
	l->in.fds[1] = -1; /* taken */
	assert_int_equal(receive(l), 0);
	assert_int_equal(open_count(), before);

	assert_int_equal(wire_send(l->there, WIRE_RUN, "x", 1, fds, 4), -1);
	assert_int_equal(errno, EINVAL);
}

static void
test_descriptors_of_a_dropped_message_are_closed(void **state)
{
	struct line *l = *state;
	int before = open_count(), fds[3] = { 0, 1, 2 };
	struct big b = big_message(l->there, WIRE_PACKET + 1);

	assert_int_equal(wire_send(l->there, WIRE_RUN, b.bytes, b.size, fds, 3),
			 0);
	assert_int_equal(receive(l), 1);
	assert_int_equal(l->in.nfds, 3);
	assert_int_equal(wire_send(l->there, WIRE_RUN, b.bytes, b.size, fds, 3),
			 0);
	assert_int_equal(wire_recv(l->here, &l->in), 0); /* half of it */
	assert_int_equal(l->in.nfds, 0);
	assert_int_equal(open_count(), before + 3);
	wire_in_release(&l->in);
	assert_int_equal(open_count(), before);
	free(b.bytes);
}

static void
test_full_descriptor_table_is_told(void **state)
{
	struct line *l = *state;
	struct rlimit old, few;
	int fds[3] = { 0, 1, 2 };

	if (under_valgrind()) /* has descriptors of its own up there */
		skip();
	assert_int_equal(wire_send(l->there, WIRE_RUN, "x", 1, fds, 3), 0);
	getrlimit(RLIMIT_NOFILE, &old);
	few = old;
	few.rlim_cur = (rlim_t)l->there + 1;
	setrlimit(RLIMIT_NOFILE, &few);
	assert_int_equal(receive(l), -1);
	assert_int_equal(errno, EMFILE);
	setrlimit(RLIMIT_NOFILE, &old);
}

/* wire_send() would not; room for three has padding, in which a fourth fits. */
static void
test_more_descriptors_than_there_may_be_are_refused(void **state)
{
	struct line *l = *state;
	struct wire_head head = { .type = WIRE_RUN, .first = 1 };
	int before = open_count();

	assert_true(send_with_descriptors(l->there, &head, sizeof head, 4) > 0);
	assert_int_equal(receive(l), -1);
	assert_int_equal(open_count(), before);
}

static void
test_packets_that_lie_are_refused(void **state)
{
	static const struct {
		struct wire_head head;
		size_t len;
	} bad[] = {
		{ { .type = WIRE_DONE, .first = 1, .len = 4 }, 3 },
		{ { .type = WIRE_DONE, .first = 1, .len = 2 }, 3 },
		{ { .type = WIRE_DONE, .first = 1, .len = UINT32_MAX }, 3 },
		{ { .type = WIRE_DONE, .first = 2, .len = 3 }, 3 },
		{ { .type = WIRE_DONE, .first = 1, .more = 9, .len = 3 }, 3 },
	};
	struct line *l = *state;
	static char much[WIRE_PACKET + 1000];
	struct wire_head head = { .type = 1, .first = 1, .more = 1, .len = 1 };
	size_t i;

	for (i = 0; i < sizeof bad / sizeof *bad; i++) {
		send_raw(l, bad[i].head, "abcd", bad[i].len);
		assert_int_equal(receive(l), -1);
		assert_int_equal(errno, EPROTO);
	}
	assert_int_equal(send(l->there, "short", 5, 0), 5);
	assert_int_equal(receive(l), -1);
	assert_int_equal(errno, EPROTO);
	assert_int_equal(send(l->there, much, sizeof much, 0), sizeof much);
	assert_int_equal(receive(l), -1);
	assert_int_equal(errno, EPROTO);

	send_raw(l, head, "a", 1);
	head.type = 2; /* goes on as another type */
	head.first = 0;
	send_raw(l, head, "a", 1);
	assert_int_equal(receive(l), -1);
	assert_int_equal(errno, EPROTO);
}

static void
test_peer_that_is_gone_is_told_from_an_error(void **state)
{
	struct line *l = *state;

	close(l->there);
	l->there = -1;
	assert_int_equal(receive(l), -1);
	assert_int_equal(errno, 0);
	assert_int_equal(wire_send(l->here, WIRE_QUIT, "", 0, NULL, 0), -1);
	assert_int_equal(errno, EPIPE);
}

/* It died with something of ours unread: a reset must not hide the report. */
static void
test_last_words_are_read_after_a_reset(void **state)
{
	struct line *l = *state;

	assert_int_equal(wire_send(l->here, WIRE_QUIT, "", 0, NULL, 0), 0);
	assert_int_equal(wire_send(l->there, WIRE_CRASH, "boom", 4, NULL, 0),
			 0);
	close(l->there);
	l->there = -1;
	assert_int_equal(receive(l), 1);
	assert_int_equal(l->in.type, WIRE_CRASH);
	assert_int_equal(receive(l), -1);
	assert_int_equal(errno, 0);
}

static void
test_message_beyond_the_limit_is_not_sent(void **state)
{
	struct line *l = *state;
	const struct iovec parts[2] = { { l, WIRE_MESSAGE }, { l, 1 } };

	assert_int_equal(wire_sendv(l->there, WIRE_DISPLAY, parts, 2, NULL, 0),
			 -1);
	assert_int_equal(errno, EMSGSIZE);
	assert_int_equal(receive(l), 0);
}

static void
test_bad_address_is_an_error_not_a_crash(void **state)
{
	struct line *l = *state;

	if (under_valgrind()) /* which complains, rightly */
		skip();
	assert_int_equal(wire_send(l->there, WIRE_DISPLAY, (void *)8, 100, NULL,
				   0),
			 -1);
	assert_int_equal(errno, EFAULT);
}

static void
test_payload_that_is_full_says_so(void **state)
{
	char room[8];
	struct wire_put p = { .data = room, .cap = sizeof room };

	(void)state;
	wire_put_str(&p, "abc");
	assert_false(p.full);
	assert_int_equal(p.len, 8);
	wire_put_u32(&p, 1);
	assert_true(p.full);
	assert_int_equal(p.len, 8);
}

static struct wire_get
get_of(struct wire_in *in, char *bytes, size_t len)
{
	in->data = bytes;
	in->len = len;
	return wire_get(in);
}

static void
test_payload_that_ends_early_is_bad(void **state)
{
	struct wire_in in = { 0 };
	struct wire_get g = get_of(&in, (char[]){ 1, 0, 0 }, 3);

	(void)state;
	assert_int_equal(wire_get_u32(&g), 0);
	assert_true(g.bad);
	assert_string_equal(wire_get_str(&g), "");

	/* the length without its NUL; beyond the end; huge; a NUL inside */
	g = get_of(&in, (char[]){ 2, 0, 0, 0, 'a', 'b' }, 6);
	assert_string_equal(wire_get_str(&g), "");
	assert_true(g.bad);
	g = get_of(&in, (char[]){ 9, 0, 0, 0, 'a', 'b', 0 }, 7);
	assert_string_equal(wire_get_str(&g), "");
	assert_true(g.bad);
	g = get_of(&in, (char[]){ -1, -1, -1, -1, 'a', 0 }, 6);
	assert_string_equal(wire_get_str(&g), "");
	assert_true(g.bad);
	g = get_of(&in, (char[]){ 2, 0, 0, 0, 'a', 0, 0 }, 7);
	assert_string_equal(wire_get_str(&g), "");
	assert_true(g.bad);
	assert_int_equal(wire_get_u32(&g), 0);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_message_arrives_as_it_was_sent),
		TEST(test_empty_message_arrives),
		TEST(test_message_of_many_packets_arrives_whole),
		TEST(test_sender_waits_where_its_socket_does_not_block),
		TEST(test_messages_of_several_senders_are_told_apart),
		TEST(test_message_comes_between_the_packets_of_another),
		TEST(test_message_whose_sender_died_is_dropped),
		TEST(test_descriptors_come_with_their_message),
		TEST(test_descriptors_of_a_dropped_message_are_closed),
		TEST(test_full_descriptor_table_is_told),
		TEST(test_more_descriptors_than_there_may_be_are_refused),
		TEST(test_packets_that_lie_are_refused),
		TEST(test_peer_that_is_gone_is_told_from_an_error),
		TEST(test_last_words_are_read_after_a_reset),
		TEST(test_message_beyond_the_limit_is_not_sent),
		TEST(test_bad_address_is_an_error_not_a_crash),
		cmocka_unit_test(test_payload_that_is_full_says_so),
		cmocka_unit_test(test_payload_that_ends_early_is_bad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
