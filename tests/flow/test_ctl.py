"""The command line: what it says, and the exit status that scripts rely on."""
import json
import os
import re
import signal
import subprocess

import pytest

import newsroom
from articles import SAMPLE, article, part
from newsroom import GAZETTECTL, GAZETTED, PATIENCE

FAILED, USAGE, UNREACHABLE, MISSING = 1, 2, 3, 4


def run(*command, **more):
    return subprocess.run([str(x) for x in command], capture_output=True,
                          text=True, timeout=PATIENCE, **more)


# ---- gazetted ----

def test_a_good_configuration_passes(empty):
    done = run(GAZETTED, "-t", "-c", empty.config)
    assert done.returncode == 0, done.stderr


def test_testing_starts_nothing(empty):
    run(GAZETTED, "-t", "-c", empty.config)
    assert not empty.state.exists() and not empty.www.exists()


@pytest.mark.parametrize("arguments", [
    ["--nonsense"], ["-c"], ["--role=editor"], ["stray", "words"], ["try"]])
def test_wrong_usage_of_gazetted(arguments):
    done = run(GAZETTED, *arguments)
    assert done.returncode == USAGE
    assert done.stderr and not done.stdout


def test_a_missing_configuration(empty):
    done = run(GAZETTED, "-t", "-c", empty.home / "nowhere.yaml")
    assert done.returncode == USAGE
    assert "nowhere.yaml" in done.stderr


# ---- gazettectl ----

@pytest.mark.parametrize("arguments", [
    [], ["dance"], ["--nonsense", "status"], ["article"],
    ["status", "stray"], ["feed"], ["verify", "stray"],
    ["rebuild", "all", "stray"], ["--wait", "status"]])
def test_wrong_usage_of_gazettectl(empty, arguments):
    empty.ctl(*arguments, code=USAGE)


@pytest.mark.parametrize("verb", ["status", "feeds", "rescan", "reload",
                                  "rebuild", "verify"])
def test_no_daemon(empty, verb):
    done = empty.ctl(verb, code=UNREACHABLE)
    assert str(empty.control) in done.stderr
    empty.ctl("--json", verb, code=UNREACHABLE)


def test_a_socket_by_name(room):
    assert run(GAZETTECTL, "--socket", room.control,
               "status").returncode == 0


def test_status_says_what_it_serves(room):
    room.write("clip.txt", part(1, "The paper clip"))
    room.arrived("The paper clip")
    room.settle()
    status = room.status()
    assert status["healthy"] and status["reconciled"]
    assert status["articles"] == 1 and status["feeds"] == 2
    assert status["address"] == [room.url]
    assert status["aside"] == []
    shown = room.ctl("status").stdout
    assert room.url in shown


def test_feeds_lists_every_feed(room):
    room.write("clip.txt", part(1, "The paper clip"))
    room.arrived("The paper clip")
    room.settle()
    feeds = json.loads(room.ctl("--json", "feeds").stdout)["feeds"]
    assert {f["path"] for f in feeds} == \
        {"/feeds/all.atom", "/feeds/series/small-wonders.atom"}
    for feed in feeds:
        assert feed["entries"] == 1 and feed["published"]
        assert f'"{feed["etag"]}"' == room.get(feed["path"]).etag
    shown = room.ctl("feeds").stdout
    assert "small-wonders" in shown and "Small Wonders" in shown


@pytest.mark.parametrize("form", ["relative", "absolute"])
def test_article_says_where_it_went(room, form):
    room.write("a/clip.txt", part(1, "The paper clip"))
    entry = room.arrived("The paper clip")
    path = "a/clip.txt" if form == "relative" else room.content / "a/clip.txt"
    shown = json.loads(room.ctl("--json", "article", path).stdout)["article"]
    assert shown["id"] == entry.id
    assert shown["url"] == entry.link
    assert shown["series"] == {"title": "Small Wonders", "part": 1}
    assert {"name": "Ada Finch", "role": "author"} in shown["people"]
    assert len(shown["feeds"]) == 2
    assert "The paper clip" in room.ctl("article", path).stdout


def test_an_article_that_is_not_there(room):
    done = room.ctl("article", "nowhere.txt", code=MISSING)
    assert "nowhere.txt" in done.stderr
    room.ctl("--json", "article", "nowhere.txt", code=MISSING)


def test_an_article_that_is_aside(room):
    (room.content / "bad.txt").write_bytes(b"")
    room.until(lambda: "bad.txt" in room.asides(), "aside")
    shown = json.loads(room.ctl("--json", "article", "bad.txt",
                                code=None).stdout)["article"]
    assert shown["aside"]["why"] and shown["aside"]["hint"]


def test_rescan_finds_nothing_new(room):
    room.write("clip.txt", article("The paper clip"))
    room.arrived("The paper clip")
    room.settle()
    before = room.get("/feeds/all.atom")
    for arguments in ([], ["clip.txt"], ["."], ["nowhere"]):
        room.ctl("rescan", *arguments, code=None)
    room.settle()
    assert room.get("/feeds/all.atom").etag == before.etag


