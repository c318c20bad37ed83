"""The life of an article, as a reader sees it: it appears, is edited, renamed,
deleted and restored; ids stay, and nothing is there twice."""
import os
import shutil
import time

from articles import SEED, article, part
from reader import Reader

ALL = "/feeds/all.atom"
SEEDS = "/feeds/series/guangdongs-solution-2024.atom"
WONDERS = "/feeds/series/small-wonders.atom"


def same_document(a, b):
    """Nothing that a reader or a cache could tell apart."""
    assert a.body == b.body
    for name in ("etag", "last-modified", "content-length"):
        assert a.headers[name] == b.headers[name]


def test_a_saved_article_appears_everywhere_it_belongs(room):
    room.write("clip.txt", part(1, "The paper clip"))
    entry = room.arrived("The paper clip", WONDERS)
    assert entry.title == "Small Wonders ① | The paper clip"
    assert entry.id == "tag:www.example.org,2024:clip"
    assert entry.author == "Ada Finch"
    assert room.arrived("The paper clip", ALL).id == entry.id
    assert room.get("/articles/clip").status == 200
    assert room.get("/series/small-wonders/").status == 200


def test_published_is_the_time_of_the_file(room):
    path = room.write("clip.txt", article("The paper clip"), age=86400)
    entry = room.arrived("The paper clip")
    when = time.gmtime(int(path.stat().st_mtime))
    assert entry.published_parsed[:6] == when[:6]
    assert entry.updated == entry.published


def test_a_copy_of_the_seed_is_another_article(room):
    shutil.copyfile(SEED, room.content / SEED.name)
    first = room.arrived("Sci-tech", SEEDS)
    shutil.copyfile(SEED, room.content / "copy.txt")
    room.until(lambda: len(room.entries(SEEDS)) == 2, "the copy")
    ids = {e.id for e in room.feed(SEEDS).entries}
    assert first.id in ids and len(ids) == 2
    assert "tag:www.example.org,2024:copy" in ids


def test_an_edit_keeps_the_id_and_moves_updated(room):
    reader = Reader(room, ALL)
    room.write("clip.txt", article("The paper clip"), age=3600)
    before = room.arrived("The paper clip")
    assert reader.poll() == [before.id]
    room.write("clip.txt", article("The paper clip", "It is bent."))
    after = room.until(
        lambda: (e := room.entry("The paper clip"))
        and "It is bent." in e.content[0].value and e, "the edit")
    assert after.id == before.id
    assert after.published == before.published
    assert after.updated > before.updated
    assert reader.poll() == []


def test_a_new_title_is_an_edit(room):
    room.write("clip.txt", article("The paper clip"), age=3600)
    before = room.arrived("The paper clip")
    room.write("clip.txt", article("The staple"))
    after = room.arrived("The staple")
    assert (after.id, after.published) == (before.id, before.published)
    assert after.link == before.link
    assert room.entry("The paper clip") is None


def test_an_edit_into_a_series_and_out_of_it(room):
    room.write("clip.txt", article("The paper clip"), age=3600)
    before = room.arrived("The paper clip")
    room.write("clip.txt", part(1, "The paper clip"))
    assert room.arrived("The paper clip", WONDERS).id == before.id
    room.write("clip.txt", article("The paper clip", "Alone again."))
    room.gone("The paper clip", WONDERS)
    assert room.entry("The paper clip").id == before.id


def test_equal_bytes_change_nothing(room):
    text = part(1, "The paper clip")
    room.write("clip.txt", text, age=3600)
    room.arrived("The paper clip", WONDERS)
    room.settle()
    before, rows = room.get(WONDERS), room.announced()
    os.utime(room.content / "clip.txt")
    room.settle()
    same_document(room.get(WONDERS), before)
    room.write("clip.txt", text)
    room.settle()
    same_document(room.get(WONDERS), before)
    room.overwrite("clip.txt", text)
    room.settle()
    same_document(room.get(WONDERS), before)
    assert room.get(WONDERS, If_None_Match=before.etag).status == 304
    assert room.announced() == rows


def test_blanks_and_line_ends_are_no_edit(room):
    text = part(1, "The paper clip")
    room.write("clip.txt", text, age=3600)
    before = room.arrived("The paper clip", WONDERS)
    room.write("clip.txt", text.replace("\n", "\r\n") + "\r\n\r\n")
    room.settle()
    assert room.entry("The paper clip", WONDERS).updated == before.updated


