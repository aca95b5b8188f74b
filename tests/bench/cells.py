"""Workloads: what a cell costs, from the start of cnb to the report of a crash.
"""
import os
import shutil
import subprocess
import time

from harness import (HELLO, HERE, Wrong, expect, program_cells, shared_cells,
                     table_cells)


def first_byte(b, *argv):
    """-> seconds until it wrote hello"""
    began = time.monotonic()
    p = subprocess.Popen(argv, cwd=b.dir, stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL)
    seen = b""
    while b"hello" not in seen:
        part = os.read(p.stdout.fileno(), 65536)
        if not part:
            raise Wrong("%s wrote %r" % (" ".join(argv), seen))
        seen += part
    took = time.monotonic() - began
    p.stdout.read()
    p.wait()
    return took


def start(b):
    """Start to first output, the cache warm."""
    hello = b.program("hello", HELLO)
    nb = b.notebook("start.ipynb", [('puts("hello");', {})])
    mine, other = b.turns_of(lambda: first_byte(b, b.cnb, "run", nb),
                             lambda: first_byte(b, hello))
    b.row("start to first output", mine, other, "a program in C")
    b.figure("start to first output", mine * 1e3, "ms", 5)
    start_amid_much(b, nb)


def start_amid_much(b, plain):
    """The same where there is much around it that has nothing to do with it."""
    def add_markdown(nb):
        lines = ["One line of Markdown among many, and no more than that.\n"]
        nb["cells"] += [{"cell_type": "markdown", "id": "m%d" % i,
                         "metadata": {}, "source": lines * 100}
                        for i in range(20 if b.quick else 1600)]

    os.makedirs(b.path("plugins"), exist_ok=True)
    plugins = 10 if b.quick else 200
    for i in range(plugins):
        b.write("plugins/p%d.c" % i, "int unused%d;\n" % i)
    cell = [('puts("hello");', {})]
    beside = b.edit(b.notebook("beside.ipynb", cell), lambda nb:
                    nb["metadata"]["cnb"].update(plugins=["plugins"]))
    long = b.edit(b.notebook("long.ipynb", cell), add_markdown)
    size = os.path.getsize(b.path(long)) / 1e6
    much = dict(os.environ, **{"MUCH%d" % i: "x" * 1000 for i in range(500)})
    for what, argv in (
            ("%d plugins in the path" % plugins, ["env", b.cnb, "run", beside]),
            ("a notebook of %.1f MB" % size, ["env", b.cnb, "run", long]),
            ("500 kB of environment",
             ["env"] + ["%s=%s" % v for v in much.items()] +
             [b.cnb, "run", plain])):
        mine, other = b.turns_of(
            lambda: first_byte(b, *argv),
            lambda: first_byte(b, "env", b.cnb, "run", plain))
        b.row("  with " + what, mine, other, "without")


def trivial(b, kind, cells, sizes):
    few = b.notebook("few.ipynb", cells(1))
    b.record(few)
    plugin = b.path("line.so")
    b.run("cc", "-shared", "-fPIC", "-I", HERE + "/../../runner", "line.c",
          "-o", plugin)
    for n in sizes:
        nb = b.notebook("many.ipynb", cells(n))
        began = time.monotonic()
        record = b.record(nb)
        b.first = time.monotonic() - began
        expect("cells of %s" % nb, len(record), n)
        for c in record:
            expect(c["name"], (c["status"], c["stdout"]),
                   ("ok", "hello from a cell\n"))
        mine, base, other = b.turns_of(
            lambda: b.run(b.cnb, "run", "-q", nb),
            lambda: b.run(b.cnb, "run", "-q", few),
            lambda: b.run(b.floor, "calls", plugin, str(n)))
        b.row("%d %s cells" % (n, kind), mine, other,
              "as many calls and reads in C", cold_seconds=b.first)
        if n >= 1000:
            b.figure("  a %s cell, over the floor's" % kind,
                     (mine - base - other) / n * 1e6, "us", 30)


def table(b):
    shutil.copy(HERE + "/line.c", b.dir)
    trivial(b, "table", table_cells,
            (10, 100) if b.quick else (10, 100, 1000, 10000, 100000))


