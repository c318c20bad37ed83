"""A newsroom with a real gazetted in it: what every scenario starts from.

The daemon under test is $builddir/gazetted; nothing here knows its insides.
What a test may look at is what an operator or a reader can: files, HTTP, the
command line, and the database read-only.

1. A newsroom lives in a short temporary directory (a unix socket's address has
   107 bytes) and is removed with it.
2. However a test ends, its daemon is dead afterwards.
3. A sanitizer's report in any daemon's stderr fails the test that started it.
"""
import contextlib
import gzip
import http.client
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time

import feedparser
import yaml

import feedcheck

TESTS = pathlib.Path(__file__).resolve().parents[1]
SOURCE = TESTS.parent
BUILD = pathlib.Path(os.environ.get("builddir", ".")).resolve()
GAZETTED = BUILD / "gazetted"
GAZETTECTL = BUILD / "gazettectl"

# Long enough for a sanitized build on a busy machine; nobody waits this long
# for something that works.
PATIENCE = 20.0
# A file that a scan finds settles for two seconds unless it is older.
SETTLED = 10.0

SANITIZER = re.compile(
    r"ERROR: (?:Address|Leak|Thread)Sanitizer|runtime error:|"
    r"SUMMARY: \w*Sanitizer|check failed|assertion", re.I)


def free_port():
    """A port of 127.0.0.1 that nobody has, and that no outgoing call gets."""
    for _ in range(1000):
        port = random.SystemRandom().randrange(10000, 32000)
        with socket.socket() as s:
            try:
                s.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise RuntimeError("no free port")


class Answer:
    """An HTTP answer: status, headers by lower-case name, body as sent."""

    def __init__(self, response):
        self.status = response.status
        self.headers = {k.lower(): v for k, v in response.getheaders()}
        self.raw = response.read()

    @property
    def body(self):
        if self.headers.get("content-encoding") == "gzip":
            return gzip.decompress(self.raw)
        return self.raw

    @property
    def etag(self):
        return self.headers.get("etag")


