A journal that was cut anywhere, or has any byte changed, is read as far as it
goes: what stands before the damage is all there, and nothing of it is another.

  $ nb x.ipynb <<'END'
  > === first
  > puts("one"); puts("two"); 1
  > === second
  > fputs("three\n", stderr); 2
  > === holds
  > #include <unistd.h>
  > puts("four");
  > for (;;) pause();
  > END
  $ cnb run x.ipynb >log 2>&1 & run=$!
  > until grep -q '^four' log 2>/dev/null; do sleep 0.01; done
  > kill -9 $run; wait $run 2>/dev/null; echo "status $?"
  status 137
  $ cat >damage <<'END'
  > import glob, json, os, subprocess, sys
  > path = glob.glob(".local/state/cnb/*.journal")[0]
  > whole = open(path, "rb").read()
  > step = int(os.environ.get("DAMAGE", 29))
  > 
  > def recovered(bytes):
  >     """All that it tells, in order; None: a sentence instead."""
  >     with open(path, "wb") as f:
  >         f.write(bytes)
  >     p = subprocess.run(["cnb", "export", "--recover", "x.ipynb"],
  >                        capture_output=True)
  >     if p.returncode == 2 and p.stderr.startswith(b"cnb: cannot read the journal of 'x.ipynb': "):
  >         return None
  >     assert p.returncode == 0, p
  >     return ["%s: %s" % (o["name"], "".join(o["text"])) if "text" in o
  >             else "result: %s\n" % "".join(o["data"]["text/plain"])
  >             for c in json.loads(p.stdout)["cells"] for o in c["outputs"]
  >             if o["output_type"] != "error"]
  > 
  > all = recovered(whole)
  > text = "".join
  > seen, end = 0, len(whole.rstrip(b"\0"))
  > for n in range(0, end, step):
  >     some = recovered(whole[:n])
  >     if some is None:
  >         assert not seen, n
  >         continue
  >     assert text(all).startswith(text(some)), (n, some)
  >     assert len(some) >= seen, (n, some)
  >     seen = len(some)
  > head = len(open("x.ipynb", "rb").read()) + 40
  > for n in [*range(40), *range(40, end, step)]:
  >     bad = bytearray(whole)
  >     bad[n] ^= 1 << n % 8
  >     some = recovered(bytes(bad))
  >     if n > head + 3:
  >         assert some is not None and text(all).startswith(text(some)), (n, some)
  > print(text(all), end="")
  > END
  $ python3 damage
  stdout: one
  two
  result: 1
  stderr: three
  result: 2
  stdout: four

`cnb` killed again and again while it saves: the notebook is whole each time, and
what it leaves behind does not pile up.

  $ cat >killed <<'END'
  > import json, os, random, subprocess, sys, time
  > names = ["c%d" % i for i in range(8)]
  > text = "".join("=== %s\n%%%%sh\necho %s; sleep 0.01\n" % (n, n) for n in names)
  > subprocess.run(["nb", "y.ipynb"], input=text.encode(), check=True)
  > clean = subprocess.run(["cnb", "clear", "-"], stdin=open("y.ipynb"), capture_output=True).stdout
  > draw = random.Random(1)
  > began = time.monotonic()
  > subprocess.run(["cnb", "run", "-q", "-i", "y.ipynb"], capture_output=True, check=True)
  > takes = time.monotonic() - began
  > for i in range(int(os.environ.get("KILLED", 25))):
  >     p = subprocess.Popen(["cnb", "run", "-q", "-i", "y.ipynb"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
  >     time.sleep(takes * draw.random() * 1.2)
  >     p.kill()
  >     p.wait()
  >     now = open("y.ipynb").read()
  >     for cell, name in zip(json.loads(now)["cells"], names):
  >         for o in cell["outputs"]:
  >             assert o.get("text", [name + "\n"]) == [name + "\n"], o
  >     p = subprocess.run(["cnb", "clear", "-"], input=now.encode(), capture_output=True)
  >     assert p.stdout == clean
  >     left = [n for n in os.listdir(".") if n.endswith(".cnb-new")]
  >     assert len(left) <= 1, left
  > p = subprocess.run(["cnb", "run", "-q", "-i", "y.ipynb"], capture_output=True)
  > assert p.returncode == 0, p
  > END
  $ python3 killed; ls -A | grep cnb-new; find .local -name '*.new' | wc -l
  0
  $ find .local -type f | wc -l
  2
