"""Series that remember: weak titles that find each other, parts that are
missing, withdrawn or claimed twice, series that become one."""
import json

import pytest

from articles import article, part

HARBOUR = "/feeds/series/harbour-lights.atom"
TIDES = "/feeds/series/tide-tables.atom"
ALL = "/feeds/all.atom"


def titles(room, path):
    return sorted(e.title for e in room.entries(path))


def series(room, name):
    return json.loads(room.ctl("--json", "series", name).stdout)["series"]


def told(entries):
    return sorted((e.id, e.published, e.updated) for e in entries)


# ---- weak marks ----

def test_two_weak_titles_make_a_series(room):
    room.write("a.txt", article("Harbour lights 3 | Fog"))
    room.arrived("Fog")
    room.settle()
    assert room.get(HARBOUR).status == 404
    why = room.ctl("explain", room.content / "a.txt").stdout
    assert "waiting" in why
    before, announced = room.entry("Fog"), room.announced()

    room.write("b.txt", article("Harbour lights 4 | Ice"))
    room.arrived("Fog", HARBOUR)
    room.settle()
    assert titles(room, HARBOUR) == ["Harbour lights 3 | Fog",
                                     "Harbour lights 4 | Ice"]
    after = room.entry("Fog")
    assert told([after]) == told([before])
    # The first one is no news: only the second, and feeds, are announced.
    assert room.rows("SELECT count(*) FROM announce WHERE kind = 'article'"
                     f" AND seq > {announced}") == [(1,)]
    assert series(room, "Harbour lights")["missing"] == [1, 2]

    # For life: who stays does not fall out because the other goes.
    (room.content / "b.txt").unlink()
    room.gone("Ice")
    assert titles(room, HARBOUR) == ["Harbour lights 3 | Fog"]


def test_a_strong_part_takes_the_weak_ones_in(room):
    room.write("a.txt", article("Harbour lights 3 | Fog"))
    room.arrived("Fog")
    room.write("b.txt", article("Harbour lights ④ | Ice"))
    room.arrived("Fog", HARBOUR)
    room.write("c.txt", article("Harbour lights 5 | Thaw"))
    room.arrived("Thaw", HARBOUR)


def test_weak_titles_of_the_first_scan(empty):
    empty.write("a.txt", article("Harbour lights 3 | Fog"))
    empty.write("b.txt", article("Harbour lights 4 | Ice"))
    empty.write("c.txt", article("Lonely 4 | Ice"))
    empty.write("d.txt", article("Lonely 4 | Snow"))
    empty.write("e.txt", article("Named 2 | Rain"))
    empty.write("f.txt", article("Who names it") +
                "\nRelated links:\nNamed 2 | Rain\n")
    empty.start()
    assert len(titles(empty, HARBOUR)) == 2
    assert empty.get("/feeds/series/lonely.atom").status == 404
    assert titles(empty, "/feeds/series/named.atom") == ["Named 2 | Rain"]


def test_a_related_link_confirms(room):
    room.write("a.txt", article("Harbour lights 3 | Fog"))
    room.arrived("Fog")
    room.write("b.txt", article("Other news") +
               "\nRelated links:\nHarbour lights 3 | Fog\n")
    room.arrived("Fog", HARBOUR)


def test_a_bar_without_a_number_never_joins(room):
    room.write("a.txt", article("Harbour lights ④ | Ice"))
    room.write("b.txt", article("Harbour lights | Fog"))
    room.arrived("Fog")
    room.settle()
    assert len(titles(room, HARBOUR)) == 1


# ---- parts ----

def test_the_last_part_counts_again(room):
    room.write("a.txt", article("海港灯火（上）：起雾"))
    room.write("c.txt", article("海港灯火（下）：解冻"))
    room.arrived("解冻")
    room.settle()
    found = series(room, "海港灯火")
    assert (found["parts"], found["complete"]) == ([1, 2], True)
    room.write("b.txt", article("海港灯火（中）：结冰"))
    room.until(lambda: series(room, "海港灯火")["parts"] == [1, 2, 3])
    assert series(room, "海港灯火")["twice"] == []


