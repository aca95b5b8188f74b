What comes from others does no harm where it is only shown.

  $ cat >evil <<'END'
  > import json, sys
  > BAD = ("x\x1b]0;title\x07\x1b[2J\x1b[31mred\u202etxt\u200b\r\b"
  >        "<script>alert(1)</script>]]>\" onload=\"x")
  > def code(n, source, **meta):
  >     return {"cell_type": "code", "id": "c%d" % n, "metadata": meta,
  >             "source": source, "execution_count": 1, "outputs": [
  >         {"output_type": "stream", "name": "stdout", "text": BAD},
  >         {"output_type": "error", "ename": BAD, "evalue": BAD,
  >          "traceback": [BAD]},
  >         {"output_type": "display_data", "metadata": {BAD: BAD},
  >          "data": {BAD: BAD, "text/plain": BAD}}]}
  > print(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {
  >     "kernelspec": {"name": BAD, "display_name": BAD}, "title": BAD,
  >     "cnb": {"plugins": ["folder/inner"]}},
  >   "cells": [
  >     code(1, "/* \x1b[2J \u202e */ puts(\"\\033[2J\\033[31mred"
  >             "\\xe2\\x80\\xae\");\r\n", name=BAD, tags=[BAD]),
  >     code(2, "//| name: b\n//| use: ../outside/one\n"),
  >     code(3, "//| name: c\n//| use: %s/folder/outside/one\n"
  >          % sys.argv[1]),
  >     code(4, "//| name: d\n//| use: a/../../outside/one\n"),
  >     {"cell_type": "markdown", "id": "m", "metadata": {}, "source": BAD,
  >      "attachments": {"../../x\"onerror=alert(1) .png":
  >                      {"image/png\" onload=\"": "AAAA"}}}]}))
  > END
  $ /usr/bin/python3 evil "$PWD" >evil.ipynb

