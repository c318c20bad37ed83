"""WebSub's hub, how it verifies: rows H10 to H13 and H5 of the checklist, rows
7 to 11 and 14 of the list, and whom it must never call.

Sections 5.2, 5.3 and 8.2 of the Recommendation; the table of addresses is our
own policy, for the Recommendation has none.
"""
import socket
import time

import pytest

import newsroom
from articles import part
from peer import answer, bomb, drip, endless, garbage, hang, redirect, reset
from subscriber import Subscriber
from websub import Stage

HOUR, DAY = 3600, 86400


@pytest.fixture(scope="module")
def patient(make_stage):
    """A hub whose leases last from a second to a minute."""
    return make_stage(**{"lease": "40s", "lease-min": "1s",
                         "lease-max": "60s"})


@pytest.fixture
def brief(patient):
    yield patient
    patient.leave()


@pytest.fixture(scope="module")
def wary(make_stage):
    """A hub that may call one address of this machine."""
    return make_stage(allow=["127.0.0.1/32"])


# ---- H10: denial ----

def test_H10_a_topic_that_ends_is_denied(make_stage):
    """The subscription was active; its topic is for partners from now on."""
    stage = make_stage()
    stage.room.write("1.txt", part(1, "Ebb", series="Tide tables"))
    tides = "feeds/series/tide-tables.atom"
    stage.room.arrived("Ebb", "/" + tides)
    callback = stage.subscribe(stage.callback("?mine=1"), tides)
    stage.configure({"channels": [{"all": True}, {
        "series": "Tide tables", "access": "partners"}]})
    stage.room.restart()
    stage.room.write("2.txt", part(2, "Flood", series="Tide tables"))
    stage.until(lambda: callback.denials, "a denial")
    assert callback.denials[0]["hub.topic"] == stage.topic(tides)
    assert callback.denials[0]["hub.reason"]
    assert callback.denials[0]["mine"] == "1"
    assert "hub.challenge" not in callback.denials[0]
    assert not callback.has("Flood")


def test_H10_what_is_too_much_is_denied_or_refused(make_stage):
    stage = make_stage(max=3)
    callbacks = [stage.callback() for _ in range(6)]
    taken = [c for c in callbacks
             if stage.ask("subscribe", c).status == 202]
    stage.until(lambda: all(c.leases or c.denials for c in taken),
                "an answer to each")
    for callback in taken:
        stage.settled(callback)
    stage.until(lambda: sum(bool(c.denials) for c in taken) ==
                len(taken) - 3, "denials")
    title = stage.news()
    for callback in taken:
        if not callback.denials:
            stage.delivered(callback, title)
        else:
            assert callback.denials[0]["hub.topic"] == stage.topic()
            assert callback.denials[0]["hub.reason"]


def test_H10_a_series_that_is_merged_is_denied(make_stage):
    """Whoever subscribed is told where it is now."""
    stage = make_stage()
    stage.room.write("1.txt", part(1, "Ebb", series="Tide tables"))
    stage.room.write("2.txt", part(2, "Flood", series="Sea tables"))
    sea, tide = (f"feeds/series/{name}-tables.atom" for name in
                 ("sea", "tide"))
    stage.room.arrived("Flood", "/" + sea)
    callback = stage.subscribe(path=sea)
    stays = stage.subscribe(path=tide)
    stage.configure({"channels": [{"all": True}, {
        "series": "Tide tables", "aliases": ["Sea tables"]}]})
    stage.room.restart()
    stage.until(lambda: callback.denials, "a denial")
    assert callback.denials[0]["hub.topic"] == stage.topic(sea)
    assert stage.topic(tide) in callback.denials[0]["hub.reason"]
    stage.room.write("3.txt", part(3, "Surge", series="Sea tables"))
    stage.delivered(stays, "Surge")
    assert not callback.has("Surge") and not stays.denials


# ---- H11: the request ----

def test_H11_verification_of_subscribe(stage):
    callback = stage.subscribe(lease=5 * HOUR)
    request = callback.got[0]
    assert request.method == "GET" and request.body == b""
    names = [n for n, _ in request.arguments]
    assert sorted(names) == ["hub.challenge", "hub.lease_seconds",
                             "hub.mode", "hub.topic"]
    said = dict(request.arguments)
    assert said["hub.topic"] == stage.topic()
    assert said["hub.lease_seconds"] == str(5 * HOUR)


