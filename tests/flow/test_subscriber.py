"""The subscriber and the recorder judge others, so they are judged first."""
import base64
import concurrent.futures
import hashlib
import hmac
import json
import socket
import time
import urllib.parse

import pytest

from peer import (after, answer, bomb, drip, endless, garbage, hang, redirect,
                  reset)
from recorder import Recorder, new_secret, secret_bytes
from subscriber import (Subscriber, discover, embedded_links, fetch,
                        is_genuine, links_of_field)

TOPIC = "http://127.0.0.1/feed"
ATOM = b'''<feed xmlns="http://www.w3.org/2005/Atom">
<link rel="self" href="http://a/s"/><link rel="hub" href="http://a/h"/>
<entry><link rel="hub" href="http://evil/"/></entry></feed>'''
RSS = b'''<rss xmlns:a="http://www.w3.org/2005/Atom"><channel>
<link>http://a/</link><a:link rel="self" href="http://a/s"/>
<a:link rel="hub" href="http://a/h"/></channel></rss>'''
HTML = b'''<html><head><link rel="hub" href="http://a/h">
<link rel="self" href="http://a/s"></head>
<body><link rel="hub" href="http://evil/"></body></html>'''


@pytest.fixture
def subscriber():
    with Subscriber() as peer:
        yield peer


@pytest.mark.parametrize("field, links", [
    ('<a>; rel="hub"', [("hub", "a")]),
    ('<a>; rel=hub, <b>; rel="self"', [("hub", "a"), ("self", "b")]),
    ('<a,b>; title="x, <c>; rel=hub" ; rel="HUB self"',
     [("hub", "a,b"), ("self", "a,b")]),
    ('<a>; rel=hub; rel=self', [("hub", "a")]),
    ("", [])])
def test_link_fields(field, links):
    assert list(links_of_field(field)) == links


@pytest.mark.parametrize("kind, body", [
    ("application/atom+xml", ATOM), ("application/rss+xml", RSS),
    ("text/html", HTML)])
def test_embedded_links_stand_in_the_head_alone(kind, body):
    assert sorted(embedded_links(kind, body)) == [
        ("hub", "http://a/h"), ("self", "http://a/s")]


def test_link_fields_go_first(subscriber):
    place = subscriber.place("/topic")
    place.will(answer(200, ATOM, Content_Type="application/atom+xml"))
    assert discover(place.url) == ("http://a/s", ["http://a/h"], "document")
    place.will(answer(200, ATOM, Content_Type="application/atom+xml",
                      Link='<http://b/h>; rel=hub, <http://b/s>; rel=self'))
    assert discover(place.url) == ("http://b/s", ["http://b/h"], "field")
    moved = subscriber.place("/moved").will(redirect("/topic", 301))
    assert discover(moved.url).url == "http://b/s"


def verify(callback, **arguments):
    query = urllib.parse.urlencode(
        {n.replace("_", ".", 1): v for n, v in arguments.items()})
    mark = "&" if "?" in callback.url else "?"
    return fetch(f"{callback.url}{mark}{query}")


def test_only_what_was_asked_for_is_agreed_to(subscriber):
    hub = subscriber.place("/hub").will(answer(202))
    callback = subscriber.callback(query="?hub.topic=mine")
    said = {"hub_mode": "subscribe", "hub_topic": TOPIC,
            "hub_challenge": "xyz", "hub_lease_seconds": 10}
    assert verify(callback, **said)[0] == 404
    assert subscriber.ask("subscribe", callback, TOPIC, hub.url,
                          secret="s").status == 202
    assert dict(hub.got[0].form) == {
        "hub.callback": callback.url, "hub.mode": "subscribe",
        "hub.topic": TOPIC, "hub.secret": "s"}
    status, _, body = verify(callback, **said)
    assert (status, body) == (200, b"xyz")
    assert callback.leases[TOPIC][::2] == (10, b"s")
    assert verify(callback, **{**said, "hub_topic": TOPIC + "s"})[0] == 404
    assert verify(callback, **{**said, "hub_mode": "unsubscribe"})[0] == 404
    verify(callback, hub_mode="denied", hub_topic=TOPIC, hub_reason="no")
    assert callback.denials[0]["hub.reason"] == "no"


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_signatures(method):
    digest = hmac.new(b"key", b"body", getattr(hashlib, method)).hexdigest()
    assert is_genuine(b"key", f"{method}={digest}", b"body")
    assert is_genuine(b"key", f"{method}={digest.upper()}", b"body")
    for wrong in (None, "", digest, f"md5={digest}", f"{method}={digest[:-1]}",
                  f"{method}={digest[:-1]}x", f"{method}=\u00e4"):
        assert not is_genuine(b"key", wrong, b"body")
    assert not is_genuine(b"key", f"{method}={digest}", b"body ")
    assert not is_genuine(b"Key", f"{method}={digest}", b"body")


