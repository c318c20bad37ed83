"""Programs of others, from discovery to the last delivery.

The package pubsubhubbub subscribes, verifies, receives, renews, unsubscribes;
x-hub-signature judges signatures; feedparser and the packages that read feeds
read what was delivered.  There is no hub in the registries that could be run
here: a receiver of pings from the texts of 0.3 and of the W3C stands for one
(test_websub_publisher.py).
"""
import feedparser
import pytest

import packages
from readers import KNOWS, READERS, need_package
from subscriber import discover
from websub import ALL, SECRET


def test_a_client_from_npm_subscribes_renews_and_leaves(stage):
    topic, hub = discover(stage.topic())[:2]
    with packages.client() as client:
        stage.until(lambda: client.of("listen"), "it listens")
        for times in (1, 2):
            client.do("subscribe", topic, hub[0])
            stage.until(lambda: len(client.of("subscribe")) == times,
                        f"its verification {times}")
            assert client.of("subscribe")[-1]["topic"] == topic
            assert 7195 <= client.of("subscribe")[-1]["lease"] <= 7201
            stage.until(lambda: stage.rows(
                "SELECT count(*) FROM hub_pending") == [(0,)], "settled")
            title = stage.news()
            stage.until(lambda: any(title.encode() in b
                                    for b in client.bodies()), "the news")
        assert sum(title.encode() in b for b in client.bodies()) == 1
        assert {f["topic"] for f in client.of("feed")} == {topic}

        client.do("unsubscribe", topic, hub[0])
        stage.until(lambda: client.of("unsubscribe"), "its verification")
        stage.until(lambda: stage.rows(
            "SELECT count(*) FROM hub_pending") == [(0,)], "settled")
        title = stage.both(stage.subscribe())
        assert not any(title.encode() in b for b in client.bodies())
        assert not client.of("error") and not client.of("denied")
        assert {a["error"] for a in client.of("answer")} == {None}


def test_a_client_from_npm_is_told_why_not(stage):
    with packages.client() as client:
        stage.until(lambda: client.of("listen"), "it listens")
        client.do("subscribe", "http://example.org/feed", stage.hub)
        stage.until(lambda: client.of("answer"), "an answer")
        assert "Invalid response status 4" in client.of("answer")[0]["error"]


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_a_package_from_npm_verifies_signatures(make_stage, method):
    need_package("x-hub-signature")
    stage = make_stage(signature=method)
    callback = stage.subscribe(secret=SECRET)
    stage.delivered(callback, stage.news())
    good = [packages.hub_message(SECRET, d) for d in callback.deliveries]
    bad = [{**m, "secret": "another"} for m in good]
    assert packages.verdicts(good) == [True] * len(good)
    assert packages.verdicts(bad) == [False] * len(bad)


@pytest.mark.parametrize("program", KNOWS)
def test_readers_read_what_was_delivered(stage, program):
    """Every format that a program knows, as it was delivered."""
    for ending in KNOWS[program]:
        callback = stage.subscribe(path=f"feeds/all.{ending}")
        title = stage.news()
        stage.delivered(callback, title)
        found = next(iter(READERS[program](
            [callback.deliveries[-1].body])))
        assert title in [entry[1] for entry in found]


def test_feedparser_knows_the_type(stage):
    callback = stage.subscribe(path=ALL)
    stage.delivered(callback, stage.news())
    delivery = callback.deliveries[-1]
    feed = feedparser.parse(delivery.body, response_headers={
        "content-type": delivery.kind})
    assert not feed.bozo and feed.version == "atom10"
    assert [link.href for link in feed.feed.links if link.rel == "hub"] == \
        [stage.hub]