def test_H11_verification_of_unsubscribe(stage):
    callback = stage.subscribe()
    stage.unsubscribe(callback)
    said = dict(callback.got[-1].arguments)
    assert said["hub.mode"] == "unsubscribe"
    assert said["hub.topic"] == stage.topic()
    assert said["hub.challenge"] != callback.challenges[0]
    witness = stage.subscribe()
    stage.both(witness)
    assert not callback.deliveries


def test_H11_unsubscribing_has_to_be_meant(stage):
    """Anybody can ask; only the callback can agree."""
    callback = stage.subscribe()
    callback.will_verify(answer(404))
    stage.unsubscribe(callback)
    stage.delivered(callback, stage.news())


def test_H11_unsubscribing_from_what_one_never_had(stage):
    callback = stage.callback()
    reply = stage.ask("unsubscribe", callback)
    assert reply.status == 202 or 400 <= reply.status < 500
    assert not callback.leases


def test_row_8_challenges_are_unique_and_long(stage):
    callbacks = [stage.callback() for _ in range(50)]
    for callback in callbacks:
        stage.ask("subscribe", callback)
        stage.ask("subscribe", callback)
    stage.until(lambda: all(c.verifications for c in callbacks), "all")
    for callback in callbacks:
        stage.settled(callback)
    said = [c for callback in callbacks for c in callback.challenges]
    assert len(set(said)) == len(said)
    assert min(map(len, said)) >= 16
    # No two begin or end alike: each is drawn whole.
    assert len({c[:8] for c in said}) == len(said)
    assert len({c[-8:] for c in said}) == len(said)


# ---- H12: what counts ----

def echo(change, status=200):
    """An answer with what becomes of the challenge."""
    def act(handler, request):
        challenge = dict(request.arguments)["hub.challenge"]
        answer(status, change(challenge))(handler, request)
    return act


def same(challenge):
    return challenge


FAILURES = {
    "404": answer(404), "empty": answer(200), "wrong": answer(200, "wrong"),
    "404 with it": echo(same, 404), "500 with it": echo(same, 500),
    "302 with it": echo(same, 302), "304 with it": echo(same, 304),
    "upper": echo(str.swapcase), "cut": echo(lambda c: c[:-1]),
    "more": echo(lambda c: c + "x"), "twice": echo(lambda c: c * 2),
    "nul": echo(lambda c: c + "\0"), "quoted": echo(lambda c: f'"{c}"'),
    "html": echo(lambda c: f"<p>{c}</p>"), "big": echo(
        lambda c: c + "x" * 100000),
    "endless": endless, "bomb": bomb, "garbage": garbage}


@pytest.fixture(scope="module")
def witness(the_stage):
    """Somebody who stays for all tests of the file."""
    callback = the_stage.subscriber("127.0.0.7").callback("/witness")
    return the_stage.subscribe(callback)


@pytest.mark.parametrize("how", FAILURES)
def test_row_9_10_H12_only_2xx_with_the_challenge(stage, witness, how):
    callback = stage.callback(host="127.0.0.6").will_verify(FAILURES[how])
    stage.subscribe(callback)
    stage.both(witness)
    assert not callback.deliveries


def test_H12_a_redirect_is_not_followed(stage, witness):
    place = stage.subscriber().place("/elsewhere").will(echo(same))
    callback = stage.callback().will_verify(redirect("/elsewhere"))
    stage.subscribe(callback)
    stage.both(witness)
    assert not place.got and not callback.deliveries


def test_H12_a_verdict_is_final(stage, witness):
    """A reply that says no is not asked for again (unlike in 0.3)."""
    callback = stage.callback().will_verify(answer(500), None)
    stage.subscribe(callback)
    stage.both(witness)
    assert len(callback.verifications) == 1


@pytest.mark.parametrize("status", [200, 201, 202, 203, 299])
def test_row_11_H12_any_2xx_with_the_challenge(stage, status):
    callback = stage.callback().will_verify(echo(same, status))
    stage.subscribe(callback)
    stage.delivered(callback, stage.news())


