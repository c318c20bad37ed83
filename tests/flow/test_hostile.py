"""Titles and texts that break careless writers, in every format, through the
archive down to the first article.  GAZETTED_HOSTILE says how many articles;
SEED repeats a run."""
import json
import os
import random
import time

import pytest

import feedcheck
import formatcheck
import listcheck
import readers
from feedcheck import NS

COUNT = int(os.environ.get("GAZETTED_HOSTILE", 150))
SEED = int(os.environ.get("SEED", 1))
SAMPLED = 6     # documents of each format that go before readers of others
DAY = 86400

PIECES = [
    "<3", "AT&T", "&amp;", "&lt;b&gt;", "&#x26;", "]]>", "<![CDATA[", "<!--",
    "-->", "<?xml", "</title>", "<script>alert(1)</script>", '"', "'", "\\",
    "\\u0041", "\\\"", "{{", "}}", "%s%n", "$(id)", "`", "\u200f", "\u202e",
    "\u2028", "\u2029", "\ufeff", "\u00a0", "\u0301", "\U0001f600",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0010fffd", "\ue000",
    "湾区", "שלום", "مرحبا", "İi̇", "ß", "\u0007", "\u0085",
    "\ufffe", "--", "..", "/", "//", "?", "#", "&", "<", ">", "=", ";", ":",
    "&nbsp;", "&#0;", "&#xD800;", "http://x/<y>&z", "a\tb",
]


def title_of(chance, number):
    pieces = chance.choices(PIECES, k=chance.randint(1, 8))
    joint = chance.choice(["", " "])
    return f"No {number} {joint.join(pieces)}"


def plant(room):
    chance = random.Random(SEED)
    begin = time.time() - COUNT * 600 - DAY
    for n in range(COUNT):
        title = title_of(chance, n)
        body = "\n\n".join(title_of(chance, n) for _ in range(3))
        path = room.path(f"{n // 1000}/{n}.txt")
        path.write_bytes(f"{title}\n\n{body}\n\nReporter | "
                         f"{chance.choice(PIECES)} Ada\n".encode())
        os.utime(path, (begin + n * 600,) * 2)


@pytest.fixture(scope="module")
def documents(hostile):
    """{ending: the documents of everything, the newest first}"""
    found = {ending: [] for ending in readers.FORMATS}
    for ending, bodies in found.items():
        address = f"{hostile.url}feeds/all.{ending}"
        while address:
            answer = hostile.get(address[len(hostile.url) - 1:])
            assert answer.status == 200, address
            bodies.append(answer.body)
            address = older(ending, answer.body)
            assert len(bodies) <= COUNT
    return found


@pytest.fixture(scope="module")
def hostile(make_room):
    room = make_room()
    plant(room)
    room.spawn()
    room.until(room.settled, "all are read", patience=60 + COUNT / 10)
    return room


def older(ending, body):
    """Where the document before it is; None: there is none."""
    if ending == "json":
        return json.loads(body).get("next_url")
    link = feedcheck.parse(body).find(
        ".//a:link[@rel='prev-archive']", NS)
    return None if link is None else link.get("href")


@pytest.mark.parametrize("ending, check", [
    ("atom", feedcheck.check), ("rss", formatcheck.check_rss),
    ("json", formatcheck.check_json)])
def test_every_document_passes_the_checks(documents, ending, check):
    for body in documents[ending]:
        check(body)


def facts(documents, ending):
    """(id, title) of all entries, each once: the newest document wins."""
    seen = {}
    for body in documents[ending]:
        if ending == "json":
            found = [(i["id"], i["title"]) for i in json.loads(body)["items"]]
        elif ending == "rss":
            found = [(i.findtext("guid"), i.findtext("title"))
                     for i in feedcheck.parse(body).iter("item")]
        else:
            found = [(feedcheck.text(e, "a:id"), feedcheck.text(e, "a:title"))
                     for e in feedcheck.parse(body).findall("a:entry", NS)]
        for uid, title in found:
            seen.setdefault(uid, title)
    return seen


def test_every_article_is_in_every_format_with_one_title(documents, hostile):
    atom = facts(documents, "atom")
    aside = len(hostile.asides())
    assert len(atom) + aside == COUNT
    assert aside == 0, hostile.asides()
    assert facts(documents, "rss") == atom
    assert facts(documents, "json") == atom


@pytest.mark.parametrize("name", readers.READERS)
def test_readers_of_others_take_them(documents, name):
    chance = random.Random(SEED)
    for ending in readers.KNOWS[name]:
        bodies = documents[ending]
        bodies = bodies[:1] + chance.sample(
            bodies[1:], min(SAMPLED, len(bodies) - 1))
        for body, seen in zip(bodies, readers.READERS[name](bodies)):
            wanted = facts({ending: [body]}, ending)
            assert sorted(uid for uid, *_ in seen) == sorted(wanted)


def test_the_lists_take_them(hostile):
    names = hostile.until(
        lambda: hostile.get("/sitemap.xml").status == 200 and
        listcheck.check_sitemap(hostile.get("/sitemap.xml").body),
        "an index", patience=60)
    pages = []
    for address in names:
        path = address[len(hostile.url) - 1:]
        found = listcheck.check_sitemap(hostile.get(path).body, address)
        if "news" not in path and "channels" not in path:
            pages += found
    assert len(pages) == len(set(pages)) == COUNT - len(hostile.asides())
    listcheck.check_opml(hostile.get("/feeds/index.opml").body)
