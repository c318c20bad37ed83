"""Programs of others that read feeds: each gives the entries that it sees.

An entry is (id, title, link); what a program does not keep is None.  A reader
that is not installed skips the test, and says what is missing.
"""
import contextlib
import json
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile

import feedparser
import pytest

import newsroom

MODULES = newsroom.BUILD / "tests" / "npm"
SCRIPT = newsroom.TESTS / "npm" / "read.mjs"
FORMATS = ("atom", "rss", "json")
# Which formats each program knows.
KNOWS = {
    "feedparser": ("atom", "rss"),
    "newsboat": ("atom", "rss"),
    "sfeed": ("atom", "rss"),
    "npm:feedparser": ("atom", "rss"),
    "npm:feedsmith": FORMATS,
    "npm:rss-parser": ("atom", "rss"),
}


def need(program):
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed (package {program})")


def need_package(*names):
    need("node")
    for name in names:
        if not (MODULES / "node_modules" / name).is_dir():
            pytest.skip(f"{name} of npm is not in {MODULES}: "
                        "./quickstart check installs it")


def read_feedparser(bodies):
    for body in bodies:
        feed = feedparser.parse(body)
        assert not feed.bozo, feed.get("bozo_exception")
        yield [(e.id, e.title, e.link) for e in feed.entries]


def read_sfeed(bodies):
    need("sfeed")
    for body in bodies:
        done = subprocess.run(["sfeed"], input=body, capture_output=True,
                              check=True)
        # Its columns are parted by TAB, so a title's TAB is a blank.
        rows = [line.split("\t") for line in
                done.stdout.decode().rstrip("\n").split("\n")]
        yield [(row[5], row[1], row[2]) for row in rows]


def read_newsboat(bodies):
    """It reads files, and keeps what it saw in a database."""
    need("newsboat")
    with tempfile.TemporaryDirectory() as home:
        for n, body in enumerate(bodies):
            here = pathlib.Path(home, str(n))
            here.mkdir()
            (here / "feed").write_bytes(body)
            (here / "urls").write_text(f"file://{here}/feed\n")
            (here / "config").write_text("")
            done = subprocess.run(
                ["newsboat", "-u", here / "urls", "-c", here / "cache",
                 "-C", here / "config", "-x", "reload"],
                env={"HOME": str(here), "PATH": "/usr/bin:/bin",
                     "LANG": "C.UTF-8"}, capture_output=True, timeout=60)
            assert done.returncode == 0, done.stderr.decode()
            with contextlib.closing(sqlite3.connect(here / "cache")) as db:
                yield db.execute("SELECT guid, title, url FROM rss_item"
                                 " ORDER BY id").fetchall()


def read_npm(package):
    def read(bodies):
        need_package(package)
        done = subprocess.run(
            ["node", SCRIPT, MODULES, package],
            input=json.dumps([b.decode() for b in bodies]).encode(),
            capture_output=True, timeout=120)
        assert done.returncode == 0, done.stderr.decode()
        for entries in json.loads(done.stdout):
            yield [(e["id"], e["title"], e["link"]) for e in entries]
    return read


READERS = {
    "feedparser": read_feedparser,
    "newsboat": read_newsboat,
    "sfeed": read_sfeed,
    **{f"npm:{name}": read_npm(name)
       for name in ("feedparser", "feedsmith", "rss-parser")},
}
