"""Every way in which a file gets into a directory, moves and leaves it."""
import os
import shutil
import subprocess
import threading
import time

import pytest

from articles import article, part

ALL = "/feeds/all.atom"


def shows(room, title, words):
    """Wait until the entry's content holds these words."""
    return room.until(lambda: (e := room.entry(title))
                      and words in e.content[0].value and e, words)


# ---- saving ----

def test_a_plain_save_in_place(room):
    room.overwrite("clip.txt", article("The paper clip"))
    before = room.arrived("The paper clip")
    room.overwrite("clip.txt", article("The paper clip", "It is bent."))
    assert shows(room, "The paper clip", "It is bent.").id == before.id


def test_a_save_as_vim_does_it(room):
    """Move the file to its backup, write it anew, remove the backup."""
    path = room.write("clip.txt", article("The paper clip"))
    before = room.arrived("The paper clip")
    swap, backup = path.with_name(".clip.txt.swp"), path.with_name("clip.txt~")
    swap.write_bytes(b"b0VIM 9.0\0")
    path.rename(backup)
    path.write_text(article("The paper clip", "It is bent."))
    backup.unlink()
    swap.unlink()
    assert shows(room, "The paper clip", "It is bent.").id == before.id
    room.settle()
    assert len(room.feed().entries) == 1


def test_a_slow_save_as_vim_does_it(room):
    """The file is away for a moment, which is no deletion."""
    path = room.write("clip.txt", article("The paper clip"))
    before = room.arrived("The paper clip")
    path.rename(path.with_name("clip.txt~"))
    time.sleep(0.1)
    assert room.entry("The paper clip")
    path.write_text(article("The paper clip", "It is bent."))
    path.with_name("clip.txt~").unlink()
    assert shows(room, "The paper clip", "It is bent.").id == before.id
    assert "article withdrawn" not in room.log()


def test_a_save_by_rename(room):
    room.write("clip.txt", article("The paper clip"))
    before = room.arrived("The paper clip")
    room.write("clip.txt", article("The paper clip", "It is bent."))
    assert shows(room, "The paper clip", "It is bent.").id == before.id


def test_a_save_as_rsync_does_it(room):
    path = room.path("clip.txt")
    temporary = path.with_name(".clip.txt.Xy12aB")
    temporary.write_text(article("The paper clip"))
    room.settle()
    assert room.entry("The paper clip") is None
    temporary.rename(path)
    room.arrived("The paper clip")
    assert room.rows("SELECT count(*) FROM file") == [(1,)]


@pytest.mark.parametrize("name", [
    ".hidden.txt", "clip.txt~", "clip.txt.swp", "clip.txt.tmp",
    "clip.txt.part", ".git/clip.txt"])
def test_names_that_are_no_articles(room, name):
    room.write(name, article("The paper clip"))
    room.write("pin.txt", article("The pin"))
    room.arrived("The pin")
    room.settle()
    assert [e.title for e in room.feed().entries] == ["The pin"]
    assert not room.asides()


def test_a_file_being_written_is_not_read(room):
    room.write("pin.txt", article("The pin"))
    room.arrived("The pin")
    text = article("The paper clip", "It is bent.")
    with open(room.path("clip.txt"), "w") as file:
        for start in range(0, len(text), 100):
            file.write(text[start:start + 100])
            file.flush()
            assert room.entry("The paper clip") is None
            time.sleep(0.03)
        assert room.entry("The paper clip") is None
    assert "Reporter" not in shows(
        room, "The paper clip", "It is bent.").content[0].value


def test_a_young_file_that_a_scan_finds_settles_first(empty):
    """Nobody said that its writer is done."""
    room = empty
    started = time.monotonic()
    path = room.overwrite("clip.txt", article("The paper clip"))
    room.spawn()
    room.until(lambda: room.status(), "the daemon answers")
    with open(path, "a") as file:
        file.write("\n")
    room.arrived("The paper clip")
    assert time.monotonic() - started < 10
    room.settle()
    assert len(room.feed().entries) == 1


# ---- directories ----

