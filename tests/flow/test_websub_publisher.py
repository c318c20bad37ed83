"""WebSub's publisher: rows P1 to P6 of the checklist.

The names of the tests are the rows'; P1 to P6 are sections 3.1, 4, 4.1, 6 and
6.1 of the Recommendation.
"""
import json
import time

import pytest

import newsroom
from articles import article, part
from peer import after, answer
from recorder import Recorder
from subscriber import (Subscriber, discover, embedded_links, fetch,
                        judge_links, links_of_field)
from websub import ALL, OPEN

SERIES = "feeds/series/small-wonders"
FORMATS = ("atom", "rss", "json")
DOCUMENTS = [f"{name}.{ending}" for name in ("feeds/all", SERIES)
             for ending in FORMATS]


@pytest.fixture(scope="module")
def recorder():
    with Recorder() as peer:
        yield peer


@pytest.fixture(scope="module")
def hubs(recorder):
    """Two hubs elsewhere."""
    return recorder.hub("/one"), recorder.hub("/two")


@pytest.fixture(scope="module")
def press(make_room, hubs):
    """A newsroom with a hub of its own that tells two others, too."""
    room = make_room()
    room.configure(hub={**OPEN, "publish": [h.url for h in hubs]},
                   courier={"allow": ["127.0.0.0/8"]})
    room.write("1.txt", part(1, "First"))
    room.start()
    # What was there before the hubs were told of is no news.
    assert room.get("/" + ALL).status == 200
    return room


def own_hub(room):
    return room.url + "hub"


# ---- what documents say ----

@pytest.mark.parametrize("path", DOCUMENTS)
def test_P1_topic_and_hubs_are_advertised(press, hubs, path):
    found = discover(press.url + path)
    assert found.url == press.url + path
    assert found.hubs == [own_hub(press), *(h.url for h in hubs)]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", DOCUMENTS)
def test_P2_one_self_in_the_link_fields(press, path, method):
    status, fields, _ = fetch(press.url + path, method)
    links = list(links_of_field(", ".join(fields["link"])))
    assert status == 200
    assert [a for rel, a in links if rel == "self"] == [press.url + path]
    assert own_hub(press) in [a for rel, a in links if rel == "hub"]


@pytest.mark.parametrize("path", [p for p in DOCUMENTS
                                  if not p.endswith("json")])
def test_P3_documents_have_the_links_embedded(press, hubs, path):
    _, fields, body = fetch(press.url + path)
    kind = fields["content-type"][0].partition(";")[0]
    found = judge_links("", list(embedded_links(kind, body)), "document")
    assert found.url == press.url + path
    assert found.hubs == [own_hub(press), *(h.url for h in hubs)]


def test_P3_json_names_its_hubs_in_its_own_way(press, hubs):
    """JSON Feed 1.1: `hubs`, each with a type; `feed_url` is the topic."""
    for name in ("feeds/all", SERIES):
        feed = json.loads(press.get(f"/{name}.json").body)
        assert feed["feed_url"] == f"{press.url}{name}.json"
        assert [(h["type"], h["url"]) for h in feed["hubs"]] == \
            [("WebSub", own_hub(press)), *(("WebSub", h.url) for h in hubs)]


def test_P3_pages_advertise_no_topic_that_there_is_not(press):
    """A page of HTML is no topic: whoever discovers from one finds a feed's,
    or nothing."""
    for path in ("", SERIES, "articles/1"):
        status, fields, body = fetch(press.url + path)
        if status != 200:
            continue
        found = judge_links("", list(links_of_field(
            ", ".join(fields["link"]))), "field") or judge_links(
            "", list(embedded_links("text/html", body)), "document")
        assert found is None or found.url.removeprefix(press.url) in DOCUMENTS


def test_P4_each_representation_has_an_address_of_its_own(press):
    """Whatever somebody accepts: an address has one representation."""
    for name in ("feeds/all", SERIES):
        for ending in FORMATS:
            url = f"{press.url}{name}.{ending}"
            for accept in ("*/*", "application/rss+xml", "application/json",
                           "text/html", "application/atom+xml"):
                _, fields, _ = fetch(url, Accept=accept,
                                     Accept_Language="zh, en;q=0.1")
                assert ending in fields["content-type"][0]
                links = list(links_of_field(", ".join(fields["link"])))
                assert [a for r, a in links if r == "self"] == [url]


# ---- what hubs are told ----

def pings_after(hubs, act):
    """The topics that each hub is told of because of something."""
    before = [len(hub.got) for hub in hubs]
    act()
    return lambda: [[t for p in hub.pings[n:] for t in p.said("0.3")]
                    for hub, n in zip(hubs, before)]


def test_P5_every_hub_is_told_of_each_topic_that_changed(press, hubs):
    topics = {press.url + path for path in DOCUMENTS}
    told = pings_after(hubs, lambda: press.write("2.txt", part(2, "Second")))
    press.until(lambda: all(set(t) >= topics for t in told()), "the pings")
    press.settle()
    # Once each, nothing else, and in both dialects the same.
    assert [sorted(t) for t in told()] == [sorted(topics)] * 2
    for hub in hubs:
        for ping in hub.pings:
            assert ping.said("0.3") == ping.said("W3C")


