"""Rules that change while the daemon runs: old articles find their channels,
keep their ids and dates, and are not news again."""
from articles import article

ALL = "/feeds/all.atom"
RAIN = "/feeds/topics/rain.atom"
TIDES = "/feeds/series/tide-tables.atom"


# Enough that a changed rule takes a while; of each weather there are FEW, so
# that a feed has room for all of them.
COUNT, FEW = 400, 40
WEATHER = ["It rained.", "The sun shone."] + ["It was dull."] * 8


def told(entries):
    """What a reader keeps of an entry: when it changes, it is news."""
    return [(e.id, e.published, e.updated) for e in entries]


def put_in_force(room, *channels, **rest):
    room.configure(channels=[{"all": True}, *channels], **rest)
    room.ctl("reload")


def has(room, path, count):
    """Until so many entries are in a feed; a feed that is not there has none."""
    room.until(lambda: len(room.entries(path)
                           if room.get(path).status == 200 else []) == count,
               f"{count} entries in {path}")


def write_old(room):
    for i in range(COUNT):
        room.write(f"a{i}.txt", article(f"Story {i:03}", WEATHER[i % 10]),
                   age=86400 + i)
    room.start()


def test_a_new_topic_takes_old_articles_which_are_no_news(empty):
    write_old(empty)
    before = told(empty.feed(ALL).entries)
    rain = {"topic": "rain", "match": {"body-matches": r"\brain(s|ed)\b"}}
    put_in_force(empty, rain)
    assert "the rules changed" in empty.status()["summary"]
    has(empty, RAIN, FEW)
    was = {e[0]: e for e in told(empty.feed(RAIN).entries)}
    assert all(was.get(e[0], e) == e for e in before)
    empty.until(lambda: empty.status()["dirty"] == 0, "all are read")
    assert told(empty.feed(ALL).entries) == before

    # The rule changes: others are in it.
    rain["match"] = {"body": "sun"}
    put_in_force(empty, rain)
    empty.until(lambda: all("sun" in e.content[0].value for e in
                            empty.feed(RAIN).entries), "the other rule")
    has(empty, RAIN, FEW)
    assert told(empty.feed(ALL).entries) == before

    # The topic goes: nobody is in it, and nothing else changes.
    put_in_force(empty)
    has(empty, RAIN, 0)
    assert told(empty.feed(ALL).entries) == before


def test_a_series_that_is_written_down_takes_weak_titles(empty):
    empty.write("a.txt", article("Tide tables 2 | Ebb"), age=86400)
    empty.write("b.txt", article("Water level no. three - Flood"), age=86400)
    empty.write("c.txt", article("Sea tables ④ | Storm"), age=86400)
    empty.write("d.txt", article("Tide tables ⑤ | Quiz"), age=86400)
    empty.start()
    before = told(empty.feed(ALL).entries)
    has(empty, "/feeds/series/sea-tables.atom", 1)
    put_in_force(empty, {
        "series": "Tide tables", "aliases": ["Sea tables"], "total": 5,
        "match": r"^Water level no\. (\w+)", "never": "Quiz"})
    # The series are merged before the articles are read by the new rules.
    wanted = {"Tide tables 2 | Ebb", "Water level no. three - Flood",
              "Sea tables ④ | Storm"}
    empty.until(lambda: {e.title for e in empty.entries(TIDES)} == wanted)
    assert sorted(told(empty.feed(ALL).entries)) == sorted(before)


def test_what_is_never_a_series(empty):
    empty.configure(**{"no-series": [r"^Corrected\b"]})
    empty.write("a.txt", article("Corrected: Tide tables ② | Ebb"), age=60)
    empty.write("b.txt", article("Tide tables ② | Ebb"), age=60)
    empty.start()
    has(empty, TIDES, 1)
    assert empty.get("/feeds/series/corrected-tide-tables.atom").status == 404


def test_a_pattern_that_takes_ages_holds_nothing_up(empty):
    empty.configure(channels=[{"topic": "slow", "match": {"any": [
        {"body-matches": "(a+)+$"}, {"title": "Bystander"}]}}])
    empty.write("a.txt", article("Slow", "a" * 60000 + "!"), age=60)
    empty.write("b.txt", article("Bystander"), age=60)
    empty.start()
    has(empty, "/feeds/topics/slow.atom", 1)
