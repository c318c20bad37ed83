"""Is this list one that every machine takes?

Written from the specifications: OPML 2.0, the sitemap protocol, and Google's
extension for news.
"""
import datetime
import re
import urllib.parse

import feedcheck
from feedcheck import check_address
from formatcheck import LANGUAGE, check_characters, rss_instant

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
URLS_MAX, NEWS_MAX, BYTES_MAX, ADDRESS_MAX = 50000, 1000, 50 << 20, 2048
NEWS_AGE = datetime.timedelta(days=2, minutes=5)

# ---- OPML ----

HEAD = {"title", "dateCreated", "dateModified", "ownerName", "ownerEmail",
        "ownerId", "docs", "expansionState", "vertScrollState", "windowTop",
        "windowLeft", "windowBottom", "windowRight"}
OUTLINE = {"text", "type", "isComment", "isBreakpoint", "created", "category",
           "xmlUrl", "htmlUrl", "description", "language", "title", "version",
           "url"}


def check_outline(outline):
    assert outline.tag == "outline", outline.tag
    assert outline.get("text", "").strip(), "an outline without a text"
    assert set(outline.attrib) <= OUTLINE, outline.attrib
    if outline.get("type") == "rss":
        assert outline.get("title"), "a subscription without a title"
        check_address(outline.get("xmlUrl"))
        assert len(outline) == 0
    assert outline.get("type") == "rss" or "xmlUrl" not in outline.attrib
    if outline.get("htmlUrl"):
        check_address(outline.get("htmlUrl"))
    if outline.get("language"):
        assert LANGUAGE.fullmatch(outline.get("language"))


def check_opml(body):
    """Raise AssertionError unless body is good OPML; its subscriptions."""
    root = feedcheck.parse(body)
    check_characters(body.decode())
    assert root.tag == "opml" and root.get("version") == "2.0"
    assert [child.tag for child in root] == ["head", "body"]
    names = [child.tag for child in root[0]]
    assert set(names) <= HEAD and len(names) == len(set(names)), names
    assert root[0].findtext("title").strip()
    rss_instant(root[0].findtext("dateModified"))
    assert len(root[1]) > 0, "a body without outlines"
    outlines = list(root[1].iter("*"))[1:]
    for outline in outlines:
        check_outline(outline)
    feeds = [o.get("xmlUrl") for o in outlines if o.get("type") == "rss"]
    assert len(feeds) == len(set(feeds)), "a feed stands twice"
    return feeds


# ---- sitemaps ----

W3C_DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?"
                      r"(Z|[+-]\d\d:\d\d))?)?)?")
# Two or three letters of ISO 639, and two names for Chinese.
NEWS_LANGUAGE = re.compile(r"[a-z]{2,3}|zh-cn|zh-tw")


def children(element, allowed, needed=()):
    """{name: text} of the children, each of which may stand there once."""
    names = [child.tag for child in element]
    assert set(names) <= set(allowed), f"{set(names) - set(allowed)}"
    assert len(names) == len(set(names)), f"twice: {names}"
    for name in needed:
        assert name in names, f"no {name}"
    return {child.tag: child.text or "" for child in element}


def check_news(news, now):
    said = children(news, [NEWS + n for n in (
        "publication", "publication_date", "title", "keywords",
        "stock_tickers")],
        [NEWS + n for n in ("publication", "publication_date", "title")])
    of = children(news.find(NEWS + "publication"),
                  [NEWS + "name", NEWS + "language"],
                  [NEWS + "name", NEWS + "language"])
    assert of[NEWS + "name"].strip() and said[NEWS + "title"].strip()
    assert NEWS_LANGUAGE.fullmatch(of[NEWS + "language"]), of
    when = said[NEWS + "publication_date"]
    assert W3C_DATE.fullmatch(when), when
    if now:
        assert now - feedcheck.instant(when) < NEWS_AGE, f"old: {when}"


def check_place(place, allowed, base):
    """A page or a file: below the directory of the sitemap."""
    said = children(place, allowed, [MAP + "loc"])
    address = said[MAP + "loc"]
    check_address(address)
    assert len(address) < ADDRESS_MAX
    assert not base or address.startswith(base), f"{address} not below {base}"
    when = said.get(MAP + "lastmod")
    assert when is None or W3C_DATE.fullmatch(when), when
    return address


def check_sitemap(body, where=None, now=None):
    """Raise AssertionError unless body is a good sitemap, or an index of them;
    its addresses.  where: its own address; now: news must be young."""
    root = feedcheck.parse(body)
    check_characters(body.decode())
    assert len(body) <= BYTES_MAX
    base = where and urllib.parse.urljoin(where, ".")
    index = root.tag == MAP + "sitemapindex"
    assert index or root.tag == MAP + "urlset", root.tag
    allowed = [MAP + "loc", MAP + "lastmod"] + ([] if index else [
        MAP + "changefreq", MAP + "priority", NEWS + "news"])
    found = []
    for place in root:
        assert place.tag == MAP + ("sitemap" if index else "url"), place.tag
        found.append(check_place(place, allowed, base))
        for news in place.findall(NEWS + "news"):
            check_news(news, now)
    most = NEWS_MAX if root.find(f".//{NEWS}news") is not None else URLS_MAX
    assert len(found) <= most
    assert len(found) == len(set(found)), "an address stands twice"
    return found
