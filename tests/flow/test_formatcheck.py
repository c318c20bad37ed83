"""The checks themselves: good documents pass, each broken one does not."""
import json

import pytest

import feedcheck
import formatcheck
import listcheck
import newsroom

GOLDEN = newsroom.TESTS / "feeds" / "golden"
RSS = (GOLDEN / "series.rss").read_text()
JSON = (GOLDEN / "series.json").read_text()
BROKEN = (AssertionError, feedcheck.etree.XMLSyntaxError, ValueError,
          TypeError)

OPML = """<?xml version="1.0" encoding="utf-8"?>
<opml version="2.0"><head><title>News</title>
<dateModified>Wed, 15 May 2024 08:00:00 GMT</dateModified></head><body>
<outline type="rss" text="All" title="All" xmlUrl="https://e.org/a.atom"
 htmlUrl="https://e.org/" language="en"/>
<outline text="Series"><outline type="rss" text="B" title="B"
 xmlUrl="https://e.org/b.atom"/></outline></body></opml>
"""
SITEMAP = """<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://e.org/a</loc><lastmod>2024-05-15T08:00:00Z</lastmod>
<news:news><news:publication><news:name>News</news:name>
<news:language>en</news:language></news:publication>
<news:publication_date>2024-05-15T08:00:00Z</news:publication_date>
<news:title>T</news:title></news:news></url>
<url><loc>https://e.org/b</loc></url></urlset>
"""
INDEX = """<?xml version="1.0" encoding="utf-8"?>
<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://e.org/s.xml</loc><lastmod>2024-05-15</lastmod></sitemap>
</sitemapindex>
"""
WHERE = "https://e.org/sitemap.xml"


def changed(text, old, new):
    assert old in text, old
    return text.replace(old, new, 1).encode()


def test_good_ones_pass():
    formatcheck.check_rss(RSS.encode())
    formatcheck.check_json(JSON.encode())
    assert len(listcheck.check_opml(OPML.encode())) == 2
    assert len(listcheck.check_sitemap(SITEMAP.encode(), WHERE)) == 2
    assert len(listcheck.check_sitemap(INDEX.encode(), WHERE)) == 1


GUID = "<guid isPermaLink=\"false\">"
ITEM = RSS[RSS.index("    <item>"):RSS.index("  </channel>")]
NO_RSS = {
    "another version": ('version="2.0"', 'version="0.92"'),
    "no description": ("<description>Articles in the series "
                       "Guangdong's Solution 2024</description>", ""),
    "two titles": ("<language>", "<title>x</title><language>"),
    "a relative link": ("<link>https://www.example.org/series", "<link>/x"),
    "not a language": ("<language>en<", "<language>in English<"),
    "an address as a guid that is none": (GUID, "<guid>"),
    "a guid twice": ("  </channel>", ITEM + "  </channel>"),
    "a date of another format": ("<pubDate>Wed, 15 May 2024 08:00:00 GMT",
                                 "<pubDate>2024-05-15T08:00:00Z"),
    "another weekday": ("<pubDate>Wed, 15", "<pubDate>Thu, 15"),
    "a year of two digits": ("<pubDate>Wed, 15 May 2024",
                             "<pubDate>Wed, 15 May 24"),
    "a named zone": ("08:00:00 GMT</pubDate>", "08:00:00 CST</pubDate>"),
    "an unknown element": ("<docs>", "<updated>x</updated><docs>"),
    "an unknown attribute": ("<docs>", "<docs type='x'>"),
    "an author and a creator": ("<dc:creator>",
                                "<author>a@b.c (D)</author><dc:creator>"),
    "a nameless author": ("<dc:creator>Guo Chuhua", "<dc:creator> "),
    "markup in a description": ("<description>Guangdong in",
                                "<description>&lt;b&gt;Guangdong in"),
    "a script": ("&lt;p&gt;Guangdong in", "&lt;script&gt;Guangdong in"),
    "two enclosures": ("<pubDate>", 2 * "<enclosure url='https://e.org/a' "
                       "length='1' type='image/png'/>" + "<pubDate>"),
    "an enclosure without length": (
        "<pubDate>",
        "<enclosure url='https://e.org/a' type='image/png'/><pubDate>"),
    "media without an address": ("<pubDate>",
                                 "<media:content medium='image'/><pubDate>"),
    "an archive of a complete feed": (
        "<fh:complete/>", "<fh:complete/><atom:link rel='prev-archive' "
        "href='https://e.org/x'/>"),
    "two of itself": ("<fh:complete/>",
                      "<atom:link rel='self' href='https://e.org/x'/>"),
    "a title that is markup to some": ("② | Sci", "② &amp; Sci"),
    "metadata behind the items": ("  </channel>", "<ttl>5</ttl></channel>"),
    "a control character": ("② | Sci", "② \u0007 Sci"),
    "a replacement character": ("② | Sci", "② \ufffd Sci"),
    "an HTML entity": ("② | Sci", "②&nbsp;Sci"),
    "cut off": ("</rss>", ""),
}


@pytest.mark.parametrize("name", NO_RSS)
def test_what_is_wrong_with_rss_is_found(name):
    with pytest.raises(BROKEN):
        formatcheck.check_rss(changed(RSS, *NO_RSS[name]))


def test_content_before_the_description_is_found():
    at = ITEM.index("      <description>")
    end = ITEM.index("      <content:encoded>")
    behind = ITEM[:at] + ITEM[end:].replace(
        "</content:encoded>\n", "</content:encoded>\n" + ITEM[at:end])
    with pytest.raises(AssertionError, match="before the description"):
        formatcheck.check_rss(RSS.replace(ITEM, behind).encode())


def without(*path):
    def change(feed):
        *rest, last = path
        for step in rest:
            feed = feed[step]
        del feed[last]
    return change