def test_two_articles_claim_one_part(room):
    room.write("a.txt", article("Harbour lights ③ | Fog"))
    room.write("b.txt", article("Harbour lights ③ | Ice"))
    room.until(lambda: len(titles(room, HARBOUR)) == 2)
    room.settle()
    assert series(room, "harbour-lights")["twice"] == [3]
    assert room.log().count("two articles claim one part") == 1
    shown = room.ctl("series", "harbour-lights").stdout
    assert "a.txt" in shown and "b.txt" in shown
    assert "twice" in room.ctl("explain", room.content / "a.txt").stdout
    room.restart()
    assert room.log().count("two articles claim one part") == 1


def test_withdrawn_is_not_missing(room):
    for n in (1, 2, 4):
        room.write(f"{n}.txt", article(f"Harbour lights (part {n} of 5) | "
                                       f"Night {n}"))
    room.until(lambda: len(titles(room, HARBOUR)) == 3)
    found = series(room, "Harbour lights")
    assert (found["missing"], found["total"]) == ([3, 5], 5)
    (room.content / "2.txt").unlink()
    room.gone("Night 2")
    found = series(room, "Harbour lights")
    assert (found["parts"], found["missing"], found["withdrawn"]) == (
        [1, 4], [3, 5], [2])
    assert not found["complete"]
    for n in (3, 5):
        room.write(f"{n}.txt", article(f"Harbour lights (part {n} of 5) | "
                                       f"Night {n}"))
    room.until(lambda: series(room, "Harbour lights")["complete"])


def test_neighbours_and_missing_parts_on_pages(room):
    for n in (1, 2, 4):
        room.write(f"p{n}.txt", part(n, f"Night {n}"))
    room.until(lambda: len(titles(room, "/feeds/series/small-wonders.atom"))
               == 3)
    page = room.get("/articles/p2").body.decode()
    assert 'rel="prev" href="' + room.url + 'articles/p1"' in page
    assert 'rel="next" href="' + room.url + 'articles/p4"' in page
    assert 'rel="prev"' not in room.get("/articles/p1").body.decode()
    assert "Part 3: not here yet" in room.get(
        "/series/small-wonders/").body.decode()
    assert "Part 3: not here yet" in page


# ---- merging ----

def merge(room):
    room.configure(channels=[{"all": True}, {
        "series": "Tide tables", "aliases": ["Harbour lights"]}])


@pytest.mark.parametrize("restart", [False, True])
def test_two_series_become_one(room, restart):
    # The older one stays, whichever name the configuration prefers.
    room.write("a.txt", article("Harbour lights ① | Fog"))
    room.arrived("Fog", HARBOUR)
    was = room.feed(HARBOUR).feed.id
    room.write("b.txt", article("Tide tables ② | Ebb"))
    room.arrived("Ebb", TIDES)
    (room.content / "b.txt").touch()
    room.settle()
    before = told(room.feed(ALL).entries)
    announced = room.rows("SELECT count(*) FROM announce"
                          " WHERE kind = 'article'")
    merge(room)
    if restart:
        room.restart()
    else:
        room.ctl("reload")
    room.until(lambda: len(titles(room, HARBOUR)) == 2)
    room.settle()
    merged = room.feed(HARBOUR).feed
    assert (merged.id, merged.title) == (was, "Tide tables")
    assert told(room.feed(ALL).entries) == before
    assert room.rows("SELECT count(*) FROM announce"
                     " WHERE kind = 'article'") == announced

    def moved():
        for old, new in ((TIDES, HARBOUR), ("/series/tide-tables/",
                                            "/series/harbour-lights/")):
            answer = room.get(old)
            assert answer.status == 301, old
            assert answer.headers["location"].endswith(new)
        room.until(lambda: not [f for f in room.tree() if "tide-t" in f])

    moved()
    room.restart()
    moved()
    # A part under either name joins; also when the alias is taken back.
    room.configure()
    room.ctl("reload")
    room.write("c.txt", article("Tide tables ③ | Flood"))
    room.arrived("Flood", HARBOUR)
    moved()
    assert "tide-tables" in room.ctl("series", "tide-tables").stdout


