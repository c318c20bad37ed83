"""What survives: a restart, a change while nobody looked, a lost database."""
import subprocess
import time

import pytest

import newsroom
from articles import article, part
from reader import Reader

ALL = "/feeds/all.atom"
WONDERS = "/feeds/series/small-wonders.atom"


def fill(room, count=5):
    """A few parts of a series, one of them renamed since."""
    for n in range(1, count + 1):
        room.write(f"w{n}.txt", part(n, f"Wonder {n}"), age=3600 * n)
    room.until(lambda: len(room.entries(WONDERS)) == count, "the series")
    (room.content / "w1.txt").rename(room.content / "renamed.txt")
    room.settle()
    # Versions that follow each other fast lie ahead of the clock, and are
    # dated "now" until it has caught up.
    for path in (ALL, WONDERS):
        room.until(lambda: (h := room.get(path).headers)
                   and h["last-modified"] != h["date"], "an old version")


def picture(room):
    """All that readers and caches can tell apart."""
    return {path: (a.etag, a.headers["last-modified"], a.body)
            for path in (ALL, WONDERS) for a in [room.get(path)]}


def test_a_restart_changes_nothing(room):
    fill(room)
    before, rows = picture(room), room.announced()
    files = {p: p.stat().st_mtime_ns
             for p in room.www.rglob("*") if p.is_file()}
    for _ in range(3):
        room.restart()
        assert picture(room) == before
    assert room.announced() == rows, "told twice"
    assert files == {p: p.stat().st_mtime_ns
                     for p in room.www.rglob("*") if p.is_file()}


def test_a_kill_changes_nothing(room):
    fill(room)
    before, rows = picture(room), room.announced()
    room.kill()
    room.start()
    assert picture(room) == before
    assert room.announced() == rows


def test_it_serves_before_it_has_looked(room):
    """What was published can be read while the content is compared."""
    fill(room)
    before = picture(room)
    room.stop()
    room.content.rename(room.home / "away")
    room.spawn()
    room.until(lambda: room.status(), "it answers")
    assert picture(room) == before
    (room.home / "away").rename(room.content)
    room.settle()
    assert picture(room) == before


def test_what_happened_meanwhile_is_found(room):
    fill(room)
    reader = Reader(room, WONDERS)
    reader.poll()
    ids = {title: uid for uid, (title, _, _) in reader.seen.items()}
    room.stop()
    (room.content / "w2.txt").unlink()
    (room.content / "w3.txt").rename(room.content / "elsewhere.txt")
    room.overwrite("w4.txt", part(4, "Wonder 4", body="It is bent."))
    room.write("w4.txt", part(4, "Wonder 4", body="It is bent."))
    room.write("w6.txt", part(6, "Wonder 6"))
    room.start()
    room.gone("Wonder 2", WONDERS)
    new = reader.poll()
    assert [reader.seen[uid][0] for uid in new] == \
        ["Small Wonders ⑥ | Wonder 6"]
    assert room.entry("Wonder 3", WONDERS).id == \
        ids["Small Wonders ③ | Wonder 3"]
    bent = room.entry("Wonder 4", WONDERS)
    assert bent.id == ids["Small Wonders ④ | Wonder 4"]
    assert "It is bent." in bent.content[0].value


def test_a_deleted_tree_is_written_again(room):
    """The tree is made from the store: losing it costs a rendering."""
    fill(room)
    before, rows = picture(room), room.announced()
    room.stop()
    newsroom.shutil.rmtree(room.www)
    room.start()
    room.until(lambda: room.get(WONDERS).status == 200, "the feed")
    after = picture(room)
    assert {k: (v[0], v[2]) for k, v in after.items()} == \
        {k: (v[0], v[2]) for k, v in before.items()}
    assert room.announced() == rows, "nothing was news"
    # HTTP readers get a document before the tree has it.
    room.until(lambda: room.tree().get(WONDERS.lstrip("/")) ==
               after[WONDERS][2], "the tree")


def test_a_damaged_file_of_the_tree_is_not_served(room):
    fill(room)
    before = picture(room)
    room.stop()
    (room.www / WONDERS.lstrip("/")).write_bytes(b"<feed>half")
    room.start()
    assert picture(room)[WONDERS][2] == before[WONDERS][2]
    room.until(lambda: room.tree()[WONDERS.lstrip("/")] ==
               before[WONDERS][2], "it is mended")


