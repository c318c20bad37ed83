"""What an operator asks of feeds: which, how big, who reads them, are they
whole; and what makes them whole again."""
import gzip
import json
import pathlib
import re
import sqlite3
import threading
import time

import pytest

import newsroom
from articles import article, part

FAILED, MISSING = 1, 4
ALL = "/feeds/all.atom"
SERIES = "/feeds/series/small-wonders.atom"
FORMATS = ("atom", "rss", "json")


def feed(room, name, **more):
    return json.loads(room.ctl("--json", "feed", name, **more).stdout)["feed"]


def verify(room, code=0):
    """What it found, as {place: [what, ...]}."""
    done = room.ctl("--json", "verify", code=code)
    answer = json.loads(done.stdout)
    assert answer["healthy"] == (done.returncode == 0) and answer["done"]
    found = {}
    for one in answer["findings"]:
        assert one["hint"].endswith(".")
        found.setdefault(one["place"], []).append(one["what"])
    return found


@pytest.fixture
def shop(room):
    """A newsroom with a series of two, and one feed that has an archive."""
    for n in range(1, 3):
        room.write(f"w{n}.txt", part(n, f"Thing {n}"), age=5000 - n)
    for n in range(110):
        room.write(f"n{n}.txt", article(f"News of day {n}, told in {n} words"),
                   age=4000 - n)
    room.settle()
    room.until(lambda: feed(room, "all")["entries"] == 112, "all of them")
    room.settle()
    return room


# ---- feed and feeds ----

@pytest.mark.parametrize("name", [
    "small-wonders", "Small Wonders", "small  WONDERS", SERIES,
    "/series/small-wonders/", "/feeds/series/small-wonders.json", "{url}"])
def test_a_feed_by_any_name(room, name):
    room.write("w1.txt", part(1, "The paper clip"))
    room.arrived("The paper clip", SERIES)
    name = name.replace("{url}", room.url + SERIES[1:])
    assert feed(room, name)["slug"] == "small-wonders"
    assert "Small Wonders" in room.ctl("feed", name).stdout


@pytest.mark.parametrize("name", ["nothing", "/", "/feeds/nothing.atom",
                                  "%zz", "http://elsewhere.example/"])
def test_a_feed_that_is_not_there(empty, name):
    empty.start()
    empty.ctl("feed", name, code=MISSING)
    empty.ctl("rebuild", name, code=MISSING)
    empty.ctl("--json", "feed", name, code=MISSING)


def test_a_name_of_two_feeds(empty):
    empty.configure(channels=[{"all": True}, {
        "topic": "small-wonders", "title": "Small Wonders",
        "match": {"title": "paper"}}])
    empty.start()
    empty.write("w1.txt", part(1, "The paper clip"))
    empty.arrived("The paper clip", SERIES)
    empty.settle()
    done = empty.ctl("feed", "small-wonders", code=FAILED)
    assert "2 feeds" in done.stderr and "gazettectl feeds" in done.stderr
    assert feed(empty, SERIES)["kind"] == "series"
    assert feed(empty, "/topics/small-wonders/")["kind"] == "topic"


def test_what_is_published_of_a_feed(shop):
    shown = feed(shop, "all")
    assert [d["format"] for d in shown["documents"]] == list(FORMATS)
    for document in shown["documents"]:
        got = shop.get(document["path"], Accept_Encoding="identity")
        assert got.etag == f'"{document["etag"]}"'
        assert document["bytes"] == len(got.body)
        assert document["url"] == shop.url + document["path"][1:]
        packed = (shop.www / (document["path"][1:] + ".gz")).read_bytes()
        assert document["gzip"] == len(packed)
    assert shown["archived"] and shown["published"]
    assert [p["page"] for p in shown["archive"]] == [2, 1]
    for page in shown["archive"]:
        assert shop.get(page["path"]).etag == f'"{page["etag"]}"'
    said = shop.ctl("feed", "all").stdout
    assert shown["documents"][2]["etag"] in said
    assert "archive/2.atom" in said and "Nobody" not in said


def test_feeds_tells_sizes_and_readers(room):
    room.write("w1.txt", part(1, "The paper clip"))
    room.arrived("The paper clip", SERIES)
    room.settle()
    for _ in range(2):
        room.get(SERIES, User_Agent="Feedly/1.0 (x; 12 subscribers)")
    feeds = {f["path"]: f for f in json.loads(
        room.ctl("--json", "feeds").stdout)["feeds"]}
    assert set(feeds) == {ALL, SERIES}
    assert feeds[SERIES]["formats"] == list(FORMATS)
    assert feeds[SERIES]["bytes"] == (room.www / SERIES[1:]).stat().st_size
    # The one of arrived() that gives no name, and Feedly's twelve.
    assert feeds[SERIES]["readers"] == 13
    assert "atom, rss, json" in room.ctl("feeds").stdout


