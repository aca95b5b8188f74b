A notebook by others may name what is no file, or has no end. Nothing hangs for
that, nothing fills the memory, and a sentence says what it was.

  $ mkfifo fifo plug.c so.so ask; mkdir folder.c; ln -s /dev/zero zero.c; ln -s loop.c loop.c
  $ truncate -s 65M long.c; truncate -s 2G sparse; ln -s /dev/zero z.so

A plugin is a file: a pipe is not opened, a device not read.

  $ for p in plug folder zero loop long so z; do printf '=== %s\n//| use: %s/one\nint one;\n' $p $p; done | nb use.ipynb 'plugins=["."]'
  $ cnb list use.ipynb | tail -1; cnb export -t md use.ipynb | tail -1
  7     z       table  -       2
  ```
  $ cnb build use.ipynb
  cnb: cannot build cell 'plug': no plugin 'plug' (plug.c or plug.so) where the notebook's plugins are: 'plug.c' is no file
  cnb: cannot build cell 'folder': no plugin 'folder' (folder.c or folder.so) where the notebook's plugins are: 'folder.c' is no file
  cnb: cannot build cell 'zero': no plugin 'zero' (zero.c or zero.so) where the notebook's plugins are: 'zero.c' is no file
  cnb: cannot build cell 'loop': no plugin 'loop' (loop.c or loop.so) where the notebook's plugins are
  cnb: cannot build cell 'long': no plugin 'long' (long.c or long.so) where the notebook's plugins are: 'long.c' is longer than 64 MiB
  cnb: cannot build cell 'so': no plugin 'so' (so.c or so.so) where the notebook's plugins are: 'so.so' is no file
  cnb: cannot build cell 'z': no plugin 'z' (z.c or z.so) where the notebook's plugins are: 'z.so' is no file
  ? 1
  $ cnb run -k use.ipynb | grep -c '^build-error.* no plugin '
  7

A fifo on standard input is waited for as long as the cell may take, and not
after Ctrl-C; whoever has opened it is enough, also if it has yet to say
something.

  $ nb in.ipynb <<'END'
  > === fifo
  > //| stdin: @fifo
  > int main(void) { return 0; }
  > === shared
  > //| stdin: @fifo
  > 1
  > === folder
  > //| stdin: @folder.c
  > int main(void) { return 0; }
  > END
  $ cnb run -k --timeout 100ms in.ipynb | grep '^failed'
  failed <time>: cannot read 'fifo' for standard input: it is a fifo, and nobody has opened it to write to it
  failed <time>: cannot read 'fifo' for standard input: it is a fifo, and nobody has opened it to write to it
  failed <time>: cannot read 'folder.c' for standard input: Is a directory
  $ >out; cnb run --timeout 0 in.ipynb >out & pid=$!; until grep -q main out; do sleep 0.02; done; kill -INT $pid; wait $pid
  ? 130
  $ cnb run --deadline 100ms in.ipynb | grep '^timeout'
  timeout <time>: the run's deadline has passed
  $ nb talk.ipynb <<'END'
  > === server
  > //| background: true
  > %%sh
  > exec 3>fifo; read question <ask; echo "you said $question" >&3
  > === client
  > //| stdin: @fifo
  > #include <stdio.h>
  > int main(void)
  > {
  > 	char line[80];
  > 	FILE *f = fopen("ask", "w");
  > 	fputs("hello\n", f); fclose(f);
  > 	fputs(fgets(line, sizeof line, stdin), stdout);
  > }
  > END
  $ cnb run --timeout $((60 * SLACK))s talk.ipynb | grep 'you said hello$'
  you said hello
  $ printf '=== a\n%%%%sh\ncat\n' | nb cat.ipynb
  $ { echo typed; sleep 0.1; echo "writer $?"; } >fifo & cnb run --input fifo cat.ipynb | grep -A1 typed; wait
  typed
  writer 0

In a session, too. It does not read what has no end to see whether it is another;
of a file every byte counts.

  $ printf 'a\0b' >bytes
  $ nb s.ipynb <<'END'
  > === zero
  > //| stdin: @/dev/zero
  > getchar()
  > === sparse
  > //| stdin: @sparse
  > getchar()
  > === bytes
  > //| stdin: @bytes
  > int sum = 0, c;
  > while ((c = getchar()) != EOF) sum += c;
  > sum
  > === fifo
  > //| stdin: @fifo
  > 1
  > END
  $ (case $BUILD in *-asan) ;; *) ulimit -v 1000000;; esac; cnb run -q -k --keep --timeout 100ms s.ipynb 2>&1) | grep cells:
  s.ipynb: 4 cells: 3 ok, 1 failed (fifo) in <time>
  $ >out; cnb rerun --timeout 0 s.ipynb fifo >out 2>&1 & pid=$!; until grep -q In out; do sleep 0.02; done; kill -INT $pid; wait $pid
  ? 130
  $ grep '^interrupted' out; cnb rerun s.ipynb bytes 2>&1 | grep Out
  interrupted <time>: stopped by the user
  Out[3]: 195
  $ printf 'a\0c' >bytes; cnb rerun --timeout 100ms s.ipynb 2>&1 | grep Out; cnb stop s.ipynb
  Out[3]: 196

A header that includes itself twice has messages without end.

  $ printf '#include "self.h"\n#include "self.h"\n' >self.h
  $ printf '=== a\n#include "self.h"\n1\n=== b\n#include "self.h"\nint main(void) { return 0; }\n' | nb self.ipynb
  $ cnb run -k self.ipynb -o self.json >out; verdicts <self.json | cut -c1-20; grep 'was ended' out
  a build-error (#incl
  b build-error (#incl
  error: the compiler was ended: it had written more than 4 MiB of messages
  error: the compiler was ended: it had written more than 4 MiB of messages

A reader that takes nothing, and a fifo that nobody reads, do not keep who is
asked to end.

  $ cat >stuck <<'END'
  > # stuck WHAT COMMAND: its standard output is a pipe that nobody reads; once that
  > # takes no more, or the cells have run, or it waits to begin, it is asked to end
  > import fcntl, os, signal, struct, subprocess, sys, termios, time
  > r, w = os.pipe()
  > p = subprocess.Popen(sys.argv[2:], stdout=w, stderr=subprocess.DEVNULL)
  > def is_full():
  >     held = struct.unpack("i", fcntl.ioctl(r, termios.FIONREAD, b"    "))[0]
  >     seen.append(held)
  >     return held > 30000 and seen[-20:] == 20 * [held]
  > def has_run():
  >     return os.path.exists("ran")
  > def waits():
  >     return time.time() > begun + 2
  > begun, seen = time.time(), []
  > while p.poll() is None and not globals()[sys.argv[1]]():
  >     time.sleep(0.02)
  > p.send_signal(signal.SIGTERM)
  > try:
  >     status = p.wait(60 * int(os.environ["SLACK"]))
  >     print(status if status >= 0 else 128 - status)
  > except subprocess.TimeoutExpired:
  >     print("it does not end")
  >     p.kill()
  > END
  $ printf '=== a\nfor (int i = 0; i < 9999; i++) puts("0123456789abcdef");\n!touch ran\n' | nb much.ipynb
  $ printf '=== a\n!touch ran\n' | nb few.ipynb; mkfifo o.html o.jsonl
  $ for c in run 'run -q -o - -t json' 'run -q -o - -t jsonl' watch 'run -j 2 much.ipynb'; do python3 stuck is_full cnb $c much.ipynb; done
  143
  143
  143
  143
  143
  $ for c in 'run -q -o' 'watch -o'; do rm -f ran; python3 stuck has_run cnb $c o.html few.ipynb; done
  143
  143
  $ python3 stuck waits cnb run -q -o o.jsonl few.ipynb
  143
  $ cat o.html >o & cnb run -q few.ipynb -o o.html; wait; grep -c '<html' o
  few.ipynb: 1 cell: 1 ok in <time>
  1
