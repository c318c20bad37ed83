"""Is this document a feed that every reader takes?

The grammar (tests/feeds/atom.rng) says most of it.  The rest is what RFC 4287
says in words or in Schematron, and what gazetted promises for any input: an
order that is total, dates that make sense, addresses that are absolute, and
content with nothing in it but plain markup.
"""
import datetime
import functools
import html.parser
import pathlib
import re
import urllib.parse

from lxml import etree

GRAMMAR = pathlib.Path(__file__).resolve().parents[1] / "feeds" / "atom.rng"

NS = {
    "a": "http://www.w3.org/2005/Atom",
    "fh": "http://purl.org/syndication/history/1.0",
    "schema": "https://schema.org/",
    "media": "http://search.yahoo.com/mrss/",
}
ALLOWED = {
    "a": {"href", "title", "rel"}, "abbr": {"title"}, "b": set(), "br": set(),
    "blockquote": set(), "cite": set(), "code": set(), "em": set(),
    "figcaption": set(), "figure": set(), "h2": set(), "h3": set(),
    "h4": set(), "hr": set(), "i": set(), "li": set(),
    "img": {"src", "alt", "width", "height"},
    "ol": set(), "p": set(), "pre": set(), "s": set(), "strong": set(),
    "sub": set(), "sup": set(), "table": set(), "tbody": set(), "td": set(),
    "th": set(), "thead": set(), "tr": set(), "u": set(), "ul": set(),
}
VOID = {"br", "hr", "img"}
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
# XML allows C1 and U+FFFD; no valid input makes them, and validators complain.
BAD_CHARACTER = re.compile("[\u0080-\u009f\ufffd]")


@functools.cache
def grammar():
    return etree.RelaxNG(etree.parse(str(GRAMMAR)))


def parse(body):
    """The document, or an exception: nothing is repaired here."""
    return etree.fromstring(body, etree.XMLParser(
        recover=False, resolve_entities=False, no_network=True))


def text(element, path):
    return element.findtext(path, namespaces=NS)


def instant(written):
    assert DATE.fullmatch(written), f"not a date of ours: {written}"
    return datetime.datetime.strptime(written, "%Y-%m-%dT%H:%M:%SZ").replace(
        tzinfo=datetime.timezone.utc)


def check_address(address):
    """Absolute, and of the web."""
    parts = urllib.parse.urlsplit(address)
    assert parts.scheme in ("http", "https") and parts.netloc, address
    assert re.fullmatch(r"[!-~]+", address), f"not ASCII: {address}"


class Markup(html.parser.HTMLParser):
    """Content: allow-listed, balanced, absolute."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open = []

    def handle_starttag(self, tag, attrs):
        assert tag in ALLOWED, f"<{tag}> in the content"
        for name, value in attrs:
            assert name in ALLOWED[tag], f"<{tag} {name}> in the content"
            if name in ("href", "src"):
                check_address(value)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, f"</{tag}> is stray"

    def handle_comment(self, data):
        raise AssertionError("a comment in the content")

    handle_decl = handle_pi = unknown_decl = handle_comment


def check_content(markup):
    parser = Markup()
    parser.feed(markup)
    parser.close()
    assert not parser.open, f"left open: {parser.open}"


def check_entry(entry, feed):
    """What a single entry must be."""
    def has(path):
        return entry.find(path, NS) is not None
    assert has("a:author") or feed.find("a:author", NS) is not None
    assert has("a:link[@rel='alternate']") or has("a:content")
    published, updated = text(entry, "a:published"), text(entry, "a:updated")
    now = datetime.datetime.now(datetime.timezone.utc)
    assert instant(updated) <= now + datetime.timedelta(minutes=5)
    if published:
        assert instant(published) <= instant(updated)
    for content in entry.findall("a:content", NS):
        if content.get("type") == "html":
            check_content(content.text or "")
    for person in entry.iterfind("a:author", NS):
        assert text(person, "a:name").strip(), "a nameless author"


def order_of(entry):
    """published descending, part descending, id ascending."""
    part = int(text(entry, "schema:position") or 0)
    return (-instant(text(entry, "a:published")).timestamp(), -part,
            text(entry, "a:id"))


def check_order(entries):
    ids = [text(e, "a:id") for e in entries]
    assert len(ids) == len(set(ids)), "an id stands twice in one document"
    keys = [order_of(e) for e in entries]
    assert keys == sorted(keys), f"not in order: {ids}"


def check_feed(feed):
    """What a feed document must be besides its entries."""
    entries = feed.findall("a:entry", NS)
    if entries:
        newest = max(text(e, "a:updated") for e in entries)
        assert text(feed, "a:updated") == newest
    assert len(feed.findall("a:link[@rel='self']", NS)) == 1
    check_order(entries)


def check(body):
    """Raise AssertionError unless body is a good Atom document; its tree."""
    root = parse(body)
    if not grammar().validate(root):
        raise AssertionError(str(grammar().error_log))
    bad = BAD_CHARACTER.search(body.decode())
    assert not bad, f"U+{ord(bad.group()):04X} in the document"
    for link in root.iter("{%s}link" % NS["a"]):
        check_address(link.get("href"))
    for entry in root.iterfind("a:entry", NS):
        check_entry(entry, root)
    if root.tag == "{%s}feed" % NS["a"]:
        check_feed(root)
    return root


def canonical(body):
    """The document as data: canonical, without blanks between elements."""
    root = etree.fromstring(body, etree.XMLParser(remove_blank_text=True,
                                                  remove_comments=True))
    # The order in which namespaces are declared, and which are, is free.
    etree.cleanup_namespaces(root)
    return etree.tostring(root, method="c14n")
