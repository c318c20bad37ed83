"""Backfill: what is old, restored, touched or copied is told to nobody.

A newsroom that posts its archive to everybody, once, is remembered for it.  So
each guard is on by default, and each way to get here is a scenario: in all of
them nothing arrives at a webhook and no hub is pinged, and what is new after
that goes its way.

GAZETTED_BACKFILL says how many articles a cold start has (2,000).
"""
import contextlib
import os
import shutil
import sqlite3

import pytest

import newsroom
from articles import article, part
from office import LIMITED, Office, age

MANY = int(os.environ.get("GAZETTED_BACKFILL", "2000"))


@pytest.fixture
def office(empty):
    """A newsroom with every guard as it is by default; not started."""
    office = Office(empty, **LIMITED)
    yield office
    office.close()


def fill(office, count=8):
    """Articles that were told of; the recorder forgets them."""
    room = office.room
    if not room.alive():
        room.start()
    for n in range(count):
        room.write(f"{n}.txt", article(f"Number {n}"))
        office.arrives(f"Number {n}")
    settle_pings(office)
    forget(office)


def settle_pings(office):
    """Hubs are told of the last version, too."""
    room = office.room
    topic = room.url + "feeds/all.atom"
    room.until(lambda: topic in office.hub.topics(), "a ping")
    room.settle()
    room.until(lambda: not under_way(office), "all is sent")


def under_way(office):
    """What the courier still means to send: planned, ready, sending."""
    return office.rows("SELECT state FROM delivery WHERE state IN (0, 1, 2)")


def forget(office):
    office.hook.got.clear()
    office.hub.got.clear()


def nothing_came(office):
    """Not until now, and not instead of what is new."""
    assert office.told() == []
    assert office.hub.topics() == []


def only_news_comes(office, name="news"):
    office.room.write(f"{name}.txt", article("Now this is news"))
    office.arrives("Now this is news")
    assert office.told() == [("article.published", "Now this is news")]


def keep(room, name):
    """A copy of a database, as a careful operator makes it."""
    with contextlib.closing(sqlite3.connect(room.state / name)) as db:
        with contextlib.closing(sqlite3.connect(room.home / name)) as copy:
            db.backup(copy)
    return room.home / name


def restore(room, name):
    for ending in ("-wal", "-shm"):
        (room.state / (name + ending)).unlink(missing_ok=True)
    shutil.copyfile(room.home / name, room.state / name)


# ---- cold starts ----

def test_a_cold_start_sends_nothing(office):
    """However many articles there are, and however new they look."""
    room = office.room
    for n in range(MANY):
        path = room.path(f"d{n % 20}/{n}.txt")
        path.write_text(article(f"Number {n}"))
        os.utime(path, (path.stat().st_mtime - newsroom.SETTLED,) * 2)
    room.spawn()
    patience = newsroom.PATIENCE + MANY / 50
    room.until(room.settled, "settled", patience)
    room.settle()
    nothing_came(office)
    only_news_comes(office)


def test_a_new_target_is_told_of_nothing_old(office):
    """What was there before a target is not news for it."""
    office.configure(targets=[])
    fill_without_target(office)
    office.configure(**LIMITED)
    office.room.restart()
    nothing_came(office)
    only_news_comes(office)


def fill_without_target(office):
    room = office.room.start()
    for n in range(8):
        room.write(f"{n}.txt", article(f"Number {n}"))
        room.arrived(f"Number {n}")
    settle_pings(office)
    forget(office)


def test_what_is_old_is_not_news(office):
    """A day is the most, by its own date."""
    room = office.room.start()
    room.write("old.txt", article("Of long ago").replace(
        "\n\n", "\n\nDate: 2020-01-02\n\n", 1))
    room.arrived("Of long ago")
    room.write("new.txt", article("Of today"))
    office.arrives("Of today")
    assert office.told() == [("article.published", "Of today")]


# ---- restored ----

def test_an_old_press_db_sends_nothing(office):
    """The press forgot what it announced; the courier did not."""
    room = office.room
    fill(office, 3)
    keep(room, "press.db")
    for n in range(3, 8):
        room.write(f"{n}.txt", article(f"Number {n}"))
        office.arrives(f"Number {n}")
    settle_pings(office)
    room.stop()
    forget(office)
    restore(room, "press.db")
    room.start()
    room.until(lambda: len(room.entries()) == 8, "all articles")
    room.settle()
    assert office.told() == []


