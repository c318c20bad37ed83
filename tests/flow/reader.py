"""A reader: polls a feed and remembers, as a feed reader does.

It objects to whatever would make its owner see something twice, backwards or
not at all.
"""
import feedparser

import feedcheck
from feedcheck import NS, text


class Reader:
    """One subscription.  `seen` is {id: (title, published, updated)}."""

    def __init__(self, room, path):
        self.room = room
        self.path = path
        self.etag = None
        self.seen = {}
        self.present = []

    def poll(self):
        """Fetch if it changed; the ids that were never there before."""
        headers = {"If_None_Match": self.etag} if self.etag else {}
        answer = self.room.get(self.path, **headers)
        if answer.status == 304:
            return []
        assert answer.status == 200, f"{self.path}: {answer.status}"
        self.etag = answer.etag
        return self.take(answer.body)

    def take(self, body):
        root = feedcheck.check(body)
        assert not feedparser.parse(body).bozo
        entries = root.findall("a:entry", NS)
        self.present = [text(e, "a:id") for e in entries]
        return [uid for uid, e in zip(self.present, entries)
                if self.is_new(uid, e)]

    def is_new(self, uid, entry):
        """Remember an entry; what was known of it may only move forward."""
        title, published, updated = (
            text(entry, f"a:{name}")
            for name in ("title", "published", "updated"))
        known = self.seen.get(uid)
        self.seen[uid] = (title, published, updated)
        if known:
            assert published == known[1], f"published of {uid} moved"
            assert updated >= known[2], f"updated of {uid} went back"
        return known is None
