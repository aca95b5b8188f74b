/* declare.c: takes a declaration apart (floor 2), and writes one of its
 * declarators as a declaration of its own. Typedef names are told from declared
 * ones by their place: the last name before the declarator's end is declared.
 */
#include "build/declare.h"

enum role { ROLE_DECLARED, ROLE_TYPE, ROLE_PREFIX };

/* Is a name spelled as macros are, or with the compiler's underscores? */
static bool
looks_like_attribute(const struct tokens *ts, size_t i)
{
	struct slice s = token_text(ts->text, ts->at[i]);

	if (slice_starts(s, "__"))
		return true;
	for (size_t at = 0; at < s.len; at++)
		if (s.at[at] >= 'a' && s.at[at] <= 'z')
			return false;
	return true;
}

/* At `name (`, while no type has been seen. */
static enum role
role_before_parens(const struct tokens *ts, size_t i)
{
	size_t inner = i + 2, after = tokens_skip(ts, i + 1);
	bool name = word_of(ts, inner) == WORD_NAME;
	bool star = tokens_is(ts, inner, "*") ||
		    (name && tokens_is(ts, inner + 1, "*"));
	bool alone = name && tokens_is(ts, inner + 1, ")");
	enum word w = word_of(ts, after);

	if ((star || alone) &&
	    (tokens_is(ts, after, "(") || tokens_is(ts, after, "[")))
		return ROLE_TYPE; /* type (*name)(void), type (name)(void) */
	return w != WORD_NONE && w != WORD_ASM && w != WORD_ATTRIBUTE
		       ? ROLE_PREFIX
		       : ROLE_DECLARED;
}

/* What a name among the specifiers is. */
static enum role
role_of(const struct tokens *ts, size_t i, bool typed)
{
	enum word w = word_of(ts, i + 1);

	if (!typed && tokens_names(ts, i) == NAME_TYPE)
		return ROLE_TYPE; /* T(x), too */
	if (tokens_is(ts, i + 1, "("))
		return typed ? ROLE_DECLARED : role_before_parens(ts, i);
	if (tokens_is(ts, i + 1, "*"))
		return ROLE_TYPE;
	if (w == WORD_NAME && typed && looks_like_attribute(ts, i + 1) &&
	    !looks_like_attribute(ts, i))
		return ROLE_DECLARED;
	if (w == WORD_ATTRIBUTE && !typed) {
		w = word_of(ts, words_skip_attributes(ts, i + 1));
		return w == WORD_NONE ? ROLE_DECLARED : ROLE_TYPE;
	}
	return w == WORD_NONE || w == WORD_ASM || w == WORD_ATTRIBUTE
		       ? ROLE_DECLARED
		       : ROLE_TYPE;
}

static size_t
skip_parens(const struct tokens *ts, size_t i)
{
	return tokens_is(ts, i, "(") ? tokens_skip(ts, i) : i;
}

size_t
declare_specifiers(const struct tokens *ts, size_t from, size_t to,
		   unsigned *spec, size_t *body)
{
	bool typed = false;
	size_t i = from;

	*body = TOKEN_NONE;
	while (i < to) {
		enum word w = word_of(ts, i);
		enum role role;
		size_t brace;

		if (w == WORD_STORAGE || w == WORD_QUALIFIER ||
		    w == WORD_TYPE) {
			*spec |= word_spec(ts, i);
			typed |= w == WORD_TYPE;
			i++;
		} else if (w == WORD_TYPEOF) {
			typed |= tokens_is(ts, i + 1, "(");
			i = skip_parens(ts, i + 1);
		} else if (w == WORD_TAG) {
			i = words_skip_tag(ts, i, spec, &brace);
			typed = true;
			if (brace != TOKEN_NONE)
				*body = brace;
		} else if (w == WORD_ASSERT) {
			*spec |= SPEC_ASSERT;
			return to;
		} else if (w == WORD_NAME) {
			role = role_of(ts, i, typed);
			if (role == ROLE_DECLARED)
				return i;
			typed |= role == ROLE_TYPE;
			i++;
			if (role == ROLE_PREFIX)
				i = skip_parens(ts, i);
		} else if (w == WORD_EXTENSION || w == WORD_PRAGMA) {
			i = skip_parens(ts, i + 1);
		} else if (words_skip_attributes(ts, i) > i) {
			i = words_skip_attributes(ts, i);
		} else {
			return i;
		}
	}
	return to;
}

/* What was met on the way to a declarator's name. */
struct path {
	size_t name;	  /* TOKEN_NONE: there is none */
	bool stars;	  /* anywhere */
	bool inner_stars; /* in the innermost parentheses */
	bool last_is_const;
};

static struct path
find_name(const struct tokens *ts, size_t i, size_t to)
{
	struct path p = { .name = TOKEN_NONE };

	while (i < to) {
		enum word w = word_of(ts, i);

		if (tokens_is(ts, i, "*") || tokens_is(ts, i, "^")) {
			p.stars = p.inner_stars = true;
			p.last_is_const = false;
			i++;
		} else if (tokens_is(ts, i, "(")) {
			p.inner_stars = false;
			i++;
		} else if (w == WORD_QUALIFIER || w == WORD_TYPEOF) {
			p.last_is_const |= (word_spec(ts, i) & SPEC_CONST) != 0;
			i++;
		} else if (words_skip_attributes(ts, i) > i) {
			i = words_skip_attributes(ts, i);
		} else if (w == WORD_NAME &&
			   (tokens_is(ts, i + 1, "*") ||
			    (word_of(ts, i + 1) == WORD_NAME &&
			     !looks_like_attribute(ts, i + 1)))) {
			i++; /* a macro: WINAPI *f */
		} else {
			p.name = w == WORD_NAME ? i : TOKEN_NONE;
			return p;
		}
	}
	return p;
}

