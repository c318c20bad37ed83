"""What the house checks look at: the tree's files, and C without its comments.

The checks are regular expressions over C that is known to be plain: no macros
that open a brace, no trigraphs, comments that do not nest.  blank() makes the
rest safe, by turning what a check must not see into spaces, line by line.
"""
import pathlib
import re

TOP = pathlib.Path(__file__).resolve().parents[2]

COMMENT = re.compile(r"/\*.*?\*/", re.S)
STRING = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'')
TOKEN = re.compile(COMMENT.pattern + "|" + STRING.pattern, re.S)

FOLDERS = ("src", "feeds", "etc", "tests", "debian", "docs", "bench",
           "build-aux", ".ci")
# What autoreconf puts into build-aux, and what others made, is not ours.
FOREIGN = {"ar-lib", "compile", "depcomp", "install-sh", "missing",
           "test-driver"}


def files(*patterns, below=TOP):
    """The files of the tree that match, sorted."""
    found = {path for pattern in patterns for path in below.glob(pattern)}
    return sorted(path for path in found if path.is_file())


def tree():
    """Every file that we write: the folders, and what lies at the top."""
    for path in files("*"):
        if path.name not in ("aclocal.m4", "configure", "configure~",
                             "Makefile.in", "Makefile", "config.log"):
            yield path
    for folder in FOLDERS:
        for path in files("**/*", below=TOP / folder):
            if path.name not in FOREIGN and "__pycache__" not in path.parts:
                yield path


def c_files():
    return files("src/**/*.c", "src/**/*.h")


def all_c_files():
    return c_files() + files("tests/**/*.c", "tests/**/*.h", "bench/**/*.c")


def name(path):
    return str(path.relative_to(TOP))


def stage(path):
    """The folder below src/ that a file belongs to."""
    return path.relative_to(TOP / "src").parts[0]


def blank(text, strings=True):
    """Comments (and strings) become spaces; every line keeps its number."""
    def spaces(match):
        found = match.group()
        if found.startswith("/*") or strings:
            return re.sub(r"[^\n]", " ", found)
        return found
    return TOKEN.sub(spaces, text)


def code(path):
    return blank(path.read_text())


def strings(path):
    """Yield (line number, literal) for every string of a C file."""
    text = blank(path.read_text(), strings=False)
    for match in STRING.finditer(text):
        if match.group().startswith('"'):
            yield text.count("\n", 0, match.start()) + 1, match.group()


def found(pattern, path, text):
    """Where a pattern stands in a text, as "file:line: text"."""
    lines = text.split("\n")
    for match in re.finditer(pattern, text, re.M):
        line = text.count("\n", 0, match.start())
        yield f"{name(path)}:{line + 1}: {lines[line].strip()}"
