"""Pages: what readers get at an article's address, and that it is today's."""
import concurrent.futures
import html.parser
import json
import re

import pytest

import images
from articles import article, part

FOLLOW = {"facebook": "https://www.facebook.com/newsroom",
          "twitter": "@newsroom"}
GBA = {"topic": "gba", "title": "Greater Bay Area",
       "match": {"title": "bay"}}


class Page(html.parser.HTMLParser):
    """The parts of a page that tests ask for."""

    def __init__(self, answer):
        super().__init__()
        self.links, self.metas, self.anchors, self.data = [], {}, [], ""
        self.inside = None
        self.feed(answer.body.decode())

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.inside = tag
        if tag == "link":
            self.links.append(attrs)
        elif tag == "meta":
            self.metas[attrs.get("property", attrs.get("name"))] = \
                attrs.get("content")
        elif tag == "a":
            self.anchors.append(attrs["href"])

    def handle_data(self, data):
        if self.inside == "script":
            self.data += data

    def handle_endtag(self, tag):
        self.inside = None

    def rel(self, rel):
        return [x["href"] for x in self.links if x["rel"] == rel]


def page(room, path):
    answer = room.get(path)
    assert answer.status == 200, path
    return Page(answer)


def news(room, path):
    """The titles in the block of related news."""
    text = room.get(path).body.decode()
    block = re.search(r'aria-labelledby="page-news">(.*?)</section>', text,
                      re.S)
    return re.findall(r"<a [^>]*>([^<]*)</a>", block.group(1)) if block else []


def test_a_page_has_what_machines_look_for(room):
    room.write("p1.txt", part(1, "Paper clips"))
    room.write("p2.txt", part(2, "Zips"))
    room.settle()
    got = page(room, "/articles/p1")
    address = room.url + "articles/p1"
    assert got.rel("canonical") == [address]
    assert got.rel("next") == [room.url + "articles/p2"]
    assert got.metas["og:url"] == address
    assert got.metas["og:type"] == "article"
    assert got.metas["og:image"] == room.url + "share.png"
    data = json.loads(got.data)
    assert data["@type"] == "NewsArticle"
    assert data["headline"] == "Paper clips"
    assert data["isPartOf"]["name"] == "Small Wonders"
    assert data["position"] == 1
    assert data["author"] == [{"@type": "Person", "name": "Ada Finch"}]
    found = [x["href"] for x in got.links
             if x.get("type") == "application/atom+xml"]
    assert found == [room.url + "feeds/series/small-wonders.atom",
                     room.url + "feeds/all.atom"]
    series = json.loads(page(room, "/series/small-wonders/").data)
    assert series["@type"] == "CreativeWorkSeries"
    assert [x["position"] for x in series["hasPart"]] == [1, 2]


def test_what_all_pages_share_is_served(room):
    room.write("a.txt", article("A day"))
    room.settle()
    got = page(room, "/articles/a")
    for address, kind in ((got.rel("stylesheet")[0], "text/css"),
                          (got.rel("icon")[0], "image/svg+xml"),
                          (got.metas["og:image"], "image/png")):
        answer = room.get("/" + address.removeprefix(room.url))
        assert answer.status == 200
        assert answer.headers["content-type"].startswith(kind)
        assert "max-age=86400" in answer.headers["cache-control"]


def test_the_policy_allows_no_more_than_a_page_needs(room):
    room.write("a.md", "---\ntitle: A day\n---\nIt rained.\n")
    room.write("b.md", "---\ntitle: A night\n---\n"
               "![A pier](https://elsewhere.example/pier.jpg)\n\nDark.\n")
    room.settle()
    strict = room.get("/articles/a").headers["content-security-policy"]
    assert "default-src 'none'" in strict and "script" not in strict
    assert "http" not in strict
    wide = room.get("/articles/b").headers["content-security-policy"]
    assert "img-src 'self' https:" in wide and "script" not in wide
    assert room.get("/nowhere").headers["content-security-policy"] == strict


# ---- whose page it is ----

def test_an_article_with_a_page_of_its_own_leads_there(room):
    own = "https://www.example.org/2024/a-day.html"
    room.write("a.md", f"---\ntitle: A day\nurl: {own}\n---\nIt rained.\n")
    room.write("b.md", f"---\ntitle: A night\nurl: {room.url}articles/b\n"
               "---\nDark.\n")
    room.settle()
    for _ in range(2):
        answer = room.get("/articles/a")
        assert answer.status == 301
        assert answer.headers["location"] == own
    assert own in page(room, "/").anchors
    # Its own page is ours: it must not lead in a circle.
    assert room.get("/articles/b").status == 200


