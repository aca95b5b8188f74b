Every option on every kind of cell: it has an effect there, or it is refused.

  $ cat >cells.sh <<'END'
  > cell() {
  >     case $1 in
  >     shared)  printf '%s\nint x = 1;\n' "$2" ;;
  >     table)   printf '%s\n//| use: some/cell\n' "$2" ;;
  >     program) printf '%s\nint main(void) { return 0; }\n' "$2" ;;
  >     run)     printf '%s\n//| run: true\nint main(void) { return 0; }\n' "$2" ;;
  >     script)  printf '%s\n%%%%bash\ntrue\n' "$2" ;;
  >     file)    printf '%s\n%%%%file x.h\nint x;\n' "$2" ;;
  >     empty)   printf '%s\n' "$2" ;;
  >     esac
  > }
  > END
  $ cat >options <<'END'
  > name: one
  > tags: slow
  > use: some/cell
  > plain: true
  > args: 1 2
  > stdin: "text"
  > env: A=1
  > needs: none
  > timeout: 1s
  > cc: cc
  > cflags: -O1
  > ldflags: -lm
  > libs: zlib
  > sanitize: undefined
  > file: a.txt
  > run: true
  > background: true
  > expect: exit=1
  > timeline: true
  > capture: plain
  > repeat: 2
  > check: ignore
  > mask: [0-9]+
  > accept: "1"
  > END
  $ . ./cells.sh; while read -r option; do
  >     printf '%s' "${option%%:*}"
  >     for kind in shared table program run script file empty; do
  >         case $kind-$option in
  >         table-use:*|run-run:*) line="//" ;; # it stands there already
  >         *) line="//| $option" ;;
  >         esac
  >         { echo '=== -'; cell $kind "$line"; } | nb x.ipynb
  >         if cnb list x.ipynb >/dev/null 2>said; then
  >             grep -q 'no effect' said && printf ' (no)' || printf ' %s' $kind
  >         else
  >             grep -q "^cnb: cannot use 'x.ipynb': cell 1 (at line 10 of the file): option '.*' in line [12] has no effect on a .*; it is for .*" said && printf ' -' || cat said
  >         fi
  >     done
  >     echo
  > done <options
  name shared table program run script file empty
  tags shared table program run script file empty
  use shared table program - - - empty
  plain - - program - - - (no)
  args - table program - - - (no)
  stdin shared table program run script - (no)
  env shared table program run script - (no)
  needs shared table program run script file empty
  timeout shared table program run script - (no)
  cc shared table program - - - (no)
  cflags shared table program - - - (no)
  ldflags shared table program - - - (no)
  libs shared table program - - - (no)
  sanitize shared table program - - - (no)
  file shared - program run - file empty
  run shared - program run - file empty
  background - - program run script - (no)
  expect shared table program run script - (no)
  timeline shared table program run script - (no)
  capture shared table program run script - (no)
  repeat shared table program run script - (no)
  check shared table program run script - (no)
  mask shared table program run script - (no)
  accept shared table program run script - (no)

(`use`, `file` and `run` make the cell what they are for.) In the cell's
metadata they mean the same:

  $ printf '=== -\nint x;\n=== a cnb={"args":"1"}\n%%%%sh\ntrue\n' | nb x.ipynb
  > cnb list x.ipynb
  cnb: cannot use 'x.ipynb': cell 2 (at line 25 of the file): option 'args' in the cell's metadata has no effect on a script; it is for table cells and programs
  ? 2
  $ printf '=== -\n//| run: ls\n%%%%sh\ntrue\n' | nb x.ipynb; cnb list x.ipynb
  cnb: cannot use 'x.ipynb': cell 1 (at line 10 of the file): option 'run' in line 1 has no effect on a script; it is for cells of C and files
  ? 2

