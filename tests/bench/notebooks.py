"""Workloads: files that are large, or many."""
import json
import os

from harness import expect
from output import LINE

FORMATS = ("json", "jsonl", "html", "md", "junit")


def write_big(b, name, size, output):
    """Cells with 1 MB of output each."""
    per = 1 << 20
    cells = [{"cell_type": "code", "id": "c%d" % i, "metadata": {},
              "execution_count": i + 1, "source": ["1"],
              "outputs": output(per)} for i in range(max(size // per, 1))]
    with open(b.path(name), "w") as f:
        json.dump({"cells": cells, "metadata": {}, "nbformat": 4,
                   "nbformat_minor": 5}, f, indent=1)
    return os.path.getsize(b.path(name)) / 1e6


def lines(per):
    line = LINE + "\n"
    return [{"output_type": "stream", "name": "stdout",
             "text": [line] * (per // len(line))}]


def big_notebook(b):
    size = (4 if b.quick else 500) << 20
    mb = write_big(b, "big.ipynb", size, lines)
    # A disk that is slow to write to would be all that is seen.
    listed, cleared, exported, other = b.turns_of(
        lambda: b.run(b.cnb, "list", "big.ipynb"),
        lambda: b.run("sh", "-c", b.cnb + " clear - <big.ipynb"),
        lambda: b.run(b.cnb, "export", "big.ipynb", "--to", "ipynb"),
        lambda: b.run("sh", "-c", "cat big.ipynb | cat"))
    name = "%d MB notebook " % mb
    b.row(name + "listed", listed, other, "cat | cat")
    b.figure("  loaded", mb / listed, "MB/s", 300, above=True)
    b.row(name + "cleared", cleared, other, "cat | cat")
    b.row(name + "exported", exported, other, "cat | cat")
    b.figure("  loaded and written", mb / exported, "MB/s", 300, above=True)
    [saved] = b.turns_of(
        lambda: b.run(b.cnb, "export", "big.ipynb", "-o", "copy.ipynb"))
    b.figure("  loaded and saved", mb / saved, "MB/s", 300, above=True)
    os.unlink(b.path("copy.ipynb"))
    for to in FORMATS:
        [took] = b.turns_of(
            lambda: b.run(b.cnb, "export", "big.ipynb", "--to", to))
        b.row(name + "to " + to, took, other, "cat | cat")
        b.figure("  memory, of the file's size",
                 b.peak(b.cnb, "export", "big.ipynb", "--to", to) * 1024 /
                 os.path.getsize(b.path("big.ipynb")), "times", 2)


def growth(b):
    """Ten times as much takes ten times as long, whatever it is made of."""
    size = (1 if b.quick else 20) << 20
    shapes = {
        "one string": lambda per: [{
            "output_type": "stream", "name": "stdout",
            "text": (LINE + "\n") * (per // 64)}],
        "small outputs": lambda per: [
            {"output_type": "stream", "name": "std" + ("out", "err")[i % 2],
             "text": ["%d\n" % i]} for i in range(per // 80)],
        "a picture": lambda per: [{
            "output_type": "display_data", "metadata": {},
            "data": {"image/png": "iVBORw0KGgoA" * (per // 12)}}],
    }
    for shape, output in shapes.items():
        for name, much in (("less.ipynb", size // 10), ("more.ipynb", size)):
            write_big(b, name, 1, lambda per: output(much))
        for to in FORMATS[4:] if b.quick else FORMATS:
            more, less = b.turns_of(
                lambda: b.run(b.cnb, "export", "more.ipynb", "--to", to),
                lambda: b.run(b.cnb, "export", "less.ipynb", "--to", to))
            b.row("%s, to %s" % (shape, to), more, less, "a tenth of it", 15)


def many(b):
    n = 4 if b.quick else 40
    loop = 1000 if b.quick else 60000000
    names = [b.notebook("many%d.ipynb" % i, [(
        "volatile long n;\nfor (n = 0; n < %d; n++);\nn" % loop, {})])
        for i in range(n)]
    small = [b.notebook("small%d.ipynb" % i, [('puts("hello");', {})])
             for i in range(10 if b.quick else 1000)]
    one, two = b.turns_of(
        lambda: b.run(b.cnb, "run", "-q", "-j1", *names),
        lambda: b.run(b.cnb, "run", "-q", "-j2", *names))
    b.row("%d notebooks, -j2" % n, two, one, "-j1", 1 / 1.8)
    b.run(b.cnb, "run", "-q", "-j2", *small)  # to compile them
    before = files(b)
    mine = b.run(b.cnb, "run", "-q", "-j2", *small)
    # Where one of them leaves descriptors open there are soon no more.
    b.run("sh", "-c", 'ulimit -n 300 && exec "$@"', "sh",
          b.cnb, "run", "-q", *small)
    nothing_left(b, len(small))
    expect("files left by them", files(b) - before, set())
    b.figure("%d small notebooks, -j2, each" % len(small),
             mine / len(small) * 1e3, "ms")


def files(b):
    """All that is there, but for what is kept for the next time."""
    return {os.path.join(folder, name)
            for folder, _, names in os.walk(b.dir) for name in names
            if not folder.startswith(b.path("cache"))}


def nothing_left(b, names):
    """Of many runs no process stays."""
    here = b.dir.encode()
    left = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/cmdline" % pid, "rb") as f:
                if here in f.read():
                    left.append(pid)
            if os.readlink("/proc/%s/cwd" % pid).startswith(b.dir):
                left.append(pid)
        except OSError:
            pass
    expect("processes left by %d notebooks" % names, left, [])
