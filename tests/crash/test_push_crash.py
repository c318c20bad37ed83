"""Kill the daemon again and again while it tells a recorder.

However it ends: every article is told of; what arrives twice has the same id,
and is what was answered well, and not yet noted down, when the daemon was
killed.

1. At random moments, while files arrive: GAZETTED_PUSH_KILLS says how often
   (25), SEED repeats a run's chances.
2. At each numbered step of one delivery (base/crash.def), if the daemon was
   built with sanitizers: others have no such points.

The time from the start to READY is measured; that it is under 300 ms is
asserted by the long test alone, for a busy machine breaks it.
"""
import json
import os
import random
import re
import statistics
import threading
import time

import pytest

import newsroom
from articles import part
from office import Office
from peer import after, answer

KILLS = int(os.environ.get("GAZETTED_PUSH_KILLS", "25"))
SEED = os.environ.get("SEED") or str(random.SystemRandom().randrange(10**9))
READY_MS = 300
LONGEST = 0.4     # seconds that the daemon lives, at most
LAG = 0.25        # until the recorder's thread sees what a dead one sent
SERIES = ["Tales of Amber", "Tales of Basalt", "Tales of Cobalt"]
PARTS = 20
POINTS = newsroom.SOURCE / "src" / "base" / "crash.def"


def crash_points():
    text = POINTS.read_text() if POINTS.exists() else ""
    return re.findall(r"^CRASH(?:_POINT)?\((\w+)", text, re.M)


class Writer(threading.Thread):
    """Saves a new part, or edits the last one, without looking around."""

    def __init__(self, room, rng):
        super().__init__(daemon=True)
        self.room = room
        self.rng = rng
        self.revisions = {}      # title -> the last revision
        self.ending = threading.Event()

    def run(self):
        while not self.ending.is_set():
            self.act()
            time.sleep(self.rng.uniform(0.005, 0.06))

    def stop(self):
        self.ending.set()
        self.join()

    def act(self):
        number = len(self.revisions)
        if self.revisions and self.rng.random() < 0.3 or \
                number == len(SERIES) * PARTS * 20:
            number = self.rng.randrange(number)
        self.save(number)

    def save(self, number):
        token = f"T{number:05}"
        revision = self.revisions.get(token, 0) + 1
        text = part(number // len(SERIES) % PARTS + 1,
                    f"Tale {token}", series=SERIES[number % len(SERIES)] +
                    f" {number // (len(SERIES) * PARTS) + 2001}",
                    body=f"This is {token} r{revision}.")
        self.room.write(f"{token}.txt", text)
        self.revisions[token] = revision


@pytest.fixture
def office():
    room = newsroom.Newsroom()
    office = Office(room)
    office.configure({"hub": {}})
    yield office
    office.close()
    room.close()


def token_of(event):
    return re.search(r"T\d{5}", json.dumps(event.data))[0]


def line_of(event):
    """A series: of each, one is on its way at a time."""
    return int(token_of(event)[1:]) % len(SERIES), \
        int(token_of(event)[1:]) // (len(SERIES) * PARTS)


def articles(office):
    return [e for e in office.hook.taken() if e.type.startswith("article.")]


def start(office):
    """Start it; milliseconds until it says that it serves."""
    since = time.monotonic()
    office.room.spawn()
    office.room.until(lambda: office.room.status(), "it is ready")
    return (time.monotonic() - since) * 1000


def check(office, kills, expected):
    """kills: when it was killed.  Each article was published, once."""
    events = articles(office)
    first, order = {}, {}
    for event in events:
        seen = first.setdefault(event.id, event)
        order.setdefault(event.id, []).append(event)
        assert (seen.type, token_of(seen)) == (event.type, token_of(event))
    published = {}
    for event in first.values():
        if event.type == "article.published":
            published.setdefault(token_of(event), []).append(event.id)
    assert set(published) == set(expected), "lost"
    assert all(len(ids) == 1 for ids in published.values()), "two ids"
    for copies in order.values():
        judge_copies(events, kills, copies)
    return sum(len(c) - 1 for c in order.values())


def judge_copies(events, kills, copies):
    """Between two of them there is a kill, and before that kill nothing of
    its series came after it: it was the one that was not noted yet."""
    for one, two in zip(copies, copies[1:]):
        between = [k for k in kills if one.at - LAG <= k <= two.at]
        assert between, "it came twice, and nobody was killed"
        later = [e for e in events if one.at < e.at < between[0]
                 and line_of(e) == line_of(one)]
        assert not later, "what came before the last one came twice"


def test_nothing_is_lost_and_ids_stay(office, capsys):
    room = office.room
    rng = random.Random("killer" + SEED)
    writer = Writer(room, random.Random("writer" + SEED))
    room.start()
    room.kill()
    office.hook.will(answer(200))
    writer.start()
    kills, ready = [], []
    try:
        for n in range(KILLS):
            # The receiver takes its time, now and then.
            office.hook.will(answer(200) if n % 3 else
                             after(rng.uniform(0, 0.1), answer(200)))
            ready.append(start(office))
            time.sleep(rng.uniform(0, LONGEST))
            assert room.alive(), f"it died:\n{room.log()[-8000:]}"
            kills.append(time.monotonic())
            room.kill()
    finally:
        writer.stop()
    room.start()
    expected = dict(writer.revisions)
    room.until(lambda: {token_of(e) for e in articles(office)
                        if e.type == "article.published"} == set(expected),
               "every article", patience=120)
    room.settle()
    twice = check(office, kills, expected)
    with capsys.disabled():
        print(f"\npush crash test: SEED={SEED}, {KILLS} kills, "
              f"{len(expected)} articles, {len(office.hook.got)} requests, "
              f"{twice} twice, ready in {statistics.median(ready):.0f} ms "
              f"(median), {max(ready):.0f} ms (most)", flush=True)
    if KILLS >= 1000:
        assert statistics.median(ready) < READY_MS


@pytest.mark.parametrize("point", crash_points())
def test_each_step_of_one_delivery(office, monkeypatch, point):
    room = office.room
    room.start()
    room.write("0.txt", part(1, "Tale T00000", series="Tales of Amber"))
    office.arrives("T00000")
    room.stop()
    monkeypatch.setenv("GAZETTED_CRASH_AT", point)
    room.spawn()
    with_patience(lambda: room.status() or not room.alive())
    room.write("1.txt", part(2, "Tale T00001", series="Tales of Amber"))
    died = with_patience(lambda: not room.alive() or
                         office.heard("T00001"))
    assert died
    if room.alive():
        time.sleep(0.5)
    if room.alive():
        pytest.skip(f"{point} is not on the way of one delivery")
    kills = [time.monotonic()]
    room.daemon.wait()
    room.daemon = None
    monkeypatch.delenv("GAZETTED_CRASH_AT")
    room.start()
    office.arrives("T00001")
    room.settle()
    check(office, kills, {"T00000": 1, "T00001": 1})


def with_patience(condition):
    end = time.monotonic() + newsroom.PATIENCE
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True
