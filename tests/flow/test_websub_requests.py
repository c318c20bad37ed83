"""WebSub's hub, what it is asked: rows H1 to H9 of the checklist, and rows 1
to 6 and 20 of the list that hubs were compared by.

Sections 5.1, 5.1.1 and 5.1.2 of the Recommendation; what has no number there
(limits, schemes, ports) is our own policy.
"""
import concurrent.futures
import hashlib
import time
import urllib.parse

import pytest

from articles import article, part
from peer import answer, hang
from subscriber import FORM
from websub import ALL, SECRET

TOWN = "feeds/topics/town.atom"
CHANNELS = {
    "channels": [
        {"all": True},
        {"topic": "town", "match": {"body": "rained"}},
        {"topic": "wire", "access": "partners", "match": {"title": "bridge"}}],
    "partners": [{"name": "Daily Star", "channels": ["topics/wire"],
                  "tokens": [hashlib.sha256(b"x" * 32).hexdigest()]}]}


@pytest.fixture(scope="module")
def the_stage(make_stage):
    """With a topic that is for partners alone, and enough for an archive."""
    stage = make_stage()
    stage.configure(CHANNELS)
    for n in range(120):
        stage.room.write(f"old/{n}.txt", article(f"Of old {n}"))
    stage.room.write("w.txt", part(1, "Wonder"))
    stage.room.write("b.txt", article("A bridge"))
    stage.room.restart()
    return stage


def form(stage, callback, *without, **changed):
    """A request that is fine, with changes; names with _ for "."."""
    pairs = {"hub.callback": callback.url, "hub.mode": "subscribe",
             "hub.topic": stage.topic()}
    pairs.update({n.replace("_", ".", 1): v for n, v in changed.items()})
    return [(n, v) for n, v in pairs.items() if n not in without]


def send(stage, *args, **changed):
    callback = stage.callback()
    return callback.peer.send(stage.hub, form(stage, callback, *args,
                                              **changed))


def is_refused(reply, *statuses):
    """An error, with its reason as plain text (5.1.2)."""
    assert reply.status in (statuses or range(400, 500)), reply
    assert reply.fields["content-type"][0].startswith("text/plain")
    assert len(reply.text.strip()) > 10, reply
    return True


# ---- H1 to H4: the form ----

@pytest.mark.parametrize("secret", [None, SECRET])
def test_H1_a_form_is_accepted(stage, secret):
    callback = stage.subscribe(secret=secret)
    stage.delivered(callback, stage.news())
    assert callback.deliveries[0].genuine is (True if secret else None)


@pytest.mark.parametrize("name", ["hub.callback", "hub.topic", "hub.mode"])
def test_row_1_2_what_is_missing_is_refused(stage, name):
    reply = send(stage, name)
    assert is_refused(reply, 400)
    assert name in reply.text


@pytest.mark.parametrize("name", ["hub_callback", "hub_topic", "hub_mode"])
def test_row_1_2_what_is_empty_is_refused(stage, name):
    assert is_refused(send(stage, **{name: ""}), 400)


def test_H1_a_mode_that_there_is_not(stage):
    assert is_refused(send(stage, hub_mode="Subscribe"), 400)
    assert is_refused(send(stage, hub_mode="denied"), 400)


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data",
                                  "text/plain"])
def test_H1_another_content_type_is_415(stage, kind):
    callback = stage.callback()
    body = urllib.parse.urlencode(form(stage, callback))
    reply = callback.peer.send(stage.hub, body, kind)
    assert reply.status == 415


def test_H1_a_charset_does_no_harm(stage):
    callback = stage.callback()
    body = urllib.parse.urlencode(form(stage, callback))
    for kind in (f"{FORM}; charset=utf-8", FORM.title()):
        assert callback.peer.send(stage.hub, body, kind).status == 202


def test_H1_a_body_beyond_8_KiB_is_refused(stage):
    callback = stage.callback()
    pairs = form(stage, callback)
    fits = 8192 - len(urllib.parse.urlencode(pairs)) - len("&x=")
    assert callback.peer.send(stage.hub, [*pairs, ("x", "x" * fits)]
                              ).status == 202
    assert callback.peer.send(stage.hub, [*pairs, ("x", "x" * (fits + 1))]
                              ).status == 413


