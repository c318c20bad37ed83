"""Private channels: who gets in, and what is nowhere else.

A channel with `access: partners` needs a token.  Nothing of its documents may
be where everybody looks: the public tree, the index, the log, a shared cache.
"""
import base64
import hashlib
import http.client
import json
import os
import re
import stat
import subprocess
import time

import pytest

import images
from articles import article, part
from front import Front

WIRE = "/feeds/topics/wire.atom"
TIDES = "/feeds/series/tide-tables.atom"
NOWHERE = "/feeds/topics/no-such-topic.atom"
TOKEN = "a-token-of-the-daily-star-that-is-long-enough"
NEXT = "the-next-token-of-the-daily-star-after-rotation"
OTHER = "a-token-of-the-evening-post-that-is-long-too"


def sha(token):
    return hashlib.sha256(token.encode()).hexdigest()


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def basic(user, password):
    text = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {"Authorization": f"Basic {text}"}


def star(*tokens, channels=("topics/wire",), **rest):
    return {"name": "Daily Star", "tokens": list(tokens or [sha(TOKEN)]),
            "channels": list(channels), **rest}


def post():
    return {"name": "Evening Post", "tokens": [sha(OTHER)],
            "channels": ["series/Tide tables"]}


CHANNELS = [
    {"all": True},
    {"topic": "wire", "title": "Wire service", "access": "partners",
     "match": {"title": "bridge"}},
    {"topic": "town", "match": {"body": "rained"}},
    {"series": "Tide tables", "access": "partners"},
]


def configure(room, *partners, channels=CHANNELS, **rest):
    room.configure(channels=channels, partners=list(partners) or
                   [star(), post()], hub={"publish": ["https://hub.example/"]},
                   **rest)


@pytest.fixture
def wire(empty):
    """A newsroom with a private topic and a private series."""
    configure(empty)
    empty.write("a.txt", article("A bridge opens"))
    empty.write("b.txt", article("A market closes"))
    empty.write("c.txt", part(1, "Ebb", series="Tide tables"))
    return empty.start()


def private_tree(room):
    root = room.state / "private"
    return {str(p.relative_to(root)): p for p in root.rglob("*")
            if p.is_file()}


# ---- who gets in ----

@pytest.mark.parametrize("path, headers", [
    (WIRE, bearer(TOKEN)),
    (WIRE, {"Authorization": f"bearer   {TOKEN}"}),
    (WIRE, basic("daily-star", TOKEN)),
    (WIRE, basic(TOKEN, "")),
    (f"{WIRE}?token={TOKEN}", {}),
    (f"{WIRE}?x=1&token={TOKEN.replace('-', '%2D')}", {}),
])
def test_a_partner_gets_in(wire, path, headers):
    answer = wire.get(path, **headers)
    assert answer.status == 200
    assert b"A bridge opens" in answer.body
    assert "private" in answer.headers["cache-control"]
    assert "public" not in answer.headers["cache-control"]
    assert "Authorization" in answer.headers["vary"]


@pytest.mark.parametrize("path, headers", [
    (WIRE, {}),
    (WIRE, bearer("wrong")),
    (WIRE, bearer("")),
    (WIRE, bearer(TOKEN + "x")),
    (WIRE, bearer(sha(TOKEN))),
    (WIRE, bearer("x" * 3000)),
    (WIRE, basic("daily-star", "wrong")),
    (WIRE, {"Authorization": "Basic !!!"}),
    (WIRE, {"Authorization": f"Digest {TOKEN}"}),
    (f"{WIRE}?token=", {}),
    (f"{WIRE}?token=%00", {}),
    (f"{WIRE}?tokens={TOKEN}", {}),
    ("/feeds/topics/wire/changes.json", {}),
    ("/feeds/topics/%77ire.atom", {}),
    (TIDES, {}),
])
def test_nobody_else_does_and_learns_nothing(wire, path, headers):
    answer = wire.get(path, **headers)
    nothing = wire.get(NOWHERE, **headers)
    assert answer.status == nothing.status == 401
    assert answer.raw == nothing.raw
    assert answer.headers.keys() == nothing.headers.keys()
    assert answer.headers["www-authenticate"].startswith("Basic")
    assert "Bearer" in answer.headers["www-authenticate"]
    assert b"bridge" not in answer.body and b"Wire" not in answer.body


