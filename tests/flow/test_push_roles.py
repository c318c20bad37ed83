"""Press and courier as two processes: the same newsroom, one wall more.

The press needs no network that leads out and no secrets, the courier no
content.  What one of them is asked that is the other's, it says whose it is.
"""
import json
import signal
import subprocess

import pytest

import newsroom
from articles import article
from office import Office
from subscriber import Subscriber
from websub import OPEN


class Apart(Office):
    """The press is room.daemon; the courier is beside it."""

    def __init__(self, room):
        super().__init__(room)
        self.courier = None
        room.options = ["--role=press"]

    def start(self):
        self.spawn()
        self.room.start()
        self.room.until(self.answers, "the courier")

    def spawn(self):
        with open(self.room.home / "courier.log", "ab") as log:
            self.courier = subprocess.Popen(
                [newsroom.GAZETTED, "-f", "-c", self.room.config,
                 "--role=courier"], stdin=subprocess.DEVNULL, stdout=log,
                stderr=log)

    def answers(self):
        return self.room.ctl("targets", code=None).returncode == 0

    def end(self, how=signal.SIGTERM):
        self.courier.send_signal(how)
        return self.courier.wait(newsroom.PATIENCE)

    def log(self):
        return (self.room.home / "courier.log").read_text()

    def close(self):
        if self.courier and self.courier.poll() is None:
            self.courier.kill()
            self.courier.wait()
        super().close()
        assert not newsroom.SANITIZER.search(self.log()), self.log()


@pytest.fixture
def apart(empty):
    office = Apart(empty)
    try:
        office.start()
        yield office
    finally:
        office.close()


def test_what_one_publishes_the_other_tells(apart):
    apart.room.write("a.txt", article("A bridge opens"))
    apart.arrives("A bridge opens")
    assert json.loads(apart.room.ctl("--json", "status").stdout)["files"] == 1
    assert "app" in apart.room.ctl("outbox").stdout
    assert "A bridge opens" not in apart.log() or "delivered" in apart.log()


def test_each_says_what_is_the_others(apart):
    failed = apart.room.ctl("--socket", apart.room.control, "outbox", code=4)
    assert "courier.control" in failed.stderr
    sock = apart.room.state / "courier.sock"
    failed = apart.room.ctl("--socket", sock, "feeds", code=4)
    assert "the press's" in failed.stderr


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_the_press_does_not_wait_for_the_courier(apart, how):
    apart.end(how)
    apart.room.write("a.txt", article("A bridge opens"))
    apart.room.until(lambda: "A bridge opens" in apart.room.get(
        "/feeds/all.atom").body.decode(), "the feed")
    assert apart.hook.got == []
    apart.spawn()
    apart.arrives("A bridge opens")


def test_the_courier_does_not_wait_for_the_press(apart):
    apart.room.ctl("pause", "app")
    apart.room.write("a.txt", article("A bridge opens"))
    apart.room.until(lambda: json.loads(apart.room.ctl(
        "--json", "outbox", "--state", "ready").stdout)["deliveries"],
        "a delivery")
    apart.room.stop()
    apart.room.ctl("resume", "app")
    apart.room.daemon = apart.courier       # until() wants somebody alive
    try:
        apart.arrives("A bridge opens")
    finally:
        apart.room.daemon = None


def test_a_reload_is_for_both(apart):
    apart.configure(targets=[apart.target("other")])
    apart.room.ctl("reload")
    apart.room.write("a.txt", article("A bridge opens"))
    apart.arrives("A bridge opens")
    named = json.loads(apart.room.ctl("--json", "targets").stdout)["targets"]
    assert {t["name"]: t["state"] for t in named if "hub" not in t["name"]} \
        == {"app": "removed", "other": "active"}


def test_who_asks_the_one_is_served_by_the_other(apart):
    apart.room.write("a.txt", article("A bridge opens"))
    apart.arrives("A bridge opens")         # so the feed is a topic
    apart.configure({"hub": OPEN})
    apart.room.ctl("reload")
    topic = apart.room.url + "feeds/all.atom"
    with Subscriber() as peer:
        callback = peer.callback()
        reply = peer.ask("subscribe", callback, topic, apart.room.url + "hub")
        assert reply.status == 202
        apart.room.until(lambda: callback.leases, "a verification")
        apart.room.until(lambda: apart.rows("SELECT 1 FROM hub_sub"),
                         "a subscription")
        apart.room.write("b.txt", article("A bridge closes"))
        apart.room.until(lambda: callback.has("A bridge closes"), "the news")


@pytest.mark.parametrize("word", ["state", "control", "ca-file"])
def test_a_reload_moves_nothing_that_is_open(apart, word):
    """The outbox is where it was opened; one elsewhere knows of nothing."""
    elsewhere = apart.room.home / "elsewhere"
    elsewhere.mkdir()
    apart.configure(rest={"courier": {
        "credentials": str(apart.credentials), "allow": ["127.0.0.0/8"],
        word: str(elsewhere if word == "state" else elsewhere / "file")}})
    (elsewhere / "file").touch()
    failed = apart.room.ctl("reload", code=2)
    assert f"courier.{word}" in failed.stderr


def test_a_courier_without_targets_waits_for_the_first(empty):
    office = Apart(empty)
    wake = empty.state / "courier.sock.wake"
    try:
        office.configure(targets=[], rest={"hub": {}})
        office.spawn()
        empty.start()
        empty.until(lambda: (empty.state / "courier.sock").exists(), "it")
        assert not wake.exists()
        office.configure()
        empty.ctl("reload")
        empty.until(wake.exists, "where the press knocks")
        empty.write("a.txt", article("A bridge opens"))
        office.arrives("A bridge opens")
    finally:
        office.close()
