"""What the workloads measure with: a folder of their own, commands that take
turns, and the table."""
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.realpath(__file__))
HELLO = '#include <stdio.h>\nint main(void) { puts("hello"); }\n'


class Wrong(Exception):
    """An output is not what it must be."""


class Bench:
    def __init__(self, build, quick):
        self.build = os.path.realpath(build)
        self.cnb = self.build + "/cnb"
        self.floor = self.build + "/tests/floor"
        self.quick = quick
        self.turns = 1 if quick else 5
        self.rows = []
        self.dir = tempfile.mkdtemp(prefix="cnb-bench.")
        os.environ["CNB_CACHE_DIR"] = self.dir + "/cache"
        for name in ("XDG_RUNTIME_DIR", "XDG_STATE_HOME"):
            os.environ[name] = self.path(name)
            os.mkdir(self.path(name), 0o700)

    def close(self):
        shutil.rmtree(self.dir, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.dir, name)

    # --- what is run ---------------------------------------------------------

    def write(self, name, text):
        with open(self.path(name), "w") as f:
            f.write(text)

    def notebook(self, name, cells, **own):
        """cells: (source, metadata) pairs. -> name"""
        metadata = {"kernelspec": {"display_name": "C", "language": "c",
                                   "name": "c"},
                    "language_info": {"name": "c"},
                    "cnb": dict(own, plugins=["."])}
        text = {"cells": [{"cell_type": "code", "id": "c%d" % i,
                           "metadata": m, "execution_count": None,
                           "outputs": [], "source": s.splitlines(True)}
                          for i, (s, m) in enumerate(cells)],
                "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
        self.write(name, json.dumps(text, indent=1, sort_keys=True))
        return name

    def edit(self, name, change):
        """A notebook, as change() leaves it."""
        with open(self.path(name)) as f:
            text = json.load(f)
        change(text)
        self.write(name, json.dumps(text, indent=1, sort_keys=True))
        return name

    def program(self, name, text, *words, cc="cc"):
        """Compiled. -> its path"""
        self.write(name + ".c", text)
        self.run(cc, name + ".c", *words, "-o", name)
        return self.path(name)

    def start(self, *argv, status=0, **kw):
        kw.setdefault("stdout", subprocess.DEVNULL)
        done = subprocess.run(argv, cwd=self.dir, stderr=subprocess.PIPE, **kw)
        if done.returncode != status:
            raise Wrong("%s: exit status %d\n%s" % (
                " ".join(argv), done.returncode,
                done.stderr.decode(errors="replace")))
        return done

    def run(self, *argv, **kw):
        """-> seconds"""
        began = time.monotonic()
        self.start(*argv, **kw)
        return time.monotonic() - began

    def record(self, notebook, *options, status=0):
        """-> the cells of its record"""
        self.run(self.cnb, "run", "-q", notebook, "-o", "record.json",
                 *options, status=status)
        with open(self.path("record.json")) as f:
            return json.load(f)["cells"]

    def peak(self, *argv):
        """-> KiB, of a command and what it waited for. It is started by a
        small process: who is started first has the memory of who starts it."""
        done = subprocess.run(
            [sys.executable, "-c",
             "import resource, subprocess, sys\n"
             "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)\n"
             "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)",
             *argv], cwd=self.dir, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL)
        return int(done.stdout)

    def turns_of(self, *work, of=statistics.median):
        """Medians of works that take turns, after one turn that is not
        counted. of=min: the least, where one is to be taken from another that
        is nearly as large."""
        for one in work:
            one()
        times = [[one() for one in work] for _ in range(self.turns)]
        return [of(t) for t in zip(*times)]

    # --- what is told --------------------------------------------------------

    def row(self, name, mine, other, what, target=None, **more):
        """target: the most that mine / other may be."""
        self.rows.append(dict(workload=name, seconds=mine, other=what,
                              other_seconds=other,
                              ratio=mine / other if other else None,
                              target=target, **more))
        self.say("%-34s %10s  %10s  %7s  %-8s %s" % (
            name, human(mine), human(other),
            "%.2f x" % (mine / other) if other else "",
            "<= %.3g" % target if target else "", what))

    def missing(self, name, what):
        """A row of what is not here to be compared with."""
        self.rows.append(dict(workload=name, other=what, missing=True))
        self.say("%-34s %s: not installed" % (name, what))

    def figure(self, name, value, unit, target=None, above=False):
        """One that is no ratio: a difference, a rate, a count."""
        self.rows.append(dict(workload=name, value=value, unit=unit,
                              target=target))
        self.say("%-34s %10.4g %-12s %6s %s" % (
            name, value, unit, "", "" if target is None else
            "%s %g" % (">=" if above else "<=", target)))

    def say(self, line):
        print(line.rstrip())
        sys.stdout.flush()


def human(seconds):
    if seconds < 1e-3:
        return "%.1f us" % (seconds * 1e6)
    return "%.2f ms" % (seconds * 1e3) if seconds < 1 else "%.2f s" % seconds


def expect(what, got, want):
    if got != want:
        raise Wrong("%s: %.200r, not %.200r" % (what, got, want))


def table_cells(n):
    return [("//| use: line/line", {"name": "n%d" % i}) for i in range(n)]


def shared_cells(n):
    return [('puts("hello from a cell");', {"name": "n%d" % i})
            for i in range(n)]


def program_cells(n):
    """All different, so that each must be compiled."""
    return [("// %d\n%s" % (i, HELLO), {"name": "n%d" % i}) for i in range(n)]