No terminal obeys it: of control characters only colours pass, and only in
what a cell writes; what would turn or hide text is shown by its number.

  $ onpty <<'END'
  > > cnb run --color never evil.ipynb --cell c1; echo "<$?>"
  > - \x1b\[2J
  > - \u202e
  > <   /\* \\x1b\[2J <U\+202E> \*/ puts
  > - \\x0d
  > < \n\\x1b\[2J\x1b\[31mred<U\+202E>\n\x1b\[0mok .*
  > < <0>
  > > cnb run --raw --color never evil.ipynb --cell c1; echo "<$?>"
  > < /\* \x1b\[2J \u202e \*/
  > < \n\x1b\[2J\x1b\[31mred\u202e\nok .*
  > < <0>
  > > cnb export -t md evil.ipynb; echo "<$?>"
  > - \x1b\[2J
  > - \u202e
  > < x\\x1b\]0;title\\x07\\x1b\[2J\x1b\[31mred<U\+202E>txt<U\+200B>
  > < \x1b\[0m<0>
  > > cnb export -t md --raw evil.ipynb; echo "<$?>"
  > < \x1b\[2J\x1b\[31mred\u202etxt
  > < <0>
  > > exit
  > END

A file's name is another's, too.

  $ cat >named <<'END'
  > bad=$(printf 'a\033[2J\342\200\256\302\233b.ipynb'); echo '{' >"$bad"
  > "$@" "$bad"; echo "<$?>"; rm -f "$bad"
  > END
  $ for c in list run check 'export -t md' new clear; do sh named cnb $c; done
  cnb: cannot read 'a?[2J??b.ipynb': line 2, column 1: * (glob)
  <2>
  cnb: cannot read 'a?[2J??b.ipynb': line 2, column 1: * (glob)
  <2>
  cnb: cannot read 'a?[2J??b.ipynb': line 2, column 1: * (glob)
  <2>
  cnb: cannot read 'a?[2J??b.ipynb': line 2, column 1: * (glob)
  <2>
  cnb: *'a?[2J??b.ipynb'* (glob)
  <2>
  cnb: cannot read 'a?[2J??b.ipynb': line 2, column 1: * (glob)
  <2>

  $ printf '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code", "id": "a", "metadata": {}, "source": "1",
  >  "execution_count": 1, "outputs": []}]}' >plain; bad=$(printf 'a\033[2J\n\342\200\256\302\233b.ipynb'); cp plain "$bad"; cnb check --update "$bad"
  --- a\x1b[2J\x0a<U+202E>\x9bb.ipynb:a (recorded)
  +++ a\x1b[2J\x0a<U+202E>\x9bb.ipynb:a (now)
  @@ -0,0 +1 @@
  +[result] 1
  a\x1b[2J\x0a<U+202E>\x9bb.ipynb: 1 cell: 1 differs
  a\x1b[2J\x0a<U+202E>\x9bb.ipynb: updated
  $ cnb check --raw a*b.ipynb | cat -v; rm a*b.ipynb
  a^[[2J
  M-bM-^@M-.M-BM-^[b.ipynb: 1 cell: 1 as recorded

A line of ours stays one, whatever it quotes.

  $ cat >forged.ipynb <<'END'
  > {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
  >  {"cell_type": "x'\ncnb: all is well\n\u001b[2J", "id": "a", "metadata": {}, "source": ""}]}
  > END
  $ cnb list forged.ipynb
  cnb: warning: 'forged.ipynb', cell 1: nbformat 4 has no cells of type 'x'\x0acnb: all is well\x0a\x1b[2J'; it is kept as it is
  cell  name  kind  status  lines

So does a row, of what a notebook says became of its cells.

  $ cat >forged.ipynb <<'END'
  > {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
  >  {"cell_type": "code", "id": "a", "outputs": [], "execution_count": 1, "source": "1",
  >   "metadata": {"cnb": {"run": {"kind": "shared", "status": "ok\n2     b     shared  \u001b[2J"}}}}]}
  > END
  $ cnb list forged.ipynb
  cell  name  kind    status                             lines
  1     a     shared  ok\x0a2     b     shared  \x1b[2J  1

A plugin outside of the notebook's folders for them is none of its plugins,
not even where it is there.

  $ mkdir -p folder/inner/a
  $ cat >folder/outside.c <<'END'
  > #include "cell.h"
  > static int one(struct cell *c) { (void)c; return 0; }
  > static const struct cell_def cells[] = { { "one", one } };
  > CELL_TABLE(cells);
  > END
  $ cnb run -k evil.ipynb --cell b --cell c --cell d | grep -a build-error
  build-error <time>: '../outside' leads out of the notebook's plugin folders; name its folder in metadata.cnb.plugins
  build-error <time>: '<dir>/folder/outside' leads out of the notebook's plugin folders; name its folder in metadata.cnb.plugins
  build-error <time>: 'a/../../outside' leads out of the notebook's plugin folders; name its folder in metadata.cnb.plugins
  3 cells: 3 build-error * (glob)

A plugin that is named itself is loaded, in a process of its own: whatever it
does there, it is told in a sentence, and nobody stays behind.

  $ cat >plugin <<'END'
  > # plugin CODE: what becomes of `cnb list` where a constructor does that
  > { printf '#define _GNU_SOURCE\n#include <signal.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <sys/socket.h>\n#include <unistd.h>\n'
  >   cat folder/outside.c; echo "__attribute__((constructor)) static void begin(void) { $1 }"; } >x.c
  > cc -w -shared -fPIC -I "$SRC/runner" -o x.so x.c; cnb list x.so 2>&1 | cat -v
  > END
  $ for code in 'exit(0);' '_exit(0);' 'abort();' 'kill(0, SIGKILL);' 'for (int i = 3; i < 1024; i++) close(i);' 'execl("/bin/true", "true", NULL);' \
  >     'char b[3000]; memset(b, 65, sizeof b); for (int i = 3; i < 1024; i++) write(i, b, sizeof b);'; do sh plugin "$code"; done
  cnb: cannot load '<dir>/x.so': its own code (a constructor, or cell_table()) ended the process that loads it, or held it up for 10 seconds
  cnb: cannot load '<dir>/x.so': its own code (a constructor, or cell_table()) ended the process that loads it, or held it up for 10 seconds
  cnb: cannot load '<dir>/x.so': its own code (a constructor, or cell_table()) ended the process that loads it, or held it up for 10 seconds
  cnb: cannot load '<dir>/x.so': its own code (a constructor, or cell_table()) ended the process that loads it, or held it up for 10 seconds
  cnb: cannot load '<dir>/x.so': its own code (a constructor, or cell_table()) ended the process that loads it, or held it up for 10 seconds
  cnb: cannot load '<dir>/x.so': its own code (a constructor, or cell_table()) ended the process that loads it, or held it up for 10 seconds
  cnb: cannot load '<dir>/x.so': its own code (a constructor, or cell_table()) answers nonsense in the place of the process that loads it
  $ cnb list x.so 2>log
  ? 2

So where it answers cnb itself: with what is no answer to that, says nothing, or
ends in the middle.

  $ cat >answer <<'END'
  > sh plugin "struct { short type; char first, more; int len, from; char bytes[8]; }
  >     m = { $1, 1, 0, 8, getpid(), \"$2\" };
  >     for (int i = 3; i < 1024; i++) send(i, &m, sizeof m, 0);"
  > END
  $ for type in 1 2 3; do sh answer $type abcdefg; done; sh answer 2 '\0\0\0\0\0\0\0'
  cnb: cannot load '<dir>/x.so': its own code (a constructor, or cell_table()) answers nonsense in the place of the process that loads it
  cnb: cannot load '<dir>/x.so': its own code (a constructor, or cell_table()) answers nonsense in the place of the process that loads it
  cnb: cannot load '<dir>/x.so': its own code (a constructor, or cell_table()) answers nonsense in the place of the process that loads it
  cnb: cannot load '<dir>/x.so': its own code (a constructor, or cell_table()) answers nonsense in the place of the process that loads it
  $ sh plugin 'kill(getppid(), SIGKILL);'
  one|cnb: cannot load '.* (re)
  $ for code in 'kill(getppid(), SIGSTOP);' 'if (fork() == 0) for (;;) pause();' \
  >     'puts("\\033[2J"); fputs("\\033[31m", stderr);'; do sh plugin "$code"; done
  one
  one
  one

In a run the cell that names it has failed, and the others do not mind.

  $ nb n.ipynb <<'END'
  > === a
  > int n = 1; n
  > === one
  > //| use: x/one
  > === b
  > n + 1
  > END
  $ sh plugin '_exit(0);' >log; rm x.so; cnb run -k n.ipynb | grep -e ^Out -e ^failed -e cells:
  Out[1]: 1
  failed <time>: the process that runs cells ended, or was held up, while it loaded the cell's plugin: code of the plugin's own (a constructor, or cell_table()) does that, or what an earlier cell left running
  Out[3]: 2
  3 cells: 2 ok, 1 failed (one) in <time>

What a cell writes to a file is written for who runs it, not for who looks; and
for who builds it if it stays below the work directory.

  $ mkdir -p w/in; nb w/in/w.ipynb <<'END'
  > === a
  > %%file ../outside.h
  > #define N 1
  > === b
  > //| file: beside.c
  > //| run: touch ran
  > int x;
  > === c
  > #include "../outside.h"
  > N
  > END
  $ cnb list -v w/in/w.ipynb >list; cnb convert w/in/w.ipynb w.c; cnb clear w/in/w.ipynb
  $ for f in html junit json jsonl md ipynb; do cnb export -t $f w/in/w.ipynb >o.$f || echo $f; done
  $ find w -type f
  w/in/w.ipynb
  $ cnb build w/in/w.ipynb 2>&1 | grep warning; find w -type f | sort
  cnb: warning: cell 'a': '../outside.h' is outside of the work directory: a run writes it, a build does not
  w/in/beside.c
  w/in/w.ipynb
  $ cnb run -q w/in/w.ipynb; find w -type f | sort
  w/in/w.ipynb: 3 cells: 3 ok in <time>
  w/in/beside.c
  w/in/ran
  w/in/w.ipynb
  w/outside.h

Documents hold it as text.

  $ for f in html junit json jsonl md ipynb; do cnb export -t $f evil.ipynb >o.$f || echo $f; done
  $ htmlcheck o.html; xmllint --noout o.junit; nbvalidate o.ipynb
  $ /usr/bin/python3 -c 'import json
  > json.load(open("o.json"))
  > for line in open("o.jsonl"): json.loads(line)'
  $ grep -c '<script>alert' o.html o.junit
  o.html:0
  o.junit:0
  ? 1

What is small makes no document without end, and takes no time without end: a
picture that is shown a hundred thousand times, as many pictures, headings that
are all the same, cells of which each has to be told something.

  $ cat >swells.py <<'END'
  > import json
  > def code(n, **more):
  >     return {"cell_type": "code", "id": "c%d" % n, "metadata": {}, "source": "", "execution_count": None, "outputs": [], **more}
  > def note(source, **pictures):
  >     return {"cell_type": "markdown", "id": "m", "metadata": {}, "source": source,
  >             "attachments": {n: {"image/png": p} for n, p in pictures.items()}}
  > def write(path, *cells):
  >     json.dump({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}, open(path, "w"))
  > write("one.ipynb", note("![](attachment:a) " * 100000, a="AAAA" * 250000))
  > write("few.ipynb", note("![](attachment:a) " * 100000, a="AAAA"))
  > write("all.ipynb", note("".join("![](attachment:a%d) " % i for i in range(20000)),
  >                         **{"a%d" % i: "AAAA" for i in range(20000)}))
  > write("head.ipynb", note("# same\n\n" * 50000))
  > write("ids.ipynb", *[code(1) for i in range(20000)])
  > END
  $ python3 swells.py
  $ for n in one all head; do for f in html md; do cnb export $n.ipynb -o $n.$f; done; done
  $ for f in one.html one.md; do [ $(wc -c <$f) -lt 100000000 ] || wc -c $f; grep -o data:image/png $f | wc -l; done
  78
  78
  $ tail -n 1 one.md; grep -o '<p class="missing">[^<]*' one.html
  *(99922 pictures are not shown: those that the text shows again and again would take too much room)*
  <p class="missing">99922 pictures are not shown: those that the text shows again and again would take too much room
  $ for f in all.html all.md; do grep -o data:image/png $f | wc -l; done; grep -o '<h1 id="same-50000"' head.html
  20000
  20000
  <h1 id="same-50000"
  $ cnb list ids.ipynb 2>&1 >list | sed -n '1p;$p'; cnb list ids.ipynb 2>&1 >list | wc -l
  cnb: warning: 'ids.ipynb', cell 2: the id 'c1' is that of a cell above; it gets a new one
  cnb: warning: 'ids.ipynb': 19980 more like these
  20

However long a picture is that stands there often: it is not read each time.

  $ cat >took.py <<'END'
  > import resource, subprocess
  > def took(name):
  >     before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
  >     subprocess.run(["cnb", "export", name, "-o", "o.md"], check=True)
  >     return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
  > few, one = min(took("few.ipynb") for i in range(3)), took("one.ipynb")
  > print("as fast" if one < 40 * few else (few, one))
  > END
  $ python3 took.py
  as fast