def test_a_rename_changes_nothing_that_a_reader_sees(room):
    room.write("clip.txt", part(1, "The paper clip"), age=3600)
    room.arrived("The paper clip", WONDERS)
    room.settle()
    before, everything = room.get(WONDERS), room.get(ALL)
    (room.content / "clip.txt").rename(room.content / "renamed.txt")
    room.settle()
    same_document(room.get(WONDERS), before)
    same_document(room.get(ALL), everything)
    shown = room.ctl("--json", "article", "renamed.txt").stdout
    assert "tag:www.example.org,2024:clip" in shown
    room.ctl("article", "clip.txt", code=4)


def test_a_rename_and_an_edit_keep_the_id(room):
    room.write("clip.txt", article("The paper clip"), age=3600)
    before = room.arrived("The paper clip")
    (room.content / "clip.txt").rename(room.content / "renamed.txt")
    room.overwrite("renamed.txt", article("The paper clip", "It is bent."))
    room.until(lambda: "It is bent." in
               room.entry("The paper clip").content[0].value, "the edit")
    assert room.entry("The paper clip").id == before.id


def test_the_old_name_of_a_renamed_file_makes_a_new_article(room):
    room.write("clip.txt", article("The paper clip"), age=3600)
    before = room.arrived("The paper clip")
    (room.content / "clip.txt").rename(room.content / "renamed.txt")
    room.settle()
    room.write("clip.txt", article("The staple"))
    after = room.arrived("The staple")
    assert after.id == before.id + "~2"
    assert after.link != before.link
    assert room.entry("The paper clip").id == before.id


def test_two_files_swap_their_names(room):
    """A path that exists keeps its article, so this is two edits, or two
    moves for a daemon that sees the steps; in no case two of anything."""
    room.write("a.txt", article("The paper clip"), age=3600)
    room.write("b.txt", article("The staple"), age=3600)
    room.arrived("The paper clip")
    room.arrived("The staple")
    (room.content / "a.txt").rename(room.content / "c.txt")
    (room.content / "b.txt").rename(room.content / "a.txt")
    (room.content / "c.txt").rename(room.content / "b.txt")
    room.settle()
    assert room.entry("The paper clip").id != room.entry("The staple").id
    assert len(room.entries()) == 2
    assert room.rows("SELECT count(*) FROM article WHERE state = 0") == [(2,)]


def test_a_deleted_article_leaves_and_comes_back_as_itself(room):
    reader = Reader(room, WONDERS)
    text = part(1, "The paper clip")
    room.write("pin.txt", part(2, "The pin"), age=3600)
    room.write("clip.txt", text, age=3600)
    clip = room.arrived("The paper clip", WONDERS)
    reader.poll()
    (room.content / "clip.txt").unlink()
    room.gone("The paper clip", WONDERS)
    room.gone("The paper clip", ALL)
    assert room.entry("The pin", WONDERS)
    assert room.get("/articles/clip").status == 410
    room.write("clip.txt", text, age=3600)
    back = room.arrived("The paper clip", WONDERS)
    assert (back.id, back.published) == (clip.id, clip.published)
    assert reader.poll() == []


def test_the_id_of_a_deleted_article_is_never_given_again(room):
    room.write("clip.txt", article("The paper clip"), age=3600)
    clip = room.arrived("The paper clip")
    (room.content / "clip.txt").rename(room.content / "gone.txt")
    room.settle()
    (room.content / "gone.txt").unlink()
    room.gone("The paper clip")
    room.write("clip.txt", article("The staple", "Quite another thing."))
    assert room.arrived("The staple").id not in (clip.id, None)


def test_a_related_part_that_arrives_is_linked_but_is_no_edit(room):
    related = "\nRelated links:\n\nSmall Wonders ② | The pin\n"
    room.write("clip.txt", part(1, "The paper clip") + related, age=3600)
    before = room.arrived("The paper clip", WONDERS)
    assert "<a href" not in before.content[0].value
    room.write("pin.txt", part(2, "The pin"), age=1800)
    pin = room.arrived("The pin", WONDERS)
    after = room.until(
        lambda: (e := room.entry("The paper clip", WONDERS))
        and f'<a href="{pin.link}"' in e.content[0].value and e, "the link")
    assert after.updated == before.updated
    (room.content / "pin.txt").unlink()
    room.gone("The pin", WONDERS)
    room.until(lambda: "<a href" not in room.entry(
        "The paper clip", WONDERS).content[0].value, "the link is gone")


def test_old_articles_are_kept_by_default(empty):
    room = empty
    room.configure(content=[{"dir": str(room.content)}])
    room.start()
    room.write("old.txt", article("The paper clip"), age=40 * 86400)
    room.write("new.txt", article("The staple"), age=3600)
    room.arrived("The paper clip")
    room.arrived("The staple")
    (room.content / "old.txt").unlink()
    (room.content / "new.txt").unlink()
    room.gone("The staple")
    room.settle()
    assert room.entry("The paper clip")
    assert "article kept" in room.log()
