"""An Official Account of WeChat, and a robot of WeCom: what followers see.

The stand-ins are written from the platforms' documentation, and clients of npm
take the first for WeChat (test_standin_wechat.py).
"""
import shutil

import pytest

import images
from articles import SEED, article, part
from office import FREE, Office, desks_of
from peer import answer, reset
from standin_wechat import Wechat, lost, refuse
from standin_wecom import Wecom

DONE, REJECTED = 3, 5


class Desk(Office):
    """A newsroom with an account, whose articles have a cover."""

    def __init__(self, room, **words):
        self.wechat = Wechat()
        super().__init__(room)
        self.cover = room.home / "cover.png"
        self.cover.write_bytes(images.png(shade=9))
        self.keep("account-secret", self.wechat.SECRET)
        words = {"name": "account", "type": "wechat", "cover":
                 str(self.cover), "url": self.wechat.url, "appid":
                 self.wechat.APPID, "secret": "account-secret", **FREE,
                 **words}
        self.configure(rest={"hub": {}}, targets=[
            {n: w for n, w in words.items() if w is not None}])

    def close(self):
        self.wechat.close()
        super().close()

    @property
    def drafts(self):
        return [d["news_item"][0] for d in list(self.wechat.drafts.values())]

    @property
    def published(self):
        return [a["news_item"][0]
                for a in list(self.wechat.published.values())]

    def settles(self, state=DONE, n=1, patience=60):
        """So many deliveries, and all of them are in that state."""
        self.room.until(lambda: [s for s, in self.rows(
            "SELECT state FROM delivery")] == [state] * n,
            f"{n} times state {state}", patience)

    def drafted(self, n=1):
        self.room.until(lambda: len(self.drafts) == n, f"{n} drafts")
        self.settles(n=n)
        return self.drafts[-1]


@pytest.fixture
def make_desk(empty):
    with desks_of(Desk, empty) as make:
        yield make


def test_the_seed_becomes_a_draft(make_desk):
    """Without a picture of its own: the target's is its cover."""
    desk = make_desk()
    shutil.copyfile(SEED, desk.room.content / SEED.name)
    draft = desk.drafted()
    assert draft["title"] == "Sci-tech development among top\u2026"
    assert desk.wechat.materials == {
        draft["thumb_media_id"]: desk.cover.read_bytes()}
    assert draft["content"].startswith("<p>Guangdong in South China has")
    assert "<a " not in draft["content"]
    assert draft["content_source_url"].startswith(desk.room.url)
    assert len(draft["digest"]) <= 128


def test_pictures_are_uploaded_once(make_desk):
    """One article after the other shows the same picture."""
    desk = make_desk()
    picture = images.png(shade=77)
    for n in (1, 2):
        (desk.room.content / f"{n}.png").write_bytes(picture)
        desk.room.write(f"{n}.txt", article(f"Number {n}"))
        desk.drafted(n)
    assert list(desk.wechat.materials.values()) == [picture]
    assert len(desk.wechat.on("media/uploadimg").got) == 1
    for draft in desk.drafts:
        assert any(url in draft["content"] for url in desk.wechat.images)


def test_a_token_serves_all(make_desk):
    desk = make_desk()
    for n in (1, 2, 3):
        desk.room.write(f"{n}.txt", article(f"Number {n}"))
    desk.drafted(3)
    assert len(desk.wechat.on("stable_token").got) == 1


def test_a_token_that_is_refused_is_got_anew(make_desk):
    desk = make_desk()
    desk.room.write("1.txt", article("Number 1"))
    desk.drafted()
    desk.wechat.spoil()
    desk.room.write("2.txt", article("Number 2"))
    desk.drafted(2)
    first, second = desk.wechat.on("stable_token").bodies
    assert not first["force_refresh"] and second["force_refresh"]


def test_it_is_published(make_desk):
    """It takes a while, and a later part leads to it."""
    desk = make_desk(mode="publish")
    desk.wechat.statuses = [1, 0]
    desk.room.write("1.txt", part(1, "Wonder 1"))
    desk.settles()
    first, = desk.published
    desk.room.write("2.txt", part(2, "Wonder 2") + "\nRelated links:\n\n"
                    "Small Wonders \u2460 | Wonder 1\n")
    desk.settles(n=2)
    assert f'<a href="{first["url"]}">' in desk.published[-1]["content"]


