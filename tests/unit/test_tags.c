/* What becomes of strangers' HTML and Markdown in a page. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include "format/highlight.h"
#include "format/html_text.h"
#include "format/md.h"
#include "format/tags.h"

static void
release(struct tags_outline *o)
{
	set_release(&o->ids);
	buf_release(&o->title);
}

static void
assert_html(const char *html, const char *want)
{
	struct tags_outline outline = { 0 };
	struct buf out = { 0 };
	struct tags t;

	tags_init(&t, &out, &outline, NULL);
	tags_html(&t, slice_of(html), false);
	tags_release(&t);
	assert_string_equal(buf_str(&out), want);
	buf_release(&out);
	release(&outline);
}

static void
assert_md(const char *markdown, const char *want)
{
	struct tags_outline outline = { 0 };
	struct buf out = { 0 };

	md_html(&out, slice_of(markdown), &outline, NULL);
	assert_string_equal(buf_str(&out), want);
	buf_release(&out);
	release(&outline);
}

static void
test_harmless_html_passes(void **state)
{
	(void)state;
	assert_html("<b>x</b>", "<b>x</b>");
	assert_html("<CENTER>x</CENTER>", "<div class=\"center\">x</div>");
	assert_html("<p align=\"right\">x", "<p class=\"right\">x</p>");
	assert_html("a<br/>b", "a<br>b");
	assert_html("<img src=a.png width=40 alt='\"'>",
		    "<img src=\"a.png\" alt=\"&quot;\" width=\"40\" "
		    "loading=\"lazy\" referrerpolicy=\"no-referrer\">");
	assert_html("&lt;b&gt; &copy; &#65;", "&lt;b&gt; \u00a9 A");
	assert_html("<font color=red>x</font>", "x");
}

static void
test_html_that_does_something_goes(void **state)
{
	(void)state;
	assert_html("a<script>x()</script>b", "ab");
	assert_html("<script>x()", "");
	assert_html("<style>p{}</style>x<!-- c -->", "x");
	assert_html("<b onclick=x() style='a:b' class=c>x</b>", "<b>x</b>");
	assert_html("<a href=javascript:x>l</a>", "<a>l</a>");
	assert_html("<a href=\"&#x6A;avascript&#58;x\">l</a>", "<a>l</a>");
	assert_html("<a href=\"javascript&colon;x\">l</a>",
		    "<a href=\"javascript&amp;colon;x\" "
		    "rel=\"noopener noreferrer\">l</a>");
	assert_html("<a href=\"java\nscript:x\">l</a>", "<a>l</a>");
	assert_html("<img src=x onerror=y>",
		    "<img src=\"x\" alt=\"\" loading=\"lazy\" "
		    "referrerpolicy=\"no-referrer\">");
	assert_html("<img src='data:text/html,x' alt=w>",
		    "<span class=\"missing\">w</span>");
	assert_html("<iframe src=https://a.b/></iframe>",
		    "<a href=\"https://a.b/\" rel=\"noopener noreferrer\">"
		    "https://a.b/</a> ");
	assert_html("<iframe src=javascript:x></iframe>", "");
}

static void
test_what_is_open_is_closed(void **state)
{
	(void)state;
	assert_html("<div><b>x", "<div><b>x</b></div>");
	assert_html("</div></main>x</b>", "x");
	assert_html("<b><i>x</b>y</i>", "<b><i>x</i></b>y");
	assert_html("<p>a<p>b", "<p>a</p><p>b</p>");
	assert_html("<b>a<div>b</div>", "<b>a</b><div>b</div>");
}

static void
test_tables_and_lists_keep_their_shape(void **state)
{
	(void)state;
	assert_html("<td>x", "x");
	assert_html("<table><tr><td>a<td>b<tr><td>c</table>d",
		    "<table><tr><td>a</td><td>b</td></tr>"
		    "<tr><td>c</td></tr></table>d");
	assert_html("<table>x</table>", "<table></table>x");
	assert_html("<ul><li>a<li>b<ul><li>c</ul></ul>",
		    "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>");
	assert_html("<a href=x>1<a href=y>2</a>",
		    "<a href=\"x\" rel=\"noopener noreferrer\">12</a>");
}

static void
test_addresses_of_links(void **state)
{
	static const char *const no[] = {
		"javascript:x",
		" javascript:x",
		"JAVASCRIPT:x",
		"java\tscript:x",
		"vbscript:x",
		"data:text/html,x",
		"data:image/png,x",
		"file:///x",
		"\x01javascript:x",
		":x",
		"",
		"x-y:z",
	};
	static const char *const yes[] = {
		"https://a.b/c?d=e#f", "#here",	    "a/b.html",
		"mailto:a@b",	       "./x:y",	    "//host/x",
		"?q=javascript:x",     "HTTP://a/",
	};
	struct buf out = { 0 };

	(void)state;
	for (size_t i = 0; i < countof(no); i++)
		assert_false(tags_href(&out, slice_of(no[i])));
	assert_int_equal(out.len, 0);
	for (size_t i = 0; i < countof(yes); i++)
		assert_true(tags_href(&out, slice_of(yes[i])));
	buf_release(&out);
}

static void
test_ids_are_unique(void **state)
{
	struct tags_outline outline = { 0 };
	struct buf out = { 0 };
	struct tags t;

	(void)state;
	tags_init(&t, &out, &outline, NULL);
	tags_id(&t, &out, slice_of("The \"end\""));
	tags_id(&t, &out, slice_of("The \"end\""));
	tags_id(&t, &out, slice_of(""));
	tags_release(&t);
	assert_string_equal(buf_str(&out), " id=\"The-&quot;end&quot;\""
					   " id=\"The-&quot;end&quot;-2\"");
	buf_release(&out);
	release(&outline);
}

/* Each is asked for a few times, not once for each that has its words. */
static void
test_a_hundred_thousand_ids_of_one_word(void **state)
{
	struct tags_outline outline = { 0 };
	struct buf out = { 0 };
	struct tags t;

	(void)state;
	tags_init(&t, &out, &outline, NULL);
	for (int i = 0; i < 100000; i++) {
		buf_clear(&out);
		tags_id(&t, &out, slice_of("x"));
	}
	assert_string_equal(buf_str(&out), " id=\"x-100000\"");
	tags_release(&t);
	buf_release(&out);
	release(&outline);
}

