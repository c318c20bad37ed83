"""What the tests of targets stand on: a newsroom that tells a recorder.

The recorder is a webhook's receiver; the target has no limits, unless a test
gives it some, because most tests send more than a newsroom does in a day.
"""
import contextlib
import json
import os
import sqlite3

from articles import article
from recorder import Recorder, new_secret

FREE = {"fuse": "none", "cap": "none"}
LIMITED = {"fuse": None, "cap": None}     # as it is by default


@contextlib.contextmanager
def desks_of(kind, room):
    """Makes a desk of that class with these words, and starts its room."""
    desks = []

    def make(**words):
        desks.append(kind(room, **words))
        room.start()
        return desks[-1]
    try:
        yield make
    finally:
        for desk in desks:
            desk.close()


class Office:
    def __init__(self, room, **target):
        self.room = room
        self.recorder = Recorder()
        self.hook = self.recorder.webhook()
        self.hub = self.recorder.hub()
        self.credentials = room.home / "credentials"
        self.credentials.mkdir(mode=0o700)
        self.secret = self.keep("app-secret", new_secret("app"))
        self.configure(**target)

    def close(self):
        self.recorder.close()

    def keep(self, name, *lines):
        """A credential file; gives its first line."""
        path = self.credentials / name
        path.write_text("".join(f"{line}\n" for line in lines))
        path.chmod(0o600)
        return lines[0]

    def target(self, name="app", **words):
        words = {"name": name, "type": "webhook", "url": self.hook.url,
                 "secrets": ["app-secret"], **FREE, **words}
        return {n: v for n, v in words.items() if v is not None}

    def configure(self, rest=(), targets=None, **words):
        """One target with these words, or these targets."""
        self.room.configure(**{
            "hub": {"publish": [self.hub.url]},
            "courier": {"credentials": str(self.credentials),
                        "allow": ["127.0.0.0/8"]},
            "targets": [self.target(**words)] if targets is None else targets,
            **dict(rest)})

    def rows(self, sql, *values):
        """Ask the courier's store, read-only."""
        uri = f"file:{self.room.state / 'courier.db'}?mode=ro"
        with contextlib.closing(sqlite3.connect(uri, uri=True)) as db:
            return db.execute(sql, values).fetchall()

    # ---- what came ----

    def told(self, kind=None):
        """[(type, headline)] of articles, as they came, without series."""
        return [(e.type, e.data["article"]["title"])
                for e in self.hook.taken() if e.type.startswith("article.")
                and kind in (None, e.type)]

    def heard(self, text, kind="article.published"):
        return [e for e in self.hook.taken()
                if e.type == kind and text in json.dumps(e.data)]

    def arrives(self, text, kind="article.published"):
        self.room.until(lambda: self.heard(text, kind), f"{kind} of {text}")
        return self.heard(text, kind)[0]

    def quiet(self, witness="Witness"):
        """Wait until what happened so far has become of what will: the
        witness is saved now, and comes behind everything else."""
        self.room.settle()
        self.room.write(f"{witness}.txt", article(witness))
        self.arrives(witness)


def age(room, seconds):
    """All files are older than they were."""
    for path in room.content.rglob("*"):
        if path.is_file():
            now = path.stat().st_mtime
            os.utime(path, (now - seconds, now - seconds))
