/* print.c: fingerprints. Floor 0. Two multiplications for eight bytes, in two
 * lanes that mix them differently. */
#include "base/print.h"

void
print_init(struct print *p)
{
	*p = (struct print){ .a = 0x9e3779b97f4a7c15u,
			     .b = 0xc2b2ae3d27d4eb4fu };
}

static inline void
mix(struct print *p, const char *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof word);
	p->a = (p->a ^ word) * 0xff51afd7ed558ccdu;
	p->a ^= p->a >> 32;
	p->b = (p->b + word) * 0xc4ceb9fe1a85ec53u;
	p->b ^= p->b >> 29;
}

void
print_add(struct print *p, struct slice bytes)
{
	size_t used = p->len % sizeof p->rest;
	const char *at = bytes.at;
	size_t len = bytes.len;

	p->len += len;
	if (used) {
		size_t n = sizeof p->rest - used;

		n = len < n ? len : n;
		memcpy(p->rest + used, at, n);
		if (used + n < sizeof p->rest)
			return;
		mix(p, p->rest);
		at += n;
		len -= n;
	}
	for (; len >= sizeof p->rest; at += sizeof p->rest) {
		mix(p, at);
		len -= sizeof p->rest;
	}
	if (len)
		memcpy(p->rest, at, len);
}

bool
print_same(const struct print *x, const struct print *y)
{
	return x->len == y->len && x->a == y->a && x->b == y->b &&
	       !memcmp(x->rest, y->rest, x->len % sizeof x->rest);
}