def test_a_partner_learns_nothing_of_other_channels(wire):
    for path in (TIDES, NOWHERE, "/feeds/series/tide-tables/changes.json"):
        answer = wire.get(path, **bearer(TOKEN))
        assert answer.status == 404
        assert answer.raw == wire.get(NOWHERE, **bearer(TOKEN)).raw
    assert wire.get(TIDES, **bearer(OTHER)).status == 200
    assert wire.get(WIRE, **bearer(OTHER)).status == 404


def test_a_head_and_a_304_need_the_token_too(wire):
    etag = wire.get(WIRE, **bearer(TOKEN)).etag
    assert wire.get(WIRE, If_None_Match=etag).status == 401
    assert wire.get(WIRE, If_None_Match="*").status == 401
    assert wire.request(WIRE, "HEAD").status == 401
    same = wire.get(WIRE, If_None_Match=etag, **bearer(TOKEN))
    assert same.status == 304
    assert "private" in same.headers["cache-control"]
    assert "Authorization" in same.headers["vary"]


def test_public_channels_need_none(wire):
    for headers in ({}, bearer("wrong"), bearer(TOKEN)):
        answer = wire.get("/feeds/all.atom", **headers)
        assert answer.status == 200
        assert answer.headers["cache-control"].startswith("public")
        assert "Authorization" not in answer.headers.get("vary", "")


def test_without_a_private_channel_nothing_asks_for_a_token(room):
    assert room.get(NOWHERE).status == 404


def test_curl_gets_in(wire):
    def curl(*args):
        done = subprocess.run(["curl", "-s", "-o", os.devnull, "-w",
                               "%{http_code}", *args], capture_output=True,
                              text=True, timeout=20)
        return done.stdout
    url = wire.url + WIRE[1:]
    assert curl(url) == "401"
    assert curl("-u", f"star:{TOKEN}", url) == "200"
    assert curl("--anyauth", "-u", f"star:{TOKEN}", url) == "200"
    assert curl("-H", f"Authorization: Bearer {TOKEN}", url) == "200"
    assert curl(f"{url}?token={TOKEN}") == "200"
    assert curl("-u", "star:wrong", url) == "401"


# ---- rotation, revocation, counting ----

def statuses(room, *tokens):
    return [room.get(WIRE, **bearer(t)).status for t in tokens]


def test_tokens_rotate_with_an_overlap(wire):
    assert statuses(wire, TOKEN, NEXT) == [200, 401]
    soon = time.time() + 3
    until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(soon))
    configure(wire, star({"sha256": sha(TOKEN), "until": until}, sha(NEXT)))
    wire.ctl("reload")
    if time.time() < soon - 1:
        assert statuses(wire, TOKEN, NEXT) == [200, 200]
    wire.until(lambda: statuses(wire, TOKEN) == [401], "the old one ends")
    assert statuses(wire, NEXT) == [200]
    configure(wire, star(sha(NEXT)))
    wire.ctl("reload")
    assert statuses(wire, TOKEN, NEXT) == [401, 200]


def test_one_partner_is_revoked_and_the_other_stays(wire):
    configure(wire, star(revoked=True), post())
    wire.ctl("reload")
    assert statuses(wire, TOKEN) == [401]
    assert wire.get(TIDES, **bearer(OTHER)).status == 200


def test_partners_are_counted_across_restarts(wire):
    assert statuses(wire, TOKEN, TOKEN, "wrong", OTHER) == [
        200, 200, 401, 404]
    def counted():
        answer = json.loads(wire.ctl("--json", "partners").stdout)
        return {p["name"]: p for p in answer["partners"]}
    before = counted()
    assert before["Daily Star"]["requests"] == 2
    assert before["Daily Star"]["last_seen"] > time.time() - 60
    assert before["Daily Star"]["channels"] == ["topics/wire"]
    assert before["Evening Post"]["requests"] == 1
    wire.restart()
    assert statuses(wire, TOKEN) == [200]
    after = counted()
    assert after["Daily Star"]["requests"] == 3
    assert after["Evening Post"]["requests"] == 1
    configure(wire, star(revoked=True))
    wire.ctl("reload")
    shown = wire.ctl("partners").stdout
    assert re.search(r"Daily Star +revoked +0 +3 ", shown), shown


