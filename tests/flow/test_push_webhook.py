"""A webhook: what an app's server hears of the life of an article.

The receiver is written from the Standard Webhooks specification; packages of
npm judge beside it, and every event is held against the schema that is
shipped.
"""
import json
import time

import pytest

import newsroom
import packages
from articles import article, part
from office import Office
from peer import answer, hang, redirect, reset
from readers import need_package
from recorder import new_secret

jsonschema = pytest.importorskip(
    "jsonschema", reason="python3-jsonschema is missing")
SCHEMA = newsroom.SOURCE / "docs" / "webhook-event.schema.json"


@pytest.fixture(scope="module")
def schema():
    text = json.loads(SCHEMA.read_text())
    kind = jsonschema.validators.validator_for(text)
    kind.check_schema(text)
    return kind(text)


@pytest.fixture
def office(empty, schema):
    """A running newsroom with a target; all that it sent was well made."""
    office = Office(empty)
    try:
        empty.start()
        yield office
        for event in office.hook.events:
            schema.validate(event.body)
            assert event.is_signed_with(office.secret)
            assert event.request.get("content-type") == "application/json"
    finally:
        office.close()


def corrected(title):
    return article(title) + "\nCorrection: The bridge is red.\n"


def test_the_life_of_an_article(office):
    """Published, edited, corrected, withdrawn: each once, in that order."""
    room = office.room
    path = room.write("a.txt", article("A bridge opens"))
    office.arrives("A bridge opens")
    room.write("a.txt", article("A bridge opens", body="It is a new body."))
    office.arrives("A bridge opens", "article.updated")
    room.write("a.txt", corrected("A bridge opens"))
    office.arrives("A bridge opens", "article.corrected")
    path.unlink()
    room.until(lambda: office.hook.of("article.withdrawn"), "a withdrawal")
    office.quiet()
    assert [e.type for e in office.hook.taken()
            if "Witness" not in json.dumps(e.data)] == [
        "article.published", "article.updated", "article.corrected",
        "article.withdrawn"]
    ids = [e.id for e in office.hook.taken()]
    assert len(set(ids)) == len(ids)
    articles = {e.data["article"]["id"] for e in office.hook.taken()
                if "Witness" not in json.dumps(e.data)}
    assert len(articles) == 1


def test_a_package_of_npm_verifies(office):
    need_package("standardwebhooks")
    office.room.write("a.txt", article("A bridge of \u96e8 and \U0001f308"))
    event = office.arrives("A bridge of")
    assert packages.verdicts([
        packages.webhook_message(office.secret, event),
        packages.webhook_message(new_secret("another"), event)]) == \
        [True, False]


def test_what_did_not_change_is_not_told(office):
    room = office.room
    text = article("A bridge opens")
    room.write("a.txt", text)
    office.arrives("A bridge opens")
    room.write("a.txt", text, age=60)
    (room.content / "a.txt").rename(room.content / "b.txt")
    room.restart()
    office.quiet()
    assert office.told() == [("article.published", "A bridge opens"),
                             ("article.published", "Witness")]


def test_a_series_is_told_of(office):
    for n in (1, 2):
        office.room.write(f"{n}.txt", part(n, f"Wonder {n}"))
        office.arrives(f"Wonder {n}")
    office.room.until(lambda: office.hook.of("series.updated"), "a series")
    event = office.hook.of("series.updated")[-1]
    assert event.data["series"]["name"] == "Small Wonders"


# ---- failures ----

@pytest.mark.parametrize("failure", [
    answer(500, Retry_After="1"), answer(503, Retry_After="1"),
    answer(429, Retry_After="1")], ids=["500", "503", "429"])
def test_a_retry_keeps_the_id(office, failure):
    office.hook.will(failure, failure, answer(200))
    office.room.write("a.txt", article("A bridge opens"))
    event = office.arrives("A bridge opens")
    tries = [e for e in office.hook.events if e.id == event.id]
    assert len(tries) == 3
    assert {e.request.body for e in tries} == {event.request.body}
    assert len({e.id for e in office.hook.events}) == 1


