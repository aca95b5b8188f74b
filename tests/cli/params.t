Values for the variables and macros of the cell that is tagged `parameters`:
assigned right after it.

  ! not valgrind: a session forks deeper than it has descriptors for
  $ nb p.ipynb 'params={"greeting":"Hello","list":[7,8]}' <<'END'
  > === params tags=["parameters"]
  > int n = 3;
  > int twice = 0;
  > const double rate = 0.5;
  > const char *greeting = "Hi";
  > char title[] = "Sir";
  > char code[4] = "abc";
  > static int list[2];
  > struct point { int x, y; } at = { 1, 2 };
  > enum mode { OFF, ON } mode = OFF;
  > #define SIZE 4
  > twice = 2 * n;
  > === use
  > printf("%d %d %g %s %s %s\n", n, twice, rate, greeting, title, code);
  > printf("%d %d %d %d\n", list[0], at.x + at.y, mode, SIZE);
  > #if SIZE > 5
  > puts("large");
  > #endif
  > === array
  > int room[SIZE];
  > sizeof room / sizeof *room
  > END
  $ cnb run p.ipynb | grep -e '^[0-9] [0-9]' -e '^large' -e Out
  3 6 0.5 Hello Sir abc
  7 3 0 4
  Out[3]: 4
  $ for cc in gcc clang tcc; do cnb run p.ipynb --cc $cc -p n=-1 -p rate=1e-3 \
  >   -p greeting='say "\n"' -p title='Professor' -p code=xyz \
  >   -p 'list={ 5 }' -p 'at={ .y = 10 }' -p mode=ON -p SIZE=10 -o $cc.ipynb |
  >   grep -e '^[-0-9]* [-0-9]* [0-9]' -e '^large' -e Out; done
  -1 6 0.001 say "\n" Professor xyz
  5 10 1 10
  large
  Out[3]: 10
  -1 6 0.001 say "\n" Professor xyz
  5 10 1 10
  large
  Out[3]: 10
  -1 6 0.001 say "\n" Professor xyz
  5 10 1 10
  large
  Out[3]: 10

A copy shows them in a cell of their own, and says the same when it runs again;
so does a run that starts further below.

  $ nbvalidate gcc.ipynb
  $ sed -n '/"id": "injected/,/^  },/p' gcc.ipynb
     "id": "injected-parameters",
     "metadata": {
      "tags": [
       "injected-parameters"
      ]
     },
     "outputs": [],
     "source": [
      "// Parameters\n",
      "n = -1;\n",
      "rate = 1e-3;\n",
      "greeting = \"say \\\"\\\\n\\\"\";\n",
      "strcpy(title, \"Professor\");\n",
      "strcpy(code, \"xyz\");\n",
      "memcpy(list, (__typeof__(list)){ 5 }, sizeof list);\n",
      "at = (__typeof__(at)){ .y = 10 };\n",
      "mode = ON;\n",
      "#undef SIZE\n",
      "#define SIZE 10"
     ]
    },
  $ for cc in gcc clang tcc; do cnb run gcc.ipynb --cc $cc -c use -c array |
  >   grep -e '^[-0-9]* [-0-9]* [0-9]' -e '^large' -e Out; done
  -1 6 0.001 say "\n" Professor xyz
  5 10 1 10
  large
  Out[4]: 10
  -1 6 0.001 say "\n" Professor xyz
  5 10 1 10
  large
  Out[4]: 10
  -1 6 0.001 say "\n" Professor xyz
  5 10 1 10
  large
  Out[4]: 10
  $ cnb run p.ipynb -c array -p SIZE=6 | grep Out
  Out[3]: 6

New values replace those of an earlier injection, whole; without any they stay.

  $ cnb run gcc.ipynb -p n=8 -o again.ipynb | grep '^8 '
  8 6 0.5 Hello Sir abc
  $ nbvalidate again.ipynb; grep -c '"injected-parameters"' again.ipynb
  2
  $ grep -A3 '// Parameters' again.ipynb
      "// Parameters\n",
      "n = 8;\n",
      "greeting = \"Hello\";\n",
      "memcpy(list, (__typeof__(list)){7,8}, sizeof list);"
  $ cnb run gcc.ipynb -o same.ipynb -q >out; grep -c '"// Parameters' same.ipynb
  1
  $ cp p.ipynb i.ipynb; cnb run i.ipynb -qi -p n=4 >out
  > grep -c -e injected -e '"4 6 0.5' i.ipynb
  1

