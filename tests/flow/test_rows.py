"""The behaviour table, part 1: what is asked for, and what is given.

One test for each row, by its number; each runs against the daemon alone and
behind the nginx that is shipped.  What nginx answers in its own way (rows 9,
12, 13, 14, 27, 32, 38) stands in the test.
"""
import re
import shutil
import subprocess
import time
from email.utils import formatdate, parsedate_to_datetime

import pytest
import yaml

import feedcheck
from articles import article, part
from places import FEED, SETTLED, place_of, wonders
from wire import Wire, ask, is_strong, request

EXPOSED = "ETag, Last-Modified, Link, Retry-After"


@pytest.fixture(scope="module")
def room():
    with wonders() as room:
        yield room


@pytest.fixture(scope="module", params=["daemon", "nginx"])
def place(request, room):
    with place_of(request.param, room) as place:
        yield place


def unpacked(place, coding):
    """The feed as curl unpacks it."""
    if not shutil.which("curl"):
        pytest.skip("curl is not installed")
    return subprocess.run(
        ["curl", "-sS", "--compressed", "-H", f"Accept-Encoding: {coding}",
         f"http://127.0.0.1:{place.port}{FEED}"],
        capture_output=True, check=True).stdout


def not_modified(place, **fields):
    answer = place.get(**fields)
    assert answer.status == 304, fields
    assert answer.body == b""
    assert is_strong(answer.etag)
    assert "accept-encoding" in answer.all("vary").lower()
    assert "max-age=" in answer.get("cache-control")
    assert answer.get("date")
    assert answer.get("content-length") is None
    assert answer.get("transfer-encoding") is None
    return answer


def coding_of(place, accept):
    answer = place.get(Accept_Encoding=accept)
    assert answer.status == 200
    return answer.get("content-encoding")


def test_row_01_get(place):
    answer = place.get()
    assert answer.status == 200
    assert answer.get("content-type") == "application/atom+xml; charset=utf-8"
    assert int(answer.get("content-length")) == len(answer.body)
    assert is_strong(answer.etag)
    assert parsedate_to_datetime(answer.get("last-modified")) <= \
        parsedate_to_datetime(answer.get("date"))
    feedcheck.check(answer.body)


def test_row_02_head(place):
    get, head = place.get(), place.ask("HEAD")
    assert head.status == 200 and head.body == b""
    assert [f for f in head.fields if f[0] != "date"] == \
        [f for f in get.fields if f[0] != "date"]


def test_row_03_codings(place):
    for accept, coding in (("gzip", "gzip"), ("br", "br")):
        if place.nginx and coding == "br" and not place.nginx.brotli:
            continue
        answer = place.get(Accept_Encoding=accept)
        assert answer.get("content-encoding") == coding
        assert is_strong(answer.etag)
        assert "Accept-Encoding" in answer.all("vary")


def test_row_04_each_coding_is_another_representation(place):
    codings = ["identity", "gzip", "br"]
    if place.nginx and not place.nginx.brotli:
        codings.remove("br")
    plain = place.get()
    assert len({place.get(Accept_Encoding=c).etag
                for c in codings}) == len(codings)
    for coding in codings:
        assert unpacked(place, coding) == plain.body


def test_row_05_the_tag_gives_304(place):
    tag = place.get().etag
    assert not_modified(place, If_None_Match=tag).etag == tag


def test_row_06_weak_tags_lists_and_star(place):
    tag = place.get().etag
    for value in (f"W/{tag}", f'"x", {tag}', f'"x",W/{tag}', "*"):
        assert not_modified(place, If_None_Match=value).etag == tag


def test_row_07_the_tag_wins_over_the_date(place):
    when = place.get().get("last-modified")
    assert place.get(If_None_Match='"x"',
                     If_Modified_Since=when).status == 200


def test_row_08_dates(place):
    when = place.get().get("last-modified")
    stamp = parsedate_to_datetime(when).timestamp()
    not_modified(place, If_Modified_Since=when)
    not_modified(place, If_Modified_Since=formatdate(stamp + 60, usegmt=True))
    for value in (formatdate(stamp - 60, usegmt=True), "yesterday"):
        assert place.get(If_Modified_Since=value).status == 200


def test_row_09_the_variant_that_a_reader_has(place):
    packed = place.get(Accept_Encoding="gzip").etag
    answer = place.get(Accept_Encoding="br, gzip", If_None_Match=packed)
    if place.nginx and place.nginx.brotli:
        assert answer.status == 200
    else:
        assert answer.status == 304 and answer.etag == packed
    answer = place.get(If_None_Match=packed)
    assert answer.status == 200
    assert answer.get("content-encoding") is None


