"""What the tests of Pages stand on: a newsroom that posts on one."""
from office import FREE, Office
from standin_facebook import Graph

WAITING, DONE, REJECTED = 1, 3, 5


class Desk(Office):
    """A newsroom with a Page."""

    def __init__(self, room, **words):
        self.graph = Graph()
        super().__init__(room)
        self.keep("page-token", self.graph.token)
        self.keep("page-app", self.graph.app_secret)
        self.configure({"hub": {}}, targets=[self.page(**words)])

    def page(self, **words):
        return {"name": "page", "type": "facebook", "page": self.graph.page,
                "url": self.graph.url, "token": "page-token",
                "app-secret": "page-app", **FREE, **words}

    def close(self):
        self.graph.close()
        super().close()

    @property
    def texts(self):
        return [p.message for p in self.graph.timeline]

    def shows(self, text, patience=20.0):
        """The one post that has the text."""
        self.room.until(lambda: any(text in t for t in self.texts),
                        f"a post with {text}", patience)
        found = [p for p in self.graph.timeline if text in p.message]
        assert len(found) == 1, f"{text} is there {len(found)} times"
        return found[0]

    def settles(self, state=DONE, patience=40.0):
        """What is owed is in that state, all of it."""
        self.room.until(lambda: {s for s, in self.rows(
            "SELECT state FROM delivery")} == {state}, f"state {state}",
            patience)

    def held(self):
        return self.rows("SELECT why FROM target WHERE state = 2")