def test_new_directories_are_seen_with_what_is_in_them(room):
    room.write("a/b/c/clip.txt", article("The paper clip"))
    entry = room.arrived("The paper clip")
    assert entry.id == "tag:www.example.org,2024:a/b/c/clip"


def test_many_directories_made_in_a_hurry(room):
    """mkdir and write at once: the naive watcher misses every tenth."""
    for n in range(200):
        path = room.path(f"d{n % 20}/e{n}/a.txt")
        path.write_text(article(f"Article {n:03}"))
    room.until(lambda: room.status()["articles"] == 200, "all of them")


def test_a_tree_copied_in_by_other_programs(room, tmp_path):
    for n in range(30):
        path = tmp_path / "tree" / f"d{n % 3}" / f"a{n}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(article(f"Article {n:03}"))
    subprocess.run(["cp", "-R", tmp_path / "tree", room.content / "copied"],
                   check=True)
    room.until(lambda: room.status()["articles"] == 30, "the copies")
    shutil.move(tmp_path / "tree", room.content / "moved")
    room.until(lambda: room.status()["articles"] == 60, "the originals")


def test_renaming_a_directory_keeps_every_id(room):
    for n in range(1, 6):
        room.write(f"old/sub/{n}.txt", part(n, f"Part {n}"), age=3600)
    room.until(lambda: room.status()["articles"] == 5)
    room.settle()
    before = room.get("/feeds/series/small-wonders.atom")
    (room.content / "old").rename(room.content / "new")
    room.settle()
    after = room.get("/feeds/series/small-wonders.atom")
    assert (after.etag, after.body) == (before.etag, before.body)
    assert room.rows("SELECT count(*) FROM article") == [(5,)]
    room.ctl("article", "new/sub/1.txt")
    room.write("new/sub/6.txt", part(6, "Part 6"))
    room.arrived("Part 6")


def test_moving_a_file_between_directories_keeps_its_id(room):
    room.write("a/clip.txt", article("The paper clip"), age=3600)
    before = room.arrived("The paper clip")
    (room.content / "b").mkdir()
    (room.content / "a/clip.txt").rename(room.content / "b/pin.txt")
    room.settle()
    after = room.entry("The paper clip")
    assert (after.id, after.link) == (before.id, before.link)


def test_a_deleted_directory_takes_its_articles_along(room):
    for n in range(3):
        room.write(f"d/{n}.txt", article(f"Article {n}"), age=3600)
    room.write("clip.txt", article("The paper clip"), age=3600)
    room.until(lambda: len(room.entries()) == 4)
    shutil.rmtree(room.content / "d")
    room.until(lambda: len(room.entries()) == 1, "only the clip")


def test_a_file_moved_out_is_withdrawn(room, tmp_path):
    path = room.write("clip.txt", article("The paper clip"), age=3600)
    room.arrived("The paper clip")
    shutil.move(path, tmp_path / "clip.txt")
    room.gone("The paper clip")


def test_a_second_root_has_its_own_prefix(empty):
    room = empty
    other = room.home / "other"
    other.mkdir()
    room.configure(content=[
        {"dir": str(room.content)},
        {"dir": str(other), "prefix": "city", "permalink": "/articles/{stem}"}])
    (other / "clip.txt").write_text(article("The paper clip"))
    room.write("clip.txt", article("The staple"))
    room.start()
    assert room.arrived("The paper clip").id.endswith(":city/clip")
    assert room.arrived("The staple").id.endswith(":clip")
    (other / "pin.txt").write_text(article("The pin"))
    assert room.arrived("The pin").id.endswith(":city/pin")


def test_a_root_that_is_a_symlink_is_followed(empty):
    room = empty
    (room.home / "real").mkdir()
    room.content.rmdir()
    room.content.symlink_to(room.home / "real")
    room.start()
    room.write("clip.txt", article("The paper clip"))
    room.arrived("The paper clip")


# ---- the root ----

