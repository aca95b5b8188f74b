The cells as files that clangd, and any tool that reads compile_commands.json,
understands: line N of a file is line N of its cell.

  $ nb x.ipynb <<'END'
  > === base
  > //| cflags: -DLEVEL=2
  > int sq(int n) { return n * n; }
  > === values
  > int n = sq(LEVEL);
  > static int counter, m = sq(3);
  > int list[] = { sq(1), sq(2) };
  > printf("%d %d\n", n, m);
  > counter++;
  > === result
  > double half = n / 2.0; // a comment
  > half * 2
  > === mixed
  > for (int i = 0; i < n; i++)
  > 	puts("hi");
  > !echo shell
  > int after = list[1];
  > int room[n]; room[0] = after;
  > int sum = room[0] + n;
  > room[0] + sum
  > === again
  > int tries = 0;
  > again:
  > if (tries++ < 3) goto again;
  > return 0;
  > === wrong
  > int fine = n;
  > undefined_name + 1;
  > printf("%s\n", n);
  > === below
  > struct p { int x; } q = { .x = n };
  > q.y
  > === program
  > //| cflags: -DNAME="\"x\""
  > #include <stdio.h>
  > int main(void) { puts(NAME); return unknown; }
  > END
  $ cat >read.py <<'END'
  > import json, os, subprocess, sys
  > for e in json.load(open(sys.argv[1])):
  >     p = subprocess.run(["clang", "-fsyntax-only", "-fno-caret-diagnostics"] +
  >                        e["arguments"][1:], cwd=e["directory"],
  >                        capture_output=True, text=True)
  >     print(os.path.basename(e["file"]) + ":")
  >     for line in p.stderr.splitlines():
  >         if ": error: " in line or ": warning: " in line:
  >             print(os.path.basename(line))
  > END
  $ cnb build x.ipynb --into cells 2>/dev/null | tail -1
  compile_commands	<dir>/cells/compile_commands.json
  $ python3 read.py cells/compile_commands.json
  program.c:
  program.c:3:37: error: use of undeclared identifier 'unknown'
  base.c:
  values.c:
  result.c:
  mixed.c:
  again.c:
  wrong.c:
  wrong.c:2:1: error: use of undeclared identifier 'undefined_name'
  wrong.c:3:16: warning: format specifies type 'char *' but the argument has type 'int' [-Wformat]
  below.c:
  below.c:2:3: error: no member named 'y' in 'struct p'

The notebook's folder stays as it is where no folder is named.

  $ rm -r cells; ls >before
  $ export CNB_CACHE_DIR=$PWD/cache; cnb build x.ipynb --compile-commands 2>/dev/null | tail -1
  > ls cache/cells/*/base.c | wc -l; cnb build --clean >/dev/null; ls cache/cells 2>/dev/null
  > rm -r cache; rm before; ls
  compile_commands	<dir>/cache/cells/*-x.ipynb/compile_commands.json (glob)
  1
  read.py
  x.ipynb
  $ cnb build
  cnb: build needs a name: cnb build [OPTION]... NOTEBOOK
  ? 2