What cannot be is told before anything runs, and nothing is saved.

  $ cnb run p.ipynb -qi >out; cp p.ipynb before.ipynb
  $ for p in rat=3 n=abc 'n=1;' 'n=(1' n= n=1,2 'n="x' code=abcd \
  >   'list={1,2,3}' list=3 'at={ .z = 1 }' 'n="x"' m; do
  > cnb run p.ipynb -i -p "$p"; done
  cnb: unknown parameter 'rat' of 'p.ipynb'; did you mean 'rate'?
  cnb: cannot set parameter 'n' of 'p.ipynb' to 'abc': 'abc' undeclared (first use in this function)
  cnb: cannot set parameter 'n' to '1;': it holds a semicolon
  cnb: cannot set parameter 'n' to '(1': a bracket in it has no partner
  cnb: cannot set parameter 'n' to '': it is empty
  cnb: cannot set parameter 'n' to '1,2': it holds a comma outside brackets
  cnb: cannot set parameter 'n' to '"x': a string in it is left open
  cnb: cannot set parameter 'code' of 'p.ipynb' to 'abcd': code is too short for it
  cnb: cannot set parameter 'list' of 'p.ipynb' to '{1,2,3}': list is too short for it
  cnb: cannot set parameter 'list' to '3': an array takes a list in braces
  cnb: cannot set parameter 'at' of 'p.ipynb' to '{ .z = 1 }': 'struct point' has no member named 'z'
  cnb: cannot set parameter 'n' of 'p.ipynb' to '"x"': assignment to 'int' from 'char *' makes integer from pointer without a cast [-Werror=int-conversion]
  cnb: 'm' is no parameter; write NAME=VALUE
  ? 2
  $ cmp p.ipynb before.ipynb
  $ cnb run p.ipynb --cc clang -p code=abcd
  cnb: cannot set parameter 'code' of 'p.ipynb' to 'abcd': code is too short for it
  ? 2
  $ printf '=== a\nint n = 1; n\n' | nb none.ipynb; cnb run none.ipynb -p n=3
  cnb: unknown parameter 'n' of 'none.ipynb': no cell of its shared C is tagged 'parameters'
  ? 2
  $ printf '=== a\n//| cflags: -DX\nextern const char *cell_param(const char *);\n1\n' | nb asks.ipynb
  > cnb run asks.ipynb -p n=3 -q
  asks.ipynb: 1 cell: 1 ok in <time>

The same holds for a session, for what runs again in it, for a check, and for a
notebook that is watched. The last of several values counts, a char's value may
be empty, and of several cells with the tag the first is the one.

  $ nb again.ipynb <<'END'
  > === params tags=["parameters"]
  > int n = 3;
  > const char *who = "x";
  > char buf[8] = "abc";
  > === show
  > printf("%d '%s' '%s'\n", n, who, buf);
  > === second tags=["parameters"]
  > int late = 1;
  > END
  $ cnb run --keep again.ipynb -p n=9 -p n=-0x10 -p who= -p buf= | grep '^-'
  > cnb rerun again.ipynb show 2>err | grep '^-'
  > cnb run again.ipynb -c show 2>err | grep '^-'; cnb stop again.ipynb
  -16 '' ''
  -16 '' ''
  -16 '' ''

A session takes other values with a rerun, and keeps them: what may read them
runs again, and what stands below that. A value that cannot be is refused, and
the session is as it was.

  $ nb live.ipynb 'params={"K":"1"}' <<'END'
  > === head
  > #include "cell.h"
  > int runs = 0;
  > === params tags=["parameters"]
  > int n = 3;
  > === use
  > n * 2
  > === asks
  > cell_param("K")
  > === own
  > #include <stdio.h>
  > int main(void) { puts("a program"); }
  > END
  $ cnb run live.ipynb -qi --keep; cnb rerun live.ipynb -p n=5 | grep -e ^In -e ^Out
  live.ipynb: 5 cells: 5 ok in <time>
  In [2]: params  (shared)
  In [3]: use  (shared)
  Out[3]: 10
  In [4]: asks  (shared)
  Out[4]: "1"
  $ cnb rerun live.ipynb use -p n=7 2>&1 | grep -e ^In -e ^Out -e ^stale; cnb rerun live.ipynb use 2>&1 | grep -e ^In -e ^Out
  In [2]: params  (shared)
  In [3]: use  (shared)
  Out[3]: 14
  stale: asks
  In [3]: use  (shared)
  Out[3]: 14
  $ for p in n=abc nn=3 n; do cnb rerun live.ipynb -p $p 2>&1 | sed 's, in its session,,'; done; cnb rerun live.ipynb -p n=7 2>&1 | grep ^In
  cnb: cannot run 'live.ipynb': cannot set parameter 'n' of '<dir>/live.ipynb' to 'abc': 'abc' undeclared (first use in this function)
  cnb: unknown parameter 'nn' of 'live.ipynb': its parameters cell 'params' has no such variable or macro
  cnb: 'n' is no parameter; write NAME=VALUE
  In [4]: asks  (shared)
  $ sed -i 's/"K": *"1"/"K": "2"/' live.ipynb; cnb list live.ipynb | awk '{ print $2, $5 }'; cnb rerun live.ipynb 2>&1 | grep -e ^Out -e ^with; cnb sessions | sed -n 4p; cnb stop live.ipynb
  name session
  head fresh
  params changed
  use stale
  asks changed
  own fresh
  Out[3]: 14
  Out[4]: "2"
  with the parameters n=7
  \    parameters: n=7

  $ cnb run -qi again.ipynb; cnb check -q again.ipynb; cnb check again.ipynb -p n=4 | grep '^[-+][0-9]'
  again.ipynb: 3 cells: 3 ok in <time>
  -3 'x' 'abc'
  +4 'x' 'abc'
  $ cnb run again.ipynb -p late=2
  cnb: unknown parameter 'late' of 'again.ipynb': its parameters cell 'params' has no such variable or macro
  ? 2
  $ >seen; cnb watch again.ipynb -p n=7 >seen 2>err & watcher=$!
  > until grep "^7 'x'" seen; do sleep 0.05; done; kill $watcher; wait $watcher
  7 'x' 'abc'
  ? 143
