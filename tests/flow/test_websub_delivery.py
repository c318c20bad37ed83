"""WebSub's hub, what it delivers: rows H14 to H18 of the checklist, and rows
12 to 19 of the list that hubs were compared by.

Sections 7, 7.1 and 8.3 of the Recommendation.
"""
import json
import subprocess
import time

import feedparser
import pytest

from articles import article
from peer import (after, answer, bomb, drip, endless, garbage, hang, redirect,
                  reset)
from subscriber import Subscriber, fetch
from websub import ALL, SECRET, Stage

FORMATS = ("atom", "rss", "json")


@pytest.fixture(scope="module")
def witness(the_stage):
    """Somebody who stays for all tests of the file, and gets everything."""
    callback = the_stage.subscriber("127.0.0.7").callback("/witness")
    return the_stage.subscribe(callback)


def entries(body, kind):
    """What a reader that is not ours finds in it."""
    if "json" in kind:
        return [(i["id"], i["title"]) for i in json.loads(body)["items"]]
    feed = feedparser.parse(body, response_headers={"content-type": kind})
    assert not feed.bozo, feed.get("bozo_exception")
    return [(e.id, e.title) for e in feed.entries]


# ---- H14, H15: what is sent ----

@pytest.mark.parametrize("ending", FORMATS)
def test_H14_the_whole_document_with_its_type(stage, ending):
    path = f"feeds/all.{ending}"
    callback = stage.subscribe(path=path)
    title = stage.news()
    stage.delivered(callback, title)
    delivery = callback.deliveries[-1]
    _, fields, body = fetch(stage.topic(path))
    assert delivery.request.method == "POST"
    assert delivery.body == body
    assert delivery.kind == fields["content-type"][0]
    assert title in [t for _, t in entries(body, delivery.kind)]
    length = delivery.request.get("content-length")
    assert length == str(len(body))
    assert not delivery.request.all("transfer-encoding")


@pytest.mark.parametrize("ending", FORMATS)
def test_row_16_H15_one_link_field_with_hub_and_self(stage, ending):
    path = f"feeds/all.{ending}"
    callback = stage.subscribe(path=path)
    stage.delivered(callback, stage.news())
    for delivery in callback.deliveries:
        assert len(delivery.request.all("link")) == 1
        assert delivery.topics == [stage.topic(path)]
        assert stage.hub in delivery.hubs


@pytest.mark.parametrize("query", ["?a=1&b=2", "?hub.mode=mine", "?",
                                   "?x=%26%3D&y=+", "?a=1;b=%E4%BD%A0"])
def test_row_12_H15_the_callback_exactly(stage, query):
    callback = stage.subscribe(stage.callback(query))
    stage.delivered(callback, stage.news())
    request = callback.deliveries[0].request
    assert request.target == callback.path + query.rstrip("?") or \
        request.target == callback.path + query
    host = f"{callback.peer.host}:{callback.peer.port}"
    assert request.get("host") == host


def test_H15_https_is_kept_and_checked(make_room, tmp_path):
    """The certificate is verified: one callback has a good one."""
    def certificate(name, address):
        path = tmp_path / f"{name}.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
             f"/CN={name}", "-addext", f"subjectAltName=IP:{address}",
             "-keyout", path, "-out", tmp_path / f"{name}.crt"],
            check=True, capture_output=True)
        path.write_text(path.read_text() +
                        (tmp_path / f"{name}.crt").read_text())
        return path

    good, other = (certificate(n, "127.0.0.1") for n in ("good", "other"))
    stage = Stage(make_room(), **{"plain-secrets": False})
    stage.configure({"courier": {"ca-file": str(tmp_path / "good.crt")}},
                    **{"plain-secrets": False})
    stage.start()
    with Subscriber(certificate=good) as peer, \
            Subscriber("127.0.0.2", certificate=other) as bad:
        callback, wrong = peer.callback(query="?a=1"), bad.callback()
        stage.ask("subscribe", wrong)
        stage.subscribe(callback, secret=SECRET)
        stage.delivered(callback, stage.news())
        assert callback.url.startswith("https://")
        assert callback.deliveries[0].genuine is True
        assert not wrong.got


def test_H14_what_is_announced_can_be_fetched(stage):
    """Who fetches the topic on delivery sees the same, or newer."""
    found = []

    def look(handler, request):
        found.append((request.body, fetch(stage.topic())[2]))
        answer(200)(handler, request)
    callback = stage.subscribe(stage.callback().will(look))
    for _ in range(5):
        title = stage.news()
        stage.until(lambda: any(title.encode() in b for b, _ in found), title)
        body, fetched = found[-1]
        assert title.encode() in fetched