/* What stands behind the name makes it an array or a function, unless a star
 * beside the name makes it a pointer first. */
static void
read_suffix(const struct tokens *ts, size_t to, struct path p,
	    struct declarator *d)
{
	size_t i = words_skip_attributes(ts, p.name + 1);

	while (i < to && tokens_is(ts, i, ")") && !p.inner_stars)
		i++;
	if (i >= to)
		return;
	d->is_array = tokens_is(ts, i, "[");
	d->is_unsized = d->is_array && tokens_is(ts, i + 1, "]");
	d->is_function = tokens_is(ts, i, "(");
}

static struct slice
slice_between(const struct tokens *ts, size_t from, size_t to)
{
	size_t at = ts->at[from].at;

	if (from >= to)
		return (struct slice){ ts->text.at + at, 0 };
	return (struct slice){ ts->text.at + at,
			       token_end(ts->at[to - 1]) - at };
}

size_t
declare_one(const struct tokens *ts, size_t from, size_t to, unsigned spec,
	    struct declarator *d)
{
	size_t equals = to, i;
	struct path p;

	for (i = from; i < to && !tokens_is(ts, i, ","); i = tokens_skip(ts, i))
		if (equals == to && tokens_is(ts, i, "="))
			equals = i;
	if (i > to)
		i = to;
	*d = (struct declarator){ 0 };
	d->whole = slice_between(ts, from, equals < i ? equals : i);
	d->init = equals < i ? slice_between(ts, equals + 1, i)
			     : slice_between(ts, i, i);
	p = find_name(ts, from, i);
	d->is_const = p.stars ? p.last_is_const : (spec & SPEC_CONST) != 0;
	d->name = d->whole;
	d->name.len = 0;
	if (p.name != TOKEN_NONE) {
		d->name = slice_between(ts, p.name, p.name + 1);
		read_suffix(ts, i, p, d);
	}
	return i;
}

/* A writer of tokens on one line. */
struct writer {
	struct tokens ts;
	struct buf *out;
	size_t end; /* of the token written last */
};

static void
write_token(struct writer *w, size_t i, bool space)
{
	struct token t = w->ts.at[i];
	bool line = t.kind == TOK_DIRECTIVE;

	if (line)
		buf_add_byte(w->out, '\n');
	else if (space)
		buf_add_byte(w->out, ' ');
	buf_add_slice(w->out, token_text(w->ts.text, t));
	if (line)
		buf_add_byte(w->out, '\n');
}

/* The specifiers; every pair of tokens that had something between them keeps a
 * space. */
static void
write_specifiers(struct writer *w, unsigned drop)
{
	size_t body = TOKEN_NONE, until = 0;
	unsigned spec = 0;

	if (drop & SPEC_BODY)
		declare_specifiers(&w->ts, 0, w->ts.count, &spec, &body);
	for (size_t i = 0; i < w->ts.count; i++) {
		bool outer = i >= until;

		if (outer && i == body) {
			i = tokens_skip(&w->ts, i) - 1;
			continue;
		}
		if (outer && tokens_opens(&w->ts, i))
			until = tokens_skip(&w->ts, i);
		if (outer && w->ts.at[i].kind == TOK_IDENT &&
		    (word_spec(&w->ts, i) & drop))
			continue;
		write_token(w, i, i > 0);
	}
}

/* The declarator; with `no_const` without the const behind the star that is
 * nearest to the name. */
static void
write_declarator(struct writer *w, bool no_const)
{
	struct path p = find_name(&w->ts, 0, w->ts.count);
	size_t name = p.name == TOKEN_NONE ? 0 : p.name, star = name;

	while (star > 0 && !tokens_is(&w->ts, star, "*"))
		star--;
	for (size_t i = 0; i < w->ts.count; i++) {
		if (no_const && p.stars && i > star && i < name &&
		    w->ts.at[i].kind == TOK_IDENT &&
		    (word_spec(&w->ts, i) & SPEC_CONST))
			continue;
		write_token(w, i, true);
	}
}

void
split_declare(const struct split *s, const struct item *it, size_t which,
	      unsigned drop, struct buf *out)
{
	const struct declarator *d = &s->declarators[it->first + which];
	bool no_const = (drop & SPEC_CONST) && d->is_const;
	struct writer w = { .out = out };
	struct path p;

	tokens_read(&w.ts, d->whole);
	p = find_name(&w.ts, 0, w.ts.count);
	if (!no_const || p.stars)
		drop &= ~(unsigned)SPEC_CONST;
	tokens_release(&w.ts);
	tokens_read(&w.ts, it->specifiers);
	write_specifiers(&w, drop);
	tokens_release(&w.ts);
	tokens_read(&w.ts, d->whole);
	write_declarator(&w, no_const);
	tokens_release(&w.ts);
}
