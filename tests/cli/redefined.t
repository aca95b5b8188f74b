A name that two cells define, where the initialiser of one has to wait for its
cell to run: it is the same mistake as with a constant, and names both cells.

  $ cat >r.txt <<'END'
  > === one
  > #include <stdatomic.h>
  > int n = 42, tent;
  > int f(void) { return 7; }
  > struct p { int x, y; } p = { 1, 2 };
  > int v[] = { 1, 2 };
  > extern int ext;
  > static int st;
  > === call
  > int n = f();
  > === text
  > int n = "twice";
  > === library
  > int n = rand();
  > === qualified
  > const int n = f();
  > === array
  > int v[] = { f(), 2 };
  > === members
  > struct p p = { f(), 2 };
  > === type
  > char *n = strdup("x");
  > === late
  > int late = f(); atomic_int at = f(); _Atomic(struct p) ap = (struct p){ f(), 2 };
  > === constant
  > int late = 42;
  > === atomic
  > atomic_int at = f();
  > === itself
  > int both = 1; int both = f();
  > === c-allows-it
  > int tent = f(); int ext = f() + 1; static int st = f() + 2;
  > tent + ext + st
  > === and-this
  > extern int late; int tent; extern int there = f();
  > tent + late + there
  > === value
  > n
  > END
  $ nb r.ipynb <r.txt
  $ cat >told <<'END'
  > cnb run -k r.ipynb "$@" | grep -e ': error:' -e ': note:' -e Out |
  > sed "s/'n' with type.*/'n'/"
  > END
  $ sh told --cc gcc | tee gcc
  r.ipynb:call:1:5: error: redefinition of 'n'
  r.ipynb:one:2:5: note: previous definition of 'n'
  r.ipynb:text:1:5: error: redefinition of 'n'
  r.ipynb:one:2:5: note: previous definition of 'n'
  r.ipynb:library:1:5: error: redefinition of 'n'
  r.ipynb:one:2:5: note: previous definition of 'n'
  r.ipynb:qualified:1:6: error: redefinition of 'n'
  r.ipynb:one:2:5: note: previous definition of 'n'
  r.ipynb:array:1:5: error: redefinition of 'v'
  r.ipynb:one:5:5: note: previous definition of 'v' with type 'int[2]'
  r.ipynb:members:1:10: error: redefinition of 'p'
  r.ipynb:one:4:24: note: previous definition of 'p' with type 'struct p'
  r.ipynb:type:1:8: error: conflicting types for 'n'; have 'char *'
  r.ipynb:one:2:5: note: previous definition of 'n'
  r.ipynb:constant:1:5: error: redefinition of 'late'
  r.ipynb:late:1:5: note: previous definition of 'late' with type 'int'
  r.ipynb:atomic:1:12: error: redefinition of 'at'
  r.ipynb:late:1:28: note: previous definition of 'at' with type 'atomic_int' {aka '_Atomic int'}
  r.ipynb:itself:1:19: error: redefinition of 'both'
  r.ipynb:itself:1:5: note: previous definition of 'both' with type 'int'
  Out[13]: 24
  Out[14]: 21
  Out[15]: 42
  $ sh told --cc clang | tee clang | grep -v note:
  r.ipynb:call:1:5: error: redefinition of 'n'
  r.ipynb:text:1:5: error: redefinition of 'n'
  r.ipynb:library:1:5: error: redefinition of 'n'
  r.ipynb:qualified:1:6: error: redefinition of 'n'
  r.ipynb:array:1:5: error: redefinition of 'v'
  r.ipynb:members:1:10: error: redefinition of 'p'
  r.ipynb:type:1:8: error: redefinition of 'n' with a different type: 'char *' vs 'int'
  r.ipynb:constant:1:5: error: redefinition of 'late'
  r.ipynb:atomic:1:12: error: redefinition of 'at'
  r.ipynb:itself:1:19: error: redefinition of 'both'
  Out[13]: 24
  Out[14]: 21
  Out[15]: 42
  $ grep -c note: clang
  10

With a plugin for each cell the same is said.

  $ for cc in gcc clang; do CNB_APART=1 sh told --cc $cc | cmp - $cc; done

tcc does not say where it has the other one:

  $ sed -e '/atomic/d' -e 's/ atomic_int.*//' -e '/^=== c-/,$d' r.txt | nb t.ipynb
  $ cnb run -k t.ipynb --cc tcc | grep -e ': error:' -e hint: | head -4
  t.ipynb:call:1: error: redefinition of 'n'
  t.ipynb:call: hint: 'n' is defined in cell 'one'
  t.ipynb:text:1: error: redefinition of 'n'
  t.ipynb:text: hint: 'n' is defined in cell 'one'
