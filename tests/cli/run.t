Which cells run, what they get, and where it goes.

  $ cat >t.c <<'END'
  > #include <stdio.h>
  > #include "cell.h"
  > static int n;
  > static int count(struct cell *c)
  > {
  > 	printf("%s %d", c->argv[0], ++n);
  > 	for (int i = 1; i < c->argc; i++)
  > 		printf(" [%s]", c->argv[i]);
  > 	printf(" %s\n", cell_param("who") ? cell_param("who") : "nobody");
  > 	return 0;
  > }
  > static const struct cell_def cells[] = { { "count", count, .doc = "d" } };
  > CELL_TABLE(cells);
  > END
  $ nb x.ipynb 'params={"who": "all"}' <<'END'
  > === load
  > //| use: t/count
  > //| args: a "b c"
  > === - tags=["slow"]
  > //| use: t/count
  > //| name: middle
  > === plot tags=["skip-execution"]
  > //| use: t/count
  > === last
  > //| use: t/count
  > END
  $ cat >run <<'END'
  > cnb run x.ipynb -o - --to json "$@" >r.json || exit
  > python3 -c 'import json
  > for c in json.load(open("r.json"))["cells"]:
  >     if c["status"] != "skipped":
  >         print((c["stdout"] or "").strip(), "quiet" if c.get("quiet") else "")'
  > END

All but what is tagged skip-execution; state lives on from cell to cell.

  $ sh run
  load 1 [a] [b c] all 
  middle 2 all 
  last 3 all 

One cell brings about the state above it first, quietly, or not:

  $ sh run -c last
  load 1 [a] [b c] all quiet
  middle 2 all quiet
  last 3 all 
  $ sh run -c -1 --alone -p who=me
  last 1 me 
  $ sh run -c '#slow' --alone; sh run -c c2 --alone; sh run -c 2..middle --alone
  middle 1 all 
  middle 1 all 
  middle 1 all 
  $ sh run -c ..middle; sh run -c 3 --alone; sh run --skip load --alone
  load 1 [a] [b c] all 
  middle 2 all 
  plot 1 all 
  middle 1 all 
  last 2 all 

Near misses and other mistakes: one sentence, status 2, nothing runs.

  $ cnb run x.ipynb -c lst
  cnb: unknown cell 'lst' in 'x.ipynb'; did you mean 'last'?
  ? 2
  $ cnb run x.ipynb -c 5
  cnb: no cell 5 in 'x.ipynb': it has 4 code cells
  ? 2
  $ cnb run x.ipynb -c last..load
  cnb: the range 'last..load' is empty: cell 4 stands below cell 1
  ? 2
  $ cnb run x.ipynb -c '#none'
  cnb: no cell of 'x.ipynb' is tagged 'none'
  ? 2
  $ cnb run x.ipynb -p who
  cnb: 'who' is no parameter; write NAME=VALUE
  ? 2
  $ cnb run x.ipynb --timeout soon
  cnb: option '--timeout': 'soon' is no duration; write 500ms, 10s or 2m
  ? 2
  $ printf '=== a\n//| timout: 3s\n1\n' | nb y.ipynb; cnb run y.ipynb
  cnb: .*unknown option 'timout' in line 1; did you mean 'timeout'\? (re)
  ? 2
  $ printf '=== a\n1\n=== a\n2\n' | nb y.ipynb; cnb run y.ipynb
  cnb: cannot use 'y.ipynb': cells 1 and 2 are both named 'a'; name one of them with //| name:
  ? 2
  $ printf '=== a\n//| use: t/cuont\n=== b\n//| use: u/x\n' | nb y.ipynb
  > cnb run y.ipynb -k -o - --to json | verdicts
  a build-error (no cell 'cuont' in 't.c'; did you mean 'count'?)
  b build-error (no plugin 'u' (u.c or u.so) where the notebook's plugins are)

Programs: standard input from the notebook, from a file, from --input; the
environment; arguments; the exit status.

  $ echo from a file >in.txt; nb p.ipynb <<'END'
  > === text
  > //| stdin: "one\ntwo\n"
  > //| args: 'x y' z
  > //| env: GREETING=hello
  > #include <stdio.h>
  > #include <stdlib.h>
  > int main(int argc, char **argv)
  > {
  > 	int c, n = 0;
  > 	while ((c = getchar()) != EOF)
  > 		n += c == '\n';
  > 	printf("%d lines, %s, %d %s\n", n, getenv("GREETING"), argc, argv[1]);
  > }
  > === file
  > //| stdin: @in.txt
  > #include <stdio.h>
  > int main(void) { char s[80]; if (fgets(s, 80, stdin)) printf("%s", s); }
  > === status
  > //| expect: exit=3
  > int main(void) { return 3; }
  > === wrong
  > //| expect: signal=SIGSEGV
  > int main(void) { return 0; }
  > === excused tags=["raises-exception"]
  > int main(void) { return 1; }
  > === endless
  > //| timeout: 50ms
  > int main(void) { for (;;); }
  > === broken
  > int main(void) { return x; }
  > === maths
  > //%cflags:-lm
  > #include <math.h>
  > #include <stdio.h>
  > int main(int argc, char **argv) { printf("%.0f\n", sqrt(argc * 16)); }
  > END
  $ cnb run p.ipynb -k -o p.json >p.out; echo $?; verdicts <p.json
  1
  text ok
  file ok
  status ok exit 3 (exit status 3)
  wrong failed (expected signal=SIGSEGV, but it ended well)
  excused failed exit 1 (exit status 1)
  endless timeout (ran longer than 50ms)
  broken build-error ('x' undeclared (first use in this function))
  maths ok
  $ grep -A1 '^2 lines' p.out; grep -x 'from a file' p.out; grep -x 4 p.out
  2 lines, hello, 3 x y
  ok <time>
  from a file
  4
  $ cnb run p.ipynb -c file -q; cnb run p.ipynb -c excused -q
  p.ipynb: 1 cell: 1 ok in <time>
  ...

Files and shell lines:

  $ nb f.ipynb <<'END'
  > === header
  > %%file twice.h
  > #define TWICE(x) ((x) * 2)
  > === user
  > #include "twice.h"
  > #include <stdio.h>
  > int main(void) { printf("%d\n", TWICE(21)); }
  > === both
  > //| file: both.c
  > //| run: cc both.c -o both
  > //| run: ./both; exit 4
  > //| run: ./both
  > int main(void) { return 5; }
  > === script
  > %%bash
  > echo "$((6 * 7))"
  > END
  $ cnb run f.ipynb -k -o f.json >f.out; verdicts <f.json; grep -c '^42$' f.out
  header ok
  user ok
  both failed exit 5 (exit status 5)
  script ok
  2
  $ python3 -c 'import json; print(json.load(open("f.json"))["cells"][2]["runs"])'
  [0, 4, 5]

What is saved twice from the same outputs is the same bytes, and valid.

  $ cnb run f.ipynb -k -q -i >/dev/null; cp f.ipynb g.ipynb; nbvalidate f.ipynb
  $ cnb run f.ipynb -k -q -i >/dev/null; cmp f.ipynb g.ipynb
