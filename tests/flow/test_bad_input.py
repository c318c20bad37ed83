"""What cannot be read is named, with a reason and a hint; all else works."""
import os
import signal
import subprocess
import threading
import time

import pytest

import newsroom
from articles import article, part

GOOD = article("The paper clip")


def make_directory(path):
    path.mkdir()
    (path / "inner.txt").write_text(article("The inner one"))


def make_link(path):
    path.symlink_to("/etc/passwd")


def make_climbing_link(path):
    outside = path.parents[1] / "outside.txt"
    outside.write_text(article("The outsider"))
    path.symlink_to("../outside.txt")


def make_unreadable(path):
    """Root may read everything, so take what root cannot open either."""
    path.symlink_to("nowhere.txt")


# How to make it, and a word of the reason.
BAD = {
    "empty": (lambda p: p.write_bytes(b""), "empty"),
    "blank": (lambda p: p.write_bytes(b" \n\t\n\n"), ""),
    "big": (lambda p: p.write_bytes(b"The title\n\n" + b"a word " * 800_000),
            "big"),
    "binary": (lambda p: p.write_bytes(b"\x7fELF\2\1\1\0" + bytes(range(256))
                                       * 20), ""),
    "broken UTF-8": (lambda p: p.write_bytes(
        b"The title\n\nA caf\xe9 and a \xff byte.\n"), "UTF-8"),
    "cut UTF-8": (lambda p: p.write_bytes("The title\n\n湾区".encode()[:-1]),
                  "UTF-8"),
    "fifo": (os.mkfifo, ""),
    "socket": (lambda p: newsroom.socket.socket(
        newsroom.socket.AF_UNIX).bind(str(p)), ""),
    "symlink out of the root": (make_link, "link"),
    "symlink with ..": (make_climbing_link, "link"),
    "dangling symlink": (make_unreadable, ""),
    "directory": (make_directory, "directory"),
}


@pytest.fixture(scope="module")
def shared():
    """One newsroom for all bad files: they must not disturb each other."""
    room = newsroom.Newsroom()
    room.start()
    room.write("good.txt", GOOD)
    room.arrived("The paper clip")
    yield room
    room.close()


def lines_about(room, name):
    return [line for line in room.log().splitlines()
            if "file set aside" in line and name in line]


def good_still_works(room, title):
    room.write(title + ".txt", article(title))
    room.arrived(title)
    assert room.entry("The paper clip")


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_is_named_and_stops_nothing(shared, kind):
    make, word = BAD[kind]
    name = "bad " + kind.replace("..", "dots") + ".txt"
    make(shared.content / name)
    aside = shared.until(lambda: shared.asides().get(name), f"{name} aside")
    assert word in aside["why"]
    assert aside["hint"].endswith("."), "a hint is a sentence"
    assert aside["hint"][0].isupper()
    lines = lines_about(shared, name)
    assert len(lines) == 1, "one message, not one a scan"
    assert aside["hint"] in lines[0] or aside["why"] in lines[0]
    good_still_works(shared, f"Despite {kind.replace('..', 'dots')}")
    shared.ctl("rescan")
    shared.settle()
    assert len(lines_about(shared, name)) == 1
    shown = shared.ctl("status", code=0).stdout
    assert name in shown and aside["hint"] in shown


def test_nothing_outside_the_root_is_published(shared):
    make_climbing_link(shared.content / "climb.txt")
    (shared.content / "linked").symlink_to(shared.home)
    shared.settle()
    assert shared.entry("The outsider") is None
    bodies = b"".join(shared.tree().values())
    assert b"root:" not in bodies and b"The outsider" not in bodies


def test_a_mended_file_is_an_article(shared):
    path = shared.content / "mend.txt"
    path.write_bytes(b"")
    shared.until(lambda: "mend.txt" in shared.asides(), "aside")
    path.write_text(article("The mended one"))
    shared.arrived("The mended one")
    assert "mend.txt" not in shared.asides()


def test_a_file_that_breaks_keeps_its_last_good_version(shared):
    shared.write("break.txt", article("The broken one"), age=3600)
    before = shared.arrived("The broken one")
    (shared.content / "break.txt").write_bytes(b"\xff\xfe\xfd")
    shared.until(lambda: "break.txt" in shared.asides(), "aside")
    after = shared.entry("The broken one")
    assert (after.id, after.updated) == (before.id, before.updated)
    (shared.content / "break.txt").unlink()
    shared.gone("The broken one")
    assert "break.txt" not in shared.asides()


