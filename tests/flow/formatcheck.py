"""Is this document one that every reader of its format takes?

Written from the specifications, and not from what gazetted writes: RSS 2.0
with the RSS Advisory Board's Best Practices Profile, JSON Feed 1.1.  What
gazetted promises besides (order, addresses, plain content) is as in feedcheck.
"""
import email.utils
import html.parser
import json
import re

import feedcheck
from feedcheck import BAD_CHARACTER, check_address, check_content, instant

SIZE_MAX = 1024 * 1024

NS = {
    **feedcheck.NS,
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
}
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
MIME = re.compile(r"[a-z]+/[a-z0-9.+-]+")


def check_characters(text):
    bad = BAD_CHARACTER.search(text)
    assert not bad, f"U+{ord(bad.group()):04X} in the document"


def once(element, name, least=0):
    """The child of a name: at most one of it, and at least so many."""
    found = element.findall(name, NS)
    assert least <= len(found) <= 1, \
        f"<{element.tag}> has {len(found)} <{name}>"
    return found[0] if found else None


# ---- RSS ----

CHANNEL = {
    "title", "link", "description", "language", "copyright", "managingEditor",
    "webMaster", "pubDate", "lastBuildDate", "category", "generator", "docs",
    "cloud", "ttl", "image", "rating", "textInput", "skipHours", "skipDays",
    "item"}
ITEM = {"title", "link", "description", "author", "category", "comments",
        "enclosure", "guid", "pubDate", "source"}
ATTRIBUTES = {"category": {"domain"}, "guid": {"isPermaLink"},
              "enclosure": {"url", "length", "type"}, "source": {"url"},
              "rss": {"version"}}
RFC822 = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d "
    r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} "
    r"\d\d:\d\d:\d\d (GMT|[+-]\d{4})")


def rss_instant(written):
    assert RFC822.fullmatch(written), f"not a date of RSS: {written}"
    when = email.utils.parsedate_to_datetime(written)
    assert written.startswith(when.strftime("%a, ")), f"not that day: {written}"
    return when.timestamp()


class Text(html.parser.HTMLParser):
    """What a description says when it is shown, as it must be, as HTML."""

    def __init__(self, markup):
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_data(self, data):
        self.text += data

    def refuse(self, *_):
        raise AssertionError("markup in a plain description")

    handle_starttag = handle_endtag = handle_comment = refuse
    handle_decl = handle_pi = unknown_decl = refuse


def check_names(element, allowed):
    """Core elements are those of the specification, with its attributes."""
    for child in element:
        if not isinstance(child.tag, str) or child.tag.startswith("{"):
            continue
        assert child.tag in allowed, f"<{child.tag}> in <{element.tag}>"
        extra = set(child.attrib) - ATTRIBUTES.get(child.tag, set())
        assert not extra, f"<{child.tag}> with {extra}"


def check_enclosure(item):
    enclosure = once(item, "enclosure")
    if enclosure is None:
        return
    check_address(enclosure.get("url"))
    assert enclosure.get("length", "").isdigit(), "a length is needed"
    assert MIME.fullmatch(enclosure.get("type", "")), enclosure.attrib


def check_media(item):
    for media in item.iter("{%s}content" % NS["media"]):
        player = media.find("media:player", NS)
        assert media.get("url") or player is not None, "neither url nor player"
        if media.get("url"):
            check_address(media.get("url"))
    for element in item.iter("{%s}thumbnail" % NS["media"],
                             "{%s}player" % NS["media"]):
        check_address(element.get("url"))
    for credit in item.iter("{%s}credit" % NS["media"]):
        assert credit.get("role") and credit.text.strip()


def check_texts(item):
    """Description and content are HTML, and in that order."""
    description = once(item, "description")
    content = once(item, "content:encoded")
    if content is not None:
        check_content(content.text or "")
        if description is not None:
            assert item.index(description) < item.index(content), \
                "the content stands before the description"
    if description is not None:
        assert Text(description.text or "").text.strip()


def check_rss_item(item):
    check_names(item, ITEM)
    title, link = once(item, "title"), once(item, "link")
    assert title is not None or item.find("description") is not None
    if link is not None:
        check_address(link.text)
    guid = once(item, "guid", 1)
    assert guid.text.strip()
    if guid.get("isPermaLink", "true") == "true":
        check_address(guid.text)
    else:
        assert guid.get("isPermaLink") == "false"
    assert item.find("author") is None or item.find("dc:creator", NS) is None
    for person in item.findall("dc:creator", NS):
        assert person.text.strip(), "a nameless author"
    rss_instant(once(item, "pubDate", 1).text)
    check_texts(item)
    check_enclosure(item)
    check_media(item)


def check_rss_channel(channel):
    check_names(channel, CHANNEL)
    for name in ("title", "link", "description"):
        once(channel, name, 1)
    check_address(channel.findtext("link"))
    for name in ("language", "lastBuildDate", "generator", "docs"):
        once(channel, name, 1)
    assert LANGUAGE.fullmatch(channel.findtext("language"))
    assert len(channel.findall("atom:link[@rel='self']", NS)) == 1
    for link in channel.iter("{%s}link" % NS["atom"]):
        check_address(link.get("href"))
    if channel.find("fh:complete", NS) is not None:
        assert channel.find("atom:link[@rel='prev-archive']", NS) is None
    tags = [child.tag for child in channel]
    if "item" in tags:
        assert set(tags[tags.index("item"):]) == {"item"}, \
            "metadata behind an item"


