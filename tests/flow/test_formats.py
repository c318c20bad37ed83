"""Articles in Markdown and HTML: what readers of the feeds get of them."""
import pytest

import newsroom

TWINS = newsroom.SOURCE / "tests" / "feeds" / "twins"
TITLE = "Harbour Notes 2024 \u2461 | The lamp that learned to wait"


def shown(entry):
    return {
        "content": entry.content[0].value,
        "summary": entry.summary,
        "authors": [a.name for a in entry.authors],
        "contributors": [c.name for c in entry.get("contributors", [])],
    }


def test_an_article_is_the_same_in_each_format(room):
    entries = []
    for ending in ("txt", "md", "html"):
        text = (TWINS / f"harbour-light.{ending}").read_text()
        room.write(f"lamp-{ending}.{ending}", text.replace(
            "learned to wait", f"learned to wait {ending}"))
        entries.append(shown(room.arrived(TITLE + f" {ending}")))
    assert entries[0] == entries[1] == entries[2]
    assert "Somebody else" not in entries[2]["content"]


@pytest.mark.parametrize("name", ["a.md", "a.markdown", "a.html", "a.HTM"])
def test_each_ending_is_read(room, name):
    room.write(name, "<h1>A title</h1>\n\n<p>Some <b>bold</b> text.</p>\n"
               if "h" in name.lower()[2:] else
               "# A title\n\nSome **bold** text.\n")
    entry = room.arrived("A title")
    assert "bold</" in entry.content[0].value


def test_other_files_are_passed_over(room):
    room.write("a.docx", "no")
    room.write("b.md", "# A title\n\nText.\n")
    room.arrived("A title")
    assert "a.docx" not in room.asides()


def test_links_are_absolute(room):
    room.write("a.md", "# A title\n\n[up](../b) [here](#there)\n\n"
               "<a href='javascript:x'>no</a> <script>x</script>\n")
    entry = room.arrived("A title")
    value = entry.content[0].value
    assert "javascript" not in value and "<script" not in value
    assert f'href="{entry.link}#there"' in value
    assert value.count('href="http') == 2
