The build cache: what is said where it cannot be written, and what is done.
As root nothing is forbidden: there, what root may do beyond others is dropped.

  $ cat >weak <<'END'
  > [ $(id -u) != 0 ] || set -- setpriv --bounding-set=-all "$@"
  > exec "$@"
  > END
  $ printf '=== a\nputs("hi");\n' | nb x.ipynb; printf '=== a\nputs("ho");\n' | nb y.ipynb
  $ mkdir closed; chmod 555 closed; CNB_CACHE_DIR=closed sh weak cnb run -q x.ipynb >/dev/null
  cnb: cannot write to the build cache '<dir>/closed': cannot make folder '<dir>/closed/products': Permission denied; set CNB_CACHE_DIR to a folder that can be written
  ? 3
  $ CNB_CACHE_DIR=closed/below sh weak cnb run -q x.ipynb >/dev/null
  cnb: cannot write to the build cache '<dir>/closed/below': cannot make folder '<dir>/closed/below': Permission denied; set CNB_CACHE_DIR to a folder that can be written
  ? 3
  $ echo >file; CNB_CACHE_DIR=file cnb build x.ipynb
  cnb: cannot write to the build cache '<dir>/file': cannot make folder '<dir>/file/products': Not a directory; set CNB_CACHE_DIR to a folder that can be written
  ? 3

What is in it serves all the same; what is not cannot be built.

  $ export CNB_CACHE_DIR=full; cnb run -q x.ipynb; chmod -R a-w full
  > sh weak cnb run -q x.ipynb; sh weak cnb run -q y.ipynb >/dev/null
  x.ipynb: 1 cell: 1 ok in <time>
  x.ipynb: 1 cell: 1 ok in <time>
  cnb: cannot write to the build cache '<dir>/full': Permission denied; set CNB_CACHE_DIR to a folder that can be written
  ? 3
  $ CNB_CACHE_DIR=full sh weak cnb build --clean x.ipynb 2>&1 | sed 's/[0-9a-f]\{64\}/HASH/'
  cnb: cannot remove '<dir>/full/products/HASH.so': Permission denied
  $ chmod -R u+w full

Without a home, and where the home has no place for it, it is for this run alone;
a relative XDG_CACHE_HOME is none.

  $ unset CNB_CACHE_DIR HOME; mkdir tmp; TMPDIR=tmp cnb run -q x.ipynb; ls tmp
  x.ipynb: 1 cell: 1 ok in <time>
  $ unset CNB_CACHE_DIR; mkdir tmp2; TMPDIR=tmp2 HOME=$PWD/closed sh weak cnb run -q x.ipynb; ls tmp2 closed
  x.ipynb: 1 cell: 1 ok in <time>
  closed:
  
  tmp2:
  $ unset CNB_CACHE_DIR; mkdir home; HOME=$PWD/home XDG_CACHE_HOME=relative cnb run -q x.ipynb
  > ls -d home/.cache/cnb/products; test ! -e relative
  x.ipynb: 1 cell: 1 ok in <time>
  home/.cache/cnb/products
