"""Workloads: one cell that writes much."""
import os

from harness import expect

LINE = "the quick brown fox jumps over the lazy dog, and then sleeps 64"
LIMIT = ("--output-limit", "4G")

# How a cell writes so many bytes, in lines of 64.
WRITERS = {
    "stdio": 'for (long n = %d; n > 0; n -= 64) puts("%s");',
    "write": '#include <unistd.h>\n'
             'for (long n = %d; n > 0; n -= 64)\n'
             '    if (write(1, "%s\\n", 64) != 64) return 1;',
    "child": '#include <unistd.h>\n#include <sys/wait.h>\n'
             'if (fork() == 0) {\n'
             '    for (long n = %d; n > 0; n -= 64)\n'
             '        if (write(1, "%s\\n", 64) != 64) _exit(1);\n'
             '    _exit(0);\n}\n'
             'wait(0);',
}


def writer(b, how, size, name="output.ipynb"):
    return b.notebook(name, [(WRITERS[how] % (size, LINE), {})])


def into_cat(b, how, size):
    return b.run("sh", "-c", "%s write %s %d | cat >out"
                 % (b.floor, how, size))


def captured(b):
    size = (1 if b.quick else 100) << 20
    for how in WRITERS:
        nb = writer(b, how, size)
        [cell] = b.record(nb, *LIMIT)
        expect("bytes of " + how, cell["output_bytes"], size)
        expect("text of " + how, cell["stdout"] == (LINE + "\n") * (size // 64),
               True)
        # In a cell stdio writes line by line, as on a terminal.
        same = "lines" if how == "stdio" else how
        mine, other = b.turns_of(
            lambda: b.run(b.cnb, "run", "-q", nb, *LIMIT),
            lambda: into_cat(b, same, size))
        b.row("%d MB of lines, %s" % (size >> 20, how), mine, other,
              "into cat >file", 1.3)
    one_gigabyte(b)


def one_gigabyte(b):
    """The limit lifted; its bytes are counted, and its size in the notebook."""
    size = (4 if b.quick else 1024) << 20
    nb = writer(b, "write", size)
    b.run(b.cnb, "run", "-q", nb, *LIMIT, "-o", "out.ipynb")
    expect("size saved", os.path.getsize(b.path("out.ipynb")) > size, True)
    os.unlink(b.path("out.ipynb"))
    mine, other = b.turns_of(lambda: b.run(b.cnb, "run", "-q", nb, *LIMIT),
                             lambda: into_cat(b, "write", size))
    b.row("%d MB of lines, write" % (size >> 20), mine, other,
          "into cat >file", 1.3)


def saved(b):
    """In each form that a run can be given."""
    size = (1 if b.quick else 100) << 20
    nb = writer(b, "write", size)
    forms = {
        "shown": ["-t", "ipynb", "-o", "/dev/null"],
        "ipynb": ["-q", "-o", "out.ipynb"],
        "json": ["-q", "-o", "out.json"],
        "html": ["-q", "-o", "out.html"],
        "md": ["-q", "-o", "out.md"],
        "junit": ["-q", "-t", "junit", "-o", "out.xml"],
        "jsonl": ["-q", "-t", "jsonl", "-o", "out.jsonl"],
    }
    forms["shown"] = []
    for form, options in forms.items():
        argv = [b.cnb, "run", nb, *LIMIT, *options]
        took, base = b.turns_of(
            lambda: b.run(*argv), lambda: b.run(b.cnb, "run", "-q", nb, *LIMIT),
            of=min)
        b.figure("%d MB captured and %s" % (size >> 20, form if form == "shown"
                                            else "saved as " + form),
                 size / 1e6 / max(took - base, 1e-3), "MB/s more",
                 500 if form == "ipynb" else None, above=True)
        b.figure("  its memory", b.peak(*argv) / 1024, "MiB",
                 64 if form == "ipynb" else None)
    for times in (1, 10):
        nb = writer(b, "write", size * times)
        b.run(b.cnb, "run", "-q", nb)  # to compile it
        b.figure("  memory for %d MB of it, saved" % (size * times >> 20),
                 b.peak(b.cnb, "run", "-q", nb, "-o", "out.ipynb",
                        "--output-limit", "0") / 1024, "MiB", 64)
