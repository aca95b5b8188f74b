A plugin for each shared cell, as sessions build them. That what runs is the
same, tests/golden says; here is what is compiled again, and what is told.

./change edits the notebook and lists the cells whose plugins are others then.

  $ cat >change <<'END'
  > sed -i "$1" x.txt; nb x.ipynb <x.txt; touch old
  > cnb build --each x.ipynb 2>/dev/null >new
  > grep -vxFf old new | cut -f1 | xargs; mv new old
  > END
  $ chmod +x change
  $ cat >x.txt <<'END'
  > === types
  > struct p { int x; };
  > enum color { RED, GREEN };
  > #define LIMIT 3
  > === variables
  > int used = 1, unused = 2;
  > === function
  > static int twice(int n) { return n + n; }
  > === other
  > struct p here = { RED };
  > === calls
  > twice(used)
  > === plain
  > here.x + 1
  > === macro
  > LIMIT
  > END
  $ ./change ''
  types variables function other calls plain macro
  $ ./change ''
  \

Names that libc has, too, are renamed in what was compiled: it is kept all the
same, and in a session nothing runs again for it.

  $ printf '=== a\nint index = 1, step = 2;\n=== b\nindex + step\n=== c\nindex\n' | nb own.ipynb
  $ for cc in gcc clang tcc; do cnb build --each --cc $cc own.ipynb >one; cnb build --each --cc $cc own.ipynb | cmp - one; done
  $ cnb run -q --keep own.ipynb; cnb rerun own.ipynb c; cnb stop own.ipynb
  own.ipynb: 3 cells: 3 ok in <time>
  own.ipynb
  
  In [3]: c  (shared)
      index
  Out[3]: 1
  ok <time>
  
  1 cell: 1 ok in <time>

A function's body, comments and blanks are its cell's own; so is the value that
a variable begins with.

  $ ./change 's/n + n/2 * n/'
  function
  $ ./change 's/^static int twice/\/* twice *\/\n\n&/'
  function
  $ ./change 's/used = 1/used = 5/'
  variables

A declaration is of those who use it, also by way of another one.

  $ ./change 's/^int used/long used/'
  variables calls
  $ ./change 's/twice(int n)/twice(long n)/'
  function calls
  $ ./change 's/int x;/int y, x;/'
  types other plain
  $ ./change 's/LIMIT 3/LIMIT 4/'
  types macro
  $ ./change 's/RED, GREEN/RED, BLUE/'
  types other
  $ CNB_APART=1 cnb run x.ipynb | grep Out
  Out[5]: 10
  Out[6]: 1
  Out[7]: 4

A cell that is new has no part in what does not use it.

  $ ./change 's/^=== calls/=== more\nint more = 3;\n&/'
  more

