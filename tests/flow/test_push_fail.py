"""Targets that send nothing: what becomes of a delivery, whatever fails.

`fail` plays its peer too, so every way that a delivery can go is seen here
without one: what is written in the outbox is what an operator sees.
"""
import contextlib
import sqlite3

import pytest

from articles import article

READY, DONE, UNKNOWN, REJECTED = 1, 3, 4, 5
TARGET_ACTIVE, TARGET_HELD = 0, 2


class Outbox:
    def __init__(self, room):
        self.room = room

    def start(self, **words):
        self.room.configure(targets=[
            {"name": "it", "fuse": "none", "cap": "none", **words}])
        self.room.start()
        self.room.write("a.txt", article("A bridge opens"))

    def ask(self, sql):
        uri = f"file:{self.room.state / 'courier.db'}?mode=ro"
        with contextlib.closing(sqlite3.connect(uri, uri=True)) as db:
            db.row_factory = sqlite3.Row
            return db.execute(sql).fetchall()

    @property
    def delivery(self):
        """The one of the article; None: it is not planned."""
        found = self.ask("SELECT * FROM delivery WHERE subject LIKE 'a%'")
        assert len(found) < 2
        return found[0] if found else None

    @property
    def target(self):
        return self.ask("SELECT * FROM target")[0]

    def becomes(self, state, patience=20.0):
        self.room.until(
            lambda: self.delivery and self.delivery["state"] == state,
            f"a delivery in state {state}", patience)
        return self.delivery


@pytest.fixture
def outbox(empty):
    return Outbox(empty)


def test_null_takes_everything(outbox):
    outbox.start(type="null")
    assert outbox.becomes(DONE)["sent"] == 1
    assert outbox.target["state"] == TARGET_ACTIVE


def test_null_waits_for_an_approval(outbox):
    """What would have gone out is seen, and nothing goes."""
    outbox.start(type="null", approval="manual")
    outbox.room.until(lambda: outbox.delivery, "a delivery")
    outbox.room.settle()
    assert outbox.delivery["sent"] == 0


def test_each_step_is_tried_again(outbox):
    """Two steps, each of which works the third time; the memo of the first
    is there in the second."""
    outbox.start(type="fail", status=429, times=2, steps=2,
                 **{"retry-after": "100ms"})
    done = outbox.becomes(DONE)
    assert done["sent"] == 6
    assert done["step"] == 1
    assert done["why"] == ""


def test_what_was_applied_is_not_sent_again(outbox):
    outbox.start(type="fail", applied="yes")
    assert outbox.becomes(DONE)["sent"] == 1


def test_what_was_not_applied_is_sent_again(outbox):
    outbox.start(type="fail", applied="no")
    assert outbox.becomes(DONE)["sent"] == 2


def test_what_nobody_knows_is_left_to_people(outbox):
    """Asked once, the peer cannot tell; it is not sent again."""
    outbox.start(type="fail", applied="unknown")
    why = "the peer in the settings cannot tell"
    outbox.room.until(lambda: outbox.delivery and
                      outbox.delivery["why"] == why, "an answer")
    assert outbox.delivery["state"] == UNKNOWN
    assert outbox.delivery["sent"] == 1
    outbox.room.restart()
    outbox.room.settle()
    assert outbox.delivery["state"] == UNKNOWN
    assert outbox.delivery["sent"] == 1


def test_what_the_peer_refuses_is_rejected(outbox):
    outbox.start(type="fail", status=422)
    rejected = outbox.becomes(REJECTED)
    assert rejected["why"] == "the peer in the settings answered 422"
    assert rejected["sent"] == 1
    assert outbox.target["state"] == TARGET_ACTIVE


@pytest.mark.parametrize("status, sent", [(410, 1), (301, 1), (401, 2)])
def test_a_target_holds_itself(outbox, status, sent):
    """Gone, moved; refused credentials are read anew, and tried once more.
    What is owed is kept."""
    outbox.start(type="fail", status=status, times=100)
    outbox.room.until(lambda: outbox.target["state"] == TARGET_HELD, "a hold")
    assert outbox.target["why"] == f"the peer in the settings answered {status}"
    assert outbox.delivery["state"] == READY
    # It may have been the feed that held it, before the article's turn.
    assert outbox.delivery["sent"] <= sent
    outbox.room.write("b.txt", article("Another bridge"))
    outbox.room.arrived("Another bridge")
    outbox.room.settle()
    assert all(d["state"] == READY for d in outbox.ask(
        "SELECT state FROM delivery"))