def test_a_root_that_goes_takes_nothing_along(room):
    for n in range(3):
        room.write(f"{n}.txt", article(f"Article {n}"), age=3600)
    room.until(lambda: len(room.entries()) == 3)
    room.settle()
    before = room.get(ALL)
    away = room.home / "away"
    room.content.rename(away)
    room.until(lambda: not room.status()["healthy"], "it is noticed")
    room.ctl("status", code=1)
    assert "content directory is gone" in room.log()
    assert room.get(ALL).body == before.body
    away.rename(room.content)
    room.until(lambda: room.status()["healthy"], "it is back")
    room.settle()
    assert room.get(ALL).body == before.body
    room.write("clip.txt", article("The paper clip"))
    room.arrived("The paper clip")


def test_a_root_that_is_not_there_yet(empty):
    room = empty
    room.content.rmdir()
    room.spawn()
    room.until(lambda: room.status(), "it answers all the same")
    room.ctl("status", code=1)
    room.content.mkdir()
    room.write("clip.txt", article("The paper clip"))
    room.arrived("The paper clip")
    room.until(lambda: room.status()["healthy"])


# ---- many ----

def test_a_thousand_files_at_once(room):
    for n in range(1000):
        room.write(f"d{n % 7}/{n}.txt", article(f"Article {n:04}"))
    room.until(lambda: room.status()["articles"] == 1000, "all of them",
               patience=60)
    room.settle()
    assert room.rows("SELECT count(DISTINCT uid) FROM article") == [(1000,)]
    assert len(room.feed().entries) == 50
    batches = room.log().count(" batch")
    assert batches < 700, "they went one by one"


def test_what_happens_during_the_first_scan_is_not_lost(empty):
    room = empty
    for n in range(500):
        room.write(f"{n}.txt", article(f"Article {n:04}"))
    room.spawn()
    for n in range(500, 600):
        room.write(f"{n}.txt", article(f"Article {n:04}"))
    for n in range(0, 50):
        room.write(f"{n}.txt", article(f"Article {n:04}", "It is bent."))
    room.until(lambda: (s := room.status()) and s["reconciled"]
               and s["articles"] == 600, "all of them", patience=60)
    room.settle()
    bent = sum(b"It is bent." in room.get(f"/articles/{n}").body
               for n in range(0, 50))
    assert bent == 50


# ---- no events ----

@pytest.fixture
def few_watches(empty):
    """A newsroom whose kernel gives it no more than two inotify watches.

    The limit is per user namespace, so it binds nobody else.
    """
    shell = "echo 2 >/proc/sys/user/max_inotify_watches && "
    try:
        subprocess.run(["unshare", "-Ur", "sh", "-c", shell + "true"],
                       check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this system does not allow user namespaces")
    empty.wrapper = ["unshare", "-Ur", "sh", "-c", shell + 'exec "$@"', "sh"]
    empty.configure(content=[{"dir": str(empty.content), "poll": "1s",
                              "on-delete": "withdraw"}])
    return empty


def test_directories_beyond_the_watch_limit_are_polled(few_watches):
    room = few_watches
    for n in range(5):
        room.write(f"d{n}/a.txt", article(f"Article {n}"))
    room.start()
    assert len(room.feed().entries) == 5
    status = room.status()
    assert status["watch"]["dirs_polled"] >= 4
    assert status["watch"]["polled"][0]["why"]
    assert "watching by polling" in room.log()
    for n in range(5):
        room.write(f"d{n}/b.txt", article(f"Later {n}"))
    room.until(lambda: room.status()["articles"] == 10, "found by polling")
    os.unlink(room.content / "d4" / "b.txt")
    room.gone("Later 4")
    (room.content / "d3/b.txt").rename(room.content / "d2/c.txt")
    room.settle()
    assert room.entry("Later 3").id.endswith(":d3/b")


def test_a_file_written_without_end_does_not_hold_up_the_first_scan(empty):
    empty.write("done.txt", article("Done"))
    stop = threading.Event()

    def write():
        with open(empty.content / "log.txt", "w") as log:
            while not stop.wait(0.2):
                log.write("another line\n")
                log.flush()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        empty.spawn()
        empty.until(lambda: empty.status() and empty.status()["reconciled"],
                    "the first scan ended", patience=40)
        empty.arrived("Done")
    finally:
        stop.set()
        writer.join()
