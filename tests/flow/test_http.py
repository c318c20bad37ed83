"""HTTP, as curl and caches see it.  The whole table of behaviours is a later
part; here is what every reader relies on."""
import gzip
import re
import shutil
import socket
import subprocess
import time
from email.utils import formatdate, parsedate_to_datetime

import pytest

import newsroom
from articles import article, part

FEED = "/feeds/series/small-wonders.atom"
STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) ")


@pytest.fixture(scope="module")
def room():
    room = newsroom.Newsroom()
    room.configure(
        hub={"publish": ["https://hub.example.org/"]},
        serve={"listen": [f"127.0.0.1:{room.port}",
                          f"unix:{room.home}/http.sock"],
               "header-timeout": "2s", "idle-timeout": "2s",
               "send-timeout": "5s"})
    for n in range(1, 6):
        room.write(f"{n}.txt", part(n, f"Wonder {n}"), age=3600)
    room.start()
    room.arrived("Wonder 5", FEED)
    yield room
    room.close()


def curl(*arguments):
    if not shutil.which("curl"):
        pytest.skip("curl is not installed")
    return subprocess.run(["curl", "-sS", "--max-time", "10", *arguments],
                          capture_output=True, check=True).stdout


# ---- the whole document ----

def test_get(room):
    answer = room.get(FEED)
    assert answer.status == 200
    h = answer.headers
    assert h["content-type"] == "application/atom+xml; charset=utf-8"
    assert int(h["content-length"]) == len(answer.raw)
    assert h["etag"].startswith('"') and h["etag"].endswith('"')
    assert "accept-encoding" in h["vary"].lower()
    assert h["x-content-type-options"] == "nosniff"
    assert "max-age=" in h["cache-control"]
    assert 'rel="hub"' in h["link"] and 'rel="self"' in h["link"]
    assert h["access-control-allow-origin"] == "*"
    assert parsedate_to_datetime(h["last-modified"]) <= \
        parsedate_to_datetime(h["date"])


def test_head_is_get_without_the_body(room):
    get, head = room.get(FEED), room.request(FEED, "HEAD")
    assert head.status == 200 and head.raw == b""
    same = {k: v for k, v in get.headers.items() if k != "date"}
    assert {k: v for k, v in head.headers.items() if k != "date"} == same


def test_curl_reads_it(room):
    assert curl(room.url.rstrip("/") + FEED) == room.get(FEED).body
    assert curl("--compressed", room.url.rstrip("/") + FEED) == \
        room.get(FEED).body
    assert curl("--http1.0", room.url.rstrip("/") + FEED) == \
        room.get(FEED).body


def test_the_unix_socket_serves_the_same(room):
    got = curl("--unix-socket", str(room.home / "http.sock"),
               "http://localhost" + FEED)
    assert got == room.get(FEED).body


# ---- coding ----