def test_a_broken_connection_is_tried_again_with_the_id(office):
    """Whether it was taken nobody knows, and a webhook may be asked twice."""
    office.hook.will(reset, answer(200))
    office.room.write("a.txt", article("A bridge opens"))
    event = office.arrives("A bridge opens")
    assert [e.id for e in office.hook.events] == [event.id] * 2


def test_429_says_when(office):
    office.hook.will(answer(429, Retry_After="3"), answer(200))
    office.room.write("a.txt", article("A bridge opens"))
    office.arrives("A bridge opens")
    first, second = (e.at for e in office.hook.events)
    assert 2.9 < second - first < 6


def test_a_date_says_when(office):
    """Retry-After as a date (RFC 9110)."""
    when = time.time() + 3
    office.hook.will(answer(503, Retry_After=time.strftime(
        "%a, %d %b %Y %H:%M:%S GMT", time.gmtime(when))), answer(200))
    office.room.write("a.txt", article("A bridge opens"))
    office.arrives("A bridge opens")
    assert time.time() > int(when) - 0.1


def test_order_is_kept(office):
    """Parts arrive in their order, though one of them fails at first."""
    office.hook.will(answer(200), answer(500, Retry_After="1"), answer(200))
    for n in range(1, 9):
        office.room.write(f"{n}.txt", part(n, f"Wonder {n}"))
        office.room.arrived(f"Wonder {n}")
    office.arrives("Wonder 8")
    assert [t for k, t in office.told("article.published")] == \
        [f"Small Wonders {sign} | Wonder {n}"
         for n, sign in enumerate("\u2460\u2461\u2462\u2463\u2464\u2465"
                                  "\u2466\u2467", 1)]


def test_a_redirect_is_not_followed(office):
    other = office.recorder.webhook("/other")
    office.hook.will(redirect("/other", 307), answer(200))
    office.room.write("a.txt", article("A bridge opens"))
    office.room.until(lambda: office.hook.events, "a try")
    office.room.settle()
    assert not other.got


def test_a_target_that_hangs_holds_no_other_up(empty):
    office = Office(empty)
    try:
        quick = office.recorder.webhook("/quick")
        office.configure(targets=[
            office.target("stuck"), office.target("quick", url=quick.url)])
        office.hook.will(hang)
        empty.start()
        for n in range(3):
            empty.write(f"{n}.txt", article(f"Number {n}"))
            empty.until(lambda: len(quick.of("article.published")) == n + 1,
                        "the other target", 5)
        assert len(office.hook.got) == 1
    finally:
        office.close()


# ---- settings ----

def test_secrets_that_overlap(empty):
    office = Office(empty)
    try:
        old = office.keep("old-secret", new_secret("old"))
        office.configure(secrets=["app-secret", "old-secret"])
        empty.start()
        empty.write("a.txt", article("A bridge opens"))
        event = office.arrives("A bridge opens")
        assert event.is_signed_with(office.secret)
        assert event.is_signed_with(old)
        assert not event.is_signed_with(new_secret("none"))
    finally:
        office.close()


def test_channels_filter(empty):
    office = Office(empty, channels=["series/Small Wonders"])
    try:
        empty.start()
        empty.write("a.txt", article("A bridge opens"))
        empty.write("1.txt", part(1, "Wonder 1"))
        office.arrives("Wonder 1")
        empty.write("b.txt", article("A bridge closes"))
        empty.write("2.txt", part(2, "Wonder 2"))
        office.arrives("Wonder 2")
        assert not any("bridge" in title for _, title in office.told())
    finally:
        office.close()


def test_a_target_can_be_tried(office):
    office.room.ctl("target", "test", "app")
    office.room.until(lambda: office.hook.of("ping"), "a ping")
    assert office.told() == []


def test_secrets_are_nowhere(office):
    office.room.write("a.txt", article("A bridge opens"))
    office.arrives("A bridge opens")
    key = office.secret.removeprefix("whsec_")
    said = office.room.log()
    for verb in (("outbox",), ("outbox", "--json"), ("targets",),
                 ("preview", office.room.content / "a.txt"), ("status",)):
        done = office.room.ctl(*verb, code=None)
        said += done.stdout + done.stderr
    assert key not in said
