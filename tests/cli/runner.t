Who ends the runner of the tests ends its tests, and what these have started.

  $ mkdir -p build/tests tmp; cat >build/tests/test_done <<END
  > #!/bin/sh
  > setsid sh -c 'echo \$\$ >$PWD/far; exec sleep 100000' </dev/null >/dev/null 2>&1 &
  > echo \$\$ >$PWD/near
  > exec sleep 100000
  > END
  $ chmod +x build/tests/test_done
  $ cat >lives <<'END'
  > # lives PID: waits for its end; says that it lives where that does not come
  > for i in $(seq $((500 * SLACK))); do grep -q . /proc/$1/cmdline 2>/dev/null || exit 0; sleep 0.02; done
  > echo it lives
  > END
  $ for signal in TERM KILL INT HUP; do
  >     rm -f near far
  >     TMPDIR=$PWD/tmp python3 "$SRC/tests/run" build unit/test_done >out 2>&1 & runner=$!
  >     until [ -s near -a -s far ]; do sleep 0.02; done
  >     kill -$signal $runner; sh lives $(cat near); sh lives $(cat far)
  >     for i in $(seq $((500 * SLACK))); do [ "$(ls tmp)" ] || break; sleep 0.02; done; ls tmp
  > done
