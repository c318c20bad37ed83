"""One article saved, and it is everywhere that the newsroom is followed.

Each platform's stand-in checks what the platform checks; what the preview
shows is, byte for byte, what left (equal hashes of the masked requests).
"""
import json
import shutil

import pytest

import images
from articles import SEED
from office import FREE, Office, desks_of
from standin_facebook import Graph
from standin_wechat import Wechat
from standin_wecom import Wecom
from standin_x import X

DONE = 3
HEADLINE = "Sci-tech development among top"


class Everywhere(Office):
    """A newsroom that is followed on each platform."""

    def __init__(self, room):
        self.graph, self.x = Graph(), X()
        self.wechat, self.wecom = Wechat(), Wecom()
        super().__init__(room)
        cover = room.home / "cover.png"
        cover.write_bytes(images.png(shade=9))
        self.keep("page-token", self.graph.token)
        self.keep("page-app", self.graph.app_secret)
        self.keep("x-app", *self.x.consumer)
        self.keep("x-account", *self.x.token)
        self.keep("account-secret", self.wechat.SECRET)
        self.keep("robot-key", self.wecom.KEY)
        self.configure(targets=[self.target(), *({**t, **FREE} for t in (
            {"name": "page", "type": "facebook", "page": self.graph.page,
             "url": self.graph.url, "token": "page-token",
             "app-secret": "page-app"},
            {"name": "account-on-x", "type": "x", "api": self.x.url,
             "app": "x-app", "account": "x-account"},
            {"name": "account", "type": "wechat", "cover": str(cover),
             "url": self.wechat.url, "appid": self.wechat.APPID,
             "secret": "account-secret"},
            {"name": "group", "type": "wecom", "url": self.wecom.send.url,
             "key": "robot-key"}))])

    def close(self):
        for peer in (self.graph, self.x, self.wechat, self.wecom):
            peer.close()
        super().close()

    @property
    def shown(self):
        """What each platform's readers see, as text."""
        return {
            "app": [e.data["article"]["title"] for e in self.hook.taken()
                    if e.type == "article.published"],
            "page": [p.message for p in self.graph.timeline],
            "account-on-x": [p.text for p in self.x.timeline],
            "account": [d["news_item"][0]["title"]
                        for d in list(self.wechat.drafts.values())],
            "group": [json.dumps(m, ensure_ascii=False)
                      for m in self.wecom.messages]}


@pytest.fixture
def everywhere(empty):
    with desks_of(Everywhere, empty) as make:
        yield make()


def test_part_two_is_everywhere_once(everywhere):
    room = everywhere.room
    path = room.content / SEED.name
    shutil.copyfile(SEED, path)
    room.until(lambda: all(everywhere.shown.values()), "news everywhere", 60)
    room.until(lambda: {s for s, in everywhere.rows(
        "SELECT state FROM delivery WHERE article_id > 0")} == {DONE},
        "settled deliveries", 60)
    for target, texts in everywhere.shown.items():
        assert len(texts) == 1, target
        assert HEADLINE in texts[0], target

    sent = dict(everywhere.rows("SELECT t.name, d.hash FROM delivery d "
                                "JOIN target t ON t.id = d.target_id "
                                "WHERE d.article_id > 0"))
    previews = json.loads(room.ctl("preview", path, "--json").stdout)
    shown = {p["target"]: p["hash"] for p in previews["previews"]}
    assert set(everywhere.shown) <= set(shown)
    assert {t: sent[t] for t in everywhere.shown} == {
        t: shown[t] for t in everywhere.shown}
