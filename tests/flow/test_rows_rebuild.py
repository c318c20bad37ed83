"""The behaviour table, row 42: all feeds are rendered anew while readers ask.

No answer fails, and none is torn: the tag of a body is the hash of it (for
nginx: its length).  GAZETTED_LOAD_FEEDS says how many feeds: check-long has
ten thousand.
"""
import os
import random
import re

import pytest
from lxml import etree

import newsroom
from articles import article
from places import configure, crew, place_of
from wire import Wire, request

xxhash = pytest.importorskip("xxhash", reason="python3-xxhash is missing")

FEEDS = int(os.environ.get("GAZETTED_LOAD_FEEDS", "200"))
READERS = 4


@pytest.fixture(scope="module")
def room():
    room = newsroom.Newsroom()
    configure(room)
    for n in range(FEEDS):
        room.write(f"{n // 500}/{n}.txt",
                   article(f"Tale {n} ① | It begins"), age=90000)
    room.spawn()
    room.until(room.settled, "the first scan", patience=60 + FEEDS / 20)
    yield room
    room.close()


def look(place, answer):
    """Is it whole?"""
    assert answer.status == 200
    if place.nginx:
        size = re.fullmatch(r'"[0-9a-f]+-([0-9a-f]+)"', answer.etag)[1]
        assert int(size, 16) == len(answer.body)
    else:
        tag = answer.etag.strip('"').removesuffix("-gz")
        assert tag == xxhash.xxh3_128_hexdigest(answer.text)
    etree.fromstring(answer.text)


def read(place, stop, seed):
    """Ask for feeds by chance, ten on a connection; how many were read."""
    chance, count = random.Random(seed), 0
    while not stop.is_set():
        with Wire(place.port) as wire:
            for _ in range(10):
                n = chance.randrange(FEEDS)
                wire.send(request(f"/feeds/series/tale-{n}.atom",
                                  Accept_Encoding=chance.choice(
                                      ["gzip", "identity"])))
                look(place, wire.reply())
                count += 1
    return count


@pytest.mark.parametrize("kind", ["daemon", "nginx"])
def test_row_42_no_answer_is_torn(room, kind):
    with place_of(kind, room) as place, crew(READERS) as (pool, stop):
        readers = [pool.submit(read, place, stop, seed)
                   for seed in range(READERS)]
        for name in ("Old News", "New News", "Old News"):
            before = room.status()["rendered"]
            text = room.config.read_text()
            room.config.write_text(
                re.sub(r"(?m)^  name: .*", f"  name: {name}", text))
            room.ctl("reload")
            room.until(lambda: room.settled() and
                       room.status()["rendered"] >= before + FEEDS,
                       "all of them", patience=60 + FEEDS / 10)
        stop.set()
        assert sum(r.result() for r in readers) > FEEDS / 2
