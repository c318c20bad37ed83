"""The seed alone becomes the golden feed, under the configuration it names."""
import json
import os
import shutil

import pytest

import feedcheck
import formatcheck
from articles import SEED
from newsroom import TESTS

GOLDEN = TESTS / "feeds" / "golden" / "series.atom"
CHECKS = {"rss": formatcheck.check_rss, "json": formatcheck.check_json}
MTIME = 1715760000  # 2024-05-15T08:00:00Z
FEED = "/feeds/series/guangdongs-solution-2024.atom"


def plant_seed(room):
    path = room.content / SEED.name
    shutil.copyfile(SEED, path)
    os.utime(path, (MTIME, MTIME))


def golden_newsroom(room, **site):
    room.configure(
        site={"name": "Example News", "url": "https://www.example.org/",
              "language": "en", "timezone": "UTC",
              "authority": "www.example.org,2024", **site},
        hub={"publish": ["https://hub.example.org/"]})
    plant_seed(room)
    return room.start()


def test_series_feed_equals_the_golden_one(empty):
    room = golden_newsroom(empty)
    body = room.get(FEED).body
    feedcheck.check(body)
    assert feedcheck.canonical(body).decode() == \
        feedcheck.canonical(GOLDEN.read_bytes()).decode()


@pytest.mark.parametrize("ending", CHECKS)
def test_the_other_formats_equal_theirs(empty, ending):
    room = golden_newsroom(empty)
    body = room.get(FEED.replace(".atom", "." + ending)).body
    golden = GOLDEN.with_suffix("." + ending).read_bytes()
    CHECKS[ending](body)
    if ending == "json":
        assert json.loads(body) == json.loads(golden)
    else:
        assert feedcheck.canonical(body).decode() == \
            feedcheck.canonical(golden).decode()


def test_the_tree_has_what_http_serves(empty):
    room = golden_newsroom(empty)
    assert room.tree()[FEED.lstrip("/")] == room.get(FEED).body


def test_arriving_while_it_runs_makes_no_difference(empty):
    room = golden_newsroom(empty)
    before = room.get(FEED)
    (room.content / SEED.name).unlink()
    room.gone("Sci-tech", FEED)
    plant_seed(room)
    room.arrived("Sci-tech", FEED)
    assert feedcheck.canonical(room.get(FEED).body) == \
        feedcheck.canonical(before.body)


def test_another_time_zone_changes_nothing(empty):
    """The seed says no date: a file's time is an instant."""
    room = golden_newsroom(empty, timezone="Asia/Shanghai")
    assert feedcheck.canonical(room.get(FEED).body) == \
        feedcheck.canonical(GOLDEN.read_bytes())