def shared(b):
    shutil.copy(HERE + "/line.c", b.dir)
    trivial(b, "shared", shared_cells,
            (10, 50) if b.quick else (10, 100, 1000, 10000))


def shared_100000(b):
    """Only where it is asked for: the compiler alone takes minutes."""
    shutil.copy(HERE + "/line.c", b.dir)
    trivial(b, "shared", shared_cells, (100,) if b.quick else (100000,))
    b.figure("  the first time, with the compiler", b.first, "s")


CALLS_MOST = 72  # of a cell that prints a line: one at a time they took 61, in
#                 a row 45; being counted makes them wait for each other more
CALLS_OF_COPY = 36  # more with --keep-going, which took 30 to 40


def counted(b, nb, *options):
    """-> system calls of a run with all its processes; None: it may not be
    traced here"""
    done = subprocess.run(
        [b.build + "/tests/counted", b.path("count"), b.cnb, "run", "-q", nb,
         *options],
        cwd=b.dir, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)
    if done.returncode == 126:
        return None
    expect("status of a run that is counted", done.returncode, 0)
    with open(b.path("count")) as f:
        return int(f.read())


def calls(b):
    """What a cell asks of the kernel: a count, and so wrong where it grows, on
    any machine."""
    if "-" in os.path.basename(b.build):  # a sanitizer's own are among them
        return
    shutil.copy(HERE + "/line.c", b.dir)
    few, many = 40, 140
    for kind, cells, most, options in (
            ("table", table_cells, CALLS_MOST, ()),
            ("shared", shared_cells, CALLS_MOST, ()),
            ("kept", shared_cells, CALLS_MOST + CALLS_OF_COPY, ("-k",))):
        each = []
        for _ in range(3):  # on a machine that is busy they wait more often
            counts = []
            for n in (few, many):
                nb = b.notebook("some.ipynb", cells(n))
                b.run(b.cnb, "run", "-q", nb)  # to compile it
                counts.append(counted(b, nb, *options))
            if None in counts:
                b.missing("system calls", "tracing")
                return
            each.append((counts[1] - counts[0]) / (many - few))
        each = min(each)
        b.figure("system calls of a %s cell" % kind, each, "calls", most)
        if each > most:
            raise Wrong("a %s cell makes %.1f system calls, not %d at most"
                        % (kind, each, most))


def kept(b):
    """--keep-going: a copy of the state before each cell."""
    n = 50 if b.quick else 1000
    nb = b.notebook("many.ipynb", shared_cells(n))
    with_copies, without = b.turns_of(
        lambda: b.run(b.cnb, "run", "-q", "-k", nb),
        lambda: b.run(b.cnb, "run", "-q", nb))
    b.row("%d cells with --keep-going" % n, with_copies, without, "without")
    b.figure("  a cell with --keep-going", with_copies / n * 1e6, "us", 200)


def memory(b):
    """Growth of cnb's own memory."""
    shutil.copy(HERE + "/line.c", b.dir)
    sizes = (100, 1000) if b.quick else (10000, 100000)
    peaks = []
    for n in sizes:
        nb = b.notebook("many.ipynb", table_cells(n))
        peaks.append(b.peak(b.cnb, "run", "-q", nb) * 1024 -
                     os.path.getsize(b.path(nb)))
    b.figure("memory of a cell, beside its text",
             (peaks[1] - peaks[0]) / (sizes[1] - sizes[0]), "bytes", 1024)


def programs(b):
    n = 20 if b.quick else 1000
    nb = b.notebook("programs.ipynb", [(HELLO, {"name": "n%d" % i})
                                       for i in range(n)])
    record = b.record(nb)
    expect("programs", {c["stdout"] for c in record}, {"hello\n"})
    hello = b.program("hello", HELLO)
    mine, other = b.turns_of(
        lambda: b.run(b.cnb, "run", "-q", nb),
        lambda: b.run(b.floor, "starts", str(n), hello))
    b.row("%d programs, compiled before" % n, mine, other,
          "as many starts in C")


