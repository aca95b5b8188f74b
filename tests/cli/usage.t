Without a command, cnb says what there is, and that this was not right.

  $ cnb
  usage: cnb COMMAND [OPTION]... NAME...

    cnb run NOTEBOOK...                run whole notebooks, or with --cell some
                                       of their cells
  ...
  ? 2
  $ cnb 2>/dev/null
  ? 2

Asked for help, it goes to standard output, and all is well. The three ways to
ask give the same.

  $ cnb help 2>/dev/null
  usage: cnb COMMAND [OPTION]... NAME...

  cnb runs notebooks written in C.

  ...
    cnb help [COMMAND|options]         what cnb, one command, or a cell's options
                                       can do

  'cnb help COMMAND' shows a command's options, 'cnb help options' those
  of cells; 'cnb --version' the version.
  $ cnb help >a; cnb --help >b; cnb -h >c; cmp a b && cmp b c
  $ cnb --version
  cnb 0.1.0
  $ cnb -V
  cnb 0.1.0

Every command has help, however it is asked for, within 80 columns.

  $ cnb help | sed -n 's/^  cnb \([a-z]*\) .*/\1/p' >commands
  > for c in $(cat commands); do
  >     cnb help $c >1 && cnb $c --help >2 && cnb $c -h nonsense >3 || echo $c
  >     cmp 1 2 && cmp 2 3
  >     awk 'length > 79 { print FILENAME ": " $0 }' 1
  > done
  > grep -c . commands
  \d+ (re)
  $ cnb clear --help
  usage: cnb clear [OPTION]... NOTEBOOK...

  remove the outputs ('-': from standard input to standard output)

    -h, --help              show this help

Near misses get a suggestion.

  $ cnb rnu x.ipynb
  cnb: unknown command 'rnu'; did you mean 'run'?
  ? 2
  $ cnb help exprot
  cnb: unknown command 'exprot'; did you mean 'export'?
  ? 2
  $ cnb xyzzy
  cnb: unknown command 'xyzzy'; 'cnb help' lists them
  ? 2
  $ cnb my.ipynb
  cnb: unknown command 'my.ipynb'; did you mean: cnb run my.ipynb
  ? 2
  $ cnb --versoin
  cnb: unknown option '--versoin'; did you mean '--version'?
  ? 2
  $ cnb run --tiemout 3s x.ipynb
  cnb: unknown option '--tiemout'; did you mean '--timeout'?
  ? 2
  $ cnb run x.ipynb --color=alwyas
  cnb: option '--color': unknown WHEN 'alwyas'; did you mean 'always'?
  ? 2

So do too few names, too many, and a missing argument.

  $ cnb run
  cnb: run needs a name: cnb run [OPTION]... NOTEBOOK...
  ? 2
  $ cnb export a b
  cnb: json takes one notebook, not 2; with -o DIR each gets its own file, and junit merges them
  ? 2
  $ cnb run x.ipynb --cell
  cnb: option '--cell' needs an argument: --cell SEL
  ? 2

A standard output that takes nothing is the system's failure; one whose reader
has gone needs no words.

  $ cnb help >/dev/full
  cnb: cannot write to standard output: No space left on device
  ? 3
  $ (trap '' PIPE; while echo x; do :; done 2>/dev/null
  > cnb help; echo $? >status) | true; cat status
  3