def test_gazettectl_makes_tokens(wire):
    made = json.loads(wire.ctl("--json", "token").stdout)
    assert sha(made["token"]) == made["sha256"]
    assert len(made["token"]) == 43
    configure(wire, star(made["sha256"]))
    wire.ctl("reload")
    assert statuses(wire, made["token"], TOKEN) == [200, 401]
    assert made["token"] not in wire.ctl("token").stdout


# ---- nowhere else ----

def test_the_public_tree_and_pages_have_nothing_of_it(wire):
    assert set(private_tree(wire)) >= {"feeds/topics/wire.atom",
                                       "feeds/series/tide-tables.atom"}
    for name, body in wire.tree().items():
        assert "wire" not in name and "tide" not in name
        assert b"wire" not in body and b"Wire service" not in body
        assert b"tide-tables" not in body
    for page in ("/", "/topics/town/", "/articles/a", "/articles/c"):
        answer = wire.get(page)
        assert answer.status == 200
        assert b"wire" not in answer.body and b"Wire" not in answer.body
        assert b"tide-tables" not in answer.body
    for page in ("/topics/wire/", "/series/tide-tables/"):
        assert wire.get(page).status == 404
        assert wire.get(page, **bearer(TOKEN)).status == 404


def test_private_files_are_not_for_others(wire):
    root = wire.state / "private"
    assert stat.S_IMODE(root.stat().st_mode) == 0o750
    for path in root.rglob("*"):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o750 if path.is_dir() else 0o640), path


def test_a_private_directory_of_ones_own(empty):
    own = empty.home / "partners"
    own.mkdir(mode=0o755)
    configure(empty, private={"dir": str(own)})
    empty.write("a.txt", article("A bridge opens"))
    empty.start()
    assert (own / "feeds/topics/wire.atom").exists()
    assert stat.S_IMODE(own.stat().st_mode) == 0o750
    assert not (empty.state / "private").exists()


def test_no_hub_hears_of_it(wire):
    answer = wire.get(WIRE, **bearer(TOKEN))
    assert b"hub.example" not in answer.body
    assert "hub" not in answer.headers["link"]
    assert "hub.example" in wire.get("/feeds/all.atom").headers["link"]
    private = [i for (i,) in wire.rows(
        "SELECT id FROM feed WHERE slug IN ('wire', 'tide-tables')")]
    wire.write("d.txt", article("A second bridge"))
    wire.until(lambda: b"second" in wire.get(WIRE, **bearer(TOKEN)).body)
    wire.until(lambda: wire.rows(
        "SELECT 1 FROM announce WHERE kind = 'feed'"))
    assert not wire.rows("SELECT 1 FROM announce WHERE kind = 'feed' AND "
                         f"feed_id IN ({', '.join(map(str, private))})")


def test_no_token_is_logged(wire):
    for token in (TOKEN, "wrong-token-of-somebody"):
        wire.get(WIRE, **bearer(token))
        wire.get(f"{WIRE}?token={token}")
        wire.get(WIRE, **basic("star", token))
    wire.ctl("partners")
    wire.stop()
    log = wire.log()
    assert TOKEN not in log and "wrong-token" not in log
    assert sha(TOKEN) not in log
    wire.start()


def test_a_token_in_the_place_of_its_hash_is_not_repeated(wire):
    configure(wire, star(TOKEN))
    done = wire.ctl("reload", code=2)
    assert "not a SHA-256" in done.stdout + done.stderr
    assert TOKEN not in wire.log()


# ---- becoming private, and public again ----

