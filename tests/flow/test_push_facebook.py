"""A Page of Facebook: what people who follow it see of an article's life.

The stand-in is written from the platform's documentation, and a client of npm
takes it for Facebook (test_standin_facebook.py).
"""
import json
import re
import time

import pytest

from articles import article, part
from desk import REJECTED, WAITING, Desk
from images import png
from office import desks_of
from peer import answer, reset
from standin_facebook import error


@pytest.fixture
def make_desk(empty):
    with desks_of(Desk, empty) as make:
        yield make


@pytest.fixture
def desk(make_desk):
    return make_desk()


def corrected(title):
    return article(title) + "\nCorrection: The bridge is red.\n"


def test_the_life_of_an_article(desk):
    """Posted with a card; an edit is no news; corrected, and the card with
    it; deleted."""
    room, graph = desk.room, desk.graph
    path = room.write("a.txt", article("A bridge opens"))
    post = desk.shows("A bridge opens")
    assert post.link == room.url + "articles/a"
    assert post.message.splitlines()[0] == "A bridge opens"
    assert post.link in post.message
    room.write("a.txt", article("A bridge opens", body="It is a new body."))
    room.write("b.txt", article("Another bridge"))
    desk.shows("Another bridge")
    assert post.edits == 0 and not graph.asked("POST scrape")

    room.write("a.txt", corrected("A bridge opens"))
    room.until(lambda: graph.asked("POST scrape"), "a new card")
    assert post.edits == 1
    assert graph.scraped.count(post.link) == 2

    path.unlink()
    room.until(lambda: len(graph.timeline) == 1, "a deletion")
    assert desk.texts[0].startswith("Another bridge")
    desk.settles()
    assert len(graph.asked("POST feed")) == 2


def test_a_part_says_of_which_series_it_is(desk):
    desk.room.write("1.txt", part(1, "Wonder"))
    post = desk.shows("Wonder")
    assert post.message.startswith("Small Wonders \u2460 | Wonder\n")


def test_who_asks_is_proved(desk):
    """The token is in a header, the app's secret nowhere."""
    desk.room.write("a.txt", article("A bridge opens"))
    desk.shows("A bridge opens")
    request, = desk.graph.asked("POST feed")
    assert request.get("authorization") == f"Bearer {desk.graph.token}"
    assert f"appsecret_proof={desk.graph.proof}" in request.query
    assert desk.graph.token not in request.target


def test_a_picture_goes_along(make_desk):
    desk = make_desk(post="photo")
    desk.room.write("a.png", png())
    desk.room.write("a.txt", article("A bridge opens"))
    post = desk.shows("A bridge opens")
    assert post.photo == png() and post.link is None
    assert desk.room.url + "articles/a" in post.message
    desk.room.write("b.txt", article("A bridge without a picture"))
    assert desk.shows("A bridge without").link


def test_policies(make_desk):
    """A Page that keeps what it said."""
    desk = make_desk(correction="ignore", withdrawal="ignore")
    path = desk.room.write("a.txt", article("A bridge opens"))
    post = desk.shows("A bridge opens")
    desk.room.write("a.txt", corrected("A bridge opens"))
    desk.room.until(lambda: "is red" in desk.room.get("/articles/a").body
                    .decode(), "a correction")
    path.unlink()
    desk.room.write("b.txt", article("Another bridge"))
    desk.shows("Another bridge")
    assert post in desk.graph.timeline and post.edits == 0


# ---- what is lost ----

@pytest.mark.parametrize("failure", [reset, error(2), answer(502, "<html>"),
                                     answer(200, "<html>")],
                         ids=["reset", "code 2", "502", "no JSON"])
@pytest.mark.parametrize("applied", [True, False])
def test_there_is_one_post_whatever_is_lost(desk, failure, applied):
    desk.graph.fails("POST feed", failure, applied=applied)
    desk.room.write("a.txt", article("A bridge opens"))
    desk.settles()
    desk.shows("A bridge opens")
    assert len(desk.graph.posts) == 1
    assert len(desk.graph.asked("POST feed")) == (1 if applied else 2)


def test_a_post_that_is_listed_late_is_not_made_twice(desk):
    desk.graph.hidden = 1
    desk.graph.fails("POST feed", reset, applied=True)
    desk.room.write("a.txt", article("A bridge opens"))
    desk.settles()
    assert len(desk.graph.asked("GET feed")) == 2
    assert len(desk.graph.posts) == 1


def test_a_lost_post_can_be_corrected(desk):
    """What was found is known by its id, as if its answer had come."""
    desk.graph.fails("POST feed", reset, applied=True)
    desk.room.write("a.txt", article("A bridge opens"))
    desk.settles()
    desk.room.write("a.txt", corrected("A bridge opens"))
    desk.room.until(lambda: desk.graph.asked("POST scrape"), "a new card")
    assert desk.graph.timeline[0].edits == 1


