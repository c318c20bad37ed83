"""gazettectl and the courier: who is told what, and the operator's hands in it.

What is shown must be what is sent, to the byte, and what is done must be done
once.
"""
import contextlib
import json
import sqlite3
import threading

import pytest

from articles import article
from office import FREE, Office, age
from peer import answer

MASKED = ("webhook-signature", "authorization")


@pytest.fixture
def office(empty):
    """A running newsroom with the target "app"."""
    office = Office(empty)
    try:
        empty.start()
        yield office
    finally:
        office.close()


def ask(office, *args, code=0):
    return json.loads(office.room.ctl("--json", *args, code=code).stdout)


def deliveries(office, *args):
    return ask(office, "outbox", *args)["deliveries"]


def shown(office, number):
    return ask(office, "outbox", "show", number)["delivery"]


def counts(office, target="app"):
    """How many of the target are in which state, but for none."""
    found = [c for c in ask(office, "outbox")["counts"]
             if c["target"] == target]
    return {k: n for c in found for k, n in c.items()
            if n and k not in ("target", "oldest")}


def target(office, name="app"):
    return next(t for t in ask(office, "targets", code=None)["targets"]
                if t["name"] == name)


def reaches(office, state, title):
    """Wait until the article's delivery is in that state; return it."""
    return office.room.until(
        lambda: next((d for d in deliveries(office, "--state", state)
                      if title in d["title"]), None), f"{title}: {state}")


def news(office, title, state="done"):
    office.room.write(f"{title}.txt", article(title))
    return reaches(office, state, title)


def parts(request):
    """A request as it is shown: its first line, its headers, its body."""
    head, _, body = request.partition("\n\n")
    first, *lines = head.split("\n")
    return first, dict(line.split(": ", 1) for line in lines), body


# ---- what there is ----

def test_an_outbox_that_is_new(office):
    assert ask(office, "outbox") == {
        "ok": True, "counts": [], "deliveries": [], "cut": False}
    assert "Nothing" in office.room.ctl("outbox").stdout


def test_what_is_done_is_counted_and_not_listed(office):
    done = news(office, "A bridge opens")
    assert counts(office) == {"done": 1}
    assert deliveries(office, "--target", "app") == []
    assert [d["id"] for d in deliveries(
        office, "--target", "app", "--state", "all")] == [done["id"]]
    assert deliveries(office, "--target", "nobody", "--state", "all") == []
    assert done["target"] == "app" and done["action"] == "published"
    assert done["tries"] == 1 and done["status"] == 204
    assert done["created"] <= done["started"] <= done["settled"]
    said = office.room.ctl("outbox", "--state", "done").stdout
    assert "A bridge opens" in said and "TARGET" in said


def test_a_long_outbox_has_pages(office):
    """What is over for long, as a store of some years has it."""
    news(office, "A bridge opens")
    office.room.stop()
    with contextlib.closing(sqlite3.connect(
            office.room.state / "courier.db")) as db:
        columns = [row[1] for row in db.execute("PRAGMA table_info(delivery)")
                   if row[1] not in ("id", "uid", "subject")]
        db.execute(
            f"INSERT INTO delivery (uid, subject, {', '.join(columns)})"
            f" WITH RECURSIVE i (n) AS (VALUES (1) UNION ALL SELECT n + 1"
            f" FROM i WHERE n < 2500) SELECT 'old' || n, 'old' || n,"
            f" {', '.join(columns)} FROM delivery, i WHERE subject = 'a1'")
        db.commit()
    office.room.start()
    found = deliveries(office, "--target", "app", "--state", "done")
    assert len(found) == len({d["id"] for d in found}) == 2501
    assert [d["id"] for d in found] == sorted(
        (d["id"] for d in found), reverse=True)
    said = office.room.ctl("outbox", "--state", "done").stdout
    assert "--json lists all" in said and said.count("A bridge") == 1000


def test_a_state_that_there_is_not(office):
    failed = office.room.ctl("outbox", "--state", "sent", code=2)
    assert "planned, ready" in failed.stderr
    # Whatever its letters are, what is cut is still text.
    for name in ("\u4e8b" * 200, "a" + "\u4e8b" * 200, "ab" + "\u4e8b" * 200):
        failed = office.room.ctl("outbox", "--state", name, code=2)
        assert "planned, ready" in failed.stderr
        failed = office.room.ctl("retry", name, code=4)
        assert "no target" in failed.stderr