def test_a_channel_that_becomes_private_leaves_the_public_tree(empty):
    public = [{k: v for k, v in c.items() if k != "access"}
              for c in CHANNELS]
    empty.configure(channels=public)
    empty.write("a.txt", article("A bridge opens"))
    empty.write("c.txt", part(1, "Ebb", series="Tide tables"))
    empty.start()
    assert empty.get(WIRE).status == 200
    assert "feeds/topics/wire.atom" in empty.tree()

    configure(empty)
    empty.ctl("reload")
    assert not [n for n in empty.tree() if "wire" in n or "tide" in n]
    assert empty.get(WIRE).status == 401
    assert empty.until(lambda: empty.get(WIRE, **bearer(TOKEN)).status == 200)
    empty.settle()
    assert "feeds/topics/wire.atom" in private_tree(empty)
    assert not [n for n in empty.tree() if "wire" in n or "tide" in n]

    empty.configure(channels=public)
    empty.ctl("reload")
    assert not [n for n in private_tree(empty) if "wire" in n]
    empty.until(lambda: empty.get(WIRE).status == 200)
    empty.settle()
    assert "feeds/topics/wire.atom" in empty.tree()


def test_the_same_while_the_daemon_is_down(empty):
    public = [{k: v for k, v in c.items() if k != "access"}
              for c in CHANNELS]
    empty.configure(channels=public)
    empty.write("a.txt", article("A bridge opens"))
    empty.start()
    empty.stop()
    configure(empty)
    empty.spawn()
    empty.until(empty.status)
    assert not [n for n in empty.tree() if "wire" in n]
    empty.settle()
    assert empty.get(WIRE).status == 401
    assert empty.get(WIRE, **bearer(TOKEN)).status == 200
    empty.stop()
    empty.configure(channels=public)
    empty.start()
    assert not [n for n in private_tree(empty) if "wire" in n]
    assert empty.get(WIRE).status == 200


def test_everything_may_be_private(empty):
    configure(empty, star(channels=["all"]), channels=[
        {"all": True, "access": "partners"}])
    empty.write("a.txt", article("A bridge opens"))
    empty.start()
    assert empty.get("/feeds/all.atom").status == 401
    assert empty.get("/feeds/all.atom", **bearer(TOKEN)).status == 200
    assert empty.get("/articles/a").status == 404
    assert b"all.atom" not in empty.get("/").body
    assert not empty.tree()


def everywhere(room):
    """All that anybody can read: the tree, and what is served of it."""
    pages = [b"/", b"/topics/town/", b"/feeds/all.atom", b"/articles/a",
             b"/feeds/topics/town.atom", b"/articles/s", b"/series/tides/",
             b"/feeds/all/changes.json", b"/feeds/series/tides.atom"]
    return b"".join([*room.tree().values(),
                     *(room.get(p.decode()).body for p in pages)])


def test_an_exclusive_channel_has_its_articles_to_itself(wire):
    channels = [dict(c) for c in CHANNELS]
    channels[1]["exclusive"] = True
    assert b"A bridge opens" in everywhere(wire)
    configure(wire, channels=channels)
    wire.ctl("reload")
    wire.until(lambda: b"A bridge opens" not in everywhere(wire))
    wire.settle()
    assert entry(wire, "A bridge opens")
    assert wire.get("/articles/a").status == 404
    assert wire.get("/articles/b").status == 200
    # Whatever it says of itself, and while it is new too.
    wire.write("s.txt", part(1, "The bridge", "Tides", body="It rained."))
    wire.until(lambda: entry(wire, "The bridge"))
    wire.settle()
    assert b"The bridge" not in everywhere(wire)
    wire.write("s.meta.yaml", "syndication: none\n")
    wire.until(lambda: not entry(wire, "The bridge"))
    wire.settle()
    assert b"The bridge" not in everywhere(wire)
    configure(wire)
    wire.ctl("reload")
    wire.until(lambda: wire.entry("A bridge opens"))
    assert wire.get("/articles/a").status == 200


def test_only_a_private_channel_is_exclusive(empty):
    configure(empty, channels=[{"topic": "town", "exclusive": True}])
    done = empty.ctl("check", code=2)
    assert "cannot have its articles to itself" in done.stderr
    assert "access: partners" in done.stderr


# ---- syndication ----

def with_picture(room, name, title, **fields):
    """An article with a picture of its name, and metadata."""
    room.write(f"{name}.jpg", images.jpeg(), age=100)
    head = "".join(f"{k}: {v}\n" for k, v in fields.items())
    room.write(f"{name}.meta.yaml", head or "minor: no\n", age=100)
    room.write(f"{name}.txt", article(title), age=50)