What the notebook says holds where it can, and what makes a cell holds for one.

  $ nb defaults.ipynb background=true 'cflags="-DN=4"' 'expect="exit=3"' <<'END'
  > === shared
  > exit(N - 1);
  > === header
  > %%file h.h
  > === -
  > === program
  > #include <stdlib.h>
  > int main(void) { exit(3); }
  > === script
  > %%sh
  > exit 3
  > END
  $ cnb run -q defaults.ipynb -o x.json; verdicts <x.json
  defaults.ipynb: 5 cells: 5 ok in <time>
  shared ok exit 3 (exit status 3)
  header ok
  c3 ok
  program ok exit 3 (exit status 3)
  script ok exit 3 (exit status 3)
  $ printf '=== a\nint x;\n' | nb x.ipynb 'run="ls"'; cnb list x.ipynb
  cnb: cannot use 'x.ipynb': cell 1 (at line 12 of the file): option 'run' in the notebook's metadata: it is no default for all cells; write it in one
  ? 2

A cell that holds no code yet, and the lines of older kernels, get a warning.

  $ printf '=== a\n//| cflags: -O2\n=== b\n//%%cflags:-O2\n%%%%sh\necho b\n' | nb x.ipynb
  > cnb run -q x.ipynb
  cnb: warning: 'x.ipynb': cell 1: option 'cflags' in line 1 has no effect on a cell without code; it is for shared cells, table cells and programs
  cnb: warning: 'x.ipynb': cell 2: option 'cflags' in line 1 has no effect on a script; it is for shared cells, table cells and programs
  x.ipynb: 2 cells: 2 ok in <time>

What goes on in the background runs once, whatever the notebook or the command
line says of others.

  $ printf '=== a\n//| background: true\n//| repeat: 2\n%%%%sh\necho a\n' | nb x.ipynb
  > cnb run -q x.ipynb
  cnb: cannot use 'x.ipynb': cell 1 (at line 12 of the file): option 'repeat' in line 2 has no effect on a cell in the background, which runs once
  ? 2
  $ printf '=== a\n//| background: true\n%%%%sh\necho a\n=== b\n%%%%sh\necho b\n' | nb x.ipynb repeat=3
  > for more in '' '--repeat 2'; do
  >     cnb run x.ipynb $more -o - --to json 2>/dev/null |
  >         python3 -c 'import json, sys
  > for c in json.load(sys.stdin)["cells"]: print(c["name"], repr(c["stdout"]), len(c["outputs"]))'
  > done
  a 'a\n' 1
  b '' 1
  a 'a\n' 1
  b '' 1

An option line that stands below code is a comment there, which is told where it
looks like one of ours; those of the older kernels hold wherever they stand.

  $ nb below.ipynb <<'END'
  > === program
  > #include <stdio.h>
  > //| timeout: 2s
  > #include <math.h>
  >   //%cflags: -lm -DTEXT="five"
  > int main(int n, char **v) {
  >     puts("\
  > //| stdin: none");
  > /*
  > //| expect: timeout
  > */
  >     //| note: no option has this name
  >     return (int)sqrt(n + 24.0) - 5; //| plain: true
  > }
  > === shared
  > /* a heading */
  > //| expect: exit=3
  > return 3;
  > === script
  > %%bash
  > //| stdin: "x"
  > cat
  > === file
  > %%file x.c
  > //| run: cc x.c
  > int x;
  > //| file: x
  > === right
  > // a comment, and
  > 
  > //| timeout: 2s
  > //%args: 1
  > int main(void) { }
  > END
  $ cnb list below.ipynb >out
  cnb: warning: 'below.ipynb': cell 1: option 'timeout' in line 2 has no effect below the first line of code; write it above
  cnb: warning: 'below.ipynb': cell 2: option 'expect' in line 2 has no effect below the first line of code; write it above
  cnb: warning: 'below.ipynb': cell 3: option 'stdin' in line 2 has no effect below '%%bash'; write it above
  cnb: warning: 'below.ipynb': cell 4: option 'run' in line 2 has no effect below '%%file'; write it above
  $ cnb run -q below.ipynb -c program --cc gcc 2>err
  below.ipynb: 1 cell: 1 ok in <time>
