"""A newsroom at work, by chance, with a reader who objects to every surprise.

Each step does one thing that newsrooms do, waits until the daemon has nothing
left to do, and looks at the feeds.  What must hold after every step:

1. An article has one id for life: over edits, renames, moves, deletion and
   return, restarts, and another address of the site.  No two share one.
2. `published` never changes, `updated` never goes back and moves only with what
   is said; neither is in the future.
3. A step that says nothing new changes no byte and no entity tag, and is
   announced to nobody.
4. Every article that is here and readable is in the feed, in order; one that
   is not readable keeps its last good version, and takes nobody with it.

GAZETTED_PROP_STEPS says how many steps, SEED which.
"""
import os
import random
import time

import pytest

import newsroom
from feedcheck import NS, text
from reader import Reader

STEPS = int(os.environ.get("GAZETTED_PROP_STEPS", "120"))
SEED = os.environ.get("SEED") or str(random.SystemRandom().randrange(10**9))
ARTICLES_MAX = 30
GUARD_LEAST = 10  # see gazettectl(1), confirm
ENDINGS = [".txt", ".md", ".html"]
HOSTILE = ["<3", "AT&T", "&amp;", "]]>", "😀", "שלום", "\"q\"", "100%"]


class Piece:
    """An article as the newsroom means it."""

    def __init__(self, number, rng):
        self.token = f"Token{number:04}"
        self.rng = rng
        self.ending = rng.choice(ENDINGS)
        self.path = self.new_path()
        self.revision = 0
        self.here = self.readable = True
        self.hostile = rng.choice(HOSTILE)
        self.uid = None

    def new_path(self):
        folder = self.rng.choice(["", "a/", "b/c/"])
        return f"{folder}{self.token}-{self.rng.randrange(10**6)}{self.ending}"

    @property
    def title(self):
        return f"{self.token} says {self.hostile}"

    def paragraphs(self):
        return [f"Revision {self.revision} of {self.token}."] + [
            f"Paragraph {n} of {self.token} is there so that the file is known "
            "by its content, and is as long as paragraphs are." for n in range(6)]

    def bytes(self, line_end="\n"):
        escape = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
        html = "".join(escape.get(c, c) for c in self.title)
        body = "\n\n".join(self.paragraphs())
        written = {
            ".txt": f"{self.title}\n\n{body}\n",
            ".md": f"---\ntitle: '{self.title}'\n---\n\n{body}\n",
            ".html": f"<html><head><title>{html}</title></head><body><article>"
                     + "".join(f"<p>{p}</p>\n" for p in self.paragraphs())
                     + "</article></body></html>\n",
        }[self.ending]
        return written.replace("\n", line_end).encode()


