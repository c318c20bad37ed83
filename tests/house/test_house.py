"""The house's rules that a program can check: CONTRIBUTING.md has them in words.

Each test is one rule, and its failure lists every place that breaks it.
"""
import json
import re
import shutil
import subprocess
import unicodedata

import pytest

import source

FUNCTION_MAX = 80
FILE_MAX = 700
COLUMNS = 80
TAB = 8

# Who may include several stages: they wire, they are not in the flow.
WIRING = {"daemon", "ctl"}

BANNED = """
    strcpy strcat strncpy strncat stpcpy sprintf vsprintf gets strtok alloca
    atoi atol atoll atof scanf system popen tmpnam tempnam mktemp
    rand srand strerror localtime gmtime asctime ctime readdir_r usleep
    setjmp longjmp
""".split()
STDOUT = r"\b(?:printf|vprintf|puts|putchar)\s*\(|\bstdout\b"

INCLUDE = re.compile(r'^#\s*include\s+"([^"]+)"', re.M)
SQL = re.compile(r"\b(?:SELECT\s.+\sFROM|INSERT\s+(?:OR\s+\w+\s+)?INTO|"
                 r"UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+TABLE|"
                 r"PRAGMA\s)", re.S)


def verify(offences):
    offences = list(offences)
    assert not offences, "\n" + "\n".join(offences)


def in_code(pattern, paths):
    """Where a pattern stands in the code itself."""
    for path in paths:
        yield from source.found(pattern, path, source.code(path))


def need(tool):
    if not shutil.which(tool):
        pytest.skip(f"{tool} is not installed")


def test_there_is_something_to_check():
    assert len(source.c_files()) > 50


# ---- the tree ----

def test_a_stage_includes_only_base_model_and_itself():
    def strangers(path):
        own = source.stage(path)
        allowed = {"base", own} if own == "base" else {"base", "model", own}
        for header in INCLUDE.findall(path.read_text()):
            if "/" in header and header.split("/")[0] not in allowed:
                yield f"{source.name(path)} includes {header}"
    verify(line for path in source.c_files()
           if source.stage(path) not in WIRING for line in strangers(path))


def test_no_two_folders_include_each_other():
    edges = {(source.stage(path), header.split("/")[0])
             for path in source.c_files()
             for header in INCLUDE.findall(path.read_text()) if "/" in header}
    verify(f"{a} and {b}" for a, b in edges if a < b and (b, a) in edges)


def test_includes_name_their_folder():
    verify(f"{source.name(path)} includes {header}"
           for path in source.c_files()
           for header in INCLUDE.findall(path.read_text())
           if "/" not in header and header != "config.h")


def test_each_folder_of_tests_says_why_it_exists():
    folders = [p for p in (source.TOP / "tests").iterdir() if p.is_dir()]
    folders += [source.TOP / name for name in ("tests", "feeds", "etc", "bench")]
    verify(f"{folder.name} has no README.md" for folder in folders
           if folder.name != "__pycache__"
           and not (folder / "README.md").exists())


def test_nothing_names_the_machine_it_was_written_on():
    # Written apart, so that this file does not find itself.
    places = r"(?<![\w$.}])/" + r"work/|\.\./" + r"shared/|/tmp/" + r"gz\b"
    def texts():
        for path in source.tree():
            try:
                yield path, path.read_text()
            except UnicodeDecodeError:
                continue  # a corpus file: bytes on purpose
    verify(line for path, text in texts()
           for line in source.found(places, path, text))


# ---- files ----

def test_files_are_short():
    def length(path):
        return path.read_text().count("\n")
    verify(f"{source.name(path)}: {length(path)} lines"
           for path in source.all_c_files() if length(path) > FILE_MAX)


def test_files_open_with_what_they_are():
    verify(source.name(path) for path in source.all_c_files()
           if not path.read_text().startswith("/*"))


def width(line):
    """Columns of a line: tabs go to the next stop, Chinese takes two."""
    at = 0
    for char in line:
        if char == "\t":
            at += TAB - at % TAB
        elif not unicodedata.combining(char):
            at += 2 if unicodedata.east_asian_width(char) in "WF" else 1
    return at


def test_lines_fit_eighty_columns():
    verify(f"{source.name(path)}:{number}: {width(line)} columns"
           for path in source.all_c_files()
           for number, line in enumerate(path.read_text().split("\n"), 1)
           if width(line) > COLUMNS)


def test_no_line_ends_in_blanks():
    verify(line for path in source.all_c_files()
           for line in source.found(r"[ \t]+$", path, path.read_text()))


def test_headers_guard_themselves():
    def guarded(path):
        words = re.sub(r"\W", "_", str(path.relative_to(source.TOP / "src")))
        return f"#ifndef {words.upper()}\n#define {words.upper()}\n"
    verify(source.name(path) for path in source.files("src/**/*.h")
           if guarded(path) not in path.read_text())


# ---- functions ----

def functions(path):
    """Yield (name, first line, last line) of each function defined in a file."""
    tags = subprocess.run(
        ["ctags", "--languages=C", "--langmap=C:.c.h", "--kinds-C=f",
         "--fields=+ne", "--output-format=json", "-f", "-", str(path)],
        capture_output=True, text=True, check=True)
    for line in tags.stdout.splitlines():
        tag = json.loads(line)
        if "end" in tag:
            yield tag["name"], tag["line"], tag["end"]


