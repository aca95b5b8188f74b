Much output: all of it, in every format.

  $ cat >make <<'END'
  > # make MEGABYTES FILE: a notebook with a cell that writes lines of 64 bytes, and
  > # sometimes one with a carriage return, or with what is no UTF-8
  > import json, sys
  > text = """#include <stdio.h>
  > for (long i = 0; i < %d; i++)
  >     if (i %% 1000 == 999) printf("%%09ld working\\rdone \\303\\n", i);
  >     else printf("%%09ld %%53d\\n", i, 64);
  > """ % (int(sys.argv[1]) * 16384)
  > json.dump({"cells": [{"cell_type": "code", "id": "a", "metadata": {},
  >     "execution_count": None, "outputs": [], "source": text}], "nbformat": 4,
  >     "nbformat_minor": 5, "metadata": {}}, open(sys.argv[2], "w"), indent=1)
  > open(sys.argv[2], "a").write("\n")
  > END
  $ python3 make 12 x.ipynb

  $ cnb run -q x.ipynb -o y.ipynb; nbvalidate y.ipynb
  x.ipynb: 1 cell: 1 ok in <time>
  $ for f in json jsonl html md junit; do cnb run -q x.ipynb -o y.$f --to $f; done
  x.ipynb: 1 cell: 1 ok in <time>
  x.ipynb: 1 cell: 1 ok in <time>
  x.ipynb: 1 cell: 1 ok in <time>
  x.ipynb: 1 cell: 1 ok in <time>
  x.ipynb: 1 cell: 1 ok in <time>
  $ cnb export y.ipynb --to ipynb -o z.ipynb; cmp y.ipynb z.ipynb
  $ cat >same <<'END'
  > import json, sys
  > a, b = (json.load(open(f))["cells"][0]["outputs"] for f in sys.argv[1:])
  > print(a == b)
  > END
  $ cnb export y.json -o z.ipynb; python3 same y.ipynb z.ipynb
  True
  $ cat >whole <<'END'
  > import base64, json
  > raw = b"".join(b"%09d working\rdone \xc3\n" % i if i % 1000 == 999
  >                else b"%09d %53d\n" % (i, 64) for i in range(12 * 16384))
  > text = raw.decode(errors="replace")
  > nb = json.load(open("y.ipynb"))["cells"][0]["outputs"][0]["text"]
  > lines = text.split("\n")[:-1]
  > print("ipynb", len(nb) == len(lines), all(
  >     a == b + "\n" if "\r" not in b
  >     else a == "done \ufffd" + b[6:17] + "\n" for a, b in zip(nb, lines)))
  > cell = json.load(open("y.json"))["cells"][0]
  > print("json", cell["stdout"] == text,
  >       base64.b64decode(cell["stdout_base64"]) == raw, cell["output_bytes"] == len(raw))
  > events = [json.loads(l) for l in open("y.jsonl")]
  > print("jsonl", "".join(e["text"] for e in events if e["event"] == "text") == text)
  > for f in "html", "md", "junit":
  >     kept = open("y." + f, newline="").read()
  >     print(f, all("%09d " % i in kept for i in range(0, 12 * 16384, 500) if i % 1000 != 999))
  > END
  $ python3 whole
  ipynb True True
  json True True True
  jsonl True
  html True
  md True
  junit True

Past the limit the first and the last half are kept, to the byte.

  $ cnb run -q x.ipynb --output-limit 5M -o y.json
  x.ipynb: 1 cell: 1 ok in <time>
  $ python3 - <<'END'
  > import json
  > raw = b"".join(b"%09d working\rdone \xc3\n" % i if i % 1000 == 999
  >                else b"%09d %53d\n" % (i, 64) for i in range(12 * 16384))
  > cell = json.load(open("y.json"))["cells"][0]
  > half = (5 << 20) // 2
  > want = (raw[:half] + raw[-half:]).decode(errors="replace")
  > print(cell["stdout"] == want, cell["output_dropped"] == len(raw) - 2 * half)
  > END
  True True

Where there is no room for a file the output stays in memory, and none is lost.

  $ TMPDIR=/nowhere cnb run -q x.ipynb -o z.json
  x.ipynb: 1 cell: 1 ok in <time>
  cnb: warning: cannot keep output in '/nowhere': No such file or directory; it was kept in memory
  $ cnb export z.json -o z.ipynb; python3 same y.ipynb z.ipynb
  True
  $ (ulimit -f 14000; cnb run -q x.ipynb -o z.html)
  x.ipynb: 1 cell: 1 ok in <time>
  cnb: cannot write 'z.html': File too large
  cnb: warning: cannot keep output in '*': File too large; it was kept in memory (glob)
  cnb: warning: what was captured of 'x.ipynb' is kept nowhere: no journal could be written: File too large
  ? 3