def test_row_10_head_with_the_tag(place):
    assert place.ask("HEAD",
                     If_None_Match=place.get().etag).status == 304


@pytest.mark.parametrize("accept", ["gzip;q=0", "*;q=0, identity", ""])
def test_row_11_identity(place, accept):
    assert coding_of(place, accept) is None


def test_row_12_weights(place):
    for accept, coding in (("gzip;q=0.5, br;q=0.9", "br"),
                           ("br;q=0.5, gzip", "gzip")):
        got = coding_of(place, accept)
        assert got == coding or place.nginx and got in ("gzip", "br")


def test_row_13_nothing_acceptable(place):
    answer = place.get(Accept_Encoding="identity;q=0")
    assert answer.status == (200 if place.nginx else 406)
    answer = place.get(Accept_Encoding="identity;q=0, *")
    assert answer.status == 200
    assert place.nginx or answer.get("content-encoding") in ("gzip", "br")


def test_row_14_other_names_of_gzip(place):
    assert coding_of(place, "GZIP") == "gzip"
    assert coding_of(place, "x-gzip") == (None if place.nginx else "gzip")


def test_row_15_never_406_for_a_type(place):
    for accept in ("text/html", "*/*;q=0.1", "image/png"):
        answer = place.get(Accept=accept)
        assert answer.status == 200
        assert answer.get("content-type").startswith("application/atom+xml")


# ---- deltas ----

def change(room, text):
    """Part 5 gets another text; its feed is there, and in the tree."""
    room.write("5.txt", part(5, "Wonder 5", body=text), age=SETTLED)
    room.until(lambda: text.encode() in room.get(FEED).body, text)
    room.until(lambda: room.tree()[FEED[1:]] == room.get(FEED).body,
               "the tree follows")
    # A delta leads from one version in the store to another.
    room.until(room.settled, "and the store")


def test_row_16_a_delta(place):
    old = place.get(Accept_Encoding="gzip")
    time.sleep(1.1)     # nginx's tag is made of seconds
    change(place.room, f"Only this is new, says {place.port}.")
    now = place.get(Accept_Encoding="gzip")
    answer = place.get(Accept_Encoding="gzip", If_None_Match=old.etag,
                       A_IM="feed")
    assert answer.status == 226
    assert answer.get("im") == "feed"
    assert answer.get("cache-control") == "no-store, im"
    assert "A-IM" in answer.all("vary")
    assert answer.get("delta-base")
    assert place.nginx or answer.get("delta-base") == old.etag
    assert place.nginx or answer.etag == now.etag
    assert len(answer.body) < len(now.body)
    document = feedcheck.check(answer.text)
    entries = document.findall("a:entry", feedcheck.NS)
    assert len(entries) == 1
    assert f"says {place.port}".encode() in answer.text
    # The tag that came with it is that of the whole, for the next time.
    assert place.get(Accept_Encoding="gzip", If_None_Match=answer.etag,
                     A_IM="feed").status == 304


def test_row_17_a_delta_needs_a_base(place):
    answer = place.get(A_IM="feed")
    assert answer.status == 200
    assert answer.body == place.get().body


def test_row_18_nothing_new_is_304(place):
    tag = place.get().etag
    assert place.get(A_IM="feed", If_None_Match=tag).status == 304


def test_row_19_a_base_that_nobody_knows(place):
    answer = place.get(A_IM="feed", If_None_Match='"unknown"')
    assert answer.status == 200
    assert answer.body == place.get().body


# ---- who may, and how ----

def test_row_20_preflight(place):
    answer = place.ask("OPTIONS", Origin="https://reader.example",
                       Access_Control_Request_Method="GET",
                       Access_Control_Request_Headers="if-none-match")
    assert answer.status == 204
    assert {"GET", "HEAD", "OPTIONS"} <= set(answer.get("allow").split(", "))
    assert answer.get("access-control-allow-methods") == "GET, HEAD"
    assert answer.get("access-control-allow-headers") == \
        "If-None-Match, If-Modified-Since, A-IM"
    assert answer.get("access-control-max-age") == "86400"


def every_kind(place):
    """An answer of each kind."""
    return [place.get(), place.ask("HEAD"),
            place.get(If_None_Match=place.get().etag),
            place.get("/feeds/series/nothing.atom"), place.ask("POST")]


def test_row_21_scripts_of_any_site_may_read(place):
    for answer in every_kind(place):
        assert answer.get("access-control-allow-origin") == "*", answer.line
        assert answer.get("access-control-expose-headers") == EXPOSED


def test_row_22_no_sniffing_and_no_version(place):
    for answer in every_kind(place):
        assert answer.get("x-content-type-options") == "nosniff", answer.line
        assert not re.search(r"\d", answer.all("server"))


