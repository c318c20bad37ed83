"""What the tests of WebSub stand on: a newsroom with a hub, and subscribers.

A stage serves all tests of a file.  Each test has callbacks of its own, and
when it ends they are gone (410), so that they cost the next one nothing.
"""
import contextlib
import itertools
import sqlite3

from articles import article
from peer import answer
from subscriber import Subscriber

# A hub without the limits that are there because of strangers.
OPEN = {"serve": True, "allow": ["127.0.0.0/8"], "plain-secrets": True,
        "per-address": 1000000, "per-host": 1000000,
        "verify-per-host": 1000000}
ALL = "feeds/all.atom"
SECRET = "a secret that only two know"


class Stage:
    numbers = itertools.count(1)

    def __init__(self, room, **hub):
        self.room = room
        self.hub = room.url + "hub"
        self.peers = {}
        self.mine = []
        self.configure(**hub)

    def configure(self, rest=(), **hub):
        self.room.configure(hub={**OPEN, **hub}, serve={
            "listen": [f"127.0.0.1:{self.room.port}"],
            "max-per-address": 1000}, **dict(rest))

    def start(self):
        """A feed is there from its first article on, and so is a topic."""
        self.news()
        self.room.start()

    def close(self):
        for peer in self.peers.values():
            peer.close()

    def leave(self):
        """A test has ended."""
        for callback in self.mine:
            callback.will(answer(410)).will_verify(answer(404))
        self.mine.clear()

    def topic(self, path=ALL):
        return self.room.url + path

    def subscriber(self, host="127.0.0.1"):
        if host not in self.peers:
            self.peers[host] = Subscriber(host)
        return self.peers[host]

    def callback(self, query="", host="127.0.0.1", path=None):
        callback = self.subscriber(host).callback(path, query)
        self.mine.append(callback)
        return callback

    def ask(self, mode, callback, path=ALL, **more):
        return callback.peer.ask(mode, callback, self.topic(path), self.hub,
                                 **more)

    def until(self, *args, **more):
        return self.room.until(*args, **more)

    def subscribe(self, callback=None, path=ALL, **more):
        """Subscribe, and wait until the hub has verified the intent."""
        callback = callback or self.callback()
        self.agreed("subscribe", callback, path, **more)
        return callback

    def unsubscribe(self, callback, path=ALL, **more):
        self.agreed("unsubscribe", callback, path, **more)

    def agreed(self, mode, callback, path=ALL, **more):
        before = len(callback.verifications)
        reply = self.ask(mode, callback, path, **more)
        assert reply.status == 202, reply
        self.until(lambda: len(callback.verifications) > before,
                   "a verification")
        self.settled(callback)

    def settled(self, callback):
        """Wait until the hub has made up its mind about what it verified:
        that is later than the subscriber's answer."""
        self.until(lambda: self.rows(
            "SELECT count(*) FROM hub_pending WHERE instr(callback, ?)",
            callback.path) == [(0,)], f"{callback.path} is settled")

    def rows(self, sql, *values):
        """Ask the courier's store, read-only."""
        uri = f"file:{self.room.state / 'courier.db'}?mode=ro"
        with contextlib.closing(sqlite3.connect(uri, uri=True)) as db:
            return db.execute(sql, values).fetchall()

    def news(self, **more):
        """Save an article; its title, which is like no other."""
        title = f"Bulletin N{next(self.numbers):05}"
        self.room.write(f"{title}.txt", article(title, **more))
        return title

    def delivered(self, callback, title):
        self.until(lambda: callback.has(title), f"{title} at {callback.path}")

    def both(self, witness, *callbacks):
        """Save an article that the witness gets; whoever else is to get it
        has it, too, when this returns.  Whoever was not sent it by the time
        that the witness had the *next* one never will be: a fan-out asks
        each subscriber once."""
        title = self.news()
        for callback in (witness, *callbacks):
            self.delivered(callback, title)
        self.delivered(witness, self.news())
        return title
