"""Where the rows of the behaviour table are asked: the daemon, and nginx."""
import concurrent.futures
import contextlib
import shutil
import threading
import time

import newsroom
from articles import part
from front import Front
from wire import ask

FEED = "/feeds/series/small-wonders.atom"
SETTLED = 25 * 3600     # the articles' age: nothing is from today


class Place:
    """The daemon itself, or nginx before it."""

    def __init__(self, room, front):
        self.room = room
        self.nginx = front
        self.kind = "nginx" if front else "daemon"
        self.port = front.port if front else room.port

    def get(self, target=FEED, **fields):
        return ask(self.port, target, **fields)

    def ask(self, method, target=FEED, **fields):
        return ask(self.port, target, method, **fields)


def answers(port):
    try:
        return ask(port, "/healthz").status == 200
    except OSError:
        return False


def ends(patience, condition):
    """Wait for something outside the daemon."""
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end, f"not in {patience} s"
        time.sleep(0.02)


@contextlib.contextmanager
def crew(number):
    """Threads, and the event that ends them whatever happens."""
    stop = threading.Event()
    with concurrent.futures.ThreadPoolExecutor(number) as pool:
        try:
            yield pool, stop
        finally:
            stop.set()


def configure(room, **serve):
    room.configure(
        hub={"publish": ["https://hub.example.org/"]},
        serve={"listen": [f"127.0.0.1:{room.port}",
                          f"unix:{room.home}/http.sock"], **serve})


@contextlib.contextmanager
def wonders(**serve):
    """A newsroom with one series, in all its copies."""
    room = newsroom.Newsroom()
    try:
        configure(room, **serve)
        for n in range(1, 6):
            room.write(f"{n}.txt", part(n, f"Wonder {n}"), age=SETTLED)
        room.start()
        copies = [room.www / (FEED[1:] + end) for end in (".gz", ".br")]
        room.until(lambda: all(c.exists() for c in copies), "copies")
        yield room
    finally:
        room.close()


@contextlib.contextmanager
def place_of(kind, room, **front):
    """A place of a kind: "daemon" or "nginx"."""
    if kind == "daemon":
        yield Place(room, None)
        return
    with Front(room, **front) as nginx:
        ends(newsroom.PATIENCE, lambda: answers(nginx.port))
        yield Place(room, nginx)
    shutil.rmtree(nginx.home)