def crash(b):
    nb = b.notebook("crash.ipynb", [("*(volatile int *)8 = 1;", {})])
    fine = b.notebook("fine.ipynb", [("(void)0;", {})])
    [cell] = b.record(nb, status=1)
    expect("crash", (cell["status"], cell["signal"]), ("crashed", "SIGSEGV"))
    mine, other = b.turns_of(
        lambda: b.run(b.cnb, "run", "-q", nb, status=1),
        lambda: b.run(b.cnb, "run", "-q", fine), of=min)
    b.row("a cell that crashes", mine, other, "one that does not")
    b.figure("  death to report", (mine - other) * 1e3, "ms", 3)


def concurrency(b):
    """The project's own notebook, as a whole process."""
    source = HERE + "/../../notebooks/concurrency.ipynb"
    os.makedirs(b.path("nb/notebooks"), exist_ok=True)
    shutil.copy(source, b.path("nb/notebooks"))
    shutil.copytree(HERE + "/../../cells", b.path("nb/cells"),
                    dirs_exist_ok=True)
    nb = "nb/notebooks/concurrency.ipynb"
    cells = b.record(nb)
    expect("statuses", {c["status"] for c in cells}, {"ok"})
    own = sum(c["duration_ms"] for c in cells) / 1e3
    [mine] = b.turns_of(lambda: b.run(b.cnb, "run", "-q", nb))
    b.row("the concurrency notebook", mine, own, "its cells' own time")


# --- instructions, which do not depend on who else uses the machine ------------

def instructions_of(b, *argv):
    """-> of all its processes, by callgrind"""
    folder = b.path("callgrind")
    shutil.rmtree(folder, ignore_errors=True)
    os.mkdir(folder)
    b.run("valgrind", "-q", "--tool=callgrind", "--trace-children=yes",
          "--callgrind-out-file=%s/%%p" % folder, *argv)
    total = 0
    for name in os.listdir(folder):
        with open(os.path.join(folder, name)) as f:
            total += sum(int(line.split()[1]) for line in f
                         if line.startswith(("summary:", "totals:"))) // 2
    return total


def instructions(b):
    """Of a cell: the difference between many and few."""
    if not shutil.which("valgrind"):
        b.missing("instructions", "valgrind")
        return
    shutil.copy(HERE + "/line.c", b.dir)
    few, many = (5, 25) if b.quick else (20, 220)
    each = {}
    for kind, cells in (("program", program_cells), ("shared", shared_cells),
                        ("table", table_cells))[1 if b.quick else 0:]:
        counts = []
        for n in (few, many):
            nb = b.notebook("some.ipynb", cells(n))
            b.run(b.cnb, "run", "-q", nb)  # to compile it
            counts.append(instructions_of(b, b.cnb, "run", "-q", nb))
        each[kind] = (counts[1] - counts[0]) / (many - few)
        b.figure("a %s cell" % kind, each[kind], "instructions")
    b.figure("start and end of a run", counts[0] - few * each["table"],
             "instructions")
    if each["shared"] > 1.5 * each["table"]:
        raise Wrong("a shared cell that was compiled before is analysed again: "
                    "it takes %.0f instructions, a table cell %.0f"
                    % (each["shared"], each["table"]))
    instructions_of_files(b, 100 if b.quick else 2000)


def instructions_of_files(b, cells):
    """Of a byte of a notebook with outputs, read, written and exported."""
    text = ["the quick brown <fox> jumps over the lazy dog\n"] * 20

    def add_outputs(nb):
        for i, cell in enumerate(nb["cells"]):
            cell["execution_count"] = i + 1
            cell["outputs"] = [{"output_type": "stream", "name": "stdout",
                                "text": text}]

    nb = b.edit(b.notebook("full.ipynb", shared_cells(cells)), add_outputs)
    size = os.path.getsize(b.path(nb))
    b.figure("a byte listed",
             instructions_of(b, b.cnb, "list", nb) / size, "instructions")
    for to in ("ipynb", "json", "jsonl", "html", "md", "junit")[
            4 if b.quick else 0:]:
        count = instructions_of(b, b.cnb, "export", nb, "--to", to, "-o",
                                "full.out")
        b.figure("a byte exported to " + to, count / size, "instructions")