What does not compile is told as ever, and stops only what needs it.

  $ nb y.ipynb <<'END'
  > === one
  > int a = 1;
  > === two
  > int b = ;
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
  > int missing(int); missing(1)
  > === ten
  > int later(void) { return 3; }
  > later() + b
  > === eleven
  > static int a;
  > === twelve
  > long a;
  > === thirteen
  > int f(void) { return 4; } f()
  > END
  $ cnb run -k y.ipynb -o y.json >y0.out; verdicts <y.json >y0
  > CNB_APART=1 cnb run -k y.ipynb -o y.json >y1.out; verdicts <y.json >y1
  > diff y0 y1; cat y1
  one ok
  two build-error (expected expression before ';' token)
  three ok
  four build-error (implicit declaration of function 'later' [-Werror=implicit-function-declaration])
  five build-error (what begins in this line is left open: a bracket, a string or a comment)
  six build-error (redefinition of 'a')
  seven ok
  eight build-error ('v' undeclared (first use in this function))
  nine build-error (undefined reference to `missing')
  ten build-error ('b' undeclared (first use in this function))
  eleven build-error (static declaration of 'a' follows non-static declaration)
  twelve build-error (conflicting types for 'a'; have 'long int')
  thirteen ok
  $ sed '/ cells: /d; s/[0-9.]* ms/T/' y0.out >a
  > sed '/ cells: /d; s/[0-9.]* ms/T/' y1.out >b; diff a b

A variable that a cell above has without a value gets it when its cell runs.

  $ printf '=== a\nint x;\n=== b\nint x = 5;\n=== c\nx\n' | nb z.ipynb
  > CNB_APART=1 cnb run z.ipynb | grep Out
  Out[3]: 5

What no other cell could see belongs together with those that name it, for it
would be two variables; where nobody does, there is no need.

  $ cat >private.txt <<'END'
  > === macro
  > #define PRIVATE static
  > PRIVATE int x = 1;
  > === between
  > int between = 2;
  > === uses
  > x++ + between
  > === hidden
  > __attribute__((visibility("hidden"))) int hidden(void) { return 5; }
  > === calls
  > hidden() + x
  > === last
  > PRIVATE int last = 6; last
  > END
  $ ./change '' >out; nb x.ipynb <private.txt; cp private.txt x.txt; ./change '' >out
  > for cc in gcc clang; do CNB_APART=1 cnb run x.ipynb --cc $cc | grep -e Out -e error:; done
  Out[3]: 3
  Out[5]: 7
  Out[6]: 6
  Out[3]: 3
  Out[5]: 7
  Out[6]: 6
  $ ./change 's/last = 6/last = 7/'; ./change 's/between = 2/between = 3/'
  last
  macro between uses hidden calls

Flags: what would hide names does nothing, and -static is refused.

  $ printf '=== a\n//| cflags: -fvisibility=hidden -flto -O2\nint x = 1;\n=== b\nx + 1\n' | nb f.ipynb
  > CNB_APART=1 cnb run f.ipynb | grep Out
  Out[2]: 2
  $ printf '=== a\n//| ldflags: -static\nint x = 1;\n' | nb f.ipynb
  > CNB_APART=1 cnb run f.ipynb | grep -o 'the flag .*'
  the flag '-static' and shared cells do not go together in a session: each of them is a shared object

A header that a cell above writes is there when the cell is reached.

  $ nb w.ipynb <<'END'
  > === first
  > int first = 7;
  > === writes
  > first++;
  > FILE *out = fopen("made.h", "w"); fputs("#define MADE 5\n", out); fclose(out);
  > === reads
  > #include "made.h"
  > static int made = MADE;
  > made + first
  > === below
  > made + MADE
  > END
  $ CNB_APART=1 cnb run w.ipynb | grep Out
  Out[3]: 13
  Out[4]: 10

tcc aligns no table in the objects in which names are looked up.

  $ printf '=== a\nint n = 1;\n=== b\nextern int n;\nn\n' | nb t.ipynb
  > cnb run -q --keep --cc tcc t.ipynb; cnb rerun t.ipynb b | grep Out; cnb stop t.ipynb
  t.ipynb: 2 cells: 2 ok in <time>
  Out[2]: 1

Nor does it say of one that is to be loaded that nobody has a name that it needs:
that is the failure of those that need it alone, in a run as in a session, and
as it is where the linker says so.

  $ nb lack.ipynb <<'END'
  > === first
  > #include <stdio.h>
  > int n = 1; n
  > === lacks
  > int missing(int); missing(n)
  > === middle
  > n + 1
  > === calls
  > int call(void) { return missing(2); }
  > === needs
  > call()
  > === last
  > puts("last"); n + 2
  > END
  $ cat >lack <<'END'
  > # lack WORD...: which cells fail, and of what
  > cnb run -k -q "$@" lack.ipynb -o lack.json >out; verdicts <lack.json | sed "s/cannot load '.*': //"
  > END
  $ sh lack --cc tcc >run; sh lack --cc tcc --keep >session; cnb stop lack.ipynb; CNB_APART=1 sh lack --cc tcc >apart; cat run
  first ok
  lacks build-error (undefined symbol: missing)
  middle ok
  calls build-error (undefined symbol: missing)
  needs build-error (undefined symbol: call)
  last ok
  $ cmp run session; cmp run apart; sh lack --cc gcc | cut -d' ' -f1,2 >gcc; cut -d' ' -f1,2 run | diff - gcc
  $ sh lack --cc tcc --cell last --alone | tail -1; outputs last <lack.json
  last ok
  last 3 "last\n"

What a cell's plugin has is found whatever tells of it: a label of the assembler,
a name that asm() gives, a macro's name for another, an alias, a compound literal
that gives an array its length.

  $ nb found.ipynb <<'END'
  > === label
  > __asm__(".pushsection .data\n.globl labelled\nlabelled: .long 42\n.popsection");
  > extern int labelled;
  > === uses
  > labelled
  > === given
  > int index2(void) __asm__("index");
  > === defines
  > int index2(void) { return 4; }
  > === calls
  > index2()
  > === macro
  > #define shown hidden
  > int shown = 7;
  > === other
  > #undef shown
  > int shown = 8;
  > === both
  > shown * 10 + hidden
  > === alias
  > int real = 3; extern int other __attribute__((alias("real")));
  > === writes
  > other = 10; real
  > === literal
  > int list[] = (int[]){ 1, 2, 3 };
  > === length
  > sizeof list
  > END
  $ for cc in gcc clang; do cnb run -k found.ipynb --cc $cc | grep -e Out -e error >one; CNB_APART=1 cnb run -k found.ipynb --cc $cc | grep -e Out -e error | diff one -; done; cat one
  Out[2]: 42
  Out[5]: 4
  Out[8]: 87
  Out[10]: 10
  Out[12]: 12
  $ sed -i 's/labelled: .long 42/labelled: .long 43/' found.ipynb; CNB_APART=1 cnb run found.ipynb | grep 'Out.2'
  Out[2]: 43

What stands below is there from the first cell on, as in one unit, where it is
used: a function that is called, or whose address is taken, before its own cell; a
variable that is only declared by then, or has no value yet; what may be missing;
an alias of what another cell has.

  $ cat >below.txt <<'END'
  > === called
  > int later(int); later(1)
  > === callback
  > #include <stdlib.h>
  > int order(const void *, const void *);
  > int list[] = { 3, 1, 2 };
  > void sort(void) { qsort(list, 3, sizeof *list, order); }
  > === sorted
  > sort(); list
  > === reads
  > extern int far; int get(void) { return far++; }
  > get()
  > === missing
  > extern int hook(void) __attribute__((weak)), never(void) __attribute__((weak));
  > int fire(void) { return (hook ? hook() : -1) * 10 + (never ? never() : -1); }
  > fire()
  > === valueless
  > int zero; zero++
  > === alone
  > int alone = 5; alone
  > === later
  > int later(int n) { return n + 1; }
  > === order
  > int order(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
  > === far
  > int far = 40; get()
  > === hook
  > int hook(void) { return later(4); }
  > fire()
  > === zero
  > int zero = 7; zero
  > === other
  > int other(int n) __attribute__((alias("later")));
  > === last
  > other(5) + later(6) + alone
  > END
  $ nb below.ipynb <below.txt
  > sed '/=== missing/,/^fire/d; /=== hook/,$d' below.txt | nb tcc.ipynb
  > cat >both <<'END'
  > # both NOTEBOOK CC: its results, which are the same in a session
  > cnb run -k $1 --cc $2 | grep -e Out -e error: >one
  > CNB_APART=1 cnb run -k $1 --cc $2 | grep -e Out -e error: | diff one -; cat one
  > END
  $ sh both tcc.ipynb tcc | wc -l; sh both below.ipynb clang >clang; sh both below.ipynb gcc | diff clang -; cat clang
  6
  Out[1]: 2
  Out[3]: {1, 2, 3}
  Out[4]: 40
  Out[5]: 49
  Out[6]: 7
  Out[7]: 5
  Out[10]: 41
  Out[11]: 49
  Out[12]: 8
  Out[14]: 18

In a session they become stale together, and what is defined again is the new one.

  $ cnb run -q --keep below.ipynb
  below.ipynb: 14 cells: 14 ok in <time>
  $ cnb rerun below.ipynb last -q; cnb rerun below.ipynb sorted 2>err | grep Out
  below.ipynb: 1 cell: 1 ok in <time>
  Out[3]: {1, 2, 3}
  $ sed -i 's/n + 1;/n + 100;/' below.txt; nb below.ipynb <below.txt
  > cnb rerun below.ipynb | grep Out >session; cnb run below.ipynb | grep Out | diff - session; head -1 session
  > cnb stop below.ipynb
  Out[1]: 101

A function that is called only when its cell has run is no reason to.

  $ printf '=== a\nint g(int);\n=== f\nint f(void) { return g(1); }\n=== g\nint g(int n) { return n; }\n=== last\nf() + g(2)\n' >x.txt
  > >old; ./change 's/return n;/return n + 1;/' >out; ./change 's/return n + 1;/return n + 2;/'
  g

One that does not compile is left out of them.

  $ printf '=== a\nint g(int); g(1)\n=== b\nint b = ;\n=== c\nstatic int c = 4;\n=== g\nint g(int n) { return n + c; }\n=== last\ng(2) + b\n' | nb l.ipynb
  > cnb run -k -q l.ipynb -o l0.json >out; CNB_APART=1 cnb run -k -q l.ipynb -o l1.json >out
  > verdicts <l0.json >l0; verdicts <l1.json | diff l0 -; outputs a <l1.json; cat l0
  a 5
  a ok
  b build-error (expected expression before ';' token)
  c ok
  g ok
  last build-error ('b' undeclared (first use in this function))

tcc's calls are bound when they are loaded, and what it computes with a variable of
another object's that is no integer would be read where a jump stands.

  $ nb tcc.ipynb <<'END'
  > === even
  > int odd(unsigned);
  > int even(unsigned n) { return n ? odd(n - 1) : 1; }
  > === number
  > double number = 2.5; struct { char c; float f; } in = { 1, 4.5 };
  > double y1 = 0.5;
  > === between
  > 1
  > === odd
  > int odd(unsigned n) { return n ? even(n - 1) : 0; }
  > even(10)
  > === sum
  > 1 + number
  > === member
  > 2 * in.f
  > === renamed
  > int two = 2; two * y1
  > END
  $ sh both tcc.ipynb tcc
  Out[3]: 1
  Out[4]: 1
  Out[5]: 3.5
  Out[6]: 9.0
  Out[7]: 1.0

clang knows the value of a constant that a cell above has.

  $ nb clang.ipynb <<'END'
  > === n
  > const int n = 3; static const int more = n + 1;
  > const int *p(void) { return &n; }
  > === arrays
  > int v[n], w[more]; v[1] = n;
  > === uses
  > v[1] + sizeof w
  > === case
  > switch (3) { case n: puts("three"); }
  > === address
  > p() == &n
  > END
  $ sh both clang.ipynb clang
  Out[3]: 19
  Out[5]: 1

A header with variables of its own, which several cells include or use, has them
once. What a header declares, and makes only where a macro asks for it, is found.

  $ cat >state.h <<'END'
  > #ifndef STATE_H
  > #define STATE_H
  > static int state; static inline int next(void) { static int calls; calls++; return state++ * 10 + calls; }
  > static const int table[] = { 1, 2 };
  > #endif
  > END
  $ cat >made.h <<'END'
  > int made(int);
  > #ifdef MAKE
  > int made(int n) { return n + 1; }
  > #endif
  > END
  $ cat >x.txt <<'END'
  > === table
  > #include "state.h"
  > int n = table[1];
  > === first
  > next()
  > === between
  > int own(void) { static int calls; return ++calls + n; } own()
  > === second
  > #include "state.h"
  > next() + table[0]
  > === third
  > int own2(void) { static int calls; return ++calls; } own2() + own()
  > === uses
  > #include "made.h"
  > int use(void) { return made(1); }
  > === makes
  > #define MAKE
  > #include "made.h"
  > made(2) + use()
  > END
  $ nb x.ipynb <x.txt; sed '/=== uses/,$d' x.txt | nb tcc.ipynb
  > sh both tcc.ipynb tcc; sh both x.ipynb clang; sh both x.ipynb gcc
  Out[2]: 1
  Out[3]: 3
  Out[4]: 13
  Out[5]: 5
  Out[2]: 1
  Out[3]: 3
  Out[4]: 13
  Out[5]: 5
  Out[7]: 5
  Out[2]: 1
  Out[3]: 3
  Out[4]: 13
  Out[5]: 5
  Out[7]: 5
  $ >old; ./change '' >out; ./change 's/table.1.;/table[1] + 0;/'; ./change 's/ own2() + own/ 1 + own2() + own/'
  table
  third
