"""The checks themselves: a good feed passes, each broken one does not."""
import re
import subprocess

import pytest

import feedcheck
import newsroom

GOLDEN = (newsroom.TESTS / "feeds" / "golden" / "series.atom").read_text()
ENTRY = re.search(r"  <entry>.*</entry>\n", GOLDEN, re.S).group()


def test_the_golden_feed_is_good():
    feedcheck.check(GOLDEN.encode())


def test_xmllint_agrees():
    done = subprocess.run(["xmllint", "--noout", "--relaxng",
                           feedcheck.GRAMMAR, "-"],
                          input=GOLDEN.encode(), capture_output=True)
    assert done.returncode == 0, done.stderr.decode()


ALLOWED = {
    "an extension in a feed": ("<fh:complete/>", "<x:y xmlns:x='urn:x'/>"),
    "a structured extension": (
        "<fh:complete/>", "<x:y xmlns:x='urn:x' a='1'><x:z>t</x:z></x:y>"),
    "an extension in an entry": (
        "<schema:position>", "<x:y xmlns:x='urn:x'>t</x:y><schema:position>"),
    "an extension in a person": (
        "<author><name>Guo Chuhua</name>",
        "<author><name>Guo Chuhua</name><x:y xmlns:x='urn:x'>t</x:y>"),
    "a foreign attribute": ("<fh:complete/>", "<fh:complete fh:x='1'/>"),
    "xhtml content": (
        '<content type="html">', '<content type="xhtml">'
        '<div xmlns="http://www.w3.org/1999/xhtml"><p>x</p></div></content>'
        '<!--'),
    "a language on an entry": ("<entry>", '<entry xml:lang="zh-Hant">'),
    "no summary": (re.search("    <summary>.*\n", GOLDEN).group(), ""),
}

FORBIDDEN = {
    "no id": ("<id>tag:www.example.org,2024:series/"
              "guangdongs-solution-2024</id>", ""),
    "two titles": ("<fh:complete/>", "<title>again</title>"),
    "no entry id": ("    <id>tag:www.example.org,2024:000_d2c616d851cef965"
                    "</id>\n", ""),
    "metadata after an entry": ("</feed>", "<subtitle>late</subtitle></feed>"),
    "an entry twice": ("</feed>", ENTRY + "</feed>"),
    "an unknown Atom element": ("<fh:complete/>", "<published>2024-05-15"
                                "T08:00:00Z</published>"),
    "a link without href": ('rel="hub" href="https://hub.example.org/"',
                            'rel="hub"'),
    "a relative link": ("https://hub.example.org/", "/hub"),
    "an attribute of no namespace": ("<fh:complete/>", "<id x='1'>t</id>"),
    "markup in a text title": ("<title>Guangdong's Solution 2024</title>",
                               "<title><b>x</b></title>"),
    "not a date": ("<published>2024-05-15T08:00:00Z", "<published>May 15"),
    "a date without zone": ("<published>2024-05-15T08:00:00Z",
                            "<published>2024-05-15T08:00:00"),
    "updated before published": ("<published>2024-05-15T08:00:00Z",
                                 "<published>2024-05-15T08:00:01Z"),
    "updated in the future": ("<updated>2024-05-15T08:00:00Z",
                              "<updated>9999-05-15T08:00:00Z"),
    "nobody wrote it": ("<author><name>Example News</name></author>",
                        "<!-- -->"),
    "a script": ("&lt;p&gt;Guangdong in", "&lt;script&gt;Guangdong in"),
    "a handler": ("&lt;p&gt;Guangdong in",
                  "&lt;p onclick='x'&gt;Guangdong in"),
    "a relative address in content": (
        "&lt;p&gt;Guangdong in", "&lt;p&gt;&lt;a href='/x'&gt;x&lt;/a&gt;"),
    "an element left open": ("&lt;p&gt;Guangdong in",
                             "&lt;p&gt;&lt;b&gt;Guangdong in"),
    "a replacement character": ("Sci-tech development among",
                                "Sci-tech \ufffd among"),
    "a control character": ("Sci-tech development among",
                            "Sci-tech \u0007 among"),
    "an HTML entity": ("Sci-tech development among", "Sci-tech&nbsp;among"),
    "cut off": ("</feed>", ""),
}


def changed(change):
    old, new = change
    assert old in GOLDEN
    text = GOLDEN.replace(old, new)
    if new.endswith("<!--"):
        text = text.replace("</content>\n  </entry>", "-->\n  </entry>")
    # Without its own author an entry needs the feed's: drop both.
    if new == "<!-- -->":
        text = text.replace("<author><name>Guo Chuhua</name></author>", "")
    return text.encode()


@pytest.mark.parametrize("name", ALLOWED)
def test_what_the_rfc_allows_passes(name):
    feedcheck.check(changed(ALLOWED[name]))


@pytest.mark.parametrize("name", FORBIDDEN)
def test_what_is_wrong_is_found(name):
    with pytest.raises((AssertionError, feedcheck.etree.XMLSyntaxError)):
        feedcheck.check(changed(FORBIDDEN[name]))


def test_canonical_form_ignores_layout_only():
    indented = GOLDEN.replace("\n  <", "\n\t\t<")
    assert feedcheck.canonical(indented.encode()) == \
        feedcheck.canonical(GOLDEN.encode())
    other = GOLDEN.replace("Nanfang", "Nanfang ")
    assert feedcheck.canonical(other.encode()) != \
        feedcheck.canonical(GOLDEN.encode())


def test_order_is_total():
    def feed(*entries):
        head = GOLDEN[:GOLDEN.index("  <entry>")]
        return (head + "".join(entries) + "</feed>").encode()
    second = ENTRY.replace("000_d2c6", "111_d2c6")
    feedcheck.check(feed(ENTRY, second))
    with pytest.raises(AssertionError, match="order"):
        feedcheck.check(feed(second, ENTRY))
    part_three = second.replace("position>2<", "position>3<")
    feedcheck.check(feed(part_three, ENTRY))
    with pytest.raises(AssertionError, match="order"):
        feedcheck.check(feed(ENTRY, part_three))
