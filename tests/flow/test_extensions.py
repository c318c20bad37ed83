"""What formats say beyond title and text: media, topics, licences, places in a
series; the same in each of them."""
import json

import pytest

import feedcheck
import formatcheck
from formatcheck import NS
from images import png

ARTICLE = """---
tags: [GBA, rain & wind]
licence: {licence}
copyright: (c) The Lamp
---

# Small Wonders \u2462 | The lamp

Photo: Cy Lamp

It burns.

<iframe src="https://www.youtube.com/embed/abc-1"></iframe>

It burnt.
"""
SITE_LICENCE = "https://licence.example.org/site"
OWN_LICENCE = "https://licence.example.org/own"


@pytest.fixture
def room(empty):
    empty.configure(
        site={"name": "Example News", "url": empty.url, "language": "en",
              "timezone": "UTC", "authority": "www.example.org,2024",
              "licence": SITE_LICENCE},
        channels=[{"topic": "gba", "title": "Greater Bay Area"}])
    return empty.start()


def save(room, licence=OWN_LICENCE):
    room.write("lamp.png", png(5, 4))
    text = ARTICLE.format(licence=licence)
    if not licence:
        text = text.replace("licence: \n", "")
    room.write("lamp.md", text)
    room.arrived("The lamp")
    # Its picture may arrive a moment later.
    room.until(lambda: b"media:thumbnail" in room.get("/feeds/all.atom").body,
               "the picture")
    room.settle()


def xml_entries(room):
    atom = feedcheck.check(room.get("/feeds/all.atom").body)
    rss = formatcheck.check_rss(room.get("/feeds/all.rss").body)
    return atom.find("a:entry", NS), rss.find(".//item")


def json_entry(room):
    return formatcheck.check_json(room.get("/feeds/all.json").body)["items"][0]


def test_media_are_in_every_format(room):
    save(room)
    for entry in xml_entries(room):
        # A picture beside the article comes behind what its text has.
        video, picture = entry.findall("media:content", NS)
        assert picture.get("url").startswith(room.url + "media/")
        assert (picture.get("type"), picture.get("medium")) == \
            ("image/png", "image")
        assert (picture.get("width"), picture.get("height")) == ("5", "4")
        assert int(picture.get("fileSize")) == len(png(5, 4))
        assert video.get("medium") == "video" and not video.get("url")
        assert video.find("media:player", NS).get("url") == \
            "https://www.youtube.com/watch?v=abc-1"
        thumbnail = entry.find("media:thumbnail", NS)
        assert thumbnail.get("url") == picture.get("url")
        credit, = entry.iter("{%s}credit" % NS["media"])
        assert credit.text == "Cy Lamp"
        assert (credit.get("role"), credit.get("scheme")) == \
            ("photographer", "urn:ebu")
    item = json_entry(room)
    assert item["image"] == picture.get("url")
    assert [(a["url"], a["mime_type"]) for a in item["attachments"]] == [
        ("https://www.youtube.com/watch?v=abc-1", "text/html"),
        (picture.get("url"), "image/png")]
    enclosure = xml_entries(room)[1].find("enclosure")
    assert enclosure.get("url") == picture.get("url")


def test_what_it_is_about_is_in_every_format(room):
    save(room)
    atom, rss = xml_entries(room)
    schemes = [room.url + "series/", room.url + "topics/", room.url + "tags/"]
    assert [(c.get("scheme"), c.get("term"), c.get("label"))
            for c in atom.findall("a:category", NS)] == list(zip(
                schemes, ["small-wonders", "gba", "rain & wind"],
                ["Small Wonders", "Greater Bay Area", None]))
    names = ["Small Wonders", "Greater Bay Area", "rain & wind"]
    assert [(c.get("domain"), c.text) for c in rss.findall("category")] == \
        list(zip(schemes, names))
    item = json_entry(room)
    assert item["tags"] == names
    assert item["_gazetted"]["topics"] == [
        {"slug": "gba", "url": room.url + "topics/gba/"}]
    series = item["_gazetted"]["series"]
    assert series["id"] == room.document(
        "/feeds/series/small-wonders.atom").findtext("a:id", namespaces=NS)
    for entry in (atom, rss):
        assert entry.findtext("schema:position", namespaces=NS) == "3"
    assert (series["part"], series["label"]) == (3, "\u2462")


@pytest.mark.parametrize("licence", [OWN_LICENCE, ""])
def test_what_may_be_done_is_in_every_format(room, licence):
    save(room, licence)
    atom, rss = xml_entries(room)
    wanted = licence or SITE_LICENCE
    for entry in (atom, rss):
        link, = entry.findall("a:link[@rel='license']", NS)
        assert link.get("href") == wanted
    assert atom.findtext("a:rights", namespaces=NS) == "(c) The Lamp"
    assert rss.findtext("dc:rights", namespaces=NS) == "(c) The Lamp"
    ours = json_entry(room)["_gazetted"]
    assert (ours["licence"], ours["copyright"]) == (wanted, "(c) The Lamp")
    feed = json.loads(room.get("/feeds/all.json").body)
    assert feed["_gazetted"]["licence"] == SITE_LICENCE


def test_a_new_licence_of_the_site_is_in_every_feed(room):
    save(room, "")
    text = room.config.read_text()
    room.config.write_text(text.replace(SITE_LICENCE, OWN_LICENCE))
    room.ctl("reload")
    for ending in ("atom", "rss", "json"):
        room.until(lambda e=ending: OWN_LICENCE.encode() in
                   room.get(f"/feeds/all.{e}").body, ending)