@pytest.mark.parametrize("body", [
    b"", b"&&&", b"=", b"%", b"hub.mode", b"\0", b"hub.mode=%00",
    b"hub.mode=subscribe&hub.topic=%ff&hub.callback=%",
    b"hub.mode=subscribe&hub.mode=unsubscribe"])
def test_H1_what_is_no_form_is_refused(stage, body):
    assert is_refused(stage.subscriber().send(stage.hub, body), 400)


def test_H2_what_it_does_not_know_is_ignored(stage):
    callback = stage.callback()
    stage.subscribe(callback, hub_future="x", Mode="unsubscribe",
                    **{"hub_verify.x": "1", "foo": "\u4f60\u597d"})
    assert callback.leases


def test_H2_words_of_older_times(stage):
    """0.3: hub.verify says sync and async, and verify_token comes back."""
    callback = stage.callback()
    stage.subscribe(callback, hub_verify="sync", hub_verify_token="a b&c=d")
    said = callback.verifications[0][1]
    assert said["hub.verify_token"] == "a b&c=d"


def test_H3_a_lease_is_nothing_to_unsubscribe(stage):
    callback = stage.subscribe()
    stage.unsubscribe(callback, lease="for ever")
    assert not callback.leases


@pytest.mark.parametrize("lease", ["ten", "-5", "1e3", "99999999999999999999",
                                   " ", "0x10", "3600.5"])
def test_H3_a_lease_that_is_no_number(stage, lease):
    """It may be respected (5.1); nonsense is refused or has no effect, and
    never makes a lease that is not one."""
    callback = stage.callback()
    reply = stage.ask("subscribe", callback, lease=lease)
    if reply.status != 202:
        assert is_refused(reply, 400)
        return
    stage.until(lambda: callback.leases, "a verification")
    assert 3600 <= callback.leases[stage.topic()].seconds <= 30 * 86400


def test_row_4_H4_a_secret_of_200_bytes_is_refused(stage):
    assert is_refused(send(stage, hub_secret="x" * 200), 400)
    # Bytes, not characters.
    assert is_refused(send(stage, hub_secret="\u4f60" * 67), 400)


def test_row_5_H4_a_secret_of_199_bytes_works(stage):
    for secret in ("s" * 199, "\u4f60" * 66 + "x", "&=+% \"'\u00e9"):
        callback = stage.subscribe(secret=secret)
        stage.delivered(callback, stage.news())
        assert callback.deliveries[0].genuine is True


def test_H4_secrets_travel_over_https_unless_it_is_allowed(make_stage):
    stage = make_stage(**{"plain-secrets": False})
    assert is_refused(send(stage, hub_secret="s"), 400, 403)
    assert send(stage).status == 202


# ---- callbacks ----

@pytest.mark.parametrize("url", [
    "ftp://127.0.0.1:{port}/x", "file:///etc/passwd", "gopher://127.0.0.1/",
    "//127.0.0.1/x", "/x", "x", "127.0.0.1:{port}/x", "http:/x", "http://",
    "http:///x", "javascript:alert(1)", "mailto:a@b.c"])
def test_row_3_callbacks_are_http_or_https(stage, url):
    port = stage.subscriber().port
    assert is_refused(send(stage, hub_callback=url.format(port=port)))


@pytest.mark.parametrize("url", [
    "http://user@127.0.0.1:{port}/x", "http://a:b@127.0.0.1:{port}/x",
    "http://127.0.0.1:{port}/x#part", "http://127.0.0.1:22/x",
    "http://127.0.0.1:0/x", "http://127.0.0.1:65536/x",
    "http://127.0.0.1:{port}/a b", "http://127.0.0.1:{port}/\\x",
    "http://127.0.0.1:{port}/x\r\nX-Evil:1", "http://127.0.0.1:{port}/\0",
    "http://127.0.0.1:{port}/\u4f60", "http://127.0.0.1:-1/",
    "http://127.0.0.1:{port}/" + "x" * 2048])