def entry(room, title, path=WIRE, headers=None):
    answer = room.get(path, **(bearer(TOKEN) if headers is None else headers))
    entries = re.findall(r"<entry.*?</entry>", answer.body.decode(), re.S)
    found = [e for e in entries if title in e]
    return found[0] if found else None


def test_partners_take_what_an_article_lets_them(wire):
    with_picture(wire, "p1", "The bridge one")
    with_picture(wire, "p2", "The bridge two", syndication="text-only")
    with_picture(wire, "p3", "The bridge three", syndication="none")
    wire.until(lambda: entry(wire, "bridge two", "/feeds/all.atom") and
               entry(wire, "bridge three", "/feeds/all.atom"))
    wire.settle()
    for title in ("bridge one", "bridge two", "bridge three"):
        public = entry(wire, title, "/feeds/all.atom", {})
        assert "/media/" in public, title
    assert "/media/" in entry(wire, "bridge one")
    two = entry(wire, "bridge two")
    assert "/media/" not in two and "img" not in two
    assert "It rained" in two
    assert entry(wire, "bridge three") is None


def test_a_picture_says_for_itself(wire):
    wire.write("q.jpg", images.jpeg(), age=100)
    wire.write("q-2.jpg", images.jpeg(width=9), age=100)
    wire.write("q.meta.yaml", "pictures:\n- { src: q-2.jpg, alt: Second, "
               "syndication: none }\n", age=100)
    wire.write("q.txt", article("The bridge four"), age=50)
    wire.until(lambda: (entry(wire, "bridge four", "/feeds/all.atom") or ""
                        ).count("medium=") == 2)
    wire.settle()
    mine = entry(wire, "bridge four")
    assert mine.count("medium=") == 1
    assert mine.count("&lt;img") == 1
    assert "Second" not in mine


def test_a_channel_says_it_for_those_that_do_not(wire):
    with_picture(wire, "p1", "The bridge one")
    with_picture(wire, "p2", "The bridge two", syndication="full")
    channels = [dict(c) for c in CHANNELS]
    channels[1]["syndication"] = "text-only"
    configure(wire, channels=channels)
    wire.ctl("reload")
    wire.until(lambda: "/media/" in (entry(wire, "bridge two") or ""))
    wire.until(lambda: "/media/" not in (entry(wire, "bridge one") or
                                         "/media/"))
    channels[1]["syndication"] = "none"
    configure(wire, channels=channels)
    wire.ctl("reload")
    wire.until(lambda: entry(wire, "bridge one") is None)
    assert entry(wire, "bridge two")
    assert entry(wire, "bridge one", "/feeds/all.atom")


# ---- the change stream ----

def stream(room, after=None, path="/feeds/topics/wire/changes.json", code=200):
    if after and after.startswith("http"):
        path = after[len(room.url) - 1:]
    elif after is not None:
        path += f"?after={after}"
    answer = room.get(path, **bearer(TOKEN))
    assert answer.status == code, answer.body
    return json.loads(answer.body)


def told(page):
    return [(c["action"], c.get("title")) for c in page["changes"]]


def test_a_partner_who_was_away_catches_up(wire):
    start = stream(wire)
    assert start["changes"] == [] and start["more"] is False
    wire.write("d.txt", article("A new bridge"))
    wire.write("e.txt", article("A market opens"))
    wire.until(lambda: stream(wire, start["next"])["changes"])
    page = stream(wire, start["next"])
    assert told(page) == [("published", "A new bridge")]
    change = page["changes"][0]
    assert change["id"].startswith("tag:") and change["url"].endswith("/d")
    assert set(change) >= {"at", "date_published", "date_modified"}

    wire.write("d.txt", article("A new bridge", "It snowed."), age=None)
    wire.until(lambda: len(stream(wire, start["next"])["changes"]) == 2)
    wire.write("d.meta.yaml", "correction: It rained after all.\n")
    wire.until(lambda: len(stream(wire, start["next"])["changes"]) == 3)
    assert told(stream(wire, page["next"])) == [
        ("updated", "A new bridge"), ("corrected", "A new bridge")]

    (wire.content / "d.txt").unlink()
    wire.until(lambda: len(stream(wire, start["next"])["changes"]) == 4)
    page = stream(wire, start["cursor"])
    # Nothing but the id is told of what was withdrawn, not even before.
    assert told(page) == [("withdrawn", None)] * 4
    assert {c["id"] for c in page["changes"]} == {change["id"]}
    assert stream(wire, page["next"])["changes"] == []

    wire.restart()
    assert stream(wire, start["next"])["changes"] == page["changes"]