def test_output_into_a_closed_pipe(room):
    """No crash, no report: the reader has seen enough."""
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([GAZETTECTL, "-c", room.config, "status"],
                          stdout=write, stderr=subprocess.PIPE, text=True)
    os.close(write)
    assert done.returncode != 0
    assert not newsroom.SANITIZER.search(done.stderr)


# ---- check and reload ----

def break_config(room):
    good = room.config.read_text()
    room.config.write_text(good + "sites: {name: x}\n")
    return good


def test_check_names_the_fault(empty):
    empty.ctl("check", empty.config)
    break_config(empty)
    done = empty.ctl("check", empty.config, code=USAGE)
    line = empty.config.read_text().count("\n")
    assert f"{empty.config}:{line}:1: error:" in done.stderr
    assert "^" in done.stderr and "did you mean \"site\"" in done.stderr


@pytest.mark.parametrize("how", ["gazettectl", "SIGHUP"])
def test_a_broken_configuration_is_not_put_in_force(room, how):
    room.write("clip.txt", article("The paper clip"))
    room.arrived("The paper clip")
    break_config(room)
    if how == "SIGHUP":
        room.daemon.send_signal(signal.SIGHUP)
        room.until(lambda: "configuration kept" in room.log(), "it says so")
    else:
        done = room.ctl("reload", code=USAGE)
        assert "sites" in done.stderr and "^" in done.stderr
        assert "configuration kept" in room.log()
    room.write("pin.txt", article("The pin"))
    room.arrived("The pin")


@pytest.mark.parametrize("how", ["gazettectl", "SIGHUP"])
def test_a_good_configuration_is_put_in_force(room, how):
    room.write("clip.txt", article("The paper clip"), age=3600)
    before = room.arrived("The paper clip")
    room.configure(
        site={"name": "Other News", "url": room.url, "language": "en",
              "timezone": "UTC", "authority": "www.example.org,2024"},
        channels=[{"all": True, "title": "Everything"},
                  {"topic": "clips", "title": "Clips",
                   "match": {"title": "clip"}}])
    if how == "SIGHUP":
        room.daemon.send_signal(signal.SIGHUP)
    else:
        room.ctl("reload")
    room.until(lambda: room.feed().feed.title == "Everything", "the title")
    clip = room.arrived("The paper clip", "/feeds/topics/clips.atom")
    assert (clip.id, clip.updated) == (before.id, before.updated)
    assert "configuration reloaded" in room.log()


def test_many_reloads_under_load(room):
    """Readers notice nothing, and nothing is used up."""
    room.write("clip.txt", article("The paper clip"))
    room.arrived("The paper clip")
    descriptors = f"/proc/{room.daemon.pid}/fd"
    # Readers of the database are opened when so many are at work at once.
    for _ in range(5):
        room.ctl("reload")
        room.feed()
    room.ctl("verify")
    room.settle()
    before = len(os.listdir(descriptors))
    for _ in range(20):
        room.ctl("reload")
        room.feed()
    room.settle()
    assert len(os.listdir(descriptors)) <= before + 2


# ---- gazetted try ----

@pytest.fixture
def tried(tmp_path):
    """What "gazetted try" says of a directory, until it has said it all."""
    started = []

    def start(folder):
        env = dict(os.environ, HOME=str(tmp_path), TMPDIR=str(tmp_path))
        for name in ("XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"):
            env[name] = str(tmp_path / name)
            (tmp_path / name).mkdir()
        with open(tmp_path / "out", "w") as out:
            process = subprocess.Popen([GAZETTED, "try", folder], env=env,
                                       stdout=out, stderr=out)
        started.append(process)
        return process, tmp_path / "out"

    yield start
    for process in started:
        process.kill()
        process.wait()
    assert not newsroom.SANITIZER.search((tmp_path / "out").read_text())


def said(process, out, pattern):
    end = newsroom.time.monotonic() + PATIENCE
    while newsroom.time.monotonic() < end:
        match = re.search(pattern, out.read_text(), re.S)
        if match:
            return match
        assert process.poll() is None, out.read_text()
        newsroom.time.sleep(0.05)
    raise AssertionError(f"no {pattern!r} in\n{out.read_text()}")


def test_try_shows_what_is_in_a_folder(tried, tmp_path):
    folder = tmp_path / "folder"
    newsroom.shutil.copytree(SAMPLE, folder)
    (folder / "bad.txt").write_bytes(b"\xff\xfe\xfd")
    process, out = tried(folder)
    address = said(process, out, r"http://[\w.:]+/").group()
    for words in ("12 articles", "Guangdong's Solution 2024", r"bad\.txt",
                  "湾区绿电手记.*missing.*2"):
        said(process, out, words)
    with newsroom.contextlib.closing(newsroom.http.client.HTTPConnection(
            address.split("/")[2], timeout=PATIENCE)) as connection:
        connection.request("GET", "/feeds/all.atom")
        newsroom.feedcheck.check(connection.getresponse().read())
    before = sorted(p.name for p in folder.iterdir())
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE) == 0
    assert sorted(p.name for p in folder.iterdir()) == before


def test_try_says_when_there_is_no_such_folder(tmp_path):
    done = run(GAZETTED, "try", tmp_path / "nowhere")
    assert done.returncode in (FAILED, USAGE)
    assert "nowhere" in done.stderr
