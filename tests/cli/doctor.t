What cnb builds on is tried; what is not there is told with what is lost.

  $ cnb doctor >out; grep -e '^compiler' -e '^parts' -e '^/proc' out; tail -1 out
  parts of cnb        yes      <build>/cnb-host
  compiler            yes      * (glob)
  /proc               yes      /proc
  cnb runs C here, * (glob)
  $ cnb doctor --cc /nowhere/cc | grep -A1 -e '^compiler' -e '^cnb'
  compiler            MISSING  cannot compile: '/nowhere/cc' is no program that can be run
                               lost: no cell compiles: install gcc, or name another with --cc
  --
  cnb cannot run C here
  $ cnb doctor --cc /nowhere/cc >out
  ? 3
  $ mkdir bin; for p in gcc cc as ld sh; do ln -s $(command -v $p) bin; done
  $ c=$(command -v cnb); PATH=$PWD/bin $c doctor | grep -A1 -e ' no '
  clang               no       cannot compile: no compiler 'clang' in PATH
                               lost: cells and options that ask for it
  tcc                 no       cannot compile: no compiler 'tcc' in PATH
                               lost: cells and options that ask for it
  ...
  clang's sanitizers  no       there is no clang
                               lost: `sanitize` with clang, of those that are missing
  addr2line           no       not in PATH
                               lost: the lines of a crash; install binutils
  objcopy             no       not in PATH
                               lost: cells of a live session that define a name of libc; install binutils
  pkg-config          no       not in PATH
                               lost: the option `libs`
  bash                no       not in PATH
                               lost: cells that begin with %%bash
  ...
  $ cnb doctor x
  cnb: doctor looks at the machine and takes no name: 'x'
  ? 2

A first notebook to start from, which is written over nothing.

  $ cnb new first
  cnb: wrote 'first.ipynb'; run it: cnb run first.ipynb
  $ nbvalidate first.ipynb && cnb run first.ipynb | grep -v -e '^ok' -e '^    '
  first.ipynb
  
  In [1]: square  (shared)
  
  In [2]: value  (shared)
  Out[2]: 42
  
  In [3]: loop  (shared)
  1 squared is 1
  2 squared is 4
  3 squared is 9
  
  In [4]: program  (program)
  
  hello, world
  
  4 cells: 4 ok in <time>
  $ cnb new first; cnb new first.ipynb
  cnb: cannot write 'first.ipynb': it exists
  cnb: cannot write 'first.ipynb': it exists
  ? 2
  $ cnb new nowhere/first
  cnb: cannot write 'nowhere/first.ipynb': No such file or directory
  ? 3
  $ cnb new - | cnb run -q -
  -: 4 cells: 4 ok in <time>