# ---- H16: success ----

@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_H16_any_2xx_is_success(stage, witness, status):
    callback = stage.subscribe(stage.callback().will(answer(status)))
    title = stage.both(witness, callback)
    stage.until(lambda: callback.count(title) == 2, "the next one")
    stage.both(witness, callback)
    # Once each, and the retries' first ten seconds are not over.
    assert len(callback.deliveries) in (3, 4)


def test_row_13_H16_a_redirect_is_not_followed(stage, witness):
    elsewhere = stage.subscriber().place("/moved").will(answer(200))
    for status in (301, 302, 303, 307, 308):
        callback = stage.subscribe(stage.callback(host="127.0.0.11").will(
            redirect(elsewhere.url, status)))
        stage.both(witness, callback)
    assert not elsewhere.got


def test_row_18_H16_410_ends_the_subscription(stage, witness):
    callback = stage.subscribe(stage.callback().will(answer(410)))
    stage.delivered(callback, stage.news())
    stage.until(lambda: stage.rows(
        "SELECT count(*) FROM hub_sub WHERE instr(callback, ?)",
        callback.path) == [(0,)], "the end of the subscription")
    stage.both(witness)
    assert len(callback.deliveries) == 1


@pytest.mark.parametrize("act", [endless, bomb, drip])
def test_H16_the_answer_is_not_read(stage, witness, act):
    """MUST ignore it (7): nobody pours into us, and nobody waits."""
    callback = stage.callback(host="127.0.0.12")
    stage.subscribe(callback.will(act))
    before = callback.peer.poured
    since = time.monotonic()
    stage.both(witness, callback)
    assert time.monotonic() - since < 5
    assert callback.peer.poured - before < 8 << 20


# ---- H17: failure ----

def test_row_17_H17_500_is_tried_again(stage):
    """Within about ten seconds, though nothing new is there to send."""
    callback = stage.callback(host="127.0.0.13").will(
        answer(500), answer(200))
    stage.subscribe(callback)
    title = stage.news()
    stage.until(lambda: callback.count(title) == 2, "a second try", 15)
    first, second = (d.at for d in callback.deliveries[-2:])
    assert 5 < second - first < 14
    assert callback.deliveries[-1].body == callback.deliveries[-2].body


def test_H17_a_time_that_is_asked_for_is_waited_for(stage, witness):
    callback = stage.callback(host="127.0.0.14").will(
        answer(503, Retry_After="3"), answer(200))
    stage.subscribe(callback)
    title = stage.news()
    stage.until(lambda: callback.count(title) == 2, "a second try", 15)
    first, second = (d.at for d in callback.deliveries[-2:])
    assert second - first >= 2.9


@pytest.mark.parametrize("failure", [
    answer(500), answer(404), answer(400), answer(429), reset, garbage],
    ids=["500", "404", "400", "429", "reset", "garbage"])
def test_row_19_H17_a_new_update_is_always_tried(stage, witness, failure):
    """However often it failed: only the lease ends a subscription."""
    callback = stage.callback(host="127.0.0.15").will(failure)
    stage.subscribe(callback)
    for _ in range(7):
        before = len(callback.deliveries)
        stage.delivered(witness, stage.news())
        stage.until(lambda: len(callback.deliveries) > before, "a try")
    callback.will(answer(200))
    stage.delivered(callback, stage.news())
    assert callback.deliveries[-1].request.answered == 200


def test_H17_a_retry_is_of_the_latest(stage, witness):
    """What failed is not sent any more when there is something newer."""
    callback = stage.callback(host="127.0.0.16").will(
        answer(503, Retry_After="2"), answer(200))
    stage.subscribe(callback)
    old = stage.news()
    stage.until(lambda: callback.deliveries, "a try")
    new = stage.news()
    stage.delivered(callback, new)
    stage.delivered(witness, new)
    time.sleep(2.5)
    assert all(new.encode() in d.body for d in callback.deliveries[1:])
    assert old.encode() in callback.deliveries[0].body


# ---- H18: signatures ----

def test_H18_sha256_by_default(stage):
    callback, unsigned = stage.subscribe(secret=SECRET), stage.subscribe()
    title = stage.news()
    stage.delivered(callback, title)
    stage.delivered(unsigned, title)
    assert callback.deliveries[-1].signature.startswith("sha256=")
    assert all(d.genuine is True for d in callback.deliveries)
    assert unsigned.deliveries[-1].signature is None


@pytest.mark.parametrize("method, digits", [("sha1", 40), ("sha384", 96),
                                            ("sha512", 128)])
