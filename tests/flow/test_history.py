"""What becomes of articles after they were published: corrections, drafts,
embargoes, withdrawals, deletions that are held."""
import json
import time

from articles import article, part
from feedcheck import NS, instant, text

ALL = "/feeds/all.atom"
WONDERS = "/feeds/series/small-wonders.atom"
AT = {"at": "http://purl.org/atompub/tombstones/1.0", **NS}


def say(room, name, **fields):
    """Write the sidecar of an article."""
    lines = "".join(f"{k.replace('_', '-')}: {v}\n" for k, v in fields.items())
    room.write(name.replace(".txt", ".meta.yaml"), lines)


def unsay(room, name):
    room.path(name.replace(".txt", ".meta.yaml")).unlink()


def tombstones(room, path=ALL):
    return {t.get("ref"): t.get("when")
            for t in room.document(path).iterfind("at:deleted-entry", AT)}


def shown(room, path):
    return json.loads(room.ctl("--json", "article", path).stdout)["article"]


def status(room, code=0):
    return json.loads(room.ctl("--json", "status", code=code).stdout)


def actions(room):
    return [a for (a,) in room.rows("SELECT action FROM announce"
                                    " WHERE kind = 'article' ORDER BY seq")]


def on_delete(room, policy):
    room.configure(content=[{"dir": str(room.content), "on-delete": policy,
                             "permalink": "/articles/{stem}"}])


def utc(when):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(when))


# ---- edits ----

def test_a_correction_is_told_apart_and_shown(room):
    room.write("clip.txt", article("The paper clip"), age=3600)
    before = room.arrived("The paper clip")
    say(room, "clip.txt", correction="It rained on Tuesday, not Monday.")
    after = room.until(
        lambda: (e := room.entry("The paper clip"))
        and "on Tuesday" in e.content[0].value and e, "the correction")
    assert after.content[0].value.startswith(
        "<p><strong>Correction:</strong> It rained on Tuesday")
    assert after.updated > before.updated
    assert after.id == before.id
    room.until(lambda: actions(room) == ["published", "corrected"], "rows")
    assert b"not Monday" in room.get("/articles/clip").body


def test_a_correction_in_the_text_is_not_doubled(room):
    room.write("clip.txt", article("The paper clip")
               + "\nCorrection: It rained on Tuesday.\n")
    entry = room.arrived("The paper clip")
    assert entry.content[0].value.count("It rained on Tuesday") == 1


def test_a_minor_edit_leaves_updated(room):
    room.write("clip.txt", article("The paper clip"), age=3600)
    say(room, "clip.txt", minor="yes")
    before = room.arrived("The paper clip")
    room.settle()
    room.write("clip.txt", article("The paper clip", "A comma, moved."))
    after = room.until(
        lambda: (e := room.entry("The paper clip"))
        and "A comma, moved" in e.content[0].value and e, "the edit")
    assert after.updated == before.updated
    room.until(lambda: actions(room)[-1] == "minor", "the row")


def test_updated_as_the_article_says_it(room):
    room.write("clip.txt", article("The paper clip"), age=3600)
    room.arrived("The paper clip")
    when = int(time.time()) - 60
    say(room, "clip.txt", updated=utc(when), correction="Bent.")
    room.until(lambda: room.entry("The paper clip").updated == utc(when),
               "the date")


# ---- drafts and embargoes ----

def test_a_draft_has_no_id_and_is_nowhere(room):
    say(room, "clip.txt", draft="yes")
    room.write("clip.txt", article("The paper clip"))
    room.write("pin.txt", article("The pin"))
    room.arrived("The pin")
    room.settle()
    assert room.entry("The paper clip") is None
    assert room.get("/articles/clip").status == 404
    assert room.rows("SELECT count(*) FROM article") == [(1,)]
    assert shown(room, "clip.txt")["state"] == "draft"
    assert status(room)["drafts"] == 1
    assert "draft" in room.ctl("article", "clip.txt").stdout
    unsay(room, "clip.txt")
    assert room.arrived("The paper clip").id.endswith(":clip")
    room.until(lambda: status(room)["drafts"] == 0, "no draft")


