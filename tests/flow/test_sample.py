"""The sample newsroom, as the quick start serves it: every feed is good, every
link works, and readers that have nothing to do with us can read it."""
import concurrent.futures
import html.parser
import json
import shutil
import subprocess
import urllib.parse

import pytest

import feedcheck
from articles import SAMPLE
from feedcheck import NS, text

SERIES = "/feeds/series/guangdongs-solution-2024.atom"
ARTICLES = [p for p in SAMPLE.iterdir() if p.suffix in (".txt", ".md", ".html")]


@pytest.fixture(scope="module")
def room(sample):
    return sample


def feeds(room):
    """The addresses of all feeds, from the command line."""
    listed = json.loads(room.ctl("--json", "feeds").stdout)["feeds"]
    return [f["path"] for f in listed]


class Links(html.parser.HTMLParser):
    """The addresses in a page, and where its feeds are."""

    def __init__(self, page):
        super().__init__()
        self.addresses, self.feeds = set(), set()
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        address = attrs.get("href") or attrs.get("src")
        if not address:
            return
        self.addresses.add(address)
        if attrs.get("type") == "application/atom+xml":
            self.feeds.add(address)


def test_there_is_a_feed_of_everything_each_series_and_each_topic(room):
    found = feeds(room)
    for path in ("/feeds/all.atom", SERIES, "/feeds/topics/gba.atom",
                 "/feeds/topics/green-energy.atom"):
        assert path in found
    assert len(found) == 5, found
    assert len(found) == len(set(found))


def test_every_feed_validates(room):
    for path in feeds(room):
        body = room.get(path).body
        feedcheck.check(body)
        done = subprocess.run(["xmllint", "--noout", "--relaxng",
                               feedcheck.GRAMMAR, "-"],
                              input=body, capture_output=True)
        assert done.returncode == 0, done.stderr.decode()


def test_feedparser_reads_every_feed(room):
    for path in feeds(room):
        feed = room.feed(path)
        assert feed.entries and feed.feed.title
        assert feed.feed.language == "en"
        for entry in feed.entries:
            assert entry.id and entry.title and entry.link
            assert entry.content[0].value


def test_sfeed_reads_every_feed(room):
    if not shutil.which("sfeed"):
        pytest.skip("sfeed is not installed")
    for path in feeds(room):
        done = subprocess.run(["sfeed"], input=room.get(path).body,
                              capture_output=True, check=True)
        rows = [line.split("\t") for line in
                done.stdout.decode().splitlines()]
        entries = room.feed(path).entries
        assert [(r[1], r[2], r[5]) for r in rows] == \
            [(e.title, e.link, e.id) for e in entries]


def test_the_series_has_its_five_parts_in_order(room):
    root = room.document(SERIES)
    parts = [text(e, "schema:position") for e in root.findall("a:entry", NS)]
    assert sorted(parts) == ["1", "2", "3", "4", "5"]
    assert root.find("fh:complete", NS) is not None
    # By their dates: the newest part comes first.
    titles = [e.title for e in room.feed(SERIES).entries]
    signs = [title.split("|")[0].strip()[-1] for title in titles]
    assert signs == list("⑤④③②①")


def test_parts_link_to_each_other(room):
    root = room.document(SERIES)
    links = {text(e, "schema:position"):
             [x.get("title")[:27] for x in
              e.findall("a:link[@rel='related']", NS)]
             for e in root.findall("a:entry", NS)}
    assert len(links["2"]) == 4, "the seed names all its siblings"
    assert len(links["1"]) == 2
    content = root.find("a:entry[schema:position='2']/a:content", NS).text
    assert content.count("<a href=") == 4


def test_topics_hold_what_their_rules_say(room):
    gba = {e.title for e in room.feed("/feeds/topics/gba.atom").entries}
    assert any("commuter" in title for title in gba)
    assert any("Sci-tech" in title for title in gba)
    assert not any("village school" in title for title in gba)
    green = {e.title for e in
             room.feed("/feeds/topics/green-energy.atom").entries}
    assert any("village school" in title for title in green)
    assert any("turbine keeper" in title for title in green & gba)
    assert any("湾区绿电手记" in title for title in green)


def test_the_chinese_article_says_so(room):
    root = room.document("/feeds/topics/green-energy.atom")
    entry = next(e for e in root.findall("a:entry", NS)
                 if "湾区绿电手记" in text(e, "a:title"))
    language = entry.get("{http://www.w3.org/XML/1998/namespace}lang")
    assert language and language.startswith("zh")
    assert text(entry, "a:author/a:name") == "青竹"
    assert [c.text for c in entry.findall("a:contributor/a:name", NS)] == \
        ["山茶", "海棠"]


def addresses_of(room):
    """Every address that a feed or a page of the newsroom publishes."""
    pages, todo = {}, [room.url]
    for path in feeds(room):
        root = room.document(path)
        todo += [x.get("href") for x in root.iter("{%s}link" % NS["a"])]
    while todo:
        address = urllib.parse.urldefrag(todo.pop()).url
        if address in pages or not address.startswith(room.url):
            continue
        answer = room.get(urllib.parse.urlsplit(address).path)
        pages[address] = answer
        if answer.headers.get("content-type", "").startswith("text/html"):
            links = Links(answer.body.decode()).addresses
            todo += [urllib.parse.urljoin(address, x) for x in links]
    return pages


def test_every_published_link_answers(room):
    # The list of all feeds comes behind them.
    room.until(lambda: room.get("/feeds/index.opml").status == 200)
    pages = addresses_of(room)
    broken = {a: x.status for a, x in pages.items() if x.status != 200}
    assert not broken
    kinds = {urllib.parse.urlsplit(a).path.split("/")[1] for a in pages}
    assert {"", "feeds", "series", "topics", "articles"} <= kinds
    articles = [a for a in pages if "/articles/" in a]
    assert len(articles) == len(ARTICLES)


def test_the_index_lists_all_feeds(room):
    page = Links(room.get("/").body.decode())
    listed = {urllib.parse.urlsplit(urllib.parse.urljoin(room.url, a)).path
              for a in page.addresses}
    assert set(feeds(room)) <= listed
    assert page.feeds, "nothing for a reader to discover"


@pytest.mark.parametrize("path", [
    "/", "/series/guangdongs-solution-2024/", "/topics/gba/",
    "/articles/000_d2c616d851cef965"])
def test_pages_lead_readers_to_their_feed(room, path):
    page = room.get(path)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    found = Links(page.body.decode()).feeds
    assert found
    for address in found:
        path = urllib.parse.urlsplit(urllib.parse.urljoin(room.url, address))
        assert room.get(path.path).status == 200


def test_the_tree_is_what_http_serves(room):
    tree = room.tree()
    for path in feeds(room):
        name = urllib.parse.unquote(path.lstrip("/"))
        assert tree[name] == room.get(path).body
        assert tree[name + ".gz"] == \
            room.get(path, Accept_Encoding="gzip").raw


def test_many_readers_at_once_see_the_same(room):
    with concurrent.futures.ThreadPoolExecutor(16) as readers:
        bodies = set(readers.map(lambda _: room.get(SERIES).body, range(64)))
    assert len(bodies) == 1


def test_the_series_knows_which_parts_are_missing(room):
    """Part ② of the Chinese series is linked and has not arrived."""
    status = room.status()
    series = {s["title"]: s for s in status["series"]}
    assert series["湾区绿电手记"]["missing"] == [2]
    assert series["Guangdong's Solution 2024"]["missing"] == []
