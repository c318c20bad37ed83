"""Archives (RFC 5005) and deltas (RFC 3229), as a reader sees them.

The same in every format: a document with the newest, and pages that change
only when somebody takes a text back.
"""
import json
import pathlib
import re

import pytest

import feedcheck
from feedcheck import NS, text

ALL = "/feeds/all.atom"


def write(room, n, body="", age=100000, folder=""):
    room.write(f"{folder}a{n:04}.txt",
               f"Title {n:04}\n\nText of {n:04}. {body}\n", age=age - n)


@pytest.fixture
def archive(empty):
    """A hundred and thirty articles: two pages, and thirty in none."""
    for n in range(130):
        write(empty, n)
    return empty.start()


def atom(room, path):
    return feedcheck.check(room.get(path).body)


def ids(document):
    return [text(e, "a:id") for e in document.iterfind("a:entry", NS)]


def link(document, rel):
    found = [x.get("href") for x in document.iterfind("a:link", NS)
             if x.get("rel") == rel]
    assert len(found) < 2
    return found[0] if found else None


def walk(room, path=ALL):
    """Every document from the newest to the first: [(path, document)]."""
    seen = []
    while path:
        document = atom(room, path)
        seen.append((path, document))
        assert path not in [p for p, _ in seen[:-1]]
        path = link(document, "prev-archive")
        path = path and path.replace(room.url, "/")
    return seen


def test_a_walk_comes_to_the_first_article(archive):
    documents = walk(archive)
    assert [p for p, _ in documents] == [
        ALL, "/feeds/all/archive/2.atom", "/feeds/all/archive/1.atom"]
    assert [len(ids(d)) for _, d in documents] == [50, 50, 50]
    assert len({i for _, d in documents for i in ids(d)}) == 130
    live, *pages = [d for _, d in documents]
    assert live.find("f:archive", {"f": NS["fh"]}) is None
    for page in pages:
        assert page.find("f:archive", {"f": NS["fh"]}) is not None
        assert link(page, "current") == archive.url + "feeds/all.atom"
        assert text(page, "a:id") == text(live, "a:id")
    assert text(pages[-1].findall("a:entry", NS)[-1], "a:title") == "Title 0000"


def test_pages_are_in_the_tree_as_over_http(archive):
    tree = archive.tree()
    for path in ["feeds/all.atom", "feeds/all/archive/1.atom",
                 "feeds/all/archive/2.atom"]:
        answer = archive.get("/" + path)
        assert tree[path] == answer.body
        assert answer.headers["link"].endswith(
            f'<{archive.url}{path}>; rel="self"')


def test_only_a_withdrawal_changes_a_page(archive):
    pages = ["/feeds/all/archive/1.atom", "/feeds/all/archive/2.atom"]
    before = [archive.get(p).etag for p in pages]
    write(archive, 500, age=100)
    archive.arrived("Title 0500")
    archive.write("a0003.txt", "Title 0003\n\nA better text.\n")
    archive.settle()
    assert [archive.get(p).etag for p in pages] == before
    archive.path("a0007.txt").unlink()
    archive.settle()
    first, second = [archive.get(p) for p in pages]
    assert second.etag == before[1] and first.etag != before[0]
    assert b"Text of 0007" not in first.body
    document = feedcheck.check(first.body)
    assert len(ids(document)) == 49
    gone = document.findall("at:deleted-entry", {
        "at": "http://purl.org/atompub/tombstones/1.0"})
    assert len(gone) == 1 and "a0007" in gone[0].get("ref")
    assert b"Text of 0007" not in b"".join(archive.tree().values())


def test_a_correction_is_in_the_document_and_old_in_its_page(archive):
    archive.write("a0003.txt", "Title 0003\n\nText of 0003 is four.\n\n"
                  "Correction: It was four.\n", age=100)
    archive.settle()
    archive.until(lambda: archive.entry("Title 0003"), "the correction")
    # A page that is made anew leaves it out: the newest wins.
    archive.path("a0007.txt").unlink()
    archive.settle()
    assert len(ids(atom(archive, "/feeds/all/archive/1.atom"))) == 48
    assert len({i for _, d in walk(archive) for i in ids(d)}) == 129


def test_pages_survive_a_restart_and_a_lost_tree(archive):
    before = {p: archive.get(p).etag for p, _ in walk(archive)}
    archive.restart()
    page = archive.www / "feeds/all/archive/1.atom"
    page.unlink()
    assert {p: archive.get(p).etag for p, _ in walk(archive)} == before
    archive.until(page.exists, "the page")


def test_the_page_before_is_there_when_the_document_names_it(empty):
    room = empty
    for n in range(99):
        write(room, n)
    room.start()
    write(room, 99, age=100)
    room.arrived("Title 0099")
    assert len({i for _, d in walk(room) for i in ids(d)}) == 100
    write(room, 100, age=100)
    room.arrived("Title 0100")
    assert [len(ids(d)) for _, d in walk(room)] == [50, 50, 50]
    assert len({i for _, d in walk(room) for i in ids(d)}) == 101


def test_large_articles_move_to_pages_early(empty):
    room = empty
    for n in range(12):
        write(room, n, "x" * 200000)
    room.start()
    documents = walk(room)
    assert len(documents) > 2
    assert len({i for _, d in documents for i in ids(d)}) == 12
    for path, _ in documents:
        assert len(room.get(path).body) < 1024 * 1024


