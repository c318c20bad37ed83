"""What a newsroom says where people follow it, and what each text says of that.
"""
import time

import pytest

from articles import article
from desk import Desk
from office import desks_of

READY, SKIPPED = 1, 6
DAY = 24 * 60


@pytest.fixture
def make_desk(empty):
    with desks_of(Desk, empty) as make:
        yield make


def said(fields, title):
    """An article with front matter, in Markdown."""
    return f"---\n{fields}\n---\n# {article(title)}"


def nearly_always():
    """Quiet hours of all the day but a minute that is half a day away."""
    minute = int(time.time() / 60) + DAY // 2
    ends = [f"{m % DAY // 60}:{m % 60:02}" for m in (minute + 1, minute)]
    return "-".join(ends)


def test_an_article_has_its_own_words(make_desk):
    """They are the template there; the address stands behind them."""
    desk = make_desk()
    desk.room.write("a.md", said('push: { page: "Look: {headline}!" }',
                                  "A bridge opens"))
    post = desk.shows("A bridge opens")
    assert post.message == ("Look: A bridge opens!\n"
                            f"{desk.room.url}articles/a")


def test_an_article_may_stay_at_home(make_desk):
    desk = make_desk()
    desk.room.write("a.md", said("push: no", "A bridge opens"))
    desk.room.write("b.md", said("push: { page: no }", "Another bridge"))
    desk.room.settle()
    desk.room.write("c.txt", article("Witness"))
    desk.shows("Witness")
    assert len(desk.graph.posts) == 1


def test_a_page_has_its_languages_and_sections(make_desk):
    desk = make_desk(languages=["en"], sections=["Harbour"])
    desk.room.write("a.md", said("lang: de\nsection: Harbour", "In German"))
    desk.room.write("b.md", said("lang: en\nsection: Sports", "On sports"))
    desk.room.write("c.md", said("lang: de\npush: [ page ]", "All the same"))
    desk.room.settle()
    desk.room.write("d.md", said("lang: en\nsection: harbour", "A harbour"))
    desk.shows("A harbour")
    desk.shows("All the same")
    assert len(desk.graph.posts) == 2


def test_nobody_is_woken_but_by_what_is_urgent(make_desk):
    desk = make_desk(quiet=nearly_always())
    desk.room.write("a.txt", article("A bridge opens"))
    desk.room.settle()
    desk.room.write("b.md", said("urgent: yes", "The dam"))
    desk.shows("The dam")
    assert len(desk.graph.posts) == 1
    due, = desk.rows("SELECT due FROM delivery WHERE state = ?", READY)
    assert due[0] / 1000 > time.time() + 600


def test_what_comes_at_night_may_be_dropped(make_desk):
    desk = make_desk(quiet=nearly_always(), **{"quiet-drops": True})
    desk.room.write("a.txt", article("A bridge opens"))
    desk.settles(SKIPPED)
    assert "quiet hours" in desk.rows("SELECT why FROM delivery")[0][0]
    assert not desk.graph.posts


def test_an_edit_is_no_news(make_desk):
    desk = make_desk()
    desk.room.write("a.txt", article("A bridge opens"))
    desk.shows("A bridge opens")
    desk.room.write("a.txt", article("A bridge opens", body="Another body."))
    desk.room.settle()
    desk.room.write("b.txt", article("Witness"))
    desk.shows("Witness")
    assert len(desk.graph.posts) == 2
    assert not any(post.edits for post in desk.graph.posts)


def test_a_summary_is_plain_text(make_desk):
    """Whatever the article is written in."""
    desk = make_desk(template="{headline}\n{summary...}\n{url}")
    desk.room.write("a.md", article("# A bridge", body="It is **wide** & "
                                    "[long](https://x.example.net/)."))
    desk.room.write("b.html", "<title>A dam</title><h1>A dam</h1><p>It is "
                    "<b>high</b> &amp; <i>old</i>, says everybody here.</p>")
    assert "It is wide & long." in desk.shows("A bridge").message
    dam = desk.shows("A dam").message
    assert "It is high & old, says everybody here." in dam
    assert "<" not in dam and "&amp;" not in dam