def test_row_23_links_and_age(place):
    for answer in (place.get(), place.ask("HEAD")):
        links = answer.all("link")
        self_link = place.room.url.rstrip("/") + FEED
        assert f'<{self_link}>; rel="self"' in links
        assert place.nginx or \
            '<https://hub.example.org/>; rel="hub"' in links
        # Its articles are of yesterday, it was published just now.
        assert re.match(r"public, max-age=300\b",
                        answer.get("cache-control"))
        assert "stale-if-error=86400" in answer.get("cache-control")


def test_row_24_methods(place):
    for method in ("POST", "PUT", "DELETE"):
        answer = place.ask(method)
        assert answer.status == 405
        assert {"GET", "HEAD"} <= set(answer.get("allow").split(", "))
    assert place.ask("FOO").status == 501


def test_row_25_what_is_not_there_any_more(place):
    room = place.room
    assert place.get("/nowhere").status == 404
    assert place.get("/feeds/series/nothing.atom").status == 404
    name = f"gone-{place.port}"
    room.write(f"{name}.txt", article(name), age=SETTLED)
    room.until(lambda: place.get(f"/articles/{name}").status == 200, name)
    room.path(f"{name}.txt").unlink()
    room.until(lambda: place.get(f"/articles/{name}").status == 410, name)


def test_row_25_a_renamed_series(place):
    """What was a series of its own is now another's name."""
    old, new = (f"/feeds/series/{s}.atom" for s in ("old-tales", "tales"))
    with wonders() as room, place_of(place.kind, room) as there:
        room.write("t1.txt", part(1, "First", series="Tales"), age=SETTLED)
        room.arrived("First", new)
        room.write("t2.txt", part(2, "Next", series="Old tales"), age=SETTLED)
        room.arrived("Next", old)
        settings = yaml.safe_load(room.config.read_text())
        settings["channels"].append(
            {"series": "Tales", "aliases": ["Old tales"]})
        room.config.write_text(yaml.safe_dump(settings))
        room.ctl("reload")
        room.until(lambda: there.get(old).status == 301, "the new address")
        assert there.get(old).get("location").endswith(new)
        page = there.get("/series/old-tales/")
        assert page.status == 301
        assert page.get("location").endswith("/series/tales/")


def test_row_26_no_ranges(place):
    answer = place.get(Range="bytes=0-9")
    assert answer.status == 200
    assert answer.body == place.get().body
    assert answer.get("accept-ranges") is None


# ---- forms of requests ----

def test_row_31_an_absolute_target(place):
    answer = ask(place.port, f"http://127.0.0.1:{place.port}{FEED}")
    assert answer.status == 200
    assert answer.body == place.get().body


@pytest.mark.parametrize("target, nginx", [
    ("/feeds/all.atom%00", 400), ("/feeds/%2e%2e/feeds/all.atom", 200),
    ("//feeds/all.atom", 200), ("/f/../feeds/all.atom", 200),
    ("/../../../../etc/passwd", 400), ("/%2e%2e/%2e%2e/etc/passwd", 400),
    ("/feeds%2f..%2f..%2fetc%2fpasswd", 400)])
def test_row_32_strange_paths(place, target, nginx):
    answer = place.get(target)
    assert answer.status == (nginx if place.nginx else 404)
    assert b"root:" not in answer.body


def test_row_33_three_at_once(place):
    with Wire(place.port) as wire:
        wire.send(request(FEED) + request("/nowhere") + request("/healthz"))
        assert [wire.reply().status for _ in range(3)] == [200, 404, 200]


@pytest.mark.parametrize("text", [
    request(FEED, version="1.0"), request(FEED, Connection="close")])
def test_row_34_the_last_one(place, text):
    with Wire(place.port) as wire:
        wire.send(text)
        assert wire.reply().status == 200
        assert wire.is_closed()


def test_row_34_a_version_to_come(place):
    assert ask(place.port, FEED, version="3.7").status == 505


def test_row_43_nothing_for_operators(place):
    for path in ("/metrics", "/status", "/status.json", "/server-status"):
        assert place.get(path).status == 404


# ---- beside the table ----

@pytest.mark.parametrize("query", [
    "token=s3cret", "a=b&token=s3cret&c=d", "token=&token=s3cret",
    "token=s3cret?token=s3cret"])
def test_a_token_is_in_no_log(place, query):
    assert place.get(f"{FEED}?{query}").status == 200
    if place.nginx:
        place.room.until(
            lambda: f"{FEED}?" in place.nginx.log.read_text(), "the line")
        assert "token=***" in place.nginx.log.read_text()
        assert "s3cret" not in place.nginx.log.read_text()
    assert "s3cret" not in place.room.log()