def test_row_3_no_decent_callback_looks_like_this(stage, url):
    port = stage.subscriber().port
    assert is_refused(send(stage, hub_callback=url.format(port=port)))


def test_row_3_ports_are_those_of_the_configuration(make_stage):
    stage = make_stage()
    stage.configure(ports=[str(stage.subscriber("127.0.0.2").port)])
    stage.room.restart()
    assert stage.subscribe(stage.callback(host="127.0.0.2")).leases
    assert is_refused(send(stage))


# ---- H6, H7: addresses ----

def test_H6_what_needs_no_percent_is_decoded(stage):
    """Two spellings of one address are one subscription."""
    callback = stage.callback()
    plain = callback.url
    stage.subscribe(callback)
    spelled = stage.topic("feeds/%61ll%2Eatom")
    callback.url = plain.replace("callback", "c%61llback")
    reply = callback.peer.ask("unsubscribe", callback, spelled, stage.hub)
    assert reply.status == 202
    stage.until(lambda: len(callback.verifications) == 2, "a verification")
    # "The topic URL given in the corresponding subscription request" (5.3).
    assert callback.verifications[1][1]["hub.topic"] == spelled
    stage.settled(callback)
    stage.both(stage.subscribe())
    assert not callback.deliveries


@pytest.mark.parametrize("query", [
    "?a=1&b=2", "?", "?a", "?hub.topic=mine&hub.mode=mine&hub.challenge=mine",
    "?x=%26%3D%2B&y=+", "?a=1&a=2&a=3", "?a=1;b=2", "?%E4%BD%A0=%7e",
    "?hub.lease_seconds=1&"])
def test_row_6_H7_the_query_is_kept(stage, query):
    """New arguments go behind it; its own are never overwritten."""
    callback = stage.subscribe(stage.callback(query))
    asked = callback.got[0].target.partition("?")[2]
    kept, _, added = asked.rpartition("hub.mode=subscribe")
    own = query[1:]
    same = own.replace("%7e", "~")
    assert kept.rstrip("&") in (own.rstrip("&"), same.rstrip("&"))
    assert kept == "" or kept.endswith("&")
    assert "hub.challenge=" in added and "hub.topic=" in added
    assert callback.leases


# ---- H8: the reply ----

def test_H8_accepted_is_202_and_says_nothing_of_the_verification(stage):
    """Who hangs, who refuses, who is dead, who agrees: all the same."""
    replies = []
    for act in (None, hang, answer(404), answer(500)):
        callback = stage.callback(host="127.0.0.3").will_verify(act)
        replies.append(stage.ask("subscribe", callback))
    dead = stage.callback()
    replies.append(dead.peer.send(stage.hub, form(
        stage, dead, hub_callback="http://127.0.0.4:9999/x")))
    assert {(r.status, r.text) for r in replies} == {(202, replies[0].text)}
    assert max(r.seconds for r in replies) < 2


def test_H8_verification_comes_soon(stage):
    callback = stage.callback()
    since = time.monotonic()
    stage.subscribe(callback)
    assert callback.got[0].at - since < 1


def test_H8_what_was_accepted_survives_a_kill(stage):
    """202 is a promise."""
    callbacks = [stage.callback() for _ in range(20)]
    for callback in callbacks:
        assert stage.ask("subscribe", callback).status == 202
    stage.room.kill()
    stage.room.start()
    stage.until(lambda: all(c.leases for c in callbacks), "verifications")
    for callback in callbacks:
        stage.settled(callback)
    title = stage.news()
    for callback in callbacks:
        stage.delivered(callback, title)


# ---- H9: topics ----

@pytest.mark.parametrize("topic", [
    "http://example.org/feed", "feeds/none.atom", "feeds/topics/none.atom",
    "feeds/all.html", "", "articles/w", "feeds/topics/wire.atom",
    "feeds/archive/all/1.atom", "feeds/all.atom?x=1", "feeds/all.atom#x",
    "feeds//all.atom", "feeds/../feeds/all.atom", "feeds/all.atom/",
    "feeds/all.atom.gz", "feeds/index.opml", "FEEDS/ALL.ATOM", "hub"])