def test_a_published_article_that_becomes_a_draft_comes_back(room):
    room.write("clip.txt", part(1, "The paper clip"), age=3600)
    before = room.arrived("The paper clip")
    say(room, "clip.txt", draft="yes")
    room.gone("The paper clip")
    assert room.get("/articles/clip").status == 410
    # It moves meanwhile, and is still the same.
    room.settle()
    say(room, "bent.txt", draft="yes")
    room.path("clip.txt").rename(room.path("bent.txt"))
    unsay(room, "clip.txt")
    room.settle()
    assert room.entry("The paper clip") is None
    unsay(room, "bent.txt")
    after = room.arrived("The paper clip", WONDERS)
    assert (after.id, after.published) == (before.id, before.published)
    room.until(lambda: actions(room) == ["published", "withdrawn",
                                         "restored"], "rows")


def test_an_embargo_ends_at_its_second(room):
    release = int(time.time()) + 4
    say(room, "clip.txt", embargo=utc(release))
    related = "\nRelated links:\n\nThe paper clip\n"
    room.write("clip.txt", article("The paper clip"))
    room.write("pin.txt", article("The pin") + related)
    room.arrived("The pin")
    room.settle()
    assert shown(room, "clip.txt")["waits_until"] == release
    assert status(room)["next_release"] == release
    assert "embargoed" in room.ctl("status").stdout
    assert b"<a href" not in room.get("/articles/pin").body.split(
        b"Related links")[1].split(b"</ul>")[0]
    while time.time() < release - 0.1:
        assert room.entry("The paper clip") is None
        assert room.get("/articles/clip").status == 404
        time.sleep(0.2)
    entry = room.arrived("The paper clip")
    late = time.time() - release
    assert late < 3
    assert entry.published == utc(release)
    assert entry.id.endswith(":clip")
    assert status(room)["embargoed"] == 0


def test_a_date_in_the_future_waits_through_a_restart(room):
    release = int(time.time()) + 5
    room.write("clip.txt", article("The paper clip") + f"\nDate: "
               f"{utc(release)}\n")
    room.until(lambda: status(room)["embargoed"] == 1, "it waits")
    room.kill()
    room.start()
    assert room.entry("The paper clip") is None
    entry = room.arrived("The paper clip")
    assert time.time() >= release
    assert entry.published == utc(release)


def test_a_release_that_was_slept_through(room):
    release = int(time.time()) + 2
    say(room, "clip.txt", embargo=utc(release))
    room.write("clip.txt", article("The paper clip"))
    room.until(lambda: status(room)["embargoed"] == 1, "it waits")
    room.stop()
    time.sleep(max(0, release + 1 - time.time()))
    room.start()
    assert room.arrived("The paper clip").published == utc(release)


def test_an_embargo_that_moves(room):
    say(room, "clip.txt", embargo=utc(time.time() + 3600))
    room.write("clip.txt", article("The paper clip"))
    room.until(lambda: status(room)["embargoed"] == 1, "it waits")
    release = int(time.time()) + 2
    say(room, "clip.txt", embargo=utc(release))
    assert room.arrived("The paper clip").published == utc(release)


def test_many_at_one_second_after_a_first_scan(empty):
    """What a newsroom had before gazetted came waits too."""
    room = empty
    room.write("_defaults.meta.yaml", "section: News\n")
    release = int(time.time()) + 8
    for i in range(40):
        room.write(f"later/a{i:02}.txt", article(f"Number {i:02}"), age=3600)
    room.write("later/_defaults.meta.yaml", f"embargo: {utc(release)}\n")
    room.write("draft.md", "---\ndraft: yes\n---\n\n# A draft\n\nText.\n")
    room.write("pin.txt", article("The pin"), age=3600)
    room.start()
    assert time.time() < release, "the machine is too slow for this"
    assert [e.title for e in room.entries()] == ["The pin"]
    assert status(room)["embargoed"] == 40
    assert status(room)["drafts"] == 1
    room.until(lambda: len(room.entries()) == 41, "all of them")
    assert time.time() >= release
    assert room.log().count("batch files=") <= 20
    assert {e.published for e in room.entries()
            if "Number" in e.title} == {utc(release)}