def test_what_leaves_a_channel_is_withdrawn_from_it(wire):
    start = stream(wire)
    wire.write("a.meta.yaml", "syndication: none\n")
    wire.until(lambda: told(stream(wire, start["next"])) ==
               [("withdrawn", None)])
    assert entry(wire, "A bridge opens") is None
    public = json.loads(wire.get("/feeds/all/changes.json").body)
    assert "withdrawn" not in {c["action"] for c in public["changes"]}


def test_a_stream_is_paged(wire):
    for i in range(250):
        wire.write(f"n/{i}.txt", article(f"Bridge number {i:03}"))
    wire.settle()
    seen, page, pages = [], stream(wire), 1
    while True:
        assert len(page["changes"]) <= 100
        seen += [c["title"] for c in page["changes"]]
        if not page["more"]:
            break
        page, pages = stream(wire, page["next"]), pages + 1
    assert pages == 3
    assert sorted(seen) == [f"Bridge number {i:03}" for i in range(250)]


def test_cursors_that_mean_nothing(wire):
    for cursor in ("x", "0", "-1", "00000000-1", "%00", "%ff", "9" * 500):
        answer = stream(wire, cursor, code=410)
        assert answer["next"].endswith("/feeds/topics/wire/changes.json")
    start = stream(wire)
    far = start["cursor"].split("-")[0] + "-999999"
    assert stream(wire, far)["changes"] == []
    assert stream(wire, "")["cursor"] == start["cursor"]


def test_public_streams_are_for_everybody(wire):
    wire.write("d.txt", article("A market opens"))
    wire.arrived("A market opens")
    path = "/feeds/all/changes.json"
    wire.until(lambda: json.loads(wire.get(path).body)["changes"])
    answer = wire.get(path)
    assert answer.headers["content-type"].startswith("application/json")
    assert "private" not in answer.headers["cache-control"]
    assert wire.get(path, If_None_Match=answer.etag).status == 304
    assert wire.get("/feeds/topics/none/changes.json").status == 401
    assert wire.get("/feeds/all/changes.xml").status == 401


# ---- archives, deltas, lists ----

def test_an_archive_is_private_too(empty):
    channels = [dict(c) for c in CHANNELS]
    channels[1]["limit"] = 10
    configure(empty, channels=channels)
    for i in range(35):
        empty.write(f"{i}.txt", article(f"Bridge {i:02}"), age=1000 - i)
    empty.start()
    page = "/feeds/topics/wire/archive/1.atom"
    assert empty.get(page).status == 401
    answer = empty.get(page, **bearer(TOKEN))
    assert answer.status == 200
    assert "private" in answer.headers["cache-control"]
    assert "feeds/topics/wire/archive/1.atom" in private_tree(empty)
    assert not [n for n in empty.tree() if "wire" in n]

    public = [{k: v for k, v in c.items() if k != "access"}
              for c in channels]
    empty.configure(channels=public)
    empty.ctl("reload")
    assert not private_tree(empty)
    empty.settle()
    assert empty.get(page).status == 200
    assert "feeds/topics/wire/archive/1.atom" in empty.tree()
    configure(empty, channels=channels)
    empty.ctl("reload")
    assert not [n for n in empty.tree() if "wire" in n]
    assert empty.get(page).status == 401
    empty.settle()
    assert empty.get(page, **bearer(TOKEN)).status == 200
    assert not [n for n in empty.tree() if "wire" in n]


