/* highlight.c: code in colour, as HTML. Floor 2. C goes by the lexer of cells;
 * other languages by a table that knows their comments, strings and words.
 * Whatever the text is, all of it is written. */
#include "format/highlight.h"

#include <strings.h>
#include "base/lexer.h"
#include "format/html_text.h"

static void
put(struct buf *out, char class, struct slice text)
{
	if (!class) {
		html_text(out, text);
		return;
	}
	buf_addf(out, "<span class=\"%c\">", class);
	html_text(out, text);
	buf_add_str(out, "</span>");
}

static bool
in_words(const char *const *words, struct slice word)
{
	for (; *words; words++)
		if (slice_is(word, *words))
			return true;
	return false;
}

/* --- C -------------------------------------------------------------------- */

static const char *const c_keywords[] = { "break",	   "case",
					  "const",	   "continue",
					  "default",	   "do",
					  "else",	   "enum",
					  "extern",	   "for",
					  "goto",	   "if",
					  "inline",	   "register",
					  "restrict",	   "return",
					  "sizeof",	   "static",
					  "struct",	   "switch",
					  "typedef",	   "union",
					  "volatile",	   "while",
					  "_Alignas",	   "_Alignof",
					  "_Atomic",	   "_Generic",
					  "_Noreturn",	   "_Static_assert",
					  "_Thread_local", "asm",
					  "__asm__",	   "typeof",
					  "__typeof__",	   "__attribute__",
					  "alignas",	   "alignof",
					  "constexpr",	   "nullptr",
					  "static_assert", "true",
					  "false",	   "NULL",
					  "class",	   "namespace",
					  "template",	   "new",
					  "delete",	   "public",
					  "private",	   "using",
					  "virtual",	   "try",
					  "catch",	   "throw",
					  "this",	   NULL };

static const char *const c_types[] = {
	"void",	      "char",	 "short",    "int",	"long",
	"float",      "double",	 "signed",   "bool",	"unsigned",
	"auto",	      "_Bool",	 "_Complex", "FILE",	"DIR",
	"_Imaginary", "va_list", "__int128", "wchar_t", NULL
};

static bool
is_type(struct slice word)
{
	return in_words(c_types, word) ||
	       (word.len > 2 && !memcmp(word.at + word.len - 2, "_t", 2));
}

/* Does a bracket follow, as behind the name of what is called? */
static bool
is_called(const struct lexer *l, struct slice code)
{
	struct lexer ahead = *l;

	return token_is(code, lexer_next_code(&ahead), "(");
}

static char
c_class(const struct lexer *l, struct slice code, struct token t)
{
	struct slice text = token_text(code, t);

	switch (t.kind) {
	case TOK_IDENT:
		if (in_words(c_keywords, text))
			return 'k';
		if (is_type(text))
			return 't';
		return is_called(l, code) ? 'f' : 0;
	case TOK_NUMBER:
		return 'n';
	case TOK_STRING:
	case TOK_CHAR:
		return 's';
	case TOK_DIRECTIVE:
		return 'p';
	case TOK_COMMENT:
		return slice_starts(text, "//|") || slice_starts(text, "//%")
			       ? 'o'
			       : 'c';
	case TOK_PUNCT:
	case TOK_SPACE:
	case TOK_OTHER:
	case TOK_END:
		break;
	}
	return 0;
}

/* A directive's comment is one still. */
static void
put_directive(struct buf *out, struct slice text)
{
	struct slice comment = text;

	while (comment.len && !slice_starts(comment, "//") &&
	       !slice_starts(comment, "/*")) {
		comment.at++;
		comment.len--;
	}
	if (memchr(text.at, '"', text.len)) /* it may stand in a string */
		comment.len = 0;
	text.len -= comment.len;
	put(out, 'p', text);
	if (comment.len)
		put(out, 'c', comment);
}

static void
highlight_c(struct buf *out, struct slice code)
{
	struct lexer l;
	struct token t;

	lexer_init(&l, code);
	while ((t = lexer_next(&l)).kind != TOK_END) {
		if (t.kind == TOK_DIRECTIVE)
			put_directive(out, token_text(code, t));
		else
			put(out, c_class(&l, code, t), token_text(code, t));
	}
}