def test_H12_who_does_not_answer_holds_nobody_up(stage):
    """While they are waited for, others are verified at once."""
    for n, act in enumerate((hang, drip, endless) * 10):
        quiet = stage.callback(host="127.0.0.8").will_verify(act)
        assert stage.ask("subscribe", quiet).status == 202
    for _ in range(5):
        since = time.monotonic()
        stage.subscribe()
        assert time.monotonic() - since < 2


# ---- H5: renewals ----

def test_row_14_H5_a_renewal_that_fails_changes_nothing(stage):
    callback = stage.subscribe(secret="old", lease=5 * HOUR)
    callback.will_verify(answer(404))
    stage.subscribe(callback, secret="new", lease=9 * HOUR)
    assert callback.leases[stage.topic()].secret == b"old"
    stage.delivered(callback, stage.news())
    assert callback.deliveries[0].genuine is True


def test_H5_a_renewal_overrides_secret_and_lease(stage):
    callback = stage.subscribe(secret="old", lease=5 * HOUR)
    for secret in ("new", None, "last"):
        stage.subscribe(callback, secret=secret, lease=9 * HOUR)
        title = stage.news()
        stage.delivered(callback, title)
        assert callback.count(title) == 1
        delivery = callback.deliveries[-1]
        assert delivery.genuine is (True if secret else None)
        assert bool(delivery.signature) is bool(secret)


def test_H5_the_old_secret_holds_until_the_new_is_verified(stage):
    callback = stage.subscribe(secret="old")
    callback.will_verify(hang)
    assert stage.ask("subscribe", callback, secret="new").status == 202
    stage.delivered(callback, stage.news())
    assert callback.deliveries[0].genuine is True


def test_H5_each_topic_is_a_subscription_of_its_own(stage):
    callback = stage.subscribe()
    stage.subscribe(callback, "feeds/all.rss")
    stage.unsubscribe(callback)
    title = stage.news()
    stage.delivered(callback, title)
    assert {d.kind.partition(";")[0] for d in callback.deliveries} == \
        {"application/rss+xml"}


# ---- H13: leases ----

@pytest.mark.parametrize("asked, given", [
    (None, 10 * DAY), (10 * 365 * DAY, 30 * DAY), (1, HOUR), (HOUR, HOUR),
    (30 * DAY, 30 * DAY), (12345, 12345)])
def test_row_7_H13_leases_are_clamped(stage, asked, given):
    callback = stage.subscribe(lease=asked)
    assert callback.leases[stage.topic()].seconds == given


def test_H13_zero_is_not_for_ever(stage):
    callback = stage.callback()
    if stage.ask("subscribe", callback, lease=0).status == 202:
        stage.until(lambda: callback.leases, "a verification")
        assert HOUR <= callback.leases[stage.topic()].seconds <= 30 * DAY


def test_H13_a_lease_ends(brief):
    """It runs from the verification; then nothing comes any more."""
    callback = brief.subscribe(lease=2)
    lasting = brief.subscribe()
    assert callback.leases[brief.topic()].seconds == 2
    brief.both(lasting, callback)
    ends = callback.leases[brief.topic()].at + 2
    brief.until(lambda: time.monotonic() > ends + 0.05, "the end")
    title = brief.both(lasting)
    assert not callback.has(title)


def test_H13_a_renewal_prolongs(brief):
    callback = brief.subscribe(lease=2)
    first = callback.leases[brief.topic()].at
    brief.subscribe(callback, lease=30)
    brief.until(lambda: time.monotonic() > first + 2.05, "the end")
    brief.delivered(callback, brief.news())


def test_H13_a_lease_ends_while_nobody_runs(brief):
    callback = brief.subscribe(lease=1)
    brief.room.stop()
    time.sleep(max(0, callback.leases[brief.topic()].at + 1.05 -
                   time.monotonic()))
    brief.room.start()
    lasting = brief.subscribe()
    assert not callback.has(brief.both(lasting))


# ---- whom it must not call ----

ADDRESSES = [
    "127.0.0.2", "127.1.2.3", "2130706434",
    "0x7f000002", "0177.0.0.2", "127.2", "0.0.0.0", "0", "[::1]", "[::]",
    "[::ffff:127.0.0.2]", "[::ffff:7f00:2]", "[0:0:0:0:0:ffff:127.0.0.2]",
    "[64:ff9b::7f00:2]", "[2002:7f00:2::]", "[::127.0.0.2]", "ip6-localhost"]


