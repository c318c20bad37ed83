"""Tokens, with the real daemon and an account on X that wants OAuth 2.0: a
person logs in once, and then a refresh token, which is good for one time only,
must never be lost by us; what is lost on its way is told to a person.
"""
import contextlib
import json
import os
import sqlite3
import subprocess
import urllib.parse

import pytest

import newsroom
from articles import article
from office import FREE, Office, desks_of
from peer import answer, reset
from standin_x import X

GRANT = "POST /2/oauth2/token"
REDIRECT = "http://127.0.0.1:9/back"


class Desk(Office):
    def __init__(self, room):
        self.x = X()
        self.seen = set()       # every token that there ever was
        super().__init__(room)
        self.keep("x-app", *self.x.client)
        self.configure({"hub": {}}, targets=[{
            "name": "news", "type": "x", "api": self.x.url,
            "login": self.x.url + "/i/oauth2/authorize",
            "auth": "oauth2", "app": "x-app", "redirect": REDIRECT,
            "user": self.x.user["id"], **FREE}])

    def close(self):
        self.x.close()
        super().close()

    def note(self):
        self.seen |= self.x.bearers | {self.x.refresh} - {None}

    # ---- what a person does ----

    def come_back(self, said, **changes):
        """Where the address that was printed leads to."""
        url = next(w for w in said.split() if w.startswith(self.x.url))
        asked = dict(urllib.parse.parse_qsl(url.partition("?")[2]))
        assert asked["code_challenge_method"] == "S256"
        assert asked["redirect_uri"] == REDIRECT
        code = f"code-{len(self.x.codes)}+/="
        self.x.codes[code] = asked["code_challenge"]
        self.seen.add(code)
        return f"{REDIRECT}?" + urllib.parse.urlencode(
            {"state": asked["state"], "code": code, **changes})

    def log_in(self, code=0, **changes):
        """gazettectl target auth, and a browser; what it said."""
        with subprocess.Popen(
                [newsroom.GAZETTECTL, "-c", self.room.config, "target",
                 "auth", "news"], stdin=subprocess.PIPE, text=True,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE) as asked:
            said = ""
            while "paste it here" not in said:
                said += asked.stderr.readline()
            out, err = asked.communicate(self.come_back(said, **changes) +
                                         "\n", timeout=newsroom.PATIENCE)
        assert asked.returncode == code, err
        self.note()
        return out + err

    def resume(self):
        self.room.ctl("resume", "news")

    # ---- what there is ----

    def account(self):
        return json.loads(self.room.ctl("targets", "--json", code=None)
                          .stdout)["targets"][0]

    def held(self):
        self.room.until(lambda: self.account()["state"] == "held", "held")
        return self.account()["why"]

    def posted(self, n):
        self.room.until(lambda: len(self.x.timeline) == n, f"{n} posts")

    def expire(self):
        """The token is over: time passed while nothing ran."""
        self.room.stop()
        with contextlib.closing(sqlite3.connect(
                self.room.state / "courier.db")) as db:
            db.execute("UPDATE token SET got = got - 7200000, expires = 1")
            db.commit()
        self.room.start()

    def unseen(self):
        """No token and no code is anywhere that people look."""
        self.note()
        room = self.room
        texts = [room.log()]
        for verb in (("targets",), ("outbox", "--state", "all"),
                     ("status",), ("outbox", "show", "1"),
                     ("preview", room.content / "a.txt")):
            for form in ((), ("--json",)):
                done = room.ctl(*form, *verb, code=None)
                texts.append(done.stdout + done.stderr)
        for text in texts:
            for secret in self.seen | {self.x.client[1]}:
                assert secret not in text


@pytest.fixture
def desk(empty):
    with desks_of(Desk, empty) as make:
        yield make()


@pytest.fixture
def signed_in(desk):
    desk.log_in()
    desk.room.write("a.txt", article("A bridge opens"))
    desk.posted(1)
    return desk


def test_somebody_logs_in(desk):
    desk.room.write("a.txt", article("A bridge opens"))
    assert "nobody has logged in" in desk.held()
    assert "target auth news" in desk.room.log()
    assert "gazettectl resume" in desk.log_in()
    assert desk.x.timeline == []
    desk.resume()
    desk.posted(1)
    assert desk.x.refreshes == 1
    assert desk.account()["token"]["there"]
    desk.unseen()


def test_a_code_of_another_login(desk):
    said = desk.log_in(code=1, state="another")
    assert "its \"state\" is another one" in said
    said = desk.log_in(code=1, error="access_denied")
    assert "the platform says no: access_denied" in said
    desk.log_in()
    desk.unseen()


def test_a_token_that_is_over_is_renewed(signed_in):
    desk = signed_in
    desk.expire()
    for n in range(5):
        desk.room.write(f"b{n}.txt", article(f"Bridge {n}"))
    desk.posted(6)
    assert desk.x.refreshes == 2
    desk.unseen()


def test_a_token_that_is_refused_is_renewed(signed_in):
    desk = signed_in
    desk.x.bearers = set()
    desk.room.write("b.txt", article("Another bridge"))
    desk.posted(2)
    assert desk.x.refreshes == 2
    desk.unseen()


def test_an_answer_that_is_lost(signed_in):
    """X has given a new pair, and nobody has it."""
    desk = signed_in
    desk.x.fails(GRANT, reset, applied=True)
    desk.expire()
    desk.room.write("b.txt", article("Another bridge"))
    why = desk.held()
    assert "the answer to an earlier request was lost" in why
    assert "target auth news" in desk.room.log()
    desk.unseen()
    desk.log_in()
    desk.resume()
    desk.posted(2)


def test_a_platform_that_has_no_time(signed_in):
    desk = signed_in
    desk.x.fails(GRANT, answer(503, "later"), answer(429, "", Retry_After=1))
    desk.expire()
    desk.room.write("b.txt", article("Another bridge"))
    desk.posted(2)
    assert len(desk.x.asked(GRANT)) == 4
    desk.unseen()


POINTS = ["token_begun", "token_answered", "token_commit", "token_kept"]


@pytest.mark.parametrize("point", POINTS)
def test_it_dies_while_a_token_is_renewed(signed_in, monkeypatch, point):
    desk = signed_in
    room = desk.room
    room.stop()
    with contextlib.closing(sqlite3.connect(
            room.state / "courier.db")) as db:
        db.execute("UPDATE token SET got = got - 7200000, expires = 1")
        db.commit()
    monkeypatch.setenv("GAZETTED_CRASH_AT", point)
    room.spawn()
    room.until(lambda: room.status(), "it runs")
    room.write("b.txt", article("Another bridge"))
    died = wait_for_death(room, lambda: len(desk.x.timeline) == 2)
    if not died:
        pytest.skip("it was built without crash points")
    monkeypatch.delenv("GAZETTED_CRASH_AT")
    asked = len(desk.x.asked(GRANT))
    room.start()
    if point in ("token_begun", "token_kept"):
        desk.posted(2)
        assert len(desk.x.asked(GRANT)) - asked == (point == "token_begun")
    else:
        assert "was lost" in desk.held()
        assert len(desk.x.timeline) == 1
    desk.unseen()


def wait_for_death(room, alive):
    end = os.times().elapsed + newsroom.PATIENCE
    while os.times().elapsed < end and not alive():
        with contextlib.suppress(subprocess.TimeoutExpired):
            room.daemon.wait(0.05)
            room.daemon = None
            return True
    return False
