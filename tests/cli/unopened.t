To look at a notebook starts nothing of it, and reads nothing that it names: no
compiler, no shell, no file but itself and the C files of its plugins.

  $ mkdir started bin plug; for tool in cc gcc clang tcc c99 pkg-config addr2line nm objcopy sh bash ld as; do
  >     printf '#!/bin/sh\n: >%s\n' "$PWD/started/$tool" >bin/$tool; chmod +x bin/$tool; done
  $ cp bin/cc evil; sed -i s/started.cc/started.evil/ evil; mkfifo fifo.h in plug/fifo.c
  $ nb x.ipynb 'plugins=["plug",".","fifo.h"]' 'cc="./evil"' <<'END'
  > === reads
  > #include "fifo.h"
  > #include </dev/stdin>
  > ident(x) { foo; }
  > === flags
  > //| cflags: -fplugin=./evil.so -B. -wrapper ./evil @in -specs=in
  > //| libs: "$(touch started/libs)" `touch started/libs`
  > 1
  > === input
  > //| stdin: @in
  > int main(void) { return 0; }
  > === table
  > //| use: fifo/cell
  > === prebuilt
  > //| use: evil/one
  > === script
  > %%bash
  > touch started/script
  > === lines
  > !touch started/lines
  > === runs
  > //| file: in
  > //| run: touch started/runs
  > int x;
  > === markdown
  > ![a](in) ![b](file:///etc/passwd) <img src="in"> <iframe src="in"></iframe>
  > END

A plugin that is built is not loaded, so its constructors do not run.

  $ cat >plug/evil.c <<'END'
  > #include "cell.h"
  > #include <stdio.h>
  > __attribute__((constructor)) static void begin(void) { fclose(fopen("started/constructor", "w")); }
  > static int one(struct cell *c) { (void)c; return 0; }
  > static const struct cell_def cells[] = { { "one", one } };
  > CELL_TABLE(cells);
  > END
  $ cc -shared -fPIC -I "$SRC/runner" -o plug/evil.so plug/evil.c && rm plug/evil.c
  $ (PATH=$PWD/bin CC=./evil; export PATH CC; cnb=$BUILD/cnb
  > for c in list 'list -v'; do $cnb $c x.ipynb; done; $cnb sessions
  > for f in ipynb json jsonl html md junit c; do $cnb export -t $f x.ipynb; done
  > $cnb convert x.ipynb x.c; $cnb convert x.c y.ipynb; $cnb clear y.ipynb; $cnb clear - <x.ipynb
  > ) >out 2>&1
  $ ls started; grep '^cnb:' out
  ? 1

It is when it is named itself.

  $ cnb list plug/evil.so; ls started
  one
  constructor
