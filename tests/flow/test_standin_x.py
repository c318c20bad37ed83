"""The stand-in of X, before anything is believed of what it sees.

twitter-api-v2, which has nothing to do with us, uses it unchanged: it signs,
posts, replies, uploads in segments, reads, deletes, and understands what is
refused.  Edits, uploads in one request and refreshing tokens of OAuth 2.0 are
not used by it here: they are as we read the documentation.
"""
import base64
import json
import subprocess
import time

import pytest

import newsroom
from peer import reset
from readers import MODULES, need_package
from standin_x import X, signature, weight

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGA"
    "WjR9awAAAABJRU5ErkJggg==")
BYTES = {"base64": base64.b64encode(PNG).decode()}
PICTURE = {"media_type": "image/png", "media_category": "tweet_image"}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """The client speaks nothing but TLS."""
    home = tmp_path_factory.mktemp("x")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
         "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", home / "key", "-out", home / "certificate"],
        check=True, capture_output=True)
    both = home / "both"
    both.write_bytes((home / "certificate").read_bytes() +
                     (home / "key").read_bytes())
    return both


@pytest.fixture
def x(certificate):
    with X(certificate=certificate) as server:
        server.certificate = certificate
        yield server


def client(x, *calls, keys=None):
    """What each call of the client gave."""
    need_package("twitter-api-v2")
    keys = keys or dict(zip(("appKey", "appSecret", "accessToken",
                             "accessSecret"), (*x.consumer, *x.token)))
    done = subprocess.run(
        ["node", newsroom.TESTS / "npm" / "x.mjs", MODULES, x.url],
        input=json.dumps({"keys": keys, "calls": calls}), text=True,
        capture_output=True, timeout=60,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin",
             "NODE_EXTRA_CA_CERTS": str(x.certificate)})
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def values(x, *calls, **rest):
    found = client(x, *calls, **rest)
    assert all("value" in f for f in found), found
    return [f["value"] for f in found]


def errors(x, *calls, **rest):
    return [f.get("error") for f in client(x, *calls, **rest)]


def test_signatures_and_weights_are_those_of_others():
    """Vectors that two libraries of npm and OpenSSL agree on."""
    fields = [("oauth_consumer_key", "ck"), ("oauth_token", "tk"),
              ("oauth_nonce", "nonce123"), ("oauth_timestamp", "1715673600"),
              ("oauth_version", "1.0"),
              ("oauth_signature_method", "HMAC-SHA1")]
    assert signature("POST", "https://api.x.com/2/tweets", fields, "cs&%",
                     "ts") == "xYRgMdZnLIIsrrFX1F0e4tx6nto="
    assert weight("Hi http://test.co") == 26
    assert weight("\u6865" * 160) == 320
    assert weight("\u2461") == 2
    assert weight("\U0001f468\u200d\U0001f469\u200d\U0001f467") == 2
    assert weight("\U0001f1e8\U0001f1f3") == 2


def test_a_client_from_npm_posts_reads_and_deletes(x):
    url = "https://news.example.org/articles/bridge"
    first, second, timeline, gone = values(
        x, ["tweet", f"A bridge opens {url}"],
        ["reply", "And it is red", "$1.data.id"],
        ["userTimeline", x.user["id"],
         {"max_results": 5, "tweet.fields": ["created_at", "entities"]}],
        ["deleteTweet", "$2.data.id"])
    assert first["data"]["text"].startswith("A bridge opens https://t.co/")
    assert [t["id"] for t in timeline["data"]] == [second["data"]["id"],
                                                   first["data"]["id"]]
    assert timeline["data"][1]["entities"]["urls"][0]["expanded_url"] == url
    assert gone["data"]["deleted"]
    assert [p.text for p in x.timeline] == [f"A bridge opens {url}"]
    assert x.posts[second["data"]["id"]].reply_to == first["data"]["id"]


def test_a_client_from_npm_uploads_pictures(x):
    values(x, ["uploadMedia", BYTES, PICTURE, 40],
           ["createMediaMetadata", "$1", {"alt_text": {"text": "A bridge"}}],
           ["tweet", {"text": "Seen", "media": {"media_ids": ["$1"]}}])
    media, = x.media.values()
    assert (media.content, media.alt) == (PNG, "A bridge")
    assert x.timeline[0].media == [media.id]


def test_a_client_from_npm_threads(x):
    thread, = values(x, ["tweetThread", ["One", "Two", "Three"]])
    ids = [t["data"]["id"] for t in thread]
    assert [p.reply_to for p in x.timeline] == [None, *ids[:2]]


def test_a_client_from_npm_understands_what_is_refused(x):
    x.limit("GET /2/users/{id}/tweets", 0, 60)
    said = errors(
        x, ["tweet", "Twice"], ["tweet", "Twice"],
        ["tweet", "\u6865" * 141], ["tweet", {"text": "a", "colour": "red"}],
        ["tweet", {"text": "a", "media": {"media_ids": ["1"]}}],
        ["reply", "a", "1"], ["deleteTweet", "1"],
        ["userTimeline", x.user["id"], {}])
    assert [e and e["code"] for e in said] == [
        None, 403, 403, 400, 400, 403, 404, 429]
    assert "duplicate content" in said[1]["data"]["detail"]
    assert said[4]["data"]["errors"][0]["parameters"] == {
        "media.media_ids": ["1"]}
    assert 0 < said[7]["reset"] - time.time() < 62


@pytest.mark.parametrize("name", ["appKey", "appSecret", "accessToken",
                                  "accessSecret"])
def test_a_wrong_key_is_refused(x, name):
    keys = dict(zip(("appKey", "appSecret", "accessToken", "accessSecret"),
                    (*x.consumer, *x.token)))
    said, = errors(x, ["me"], keys={**keys, name: "other"})
    assert said["code"] == 401


def test_a_client_from_npm_comes_with_a_bearer(x):
    x.bearers = {"good"}
    assert values(x, ["me"], keys="good")[0]["data"] == x.user
    assert errors(x, ["me"], keys="bad")[0]["code"] == 401


def test_it_fails_as_it_is_told_to(x):
    x.fails("POST /2/tweets", reset)
    x.fails("POST /2/tweets", reset, applied=True)
    said = errors(x, ["tweet", "One"], ["tweet", "Two"], ["tweet", "Three"])
    assert [bool(e) for e in said] == [True, True, False]
    assert [p.text for p in x.timeline] == ["Two", "Three"]
