"""What a change costs in a channel of many articles: one entry and one
document, never the whole.  GAZETTED_COST says how many articles: check-long
has ten thousand.
"""
import os

import pytest

COUNT = int(os.environ.get("GAZETTED_COST", "1000"))
FORMATS = 3
PAGE = 50       # articles in a document


def save(room, n, text="As it was."):
    room.write(f"{n // 500}/a{n}.txt",
               f"Story {n} goes on\n\nText of {n}. {text}\n",
               age=10 ** 6 - n)


@pytest.fixture(scope="module")
def room(make_room):
    room = make_room()
    for n in range(COUNT):
        save(room, n)
    room.spawn()
    room.until(room.settled, "the first scan", patience=60 + COUNT / 20)
    # The entries of the newest document are in memory from here on.
    save(room, COUNT - 1, "Warm.")
    room.settle()
    return room


def documents(room):
    """What lies in the tree of the channel: {path: which file that is}."""
    feeds = room.www / "feeds"
    return {str(p.relative_to(feeds)): p.stat().st_ino
            for p in feeds.rglob("*") if p.is_file()
            and (p.name.startswith("all.") or p.parent.name == "archive")
            and p.suffix != ".br"}


class Cost:
    """What happens between the two: how much is rendered, and published."""

    def __init__(self, room):
        self.room = room

    def __enter__(self):
        self.status, self.files = self.room.status(), documents(self.room)
        return self

    def __exit__(self, *failed):
        self.room.settle()
        now, files = self.room.status(), documents(self.room)
        self.units = now["rendered"] - self.status["rendered"]
        self.fragments = now["fragments"] - self.status["fragments"]
        self.published = {p for p, file in files.items()
                          if self.files.get(p) != file}
        # Once in fifty numbers a page is full: it is published, too.
        full = set(files) - set(self.files)
        self.published -= full
        self.full = len(full) // (2 * FORMATS)


def variants(stem):
    return {f"{stem}.{e}{z}" for e in ("atom", "rss", "json")
            for z in ("", ".gz")}


def test_the_channel_is_long(room):
    assert room.status()["articles"] == COUNT
    pages = [p for p in documents(room) if p.endswith(".atom")
             and "archive" in p]
    assert len(pages) >= COUNT // PAGE - 1


def test_an_edit_costs_an_entry_and_a_document(room):
    with Cost(room) as cost:
        save(room, COUNT - 2, "Better.")
    assert cost.fragments == FORMATS
    assert cost.units == 1
    assert cost.published == variants("all")


def test_a_new_article_costs_an_entry_and_a_document(room):
    with Cost(room) as cost:
        save(room, COUNT, "New.")
    assert cost.units == 1 + cost.full
    assert cost.fragments <= FORMATS * (1 + PAGE * cost.full)
    assert cost.published == variants("all")


def test_a_correction_of_an_old_one_leaves_its_page_alone(room):
    with Cost(room) as cost:
        save(room, 3, "It was four.\n\nCorrection: It was four.")
    assert cost.units == 1 + cost.full
    assert cost.fragments <= FORMATS * (1 + PAGE * cost.full)
    assert cost.published == variants("all")


def test_a_withdrawal_costs_its_page_and_the_document(room):
    with Cost(room) as cost:
        room.path("0/a7.txt").unlink()
    assert cost.units == 2 + cost.full
    assert cost.fragments <= FORMATS * PAGE * (1 + cost.full)
    # A format that says nothing of it has the same bytes as before.
    page = variants("all/archive/1")
    assert page <= cost.published <= variants("all") | page


def test_an_old_one_that_is_rewritten_costs_nothing(room):
    with Cost(room) as cost:
        save(room, 9)
    assert (cost.units, cost.fragments, cost.published) == (0, 0, set())