@pytest.mark.parametrize("verb", [
    ("outbox", "show"), ("outbox", "approve"), ("retry",), ("release",),
    ("discard",)])
def test_a_delivery_that_there_is_not(office, verb):
    failed = office.room.ctl(*verb, "77", code=4)
    assert "there is no delivery 77" in failed.stderr


@pytest.mark.parametrize("verb", [
    ("retry",), ("release",), ("discard",), ("pause",), ("resume",),
    ("target", "test"), ("target", "auth")])
def test_a_target_that_there_is_not(office, verb):
    failed = office.room.ctl(*verb, "nobody", code=4)
    assert "nobody" in failed.stderr and "hint" in failed.stderr


def test_a_target_that_nobody_logs_in_for(office):
    failed = office.room.ctl("target", "auth", "app", code=1)
    assert "nobody has to log in" in failed.stderr
    assert "gazetted-targets(5)" in failed.stderr


# ---- what is sent is what is shown ----

def test_what_was_sent_is_shown_to_the_byte(office):
    done = news(office, "A bridge of \u96e8 opens")
    event = office.hook.taken()[0]
    one = shown(office, done["id"])
    first, headers, body = parts(one["request"])
    assert one["hash"] == one["sent_hash"]
    assert one["key"] == event.id
    assert first == f"POST {office.hook.url}"
    assert body.encode() == event.request.body
    for name, value in headers.items():
        if name.lower() not in MASKED:
            assert event.request.get(name.lower()) == value
    assert office.secret.removeprefix("whsec_") not in one["request"]
    said = office.room.ctl("outbox", "show", done["id"]).stdout
    assert one["sent_hash"] in said and "A bridge of" in said


def test_what_will_be_sent_is_shown_before(office):
    office.room.ctl("pause", "app")
    waiting = news(office, "A bridge opens", "ready")
    told = ask(office, "preview", office.room.content / "A bridge opens.txt")
    preview, = told["previews"]
    assert preview["id"] == waiting["id"] and preview["state"] == "ready"
    assert office.hook.got == []
    office.room.ctl("resume", "app")
    event = office.arrives("A bridge opens")
    assert parts(preview["request"])[2].encode() == event.request.body
    assert reaches(office, "done", "A bridge opens")["id"] == waiting["id"]


def test_a_preview_of_what_is_owed_to_nobody(empty):
    """What was there before the target; nothing is planned by looking."""
    empty.write("old.txt", article("An old bridge"))
    age(empty, 3600)
    office = Office(empty)
    try:
        empty.start()
        path = empty.content / "old.txt"
        preview, = ask(office, "preview", path)["previews"]
        assert "id" not in preview and preview["request"]
        same, = ask(office, "preview", path, "--target", "app")["previews"]
        assert same["target"] == "app"
        assert ask(office, "preview", path, "--target", "no", code=4)["error"]
        assert "app" in empty.ctl("preview", path).stdout
        empty.ctl("preview", "no.txt", code=4)
        assert counts(office) == {} and office.hook.got == []
    finally:
        office.close()


# ---- hands in it ----

def test_what_was_rejected_is_tried_again(office):
    office.hook.will(answer(413), answer(204))
    rejected = news(office, "A bridge opens", "rejected")
    assert rejected["status"] == 413 and "413" in rejected["error"]
    assert [d["id"] for d in deliveries(office)] == [rejected["id"]]
    told = ask(office, "retry", rejected["id"])
    assert told["changed"] == 1
    done = reaches(office, "done", "A bridge opens")
    assert done["id"] == rejected["id"] and done["asked"]
    assert len({e.id for e in office.hook.events}) == 1


def test_a_target_is_tried_again_with_all_that_failed(office):
    office.hook.will(answer(413), answer(413), answer(204))
    for title in ("A bridge opens", "A bridge closes"):
        news(office, title, "rejected")
    assert ask(office, "retry", "app")["changed"] == 2
    office.arrives("A bridge opens")
    office.arrives("A bridge closes")
    assert ask(office, "retry", "app")["changed"] == 0