class Newsdesk:
    """Knows every article, and what each step may change."""

    def __init__(self, room, rng):
        self.room = room
        self.rng = rng
        self.pieces = []
        self.deletions = 0
        self.reader = Reader(room, "/feeds/all.atom")
        self.ids = {}

    # ---- steps: each returns the pieces that say something new ----

    def create(self):
        if len(self.pieces) == ARTICLES_MAX:
            return self.edit()
        piece = Piece(len(self.pieces), self.rng)
        self.pieces.append(piece)
        self.room.write(piece.path, piece.bytes())
        return {piece}

    def pick(self, *, here=True, readable=True):
        found = [p for p in self.pieces
                 if p.here == here and p.readable == readable]
        return self.rng.choice(found) if found else None

    def edit(self):
        piece = self.pick()
        if piece:
            piece.revision += 1
            self.room.write(piece.path, piece.bytes(), age=None)
        return {piece} - {None}

    def rewrite(self):
        """The same bytes again, in place: what "save" does without a change."""
        if piece := self.pick():
            self.room.path(piece.path).write_bytes(piece.bytes())
        return set()

    def retype(self):
        """Line ends of another system."""
        if piece := self.pick():
            self.room.path(piece.path).write_bytes(piece.bytes("\r\n"))
        return set()

    def touch(self):
        if piece := self.pick():
            os.utime(self.room.path(piece.path))
        return set()

    def rename(self):
        if piece := self.pick():
            old, piece.path = piece.path, piece.new_path()
            self.room.path(old).rename(self.room.path(piece.path))
        return set()

    def delete(self):
        piece = self.pick()
        if piece and sum(p.here for p in self.pieces) > 4:
            self.room.path(piece.path).unlink()
            piece.here = False
            self.deletions += 1
            self.confirm()
            return {piece}
        return set()

    def confirm(self):
        """Many deletions in little time are held until somebody says yes."""
        self.room.settle()
        if self.room.status()["held"]["guard"]:
            assert self.deletions >= GUARD_LEAST, "held for no reason"
            self.room.ctl("confirm")

    def restore(self):
        piece = self.pick(here=False)
        if piece:
            self.room.write(piece.path, piece.bytes())
            piece.here = True
        return {piece} - {None}

    def spoil(self):
        if piece := self.pick():
            self.room.write(piece.path, b"\x00\x01not an article")
            piece.readable = False
        return set()

    def heal(self):
        if piece := self.pick(readable=False):
            self.room.write(piece.path, piece.bytes())
            piece.readable = True
        return set()

    def restart(self):
        self.room.restart()
        return set()

    STEPS = {create: 8, edit: 6, rewrite: 3, retype: 2, touch: 2, rename: 4,
             delete: 2, restore: 2, spoil: 1, heal: 2, restart: 1}

    # ---- what must hold ----

    def snapshot(self):
        answer = self.room.get("/feeds/all.atom")
        return answer.etag, answer.body, self.room.announced()

    def step(self):
        names = list(self.STEPS)
        doing = self.rng.choices(names, self.STEPS.values())[0]
        before = self.snapshot() if self.pieces else None
        changed = doing(self)
        self.room.settle()
        print(doing.__name__, [p.token for p in changed])
        self.check(changed, before)

    def check(self, changed, before):
        dates = {uid: seen[2] for uid, seen in self.reader.seen.items()}
        self.reader.etag = None
        self.reader.poll()
        if before and not changed:
            assert self.snapshot() == before, "something changed for nothing"
        for piece in self.pieces:
            self.check_piece(piece, dates, piece in changed)
        present = [p.uid for p in self.pieces if p.here]
        assert sorted(present) == sorted(self.reader.present)

    def check_piece(self, piece, dates, changed):
        found = [uid for uid, seen in self.reader.seen.items()
                 if piece.token in seen[0]]
        assert len(found) == 1, f"{piece.token} has the ids {found}"
        if piece.uid is None:
            assert found[0] not in self.ids, "an id was given twice"
            self.ids[found[0]] = piece
            piece.uid = found[0]
        assert found[0] == piece.uid, f"the id of {piece.token} changed"
        title, published, updated = self.reader.seen[piece.uid]
        assert title == piece.title
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 1))
        assert published <= updated <= now
        if piece.uid in dates and not changed:
            assert updated == dates[piece.uid], f"{piece.token} was not edited"

    def check_texts(self):
        """Every article, whole and as it was saved last."""
        for entry in self.room.document("/feeds/all.atom").iterfind(
                "a:entry", NS):
            piece = self.ids[text(entry, "a:id")]
            content = text(entry, "a:content")
            for paragraph in piece.paragraphs():
                assert content.count(paragraph) == 1


@pytest.fixture
def desk():
    print("SEED", SEED)
    room = newsroom.Newsroom()
    rng = random.Random("props" + SEED)
    yield Newsdesk(room, rng)
    room.close()


def test_no_step_of_any_day_surprises_a_reader(desk):
    desk.room.start()
    for _ in range(4):
        desk.create()
    desk.room.settle()
    desk.check(set(desk.pieces), None)
    for n in range(STEPS):
        desk.step()
        if n % 20 == 19:
            desk.check_texts()
    desk.check_texts()


def test_ids_survive_another_address_of_the_site(desk):
    desk.room.start()
    for _ in range(5):
        desk.create()
    desk.room.settle()
    desk.check(set(desk.pieces), None)
    dates = dict(desk.reader.seen)
    announced = desk.room.announced()
    desk.room.configure(site={
        "name": "Example News", "url": "https://moved.example.net/",
        "language": "en", "timezone": "UTC",
        "authority": "www.example.org,2024"})
    desk.room.restart()
    desk.reader.etag = None
    desk.reader.poll()
    assert desk.reader.seen == dates
    assert desk.room.rows("SELECT count(*) FROM announce"
                          " WHERE kind = 'article'")[0][0] <= announced
    assert b"https://moved.example.net/articles/" in \
        desk.room.get("/feeds/all.atom").body
