"""The lists of what there is: OPML, sitemaps, news; over HTTP and in the tree."""
import datetime
import gzip
import os
import time

import feedcheck
import listcheck
from articles import article, part

INDEX, OPML, NEWS = "/sitemap.xml", "/feeds/index.opml", "/sitemap-news.xml"
DAY = 86400


def now():
    return datetime.datetime.now(datetime.timezone.utc)


def month_of(when):
    return time.strftime("/sitemap-%Y-%m.xml", time.gmtime(when))


def dated(title, when):
    day = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(when))
    return f"---\ndate: {day}\n---\n\n# {title}\n\nSome text of it.\n"


def listed(room, path):
    """The addresses in a list, which must be good and also in the tree."""
    answer = room.get(path)
    if answer.status == 404:
        return []
    assert answer.status == 200, f"{path}: {answer.status}"
    assert (room.www / path[1:]).read_bytes() == answer.body
    if path == OPML:
        assert answer.headers["content-type"] == "text/x-opml; charset=utf-8"
        return listcheck.check_opml(answer.body)
    assert answer.headers["content-type"] == "application/xml; charset=utf-8"
    return listcheck.check_sitemap(answer.body, room.url + path[1:], now())


def wait_for(room, path, wanted):
    """Wait until a list names an address that ends so; the list."""
    return room.until(lambda: any(a.endswith(wanted)
                                  for a in listed_calmly(room, path))
                      and listed(room, path), f"{wanted} in {path}")


def listed_calmly(room, path):
    """The same while it may be replaced between two looks."""
    answer = room.get(path)
    return [] if answer.status == 404 else (
        listcheck.check_opml(answer.body) if path == OPML else
        listcheck.check_sitemap(answer.body))


def test_every_feed_and_page_is_listed(room):
    room.write("a.txt", part(1, "The paper clip"))
    room.write("b.txt", part(2, "The pin"))
    room.arrived("The pin")
    feeds = wait_for(room, OPML, "small-wonders.atom")
    assert [f[len(room.url) - 1:] for f in feeds] == [
        "/feeds/all.atom", "/feeds/series/small-wonders.atom"]
    pages = wait_for(room, month_of(time.time()), "/articles/b")
    assert room.url + "articles/a" in pages
    channels = listed(room, "/sitemap-channels.xml")
    assert room.url in channels
    assert room.url + "series/small-wonders/" in channels
    assert set(listed(room, NEWS)) == {room.url + "articles/a",
                                       room.url + "articles/b"}
    files = listed(room, INDEX)
    assert set(files) == {room.url + f[1:] for f in (
        NEWS, "/sitemap-channels.xml", month_of(time.time()))}
    for file in files:
        assert room.get(file[len(room.url) - 1:]).status == 200


def test_readers_ask_again_with_the_etag(room):
    room.write("a.txt", article("The paper clip"))
    wait_for(room, NEWS, "/articles/a")
    for path in (INDEX, OPML, NEWS, "/sitemap-channels.xml"):
        wait_for(room, path, "")
        first = room.get(path, Accept_Encoding="gzip")
        assert gzip.decompress(first.raw) == room.get(path).body
        assert room.get(path, Accept_Encoding="gzip",
                        If_None_Match=first.etag).status == 304
        assert room.request(path, "HEAD").status == 200
    assert room.get("/sitemap-1999-01.xml").status == 404
    assert room.get("/sitemap-x/../sitemap.xml").status in (400, 404)


def test_a_month_of_the_past_is_left_alone(room):
    old = time.time() - 100 * DAY
    room.write("a.md", dated("An old one", old))
    room.write("b.md", dated("A new one", time.time() - 60))
    wait_for(room, month_of(time.time()), "/articles/b")
    path = room.www / month_of(old)[1:]
    before = path.stat()
    room.write("c.md", dated("Another new one", time.time() - 60))
    wait_for(room, month_of(time.time()), "/articles/c")
    after = path.stat()
    assert (after.st_ino, after.st_mtime) == (before.st_ino, before.st_mtime)
    # A correction of the old one is seen.
    room.write("a.md", dated("An old one, mended", old))
    room.until(lambda: path.stat().st_ino != before.st_ino, "a new file")
    assert listed(room, month_of(old)) == [room.url + "articles/a"]


