"""Every format of every feed of the sample newsroom, before every reader and
every check there is; and the formats say the same."""
import json
import shutil
import subprocess

import pytest

import feedcheck
import formatcheck
import listcheck
import readers
from feedcheck import NS, text
from newsroom import TESTS
from readers import FORMATS

TYPES = {"atom": "application/atom+xml; charset=utf-8",
         "rss": "application/rss+xml; charset=utf-8",
         "json": "application/feed+json"}
CHECKS = {"atom": feedcheck.check, "rss": formatcheck.check_rss,
          "json": formatcheck.check_json}


@pytest.fixture(scope="module")
def documents(sample):
    """{path without its ending: {ending: body}}"""
    listed = json.loads(sample.ctl("--json", "feeds").stdout)["feeds"]
    stems = {f["path"].rsplit(".", 1)[0] for f in listed}
    found = {}
    for stem in sorted(stems):
        answers = {e: sample.get(f"{stem}.{e}") for e in FORMATS}
        for ending, answer in answers.items():
            assert answer.status == 200, f"{stem}.{ending}"
            assert answer.headers["content-type"] == TYPES[ending]
        found[stem] = {e: a.body for e, a in answers.items()}
    assert len(found) >= 5
    return found


@pytest.mark.parametrize("ending", FORMATS)
def test_every_feed_passes_the_checks(documents, ending):
    for bodies in documents.values():
        CHECKS[ending](bodies[ending])


def test_the_grammar_by_another_program(documents, tmp_path):
    if not shutil.which("jing"):
        pytest.skip("jing is not installed (package jing)")
    files = [tmp_path / f"{n}.atom" for n in range(len(documents))]
    for path, bodies in zip(files, documents.values()):
        path.write_bytes(bodies["atom"])
    done = subprocess.run(["jing", feedcheck.GRAMMAR, *files],
                          capture_output=True)
    assert done.returncode == 0, done.stdout.decode()


def atom_facts(body):
    """What all formats must agree about, from Atom."""
    for e in feedcheck.parse(body).findall("a:entry", NS):
        yield {
            "id": text(e, "a:id"), "title": text(e, "a:title"),
            "link": e.find("a:link[@rel='alternate']", NS).get("href"),
            "published": feedcheck.instant(
                text(e, "a:published")).timestamp(),
            "summary": text(e, "a:summary") or "",
            "content": text(e, "a:content"),
            "authors": [n.text for n in e.findall("a:author/a:name", NS)],
            "contributors": [n.text for n in
                             e.findall("a:contributor/a:name", NS)],
            "tags": [c.get("label") or c.get("term")
                     for c in e.findall("a:category", NS)],
            "part": int(text(e, "schema:position") or 0),
            "language": e.get("{http://www.w3.org/XML/1998/namespace}lang"),
        }


def rss_facts(body):
    for e in feedcheck.parse(body).iter("item"):
        def every(path, item=e):
            return [n.text for n in item.findall(path, formatcheck.NS)]
        description = (every("description") or [""])[0]
        yield {
            "id": e.findtext("guid"), "title": e.findtext("title"),
            "link": e.findtext("link"),
            "published": formatcheck.rss_instant(e.findtext("pubDate")),
            "summary": formatcheck.Text(description).text,
            "content": every("content:encoded")[0],
            "authors": every("dc:creator"),
            "contributors": every("dc:contributor"),
            "tags": every("category"),
            "part": int((every("schema:position") or [0])[0]),
            "language": (every("dc:language") or [None])[0],
        }


def json_facts(body):
    for e in json.loads(body)["items"]:
        ours = e.get("_gazetted", {})
        yield {
            "id": e["id"], "title": e["title"], "link": e["url"],
            "published": feedcheck.instant(e["date_published"]).timestamp(),
            "summary": e.get("summary", ""), "content": e["content_html"],
            "authors": [a["name"] for a in e.get("authors", [])],
            "contributors": [c["name"] for c in
                             ours.get("contributors", [])],
            "tags": e.get("tags", []),
            "part": ours.get("series", {}).get("part", 0),
            "language": e.get("language"),
        }


def test_the_formats_say_the_same(documents):
    for bodies in documents.values():
        atom = list(atom_facts(bodies["atom"]))
        assert atom == list(rss_facts(bodies["rss"]))
        assert atom == list(json_facts(bodies["json"]))


@pytest.mark.parametrize("name", readers.READERS)
def test_readers_of_others_see_every_entry(documents, name):
    bodies, wanted = [], []
    for formats in documents.values():
        entries = [(f["id"], f["title"], f["link"])
                   for f in atom_facts(formats["atom"])]
        for ending in readers.KNOWS[name]:
            bodies.append(formats[ending])
            wanted.append(entries)
    seen = [[tuple(e) for e in entries]
            for entries in readers.READERS[name](bodies)]
    assert [sorted(s) for s in seen] == [sorted(w) for w in wanted]


def test_golden_formats_pass_the_checks():
    for ending in FORMATS:
        golden = TESTS / "feeds" / "golden" / f"series.{ending}"
        CHECKS[ending](golden.read_bytes())


def test_opml_leads_to_every_feed(sample, documents):
    listed = sample.until(
        lambda: sample.get("/feeds/index.opml").status == 200 and
        listcheck.check_opml(sample.get("/feeds/index.opml").body), "OPML")
    assert {a[len(sample.url) - 1:] for a in listed} == \
        {f"{stem}.atom" for stem in documents}
