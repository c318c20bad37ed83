"""X: what the newsroom's followers see of an article's life, and what is seen
when X breaks.  The stand-in checks every signature, and keeps the timeline
(standin_x.py; test_standin_x.py says which of it a client of npm has used, and
which is only what we read in the documentation).
"""
import json
import os
import shutil

import pytest

from articles import SEED, article, part
from images import png
from office import FREE, Office, desks_of
from peer import answer, reset
from standin_x import X, weight


class Desk(Office):
    """A newsroom with an account on X."""

    def __init__(self, room, **words):
        self.x = X()
        super().__init__(room)
        self.keep("x-app", *self.x.consumer)
        self.keep("x-account", *self.x.token)
        self.configure({"hub": {}}, targets=[{
            "name": "x-news", "type": "x", "api": self.x.url,
            "app": "x-app", "account": "x-account", **FREE, **words}])

    def close(self):
        self.x.close()
        super().close()

    def shown(self, n, patience=30.0):
        """The timeline, once there are so many."""
        self.room.until(lambda: len(self.x.timeline) >= n,
                        f"{n} posts and not {len(self.x.timeline)}", patience)
        return self.x.timeline

    def settled(self):
        """Nothing waits any more."""
        def rows():
            said = self.room.ctl("outbox", "--json").stdout
            return [r for r in json.loads(said)["deliveries"]
                    if r["state"] in ("ready", "sending", "unknown",
                                      "planned")]
        self.room.until(lambda: not rows(), "a settled outbox")


@pytest.fixture
def make_desk(empty):
    with desks_of(Desk, empty) as make:
        yield make


@pytest.fixture
def desk(make_desk):
    return make_desk()


def url(desk, name):
    return f"{desk.room.url}articles/{name}"


def test_an_article_is_posted_once(desk):
    desk.room.write("a.txt", article("A bridge opens"))
    post, = desk.shown(1)
    assert post.text.startswith("A bridge opens\n\nIt rained")
    assert post.addresses == [url(desk, "a")]
    desk.room.write("a.txt", article("A bridge opens", body="It is dry."))
    desk.room.write("b.txt", article("Another bridge"))
    assert len(desk.shown(2)) == 2
    desk.settled()
    assert len(desk.x.asked("POST /2/tweets")) == 2


def test_the_sample_fits(desk):
    """Part 2, copied in as a fresh file, as the newsroom wrote it."""
    path = desk.room.content / SEED.name
    shutil.copyfile(SEED, path.with_suffix(".new"))
    os.rename(path.with_suffix(".new"), path)
    post, = desk.shown(1)
    assert "\u2461" in post.text
    assert 100 < weight(post.text) <= 280


@pytest.mark.parametrize("text", ["\u6865\u6881" * 300, "e\u0301" * 400,
                                  "\U0001f468\u200d\U0001f467 " * 200,
                                  "example.org/a " * 60])
def test_what_is_too_long_is_cut_to_what_x_takes(desk, text):
    desk.room.write("a.txt", article("A bridge opens", body=text))
    post, = desk.shown(1)
    assert weight(post.text) <= 280 and "\u2026" in post.text
    assert post.addresses == [url(desk, "a")]


def test_a_picture_goes_along_and_is_described(desk):
    desk.room.write("a.png", png(5, 2))
    desk.room.write("a.meta.yaml", "media:\n- src: a.png\n  alt: A pier\n")
    desk.room.write("a.txt", article("A bridge opens"))
    post, = desk.shown(1)
    media = desk.x.media[post.media[0]]
    assert media.content == png(5, 2)
    assert media.alt == "A pier"


def test_a_part_leads_to_its_series(make_desk):
    desk = make_desk(thread=True)
    desk.room.write("2.txt", part(2, "The second"))
    post, reply = desk.shown(2)
    assert reply.reply_to == post.id
    assert reply.text.startswith("Small Wonders \u2461\n")
    assert reply.addresses == [f"{desk.room.url}series/small-wonders/"]


def test_a_correction_is_a_reply(desk):
    desk.room.write("a.txt", article("A bridge opens"))
    desk.shown(1)
    desk.room.write("a.txt", article("A bridge opens") +
                    "\nCorrection: The bridge is red.\n")
    post, reply = desk.shown(2)
    assert reply.reply_to == post.id
    assert reply.text == f"The bridge is red.\n{url(desk, 'a')}"


@pytest.mark.parametrize("may", [True, False])
def test_a_correction_edits_where_x_lets_us(make_desk, may):
    desk = make_desk(correction="edit",
                     template="{headline} {correction} {url}")
    desk.x.can_edit = may
    desk.room.write("a.txt", article("A bridge opens"))
    first, = desk.shown(1)
    desk.room.write("a.txt", article("A bridge opens") +
                    "\nCorrection: The bridge is red.\n")
    desk.room.until(lambda: "The bridge is red." in
                    desk.x.timeline[-1].text, "the correction")
    last = desk.x.timeline[-1]
    assert len(desk.x.timeline) == (1 if may else 2)
    assert last.history == ([first.id, last.id] if may else [last.id])
    assert last.reply_to == (None if may else first.id)


