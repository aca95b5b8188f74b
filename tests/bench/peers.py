"""Workloads: what users take instead, on the same work, where it is installed.

Like with like: what compiles each time is compared with cnb both when it has
to compile (its cache empty) and when it has done so before; what saves a
notebook, with a run that saves one; what keeps a crash from the other tests,
with --keep-going.
"""
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys

from harness import HELLO, expect, program_cells, shared_cells
from output import LIMIT, LINE, writer


def peers(b):
    compilers(b)
    criterion(b)
    python_kernel(b)
    c_kernel(b)


# --- a compiler and a start for each cell ----------------------------------------

def cold(b, *argv):
    """-> seconds of a run whose cache is empty"""
    cache = os.environ["CNB_CACHE_DIR"]
    shutil.rmtree(cache, ignore_errors=True)
    return b.run(*argv)


def compilers(b):
    n = 3 if b.quick else 50
    nb = b.notebook("programs.ipynb", program_cells(n))
    name = "%d programs" % n
    for i, (text, _) in enumerate(program_cells(n)):
        b.write("own%d.c" % i, text)
    for cc in ("tcc",) if b.quick else ("gcc", "clang", "tcc"):
        if not shutil.which(cc):
            b.missing(name, cc)
            continue
        script = ("for i in $(seq 0 %d); do %s -g -Wall own$i.c -o own && "
                  "./own || exit; done >out" % (n - 1, cc))
        argv = (b.cnb, "run", "-q", nb, "--cc", cc)
        record = b.record(nb, "--cc", cc)
        expect("programs", [c["stdout"] for c in record], ["hello\n"] * n)
        first, then, other = b.turns_of(
            lambda: cold(b, *argv), lambda: b.run(*argv),
            lambda: b.run("sh", "-c", script))
        what = "%s and a start, each" % cc
        b.row(name + ", compiled", first, other, what)
        b.row(name + ", compiled before", then, other, what)


# --- tests in C -------------------------------------------------------------------

def criterion(b):
    """Each of its tests is a process, so that a crash is no other's."""
    n = 50 if b.quick else 1000
    name, what = "%d cells" % n, "Criterion, as many tests"
    tests = "#include <criterion/criterion.h>\n#include <stdio.h>\n" + "".join(
        'Test(s, t%d) { puts("hello"); }\n' % i for i in range(n))
    b.write("tests.c", tests)
    if subprocess.run(["cc", "tests.c", "-lcriterion", "-o", "tests"],
                      cwd=b.dir, stderr=subprocess.DEVNULL).returncode:
        b.missing(name, what)
        return
    said = b.start(b.path("tests")).stderr.decode()
    found = re.search(r"Passing: (\d+)", re.sub(r"\x1b\[[\d;]*m", "", said))
    expect("Criterion's tests", found and found.group(1), str(n))
    nb = b.notebook("many.ipynb", shared_cells(n))
    plain, kept, other = b.turns_of(
        lambda: b.run(b.cnb, "run", "-q", nb),
        lambda: b.run(b.cnb, "run", "-q", "-k", nb),
        lambda: b.run(b.path("tests")))
    b.row(name, plain, other, what)
    b.row(name + " with --keep-going", kept, other, what)


# --- other kernels ----------------------------------------------------------------

def has(*modules):
    return all(importlib.util.find_spec(m) for m in modules)


def for_kernel(b, name, cells, kernel, language):
    def change(nb):
        nb["metadata"] = {"kernelspec": {
            "name": kernel, "language": language, "display_name": kernel}}

    return b.edit(b.notebook(name, cells), change)


def texts_of(b, name):
    with open(b.path(name)) as f:
        cells = json.load(f)["cells"]
    return ["".join("".join(o.get("text", "")) for o in c["outputs"])
            for c in cells]


CLIENT = """import nbclient, nbformat, sys
nb = nbformat.read(sys.argv[1], 4)
nbclient.NotebookClient(nb, timeout=600).execute()
nbformat.write(nb, sys.argv[2])
"""


def clients(b):
    """Ways to run a notebook with its kernel and save it: (what, argv)"""
    b.write("client.py", CLIENT)
    if has("nbclient"):
        yield "nbclient", lambda nb: (
            sys.executable, "client.py", nb, "peer.ipynb")
    if has("nbconvert"):
        yield "nbconvert", lambda nb: (
            sys.executable, "-m", "nbconvert", "--to", "notebook",
            "--execute", nb, "--output", "peer.ipynb")


def python_kernel(b):
    n = 10 if b.quick else 1000
    name = "%d cells, saved" % n
    if not has("ipykernel", "nbformat", "nbclient"):
        b.missing(name, "nbclient with a Python kernel")
        return
    nb = b.notebook("many.ipynb", shared_cells(n))
    py = for_kernel(b, "py.ipynb", [('print("hello from a cell")', {})] * n,
                    "python3", "python")
    argv = (b.cnb, "run", "-q", nb, "-o", "own.ipynb")
    [mine] = b.turns_of(lambda: b.run(*argv))
    expect("cnb", texts_of(b, "own.ipynb"), ["hello from a cell\n"] * n)
    for what, command in list(clients(b))[:1 if b.quick else None]:
        took = b.run(*command(py))
        expect(what, texts_of(b, "peer.ipynb"), ["hello from a cell\n"] * n)
        b.row(name, mine, took, what + " with a Python kernel")
    if not b.quick:
        python_output(b)


def python_output(b):
    size = 100 << 20
    name = "100 MB of lines, saved"
    nb = writer(b, "stdio", size)
    py = for_kernel(b, "py.ipynb", [(
        'for _ in range(%d): print("%s")' % (size // 64, LINE), {})],
        "python3", "python")
    [mine] = b.turns_of(lambda: b.run(b.cnb, "run", "-q", nb, *LIMIT, "-o",
                                      "own.ipynb"))
    argv = (sys.executable, "client.py", py, "peer.ipynb")
    took = b.run(*argv)
    expect("nbclient", len(texts_of(b, "peer.ipynb")[0]), size)
    b.row(name, mine, took, "nbclient with a Python kernel")


def c_kernel_name():
    """Of a kernel for C that Jupyter knows, other than cnb's."""
    if not has("jupyter_client"):
        return None
    from jupyter_client.kernelspec import KernelSpecManager
    for name, spec in KernelSpecManager().get_all_specs().items():
        if spec["spec"].get("language", "").lower() == "c":
            return name
    return None


def c_kernel(b):
    """Program cells, which are all that it has: it compiles them each time."""
    n = 3 if b.quick else 50
    name, kernel = "%d programs, saved" % n, c_kernel_name()
    if not kernel or not has("nbclient", "nbformat"):
        b.missing(name, "a C kernel for Jupyter")
        return
    cells = program_cells(n)
    nb = b.notebook("programs.ipynb", cells)
    theirs = for_kernel(b, "theirs.ipynb", cells, kernel, "c")
    argv = (b.cnb, "run", "-q", nb, "-o", "own.ipynb")
    first, then = b.turns_of(lambda: cold(b, *argv), lambda: b.run(*argv))
    took = b.run(sys.executable, "client.py", theirs, "peer.ipynb")
    right = sum(t.endswith("hello\n") for t in texts_of(b, "peer.ipynb"))
    what = "nbclient with a C kernel"
    b.row(name + ", compiled", first, took, what, other_right=right)
    b.row(name + ", compiled before", then, took, what, other_right=right)
    b.figure("  cells that the C kernel got right", right, "of %d" % n)
