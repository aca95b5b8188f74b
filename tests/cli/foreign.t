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
