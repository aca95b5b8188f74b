No more processes may be made: whichever of cnb's it is that cannot be, it ends,
and says so; what did not run is not a cell's failure, and nothing of it is
remembered.

  ! if cd / && mortal 65534 prlimit --nproc=1 "$BUILD/cnb" --version
  ! not asan: it needs a thread of its own
  ! not valgrind: it needs a thread of its own
  $ cat >crowded <<'END'
  > # crowded COMMAND...: as a user of whom nothing else runs, in a folder of its own
  > d=$(mktemp -d); chmod 755 $d; cp crowd $d; cd $d
  > nb x.ipynb <<CELLS
  > === a
  > int n = 1; n
  > === b
  > %%sh
  > echo shell
  > === c
  > int main(void) { return 0; }
  > CELLS
  > cp x.ipynb y.ipynb; cp x.ipynb was
  > chown -R 65534 .; export HOME=$d XDG_RUNTIME_DIR=$d CNB_CACHE_DIR=$d/cache
  > limited() { n=$1; shift; mortal 65534 prlimit --nproc=$n "$BUILD/cnb" "$@" </dev/null; }
  > free() { mortal 65534 "$BUILD/cnb" "$@" </dev/null; }
  > . ./crowd; cd /; rm -r $d
  > END

A run whose cells are built already; what its processes are, no test should know.

  $ cat >crowd <<'END'
  > free run -q x.ipynb y.ipynb >log 2>&1 || cat log
  > for n in 0 1 2 3 5 8; do
  >     for c in 'run -q -i x.ipynb' 'run -q --repeat 2 x.ipynb' 'run -q -j2 x.ipynb y.ipynb' 'run -q --timeline x.ipynb' 'run --keep -q x.ipynb'; do
  >         limited $n $c >log 2>&1; s=$?
  >         case $s in
  >         0) ;;
  >         3) grep -q '^cnb: .*Resource temporarily unavailable$' log || cat log ;;
  >         *) echo "nproc $n: $c: status $s"; cat log ;;
  >         esac
  >         free stop x.ipynb >log 2>&1
  >         nbvalidate x.ipynb; cp was x.ipynb; ls -A | grep cnb-new
  >     done
  > done; find .local -type f
  > END
  $ sh crowded

A compiler that cannot start its parts. It gives up late, so it is one that
gives up at once; and the same text compiles when there is room.

  $ cat >crowd <<'END'
  > cat >cc <<CC
  > #!/bin/sh
  > case "\$*" in *-shared*) [ -e crowded ] && { echo "cc: fatal error: vfork: Resource temporarily unavailable" >&2; exit 1; };; esac
  > exec gcc "\$@"
  > CC
  > chmod 755 cc; touch crowded
  > for c in run build check; do free $c --cc ./cc x.ipynb >log 2>&1; echo "status $?"; grep ^cnb: log; done
  > rm crowded; free build --cc ./cc x.ipynb | sed 's/[ \t].*//'; free run -q --cc ./cc x.ipynb
  > END
  $ sh crowded
  status 3
  cnb: cannot build 'x.ipynb': vfork: Resource temporarily unavailable
  status 3
  cnb: cannot build 'x.ipynb': vfork: Resource temporarily unavailable
  status 3
  cnb: cannot build 'x.ipynb': vfork: Resource temporarily unavailable
  c
  shared
  x.ipynb: 3 cells: 3 ok in <time>
