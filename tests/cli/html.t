A run as a page: self-contained, without a script, and valid.

  $ nb x.ipynb <<'END'
  > === markdown
  > # First *steps*
  > 
  > See [the end](#Last-words), `code`, $x^2$ and <u>this</u>.
  > 
  > === hello tags=["easy"]
  > #include <stdio.h>
  > int main(void) { puts("a < b & \033[1;32mgreen\033[0m\033]0;title\007"); }
  > === bad
  > #include <stdlib.h>
  > int main(void) { abort(); }
  > === markdown
  > ## Last words
  > END
  > cnb run -q x.ipynb -o x.html >out; echo $?; htmlcheck x.html
  1
  $ htmlcheck --text x.html
  x.ipynb
  2 cells: 1 ok, 1 crashed
  bad crashed · SIGABRT
  Run
  20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC (re)
  Took
  <time>
  Compiler
  gcc * (glob)
  Cells
  hello
  bad
  First steps
  See the end, code, $x^2$ and this.
  In [1]
  hello program #easy ok <time>
  #include <stdio.h>
  int main(void) { puts("a < b & \033[1;32mgreen\033[0m\033]0;title\007"); }
  Out [1]
  a < b & green
  In [2]
  bad program crashed <time>
  #include <stdlib.h>
  int main(void) { abort(); }
  Out [2]
  SIGABRT: abort() was called
  bad:2 in main()
  Last words
  $ grep -c '<span class="f2 ab">green</span>' x.html
  1
  $ grep -o '<title>.*</title>\|<h[1-6][^>]*>\|href="#[^"]*"' x.html
  <title>First steps</title>
  href="#cell-c3"
  href="#cell-c2"
  href="#cell-c3"
  <h1 id="First-steps">
  href="#Last-words"
  href="#cell-c2"
  href="#cell-c3"
  <h2 id="Last-words">

Nothing in a notebook gets out of where it stands.

  $ for seed in $(seq 40); do
  >   nbtorture $seed >t.ipynb && cnb export t.ipynb -o t$seed.html || break
  > done 2>warnings; htmlcheck t?.html t??.html && ls t*.html | wc -l
  40

Rich HTML sits in a frame that can do nothing; a picture that is none is named.

  $ python3 - <<'END'
  > import json
  > def display(**data):
  >     return {"output_type": "display_data", "metadata": {},
  >             "data": {k.replace("_", "/"): v for k, v in data.items()}}
  > png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
  > outputs = [display(text_html="<b onclick='x()'>bold</b>", text_plain="bold"),
  >            display(image_png=png, text_plain="a dot"),
  >            display(image_png="AAAA"),
  >            display(text_markdown="*em* <script>x</script>"),
  >            display(text_latex="$\\frac{a}{b}$"),
  >            display(application_json={"k": [1, 2]})]
  > json.dump({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
  >     {"id": "m", "cell_type": "markdown", "metadata": {},
  >      "source": "![dot](attachment:d.png) ![none](attachment:e.png)",
  >      "attachments": {"d.png": {"image/png": png}}},
  >     {"id": "a", "cell_type": "code", "metadata": {}, "source": "",
  >      "execution_count": None, "outputs": outputs}]}, open("r.ipynb", "w"))
  > END
  > cnb export r.ipynb -o r.html && htmlcheck r.html
  $ sed -n 's/.*<main>//; s/base64,[^"]*/base64,.../; /<iframe/p; /<img/p; /<em/p; /frac/p; /<p.*note/p' r.html
  <p><img src="data:image/png;base64,..." alt="dot"> <span class="missing">none</span></p>
  <iframe class="rich" sandbox="" height="48" title="HTML from cell a" srcdoc="&lt;meta*&lt;b onclick=&#39;x()&#39;&gt;bold&lt;/b&gt;"></iframe> (glob)
  <div class="picture"><img src="data:image/png;base64,..." alt="a dot"></div>
  <p class="note">image/png, 3 bytes: not shown here</p>
  <div class="md"><p><em>em</em> x</p>
  $\frac{a}{b}$</pre>

What the Markdown reader leaves open, or leaves that it never entered, ends with
its paragraph: the words of all others are there.

  $ python3 - <<'END'
  > import json
  > texts = ["[](![)]() ![a](b)\n\nx *y*", "http://a.b*b>~*<`\n\ny", "*http://a.b(*~a[ ~x\n\n* one *two\n  - three\n\nz"]
  > json.dump({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
  >     {"id": "m%d" % i, "cell_type": "markdown", "metadata": {}, "source": t}
  >     for i, t in enumerate(texts)]}, open("open.ipynb", "w"))
  > END
  > cnb export open.ipynb -o open.html && htmlcheck open.html
  $ sed -n '/<p>/,/<\/main/p' open.html | sed 's/ \(rel\|loading\|referrerpolicy\)="[^"]*"//g' | grep -v 'div\|main'
  <p><a href="!%5B"></a> <img src="b" alt="a"></p>
  <p>x <em>y</em></p>
  <p><a href="http://a.b*b%3E">http://a.b*b&gt;</a>~&lt;`</p>
  <p>y</p>
  <p><em><a href="http://a.b(*~a%5B">http://a.b(*~a[</a> ~x</em></p>
  <ul><li>one *two
  <ul><li>three</li>
  </ul>
  </li>
  </ul>
  <p>z</p>

In a very long text an address that stands by itself is no link: to look for
these took minutes.

  $ cat >links.py <<'END'
  > import json, sys
  > cell = {"id": "m", "cell_type": "markdown", "metadata": {},
  >         "source": "http://a.b " * int(sys.argv[1]) + "[c](http://d.e)"}
  > json.dump({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}, open("links.ipynb", "w"))
  > END
  $ for n in 9 900 900000; do python3 links.py $n; cnb export links.ipynb -o links.html
  >     grep -o 'href="http' links.html | wc -l; done
  10
  901
  1

A long output is folded behind its first lines.

  $ nb long.ipynb <<'END'
  > === count
  > #include <stdio.h>
  > int main(void) { for (int i = 1; i <= 100; i++) printf("%d\n", i); }
  > END
  > cnb run long.ipynb -o - --to html >long.html; htmlcheck long.html
  $ grep -A1 '70 more' long.html
  <details class="more"><summary>70 more lines</summary><pre class="text">31
  32