def test_gzip_is_another_representation(room):
    plain, packed = room.get(FEED), room.get(FEED, Accept_Encoding="gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.raw) == plain.raw
    assert len(packed.raw) < len(plain.raw)
    assert packed.etag != plain.etag
    assert packed.etag == plain.etag[:-1] + '-gz"'


@pytest.mark.parametrize("accept, coding", [
    ("gzip", "gzip"), ("GZIP", "gzip"), ("x-gzip", "gzip"),
    ("br, gzip;q=0.5", "br"), ("*", "br"), ("deflate, gzip", "gzip"),
    ("identity", None), ("", None), ("gzip;q=0", None), ("br", "br"),
    ("*;q=0, identity", None), ("gzip;q=0, *", "br"),
    ("gzip;q=0.000", None)])
def test_the_coding_is_negotiated(room, accept, coding):
    # Brotli is made when the daemon has nothing else to do.
    room.until(lambda: room.get(FEED, Accept_Encoding="br").headers.get(
        "content-encoding") == "br", "brotli")
    answer = room.get(FEED, Accept_Encoding=accept)
    assert answer.status == 200
    assert answer.headers.get("content-encoding") == coding


@pytest.mark.parametrize("accept", ["text/html", "*/*;q=0.1", "image/png"])
def test_a_feed_is_served_whatever_is_accepted(room, accept):
    assert room.get(FEED, Accept=accept).status == 200


# ---- conditions ----

def not_modified(room, **headers):
    answer = room.get(FEED, **headers)
    assert answer.status == 304 and answer.raw == b""
    assert "etag" in answer.headers and "vary" in answer.headers
    assert "cache-control" in answer.headers
    return answer


def test_if_none_match(room):
    tag = room.get(FEED).etag
    for value in (tag, f"W/{tag}", f'"x", {tag}', f'"x",W/{tag}', "*"):
        assert not_modified(room, If_None_Match=value).etag == tag
    for value in ('"x"', tag.strip('"'), tag[:-2] + '"', ""):
        assert room.get(FEED, If_None_Match=value).status == 200


def test_the_variant_that_a_reader_has_is_recognised(room):
    packed = room.get(FEED, Accept_Encoding="gzip").etag
    assert not_modified(room, If_None_Match=packed,
                        Accept_Encoding="br, gzip").etag == packed
    assert room.get(FEED, If_None_Match=packed).status == 200


def test_if_modified_since(room):
    when = room.get(FEED).headers["last-modified"]
    stamp = parsedate_to_datetime(when).timestamp()
    not_modified(room, If_Modified_Since=when)
    not_modified(room, If_Modified_Since=formatdate(stamp + 60, usegmt=True))
    for value in (formatdate(stamp - 60, usegmt=True), "yesterday", ""):
        assert room.get(FEED, If_Modified_Since=value).status == 200


def test_if_none_match_wins_over_the_date(room):
    answer = room.get(FEED)
    when = answer.headers["last-modified"]
    assert room.get(FEED, If_None_Match='"x"',
                    If_Modified_Since=when).status == 200
    not_modified(room, If_None_Match=answer.etag,
                 If_Modified_Since=formatdate(0, usegmt=True))


def test_head_with_a_condition(room):
    tag = room.get(FEED).etag
    assert room.request(FEED, "HEAD", If_None_Match=tag).status == 304


def test_a_304_does_not_stall_a_connection(room):
    """Three in a row on one connection, as a polling reader does."""
    connection = newsroom.http.client.HTTPConnection("127.0.0.1", room.port,
                                                     timeout=5)
    tag = room.get(FEED).etag
    started = time.monotonic()
    for _ in range(3):
        connection.request("GET", FEED, headers={"If-None-Match": tag})
        answer = connection.getresponse()
        assert answer.status == 304 and answer.read() == b""
    connection.close()
    assert time.monotonic() - started < 2


def test_range_is_ignored(room):
    answer = room.get(FEED, Range="bytes=0-9")
    assert answer.status == 200 and answer.raw == room.get(FEED).raw


# ---- other methods and addresses ----

@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_only_reading_is_allowed(room, method):
    answer = room.request(FEED, method)
    assert answer.status == 405
    assert {"GET", "HEAD"} <= set(answer.headers["allow"].split(", "))


def test_an_unknown_method(room):
    assert room.request(FEED, "BREW").status == 501


@pytest.mark.parametrize("path", [
    "/nowhere", "/feeds/series/nothing.atom", "/feeds/", "/feeds/all.xml",
    "/articles/nothing", "/series/nothing/", "/topics/nothing/",
    "/feeds/../feeds/all.atom", "//feeds/all.atom", "/feeds%2fall.atom",
    "/%2e%2e/gazetted.yaml", "/../gazetted.yaml", "/feeds/all.atom%00",
    "/feeds/all.atom.gz", "/state/press.db", "/" + "x" * 2000])
def test_what_is_not_there(room, path):
    assert room.get(path).status == 404


def test_a_query_is_ignored(room):
    assert room.get(FEED + "?x=1").body == room.get(FEED).body


def test_a_missing_article_says_not_found_to_head(room):
    answer = room.request("/nowhere", "HEAD")
    assert answer.status == 404 and answer.raw == b""


def test_the_health_page(room):
    assert room.get("/healthz").status == 200


def test_no_version_is_given_away(room):
    assert not any(c.isdigit() for c in
                   room.get(FEED).headers.get("server", ""))


# ---- rough clients ----

def raw(room, request, patience=5):
    """Send bytes; everything that comes back until the server closes."""
    with socket.create_connection(("127.0.0.1", room.port), patience) as s:
        s.sendall(request)
        answer = b""
        while chunk := s.recv(65536):
            answer += chunk
        return answer


@pytest.mark.parametrize("request_text", [
    "GET {} HTTP/1.1\r\n\r\n",
    "GET {} HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "GET {} HTTP/1.1\r\nHost : a\r\n\r\n",
    "GET {} HTTP/1.1\r\nHost: a\r\nX: a\x01b\r\n\r\n",
    "GET {} x HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET {}?x y HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET {} HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
    "POST {} HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
    "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "POST {} HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
    "Content-Length: 6\r\n\r\nhello",
    "nonsense\r\n\r\n"])
def test_what_another_parser_could_read_differently(room, request_text):
    second = "GET /feeds/all.atom HTTP/1.1\r\nHost: a\r\n\r\n"
    answer = raw(room, (request_text.format(FEED) + second).encode("latin-1"))
    assert answer == b"" or answer.startswith(b"HTTP/1.1 400")
    assert b" 200 OK" not in answer
    assert len(STATUS.findall(answer)) <= 1, "the second was answered"


def test_a_silent_client_is_sent_away(room):
    started = time.monotonic()
    assert raw(room, b"", patience=10)[:12] in (b"", b"HTTP/1.1 408")
    assert time.monotonic() - started < 5


def test_a_slow_client_is_sent_away_and_harms_nobody(room):
    slow = []
    for _ in range(50):
        s = socket.create_connection(("127.0.0.1", room.port), 10)
        s.sendall(b"GET " + FEED.encode() + b" HTTP/1.1\r\nHost:")
        slow.append(s)
    started = time.monotonic()
    assert room.get(FEED).status == 200
    assert time.monotonic() - started < 2
    for s in slow:
        try:
            assert s.recv(100)[:12] in (b"", b"HTTP/1.1 408")
        except ConnectionResetError:
            pass
        s.close()
    assert time.monotonic() - started < 8


def test_pipelined_requests_are_answered_in_order(room):
    one = "GET {} HTTP/1.1\r\nHost: a\r\n"
    requests = (one.format(FEED) + "\r\n" + one.format("/nowhere") + "\r\n"
                + one.format("/healthz") + "Connection: close\r\n\r\n")
    answer = raw(room, requests.encode())
    assert STATUS.findall(answer) == [b"200", b"404", b"200"]


def test_an_absolute_target_is_the_same(room):
    answer = raw(room, (f"GET {room.url.rstrip('/')}{FEED} HTTP/1.1\r\n"
                        f"Host: 127.0.0.1:{room.port}\r\n"
                        "Connection: close\r\n\r\n").encode())
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(room.get(FEED).raw)


def test_a_reader_has_the_new_feed_at_once(room):
    """It is served first, and is in the tree a moment later."""
    for n in range(10):
        room.write("6.txt", part(6, "Wonder 6", body=f"Edition {n}."))
        room.until(lambda: f"Edition {n}.".encode() in room.get(FEED).body,
                   "the edition")
        room.until(lambda: room.tree()[FEED.lstrip("/")] ==
                   room.get(FEED).body, "the tree follows")
    room.write("7.txt", article("Alone"))
    room.arrived("Alone")