def listen_everywhere():
    """A socket that gets whatever reaches this machine by any name."""
    listener = socket.socket(socket.AF_INET6)
    try:
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listener.bind(("::", newsroom.free_port()))
    except OSError:
        pytest.skip("there is no IPv6")
    listener.listen(64)
    listener.settimeout(0)
    return listener


def test_addresses_of_our_own_are_not_called(wary):
    """However they are written, and whatever a name means today."""
    with listen_everywhere() as listener:
        port = listener.getsockname()[1]
        for address in ADDRESSES:
            callback = wary.callback()
            callback.url = f"http://{address}:{port}/x"
            reply = wary.ask("subscribe", callback)
            assert reply.status == 202 or 400 <= reply.status < 500, address
        wary.subscribe()
        wary.subscribe()
        with pytest.raises(BlockingIOError):
            _, who = listener.accept()
            pytest.fail(f"called from {who}")


def test_an_address_that_was_allowed_once_is_judged_again(wary):
    """Verified while it was allowed; delivered never more."""
    wary.configure(allow=["127.0.0.1/32", "127.0.0.2/32"])
    wary.room.restart()
    callback = wary.subscribe(wary.callback(host="127.0.0.2"))
    assert callback.leases
    wary.configure(allow=["127.0.0.1/32"])
    wary.room.restart()
    connections = callback.peer.connections
    wary.both(wary.subscribe())
    assert callback.peer.connections == connections


def test_a_proxy_of_the_environment_is_not_asked(make_room, monkeypatch):
    """With one, the address that is checked would be the proxy's."""
    with Subscriber("127.0.0.9") as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "https_proxy"):
            monkeypatch.setenv(name, proxy.url)
        stage = Stage(make_room())
        try:
            stage.start()
            callback = stage.subscribe()
            stage.delivered(callback, stage.news())
        finally:
            stage.close()
        assert proxy.connections == 0


def test_the_network_that_fails_is_tried_again(stage, witness):
    """A connection that breaks is no verdict: there is no subscription yet,
    and no reply of it may be told."""
    callback = stage.callback(host="127.0.0.10").will_verify(reset)
    assert stage.ask("subscribe", callback).status == 202
    stage.until(lambda: callback.verifications, "a try")
    stage.both(witness)
    assert not callback.deliveries
    pending = stage.rows("SELECT count(*) FROM hub_pending"
                         " WHERE instr(callback, ?)", callback.path)
    assert pending == [(1,)]


# ---- lives ----

def test_who_hangs_does_not_keep_it_from_stopping(make_stage):
    """It is asked again, and with another challenge."""
    stage = make_stage()
    callback = stage.callback().will_verify(hang)
    assert stage.ask("subscribe", callback).status == 202
    stage.until(lambda: callback.verifications, "a try")
    since = time.monotonic()
    stage.room.stop()
    assert time.monotonic() - since < 3
    callback.will_verify(None)
    stage.room.start()
    stage.until(lambda: callback.leases, "another try")
    stage.settled(callback)
    assert len(set(callback.challenges)) == 2
    stage.delivered(callback, stage.news())


def test_a_press_db_that_is_made_anew_keeps_its_subscribers(make_stage):
    """Its numbers are others, the addresses are not."""
    stage = make_stage()
    for name in ("Ash", "Birch", "Cedar"):
        stage.room.write(f"{name}.txt", part(1, name, series=f"{name} trees"))
    cedar = "feeds/series/cedar-trees.atom"
    stage.room.arrived("Cedar", "/" + cedar)
    callback = stage.subscribe(path=cedar)
    stage.room.stop()
    before = stage.rows("SELECT feed_id FROM hub_topic")
    for file in stage.room.state.glob("press.db*"):
        file.unlink()
    for name in ("Ash", "Birch"):
        (stage.room.content / f"{name}.txt").unlink()
    stage.room.start()
    stage.until(lambda: stage.rows("SELECT feed_id FROM hub_topic") != before,
                "its new number")
    stage.room.ctl("adopt")
    stage.room.write("2.txt", part(2, "Cone", series="Cedar trees"))
    stage.delivered(callback, "Cone")
    assert not callback.denials
