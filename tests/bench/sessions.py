"""Workloads: cells that run again, from the states above them."""
import json
import re
import shutil
from subprocess import PIPE

from harness import HELLO, HERE, Wrong, expect, shared_cells, table_cells


def session_times(b, nb):
    """-> seconds that a session took to run its last cell again: from the
    letter to the answer, and for the state above; the best of several."""
    times = []
    for _ in range(2 if b.quick else 15):
        done = b.start(b.cnb, "rerun", "-v", nb, "--", "-1")
        found = re.search(r"comparing and building ([\d.]+) (m?s), states "
                          r"([\d.]+) (m?s), session in all ([\d.]+) (m?s)",
                          done.stderr.decode())
        if not found:
            raise Wrong("rerun of %s says %s" % (nb, done.stderr.decode()))
        scale = {"ms": 1e-3, "s": 1.0}
        times.append([float(found.group(i)) * scale[found.group(i + 1)]
                      for i in (1, 3, 5)])
    return [min(t) for t in zip(*times)]


def reruns(b):
    """The last of few or many cells again, above it 1 MiB that was written."""
    shutil.copy(HERE + "/line.c", b.dir)
    above = ("char *m; m = malloc(1 << 20); memset(m, 1, 1 << 20);", {})
    kinds = {"table": table_cells, "shared": shared_cells}
    for kind, cells in kinds.items():
        base = None
        for n in (1, 5) if b.quick else (1, 100, 1000):
            nb = b.notebook("again%d.ipynb" % n, [above] + cells(n))
            b.run(b.cnb, "run", "-q", "--keep", nb)
            comparing, states, mine = session_times(b, nb)
            b.run(b.cnb, "stop", nb)
            base = base or mine
            b.row("the last of %d %s cells again" % (n, kind), mine, base,
                  "of 1", 2)
            b.figure("  comparing it", comparing * 1e3, "ms")
            b.figure("  the state above", states * 1e3, "ms", 1)


STATE = ("#include <stdlib.h>\n#include <string.h>\n"
         "char *p; p = malloc(%d); memset(p, 1, %d);")


def large(b):
    """A cell again, below much memory: against one fork of as much."""
    size = (64 if b.quick else 1024) << 20
    nb = b.notebook("large.ipynb", [
        (STATE % (size, size), {}), ('puts("again");', {})])
    fork = min(float(b.start(b.floor, "fork", str(size), stdout=PIPE).stdout)
               for _ in range(1 if b.quick else 5))
    b.run(b.cnb, "run", "-q", "--keep", nb)
    _, states, mine = session_times(b, nb)
    b.run(b.cnb, "stop", nb)
    b.row("a cell again, %d MB above it" % (size >> 20), mine, fork,
          "one fork of that", 1.2)
    b.figure("  the state above", states * 1e3, "ms")


def copies(b):
    """Memory of a session with many snapshots of a state that nobody changes,
    against one with the fewest."""
    sizes = (10, 10) if b.quick else (100, 100)
    size, n = sizes[0] << 20, sizes[1]
    told = []
    for cells in (1, n):
        nb = b.notebook("copies.ipynb", [(STATE % (size, size), {})] +
                        [('puts("x");', {})] * cells)
        b.run(b.cnb, "run", "-q", "--keep", nb)
        said = b.start(b.cnb, "sessions", stdout=PIPE).stdout.decode()
        b.run(b.cnb, "stop", nb)
        found = re.search(r"(\d+) snapshots, ([\d.]+) MiB", said)
        if not found:
            raise Wrong("sessions says %s" % said)
        expect("snapshots", int(found.group(1)), cells + 1)
        told.append(float(found.group(2)))
    b.figure("memory of %d snapshots of %d MB" % (n, size >> 20),
             told[1] / told[0], "of one's", 1.1)


def again(b, nb, cell, name):
    hello = b.program("hello", HELLO)
    b.run(b.cnb, "run", "-q", "--keep", nb)
    try:
        mine, other = b.turns_of(
            lambda: b.run(b.cnb, "rerun", "-q", nb, cell),
            lambda: b.run(hello))
    finally:
        b.run(b.cnb, "stop", nb)
    with open(b.path(nb)) as f:
        text = "".join(json.load(f)["cells"][-1]["outputs"][0]["text"])
    expect(name, text, "again\n")
    b.row(name, mine, other, "start of a program in C")


def rerun(b):
    """A cell again, from the copy of the state above it."""
    mbs = (0, 1) if b.quick else (0, 10, 100)
    for mb in mbs:
        nb = b.notebook("state.ipynb", [
            (STATE % ((mb << 20) + 1, (mb << 20) + 1), {"name": "state"}),
            ('puts("again");', {"name": "again"})])
        again(b, nb, "again", "a rerun, %d MB of state" % mb)
    for n in (5,) if b.quick else (10, 100, 400):
        nb = b.notebook("above.ipynb", shared_cells(n) + [
            ('puts("again");', {"name": "again"})])
        again(b, nb, "again", "a rerun below %d cells" % n)


def repeats(b):
    """A cell many times: two lanes against one, where there are processors for
    both. What waits is told apart from what computes, which a busy machine
    slows down."""
    runs = 12 if b.quick else 80
    for name, body in (
            ("waits", "usleep(20000);"),
            ("computes", "for (volatile long n = 0; n < 15000000; n++) ;")):
        nb = b.notebook("repeat.ipynb", [
            ("#include <unistd.h>\nint x;", {"name": "above"}),
            (body + "\nx++; x", {"name": name})])
        how = ["-c", name, "--repeat", str(runs)]
        said = b.record(nb, "-j2", *how)[-1]["repeat"]
        expect(name, (said["runs"], said["different"]), (runs, 1))
        mine, other = b.turns_of(
            lambda: b.run(b.cnb, "run", "-q", nb, "-j2", *how),
            lambda: b.run(b.cnb, "run", "-q", nb, "-j1", *how))
        b.row("%d runs of one that %s" % (runs, name), mine, other,
              "one after another", 0.6)
