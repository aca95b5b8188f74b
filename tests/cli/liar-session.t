What listens in the place of a session may be none of ours. Nobody waits for it
for ever, nothing of what it says harms a terminal, and it makes no output of a
notebook vanish.

  $ printf '=== a\nint n = 1;\n=== long\n/* %0500000d */\n=== b\nn\n' 0 | nb x.ipynb
  $ cnb run -i -q --keep x.ipynb; cnb stop x.ipynb; cp x.ipynb saved.ipynb
  x.ipynb: 3 cells: 3 ok in <time>
  $ cat >liar.py <<'END'
  > import glob, os, socket, struct, sys, time
  > def frame(kind, data=b""): return struct.pack("II", kind, len(data)) + data
  > def text(t): return b"\1" + struct.pack("Q", len(t)) + t
  > def answer(path, used=0, error=b"\0"):
  >     return frame(5, error + struct.pack("<i7q", 7, 0, 0, 0, 0, 0, 0, 0)[:28] + text(path) + struct.pack("<7q", 1, 0, used, 0, 0, 0, 0)
  >                  + bytes(16) + b"\0" + bytes(24) + b"\0\0")
  > BAD = b"a\x1b[2J\nb"
  > said = {
  >     "drips": lambda: (bytes([b]) for b in answer(b"x" * 100000)),
  >     "empty": lambda: [answer(b"/x")],
  >     "bad": lambda: [answer(BAD, error=text(BAD))],
  >     "numbers": lambda: [answer(b"/x", used=2**63 - 1)],
  >     "waits": lambda: iter(lambda: frame(3), 0),
  >     "deaf": lambda: [frame(4)],
  > }[sys.argv[1]]
  > l = socket.socket(socket.AF_UNIX); l.bind(sys.argv[2]); l.listen(5); print("ready", flush=True)
  > while True:
  >     s, _ = l.accept()
  >     if os.fork(): s.close(); continue
  >     l.close()
  >     try:
  >         for piece in said():
  >             s.sendall(piece); open("told", "w").close()
  >             if sys.argv[1] == "drips": time.sleep(0.05)
  >         while sys.argv[1] == "deaf": time.sleep(0.1)
  >         s.shutdown(1); s.recv(1)
  >     except OSError: pass
  >     os._exit(0)
  > END
  $ cat >as <<'END'
  > # as HOW COMMAND...: with such a liar in the session's place
  > how=$1; shift; rm -f ready; mkfifo ready
  > setsid /usr/bin/python3 liar.py $how cnb/$(cat name) >ready & liar=$!; read word <ready
  > "$@"; status=$?; kill -- -$liar; wait $liar 2>/dev/null; rm -f cnb/$(cat name); exit $status
  > END
  $ cnb run -q --keep x.ipynb >log 2>&1; ls cnb >name; cnb stop x.ipynb

A byte now and then is no answer.

  $ sh as drips cnb list x.ipynb
  cnb: warning: the session of 'x.ipynb' does not answer: what is stale there is not known
  cell  name  kind    status  lines
  1     a     shared  ok      1
  2     long  empty   ok      1
  3     b     shared  ok      1
  $ sh as numbers cnb sessions | sed 's/[0-9]\{1,\}/N/'
  a session that does not answer
      process N

All is well only if cells ran, and an answer is one line.

  $ sh as empty cnb rerun x.ipynb b
  cnb: cannot run 'x.ipynb' in its session: the session is of another version of cnb: end it with cnb stop
  ? 3
  $ sh as bad cnb rerun x.ipynb b
  cnb: cannot run 'x.ipynb' in its session: a?[2J?b
  ? 3
  $ sh as bad cnb sessions | head -1
  a\x1b[2J\x0ab (not there)

Nonsense in the middle is told as such, however well it began.

  $ cnb run -q --keep x.ipynb >log 2>&1; cat >between.py <<'END'
  > import os, socket, struct, sys
  > door = sys.argv[1]; os.rename(door, "aside")
  > l = socket.socket(socket.AF_UNIX); l.bind(door); l.listen(5); print("ready", flush=True)
  > s, _ = l.accept(); session = socket.socket(socket.AF_UNIX); session.connect("aside")
  > session.sendall(s.recv(1 << 20)); head = session.recv(8, socket.MSG_WAITALL)
  > s.sendall(head + session.recv(struct.unpack("II", head)[1], socket.MSG_WAITALL) + b"\xff" * 8)
  > os.rename("aside", door); s.close()
  > END
  $ cat >interrupted <<'END'
  > rm -f ready; mkfifo ready; python3 between.py cnb/$(cat name) >ready & read word <ready
  > cnb rerun x.ipynb b 2>&1 | grep cnb:; wait
  > END
  $ sh interrupted
  cnb: cannot run 'x.ipynb' in its session: the session is of another version of cnb: end it with cnb stop
  $ cnb stop x.ipynb; cp saved.ipynb x.ipynb

Ctrl-C is heard whatever it says, and also while it takes nothing.

  $ cat >stopped <<'END'
  > rm -f told; cnb rerun x.ipynb b 2>err & pid=$!; until [ -e told ]; do sleep 0.02; done
  > while kill -INT $pid 2>/dev/null; do sleep 0.1; done; wait $pid; echo $?; cat err
  > END
  $ sh as waits sh stopped
  130
  cnb: cannot run 'x.ipynb' in its session: the session (process *) has not ended what it does; cnb stop ends it (glob)
  $ sh as deaf sh stopped
  130
  cnb: cannot run 'x.ipynb' in its session: interrupted

What is saved is as it was.

  $ cmp x.ipynb saved.ipynb

Nor does a session do what nobody can mean: it goes on.

  $ cnb run -q --keep x.ipynb >log 2>&1; cat >lies.py <<'END'
  > import glob, socket, struct
  > def text(t): return b"\0" if t is None else b"\1" + struct.pack("Q", len(t)) + t
  > def letter(path, params, lanes=0):
  >     body = b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}'
  >     out = struct.pack("<i", 0) + text(None) + text(path) + b"\0" + bytes(PRINT) + struct.pack("Q", 0) + b"\0\0\0"
  >     out += struct.pack("<8q", 0, 0, 0, 0, 0, 0, 0, lanes) + text(b"/") + text(None) * 3
  >     out += struct.pack("<q", len(params)) + b"".join(text(p) for p in params) + struct.pack("<4q", 0, 0, 0, len(body)) + body
  >     return struct.pack("II", 0, len(out)) + out
  > for PRINT in 32, 40, 48, 24, 64:
  >     for l in letter(None, []), letter(b"/x", [b"no value"]), letter(b"/x", [], -1):
  >         s = socket.socket(socket.AF_UNIX); s.connect(glob.glob("cnb/*")[0]); s.sendall(l)
  >         while s.recv(1000): pass
  > END
  $ python3 lies.py; cnb rerun x.ipynb b 2>&1 | grep Out; cnb stop x.ipynb
  Out[3]: 1
