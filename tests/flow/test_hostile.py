"""Titles and texts that break careless writers: every format of every channel,
through the archives down to the first article.  GAZETTED_HOSTILE says how many
articles; SEED repeats a run."""
import json
import os
import random
import shutil
import subprocess
import time

import pytest

import feedcheck
import formatcheck
import listcheck
import readers
from feedcheck import NS

COUNT = int(os.environ.get("GAZETTED_HOSTILE", 300))
SEED = int(os.environ.get("SEED", 1))
# Documents of each format that go before readers of others.
SAMPLED = 8 + COUNT // 400
DAY = 86400
CHECKS = {"atom": feedcheck.check, "rss": formatcheck.check_rss,
          "json": formatcheck.check_json}
# Every third article is a part of something; two names of topics are hostile.
PARTS = "①②③④⑤"
CHANNELS = [
    {"all": True},
    {"topic": "at-t-3", "title": "AT&T <3", "content": "summary",
     "match": {"any": [{"title": "AT&T"}, {"body": "AT&T"}]}},
    {"topic": "湾区", "title": "湾区 ]]>", "content": "title",
     "match": {"any": [{"title": "湾区"}, {"body": "湾区"}]}},
]

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


def noise(chance):
    pieces = chance.choices(PIECES, k=chance.randint(1, 8))
    return chance.choice(["", " "]).join(pieces)


def title_of(chance, number):
    if number % 3:
        return f"No {number} {noise(chance)}"
    series, part = divmod(number // 3, len(PARTS))
    name = noise(random.Random(series))
    return f"Tale {series} {name} {PARTS[part]} | {noise(chance)}"


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
def hostile(make_room):
    room = make_room()
    room.configure(channels=CHANNELS)
    plant(room)
    room.spawn()
    room.until(room.settled, "all are read", patience=60 + COUNT / 10)
    return room


def walk(room, stem, ending):
    """The documents of a channel in a format, the newest first."""
    bodies, path = [], f"{stem}.{ending}"
    while path:
        answer = room.get(path)
        assert answer.status == 200, path
        bodies.append(answer.body)
        address = older(ending, answer.body)
        path = address and address[len(room.url) - 1:]
        assert len(bodies) <= COUNT
    return bodies


@pytest.fixture(scope="module")
def channels(hostile):
    """{address without its ending: {ending: documents}}"""
    listed = json.loads(hostile.ctl("--json", "feeds").stdout)["feeds"]
    stems = sorted({f["path"].rsplit(".", 1)[0] for f in listed})
    return {stem: {ending: walk(hostile, stem, ending)
                   for ending in readers.FORMATS} for stem in stems}


@pytest.fixture(scope="module")
def everything(channels):
    """{ending: the documents of all channels}"""
    return {ending: [body for formats in channels.values()
                     for body in formats[ending]]
            for ending in readers.FORMATS}


@pytest.fixture(scope="module")
def documents(channels):
    """{ending: the documents of the channel of everything}"""
    return channels["/feeds/all"]


def older(ending, body):
    """Where the document before it is; None: there is none."""
    if ending == "json":
        return json.loads(body).get("next_url")
    link = feedcheck.parse(body).find(
        ".//a:link[@rel='prev-archive']", NS)
    return None if link is None else link.get("href")


def test_there_are_channels_of_all_kinds(channels):
    kinds = [stem.split("/")[2] for stem in channels]
    assert kinds.count("topics") == 2
    assert kinds.count("series") > COUNT / 3 / len(PARTS) / 2
    assert all(len(d) > 1 for d in channels["/feeds/all"].values())


@pytest.mark.parametrize("ending", CHECKS)
def test_every_document_passes_the_checks(everything, ending):
    for body in everything[ending]:
        CHECKS[ending](body)


def test_the_grammar_by_another_program(everything, tmp_path):
    if not shutil.which("jing"):
        pytest.skip("jing is not installed (package jing)")
    for n, body in enumerate(everything["atom"]):
        (tmp_path / f"{n}.atom").write_bytes(body)
    done = subprocess.run(["jing", feedcheck.GRAMMAR,
                           *sorted(tmp_path.iterdir())], capture_output=True)
    assert done.returncode == 0, done.stdout.decode()[:4000]


def test_feedparser_takes_all_of_them(everything):
    for ending in readers.KNOWS["feedparser"]:
        bodies = everything[ending]
        for body, seen in zip(bodies, readers.read_feedparser(bodies)):
            wanted = facts({ending: [body]}, ending)
            assert sorted(uid for uid, *_ in seen) == sorted(wanted)


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
def test_readers_of_others_take_them(everything, name):
    chance = random.Random(SEED)
    for ending in readers.KNOWS[name]:
        bodies = chance.sample(everything[ending],
                               min(SAMPLED, len(everything[ending])))
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