def test_a_delta_is_private_too(wire):
    for i in range(20):
        wire.write(f"{i}.txt", article(f"Bridge {i:02}"))
    wire.settle()
    before = wire.get(WIRE, **bearer(TOKEN))
    wire.write("z.txt", article("Bridge 99"))
    wire.until(lambda: b"Bridge 99" in wire.get(WIRE, **bearer(TOKEN)).body)
    wire.settle()
    asked = {"A_IM": "feed", "If_None_Match": before.etag}
    assert wire.get(WIRE, **asked).status == 401
    delta = wire.get(WIRE, **asked, **bearer(TOKEN))
    assert delta.status == 226
    assert b"Bridge 99" in delta.body and b"Bridge 05" not in delta.body
    assert "private" in delta.headers["cache-control"]
    assert "hub.example" not in delta.headers["link"]
    assert wire.get(WIRE, **asked, **bearer(OTHER)).status == 404


@pytest.mark.parametrize("ending", ["atom", "rss", "json"])
def test_every_format_is_private(wire, ending):
    path = f"/feeds/topics/wire.{ending}"
    assert wire.get(path).status == 401
    answer = wire.get(path, **bearer(TOKEN))
    assert answer.status == 200
    assert b"hub.example" not in answer.body
    assert f"feeds/topics/wire.{ending}" in private_tree(wire)


def test_lists_of_feeds_and_pages_name_nothing(wire):
    channels = [dict(c) for c in CHANNELS]
    channels[1]["exclusive"] = True
    configure(wire, channels=channels)
    wire.ctl("reload")

    def lists():
        return b"".join(body for name, body in wire.tree().items()
                        if "sitemap" in name or name.endswith(".opml"))
    wire.until(lambda: b"town" in lists() and b"/articles/a" not in lists(),
               "lists without what is exclusive")
    assert b"/articles/b" in lists()
    assert b"wire" not in lists() and b"tide-tables" not in lists()


def test_both_trees_are_verified(wire):
    wire.ctl("verify")
    stray = wire.www / "feeds/topics/wire.atom"
    stray.write_text("private")
    done = wire.ctl("verify", code=1)
    assert "feeds/topics/wire.atom" in done.stdout + done.stderr
    stray.unlink()
    (wire.state / "private/feeds/topics/wire.atom").unlink()
    wire.ctl("verify", code=1)


def test_the_operator_sees_what_is_private(wire):
    feed = json.loads(wire.ctl("--json", "feed", WIRE).stdout)["feed"]
    assert feed["access"] == "partners"
    assert all(d["bytes"] > 0 for d in feed["documents"])
    assert "partners" in wire.ctl("feed", WIRE).stdout
    feeds = json.loads(wire.ctl("--json", "feeds").stdout)["feeds"]
    assert {f["slug"]: f["access"] for f in feeds} == {
        "all": "public", "town": "public", "wire": "partners",
        "tide-tables": "partners"}
    assert all(f["bytes"] > 0 for f in feeds)


def test_the_same_behind_nginx(empty):
    configure(empty, serve={"listen": [
        f"127.0.0.1:{empty.port}", f"unix:{empty.home}/http.sock"]})
    empty.write("a.txt", article("A bridge opens"))
    empty.start()
    with Front(empty) as nginx:
        def get(path, headers=None):
            connection = http.client.HTTPConnection("127.0.0.1", nginx.port,
                                                    timeout=20)
            connection.request("GET", path, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()

        def up():
            try:
                return get("/feeds/all.atom")[0] == 200
            except ConnectionError:
                return False
        empty.until(up, "nginx answers")
        assert get(WIRE)[0] == get(NOWHERE)[0] == 401
        assert get(WIRE, bearer("wrong"))[0] == 401
        for path, headers in ((WIRE, bearer(TOKEN)),
                              (WIRE, basic("star", TOKEN)),
                              (f"{WIRE}?token={TOKEN}", {})):
            status, answer, body = get(path, headers)
            assert status == 200 and b"A bridge opens" in body
            assert answer["cache-control"].startswith("private")
        empty.until(lambda: "?token=***" in nginx.log.read_text(),
                    "the last one is logged")
        assert TOKEN not in nginx.log.read_text()


def test_no_figure_names_a_private_channel(wire):
    wire.get(WIRE, **bearer(TOKEN))
    for path in ("/status", "/metrics"):
        assert wire.get(path).status == 404