def with_value(value, *path):
    def change(feed):
        *rest, last = path
        for step in rest:
            feed = feed[step]
        feed[last] = value
    return change


NO_JSON = {
    "no version": without("version"),
    "version 1": with_value("https://jsonfeed.org/version/1", "version"),
    "no items": without("items"),
    "no title": without("title"),
    "an unknown word": with_value(1, "subtitle"),
    "an extension with a dot": with_value({}, "_a.b"),
    "an extension that is no object": with_value(1, "_a"),
    "the author of version 1": with_value({"name": "x"}, "author"),
    "an empty author": with_value([{}], "authors"),
    "a nameless author": with_value([{"name": " "}], "items", 0, "authors"),
    "a hub without a type": with_value([{"url": "https://e.org"}], "hubs"),
    "a relative address": with_value("/x", "feed_url"),
    "next is itself": with_value("https://www.example.org/feeds/series/"
                                 "guangdongs-solution-2024.json", "next_url"),
    "a number as id": with_value(7, "items", 0, "id"),
    "no id": without("items", 0, "id"),
    "no content": without("items", 0, "content_html"),
    "a script": with_value("<script>x</script>", "items", 0, "content_html"),
    "a date of another format": with_value("15 May 2024", "items", 0,
                                           "date_published"),
    "modified before published": with_value("2024-05-15T07:59:59Z", "items",
                                            0, "date_modified"),
    "an empty tag": with_value([""], "items", 0, "tags"),
    "an attachment without a type": with_value(
        [{"url": "https://e.org/a"}], "items", 0, "attachments"),
    "a size in words": with_value(
        [{"url": "https://e.org/a", "mime_type": "a/b",
          "size_in_bytes": "1"}], "items", 0, "attachments"),
    "a control character": with_value("a\u0085b", "items", 0, "title"),
    "a lone surrogate": with_value("a\ud800b", "items", 0, "title"),
}


@pytest.mark.parametrize("name", NO_JSON)
def test_what_is_wrong_with_json_is_found(name):
    feed = json.loads(JSON)
    NO_JSON[name](feed)
    with pytest.raises(BROKEN):
        formatcheck.check_json(json.dumps(feed).encode())


@pytest.mark.parametrize("broken", [
    "\ufeff" + JSON, JSON + "}", JSON.rstrip()[:-1],
    JSON.replace('"language": "en"', '"language": NaN'),
    JSON.replace('"language": "en"', '"title": "x", "language": "en"')])
def test_what_is_no_json_is_found(broken):
    with pytest.raises(BROKEN):
        formatcheck.check_json(broken.encode())


NO_OPML = {
    "another version": ('version="2.0"', 'version="1.0"'),
    "no title": ("<title>News</title>", "<title> </title>"),
    "a date of another format": ("Wed, 15 May 2024 08:00:00 GMT",
                                 "2024-05-15T08:00:00Z"),
    "an outline without text": ('text="Series"', 'title="Series"'),
    "a subscription without an address": (' xmlUrl="https://e.org/b.atom"',
                                          ""),
    "a relative address": ("https://e.org/b.atom", "/b.atom"),
    "a subscription without a title": ('title="B"', ""),
    "a feed twice": ("https://e.org/b.atom", "https://e.org/a.atom"),
    "an unknown attribute": ('language="en"', 'lang="en"'),
    "an unknown element": ("<outline text", "<group/><outline text"),
    "no body": ("<body>", "<bodies>"),
}


@pytest.mark.parametrize("name", NO_OPML)
def test_what_is_wrong_with_opml_is_found(name):
    with pytest.raises(BROKEN):
        listcheck.check_opml(changed(OPML, *NO_OPML[name]))


NO_SITEMAP = {
    "no namespace": (' xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"',
                     ""),
    "no address": ("<loc>https://e.org/b</loc>", ""),
    "two addresses": ("<loc>https://e.org/b</loc>",
                      2 * "<loc>https://e.org/b</loc>"),
    "another host": ("https://e.org/b", "https://f.org/b"),
    "an address twice": ("https://e.org/b", "https://e.org/a"),
    "a long address": ("https://e.org/b", "https://e.org/" + 2048 * "b"),
    "a date in words": ("<lastmod>2024-05-15T08:00:00Z",
                        "<lastmod>15 May 2024"),
    "an unknown element": ("<lastmod>", "<title>x</title><lastmod>"),
    "no language": ("<news:language>en</news:language>", ""),
    "a language with a region": (">en</news:language>",
                                 ">en-GB</news:language>"),
    "no publication date": ("<news:publication_date>2024-05-15T08:00:00Z"
                            "</news:publication_date>", ""),
    "no title": ("<news:title>T", "<news:title> "),
}


@pytest.mark.parametrize("name", NO_SITEMAP)
def test_what_is_wrong_with_a_sitemap_is_found(name):
    with pytest.raises(BROKEN):
        listcheck.check_sitemap(changed(SITEMAP, *NO_SITEMAP[name]), WHERE)


def test_old_news_and_too_much_of_it_are_found():
    now = feedcheck.instant("2024-05-17T08:00:00Z")
    listcheck.check_sitemap(SITEMAP.encode(), WHERE, now)
    with pytest.raises(AssertionError, match="old"):
        listcheck.check_sitemap(
            SITEMAP.encode(), WHERE, feedcheck.instant("2024-05-18T08:00:00Z"))
    url = SITEMAP[SITEMAP.index("<url><loc>https://e.org/b"):
                  SITEMAP.index("</urlset>")]
    many = "".join(url.replace("org/b", f"org/{i}") for i in range(1000))
    with pytest.raises(AssertionError):
        listcheck.check_sitemap(SITEMAP.replace(url, many).encode())