def part(room, n):
    room.write(f"p{n}.txt", f"Long Series ({n}) | Part {n}\n\nText {n}.\n",
               age=100000 - n)


def test_a_series_is_whole_until_it_is_too_long(empty):
    room = empty
    room.configure(channels=[{"all": True}, {
        "series": "Long Series", "limit": 3,
        "match": r"^Long Series \((?<part>\d+)\) \| (?<headline>.*)"}])
    path = "/feeds/series/long-series.atom"
    for n in range(1, 4):
        part(room, n)
    room.start()
    complete = {"f": NS["fh"]}
    assert atom(room, path).find("f:complete", complete) is not None
    part(room, 4)
    room.arrived("Part 4", path)
    for n in range(5):
        assert atom(room, path).find("f:complete", complete) is None
    assert len({i for _, d in walk(room, path) for i in ids(d)}) == 4
    assert len(ids(atom(room, path))) == 3
    # Never back: readers know it as one with an archive.
    room.path("p4.txt").unlink()
    room.gone("Part 4", path)
    assert atom(room, path).find("f:complete", complete) is None


def test_how_much_of_an_article(empty):
    room = empty
    room.configure(channels=[
        {"all": True, "content": "title"},
        {"topic": "t", "content": "summary", "match": {"title": "Title"}}])
    write(room, 1, "More. " * 100)
    room.start()
    titles, summaries = atom(room, ALL), atom(room, "/feeds/topics/t.atom")
    assert summaries.find("a:entry/a:summary", NS) is not None
    for document in titles, summaries:
        assert document.find("a:entry/a:content", NS) is None
    assert titles.find("a:entry/a:summary", NS) is None


def test_languages_of_a_channel(empty):
    room = empty
    room.configure(channels=[{"all": True}, {
        "topic": "zh", "languages": ["zh"], "match": {"any": [
            {"body": "GBA"}, {"title": "GBA"}]}}])
    room.write("en.txt", "The GBA today\n\nEnglish text.\n")
    room.write("zh.txt", "今日大湾区 GBA\n\n这是一篇中文文章，讲大湾区。\n")
    room.start()
    assert len(room.entries("/feeds/topics/zh.atom")) == 1


# ---- deltas ----

def delta(room, etag, path=ALL, **headers):
    return room.get(path, A_IM="feed", If_None_Match=etag, **headers)


def test_a_delta_is_what_changed(archive):
    old = archive.get(ALL)
    write(archive, 500, age=100)
    archive.arrived("Title 0500")
    archive.settle()
    answer = delta(archive, old.etag)
    assert answer.status == 226
    assert answer.headers["im"] == "feed"
    assert answer.headers["delta-base"] == old.etag
    assert answer.etag == archive.get(ALL).etag
    assert len(answer.body) < len(archive.get(ALL).body) / 5
    document = feedcheck.check(answer.body)
    assert [text(e, "a:title") for e in document.iterfind("a:entry", NS)] == [
        "Title 0500"]
    assert delta(archive, answer.etag).status == 304


def test_a_delta_has_edits_and_what_is_gone(archive):
    old = archive.get(ALL)
    archive.write("a0120.txt", "Title 0120\n\nAnother text.\n")
    archive.settle()
    between = archive.get(ALL)
    archive.path("a0121.txt").unlink()
    archive.settle()
    document = feedcheck.check(delta(archive, old.etag).body)
    assert [text(e, "a:title") for e in document.iterfind("a:entry", NS)] == [
        "Title 0120"]
    assert "a0121" in document.find("at:deleted-entry", {
        "at": "http://purl.org/atompub/tombstones/1.0"}).get("ref")
    document = feedcheck.check(delta(archive, between.etag).body)
    assert document.find("a:entry", NS) is None


def test_no_delta_from_what_is_not_known(archive):
    for tag in ['"unknown"', "*x", '"' + "0" * 32 + '"']:
        answer = delta(archive, tag)
        assert answer.status == 200 and "im" not in answer.headers
    assert archive.get(ALL, A_IM="feed").status == 200


def test_deltas_survive_a_restart(archive):
    old = archive.get(ALL)
    write(archive, 500, age=100)
    archive.settle()
    archive.restart()
    assert delta(archive, old.etag, Accept_Encoding="gzip").status == 226


def test_a_delta_starts_from_any_variant(archive):
    packed = archive.get(ALL, Accept_Encoding="gzip")
    write(archive, 500, age=100)
    archive.settle()
    assert delta(archive, packed.etag).status == 226
    weak = "W/" + packed.etag
    assert delta(archive, f'"x", {weak}').status == 226


# ---- brotli ----

def test_brotli_comes_when_it_is_calm(archive):
    path = archive.www / "feeds/all.atom.br"
    archive.until(path.exists, "brotli")
    archive.until(lambda: archive.get(ALL, Accept_Encoding="br").headers.get(
        "content-encoding") == "br", "brotli over HTTP")
    write(archive, 500, age=100)
    archive.arrived("Title 0500")
    archive.settle()
    archive.until(path.exists, "brotli again")
    original = pathlib.Path(str(path)[:-3])
    archive.until(lambda: path.stat().st_mtime == original.stat().st_mtime,
                  "the same date")