/* --- others --------------------------------------------------------------- */

static const char *const python_words[] = {
	"and",	  "as",	      "assert", "async",  "await",    "break",
	"class",  "continue", "def",	"del",	  "elif",     "else",
	"except", "finally",  "for",	"from",	  "global",   "if",
	"import", "in",	      "is",	"lambda", "nonlocal", "not",
	"or",	  "pass",     "raise",	"return", "try",      "while",
	"with",	  "yield",    "None",	"True",	  "False",    NULL
};

static const char *const sh_words[] = {
	"if",  "then",	 "else",  "elif", "fi", "for",	    "while", "until",
	"do",  "done",	 "case",  "esac", "in", "function", "exit",  "return",
	"set", "export", "local", "echo", "cd", "test",	    NULL
};

static const struct plain_language {
	const char *names[6];
	const char *const *words;
	bool triple; /* """...""" */
} languages[] = {
	{ { "python", "python3", "py", "ipython", "ipython3" },
	  python_words,
	  true },
	{ { "sh", "bash", "shell", "zsh", "console" }, sh_words, false },
};

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || (unsigned char)c >= 0x80;
}

/* The length of the string at the front, closing quotes included. */
static size_t
string_length(struct slice s, bool triple)
{
	char quote = s.at[0];
	size_t n = 1, quotes = 1;

	if (triple && s.len >= 3 && s.at[1] == quote && s.at[2] == quote)
		n = quotes = 3;
	for (; n < s.len; n++) {
		if (s.at[n] == '\\')
			n++;
		else if (s.at[n] == '\n' && triple && quotes == 1)
			return n;
		else if (s.at[n] == quote && quotes == 1)
			return n + 1;
		else if (s.at[n] == quote && s.len - n >= 3 &&
			 s.at[n + 1] == quote && s.at[n + 2] == quote)
			return n + 3;
	}
	return s.len;
}

static size_t
line_length(struct slice s)
{
	const char *end = memchr(s.at, '\n', s.len);

	return end ? (size_t)(end - s.at) : s.len;
}

static size_t
word_length(struct slice s)
{
	size_t n = 0;

	while (n < s.len && is_word(s.at[n]))
		n++;
	return n;
}

static char
word_class(const struct plain_language *lang, struct slice word,
	   struct slice behind)
{
	if (in_words(lang->words, word))
		return 'k';
	if (word.at[0] >= '0' && word.at[0] <= '9')
		return 'n';
	return lang->triple && behind.len && behind.at[0] == '(' ? 'f' : 0;
}

static void
highlight_plain(struct buf *out, const struct plain_language *lang,
		struct slice rest)
{
	bool apart = true; /* nothing but a blank stands in front */

	while (rest.len) {
		char c = rest.at[0], class = 0;
		size_t n = 1;

		if (c == '#' && apart) {
			n = line_length(rest);
			class = 'c';
		} else if (c == '"' || c == '\'') {
			n = string_length(rest, lang->triple);
			class = 's';
		} else if (is_word(c)) {
			n = word_length(rest);
			class = word_class(lang, (struct slice){ rest.at, n },
					   (struct slice){ rest.at + n,
							   rest.len - n });
		} else if (c == '\\' && rest.len > 1) {
			n = 2;
		}
		apart = lang->triple || (c && strchr(" \t\n;", c));
		put(out, class, (struct slice){ rest.at, n });
		rest.at += n;
		rest.len -= n;
	}
}

static bool
is_c(const char *language)
{
	static const char *const names[] = { "c",   "cpp", "c++", "cc",
					     "c11", "c99", "h" };

	for (size_t i = 0; i < countof(names); i++)
		if (!strcasecmp(language, names[i]))
			return true;
	return false;
}

void
highlight(struct buf *out, const char *language, struct slice code)
{
	if (is_c(language)) {
		highlight_c(out, code);
		return;
	}
	for (size_t i = 0; i < countof(languages); i++) {
		const struct plain_language *lang = &languages[i];

		for (int k = 0; k < (int)countof(lang->names); k++) {
			if (lang->names[k] &&
			    !strcasecmp(language, lang->names[k])) {
				highlight_plain(out, lang, code);
				return;
			}
		}
	}
	html_text(out, code);
}