def test_readers_by_what_they_say(room):
    room.write("w1.txt", article("The paper clip"))
    room.arrived("The paper clip")
    room.settle()
    path = "/feeds/all.json"
    room.get(path, User_Agent="Feedly/1.0 (x; 12 subscribers)")
    etag = room.get(path, User_Agent="Feedly/1.1 (x; 13 subscribers)").etag
    assert room.get(path, User_Agent="newsboat/2.21",
                    If_None_Match=etag).status == 304
    room.request("/feeds/all.rss", "HEAD", User_Agent="Feedly/1.1")
    shown = feed(room, "all")
    assert [(r["agent"], r["format"], r["subscribers"], r["requests"])
            for r in shown["readers"] if r["agent"] != "no name"] == [
        ("Feedly", "json", 13, 2), ("Feedly", "rss", None, 1),
        ("newsboat", "json", None, 1)]
    said = room.ctl("feed", "all").stdout
    assert "Feedly" in said and "13" in said
    room.restart()
    assert feed(room, "all")["readers"] == []
    assert "Nobody asked" in room.ctl("feed", "all").stdout


def test_hostile_readers(room):
    room.write("w1.txt", article("The paper clip"))
    room.arrived("The paper clip")
    for n in range(200):
        name = "".join(chr(ord("a") + int(d)) for d in str(n))
        room.get(ALL, User_Agent=f"{name}/{n} ({n} subscribers)")
    for name in ("\xff\xfe\x80", "x" * 5000, "<script>/1", "a\tb",
                 "999999999999999999999 subscribers", "%s%n"):
        room.get(ALL, User_Agent=name)
    readers = feed(room, "all")["readers"]
    assert len(readers) == 64
    assert all(len(r["agent"].encode()) <= 40 and "<" not in r["agent"]
               for r in readers)
    room.ctl("feed", "all")


# ---- verify ----

def test_what_is_published_is_whole(shop):
    assert verify(shop) == {}
    said = shop.ctl("verify").stdout
    # Two feeds and two pages of an archive in three formats; the catalogue.
    count = re.match(r"Compared: (\d+) documents of 2 feeds", said)
    assert count and int(count[1]) >= 12
    assert "All is as the store says." in said


def test_of_an_empty_newsroom_too(room):
    room.settle()
    assert verify(room) == {}