def test_a_tree_ahead_of_the_store_is_put_right(room):
    """Killed after the rename and before the store knew, and then the change
    was taken back: the bytes to publish are those that the store remembers,
    and not those that lie in the tree."""
    fill(room)
    before = room.get(WONDERS).body
    room.kill()
    for ending in ("", ".gz"):
        (room.www / (WONDERS.lstrip("/") + ending)).write_bytes(b"<other/>")
    uri = f"file:{room.state / 'press.db'}"
    with newsroom.contextlib.closing(newsroom.sqlite3.connect(uri, uri=True)
                                     ) as db:
        db.execute("UPDATE feed SET wanted = wanted + 1")
        db.commit()
    room.start()
    assert room.tree()[WONDERS.lstrip("/")] == before


def test_a_new_topic_is_filled_at_the_start(room):
    """What articles belong to is decided when they are read: new rules have
    them read again, though no file has changed."""
    fill(room)
    before = [(e.id, e.updated) for e in room.entries()]
    room.stop()
    room.configure(channels=[
        {"all": True},
        {"topic": "third", "match": {"title": "Wonder 3"}}])
    room.start()
    third = room.arrived("Wonder 3", "/feeds/topics/third.atom")
    assert third.id.endswith(":w3")
    assert [(e.id, e.updated) for e in room.entries()] == before
    room.settle()
    rows = room.announced()
    room.restart()
    done = [line for line in room.log().splitlines() if "reconciled" in line]
    assert "files=5 changed=1 " in done[-2], "all are read, one is changed"
    assert "files=0 changed=0 " in done[-1], "and never again"
    assert room.announced() == rows


def lose_database(room):
    for path in room.state.glob("press.db*"):
        path.unlink()


def test_a_lost_database_is_rebuilt_with_the_same_ids(room):
    fill(room)
    before = room.feed(WONDERS).entries
    room.stop()
    lose_database(room)
    room.start()
    after = room.feed(WONDERS).entries
    assert [(e.id, e.link, e.published) for e in after] == \
        [(e.id, e.link, e.published) for e in before]
    uids = [row[0] for row in room.rows("SELECT uid FROM article")]
    assert len(uids) == len(set(uids)) == 5


def test_withdrawn_ids_survive_a_lost_database(room):
    """An id that once was is never given to something else."""
    room.write("a.txt", article("The paper clip"), age=3600)
    room.write("b.txt", article("The pin"), age=3600)
    clip = room.arrived("The paper clip").id
    (room.content / "a.txt").rename(room.content / "c.txt")
    room.settle()
    room.stop()
    lose_database(room)
    room.write("a.txt", article("The staple", "Something else."), age=1800)
    room.start()
    assert room.arrived("The paper clip").id == clip
    assert room.arrived("The staple").id not in (clip, None)


def test_a_second_daemon_is_refused(room):
    """The first keeps its state, its socket and its readers."""
    second = newsroom.Newsroom()
    try:
        second.configure(content=[{"dir": str(room.content)}],
                         state=str(room.state))
        done = subprocess.run(
            [newsroom.GAZETTED, "-f", "-c", second.config],
            capture_output=True, text=True, timeout=newsroom.PATIENCE)
    finally:
        second.close()
    assert done.returncode == 1
    assert str(room.state) in done.stderr
    assert not newsroom.SANITIZER.search(done.stderr)
    room.write("clip.txt", article("The paper clip"))
    room.arrived("The paper clip")


def test_a_taken_port_is_said(room):
    second = newsroom.Newsroom()
    try:
        second.configure(serve={"listen": [f"127.0.0.1:{room.port}"]})
        done = subprocess.run(
            [newsroom.GAZETTED, "-f", "-c", second.config],
            capture_output=True, text=True, timeout=newsroom.PATIENCE)
    finally:
        second.close()
    assert done.returncode == 1
    assert str(room.port) in done.stderr


@pytest.mark.parametrize("signal", ["SIGTERM", "SIGINT"])
def test_it_stops_soon_and_well(room, signal):
    fill(room)
    started = time.monotonic()
    room.daemon.send_signal(getattr(newsroom.signal, signal))
    assert room.daemon.wait(newsroom.PATIENCE) == 0
    assert time.monotonic() - started < 10
    assert "stopped" in room.log()
    assert not (room.control).exists()


def test_the_newest_feed_is_newer_for_caches(room):
    """Last-Modified moves with every version, and is never in the future."""
    fill(room)
    tags, times = set(), []
    for n in range(3):
        room.write("w2.txt", part(2, "Wonder 2", body=f"Edition {n}."))
        room.until(lambda: f"Edition {n}." in
                   room.entry("Wonder 2", WONDERS).content[0].value)
        answer = room.get(WONDERS)
        tags.add(answer.etag)
        when = newsroom.time.strptime(answer.headers["last-modified"],
                                      "%a, %d %b %Y %H:%M:%S GMT")
        times.append(newsroom.time.mktime(when))
        now = newsroom.time.mktime(newsroom.time.gmtime())
        assert times[-1] <= now + 1
    assert len(tags) == 3
    assert times == sorted(times)
