/* words.c: C's keywords, with what gcc and clang add, by what they tell a
 * reader who has no table of types (floor 2). */
#include "build/words.h"

static const struct {
	const char *spelling;
	enum word word;
	unsigned spec;
} words[] = {
	{ "if", WORD_IF },
	{ "else", WORD_ELSE },
	{ "for", WORD_LOOP },
	{ "while", WORD_LOOP },
	{ "switch", WORD_LOOP },
	{ "do", WORD_DO },
	{ "case", WORD_CASE },
	{ "default", WORD_CASE },
	{ "return", WORD_STATEMENT },
	{ "goto", WORD_STATEMENT },
	{ "break", WORD_STATEMENT },
	{ "continue", WORD_STATEMENT },
	{ "__label__", WORD_STATEMENT },
	{ "asm", WORD_ASM },
	{ "__asm", WORD_ASM },
	{ "__asm__", WORD_ASM },
	{ "sizeof", WORD_EXPRESSION },
	{ "_Alignof", WORD_EXPRESSION },
	{ "__alignof", WORD_EXPRESSION },
	{ "__alignof__", WORD_EXPRESSION },
	{ "_Generic", WORD_EXPRESSION },
	{ "__real", WORD_EXPRESSION },
	{ "__real__", WORD_EXPRESSION },
	{ "__imag", WORD_EXPRESSION },
	{ "__imag__", WORD_EXPRESSION },
	{ "typedef", WORD_STORAGE, SPEC_TYPEDEF },
	{ "extern", WORD_STORAGE, SPEC_EXTERN },
	{ "static", WORD_STORAGE, SPEC_STATIC },
	{ "register", WORD_STORAGE, SPEC_REGISTER },
	{ "auto", WORD_STORAGE, SPEC_AUTO },
	{ "constexpr", WORD_STORAGE, SPEC_CONST },
	{ "_Thread_local", WORD_STORAGE, SPEC_THREAD },
	{ "thread_local", WORD_STORAGE, SPEC_THREAD },
	{ "__thread", WORD_STORAGE, SPEC_THREAD },
	{ "inline", WORD_STORAGE, SPEC_INLINE },
	{ "__inline", WORD_STORAGE, SPEC_INLINE },
	{ "__inline__", WORD_STORAGE, SPEC_INLINE },
	{ "_Noreturn", WORD_STORAGE },
	{ "noreturn", WORD_STORAGE },
	{ "const", WORD_QUALIFIER, SPEC_CONST },
	{ "__const", WORD_QUALIFIER, SPEC_CONST },
	{ "__const__", WORD_QUALIFIER, SPEC_CONST },
	{ "volatile", WORD_QUALIFIER },
	{ "__volatile", WORD_QUALIFIER },
	{ "__volatile__", WORD_QUALIFIER },
	{ "restrict", WORD_QUALIFIER },
	{ "__restrict", WORD_QUALIFIER },
	{ "__restrict__", WORD_QUALIFIER },
	{ "_Nonnull", WORD_QUALIFIER },
	{ "_Nullable", WORD_QUALIFIER },
	{ "void", WORD_TYPE },
	{ "char", WORD_TYPE },
	{ "short", WORD_TYPE },
	{ "int", WORD_TYPE },
	{ "long", WORD_TYPE },
	{ "float", WORD_TYPE },
	{ "double", WORD_TYPE },
	{ "signed", WORD_TYPE },
	{ "__signed", WORD_TYPE },
	{ "__signed__", WORD_TYPE },
	{ "unsigned", WORD_TYPE },
	{ "_Bool", WORD_TYPE },
	{ "_Complex", WORD_TYPE },
	{ "__complex__", WORD_TYPE },
	{ "_Imaginary", WORD_TYPE },
	{ "__int128", WORD_TYPE },
	{ "__int128_t", WORD_TYPE },
	{ "__uint128_t", WORD_TYPE },
	{ "__float128", WORD_TYPE },
	{ "__float80", WORD_TYPE },
	{ "_Float16", WORD_TYPE },
	{ "_Float32", WORD_TYPE },
	{ "_Float64", WORD_TYPE },
	{ "_Float128", WORD_TYPE },
	{ "_Float32x", WORD_TYPE },
	{ "_Float64x", WORD_TYPE },
	{ "_Decimal32", WORD_TYPE },
	{ "_Decimal64", WORD_TYPE },
	{ "_Decimal128", WORD_TYPE },
	{ "__auto_type", WORD_TYPE, SPEC_AUTO_TYPE },
	{ "typeof", WORD_TYPEOF },
	{ "__typeof", WORD_TYPEOF },
	{ "__typeof__", WORD_TYPEOF },
	{ "typeof_unqual", WORD_TYPEOF },
	{ "_Atomic", WORD_TYPEOF },
	{ "_BitInt", WORD_TYPEOF },
	{ "struct", WORD_TAG },
	{ "union", WORD_TAG },
	{ "enum", WORD_TAG },
	{ "__attribute__", WORD_ATTRIBUTE },
	{ "__attribute", WORD_ATTRIBUTE },
	{ "__declspec", WORD_ATTRIBUTE },
	{ "_Alignas", WORD_ATTRIBUTE },
	{ "alignas", WORD_ATTRIBUTE },
	{ "_Static_assert", WORD_ASSERT },
	{ "static_assert", WORD_ASSERT },
	{ "__extension__", WORD_EXTENSION },
	{ "_Pragma", WORD_PRAGMA },
	{ "__pragma", WORD_PRAGMA },
};

