C written in the notebook. What compiles and its values stand in
tests/golden/shared.ipynb; here is what does not, and what is said of it.

  $ nb x.ipynb <<'END'
  > === one
  > int a = 1;
  > === two
  > int b = ;
  > int c = 2;
  > === three
  > a
  > === four
  > int f(void) { return later(); }
  > === five
  > void open(void) {
  > === six
  > int a = 2;
  > === seven
  > int n = 2;
  > int v[n]; v[0] = 1;
  > === eight
  > v[0]
  > === nine
  > x = 5;
  > === ten
  > int later(void) { return 3; }
  > later()
  > === eleven
  > return 3;
  > END
  $ cnb run -k x.ipynb -o x.json >x.out; verdicts <x.json
  one ok
  two build-error (expected expression before ';' token)
  three ok
  four build-error (implicit declaration of function 'later' [-Werror=implicit-function-declaration])
  five build-error (what begins in this line is left open: a bracket, a string or a comment)
  six build-error (redefinition of 'a')
  seven ok
  eight build-error ('v' undeclared (first use in this function))
  nine build-error ('x' undeclared (first use in this function))
  ten ok
  eleven failed exit 3 (returned 3)
  $ grep -e hint -e previous x.out
  x.ipynb:four: hint: 'later' is defined below, in cell 'ten'
  x.ipynb:one:1:5: note: previous definition of 'a' with type 'int'
  x.ipynb:eight: hint: 'v' is local to cell 'seven'
  $ cnb run x.ipynb -c nine --alone | head -9 | tail -6
      x = 5;
  x.ipynb:nine:1:1: error: 'x' undeclared (first use in this function)
      1 | x = 5;
        | ^
  x.ipynb:110: line 1 of cell 'nine'
  build-error <time>: 'x' undeclared (first use in this function)

A comment that nothing ends is no empty cell.

  $ nb open.ipynb <<'END'
  > === open
  > /* what follows
  > === after
  > 7
  > END
  $ cnb run -k open.ipynb -o open.json >/dev/null; verdicts <open.json
  open build-error (unterminated comment)
  after ok

What is left open is told by the first error, not by all that follows from it.

  $ printf '=== a\n5 /* open\nmore\n=== b\nint f(void) {\n  int x;\n=== c\n3\n' | nb left.ipynb
  > for cc in gcc clang; do cnb run -k left.ipynb --cc $cc | grep -e '^left.ipynb:' -e Out; done
  left.ipynb:a:1:3: error: unterminated comment
  left.ipynb:a:1: error: what begins in this line is left open: a bracket, a string or a comment
  left.ipynb:12: line 1 of cell 'a'
  left.ipynb:b:1: error: what begins in this line is left open: a bracket, a string or a comment
  left.ipynb:25: line 1 of cell 'b'
  Out[3]: 3
  left.ipynb:a:1:3: error: unterminated /* comment
  left.ipynb:a:1: error: what begins in this line is left open: a bracket, a string or a comment
  left.ipynb:12: line 1 of cell 'a'
  left.ipynb:b:1: error: what begins in this line is left open: a bracket, a string or a comment
  left.ipynb:25: line 1 of cell 'b'
  Out[3]: 3

A branch that no compiler reads may hold anything.

  $ nb prose.ipynb <<'END'
  > === first
  > #ifdef NEVER
  > don't {
  >   this ( is "prose
  > #endif
  > int a = 3;
  > a
  > === body
  > int f(void) {
  > #ifdef NEVER
  >   } it's { a
  > #else
  >   return a + 1;
  > #endif
  > }
  > f()
  > === shares
  > #ifdef __linux__
  > int g(void) { return 8;
  > #else
  > prose's (
  > #endif
  > }
  > f() + g()
  > === macro
  > #define ON 1
  > #if defined ON && ON < 1
  > }}
  > #elif ON
  > int h = 2;
  > #else
  > {
  > #endif
  > h
  > END
  $ cat >told <<'END'
  > for cc in gcc clang; do cnb run -k prose.ipynb --cc $cc | grep -e ': error' -e Out; done
  > END
  $ sh told
  Out[1]: 3
  Out[2]: 4
  Out[3]: 12
  Out[4]: 2
  Out[1]: 3
  Out[2]: 4
  Out[3]: 12
  Out[4]: 2
  $ sh told >one; CNB_APART=1 sh told | cmp - one

The second time nothing is compiled; an edited header is noticed.

  $ nb y.ipynb <<'END'
  > === uses
  > #include "y.h"
  > int y = Y;
  > y
  > === on
  > y + 1
  > END
  $ echo '#define Y 1' >y.h; touch -d '1 hour ago' y.h; cnb run y.ipynb | grep Out
  Out[1]: 1
  Out[2]: 2
  $ cnb build y.ipynb -v 2>&1 >/dev/null | grep -c 'from the cache'
  1
  $ echo '#define Y 20' >y.h; cnb run y.ipynb | grep Out
  Out[1]: 20
  Out[2]: 21

So it is with the preprocessor, which is asked what macros make.

  $ nb z.ipynb <<'END'
  > === uses
  > #include "z.h"
  > MAKE(z)
  > === on
  > z
  > END
  $ echo '#include "z2.h"' >z.h; echo '#define MAKE(n) int n = 1;' >z2.h
  $ touch -d '1 hour ago' z.h z2.h
  $ cat >logged <<'END'
  > #!/bin/sh
  > echo "$*" >>asked
  > exec gcc "$@"
  > END
  $ chmod +x logged; cnb run z.ipynb --cc ./logged | grep -e Out -e error
  Out[2]: 1
  $ rm asked; cnb run z.ipynb --cc ./logged | grep Out; grep -vxe --version asked
  Out[2]: 1
  ? 1
  $ CNB_APART=1 cnb run z.ipynb --cc ./logged | grep -e Out -e error
  Out[2]: 1
  $ rm asked; CNB_APART=1 cnb run z.ipynb --cc ./logged | grep Out; grep -vxe --version asked
  Out[2]: 1
  ? 1
  $ echo '#define MAKE(n) puts("two"); int n = 2;' >z2.h; cnb run z.ipynb --cc ./logged | grep -c ": error:"
  1
  $ echo '#define MAKE(n) int n = 20;' >z2.h; cnb run z.ipynb --cc ./logged | grep Out
  Out[2]: 20

A header that a cell above writes is there when the cell is reached.

  $ nb w.ipynb <<'END'
  > === first
  > int first = 7;
  > === writes
  > first++;
  > FILE *out = fopen("made.h", "w"); fputs("#define MADE 5\n", out); fclose(out);
  > === reads
  > #include "made.h"
  > MADE + first
  > END
  $ cnb run w.ipynb | grep Out
  Out[3]: 13

Flags of one cell count for all; two that contradict are named.

  $ printf '=== a\n//| cflags: -std=c99\n1\n=== b\n//| cflags: -std=c11\n2\n' | nb s.ipynb
  > cnb run s.ipynb
  cnb: cannot use 's.ipynb': its shared cells are compiled together, but 'a' asks for the standard '-std=c99' and 'b' for '-std=c11'
  ? 2
  $ printf '=== a\n//| cflags: -DN=3\nint n = N;\n=== b\nn + N\n' | nb s.ipynb
  > for cc in gcc clang tcc; do cnb run s.ipynb --cc $cc | grep Out; done
  Out[2]: 6
  Out[2]: 6
  Out[2]: 6
  $ cnb run s.ipynb --cc no-such-cc -q >/dev/null
  cnb: cannot compile: no compiler 'no-such-cc' in PATH
  ? 3

Words that the compiler, or its linker, refuses whatever the text is: no cell is
to blame, none compiles, and that is said at once.

  $ for words in '//| cflags: -fnosuch' '//| ldflags: -lnosuch' '//| cc: false'; do
  >     printf '=== a\n%s\nint n = 1;\n=== b\nn\n=== c\nn + 1\n' "$words" | nb w.ipynb
  >     cnb run -k w.ipynb -o w.json >w.out
  >     verdicts <w.json
  >     cnb run -k --keep w.ipynb -o w.json >w.out
  >     verdicts <w.json | sort | uniq -c | wc -l
  >     cnb stop w.ipynb
  > done
  a build-error (unrecognized command-line option '-fnosuch')
  b build-error (unrecognized command-line option '-fnosuch')
  c build-error (unrecognized command-line option '-fnosuch')
  3
  a build-error (cannot find -lnosuch: No such file or directory)
  b build-error ('n' undeclared (first use in this function))
  c build-error ('n' undeclared (first use in this function))
  3
  a build-error (the compiler failed with exit status 1)
  b build-error (the compiler failed with exit status 1)
  c build-error (the compiler failed with exit status 1)
  3

The environment that a cell asks for:

  $ printf '=== a\n//| env: GREETING=hello\ngetenv("GREETING")\n' | nb v.ipynb
  > cnb run v.ipynb | grep Out
  Out[1]: "hello"

What is left out at the end, and a name that later cells have for themselves.

  $ nb u.ipynb <<'END'
  > === open
  > int x = 5
  > === first
  > exit(0);
  > === own
  > int random = 4; random
  > === after
  > int v[random]; int w = 2; v[0] = w; v[0] + random
  > END
  $ for cc in gcc clang; do
  > cnb run -k u.ipynb --cc $cc >u.out; grep -e Out -e 'u.ipynb:open' u.out; done
  u.ipynb:open:1:10: error: expected ';' at the end
  Out[3]: 4
  Out[4]: 6
  u.ipynb:open:1:10: error: expected ';' after top level declarator
  Out[3]: 4
  Out[4]: 6

However many cells: one call of the compiler the first time, none the second.

  $ python3 - >many.txt <<'END'
  > for i in range(0, 200, 4):
  >     print(f"=== a{i}\nint f{i}(int n) {{ return n + {i}; }}")
  >     print(f"=== b{i}\nint v{i} = f{i}(1), w{i}[] = {{ f{i}(2), 3 }};")
  >     print(f"=== c{i}\nv{i} += w{i}[0]; printf(\"%d\\n\", v{i});")
  >     print(f"=== d{i}\nchar *t{i} = strdup(\"t\");\nv{i}")
  > END
  $ nb many.ipynb <many.txt
  $ printf '#!/bin/sh\n[ "$1" = --version ] || echo call >>calls\nexec cc "$@"\n' >counted
  $ chmod +x counted; cnb run -q many.ipynb --cc ./counted
  many.ipynb: 200 cells: 200 ok in <time>
  $ cat calls; cnb run -q many.ipynb --cc ./counted; wc -l <calls
  call
  many.ipynb: 200 cells: 200 ok in <time>
  1

Another compiler, and another level of optimisation, find the same values.

  $ for f in shared macros; do
  > cp $SRC/tests/golden/$f.ipynb $f-clang.ipynb; cp $f-clang.ipynb $f-O2.ipynb
  > cnb run -qi $f-clang.ipynb --cc clang; cnb run -qi $f-O2.ipynb --cflags -O2
  > cmp $SRC/tests/golden/$f.ipynb $f-clang.ipynb; cmp $f-clang.ipynb $f-O2.ipynb; done
  shared-clang.ipynb: 82 cells: 82 ok in <time>
  shared-O2.ipynb: 82 cells: 82 ok in <time>
  macros-clang.ipynb: 22 cells: 22 ok in <time>
  macros-O2.ipynb: 22 cells: 22 ok in <time>

So do the sanitizers of both compilers, which have nothing to report.

  $ for cc in gcc clang; do cp $SRC/tests/golden/shared.ipynb sane.ipynb
  > cnb run -qi sane.ipynb --cc $cc --sanitize address,undefined
  > cmp $SRC/tests/golden/shared.ipynb sane.ipynb; done
  sane.ipynb: 82 cells: 82 ok in <time>
  sane.ipynb: 82 cells: 82 ok in <time>

What we write among the cells is C of any standard.

  $ for std in c89 gnu89 c99 gnu2x; do for cc in gcc clang; do
  >     printf '=== a\n//| cflags: -std=%s\nint x = 3;\n=== b\nx\n' $std | nb std.ipynb; cnb run --cc $cc std.ipynb | grep Out
  > done; done | sort -u
  Out[2]: 3