def test_H18_other_methods_by_setting(make_stage, method, digits):
    stage = make_stage(signature=method)
    callback = stage.subscribe(secret=SECRET)
    stage.delivered(callback, stage.news())
    name, _, digest = callback.deliveries[-1].signature.partition("=")
    assert (name, len(digest)) == (method, digits)
    assert callback.deliveries[-1].genuine is True


# ---- row 15, and order ----

def test_row_15_what_did_not_change_is_not_delivered(stage, witness):
    callback = stage.subscribe()
    title = stage.both(witness, callback)
    stage.until(lambda: len(callback.deliveries) >= 2, "both")
    before = len(callback.deliveries)
    text = article(title)
    for age in (100, 50, 1):
        stage.room.write(f"{title}.txt", text, age=age)
        stage.room.settle()
    stage.room.ctl("rebuild", "--wait", code=None)
    stage.room.restart()
    new = stage.news()
    stage.delivered(callback, new)
    assert len(callback.deliveries) == before + 1


def test_versions_never_go_back(stage):
    """Saved again and again, as fast as it goes: the last one arrives, and
    none comes after a later one.  One may come twice: what is sent is what can
    be fetched then, and that may be the next version already."""
    callback = stage.callback(host="127.0.0.17").will(after(0.05, answer(200)))
    stage.subscribe(callback)
    title = stage.news()
    for n in range(30):
        stage.room.write(f"{title}.txt", article(title, body=f"Turn {n:03}."))
        time.sleep(0.01)
    stage.delivered(callback, "Turn 029.")
    turns = [int(d.body.split(b"Turn ")[1][:3])
             for d in callback.deliveries if b"Turn " in d.body]
    assert turns == sorted(turns)


# ---- others ----

BAD = {"dead": None, "slow": drip, "endless": endless, "5xx": answer(500),
       "silent": hang}


def test_isolation_of_bad_subscribers_among_1000(make_stage):
    """Dead, slow, endless, failing: the others are served as if they were
    not there."""
    stage = make_stage()
    good = [stage.callback() for _ in range(1000)]
    bad = {}
    for n, (name, act) in enumerate(BAD.items()):
        host = f"127.0.1.{n + 1}"
        bad[name] = stage.callback(host=host)
        if act:
            bad[name].will(act)
    # The bad ones stand first, in the middle and at the end.
    order = good[:]
    for n, callback in enumerate(bad.values()):
        order.insert(n * 250, callback)
    for callback in order:
        assert stage.ask("subscribe", callback).status == 202
    stage.until(lambda: all(c.leases for c in order), "verifications", 60)
    stage.until(lambda: stage.rows("SELECT count(*) FROM hub_pending") ==
                [(0,)], "all is settled")
    stage.subscriber("127.0.1.1").close()

    since = time.monotonic()
    title = stage.news()
    stage.until(lambda: all(c.has(title) for c in good), "news", 30)
    first = time.monotonic() - since
    again = stage.news()
    stage.until(lambda: all(c.has(again) for c in good), "more news", 30)
    assert [c.count(title) for c in good] == [2] * 1000
    assert [c.count(again) for c in good] == [1] * 1000
    # No one waited for a time-out of theirs, which is ten seconds.
    assert first < 10
    assert bad["5xx"].count(title) >= 1


@pytest.mark.parametrize("wait", [0.02, 0.1, 0.3])
def test_kill_during_the_fan_out(make_stage, wait):
    """All get it; twice at most what was not yet noted when it was killed."""
    stage = make_stage(concurrency=32)
    callbacks = [stage.callback() for _ in range(400)]
    for callback in callbacks:
        assert stage.ask("subscribe", callback, secret=SECRET).status == 202
    stage.until(lambda: all(c.leases for c in callbacks), "verifications", 60)
    stage.until(lambda: stage.rows("SELECT count(*) FROM hub_pending") ==
                [(0,)], "all is settled")
    title = stage.news()
    stage.until(lambda: any(c.deliveries for c in callbacks), "the first")
    time.sleep(wait)
    stage.room.kill()
    had = sum(c.has(title) for c in callbacks)
    stage.room.start()
    stage.until(lambda: all(c.has(title) for c in callbacks), "all", 30)
    twice = sum(c.count(title) > 1 for c in callbacks)
    assert twice <= min(had, 232), "more than a batch and what was on its way"
    assert all(d.genuine is True for c in callbacks for d in c.deliveries)


def test_a_slow_hub_holds_no_reader_up(stage):
    """The press serves while the courier waits for somebody."""
    for _ in range(8):
        stage.subscribe(stage.callback(host="127.0.0.18").will(hang))
    stage.news()
    for _ in range(50):
        since = time.monotonic()
        assert stage.room.get("/" + ALL).status == 200
        assert time.monotonic() - since < 1