# ---- withdrawals ----

def test_withdrawn_by_its_metadata(room):
    room.write("clip.txt", part(1, "The paper clip", body="A secret."),
               age=3600)
    room.write("pin.txt", part(2, "The pin") + "\nRelated links:\n\n"
               "Small Wonders ① | The paper clip\n", age=3600)
    before = room.arrived("The paper clip", WONDERS)
    room.arrived("The pin", WONDERS)
    room.settle()
    say(room, "clip.txt", withdrawn="yes")
    room.gone("The paper clip", WONDERS)
    room.settle()
    page = room.get("/articles/clip")
    assert page.status == 410 and b"secret" not in page.body
    for name, body in room.tree().items():
        if name.endswith(".atom"):
            assert b"A secret" not in body, name
    assert "<a href" not in room.entry("The pin").content[0].value
    when = tombstones(room)[before.id]
    assert instant(when) > instant(before.updated)
    # A complete feed says it by itself, and without another namespace.
    assert not tombstones(room, WONDERS)
    assert b"tombstones" not in room.get(WONDERS).body
    assert room.feed(ALL).entries
    say(room, "clip.txt", withdrawn="no")
    assert room.arrived("The paper clip", WONDERS).id == before.id
    assert b"tombstones" not in room.get(ALL).body


def test_tombstones_are_the_same_after_a_restart(room):
    room.write("clip.txt", article("The paper clip"), age=3600)
    room.write("pin.txt", article("The pin"), age=3600)
    room.arrived("The paper clip")
    room.arrived("The pin")
    room.path("clip.txt").unlink()
    room.gone("The paper clip")
    room.settle()
    before = room.get(ALL)
    assert len(tombstones(room)) == 1
    room.restart()
    assert room.get(ALL).body == before.body


def test_withdraw_and_publish_outlive_a_kill(room):
    room.write("clip.txt", article("The paper clip"), age=3600)
    room.write("pin.txt", article("The pin"), age=3600)
    before = room.arrived("The paper clip")
    room.arrived("The pin")
    room.ctl("withdraw", room.path("clip.txt"))
    # It is done when it is answered.
    assert room.entry("The paper clip") is None
    assert b"paper clip" not in room.tree()["feeds/all.atom"]
    assert room.get("/articles/clip").status == 410
    assert "gazettectl publish" in room.ctl("article", "clip.txt").stdout
    room.kill()
    room.start()
    room.write("clip.txt", article("The paper clip", "It is bent."))
    room.path("clip.txt").rename(room.path("bent.txt"))
    room.ctl("rescan")
    room.settle()
    assert room.entry("The paper clip") is None
    room.ctl("publish", "bent.txt")
    room.kill()
    room.start()
    after = room.arrived("The paper clip")
    assert (after.id, after.published) == (before.id, before.published)
    assert "It is bent" in after.content[0].value


def test_a_kept_article_is_withdrawn_and_published(empty):
    room = empty
    on_delete(room, "keep")
    room.start()
    room.write("clip.txt", article("The paper clip"), age=3600)
    before = room.arrived("The paper clip")
    room.path("clip.txt").unlink()
    room.until(lambda: "article kept" in room.log(), "it is kept")
    room.ctl("withdraw", "clip.txt")
    assert room.entry("The paper clip") is None
    room.ctl("publish", "clip.txt")
    assert room.entry("The paper clip").id == before.id
    room.ctl("withdraw", "nothing.txt", code=4)


def test_publish_is_only_for_what_was_withdrawn_so(room):
    room.write("clip.txt", article("The paper clip"), age=3600)
    room.arrived("The paper clip")
    room.path("clip.txt").unlink()
    room.gone("The paper clip")
    assert "was not withdrawn by" in room.ctl("publish", "clip.txt",
                                              code=1).stderr


# ---- deletions that are held ----

def fill(room, n):
    for i in range(n):
        room.write(f"a{i:02}.txt", article(f"Number {i:02}"), age=3600)
    room.until(lambda: status(room)["articles"] == n, "all articles")
    room.settle()