def test_a_new_title_keeps_the_address(room):
    room.write("a.txt", article("Harbour lights ① | Fog"))
    room.arrived("Fog", HARBOUR)
    was = room.feed(HARBOUR).feed.id
    room.configure(channels=[{"all": True}, {
        "series": "Harbour lights", "title": "The lights of the harbour"}])
    room.ctl("reload")
    room.until(lambda: room.feed(HARBOUR).feed.title ==
               "The lights of the harbour")
    assert room.feed(HARBOUR).feed.id == was


# ---- gazettectl ----

def test_explain(room):
    room.write("a.txt", part(2, "The paper clip"))
    room.arrived("The paper clip")
    room.settle()
    why = json.loads(room.ctl("--json", "explain",
                              room.content / "a.txt").stdout)
    assert why["series"] == {"title": "Small Wonders",
                             "key": "small-wonders", "part": 2, "total": 0}
    assert why["headline"] == "The paper clip"
    assert why["topics"] == []
    assert [line["by"] for line in why["evidence"]] == ["marker"]
    room.write("b.txt", b"\xff\xfe\xff" * 3)
    room.until(lambda: room.asides())
    assert "set aside" in room.ctl("explain", "b.txt").stdout
    room.ctl("explain", "nowhere.txt", code=4)


def test_series_by_any_name(room):
    room.write("a.txt", part(2, "The paper clip"))
    room.arrived("The paper clip")
    for name in ("small-wonders", "Small Wonders", "SMALL wonders"):
        assert series(room, name)["slug"] == "small-wonders"
    assert "Small Wonders" in room.ctl("series").stdout
    room.ctl("series", "Large wonders", code=4)


# ---- related links ----

def linking(title, *listed):
    return article(title) + "\nRelated links:\n" + "\n".join(listed) + "\n"


def leads(room, title):
    """The addresses of an article's related links; None where there is none."""
    room.settle()
    path = room.rows("SELECT path FROM article WHERE title = "
                     f"'{title}'")[0][0]
    answer = room.ask(verb="article", path=path)["article"]
    return [r["url"] for r in answer["related"]]


SLIP = "How the old lighthouse got its new lmap"
MEANT = "How the old lighthouse got its new lamp"


@pytest.mark.parametrize("first", ["link", "target", "scan"])
def test_a_slip_in_a_related_title(empty, first):
    files = {"link.txt": linking("Who lists it", SLIP, "Story of 2024, and "
                                 "of nothing else"),
             "target.txt": article(MEANT),
             "other.txt": article("Story of 2025, and of nothing else")}
    if first != "scan":
        empty.start()
    for name in sorted(files, reverse=first == "target"):
        empty.write(name, files[name])
        if first != "scan":
            empty.settle()
    if first == "scan":
        empty.start()
    target = empty.url + "articles/target"
    assert leads(empty, "Who lists it") == [target, None]
    # A second one that is as near: nobody knows which is meant.
    empty.write("twin.txt", article("How the old lighthouse got its new lamb"))
    empty.settle()
    assert leads(empty, "Who lists it") == [None, None]
    (empty.content / "twin.txt").unlink()
    empty.gone("lamb")
    assert leads(empty, "Who lists it") == [target, None]
    # What is equal is certain.
    empty.write("exact.txt", article(SLIP))
    empty.settle()
    assert leads(empty, "Who lists it") == [empty.url + "articles/exact", None]