def test_what_is_signed_wrongly_is_ignored(subscriber):
    hub = subscriber.place("/hub").will(answer(202))
    callback = subscriber.callback()
    subscriber.ask("subscribe", callback, TOPIC, hub.url, secret="s")
    verify(callback, hub_mode="subscribe", hub_topic=TOPIC,
           hub_challenge="x", hub_lease_seconds=1)
    fields = {"Link": f'<{hub.url}>; rel="hub", <{TOPIC}>; rel="self"',
              "Content_Type": "application/atom+xml"}
    assert fetch(callback.url, "POST", b"news", **fields)[0] == 200
    good = hmac.new(b"s", b"news", "sha256").hexdigest()
    fetch(callback.url, "POST", b"news", X_Hub_Signature="sha256=" + good,
          **fields)
    assert [d.genuine for d in callback.deliveries] == [False, True]
    assert callback.bodies() == [b"news"]
    assert callback.deliveries[1].topics == [TOPIC]
    assert callback.deliveries[1].hubs == [hub.url]


# ---- misbehaviour ----

def raw(place, patience=1.2):
    """What comes back in some time; None: a reset."""
    peer = place.peer
    with socket.create_connection((peer.host, peer.port), 5) as s:
        s.settimeout(patience)
        s.sendall(f"GET {place.path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        said, end = b"", time.monotonic() + patience
        try:
            while time.monotonic() < end and (more := s.recv(65536)):
                said += more
        except TimeoutError:
            pass
        except ConnectionResetError:
            return None
        return said


@pytest.mark.parametrize("act, judge", [
    (hang, lambda said: said == b""),
    (reset, lambda said: said is None),
    (drip, lambda said: said.split(b"\r\n\r\n")[1] in (b".", b"..")),
    (endless, lambda said: len(said) > 1 << 20),
    (garbage, lambda said: said.startswith(b"220 ")),
    (bomb, lambda said: b"Content-Encoding: gzip" in said)])
def test_misbehaviour(subscriber, act, judge):
    assert judge(raw(subscriber.place("/x").will(act)))


def test_answers_follow_each_other(subscriber):
    place = subscriber.place("/x").will(answer(500), answer(410), answer(204))
    assert [fetch(place.url)[0] for _ in range(4)] == [500, 410, 204, 204]
    assert len(place.got) == 4


# ---- the recorder ----

def test_pings_of_both_times():
    with Recorder() as recorder:
        hub = recorder.hub()

        def ping(**form):
            body = urllib.parse.urlencode(
                {n.replace("_", "."): v for n, v in form.items()})
            return fetch(hub.url, "POST", body.encode(),
                         Content_Type="application/x-www-form-urlencoded")[0]
        assert ping(hub_mode="publish", hub_url="a", hub_topic="a") == 204
        assert hub.topics("0.3") == hub.topics("W3C") == ["a"]
        ping(hub_mode="publish", hub_url="b")
        with pytest.raises(AssertionError):
            hub.topics("W3C")
        with pytest.raises(AssertionError):
            fetch(hub.url, "POST", b"hub.mode=subscribe")
            hub.topics()


def test_webhooks_are_verified():
    secret, body = new_secret("a"), b'{"type":"ping"}'
    now = str(int(time.time()))
    with Recorder() as recorder:
        hook = recorder.webhook()
        for key in (secret, new_secret("b")):
            digest = hmac.new(secret_bytes(key),
                              b"msg_1." + now.encode() + b"." + body,
                              hashlib.sha256).digest()
            fetch(hook.url, "POST", body, webhook_id="msg_1",
                  webhook_timestamp=now, webhook_signature="v1a,xx v1," +
                  base64.b64encode(digest).decode())
        assert [e.is_signed_with(secret) for e in hook.events] == [True, False]
        assert hook.events[0].body == json.loads(body)
        assert len(hook.of("ping")) == 2
