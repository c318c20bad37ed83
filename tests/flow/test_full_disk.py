"""The disk of the state directory is full during the first scan.

A limit on the size of files stands for the disk: it can be taken away while
the daemon runs.  Nothing may be lost, nothing announced, and the daemon has to
go on by itself, without a storm of tries.
"""
import resource
import time

import pytest

from articles import article

COUNT = 300
BLOCKS = 1200       # of 512 bytes: for the schema and a part of the articles
TOLD = "SELECT count(*) FROM announce WHERE kind = 'article'"


@pytest.fixture
def cramped(empty):
    """A newsroom with a daemon that cannot store all of it."""
    for n in range(COUNT):
        empty.write(f"a{n}.txt", article(f"Title {n}", "A word. " * 500),
                    age=3600 + n)
    empty.wrapper = ["sh", "-c", f"trap '' XFSZ; ulimit -S -f {BLOCKS}; "
                     'exec "$@"', "sh"]
    return empty


def make_room(room):
    most = resource.prlimit(room.daemon.pid, resource.RLIMIT_FSIZE)[1]
    resource.prlimit(room.daemon.pid, resource.RLIMIT_FSIZE, (most, most))


def failing(room):
    return "failing" in ((room.status() or {}).get("summary") or "")


def all_is_published(room):
    return room.settled() and room.status()["articles"] == COUNT


def test_it_goes_on_when_there_is_room(cramped):
    cramped.spawn()
    cramped.until(lambda: failing(cramped), "a full disk")
    assert not cramped.status()["reconciled"]
    make_room(cramped)
    cramped.until(lambda: all_is_published(cramped), "all of it")
    assert cramped.rows(TOLD) == [(0,)]
    assert "the store failed" in cramped.log()


def test_the_end_of_the_scan_is_tried_again(cramped):
    """And no change is needed for that, nor is each failure told."""
    cramped.spawn()
    cramped.until(lambda: failing(cramped), "a full disk")
    # In the way of the rename that ends the scan.
    (cramped.state / "press.db").mkdir()
    make_room(cramped)
    cramped.until(lambda: "ending a scan" in cramped.log(), "no end")
    time.sleep(1.5)
    assert not cramped.status()["reconciled"]
    assert cramped.log().count("ending a scan") == 1
    (cramped.state / "press.db").rmdir()
    cramped.until(lambda: all_is_published(cramped), "all of it")
    assert cramped.rows(TOLD) == [(0,)]