def test_a_withdrawn_article_says_so_in_its_language(room):
    room.write("a.md", "---\ntitle: 雨天\nlang: zh-Hans\n---\n下雨了。\n")
    room.settle()
    assert room.get("/articles/a").status == 200
    (room.content / "a.md").unlink()
    room.until(lambda: room.get("/articles/a").status == 410)
    text = room.get("/articles/a").body.decode()
    assert "此文已撤回。" in text and "下雨了" not in text


# ---- what it shows of others ----

def test_related_news_are_the_newest_of_the_same_topics(empty):
    empty.configure(channels=[{"all": True}, GBA])
    room = empty.start()
    for n in range(8):
        room.write(f"a{n}.txt", article(f"Bay number {n}").replace(
            "\n\n", f"\n\nDate: 2024-05-{n + 10}\n\n", 1))
    room.write("other.txt", article("A mountain"))
    room.settle()
    assert news(room, "/articles/a6") == [
        f"Bay number {n}" for n in (7, 5, 4, 3, 2)]
    assert news(room, "/articles/other") == []
    (room.content / "a7.txt").unlink()
    room.until(lambda: news(room, "/articles/a6")[0] == "Bay number 5")
    assert "Greater Bay Area" in room.get("/articles/a6").body.decode()


def test_a_page_is_never_older_than_what_it_shows(room):
    """Whatever comes, leaves or changes, the next request shows it."""
    room.write("p1.txt", part(1, "Night 1"))
    room.settle()
    for n in range(2, 7):
        assert f"Night {n}" not in room.get("/articles/p1").body.decode()
        room.write(f"p{n}.txt", part(n, f"Night {n}"))
        room.settle()
        assert f"Night {n}" in room.get("/articles/p1").body.decode()
        assert f"Night {n}" in room.get("/").body.decode()


def test_an_unchanged_page_is_the_same(room):
    room.write("a.txt", article("A day"))
    room.settle()
    first = room.get("/articles/a")
    assert room.get("/articles/a", If_None_Match=first.etag).status == 304
    room.write("b.txt", article("A night"))
    room.settle()
    again = room.get("/articles/a", If_None_Match=first.etag)
    assert again.status == 304, "another article is not on this page"


def test_many_ask_while_the_newsroom_works(room):
    room.write("p1.txt", part(1, "Night 1"))
    room.settle()
    def ask(n):
        return room.get("/articles/p1" if n % 2 else "/").status
    with concurrent.futures.ThreadPoolExecutor(8) as readers:
        answers = [readers.submit(ask, n) for n in range(200)]
        for n in range(2, 12):
            room.write(f"p{n}.txt", part(n, f"Night {n}"))
        assert {x.result() for x in answers} == {200}


# ---- what the operator says ----

def test_follow_links_and_a_reload(empty):
    empty.configure(follow=FOLLOW)
    room = empty.start()
    room.write("a.txt", article("A day"))
    room.settle()
    anchors = page(room, "/articles/a").anchors
    assert FOLLOW["facebook"] in anchors
    assert "https://x.com/newsroom" in anchors
    room.configure(follow={"instagram": "newsroom"})
    room.ctl("reload")
    anchors = page(room, "/articles/a").anchors
    assert FOLLOW["facebook"] not in anchors
    assert "https://www.instagram.com/newsroom" in anchors


def test_pictures_of_the_operator(empty):
    (empty.home / "code.png").write_bytes(images.png(40, 40))
    (empty.home / "face.jpg").write_bytes(images.jpeg(1200, 630))
    site = {"name": "Example News", "url": empty.url, "image": "face.jpg"}
    empty.configure(site=site, follow={"wechat": "./code.png"})
    room = empty.start()
    room.write("a.txt", article("A day"))
    room.settle()
    got = page(room, "/articles/a")
    assert got.metas["og:image"] == room.url + "share.jpg"
    assert got.metas["og:image:width"] == "1200"
    assert room.get("/share.jpg").raw == images.jpeg(1200, 630)
    assert room.get("/share.png").status == 404
    assert b'src="' + room.url.encode() + b'wechat.png"' in \
        room.get("/articles/a").body
    assert room.get("/wechat.png").raw == images.png(40, 40)
    site["image"] = "https://cdn.example.org/face.jpg"
    room.configure(site=site, follow={"wechat": "newsroom"})
    room.ctl("reload")
    got = page(room, "/articles/a")
    assert got.metas["og:image"] == site["image"]
    assert "WeChat: newsroom" in room.get("/articles/a").body.decode()
    assert room.get("/wechat.png").status == 404


@pytest.mark.parametrize("file, text, why", [
    ("nowhere.png", None, "cannot open"),
    ("notes.png", b"These are notes.", "is not a picture")])
def test_a_picture_that_is_none_is_a_fault(empty, file, text, why):
    if text:
        (empty.home / file).write_bytes(text)
    empty.configure(follow={"wechat": f"./{file}"})
    done = empty.ctl("check", empty.config, code=2)
    assert why in done.stderr + done.stdout
    assert file in done.stderr + done.stdout
