"""Kill the daemon while it posts on a Page of Facebook.

A Page has no key that makes a post once only, and shows what it has: whenever
the daemon was killed, every article is there in the end, and there once.

1. At random moments, while files arrive and answers are late: as often as
   GAZETTED_PUSH_KILLS says; SEED repeats a run's chances.
2. At each numbered step of one delivery (base/crash.def), if the daemon was
   built with sanitizers.
"""
import collections
import random
import re
import time

import pytest

import newsroom
from articles import article
from desk import Desk
from test_push_crash import KILLS, LONGEST, SEED, crash_points, with_patience

PATIENCE = 180.0    # for what is in doubt: it is asked about, and late


@pytest.fixture
def desk():
    room = newsroom.Newsroom()
    desk = Desk(room)
    yield desk
    desk.close()
    room.close()


def posts(desk):
    """{article: how many posts of it were ever made}."""
    return collections.Counter(re.search(r"T\d{5}", p.message)[0]
                               for p in desk.graph.posts)


def save(desk, number):
    desk.room.write(f"T{number:05}.txt", article(f"Tale T{number:05}"))


def test_each_article_is_there_once(desk, capsys):
    room, rng = desk.room, random.Random("facebook" + SEED)
    room.start()
    written = 0
    for n in range(KILLS):
        desk.graph.slow = rng.choice((0, 0, rng.uniform(0, LONGEST)))
        for _ in range(rng.randrange(3)):
            save(desk, written)
            written += 1
        time.sleep(rng.uniform(0, LONGEST))
        assert room.alive(), f"it died:\n{room.log()[-8000:]}"
        room.kill()
        room.spawn()
        with_patience(room.status)
    desk.graph.slow = 0.0
    expected = {f"T{n:05}": 1 for n in range(written)}
    room.until(lambda: set(posts(desk)) == set(expected), "every article",
               PATIENCE)
    desk.settles(patience=PATIENCE)
    assert posts(desk) == expected
    with capsys.disabled():
        print(f"\nfacebook crash test: SEED={SEED}, {KILLS} kills, "
              f"{written} articles, {len(desk.graph.asked('POST feed'))} "
              f"requests, {len(desk.graph.asked('GET feed'))} questions",
              flush=True)


@pytest.mark.parametrize("point", crash_points())
def test_each_step_of_one_post(desk, monkeypatch, point):
    room = desk.room
    room.start()
    room.stop()
    monkeypatch.setenv("GAZETTED_CRASH_AT", point)
    room.spawn()
    with_patience(lambda: room.status() or not room.alive())
    save(desk, 1)
    assert with_patience(lambda: not room.alive() or desk.graph.posts)
    if room.alive():
        time.sleep(0.5)
    if room.alive():
        pytest.skip(f"{point} is not on the way of one delivery")
    room.daemon.wait()
    room.daemon = None
    monkeypatch.delenv("GAZETTED_CRASH_AT")
    room.start()
    desk.shows("T00001", patience=60)
    desk.settles(patience=60)
    assert len(desk.graph.posts) == 1
