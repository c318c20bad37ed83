"""Kill the daemon again and again while files arrive and readers read.

However it ends: nothing that was saved is lost, no id changes, and whoever
reads a feed, over HTTP or from the tree, at any moment, reads a whole one.

GAZETTED_CRASH_CYCLES says how often (100), SEED repeats a run's chances.
"""
import gzip
import http.client
import os
import random
import re
import threading
import time

import brotli
import pytest

import feedcheck
import newsroom
from feedcheck import NS, text
from writer import SERIES, Writer

CYCLES = int(os.environ.get("GAZETTED_CRASH_CYCLES", "100"))
SEED = os.environ.get("SEED") or str(random.SystemRandom().randrange(10**9))
LONGEST = 0.5  # seconds that the daemon lives, at most

MARK = re.compile(r"(Begin|End) (T\d{4}) r(\d+)\.")
FEEDS = ["feeds/all.atom"] + [
    f"feeds/series/{name.lower().replace(' ', '-')}.atom" for name in SERIES]


class Witness(threading.Thread):
    """Reads all the time, and remembers what must never change."""

    def __init__(self, room, rng):
        super().__init__(daemon=True)
        self.room = room
        self.rng = rng
        self.ids = {}        # token -> id at first sight
        self.revisions = {}  # (source, token) -> newest revision seen
        self.bodies = {}     # (feed, etag) -> body
        self.reads = {"http": 0, "tree": 0, "gzip": 0}
        self.objection = None
        self.ending = threading.Event()

    def run(self):
        while not self.ending.is_set() and not self.objection:
            try:
                self.look(self.rng.choice(FEEDS))
            except Exception as e:
                self.objection = e
            time.sleep(0.005)

    def stop(self):
        self.ending.set()
        self.join()

    def look(self, feed):
        source = self.rng.choice(list(self.reads))
        body = getattr(self, "read_" + source)(feed)
        if body is None:
            return
        self.reads[source] += 1
        for entry in feedcheck.check(body).iterfind("a:entry", NS):
            self.judge(f"{source} {feed}", entry)

    # ---- where from ----

    def read_http(self, feed):
        """A daemon that is dead, or dies on the way, has said nothing."""
        try:
            answer = self.room.get("/" + feed)
        except (OSError, http.client.HTTPException):
            return None
        if answer.status == 404:
            return None
        assert answer.status == 200, f"{feed}: {answer.status}"
        known = self.bodies.setdefault((feed, answer.etag), answer.body)
        assert known == answer.body, "one ETag names two bodies"
        return answer.body

    def read_tree(self, feed):
        try:
            return (self.room.www / feed).read_bytes()
        except FileNotFoundError:
            return None

    def read_gzip(self, feed):
        try:
            return gzip.decompress((self.room.www / (feed + ".gz"))
                                   .read_bytes())
        except FileNotFoundError:
            return None

    # ---- what it says ----

    def judge(self, source, entry):
        begin, end = MARK.findall(text(entry, "a:content"))
        assert begin[0] == "Begin" and end[0] == "End"
        assert begin[1:] == end[1:], f"half of {begin} and half of {end}"
        token, revision = begin[1], int(begin[2])
        assert token in text(entry, "a:title")
        uid = self.ids.setdefault(token, text(entry, "a:id"))
        assert uid == text(entry, "a:id"), f"the id of {token} changed"
        newest = self.revisions.get((source, token), 0)
        assert revision >= newest, f"{source}: {token} went back"
        self.revisions[source, token] = revision


@pytest.fixture
def newsroom_under_fire():
    room = newsroom.Newsroom()
    writer = Writer(room.content, random.Random("writer" + SEED))
    witness = Witness(room, random.Random("witness" + SEED))
    yield room, writer, witness
    writer.stop()
    witness.stop()
    room.close()


def kill_again_and_again(room, writer, witness, cycles):
    rng = random.Random("killer" + SEED)
    for _ in range(cycles):
        room.spawn()
        time.sleep(rng.uniform(0, LONGEST))
        assert room.alive(), f"it died by itself:\n{room.log()[-8000:]}"
        room.kill()
        assert not witness.objection, witness.objection
        assert writer.is_alive(), "the writer failed"


def everything_is_there(room, writer):
    """Every article, in its last revision, once, in its feed."""
    expected = {}
    for piece in writer.pieces:
        expected.setdefault(piece.feed, {})[piece.token] = piece.revision
    for feed, tokens in expected.items():
        answer = room.get("/" + feed)
        if answer.status != 200:
            return False
        found = {}
        for entry in feedcheck.check(answer.body).iterfind("a:entry", NS):
            _, token, revision = MARK.findall(text(entry, "a:content"))[0]
            assert token not in found, f"{token} is there twice"
            found[token] = int(revision)
        if found != tokens:
            return False
    return True


@pytest.mark.parametrize("cycles, begun", [(CYCLES, True), (CYCLES // 5, False)],
                         ids=["at work", "in the first scan"])
def test_nothing_is_lost_and_nothing_is_half(newsroom_under_fire, capsys,
                                             cycles, begun):
    """begun: the first scan, which begins anew when it is killed, is over."""
    room, writer, witness = newsroom_under_fire
    if begun:
        room.start()
        room.kill()
    writer.start()
    witness.start()
    with capsys.disabled():
        print(f"\ncrash test: SEED={SEED}, {cycles} kills", flush=True)
    kill_again_and_again(room, writer, witness, cycles)
    writer.stop()

    room.start()
    room.until(lambda: everything_is_there(room, writer),
               "every article in its last revision", patience=60)
    room.settle()
    witness.stop()
    if witness.objection:
        raise witness.objection
    with capsys.disabled():
        print(f"{len(writer.pieces)} articles, {writer.acts} acts, "
              f"reads: {witness.reads}", flush=True)

    assert not begun or min(witness.reads.values()) > 0
    check_ids(room, writer, witness)
    check_store(room, writer)
    check_tree(room)


def check_ids(room, writer, witness):
    """What the witness first saw is what is there now."""
    for feed in FEEDS[1:]:
        for entry in room.document("/" + feed).iterfind("a:entry", NS):
            witness.judge(f"http {feed}", entry)
    assert len(witness.ids) == len(writer.pieces)
    assert len(set(witness.ids.values())) == len(writer.pieces)


def check_store(room, writer):
    assert room.rows("SELECT count(*) FROM feed"
                     " WHERE published < wanted") == [(0,)]
    assert room.rows("SELECT count(*) FROM article") == \
        [(len(writer.pieces),)]
    assert room.rows("PRAGMA integrity_check") == [("ok",)]
    assert room.rows("PRAGMA foreign_key_check") == []


def check_tree(room):
    """What readers find, and nothing that a dead daemon left behind."""
    documents = [name.replace(".atom", ending) for name in FEEDS
                 for ending in (".atom", ".rss", ".json")]
    tree = room.tree()
    expected = {name + ending for name in documents for ending in ("", ".gz")}
    found = {path for path in tree
             if path.startswith("feeds/") and "/archive/" not in path
             and "index.opml" not in path}
    assert found - expected <= {name + ".br" for name in documents}
    assert expected <= found
    for name in documents:
        assert gzip.decompress(tree[name + ".gz"]) == tree[name]
        assert brotli.decompress(tree.get(
            name + ".br", brotli.compress(tree[name]))) == tree[name]
        assert room.get("/" + name).body == tree[name]
    for name in tree:
        if re.search(r"/archive/\d+\.(atom|rss|json)$", name):
            assert room.get("/" + name).body == tree[name]