def test_it_is_taken_back(make_desk):
    desk = make_desk(mode="publish")
    path = desk.room.write("1.txt", article("Number 1"))
    desk.settles()
    assert len(desk.published) == 1
    path.unlink()
    desk.settles(n=2)
    assert not desk.published


def test_a_draft_is_corrected(make_desk):
    desk = make_desk(correction="edit")
    desk.room.write("1.txt", article("Number 1"))
    desk.drafted()
    desk.room.write("1.txt", article("Number 1") +
                    "\nCorrection: It is number 2.\n")
    desk.settles(n=2)
    assert "It is number 2." in desk.drafts[0]["content"]
    assert len(desk.drafts) == 1


def test_it_is_sent_to_all(make_desk):
    """Once, though nobody answered."""
    desk = make_desk(mode="mass")
    call = desk.wechat.on("message/mass/sendall")
    call.will(lost, call.work)
    desk.room.write("1.txt", article("Number 1"))
    desk.settles()
    assert len(desk.wechat.masses) == 1
    assert len({b["clientmsgid"] for b in call.bodies}) == 1


@pytest.mark.parametrize("failure", [lost, reset, answer(502),
                                     refuse(-1)],
                         ids=["lost", "reset", "502", "busy"])
@pytest.mark.parametrize("name", ["draft/add", "freepublish/submit"])
def test_nothing_is_made_twice(make_desk, name, failure):
    """Whether an answer is lost before or after it was done."""
    desk = make_desk(mode="publish")
    call = desk.wechat.on(name)
    call.will(failure, call.work)
    desk.room.write("1.txt", article("Number 1"))
    desk.settles()
    assert len(desk.published) == 1 and not desk.drafts


def test_who_may_not_publish_is_held(make_desk):
    desk = make_desk(mode="publish")
    desk.wechat.verified = False
    desk.room.write("1.txt", article("Number 1"))
    desk.room.until(lambda: desk.rows(
        "SELECT 1 FROM target WHERE state = 2"), "a hold")
    assert len(desk.drafts) == 1 and not desk.published


def test_without_a_cover_it_is_rejected(make_desk):
    desk = make_desk(cover=None)
    desk.room.write("1.txt", article("Number 1"))
    desk.settles(REJECTED)
    assert "cover" in desk.room.ctl("outbox", code=None).stdout
    assert not desk.drafts


def test_a_cover_that_was_deleted_is_uploaded_anew(make_desk):
    desk = make_desk()
    desk.room.write("1.txt", article("Number 1"))
    desk.drafted()
    desk.wechat.materials.clear()
    desk.room.write("2.txt", article("Number 2"))
    desk.drafted(2)
    assert len(desk.wechat.on("material/add_material").got) == 2


def test_the_secret_is_nowhere(make_desk):
    desk = make_desk()
    desk.room.write("1.txt", article("Number 1"))
    desk.drafted()
    said = desk.room.log() + "".join(desk.room.ctl(*verb).stdout for verb in (
        ("outbox",), ("targets",), ("preview", desk.room.content / "1.txt")))
    assert desk.wechat.SECRET not in said
    assert desk.wechat.stable not in said


# ---- WeCom ----

@pytest.fixture
def chat(empty):
    office, robot = Office(empty), Wecom()
    office.keep("robot-key", robot.KEY)
    office.robot = robot
    office.configure(rest={"hub": {}}, targets=[{
        "name": "chat", "type": "wecom", "url": robot.send.url,
        "key": "robot-key", **FREE}])
    empty.start()
    yield office
    robot.close()
    office.close()


def test_a_group_is_told(chat):
    chat.room.write("1.txt", article("Number 1"))
    chat.room.until(lambda: chat.robot.messages, "a card")
    card, = chat.robot.messages[0]["news"]["articles"]
    assert card["title"] == "Number 1"
    assert card["url"].startswith(chat.room.url)


def test_a_group_is_told_at_most_once(chat):
    chat.robot.send.will(lost, chat.robot.send.work)
    chat.room.write("1.txt", article("Number 1"))
    chat.room.until(lambda: chat.rows(
        "SELECT 1 FROM delivery WHERE state = 4"), "doubt")
    assert len(chat.robot.messages) == 1