def test_a_lost_deletion_is_repeated(desk):
    path = desk.room.write("a.txt", article("A bridge opens"))
    desk.shows("A bridge opens")
    desk.graph.fails("DELETE post", reset, applied=True)
    path.unlink()
    desk.room.until(lambda: not desk.graph.timeline, "a deletion")
    desk.settles()
    assert len(desk.graph.asked("DELETE post")) == 2


# ---- what is refused ----

def test_a_limit_is_waited_for(desk):
    """As long as the header says, by all that goes to the Page."""
    desk.graph.throttle(7)
    began = time.time()
    desk.room.write("a.txt", article("A bridge opens"))
    desk.room.write("b.txt", article("Another bridge"))
    desk.room.until(lambda: desk.rows(
        "SELECT 1 FROM delivery WHERE why LIKE '%code 32%'"), "a wait")
    desk.room.settle()
    waits = desk.rows("SELECT due FROM delivery WHERE why LIKE '%code 32%'")
    assert all(360 <= due / 1000 - began <= 420 + 20 for due, in waits)
    assert len(waits) == len(desk.graph.requests) == 1
    assert not desk.held()


def test_a_limit_ends_by_itself(desk):
    """Nothing goes to the Page before that, and then all that waits."""
    desk.graph.fails("POST feed", error(32, retry_after="6"))
    desk.room.write("a.txt", article("A bridge opens"))
    desk.room.write("b.txt", article("Another bridge"))
    desk.shows("A bridge opens")
    desk.shows("Another bridge")
    limited, first, _ = [r.at for r in desk.graph.requests][:3]
    # The peer's clock and ours are read one after the other.
    assert 5.9 <= first - limited <= 6 + 3


def test_a_dead_token_holds_the_page(desk):
    """Until somebody has put another one there."""
    room = desk.room
    desk.keep("page-token", "another")
    room.write("a.txt", article("A bridge opens"))
    room.until(desk.held, "a hold")
    assert "code 190" in desk.held()[0][0]
    assert "another" not in desk.held()[0][0]
    assert len(desk.graph.requests) == 1
    desk.keep("page-token", desk.graph.token)
    room.ctl("resume", "page")
    desk.shows("A bridge opens")


def test_what_cannot_be_fetched_is_tried_again(desk):
    desk.graph.unscrapable = {desk.room.url + "articles/a"}
    desk.room.write("a.txt", article("A bridge opens"))
    desk.room.until(lambda: desk.rows(
        "SELECT 1 FROM delivery WHERE why LIKE '%1609005%'"), "a reason")
    state, tries = desk.rows("SELECT state, tries FROM delivery")[0]
    assert (state, tries) == (WAITING, 1)


def test_what_is_wrong_is_rejected(desk):
    desk.graph.fails("POST feed", error(100, text="Invalid parameter"))
    desk.room.write("a.txt", article("A bridge opens"))
    desk.settles(REJECTED)
    assert not desk.held() and len(desk.graph.asked("POST feed")) == 1


# ---- for operators ----

def test_a_page_can_be_tried(desk):
    desk.room.ctl("target", "test", "page")
    desk.room.until(lambda: desk.graph.asked("GET page"), "a try")
    assert not desk.graph.posts


def test_a_preview_is_what_was_sent(desk):
    path = desk.room.write("a.txt", article("A bridge opens"))
    desk.shows("A bridge opens")
    desk.settles()
    shown = json.loads(desk.room.ctl("preview", path, "--json").stdout)
    sent, = desk.rows("SELECT hash FROM delivery")[0]
    assert sent in json.dumps(shown)
    assert "A bridge opens" in json.dumps(shown)


def test_secrets_are_nowhere(desk):
    """Not even where the peer quotes them."""
    graph, room = desk.graph, desk.room
    secrets = (graph.token, graph.app_secret, graph.proof)
    graph.fails("POST feed", error(100, text=" ".join(secrets)))
    room.write("a.txt", article("A bridge opens"))
    desk.settles(REJECTED)
    room.write("b.txt", article("Another bridge"))
    desk.shows("Another bridge")
    said = room.log()
    for verb in (("outbox",), ("outbox", "--json"), ("targets",),
                 ("preview", room.content / "a.txt"), ("status",)):
        done = room.ctl(*verb, code=None)
        said += done.stdout + done.stderr
    for path in room.state.iterdir():
        if path.is_file():
            said += path.read_bytes().decode("latin-1")
    for secret in secrets:
        assert not re.search(re.escape(secret), said)
