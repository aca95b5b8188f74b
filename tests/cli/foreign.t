A cell that begins with a form of another kernel is told what it is; those that
do not need it run.

  $ nb x.ipynb <<'E'
  > === program
  > //| cflags: -O1
  > 
  > %%cpp x.c
  > %run gcc x.c -o x.out
  > #include <stdio.h>
  > int main(void) { puts("x"); }
  > === line
  > %run ls
  > === digraph
  > %:define X 3
  > X
  > === expected
  > //| expect: build-error
  > %%time
  > int x;
  > E
  $ cnb run -k x.ipynb -o x.json | sed -n '/^x.ipynb:/,/ *|.*^/p'
  x.ipynb:program:3:1: error: '%%cpp' is not C, and no form that cnb reads; `//| file: NAME` saves a cell's text, each `//| run: COMMAND` runs a command, %%bash begins a script
      3 | %%cpp x.c
        | ^
  x.ipynb:line:1:1: error: '%run' is not C, and no form that cnb reads; `//| file: NAME` saves a cell's text, each `//| run: COMMAND` runs a command, %%bash begins a script
      1 | %run ls
        | ^
  x.ipynb:expected:2:1: error: '%%time' is not C, and no form that cnb reads; `//| file: NAME` saves a cell's text, each `//| run: COMMAND` runs a command, %%bash begins a script
      2 | %%time
        | ^
  $ verdicts <x.json | cut -d' ' -f1,2
  program build-error
  line build-error
  digraph ok
  expected ok

A line for the shell has no place in a program, which is compiled as it stands.

  $ nb x.ipynb <<'E'
  > === program
  > #include <stdio.h>
  > int main(void) {
  >     int no = 0;
  >     return
  > !no - 1;
  > }
  > !echo after
  > === commands
  > //| file: x.c
  > //| run: grep -c echo x.c
  > int main(void) { return 0; }
  > !echo after
  > E
  $ cnb run -k x.ipynb -o x.json | sed -n '/^x.ipynb:/,/ *|.*^/p'
  x.ipynb:program:7:1: error: a program has no lines for the shell: give the command a cell of its own, above or below, or write `//| run: COMMAND` lines, which then build and run the program, too
      7 | !echo after
        | ^
  $ verdicts <x.json | cut -d' ' -f1,2
  program build-error
  commands ok
