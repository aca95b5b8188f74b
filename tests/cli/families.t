Cells with children, threads and daemons. None of them holds the run up, and
when it is over none of them is left.

  $ cp $SRC/tests/children/cells/families.c . && nb x.ipynb <<'END'
  > === forks-with-unflushed-text
  > //| use: families/forks-with-unflushed-text
  > === child-falls-off-the-end
  > //| use: families/child-falls-off-the-end
  > === child-crashes
  > //| use: families/child-crashes
  > === child-writes-late
  > //| use: families/child-writes-late
  > //| args: - told
  > === lets-the-child-write
  > //| use: families/lets-the-child-write
  > //| args: - told
  > === kills-its-parent
  > //| use: families/kills-its-parent
  > === kills-its-group
  > //| use: families/kills-its-group
  > === terminates-everybody-above
  > //| use: families/terminates-everybody-above
  > === waits-for-all
  > //| use: families/waits-for-all
  > === leaves-200-children
  > //| use: families/leaves-200-children
  > //| args: pids
  > === leaves-a-daemon
  > //| use: families/leaves-a-daemon
  > //| args: pids
  > === leaves-a-thread
  > //| use: families/leaves-a-thread
  > === ignores-sigterm
  > //| use: families/ignores-sigterm
  > //| timeout: 400ms
  > === blocks-all-signals
  > //| use: families/blocks-all-signals
  > //| timeout: 400ms
  > === stops-itself
  > //| use: families/stops-itself
  > //| timeout: 400ms
  > END
  $ cnb run -k x.ipynb -o x.json >x.out; verdicts <x.json
  forks-with-unflushed-text ok
  child-falls-off-the-end ok
  child-crashes ok
  child-writes-late ok children 1
  lets-the-child-write ok
  kills-its-parent crashed SIGKILL (killed by signal 9 (Killed))
  kills-its-group crashed SIGKILL (killed by signal 9 (Killed))
  terminates-everybody-above ok
  waits-for-all ok
  leaves-200-children ok children 200
  leaves-a-daemon ok children 1
  leaves-a-thread ok threads 1
  ignores-sigterm timeout (ran longer than 400ms) background
  blocks-all-signals timeout (ran longer than 400ms)
  stops-itself timeout (ran longer than 400ms, stopped by a signal (SIGSTOP or its like)) background

Nothing stands there twice because of a fork, and what a child wrote late is
its cell's.

  $ python3 - <<'END'
  > import json
  > for c in json.load(open("x.json"))["cells"][:5]:
  >     print(c["name"], repr(c["stdout"]))
  > END
  forks-with-unflushed-text 'half a line, half a line, the other half\n'
  child-falls-off-the-end 'before\nchild\nparent\n'
  child-crashes 'the child died of signal 6\n'
  child-writes-late 'on time\nlate, but mine\n'
  lets-the-child-write 'second cell\n'