static void
test_markdown_keeps_raw_html_inside(void **state)
{
	(void)state;
	if (!md_is_rendered)
		skip();
	assert_md("*a <b>b* c", "<p><em>a <b>b</b></em> c</p>\n");
	assert_md("<div>\n\n*x*\n\n</div>\n",
		  "<div>\n<p><em>x</em></p>\n</div>\n");
	assert_md("a </p></div> b", "<p>a  b</p>\n");
	assert_md("<p align=center>\n\ny", "<p class=\"center\">\n</p>"
					   "<p>y</p>\n");
	assert_md("### h\n# i", "<h1 class=\"h3\" id=\"h\">h</h1>\n"
				"<h1 id=\"i\">i</h1>\n");
	assert_md("a\\", "<p>a\\</p>\n");
	assert_md("![a\\](http://x/\\=\\\"o\\",
		  "<p>![a](http://x/=&quot;o\\</p>\n");
	assert_md("$a_b_c$", "<p><span class=\"math\">$a_b_c$</span></p>\n");
	assert_md("[a](javascript:x) [b](/c \"t\")",
		  "<p><span>a</span> <a href=\"/c\" "
		  "rel=\"noopener noreferrer\" title=\"t\">b</a></p>\n");
}

static void
test_text_is_escaped_and_shown(void **state)
{
	struct buf out = { 0 };

	(void)state;
	html_text(&out, slice_of("<&\"'>\x01\x7f\r\n\u202e\xff\ufffe"));
	assert_string_equal(buf_str(&out),
			    "&lt;&amp;&quot;&#39;&gt;\u2401\u2421\n"
			    "\u27e8U+202E\u27e9\ufffd\ufffd");
	buf_release(&out);
}

static void
test_colors_on_backgrounds_are_their_own(void **state)
{
	struct ansi look = { 0 };
	struct buf out = { 0 };

	(void)state;
	html_terminal(&out,
		      slice_of("\033[31ma\033[42mb\033[7mc\033[0md"
			       "\033[48;2;0;0;0me\033[0;7mf"),
		      &look);
	assert_string_equal(
		buf_str(&out),
		"<span class=\"f1\">a</span><span class=\"b2 g1\">b</span>"
		"<span class=\"b1 g2\">c</span>d"
		"<span style=\"background:#000000;color:#fff\">e</span>"
		"<span class=\"if ib\">f</span>");
	buf_release(&out);
}

/* Without its elements, code in colour is the code. */
static void
test_highlighting_loses_nothing(void **state)
{
	static const char *const codes[] = {
		"#include <a> // x\nint main(void) { return f(\"x\\\"\"); }",
		"'unclosed\n\"also /* open",
		"#define A /* b",
		"//| name: x\n",
		"'''a\nb''' # c 'd\n\"e\nf",
		"if [ -f x ]; then echo '#'; fi",
	};
	static const char *const languages[] = { "c", "python", "sh", "?" };

	(void)state;
	for (size_t i = 0; i < countof(codes) * countof(languages); i++) {
		const char *code = codes[i % countof(codes)];
		struct buf out = { 0 }, text = { 0 }, plain = { 0 };

		highlight(&out, languages[i / countof(codes)], slice_of(code));
		for (const char *p = buf_str(&out); *p; p++) {
			if (*p == '<')
				while (*p != '>')
					p++;
			else
				buf_add_byte(&text, *p);
		}
		html_text(&plain, slice_of(code));
		assert_string_equal(buf_str(&text), buf_str(&plain));
		buf_release(&out);
		buf_release(&text);
		buf_release(&plain);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_harmless_html_passes),
		cmocka_unit_test(test_html_that_does_something_goes),
		cmocka_unit_test(test_what_is_open_is_closed),
		cmocka_unit_test(test_tables_and_lists_keep_their_shape),
		cmocka_unit_test(test_addresses_of_links),
		cmocka_unit_test(test_ids_are_unique),
		cmocka_unit_test(test_a_hundred_thousand_ids_of_one_word),
		cmocka_unit_test(test_markdown_keeps_raw_html_inside),
		cmocka_unit_test(test_text_is_escaped_and_shown),
		cmocka_unit_test(test_colors_on_backgrounds_are_their_own),
		cmocka_unit_test(test_highlighting_loses_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
