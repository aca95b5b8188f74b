Statements of a cell stand in a function that nobody wrote. A semicolon that is
missing at its end is missing; what a macro brings is there; a label may be last.

  $ cat >u.txt <<'END'
  > === value
  > if (1) 5
  > === return
  > return 5
  > === call
  > if (1) puts("x")
  > === nothing
  > if (1)
  > === do
  > do puts("e"); while (0)
  > === before-a-directive
  > int z = 5; if (z) z = 4
  > #define M 4
  > === label
  > puts("one");
  > goto end;
  > end:
  > === macro
  > #define DONE puts("done");
  > if (1) DONE
  > === block
  > if (1) { puts("block"); }
  > END
  $ nb u.ipynb <u.txt
  $ cnb run -k u.ipynb --cc gcc | grep -e ': error:' -e '^[a-z]\+$'
  u.ipynb:value:1:9: error: expected ';' at the end
  u.ipynb:return:1:9: error: expected ';' at the end
  u.ipynb:call:1:17: error: expected ';' at the end
  u.ipynb:nothing:1:7: error: expected ';' at the end
  u.ipynb:do:1:24: error: expected ';' at the end
  u.ipynb:before-a-directive:1:24: error: expected ';' at the end
  one
  done
  block
  $ cnb run -k u.ipynb --cc clang | grep -e ': error:' -e '^[a-z]\+$'
  u.ipynb:value:1:9: error: expected ';' after expression
  u.ipynb:return:1:9: error: expected ';' after return statement
  u.ipynb:call:1:17: error: expected ';' after expression
  u.ipynb:nothing:1:7: error: expected ';' at the end
  u.ipynb:do:1:24: error: expected ';' after do/while statement
  u.ipynb:before-a-directive:1:24: error: expected ';' after expression
  one
  done
  block

Its name is the cell's, and so an assertion speaks of the cell.

  $ nb f.ipynb <<'END'
  > === load
  > int f(void) { puts(__func__); return 1; }
  > puts(__func__); puts(__FUNCTION__); puts(__PRETTY_FUNCTION__);
  > f();
  > === check
  > #include <assert.h>
  > assert(f() == 2);
  > END
  $ for cc in gcc clang; do cnb run f.ipynb --cc $cc | grep -e '^[a-z]\+$' -e Assertion; done
  load
  load
  load
  f
  f
  check: f.ipynb:check:2: check: Assertion `f() == 2' failed.
  load
  load
  load
  f
  f
  check: f.ipynb:check:2: check: Assertion `f() == 2' failed.

What a macro declares with a value that is computed is its cell's own; a pragma
may stand in front of a result.

  $ nb m.ipynb <<'END'
  > === macro
  > int f(void) { return 4; }
  > #define DECLARE(x) int x = f()
  > #define CONSTANT(x) int x = 3;
  > === uses
  > CONSTANT(c)
  > DECLARE(q);
  > q + c
  > === below
  > c + q
  > === pragma
  > _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic pop")
  > c + 4
  > END
  $ cat >told <<'END'
  > for cc in gcc clang; do cnb run -k m.ipynb --cc $cc | grep -e ': error:' -e Out -e hint:; done
  > END
  $ sh told
  Out[2]: 7
  m.ipynb:below:1:5: error: 'q' undeclared (first use in this function)
  m.ipynb:below: hint: 'q' is local to cell 'uses': a macro declares it
  Out[4]: 7
  Out[2]: 7
  m.ipynb:below:1:5: error: use of undeclared identifier 'q'
  m.ipynb:below: hint: 'q' is local to cell 'uses': a macro declares it
  Out[4]: 7
  $ sh told >one; CNB_APART=1 sh told | cmp - one

A function is a result like its address.

  $ printf '=== a\nint f(void) { return 1; }\nf\n=== b\nstruct s *(*g(int n))(void) { (void)n; return 0; }\ng\n' | nb p.ipynb
  > for cc in gcc clang; do cnb run p.ipynb --cc $cc | grep -c 'Out.*: 0x[0-9a-f]*$'; done
  2
  2

A cell that is nothing but a comment left open is no empty one.

  $ printf '=== a\n/* never ends\n=== b\n1\n' | nb c.ipynb
  > for cc in gcc clang; do cnb run -k c.ipynb --cc $cc | grep -e ': error: unterm' -e Out; done
  c.ipynb:a:1:1: error: unterminated comment
  Out[2]: 1
  c.ipynb:a:1:1: error: unterminated /* comment
  Out[2]: 1

`a * b;` multiplies where a is a variable and declares b where it is a type, of
the notebook or of a header; what the text does not tell, the compiler does.

  $ nb n.ipynb <<'END'
  > === one
  > int m1 = 3, m2 = 4;
  > === two
  > m1 * m2;
  > m1 * m2
  > === types
  > typedef int T;
  > T * p; T(q); T (w)[2];
  > === below
  > q = 5; p = &q; w[1] = 2; *p + w[1]
  > === headers
  > FILE * f; size_t * n;
  > n = 0; f = stdout; n == 0 && f == stdout
  > === macro
  > #include <errno.h>
  > #define K 4
  > K * m1;
  > errno * m1;
  > (T) * p; sizeof(T) * m1;
  > m1
  > === again
  > int a = 2, b = 3; a * b; b
  > END
  $ for cc in gcc clang; do
  > cnb run n.ipynb --cc $cc | grep -e Out -e ': error:' >one.$cc
  > CNB_APART=1 cnb run n.ipynb --cc $cc | grep -e Out -e ': error:' | cmp - one.$cc
  > done; cmp one.gcc one.clang; cat one.gcc
  Out[2]: 12
  Out[4]: 7
  Out[5]: 1
  Out[6]: 3
  Out[7]: 3
  $ cnb build n.ipynb --cc gcc -v 2>&1 >/dev/null | grep -c 'from the cache'
  1

What is added to show a result is no matter of the standard's.

  $ printf '=== a\nint f(void) { return 2; }\nint x = f();\nx + 1\n=== b\n"s"\n' | nb e.ipynb
  > for cc in gcc clang; do
  > cnb run -k e.ipynb --cc $cc --cflags='-std=c11 -pedantic-errors' | grep -e Out -e ': error'
  > done
  Out[1]: 3
  Out[2]: "s"
  Out[1]: 3
  Out[2]: "s"

What compilers know of the C library holds (a format is checked) but for names
that are the notebook's own, also where the library has them for old programs
only (step, pow10).

  $ nb k.ipynb <<'END'
  > === format
  > printf("%d\n", 1.5 > 1 ? 2L : 3L);
  > === names
  > int y1 = 3; int index(int n) { return n + y1; }
  > int abs(int n) { return n + 100; }
  > char *strdup;
  > int step = 2; int pow10(int n) { return n + step; }
  > === own
  > step++; index(4) + abs(-3) + pow10(5)
  > END
  $ cat >known <<'END'
  > for cc in gcc clang; do for o in -O0 -O2; do
  > cnb run k.ipynb --cc $cc --cflags $o | grep -o -e 'Wformat' -e 'Out.*'
  > done; done
  > END
  $ sh known
  Wformat
  Out[3]: 112
  Wformat
  Out[3]: 112
  Wformat
  Out[3]: 112
  Wformat
  Out[3]: 112
  $ sh known >one; CNB_APART=1 sh known | cmp - one