def change_byte(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x01
    path.write_bytes(data)


def cut(path):
    path.write_bytes(path.read_bytes()[:-20])


def lose_gzip(path):
    path.with_name(path.name + ".gz").unlink()


def other_gzip(path):
    path.with_name(path.name + ".gz").write_bytes(gzip.compress(b"old"))


def other_brotli(path):
    """In the place of the right one, which comes when it is calm."""
    packed = path.with_name(path.name + ".br")
    end = time.monotonic() + newsroom.PATIENCE
    while not packed.exists():
        assert time.monotonic() < end, "no brotli"
        time.sleep(0.02)
    packed.write_bytes(b"old")


def make_folder(path):
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("damage, file, words", [
    (change_byte, "feeds/all.atom", "hash"),
    (change_byte, "feeds/all/archive/1.rss", "hash"),
    (cut, "feeds/series/small-wonders.atom", "cannot be parsed: line"),
    (cut, "feeds/series/small-wonders.rss", "cannot be parsed: line"),
    (cut, "feeds/series/small-wonders.json", "cannot be parsed: line"),
    (pathlib.Path.unlink, "feeds/all.json", "cannot open"),
    (pathlib.Path.unlink, "feeds/all/archive/2.atom", "cannot open"),
    (lose_gzip, "feeds/all.atom", "gzip copy is not there"),
    (other_gzip, "feeds/all.rss", "gzip copy unpacks"),
    (other_brotli, "feeds/all.json", "brotli copy unpacks"),
])
def test_damage_is_found_and_repaired(shop, damage, file, words):
    before = {f: shop.get("/feeds/" + f).etag for f in
              ("all.atom", "all.json", "series/small-wonders.rss")}
    damage(shop.www / file)
    found = verify(shop, FAILED)
    assert any(words in what for what in found[file]), found
    said = shop.ctl("verify", code=FAILED).stdout
    assert file in said and "gazettectl rebuild" in said
    name = "small-wonders" if "small" in file else "all"
    shop.ctl("rebuild", name, "--wait")
    assert verify(shop) == {}
    # The same bytes, so for HTTP readers nothing has changed.
    assert before == {f: shop.get("/feeds/" + f).etag for f in before}


@pytest.mark.parametrize("damage, words", [
    (change_byte, "hash"), (cut, "cannot be parsed"), (lose_gzip, "gzip"),
    (pathlib.Path.unlink, "cannot open")])
@pytest.mark.parametrize("file", [
    "feeds/index.opml", "sitemap.xml", "sitemap-news.xml"])
def test_a_damaged_catalogue(shop, damage, words, file):
    news = shop.www / "sitemap-news.xml"
    shop.until(lambda: news.exists() and
               news.read_text().count("<url>") == 112, "all that is new")
    # Its files are known, and none of them is about to be written.
    shop.ctl("rebuild", "--wait")
    shop.until(lambda: verify(shop, None) == {}, "it is whole")
    damage(shop.www / file)
    found = verify(shop, FAILED)
    assert set(found) == {file}
    assert any(words in what for what in found[file])
    shop.ctl("rebuild", "--wait")
    assert verify(shop) == {}


def test_a_walk_that_ends_early(shop):
    (shop.www / "feeds/all/archive/2.atom").unlink()
    found = verify(shop, FAILED)
    assert any("walked for 0 of 2 pages" in what for what in found[ALL])
    assert any("entries together" in what for what in found[ALL])


def test_strays_are_found(shop):
    strays = ["feeds/old.atom", "feeds/series/old.atom.gz", "index.php",
              "feeds/all/archive/3.atom", "feeds/all/archive/1.txt",
              "feeds/series/small-wonders/archive/1.atom", "feeds/all.atom.zip"]
    for name in strays:
        path = shop.www / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("old")
    (shop.www / "feeds/.all.atom.tmp").write_text("being written")
    assert set(verify(shop, FAILED)) == set(strays)
    for name in strays:
        (shop.www / name).unlink()
    assert verify(shop) == {}


def edit_store(room, sql):
    room.stop()
    with sqlite3.connect(room.state / "press.db") as db:
        assert db.execute(sql).rowcount > 0
    db.close()
    room.start()


@pytest.mark.parametrize("sql, words", [
    ("DELETE FROM feed_member WHERE article_id = (SELECT id FROM article"
     " WHERE path = 'w1.txt')", "does not belong there"),
    ("UPDATE article SET published = published - 9 WHERE path = 'w1.txt'",
     "was published at"),
    ("UPDATE article SET updated = updated + 1 WHERE path = 'w1.txt'",
     "was updated at"),
    ("UPDATE article SET published = published + 9 WHERE path = 'w1.txt'",
     "the order differs"),
    ("UPDATE feed SET entries = entries + 1 WHERE slug = 'small-wonders'",
     "entries together"),
])
def test_bytes_that_are_as_published_and_wrong(shop, sql, words):
    """The hash is right: only a parser sees that the store says otherwise."""
    edit_store(shop, sql)
    found = verify(shop, FAILED)
    places = {p for p in found if any(words in what for what in found[p])}
    assert places & {SERIES, SERIES[1:]}, found
    assert not any("hash" in what for all in found.values() for what in all)


def test_verifying_while_the_newsroom_works(shop):
    """What is about to be published is no difference."""
    stop = threading.Event()

    def work():
        for n in range(100000):
            if stop.is_set():
                return
            shop.write(f"x{n % 20}.txt", article(
                f"Extra {n % 20} of the day", f"For the time {n}."), age=None)

    writer = threading.Thread(target=work)
    writer.start()
    try:
        for _ in range(5):
            found = verify(shop, None if not shop.alive() else 0)
            assert found == {}
    finally:
        stop.set()
        writer.join()
    shop.settle()
    assert verify(shop) == {}


def test_a_reload_in_the_middle_starts_again(shop):
    first = shop.ask(verb="verify")
    shop.ctl("reload")
    done = shop.until(lambda: (a := shop.ask(verb="verify", run=first["run"]))
                      and a["done"] and a, "done")
    assert done["healthy"] and done["run"] == first["run"]


def test_one_run_for_all_who_ask(shop):
    runs = {shop.ask(verb="verify")["run"] for _ in range(5)}
    assert len(runs) <= 2
    assert shop.ask(verb="verify", run=10 ** 9)["ok"]


# ---- rebuild ----

def test_rebuild_renders_all_again(shop):
    shop.until((shop.www / "sitemap.xml").exists, "the catalogue")
    before = shop.tree()
    for name in before:
        if name.startswith("feeds/"):
            (shop.www / name).unlink()
    done = json.loads(shop.ctl("--json", "rebuild", "--wait").stdout)
    assert done["documents"] == 12 and done["pending"] == 0
    shop.settle()

    def whole():
        return {n: b for n, b in shop.tree().items()
                if not n.endswith(".br")} == \
            {n: b for n, b in before.items() if not n.endswith(".br")}
    shop.until(whole, "the same tree")
    assert verify(shop) == {}
    assert "12" in shop.ctl("rebuild").stdout


def test_rebuild_makes_brotli_again(shop):
    packed = shop.www / "feeds/all.atom.br"
    shop.until(packed.exists, "brotli")
    shop.ctl("rebuild", "all", "--wait")
    shop.until(packed.exists, "brotli again")


def test_rebuild_tells_what_cannot_be_published(shop):
    make_folder(shop.www / "feeds/all.rss")
    done = shop.ctl("rebuild", "all", "--wait", code=FAILED)
    assert "cannot be published" in done.stderr
    assert "feeds/all.rss" in verify(shop, FAILED)
    (shop.www / "feeds/all.rss").rmdir()
    shop.until(lambda: (shop.www / "feeds/all.rss").exists(), "healed")
    shop.ctl("rebuild", "all", "--wait")
    assert verify(shop) == {}