class Newsroom:
    def __init__(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="gazetted-"))
        self.content = self.home / "content"
        self.state = self.home / "state"
        self.www = self.home / "www"
        self.config = self.home / "gazetted.yaml"
        self.control = self.home / "control.sock"
        self.logfile = self.home / "log"
        self.content.mkdir()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        self.daemon = None
        self.wrapper = []
        self.options = []      # of the daemon
        self.configure()

    # ---- configuration ----

    def configure(self, **changes):
        """Write the configuration: a plain one, with sections replaced."""
        settings = {
            "site": {
                "name": "Example News", "url": self.url, "language": "en",
                "timezone": "UTC", "authority": "www.example.org,2024",
            },
            "content": [{"dir": str(self.content),
                         "permalink": "/articles/{stem}",
                         "on-delete": "withdraw"}],
            "publish": [{"dir": str(self.www)}],
            "serve": {"listen": [f"127.0.0.1:{self.port}"]},
            "state": str(self.state),
            "control": str(self.control),
            "channels": [{"all": True}],
        }
        settings.update(changes)
        self.config.write_text(yaml.safe_dump(settings, allow_unicode=True))

    # ---- the daemon ----

    def spawn(self):
        """Start the daemon and do not wait for it."""
        with open(self.logfile, "ab") as log:
            self.daemon = subprocess.Popen(
                [*self.wrapper, GAZETTED, "-f", "-c", self.config,
                 *self.options],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def start(self):
        """Start the daemon; return when it has looked at every file."""
        assert self.daemon is None, "the daemon runs already"
        self.spawn()
        self.settle()
        return self

    def stop(self):
        """Ask the daemon to end; it must do so well, and soon."""
        self.daemon.send_signal(signal.SIGTERM)
        code = self.daemon.wait(PATIENCE)
        self.daemon = None
        assert code == 0, f"exit status {code}\n{self.log()[-4000:]}"

    def kill(self):
        """End the daemon as a power cut would."""
        self.daemon.kill()
        self.daemon.wait()
        self.daemon = None

    def restart(self):
        self.stop()
        self.start()

    def alive(self):
        return self.daemon is not None and self.daemon.poll() is None

    def log(self):
        if not self.logfile.exists():
            return ""
        return self.logfile.read_text(errors="replace")

    def close(self):
        """End everything; what a sanitizer said is an error here."""
        try:
            if self.alive():
                self.stop()
        finally:
            if self.alive():
                self.kill()
            log = self.log()
            shutil.rmtree(self.home, ignore_errors=True)
        report = SANITIZER.search(log)
        assert not report, log[max(0, report.start() - 500):][:8000]

    # ---- gazettectl ----

    def ctl(self, *args, code=0):
        """Run gazettectl; its exit status must be as expected."""
        done = subprocess.run(
            [GAZETTECTL, "-c", self.config, *map(str, args)],
            capture_output=True, text=True, timeout=PATIENCE)
        assert not SANITIZER.search(done.stderr), done.stderr
        if code is not None:
            assert done.returncode == code, (
                f"gazettectl {' '.join(map(str, args))}: status "
                f"{done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def ask(self, **request):
        """What gazettectl does, without a process: one line, one answer."""
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(PATIENCE)
            s.connect(str(self.control))
            s.sendall(json.dumps(request).encode() + b"\n")
            with s.makefile() as answer:
                return json.loads(answer.readline())

    def status(self):
        """What the daemon says of itself; None while it does not answer."""
        try:
            return self.ask(verb="status")
        except (FileNotFoundError, ConnectionError, json.JSONDecodeError):
            return None

    def asides(self):
        """Files set aside: {path: {"why": ..., "hint": ...}}."""
        return {x["path"]: x for x in self.status()["aside"]}

    # ---- waiting ----

    def until(self, condition, what="", patience=PATIENCE):
        """Wait for a condition; return what it returned."""
        end = time.monotonic() + patience
        while True:
            result = condition()
            if result:
                return result
            assert self.alive(), f"the daemon died:\n{self.log()[-8000:]}"
            assert time.monotonic() < end, (
                f"not in {patience} s: {what or condition}\n"
                f"{self.status()}\n{self.log()[-4000:]}")
            time.sleep(0.02)

    def settled(self):
        """True when everything on disk has become of it what will."""
        s = self.status()
        return bool(s and s["reconciled"] and s["dirty"] == 0
                    and not s["watch"]["scanning"])

    def settle(self):
        """Wait until nothing is under way, also not what just happened."""
        self.until(lambda: self.settled(), "settled")
        self.ask(verb="rescan")
        self.until(lambda: self.settled(), "settled after a rescan")

    # ---- files ----

    def path(self, name):
        path = self.content / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def write(self, name, text, age=SETTLED):
        """Save a file as a careful editor does: whole, by rename."""
        path = self.path(name)
        temporary = path.with_name("." + path.name + ".new")
        temporary.write_bytes(text if isinstance(text, bytes)
                              else text.encode())
        if age is not None:
            when = time.time() - age
            os.utime(temporary, (when, when))
        temporary.rename(path)
        return path

    def overwrite(self, name, text):
        """Save a file in place, as a careless editor does."""
        path = self.path(name)
        path.write_text(text)
        return path

    # ---- reading ----

    def request(self, path, method="GET", **headers):
        """One HTTP exchange; header names with _ for -."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port,
                                                timeout=PATIENCE)
        with contextlib.closing(connection):
            connection.request(method, path, headers={
                k.replace("_", "-"): v for k, v in headers.items()})
            return Answer(connection.getresponse())

    def get(self, path, **headers):
        return self.request(path, **headers)

    def document(self, path):
        """A feed as an lxml tree; it must pass every check there is."""
        answer = self.get(path)
        assert answer.status == 200, f"{path}: {answer.status}"
        return feedcheck.check(answer.body)

    def feed(self, path="/feeds/all.atom"):
        """A feed as feedparser sees it; it must be valid, too."""
        answer = self.get(path)
        assert answer.status == 200, f"{path}: {answer.status}"
        feedcheck.check(answer.body)
        parsed = feedparser.parse(answer.body, response_headers={
            "content-type": answer.headers["content-type"]})
        assert not parsed.bozo, parsed.get("bozo_exception")
        return parsed

    def entries(self, path="/feeds/all.atom"):
        """The entries of a feed; none while there is no such feed."""
        return ([] if self.get(path).status == 404
                else self.feed(path).entries)

    def entry(self, title, path="/feeds/all.atom"):
        """The one entry whose title holds a text; None if there is none."""
        found = [e for e in self.entries(path) if title in e.title]
        assert len(found) < 2, f"{title} is there {len(found)} times"
        return found[0] if found else None

    def arrived(self, title, path="/feeds/all.atom"):
        """Wait for an entry."""
        return self.until(lambda: self.entry(title, path), f"entry {title}")

    def gone(self, title, path="/feeds/all.atom"):
        """Wait until there is no such entry."""
        self.until(lambda: self.entry(title, path) is None, f"no {title}")

    def rows(self, sql):
        """Ask the store, read-only."""
        uri = f"file:{self.state / 'press.db'}?mode=ro"
        with contextlib.closing(sqlite3.connect(uri, uri=True)) as db:
            return db.execute(sql).fetchall()

    def announced(self):
        return self.rows("SELECT count(*) FROM announce")[0][0]

    def tree(self):
        """Every published file: {path below www: bytes}."""
        return {str(p.relative_to(self.www)): p.read_bytes()
                for p in sorted(self.www.rglob("*")) if p.is_file()}