def test_P5_what_is_announced_can_be_fetched(press, hubs, recorder):
    """Whoever looks when the ping comes sees what it is about."""
    seen = []

    def look(handler, request):
        topic = dict(request.form)["hub.url"]
        seen.append(b"Third thing" in fetch(topic)[2])
        answer(204)(handler, request)
    hubs[0].will(look)
    press.write("3.txt", part(3, "Third thing"))
    press.until(lambda: len(seen) >= len(DOCUMENTS), "the pings")
    hubs[0].will(answer(204))
    assert all(seen)


def test_P5_what_did_not_change_is_not_announced(press, hubs):
    everything = {f"{press.url}feeds/all.{e}" for e in FORMATS}
    # A ping of what is there comes behind it: it is none of what follows.
    first = pings_after(hubs, lambda: press.write("4.txt", article("Alone")))
    press.until(lambda: all(set(t) >= everything for t in first()), "Alone")
    told = pings_after(hubs, lambda: None)
    # Equal bytes in a new file; a file that is touched; a page of its own.
    press.write("4.txt", article("Alone"), age=100)
    (press.content / "1.txt").touch()
    press.settle()
    press.write("5.txt", article("A witness"))
    press.until(lambda: all(set(t) >= everything for t in told()), "pings")
    assert [sorted(t) for t in told()] == [sorted(everything)] * 2


def test_P5_a_hub_that_is_busy_is_told_again(press, hubs):
    """503 with Retry-After, as Google's hub answers at times."""
    one, two = hubs
    one.will(*[answer(503, Retry_After="1")] * 6, answer(204))
    told = pings_after(hubs, lambda: press.write("6.txt", article("Busy")))
    wanted = {f"{press.url}feeds/all.{e}" for e in FORMATS}

    def taken():
        return {t for p in one.pings if p.request.answered == 204
                for t in p.said("0.3") if p.at > since}
    since = time.monotonic() - 1
    press.until(lambda: set(told()[1]) >= wanted, "the other hub")
    press.until(lambda: taken() >= wanted, "the busy hub")


def test_P5_one_ping_at_a_time_for_a_topic(press, hubs):
    """A slow hub: what changes meanwhile is told once, after that."""
    hub = hubs[1].will(after(0.3, answer(204)))
    topic = f"{press.url}feeds/all.atom"
    told = pings_after(hubs, lambda: None)
    for n in range(10):
        press.write("7.txt", article("Again", body=f"Version {n} of it."))
        press.until(lambda: f"Version {n} of it." in
                    press.get("/" + ALL).body.decode(), "the version")
    press.until(lambda: told()[1].count(topic) > 1, "pings")
    press.settle()
    done = len(hub.got)
    hub.will(answer(204))
    press.write("8.txt", article("A last one"))
    press.until(lambda: topic in [t for p in hub.pings[done:]
                                  for t in p.said("0.3")], "the last")
    assert hub.overlaps() == []
    assert told()[1].count(topic) <= 10


def test_P5_what_changes_together_is_announced_once(empty):
    """One save of many files is one batch: one ping for a topic."""
    with Recorder() as recorder:
        hub = recorder.hub()
        empty.configure(hub={"publish": [hub.url]},
                        courier={"allow": ["127.0.0.0/8"]})
        empty.write("0.txt", article("The first"))
        empty.start()
        room = empty
        away = room.home / "away"
        away.mkdir()
        for n in range(40):
            (away / f"{n}.txt").write_text(article(f"Parcel {n}"))
            newsroom.os.utime(away / f"{n}.txt", (time.time() - 60,) * 2)
        away.rename(room.content / "parcel")
        room.until(lambda: len(room.entries()) == 41, "the parcel")
        room.settle()
        topic = f"{room.url}{ALL}"
        room.until(lambda: topic in hub.topics(), "the ping")
        versions = room.rows("SELECT count(*) FROM announce AS n JOIN feed"
                             " AS f ON f.id = n.feed_id WHERE n.kind = "
                             "'feed'")[0][0]
        assert hub.topics().count(topic) <= versions < 40


def test_P6_a_topic_that_moved_is_followed(empty):
    """A series becomes part of another: its old address leads to the new
    topic, at which discovery arrives and a hub takes subscriptions."""
    room = empty
    room.configure(hub=OPEN)
    room.start()
    for name, old in (("Harbour lights", False), ("Tide tables", True)):
        room.write(f"{name}.txt", part(1, f"Of {name}", series=name))
        slug = name.lower().replace(" ", "-")
        room.arrived(f"Of {name}", f"/feeds/series/{slug}.atom")
    room.configure(hub=OPEN, channels=[{"all": True}, {
        "series": "Tide tables", "aliases": ["Harbour lights"]}])
    room.ctl("reload")
    room.until(lambda: len(room.entries(
        "/feeds/series/harbour-lights.atom")) == 2, "one series")
    found = discover(f"{room.url}feeds/series/tide-tables.atom")
    assert found.url == f"{room.url}feeds/series/harbour-lights.atom"
    assert found.hubs == [own_hub(room)]
    with Subscriber() as peer:
        callback = peer.callback()
        assert peer.ask("subscribe", callback, found.url,
                        found.hubs[0]).status == 202
        room.until(lambda: callback.leases, "a verification")