def test_a_late_target_and_a_withdrawn_one(room):
    room.write("a.txt", linking("Who lists it", "The lamp of the lighthouse"))
    room.arrived("Who lists it")
    room.settle()
    before, announced = room.entry("Who lists it"), room.announced()
    assert leads(room, "Who lists it") == [None]
    room.write("b.txt", article("The lamp of the lighthouse"))
    room.arrived("The lamp")
    assert leads(room, "Who lists it") == [room.url + "articles/b"]
    after = room.entry("Who lists it")
    assert told([after]) == told([before])
    assert room.rows("SELECT count(*) FROM announce WHERE kind = 'article'"
                     f" AND seq > {announced}") == [(1,)]
    assert [li for li in after.links if li.rel == "related"]
    (room.content / "b.txt").unlink()
    room.gone("The lamp")
    assert leads(room, "Who lists it") == [None]
    after = room.entry("Who lists it")
    assert not [li for li in after.links if li.rel == "related"]
    assert "The lamp of the lighthouse" in after.content[0].value


# ---- slips in the names of series ----

RIGHT, WRONG = "Lights of the Harbour", "Lights of the Harbuor"


def parts_of(room, *numbers, name=RIGHT):
    for n in numbers:
        room.write(f"p{n}.txt", part(n, f"What night {n} had in store",
                                     series=name))


def misspelt(room, n=4):
    room.write("slip.txt", part(n, f"What night {n} had in store",
                                series=WRONG))


@pytest.mark.parametrize("scan", [False, True])
def test_a_near_miss_is_told_with_its_fix(empty, scan):
    if not scan:
        empty.start()
    parts_of(empty, 1, 2)
    if not scan:
        empty.settle()
    misspelt(empty)
    if scan:
        empty.start()
    empty.settle()
    near, = empty.status()["near"]
    assert (near["path"], near["part"], near["series"]) == (
        "slip.txt", 4, RIGHT)
    line = f'- {{ series: "{RIGHT}", aliases: [ "{WRONG}" ] }}'
    assert line in near["fix"]
    for shown in (empty.ctl("status"), empty.ctl("series"),
                  empty.ctl("series", RIGHT)):
        assert line in shown.stdout
    assert empty.log().count("nearly a part of a series") == 1
    assert len(empty.entries("/feeds/series/lights-of-the-harbour.atom")) == 2
    # The fix is exact.
    empty.configure(channels=[{"all": True},
                              {"series": RIGHT, "aliases": [WRONG]}])
    empty.ctl("reload")
    empty.until(lambda: len(empty.entries(
        "/feeds/series/lights-of-the-harbour.atom")) == 3)
    assert empty.status()["near"] == []


@pytest.mark.parametrize("wrong, number", [
    ("Lights of the Harbour 2024", 4), (WRONG, 2)])
def test_no_near_miss(room, wrong, number):
    right = RIGHT + (" 2025" if "2024" in wrong else "")
    parts_of(room, 1, 2, name=right)
    room.settle()
    room.write("other.txt", part(number, "Another night", series=wrong))
    room.arrived("Another night")
    room.settle()
    assert room.status()["near"] == []


@pytest.mark.parametrize("order", ["slip-link", "link-slip", "scan"])
def test_a_related_link_confirms_a_near_miss(empty, order):
    feed = "/feeds/series/lights-of-the-harbour.atom"

    def link():
        empty.write("link.txt", linking(
            "Who lists it", f"{RIGHT} ④ | What night 4 had in store"))

    steps = [lambda: parts_of(empty, 1, 2), link, lambda: misspelt(empty)]
    if order == "slip-link":
        steps.reverse()
    if order != "scan":
        empty.start()
    for step in steps:
        step()
        if order != "scan":
            empty.settle()
    if order == "scan":
        empty.start()
    assert len(empty.entries(feed)) == 3
    assert empty.status()["near"] == []
    # It stays when it is saved again.
    empty.write("slip.txt", part(4, "What night 4 had in store",
                                 series=WRONG, body="It rained again."))
    empty.settle()
    assert len(empty.entries(feed)) == 3
    assert not empty.entries("/feeds/series/lights-of-the-harbuor.atom")
