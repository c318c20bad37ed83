"""The receivers of webhooks: by what they know us, and what each may have.

Keys change while events flow; a partner's receiver gets less than our own; and
what is private is told to nobody.
"""
import json
import subprocess

import pytest

from articles import article, part
from images import jpeg
from office import Office
from peer import answer
from recorder import new_secret


@pytest.fixture
def office(empty):
    office = Office(empty)
    yield office
    office.close()


def say(office, title, kind="article.published", **rest):
    """Save an article; the event of it."""
    office.room.write(f"{title}.txt", article(title, **rest))
    return office.arrives(title, kind)


# ---- keys ----

def openssl(*args, **rest):
    return subprocess.run(["openssl", *args], check=True,
                          capture_output=True, **rest).stdout


def test_ed25519_beside_hmac(office):
    """A receiver that has the public half only; and one that has not changed
    over yet."""
    private = openssl("genpkey", "-algorithm", "ed25519")
    public = openssl("pkey", "-pubout", input=private)
    other = openssl("pkey", "-pubout", input=openssl(
        "genpkey", "-algorithm", "ed25519"))
    office.keep("app-key", private.decode())
    office.configure(secrets=["app-key", "app-secret"])
    office.room.start()
    event = say(office, "A bridge opens")
    assert event.is_signed_for(public)
    assert not event.is_signed_for(other)
    assert event.is_signed_with(office.secret)


def test_a_key_changes_without_a_reload(office):
    office.room.start()
    assert say(office, "Before").is_signed_with(office.secret)
    new = new_secret("new")
    office.keep("app-secret", f"{new}\n{office.secret}")
    event = say(office, "Meanwhile")
    assert event.is_signed_with(office.secret)
    assert event.is_signed_with(new)
    office.keep("app-secret", new)
    event = say(office, "After")
    assert event.is_signed_with(new)
    assert not event.is_signed_with(office.secret)


def test_a_key_that_is_none_sends_nothing(office):
    """Unsigned is worse than late: the target is held, and says why."""
    office.keep("app-secret", "correct horse battery staple")
    room = office.room.start()
    room.write("a.txt", article("A bridge opens"))
    room.arrived("A bridge opens")
    room.until(lambda: "app-secret" in room.log(), "the fault is told")
    room.settle()
    assert not office.hook.got
    assert "correct horse" not in room.log()


def test_401_reads_the_key_anew(office):
    """The receiver changed its key before we did; the file has it by now."""
    new = new_secret("new")

    def change(handler, request):
        office.keep("app-secret", new)
        answer(401)(handler, request)

    office.hook.will(change, answer(204))
    office.room.start()
    event = say(office, "A bridge opens")
    assert event.is_signed_with(new)
    assert len(office.hook.events) == 2


def test_410_is_the_end(office):
    """Who is gone for good is not asked again."""
    office.hook.will(answer(410))
    room = office.room.start()
    room.write("a.txt", article("A bridge opens"))
    room.until(lambda: office.hook.got, "a try")
    room.write("b.txt", article("A bridge closes"))
    room.arrived("A bridge closes")
    room.settle()
    assert len(office.hook.got) == 1


def test_a_receiver_that_does_not_understand_today(office):
    """Whatever it answers, its program may be right in a moment."""
    office.hook.will(answer(400), answer(404, Retry_After="1"), answer(200))
    office.room.start()
    event = say(office, "A bridge opens")
    assert [e.id for e in office.hook.events] == [event.id] * 3


# ---- what they get ----

def test_events_are_chosen(office):
    office.configure(events=["article.withdrawn"])
    room = office.room.start()
    path = room.write("a.txt", article("A bridge opens"))
    room.arrived("A bridge opens")
    path.unlink()
    room.until(lambda: office.hook.of("article.withdrawn"), "a withdrawal")
    assert {e.type for e in office.hook.events} == {"article.withdrawn"}


def test_a_minor_change_is_one(office):
    """Programs hear of it, and can tell."""
    room = office.room.start()
    room.write("A bridge opens.meta.yaml", "minor: yes\n")
    first = say(office, "A bridge opens")
    event = say(office, "A bridge opens", "article.updated",
                body="It rained a little.")
    assert event.data["action"] == "minor"
    assert event.data["article"]["id"] == first.data["article"]["id"]
    assert event.data["article"]["revision"] > \
        first.data["article"]["revision"]
    assert event.data["seq"] > first.data["seq"]


def test_an_event_says_what_the_feed_says(office):
    """Who reads our JSON Feed reads events."""
    office.room.start()
    event = say(office, "A bridge opens")
    feed = json.loads(office.room.get("/feeds/all.json").body)
    item = next(i for i in feed["items"] if i["title"] == "A bridge opens")
    item.pop("_gazetted", None)
    told = event.data["article"]
    assert {name: told[name] for name in item} == item
    assert told["channels"][0]["feed_url"] == feed["feed_url"]


def test_others_get_what_they_may_take(office):
    """A partner's receiver beside our own."""
    partner = office.recorder.webhook("/partner")
    office.configure(targets=[
        office.target(), office.target(
            "partner", url=partner.url, syndication="text-only")])
    room = office.room.start()
    room.write("a.jpg", jpeg())
    say(office, "a", body="It rained.")
    room.until(lambda: partner.of("article.published"), "the partner")
    mine = office.heard("image/jpeg")
    assert mine, "our own has the picture"
    theirs = partner.of("article.published")[-1]
    assert "It rained." in theirs.data["article"]["content_html"]
    assert "attachments" not in theirs.data["article"]
    assert "/media/" not in theirs.request.body.decode()


def test_nothing_private_is_told(office):
    """Neither that it is there, nor what it is called."""
    office.configure(rest={"channels": [
        {"series": "Tide tables", "access": "partners"},
        {"topic": "wire", "access": "partners", "exclusive": True,
         "match": {"title": "Wire"}}]})
    room = office.room.start()
    room.write("1.txt", part(1, "The moon", series="Tide tables"))
    room.write("w.txt", article("Wire: a secret"))
    event = office.arrives("The moon")
    office.quiet()
    assert "series" not in event.data["article"]
    for event in office.hook.events:
        assert "Wire" not in event.request.body.decode()
        assert "feeds/series" not in event.request.body.decode()
        assert event.type != "series.updated"