def rss_order(item):
    part = int(item.findtext("schema:position", namespaces=NS) or 0)
    return (-rss_instant(item.findtext("pubDate")), -part,
            item.findtext("guid"))


def check_rss(body):
    """Raise AssertionError unless body is a good RSS document; its tree."""
    root = feedcheck.parse(body)
    text = body.decode()
    check_characters(text)
    assert len(body) <= SIZE_MAX
    assert root.tag == "rss" and root.get("version") == "2.0"
    assert [child.tag for child in root] == ["channel"]
    channel = root[0]
    check_rss_channel(channel)
    items = channel.findall("item")
    for item in items:
        check_rss_item(item)
    keys = [rss_order(item) for item in items]
    assert keys == sorted(keys), "not in order"
    assert len({key[2] for key in keys}) == len(keys), "a guid stands twice"
    # "Character Data": half of the readers take a title for HTML.
    for title in re.findall(r"<title>(.*?)</title>", text, re.S):
        assert "&amp;" not in title and "&lt;" not in title, title
    return root


# ---- JSON Feed ----

TOP = {"version": str, "title": str, "home_page_url": "url",
       "feed_url": "url", "description": str, "user_comment": str,
       "next_url": "url", "icon": "url", "favicon": "url", "authors": list,
       "language": "language", "expired": bool, "hubs": list, "items": list}
ENTRY = {"id": str, "url": "url", "external_url": "url", "title": str,
         "content_html": str, "content_text": str, "summary": str,
         "image": "url", "banner_image": "url", "date_published": "date",
         "date_modified": "date", "authors": list, "tags": list,
         "language": "language", "attachments": list}
AUTHOR = {"name": str, "url": "url", "avatar": "url"}
HUB = {"type": str, "url": "url"}
ATTACHMENT = {"url": "url", "mime_type": "mime", "title": str,
              "size_in_bytes": int, "duration_in_seconds": int}
EXTENSION = re.compile(r"_[A-Za-z][^.]*")


def check_value(name, value, kind):
    if kind == "url":
        check_address(value)
    elif kind == "date":
        instant(value)
    elif kind == "language":
        assert LANGUAGE.fullmatch(value), value
    elif kind == "mime":
        assert MIME.fullmatch(value), value
    else:
        assert type(value) is kind, f"{name} is {value!r}"
        assert kind is not int or value >= 0, f"{name} is {value}"


def check_object(value, words, needed=()):
    """An object of the specification's words, and of extensions."""
    assert isinstance(value, dict), f"{value!r} is not an object"
    for name in needed:
        assert name in value, f"no {name}"
    for name, inner in value.items():
        if name in words:
            check_value(name, inner, words[name])
        else:
            assert EXTENSION.fullmatch(name), f"{name} is not JSON Feed"
            assert isinstance(inner, dict), f"{name} is not an object"


def check_authors(owner):
    for author in owner.get("authors", []):
        check_object(author, AUTHOR)
        assert set(author) & set(AUTHOR), "an author without anything"
        assert author.get("name", "x").strip(), "a nameless author"
    assert owner.get("authors", [0]), "no author in the list"


def check_item(item):
    check_object(item, ENTRY, ["id"])
    assert item["id"].strip()
    assert "content_html" in item or "content_text" in item, "no content"
    check_content(item.get("content_html", ""))
    check_authors(item)
    for tag in item.get("tags", []):
        assert isinstance(tag, str) and tag.strip(), f"the tag {tag!r}"
    for attachment in item.get("attachments", []):
        check_object(attachment, ATTACHMENT, ["url", "mime_type"])
    if {"date_published", "date_modified"} <= set(item):
        assert instant(item["date_published"]) <= \
            instant(item["date_modified"])


def json_order(item):
    part = item.get("_gazetted", {}).get("series", {}).get("part", 0)
    return (-instant(item["date_published"]).timestamp(), -part, item["id"])


def unique(pairs):
    keys = [key for key, _ in pairs]
    assert len(keys) == len(set(keys)), f"a key stands twice: {keys}"
    return dict(pairs)


def refuse(constant):
    raise AssertionError(f"{constant} is not JSON")


def check_json(body):
    """Raise AssertionError unless body is a good JSON Feed; its object."""
    assert not body.startswith(b"\xef\xbb\xbf"), "a byte order mark"
    assert len(body) <= SIZE_MAX
    feed = json.loads(body.decode(), object_pairs_hook=unique,
                      parse_constant=refuse)
    text = json.dumps(feed, ensure_ascii=False)
    text.encode()                       # a lone surrogate raises
    check_characters(text)
    check_object(feed, TOP, ["version", "title", "items"])
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed.get("next_url") != feed.get("feed_url", "")
    check_authors(feed)
    for hub in feed.get("hubs", []):
        check_object(hub, HUB, ["type", "url"])
    for item in feed["items"]:
        check_item(item)
    keys = [json_order(item) for item in feed["items"]]
    assert keys == sorted(keys), "not in order"
    assert len({key[2] for key in keys}) == len(keys), "an id stands twice"
    return feed