def test_H9_only_advertised_topics(stage, topic):
    """Nobody subscribes to pages, archives, what is private or another's."""
    url = topic if topic.startswith("http") else stage.topic(topic)
    callback = stage.callback()
    reply = send(stage, hub_topic=url, hub_callback=callback.url)
    if reply.status == 202:
        # A hub may also say so afterwards (5.2).
        stage.until(lambda: callback.denials, "a denial")
        assert not callback.verifications
    else:
        assert is_refused(reply, 400, 403, 404)


def test_H9_what_is_private_cannot_be_told_from_nothing(stage):
    private, nothing = (send(stage, hub_topic=stage.topic(path)) for path in
                        ("feeds/topics/wire.atom", "feeds/topics/none.atom"))
    assert private.status == nothing.status
    assert private.text.replace("wire", "none") == nothing.text


def test_H9_every_format_of_every_public_feed_is_a_topic(stage):
    callback = stage.callback()
    for name in ("feeds/all", "feeds/series/small-wonders",
                 TOWN.removesuffix(".atom")):
        for ending in ("atom", "rss", "json"):
            stage.subscribe(callback, f"{name}.{ending}")
    assert len(callback.leases) == 9


# ---- row 20, and what is not asked by a form ----

def test_row_20_a_save_serves_all_topics_that_it_changes(stage):
    callback = stage.callback()
    for path in (ALL, TOWN):
        stage.subscribe(callback, path)
    stage.news()
    stage.until(lambda: {t for d in callback.deliveries for t in d.topics} ==
                {stage.topic(ALL), stage.topic(TOWN)}, "both topics")


def test_row_20_a_ping_at_our_own_hub_does_no_harm(stage):
    """It knows its topics: 204 as in 0.3, section 7.1, or a reason why not;
    and nothing is sent that has not changed."""
    callback = stage.subscribe()
    witness = stage.subscribe()
    reply = callback.peer.send(stage.hub, [
        ("hub.mode", "publish"), ("hub.url", stage.topic(ALL)),
        ("hub.url", stage.topic(TOWN))])
    assert reply.status in (202, 204) or is_refused(reply)
    before = len(callback.deliveries)
    title = stage.both(witness, callback)
    assert callback.count(title) >= 1
    assert title.encode() in callback.deliveries[before].body


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_other_methods_are_405(stage, method):
    reply = stage.room.request("/hub", method)
    assert reply.status == 405
    assert "POST" in reply.headers["allow"]


def test_without_a_hub_there_is_none(empty):
    empty.start()
    assert empty.request("/hub", "POST", Content_Type=FORM).status in (404,
                                                                       405)


# ---- limits ----

def test_the_burst_of_1000_is_kept(make_stage):
    """At once, with the limits raised: all are verified, all get the news."""
    stage = make_stage()
    callbacks = [stage.callback() for _ in range(1000)]
    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        replies = list(pool.map(lambda c: stage.ask("subscribe", c),
                                callbacks))
    assert {r.status for r in replies} == {202}
    stage.until(lambda: all(c.leases for c in callbacks), "verifications", 60)
    stage.until(lambda: stage.rows("SELECT count(*) FROM hub_pending") ==
                [(0,)], "all is settled")
    title = stage.news()
    stage.until(lambda: all(c.has(title) for c in callbacks), "news", 60)


def test_the_defaults_refuse_a_burst_with_429(make_stage):
    stage = make_stage()
    stage.room.configure(hub={"serve": True, "allow": ["127.0.0.0/8"]})
    stage.room.restart()
    replies = [send(stage) for _ in range(70)]
    taken = [r.status for r in replies].count(202)
    assert taken == 60
    for reply in replies[taken:]:
        assert is_refused(reply, 429)
        assert int(reply.fields["retry-after"][0]) > 0


def test_verifications_at_one_host_are_not_many(make_stage):
    """A hub is a way to make somebody else send requests: not ours."""
    stage = make_stage(**{"verify-per-host": 5})
    callbacks = [stage.callback() for _ in range(20)]
    for callback in callbacks:
        assert stage.ask("subscribe", callback).status in (202, 429)
    witness = stage.callback(host="127.0.0.5")
    stage.subscribe(witness)
    assert sum(len(c.verifications) for c in callbacks) <= 5
