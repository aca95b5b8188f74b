What this machine grants, and what is lost without it.

  $ cnb doctor >out; echo $?; head -2 out; grep -c '^[a-z].* \(yes\|no\) ' out
  0
  mechanism                    what it is, or what is lost without it
  cnb's own parts         yes  <build>/cnb-host
  1[0-9] (re)
  $ awk 'length > 79' out
  $ cnb doctor --cc no-such-cc >out; echo $?; grep -A 1 '^a compiler' out
  3
  a compiler              no   cannot compile: no compiler 'no-such-cc' in PATH;
                               without one, only outputs that were saved can be
  $ CNB_CACHE_DIR=/proc/no cnb doctor >out; echo $?; grep '^build cache' out
  3
  build cache             no * (glob)
  $ (ulimit -u 0 2>/dev/null; PATH=$(dirname $(command -v cnb)) cnb doctor) | grep '^pkg-config'
  pkg-config              no   the option `libs` knows no library (pkg-config)

One that is killed leaves nothing behind where temporary files are.

  $ mkdir tmp; cat >cc <<'END'
  > #!/bin/sh
  > case $1 in --version) exec gcc --version; esac
  > touch $STARTED; exec sleep 1000
  > END
  $ chmod 755 cc; TMPDIR=$PWD/tmp STARTED=$PWD/started cnb doctor --cc ./cc >out 2>&1 & doctor=$!
  > until [ -e started ]; do sleep 0.01; done; kill -9 $doctor; wait $doctor 2>/dev/null; ls -A tmp
  $ cnb doctor here
  cnb: doctor takes no names: cnb doctor [OPTION]...
  ? 2

A first notebook runs, is valid, and is put in nobody's place.

  $ cnb new first.ipynb; nbvalidate first.ipynb; cnb run -q first.ipynb
  'first.ipynb' is there; run it with: cnb run first.ipynb
  first.ipynb: 4 cells: 4 ok in <time>
  $ cnb new first.ipynb
  cnb: cannot make 'first.ipynb': it is there already
  ? 2
  $ cnb new - | cmp - first.ipynb
  $ cnb new no/first.ipynb
  cnb: cannot make 'no/first.ipynb': No such file or directory
  ? 2
  $ cnb new
  cnb: new needs a name: cnb new [OPTION]... NOTEBOOK
  ? 2