def test_what_waits_for_its_next_try_is_tried_now(office):
    office.hook.will(answer(503, Retry_After="3000"), answer(204))
    office.room.write("a.txt", article("A bridge opens"))
    waits = office.room.until(
        lambda: [d for d in deliveries(office, "--state", "ready")
                 if d["tries"]], "a try that failed")[0]
    assert waits["due"] > waits["created"] + 2000
    office.room.ctl("retry", waits["id"])
    reaches(office, "done", "A bridge opens")


def test_what_is_discarded_is_never_sent(office):
    office.room.ctl("pause", "app")
    for title in ("One", "Two", "Three"):
        news(office, title, "ready")
    one = reaches(office, "ready", "One")
    assert ask(office, "discard", one["id"])["changed"] == 1
    asked = ask(office, "discard", "app")
    assert asked["changed"] == 2 and "--yes" in asked["note"]
    assert counts(office) == {"ready": 2, "skipped": 1}
    assert ask(office, "discard", "app", "--yes")["changed"] == 2
    assert counts(office) == {"skipped": 3}
    office.room.ctl("resume", "app")
    office.quiet()
    assert [title for _, title in office.told()] == ["Witness"]
    failed = office.room.ctl("discard", one["id"], code=1)
    assert "skipped" in failed.stderr


def test_a_target_that_is_paused_keeps_what_comes(office):
    assert ask(office, "pause", "app")["changed"] == 1
    news(office, "A bridge opens", "ready")
    state = target(office)
    assert state["state"] == "paused"
    assert state["waits"] == 1 and state["why"]
    office.room.stop()
    office.room.start()
    assert office.hook.got == []
    assert ask(office, "resume", "app")["changed"] == 1
    office.arrives("A bridge opens")
    reaches(office, "done", "A bridge opens")
    state = target(office)
    assert (state["state"], state["waits"], state["done"]) == ("active", 0, 1)
    assert state["last"] > 0
    assert "app" in office.room.ctl("targets").stdout


def test_the_status_tells_of_targets(office):
    office.hook.will(answer(410))       # "gone": it wants no more
    office.room.write("a.txt", article("A bridge opens"))
    office.room.until(lambda: target(office)["state"] == "held", "a hold")
    told = ask(office, "status", code=1)
    assert not told["healthy"] and "app" in told["summary"]
    assert told["pushing"]["targets"]
    said = office.room.ctl("status", code=1).stdout
    assert "deliveries: 1 waiting" in said and "held" in said
    office.hook.will(answer(204))
    office.room.ctl("resume", "app")
    office.arrives("A bridge opens")
    assert "all is well" in office.room.ctl("status").stdout


def test_somebody_has_to_say_yes(empty):
    office = Office(empty, approval="manual")
    try:
        empty.start()
        waits = news(office, "A bridge opens", "planned")
        news(office, "A bridge closes", "planned")
        assert "approval" in empty.ctl("outbox").stdout
        assert office.hook.got == []
        told = ask(office, "outbox", "approve", waits["id"])
        assert told["changed"] == 1
        office.arrives("A bridge opens")
        office.room.ctl("outbox", "approve", waits["id"], code=1)
        assert counts(office) == {"done": 1, "planned": 1}
    finally:
        office.close()


@pytest.fixture
def doubtful(empty):
    """A target of whose deliveries nobody knows what became."""
    office = Office(empty)
    office.configure(targets=[{
        "name": "doubt", "type": "fail", "applied": "unknown", **FREE}])
    try:
        empty.start()
        yield office
    finally:
        office.close()


def test_what_nobody_knows_somebody_says(doubtful):
    office, room = doubtful, doubtful.room
    doubt = news(office, "A bridge opens", "unknown")
    assert doubt["id"] in [d["id"] for d in deliveries(office)]
    assert "failed" in room.ctl("resolve", doubt["id"], "maybe",
                                code=2).stderr
    room.ctl("resolve", doubt["id"], code=2)
    assert ask(office, "resolve", doubt["id"], "done")["changed"] == 1
    done = reaches(office, "done", "A bridge opens")
    assert done["id"] == doubt["id"] and done["sent"] == 1
    room.ctl("resolve", doubt["id"], "done", code=1)


def test_what_did_not_arrive_is_sent_again(doubtful):
    office = doubtful
    doubt = news(office, "A bridge opens", "unknown")
    assert doubt["sent"] == 1
    assert ask(office, "resolve", doubt["id"], "failed")["changed"] == 1
    office.room.until(lambda: shown(office, doubt["id"])["sent"] == 2,
                      "a second time")