static size_t
find_word(const struct tokens *ts, size_t i)
{
	struct token t = ts->at[i];
	char first = t.len ? ts->text.at[t.at] : '\0';
	/* A line that goes on (`\\` or `??/`) may stand before the word. */
	bool spliced = first == '\\' || first == '?';

	if (t.kind != TOK_IDENT)
		return countof(words);
	for (size_t w = 0; w < countof(words); w++)
		if ((spliced || first == *words[w].spelling) &&
		    tokens_is(ts, i, words[w].spelling))
			return w;
	return countof(words);
}

enum word
word_of(const struct tokens *ts, size_t i)
{
	size_t w;

	if (ts->at[i].kind != TOK_IDENT)
		return WORD_NONE;
	w = find_word(ts, i);
	return w < countof(words) ? words[w].word : WORD_NAME;
}

unsigned
word_spec(const struct tokens *ts, size_t i)
{
	size_t w = find_word(ts, i);

	return w < countof(words) ? words[w].spec : 0;
}

size_t
words_skip_attributes(const struct tokens *ts, size_t i)
{
	for (;;) {
		if (word_of(ts, i) == WORD_ATTRIBUTE) {
			i++;
			if (tokens_is(ts, i, "("))
				i = tokens_skip(ts, i);
		} else if (tokens_is(ts, i, "[") && tokens_is(ts, i + 1, "[")) {
			i = tokens_skip(ts, i);
		} else {
			return i;
		}
	}
}

size_t
words_skip_tag(const struct tokens *ts, size_t i, unsigned *spec, size_t *body)
{
	size_t at = words_skip_attributes(ts, i + 1);
	size_t tag = at, named;

	*body = TOKEN_NONE;
	/* struct PACKED tag { : macros in front of the tag, up to a brace */
	while (word_of(ts, at) == WORD_NAME)
		at = words_skip_attributes(ts, at + 1);
	named = at > tag;
	if (tokens_is(ts, at, ":")) /* enum e : unsigned char { */
		for (at++; ts->at[at].kind == TOK_IDENT; at++)
			;
	if (!tokens_is(ts, at, "{"))
		return named ? words_skip_attributes(ts, tag + 1) : tag;
	*body = at;
	*spec |= SPEC_BODY | (named ? 0 : SPEC_NAMELESS);
	return tokens_skip(ts, at);
}