def test_what_is_withdrawn_goes_with_its_replies(make_desk):
    desk = make_desk(thread=True)
    path = desk.room.write("2.txt", part(2, "The second"))
    desk.shown(2)
    desk.settled()
    path.unlink()
    desk.room.until(lambda: not desk.x.timeline, "an empty timeline")


# ---- when X breaks ----

@pytest.mark.parametrize("act", [reset, answer(503), answer(201, b"{")])
def test_a_lost_answer_is_looked_for(desk, act):
    desk.x.fails("POST /2/tweets", act, applied=True)
    desk.room.write("a.txt", article("A bridge opens"))
    desk.shown(1)
    desk.settled()
    assert len(desk.x.timeline) == 1
    assert len(desk.x.asked("POST /2/tweets")) == 1
    assert desk.x.asked("GET /2/users/{id}/tweets")


@pytest.mark.parametrize("act", [reset, answer(503)])
def test_a_lost_request_is_sent_again(desk, act):
    """It is looked for twice before."""
    desk.x.fails("POST /2/tweets", act)
    desk.room.write("a.txt", article("A bridge opens"))
    desk.shown(1, 60)
    desk.settled()
    assert len(desk.x.timeline) == 1
    assert len(desk.x.asked("GET /2/users/{id}/tweets")) == 2


def test_a_lost_answer_of_a_thread_goes_on_with_its_reply(make_desk):
    desk = make_desk(thread=True)
    desk.x.fails("POST /2/tweets", reset, applied=True)
    desk.room.write("2.txt", part(2, "The second"))
    post, reply = desk.shown(2)
    desk.settled()
    assert reply.reply_to == post.id
    assert len(desk.x.timeline) == 2


def test_a_post_that_is_there_already_is_ours(desk):
    """It was made, was not shown for long, and is made again: X refuses it,
    and by then it is seen."""
    desk.x.fails("POST /2/tweets", reset, applied=True)
    nothing = answer(200, b'{"meta":{"result_count":0}}')
    desk.x.fails("GET /2/users/{id}/tweets", nothing, nothing)
    desk.room.write("a.txt", article("A bridge opens"))
    desk.room.until(lambda: len(desk.x.asked("POST /2/tweets")) == 2,
                    "a second attempt", 60)
    desk.settled()
    assert len(desk.x.timeline) == 1


def test_a_full_window_is_waited_for(desk):
    """One that waits is not sent before X says so, and then at once."""
    desk.x.limit("POST /2/tweets", 1, 6)
    until = desk.x.limits["POST /2/tweets"]
    desk.room.write("a.txt", article("A bridge opens"))
    desk.shown(1)
    desk.room.write("b.txt", article("Another bridge"))
    desk.room.until(lambda: len(desk.x.asked("POST /2/tweets")) == 2,
                    "a refusal")
    reset_at = int(until[3]) + 1
    desk.shown(2)
    third = desk.x.timeline[1]
    assert len(desk.x.asked("POST /2/tweets")) == 3
    assert reset_at <= third.at < reset_at + 2


def test_pictures_that_x_forgot_are_sent_again(desk):
    desk.room.write("a.png", png(5, 2))
    lost = answer(400, json.dumps({"errors": [{
        "message": "Your media IDs are invalid.",
        "parameters": {"media.media_ids": ["1"]}}]}))
    desk.x.fails("POST /2/tweets", lost)
    desk.room.write("a.txt", article("A bridge opens"))
    post, = desk.shown(1)
    assert len(desk.x.media) == 2
    assert post.media == [list(desk.x.media)[-1]]


def test_refused_keys_hold_the_target(desk):
    desk.x.token = (desk.x.token[0], "another secret")
    desk.room.write("a.txt", article("A bridge opens"))
    desk.room.until(lambda: "held" in desk.room.ctl("targets", code=None).stdout,
                    "a hold")
    assert len(desk.x.asked("POST /2/tweets")) == 2
    desk.keep("x-account", *desk.x.token)
    desk.room.ctl("resume", "x-news")
    desk.shown(1)


def test_no_key_is_shown(desk):
    desk.x.fails("POST /2/tweets", answer(403, desk.x.credential))
    path = desk.room.write("a.txt", article("A bridge opens"))
    desk.room.until(lambda: desk.x.asked("POST /2/tweets"), "a request")
    desk.room.settle()
    said = desk.room.log()
    for verb in (("outbox",), ("outbox", "--json"), ("targets",),
                 ("preview", path), ("status",)):
        done = desk.room.ctl(*verb, code=None)
        said += done.stdout + done.stderr
    for key in (*desk.x.consumer, *desk.x.token):
        assert key not in said