# ---- what no announcement makes owed ----

def test_an_article_is_sent_again_when_that_is_said(office):
    done = news(office, "A bridge opens")
    path = office.room.content / "A bridge opens.txt"
    office.room.ctl("post", path, code=2)
    failed = office.room.ctl("post", path, "--target", "app", code=1)
    assert f"delivery {done['id']}" in failed.stderr
    assert "--again" in failed.stderr
    told = ask(office, "post", path, "--target", "app", "--again")
    assert told["changed"] == 1
    office.room.until(lambda: len(office.hook.taken()) == 2, "the second")
    first, second = office.hook.taken()
    assert first.id != second.id
    assert first.data["article"]["id"] == second.data["article"]["id"]


def test_what_was_there_before_is_sent_when_that_is_said(empty):
    for n in range(3):
        empty.write(f"{n}.txt", article(
            f"Old bridge {n}", body=f"Date: 2024-05-1{n}"))
    age(empty, 3600)
    office = Office(empty)
    try:
        empty.start()
        span = ("--target", "app", "--from", "2024-05-10", "--to",
                "2024-05-12", "--rate", "1000/m")
        asked = ask(office, "backfill", *span)
        assert asked["changed"] == 2 and "--yes" in asked["note"]
        assert counts(office) == {}
        assert ask(office, "backfill", *span, "--yes")["changed"] == 2
        office.arrives("Old bridge 0")
        office.arrives("Old bridge 1")
        assert [t for _, t in office.told()] == ["Old bridge 0",
                                                 "Old bridge 1"]
        assert ask(office, "backfill", *span)["changed"] == 0
        for wrong in (("--from", "May"), ("--to", "2024-05-01"),
                      ("--rate", "often"), ("--target", "nobody")):
            code = 4 if wrong[0] == "--target" else 2
            empty.ctl("backfill", *span, *wrong, code=code)
    finally:
        office.close()


# ---- trying a target ----

def test_a_target_that_works_is_tried(office):
    told = ask(office, "target", "test", "app")
    assert told["delivery"]["state"] == "done" and told["healthy"]
    assert [e.type for e in office.hook.taken()] == ["ping"]
    assert "done" in office.room.ctl("target", "test", "app").stdout
    assert len({e.id for e in office.hook.taken()}) == 2


def test_a_target_that_does_not_work_is_tried(office):
    office.hook.will(answer(403, "no entrance"))
    told = ask(office, "target", "test", "app", code=1)
    assert told["delivery"]["status"] == 403
    assert not told["healthy"]


def test_a_target_that_is_paused_is_not_tried_now(office):
    office.room.ctl("pause", "app")
    told = ask(office, "target", "test", "app", code=1)
    assert "paused" in told["note"]
    assert office.hook.got == []


# ---- at the end ----

def test_who_asks_while_it_stops_is_answered_or_refused(office):
    """The courier goes when nobody is being told of it any more."""
    office.room.ctl("pause", "app")
    for n in range(30):
        office.room.write(f"{n}.txt", article(f"Number {n}"))
    office.room.until(lambda: counts(office).get("ready", 0) >= 30,
                      "30 articles")
    stopping, answers = threading.Event(), []
    one = str(deliveries(office, "--state", "ready")[0]["id"])
    asked = [{"verb": "outbox", "state": "all"}, {"verb": "targets"},
             {"verb": "retry", "path": "app"},
             {"verb": "preview", "path": "1.txt"},
             {"verb": "outbox show", "path": one}]

    def keep_asking(request):
        while not stopping.is_set():
            try:
                answers.append(office.room.ask(**request))
            except (OSError, ValueError):
                continue
    threads = [threading.Thread(target=keep_asking, args=(r,))
               for r in asked * 3]
    for thread in threads:
        thread.start()
    office.room.until(lambda: len(answers) > 50, "answers")
    try:
        office.room.stop()
    finally:
        stopping.set()
        for thread in threads:
            thread.join()
    assert [a for a in answers if not a["ok"]] == []


# ---- when nothing is pushed ----

def test_where_nothing_is_pushed_that_is_said(room):
    failed = room.ctl("outbox", code=4)
    assert "nothing is pushed" in failed.stderr and "hint" in failed.stderr