def test_files_that_vanish_while_they_are_read(shared):
    """Whatever is said about them, nothing waits for them."""
    stop = threading.Event()

    def flicker():
        while not stop.is_set():
            path = shared.content / "flicker.txt"
            path.write_text(article("The flickering one"))
            path.unlink()

    writer = threading.Thread(target=flicker)
    writer.start()
    try:
        good_still_works(shared, "Despite vanishing")
        time.sleep(1)
    finally:
        stop.set()
        writer.join()
    shared.settle()
    shared.gone("The flickering one")
    assert shared.status()["healthy"]


def test_a_file_that_never_stops_growing(shared):
    """It is published when it rests, and nobody waits for it."""
    with open(shared.path("grow.txt"), "w") as file:
        file.write(article("The growing one"))
        for _ in range(20):
            file.write("More.\n")
            file.flush()
            time.sleep(0.02)
        good_still_works(shared, "Despite growing")
    shared.arrived("The growing one")


def test_odd_names_are_names(shared):
    for name in ("空 格.txt", "quote\"'.txt", "percent%41.txt", "a&b<c>.txt",
                 "new\nline.txt", "x" * 250 + ".txt"):
        shared.write(name, article(f"Named {name[:9]!r}"), age=None) \
            if len(name) < 240 else \
            (shared.content / name).write_text(article("Named long"))
    shared.arrived("Named long")
    shared.settle()
    shared.feed()
    shared.ctl("status")
    shared.ctl("--json", "article", "空 格.txt")


def test_a_name_that_is_not_utf8(shared):
    path = os.fsencode(shared.content) + b"/caf\xe9.txt"
    with open(path, "w") as file:
        file.write(article("The latin one"))
    shared.settle()
    shared.feed()
    shared.ctl("--json", "status")
    good_still_works(shared, "Despite latin")


# ---- places that cannot be written ----

def test_a_tree_that_cannot_be_written_heals(empty):
    """Other feeds are published; status says what is wrong until it is not."""
    (empty.www / "feeds").mkdir(parents=True)
    (empty.www / "feeds" / "series").write_text("in the way")
    room = empty
    room.spawn()
    room.until(lambda: room.status(), "it answers")
    room.write("clip.txt", part(1, "The paper clip"))
    room.arrived("The paper clip")
    room.until(lambda: not room.status()["healthy"], "it is noticed")
    assert "series" in room.ctl("status", code=1).stdout
    assert "cannot publish" in room.log()
    (empty.www / "feeds" / "series").unlink()
    room.arrived("The paper clip", "/feeds/series/small-wonders.atom")
    room.until(lambda: room.status()["healthy"], "it is well again")


# ---- configuration ----

BROKEN = {
    "not YAML": ("site: [", "not YAML"),
    "an unknown word": ("sites: {name: x}\n", "site"),
    "a wrong type": ("serve: {listen: 8080}\n", ":1:"),
    "a bad address": ("serve: {listen: ['127.0.0.1:99999']}\n", ":1:"),
    "a missing include": ("include: ['nowhere/x.yaml']\n", "nowhere"),
    "a bad zone": ("site: {timezone: Mars/Olympus}\n", "Mars/Olympus"),
    "tabs": ("site:\n\tname: x\n", ":2:"),
    "not UTF-8": (b"site: {name: caf\xe9}\n", "UTF-8"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_configuration_is_explained(empty, kind):
    text, word = BROKEN[kind]
    empty.config.write_bytes(text if isinstance(text, bytes)
                             else text.encode())
    done = subprocess.run([newsroom.GAZETTED, "-f", "-c", empty.config],
                          capture_output=True, text=True, errors="replace",
                          timeout=newsroom.PATIENCE)
    assert done.returncode == 2
    assert "error:" in done.stderr and word in done.stderr
    assert str(empty.config) in done.stderr
    assert not newsroom.SANITIZER.search(done.stderr)


def test_every_fault_is_named_in_one_run(empty):
    empty.config.write_text(
        "sites: {name: x}\nserve:\n  listen: ['127.0.0.1:99999']\n"
        "  idle-timeout: soon\n")
    done = subprocess.run([newsroom.GAZETTED, "-t", "-c", empty.config],
                          capture_output=True, text=True)
    assert done.returncode == 2
    for place in (":1:1:", ":3:", ":4:"):
        assert f"{empty.config}{place}" in done.stderr
    assert done.stderr.count("^") >= 3, "each with a caret"
    assert "did you mean" in done.stderr


def test_an_impatient_operator(empty):
    """Two signals end it at once, also in the middle of a scan."""
    for n in range(300):
        empty.write(f"{n}.txt", article(f"Article {n}"))
    empty.spawn()
    time.sleep(0.3)
    if empty.alive():
        empty.daemon.send_signal(signal.SIGTERM)
        empty.daemon.send_signal(signal.SIGTERM)
        assert empty.daemon.wait(newsroom.PATIENCE) in (0, 1, -15)
    empty.daemon = None
    empty.start()
    empty.until(lambda: empty.status()["articles"] == 300)