def test_an_old_courier_db_sends_nothing(office):
    """The courier forgot what it sent; the press did not."""
    room = office.room
    fill(office, 3)
    keep(room, "courier.db")
    for n in range(3, 8):
        room.write(f"{n}.txt", article(f"Number {n}"))
        office.arrives(f"Number {n}")
    settle_pings(office)
    room.stop()
    forget(office)
    restore(room, "courier.db")
    room.start()
    room.settle()
    nothing_came(office)


def test_a_lost_courier_db_sends_nothing(office):
    room = office.room
    fill(office)
    room.stop()
    for path in room.state.glob("courier.db*"):
        path.unlink()
    room.start()
    room.settle()
    nothing_came(office)
    only_news_comes(office)


def test_a_lost_press_db_sends_nothing(office):
    room = office.room
    fill(office)
    room.stop()
    for path in room.state.glob("press.db*"):
        path.unlink()
    room.start()
    room.until(lambda: len(room.entries()) == 8, "all articles")
    room.settle()
    assert office.told() == []


# ---- touched and changed ----

def test_a_touched_tree_sends_nothing(office):
    room = office.room
    fill(office)
    for path in room.content.glob("*.txt"):
        path.touch()
    room.settle()
    age(room, 5000)
    room.settle()
    shutil.copytree(room.content, room.home / "copy")
    room.stop()
    shutil.rmtree(room.www)
    room.start()
    nothing_came(office)
    only_news_comes(office)


CHANGES = {
    "permalink": {"content": {"permalink": "/stories/{stem}"}},
    "name": {"site": {"name": "Another Name"}},
    "language": {"site": {"language": "fr"}},
    "timezone": {"site": {"timezone": "Asia/Shanghai"}},
    "topic": {"channels": [{"all": True}, {
        "topic": "numbers", "match": {"title": "Number"}}]}}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_configuration_tells_nobody(office, name):
    """Every document may change by it, and no article has."""
    room = office.room
    fill(office)
    settings = newsroom.yaml.safe_load(room.config.read_text())
    for section, change in CHANGES[name].items():
        if section == "site":
            settings["site"].update(change)
        elif section == "content":
            settings["content"][0].update(change)
        else:
            settings[section] = change
    room.config.write_text(newsroom.yaml.safe_dump(settings))
    room.restart()
    assert office.told() == []
    only_news_comes(office)


# ---- too much at once ----

def test_the_fuse(office):
    """Ten in ten minutes; then the target waits for somebody to look."""
    room = office.room.start()
    for n in range(15):
        room.write(f"{n}.txt", article(f"Number {n}"))
        room.arrived(f"Number {n}")
    office.arrives("Number 9")
    room.settle()
    room.until(lambda: "fuse" in room.ctl("targets", code=None).stdout,
               "the target is held")
    assert len(office.told()) == 10
    room.restart()
    assert len(office.told()) == 10
    room.ctl("resume", "app")
    office.arrives("Number 14")
    assert [t for _, t in office.told()] == [f"Number {n}" for n in range(15)]


def test_the_cap(office):
    """What is more than a day's share waits, and nothing is lost."""
    office.configure(**{"fuse": "none", "cap": "5/d"})
    room = office.room.start()
    for n in range(8):
        room.write(f"{n}.txt", article(f"Number {n}"))
        room.arrived(f"Number {n}")
    office.arrives("Number 4")
    room.settle()
    assert len(office.told()) == 5
    assert len(under_way(office)) >= 3


# ---- the fence ----

def test_a_copy_holds_everything_until_it_is_adopted(office):
    """A backup that is started on a second machine, while the first one
    works: two that tell the same."""
    room = office.room
    fill(office, 3)
    room.stop()
    copy = newsroom.Newsroom()
    try:
        for name in ("state", "content"):
            shutil.rmtree(copy.home / name, ignore_errors=True)
            shutil.copytree(room.home / name, copy.home / name)
        office.room = copy
        office.configure(rest={"courier": {
            "credentials": str(office.credentials),
            "allow": ["127.0.0.0/8"], "instance": "another machine"}},
            **LIMITED)
        copy.start()
        copy.write("copy.txt", article("Of the copy"))
        copy.arrived("Of the copy")
        copy.settle()
        copy.restart()
        nothing_came(office)
        copy.ctl("adopt")
        copy.write("next.txt", part(1, "Of the copy's own"))
        office.arrives("Of the copy's own")
    finally:
        office.room = room
        copy.close()


def test_the_same_machine_needs_no_adoption(office):
    """A state directory that moves is no copy."""
    room = office.room
    fill(office, 2)
    room.stop()
    room.state.rename(room.home / "elsewhere")
    office.configure(rest={"state": str(room.home / "elsewhere")}, **LIMITED)
    room.start()
    room.state = room.home / "elsewhere"
    only_news_comes(office)