def test_ask_holds_a_deletion_until_it_is_confirmed(empty):
    room = empty
    on_delete(room, "ask")
    room.start()
    fill(room, 3)
    room.path("a00.txt").unlink()
    room.path("a01.txt").unlink()
    room.until(lambda: status(room)["held"]["ask"] == 2, "they are held")
    assert len(room.entries()) == 3
    assert shown(room, "a00.txt")["held"] == "ask"
    assert "confirm" in room.ctl("status").stdout
    room.ctl("confirm", "a00.txt")
    room.gone("Number 00")
    assert room.entry("Number 01")
    room.restart()
    assert room.entry("Number 01")
    room.ctl("confirm")
    room.gone("Number 01")
    room.until(lambda: status(room)["held"]["ask"] == 0, "nothing is held")
    assert len(room.entries()) == 1


def test_a_mass_deletion_is_held_and_confirmed(room):
    fill(room, 30)
    before = room.get(ALL)
    for i in range(12):
        room.path(f"a{i:02}.txt").unlink()
    room.until(lambda: "deletions are held" in room.log(), "the event")
    answer = status(room, code=1)
    assert answer["held"]["guard"] == 12 and not answer["healthy"]
    assert "gazettectl confirm" in answer["summary"]
    assert room.get(ALL).body == before.body
    room.kill()
    room.start()
    assert len(room.entries()) == 30
    # More of them are held too.
    room.path("a12.txt").unlink()
    room.until(lambda: status(room, code=1)["held"]["guard"] == 13, "one more")
    room.ctl("confirm")
    room.until(lambda: len(room.entries()) == 17, "all of them leave")
    room.until(lambda: status(room)["held"]["guard"] == 0, "well again")
    # Confirmed, they count no more.
    room.path("a13.txt").unlink()
    room.gone("Number 13")
    assert len(tombstones(room)) == 14


def test_files_that_come_back_end_the_hold(room):
    fill(room, 30)
    before = room.get(ALL)
    away = room.home / "away"
    away.mkdir()
    for i in range(15):
        room.path(f"a{i:02}.txt").rename(away / f"a{i:02}.txt")
    room.until(lambda: status(room, code=None)["held"]["guard"] == 15, "held")
    for i in range(15):
        (away / f"a{i:02}.txt").rename(room.path(f"a{i:02}.txt"))
    room.until(lambda: status(room, code=None)["held"]["guard"] == 0, "back")
    status(room)
    room.settle()
    assert room.get(ALL).body == before.body
    assert "held no more" in room.log()


def test_held_files_that_only_moved(room):
    """They come back under other names: nothing was deleted at all."""
    fill(room, 30)
    ids = {e.id for e in room.entries()}
    away = room.home / "away"
    away.mkdir()
    for i in range(15):
        room.path(f"a{i:02}.txt").rename(away / f"a{i:02}.txt")
    room.until(lambda: status(room, code=None)["held"]["guard"] == 15, "held")
    away.rename(room.path("kept"))
    room.until(lambda: status(room, code=None)["held"]["guard"] == 0, "back")
    room.settle()
    assert {e.id for e in room.entries()} == ids


def test_a_move_of_everything_is_no_deletion(room):
    fill(room, 30)
    before = room.get(ALL)
    room.path("old").mkdir()
    for i in range(30):
        room.path(f"a{i:02}.txt").rename(room.path(f"old/a{i:02}.txt"))
    room.settle()
    assert room.get(ALL).body == before.body
    assert "deletions are held" not in room.log()


def test_many_but_not_too_many(room):
    fill(room, 60)
    for i in range(11):
        room.path(f"a{i:02}.txt").unlink()
    room.until(lambda: room.rows("SELECT count(*) FROM article"
                                 " WHERE state = 1") == [(11,)], "they leave")
    assert "deletions are held" not in room.log()
    # One by one, too many within ten minutes are too many.
    room.path("a11.txt").unlink()
    room.gone("Number 11")
    room.path("a12.txt").unlink()
    room.until(lambda: "deletions are held" in room.log(), "held")
    assert room.entry("Number 12")