def test_functions_fit_a_screen():
    need("ctags")
    lengths = [(end - start + 1, f"{source.name(path)}: {function}")
               for path in source.all_c_files()
               for function, start, end in functions(path)]
    assert lengths, "ctags found no function"
    verify(f"{where} has {length} lines"
           for length, where in lengths if length > FUNCTION_MAX)


PROTOTYPE = re.compile(r"^[a-z_][^;{}#=]*\([^;{}]*\)[^;{}()]*;", re.M)


def outside_braces(text):
    """The text with everything inside braces blanked."""
    depth, out = 0, []
    for char in text:
        depth -= char == "}"
        out.append(char if depth == 0 or char == "\n" else " ")
        depth += char == "{"
    return "".join(out)


def undocumented(path):
    """Prototypes of a header with no comment above them or their group.

    A group is a run of prototypes without an empty line; the heading of a
    section speaks for the group below it.
    """
    text = path.read_text()
    top = outside_braces(source.blank(text))
    for match in PROTOTYPE.finditer(top):
        *above, group = text[:match.start()].split("\n\n")
        heading = above and above[-1].lstrip().startswith("/* ----")
        if "*/" not in group and not heading:
            line = text.count("\n", 0, match.start()) + 1
            yield f"{source.name(path)}:{line}: {match.group().split('(')[0]}"


def test_headers_document_each_prototype():
    verify(line for path in source.files("src/**/*.h")
           for line in undocumented(path))


def test_return_types_stand_on_their_own_line():
    pattern = (r"^(?!else|return|struct \w+ \{|#)[a-z_][\w \t*]*[ *]"
               r"[a-z_]\w*\([^;]*\)\n\{")
    verify(in_code(pattern, source.files("src/**/*.c")))


def test_statics_are_not_listed_ahead():
    """One is what two functions that call each other need; two are a list."""
    ahead = r"^static [^=;{}]*\([^;{}]*\)[^;{}=]*;"
    def lists(path):
        lines = list(source.found(ahead, path, source.code(path)))
        return lines if len(lines) > 1 else []
    verify(line for path in source.files("src/**/*.c") for line in lists(path))


# ---- words ----

def test_no_banned_function_is_called():
    pattern = r"\b(?:" + "|".join(BANNED) + r")\s*\("
    verify(in_code(pattern, source.c_files()))


def test_stages_do_not_print():
    verify(in_code(STDOUT, [path for path in source.c_files()
                            if source.stage(path) not in WIRING]))


def test_no_goto():
    verify(in_code(r"\bgoto\b", source.all_c_files()))


def test_comments_are_of_one_kind():
    verify(in_code(r"//", source.all_c_files()))


def test_nothing_is_left_to_do():
    pattern = r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b"
    verify(line for path in source.all_c_files()
           for line in source.found(pattern, path, path.read_text()))


def test_only_daemon_and_ctl_log():
    pattern = r"\b(?:event|event_err|event_send|sd_journal_\w+|syslog)\s*\("
    verify(line for line in in_code(pattern, [
        path for path in source.c_files()
        if source.stage(path) not in WIRING
        and path.stem != "event"]))


def test_sql_stays_in_the_store():
    def sql(path):
        if re.search(r"\bsqlite3_|<sqlite3\.h>", source.code(path)):
            yield f"{source.name(path)} calls SQLite"
        for line, literal in source.strings(path):
            if SQL.search(literal):
                yield f"{source.name(path)}:{line}: {literal}"
    verify(line for path in source.c_files()
           if source.stage(path) != "store" for line in sql(path))


def test_fallible_functions_must_be_used():
    """What fills a struct err returns int and is marked."""
    def unmarked(path):
        top = outside_braces(source.code(path))
        for match in PROTOTYPE.finditer(top):
            text = match.group()
            if text.startswith("int") and re.search(
                    r"struct err \*\w*\)", text) and "MUST_USE" not in text:
                yield f"{source.name(path)}: {text.split('(')[0].strip()}"
    verify(line for path in source.files("src/**/*.h")
           if path.name != "err.h" for line in unmarked(path))


def test_no_name_of_a_test_table_is_in_the_code():
    """A title that the code knows by heart proves nothing."""
    tables = source.files("tests/**/series-titles*.tsv")
    assert tables, "tests/ has no series-titles.tsv"
    names = set()
    rows = (row for table in tables
            for row in table.read_text().splitlines()[1:])
    for row in rows:
        if row.strip() and not row.startswith("#"):
            names.update(cell for cell in row.split("\t")[:2]
                         if len(cell) >= 10)
    assert len(names) > 40
    texts = {path: path.read_text().casefold() for path in source.c_files()}
    verify(f"{source.name(path)} knows \"{title}\"" for path in texts
           for title in names if title.casefold() in texts[path])


# ---- documents ----

def test_manual_pages_are_clean():
    need("mandoc")
    pages = source.files("docs/*.[158]")
    assert pages, "docs/ has no manual page"
    lint = subprocess.run(["mandoc", "-Tlint", *map(str, pages)],
                          capture_output=True, text=True)
    # Our own pages are installed only after the tests.
    verify(line for line in (lint.stdout + lint.stderr).splitlines()
           if not re.search(r"manual not found: Xr gazett(ed|ectl)", line))