def test_what_is_withdrawn_is_listed_no_more(room):
    old = time.time() - 100 * DAY
    room.write("a.md", dated("An old one", old))
    room.write("b.md", dated("A new one", time.time() - 60))
    wait_for(room, month_of(old), "/articles/a")
    wait_for(room, NEWS, "/articles/b")
    room.path("a.md").unlink()
    room.path("b.md").unlink()
    room.until(lambda: room.get(month_of(old)).status == 404
               and not listed_calmly(room, NEWS), "no articles")
    room.until(lambda: not (room.www / month_of(old)[1:]).exists(), "no file")
    assert not any(month_of(old) in a for a in listed(room, INDEX))


def test_news_is_young(room):
    room.write("a.md", dated("Three days old", time.time() - 3 * DAY))
    room.write("b.md", dated("A day old", time.time() - DAY))
    assert wait_for(room, NEWS, "/articles/b") == [room.url + "articles/b"]


def test_news_ends_by_the_clock(room):
    """Nothing happens in the newsroom, and yet it is old two days later."""
    ends = time.time() + 4
    room.write("a.md", dated("Nearly old", ends - 2 * DAY))
    wait_for(room, NEWS, "/articles/a")
    room.until(lambda: not listed_calmly(room, NEWS), "no news")
    assert time.time() > ends - 1


def test_a_restart_writes_nothing_anew(room):
    room.write("a.md", dated("An old one", time.time() - 100 * DAY))
    room.write("b.md", dated("A new one", time.time() - 60))
    wait_for(room, NEWS, "/articles/b")
    wait_for(room, INDEX, NEWS)     # the last that is written
    lists = [p for p in room.www.glob("**/*")
             if p.name.startswith(("sitemap", "index.opml"))]
    assert len(lists) == 12
    before = {p: (p.stat().st_ino, p.stat().st_mtime) for p in lists}
    modified = room.get(INDEX).headers["last-modified"]
    room.stop()
    # What is no list any more, and what somebody damaged.
    (room.www / "sitemap-1970-02.xml").write_text("stale")
    (room.www / "sitemap-1970-02.xml.gz").write_text("stale")
    (room.www / "sitemap-channels.xml").write_text("damaged")
    room.start()
    room.until(lambda: not (room.www / "sitemap-1970-02.xml").exists(),
               "the stale file removed")
    assert not (room.www / "sitemap-1970-02.xml.gz").exists()
    assert listed(room, "/sitemap-channels.xml")
    assert room.get(INDEX).headers["last-modified"] >= modified
    for path in lists:
        if "channels" not in path.name and path.name[:8] != "sitemap.":
            now_is = (path.stat().st_ino, path.stat().st_mtime)
            assert now_is == before[path], path


def test_at_once_after_a_restart_they_are_there(room):
    room.write("a.txt", article("The paper clip"))
    wait_for(room, NEWS, "/articles/a")
    room.stop()
    room.spawn()
    room.until(room.status, "it answers")
    assert listed(room, INDEX) and listed(room, OPML)


def test_the_lists_follow_the_configuration(room):
    room.write("a.txt", article("The paper clip"))
    wait_for(room, NEWS, "/articles/a")
    room.configure(site={
        "name": "Other <News>", "url": room.url, "language": "zh-Hant",
        "timezone": "UTC", "authority": "www.example.org,2024"})
    room.ctl("reload")
    room.until(lambda: b"Other &lt;News&gt;" in room.get(NEWS).body,
               "the new name")
    assert b"<news:language>en<" in room.get(NEWS).body
    assert b"Other &lt;News&gt;" in room.get(OPML).body


def test_pages_elsewhere_are_not_listed(empty):
    empty.configure(content=[{
        "dir": str(empty.content),
        "permalink": "https://elsewhere.example.org/{stem}.html"}])
    room = empty.start()
    path = room.write("a.txt", article("The paper clip"))
    os.utime(path)
    room.arrived("The paper clip")
    wait_for(room, OPML, "all.atom")
    room.until(lambda: room.get(INDEX).status == 200, "an index")
    assert listed(room, NEWS) == []
    assert listed(room, "/sitemap-channels.xml") == [room.url]
    feedcheck.check(room.get("/feeds/all.atom").body)
