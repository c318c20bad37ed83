"""The stand-ins of WeChat and WeCom, before anything is believed of them.

co-wechat-api and node-easywechat, which have nothing to do with us, use the
first unchanged.  The rest is what the documentation says, asked by hand.
"""
import http.client
import json
import subprocess
import tempfile
import urllib.parse

import pytest

import images
import newsroom
from peer import answer, reset
from readers import MODULES, need_package
from standin_wechat import Wechat, lost, refuse
from standin_wecom import Wecom

JSON = {"Content-Type": "application/json"}
SOURCE = "https://news.example.org/articles/bridge"


@pytest.fixture
def wechat():
    with Wechat() as server:
        yield server


@pytest.fixture
def wecom():
    with Wecom() as server:
        yield server


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "bridge.png"
    path.write_bytes(images.png())
    return str(path)


def client(wechat, *calls, secret=None):
    """What each call of the clients gave."""
    need_package("co-wechat-api", "node-easywechat")
    order = {"appid": wechat.APPID, "secret": secret or wechat.SECRET,
             "calls": calls}
    # One of them keeps its token in the working directory.
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            ["node", newsroom.TESTS / "npm" / "wechat.mjs", MODULES,
             wechat.url], input=json.dumps(order), text=True,
            capture_output=True, timeout=60, cwd=home)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def values(wechat, *calls):
    found = client(wechat, *calls)
    assert all("value" in f for f in found), found
    return [f["value"] for f in found]


def ask(peer, path, body, **arguments):
    """One request by hand; what was answered."""
    connection = http.client.HTTPConnection(peer.host, peer.port, timeout=10)
    text = body if isinstance(body, bytes) else json.dumps(
        body, ensure_ascii=False).encode()
    connection.request("POST", f"/cgi-bin/{path}?" +
                       urllib.parse.urlencode(arguments), text, JSON)
    return json.loads(connection.getresponse().read())


def code(*request, **arguments):
    return ask(*request, **arguments).get("errcode", 0)


class Desk:
    """Somebody with a token, and a cover."""

    def __init__(self, wechat):
        self.wechat = wechat
        self.token = ask(wechat, "stable_token", secret(wechat))[
            "access_token"]
        self.cover = wechat.new_id("material")
        wechat.materials[self.cover] = images.png()

    def ask(self, path, body):
        return ask(self.wechat, path, body, access_token=self.token)

    def code(self, path, body):
        return self.ask(path, body).get("errcode", 0)

    def article(self, **more):
        return {"title": "A bridge opens", "content": "<p>It is long.</p>",
                "content_source_url": SOURCE, "thumb_media_id": self.cover,
                **more}

    def draft(self, **more):
        return self.ask("draft/add", {"articles": [self.article(**more)]})


@pytest.fixture
def desk(wechat):
    return Desk(wechat)


def secret(wechat, **more):
    return {"grant_type": "client_credential", "appid": wechat.APPID,
            "secret": wechat.SECRET, **more}


# ---- clients of others ----

def test_a_client_from_npm_uploads(wechat, picture):
    cover, shown, count, listed, _ = values(
        wechat, ["uploadMaterial", picture, "image"],
        ["uploadImage", picture], ["getMaterialCount"],
        ["getMaterials", "image", 0, 20],
        ["removeMaterial", "$1.media_id"])
    assert wechat.images[cover["url"]] == images.png()
    assert wechat.images[shown["url"]] == images.png()
    assert count["image_count"] == 1
    assert [i["media_id"] for i in listed["item"]] == [cover["media_id"]]
    assert not wechat.materials


def test_a_client_from_npm_sends_to_all(wechat, picture):
    *_, sent, again, status, _ = client(
        wechat, ["uploadMaterial", picture, "image"],
        ["easy", "/cgi-bin/draft/add", {"articles": [
            {"title": "A bridge opens", "content": "<p>Long.</p>",
             "thumb_media_id": "$1.media_id"}]}],
        ["massSendNews", "$2.media_id", True, "one"],
        ["massSendNews", "$2.media_id", True, "one"],
        ["getMassMessageStatus", "$3.msg_id"],
        ["deleteMass", "$3.msg_id"])
    assert again["error"]["code"] == 45065
    assert status["value"]["msg_status"] == "SEND_SUCCESS"
    mass, = wechat.masses.values()
    assert mass["deleted"] and mass["filter"] == {"is_to_all": True}
    assert sent["value"]["msg_id"] in wechat.masses
    assert not wechat.drafts


def test_a_client_from_npm_publishes(wechat, picture):
    """By the stable token, all the way."""
    wechat.statuses = [1, 0]
    *_, first, done, listed = values(
        wechat, ["uploadMaterial", picture, "image"],
        ["easy", "/cgi-bin/draft/add", {"articles": [
            {"title": "\u5927\u6865\u901a\u8f66", "content": "<p>Long.</p>",
             "content_source_url": SOURCE,
             "thumb_media_id": "$1.media_id"}]}],
        ["easy", "/cgi-bin/freepublish/submit",
         {"media_id": "$2.media_id"}],
        ["easy", "/cgi-bin/freepublish/get",
         {"publish_id": "$3.publish_id"}],
        ["easy", "/cgi-bin/freepublish/get",
         {"publish_id": "$3.publish_id"}],
        ["easy", "/cgi-bin/freepublish/batchget",
         {"offset": 0, "count": 20, "no_content": 1}])
    assert first["publish_status"] == 1
    assert done["publish_status"] == 0
    item, = listed["item"]
    assert item["article_id"] == done["article_id"]
    news, = item["content"]["news_item"]
    assert news["content_source_url"] == SOURCE and "content" not in news
    assert wechat.on("stable_token").got


def test_a_client_from_npm_gets_a_new_token(wechat):
    """It does so by itself, when the old one is refused."""
    wechat.on("material/get_materialcount").will(
        refuse(40001), wechat.on("material/get_materialcount").work)
    values(wechat, ["getMaterialCount"])
    assert len(wechat.on("token").got) == 2


def test_a_client_from_npm_understands_what_is_refused(wechat):
    said, = client(wechat, ["getMaterialCount"], secret="other")
    assert said["error"]["code"] == 40125


# ---- tokens ----

def test_a_stable_token_stays(wechat):
    first = ask(wechat, "stable_token", secret(wechat))
    assert ask(wechat, "stable_token", secret(wechat))["access_token"] == \
        first["access_token"]
    assert first["expires_in"] == 7200
    wechat.skew = 6950
    second = ask(wechat, "stable_token", secret(wechat))
    assert second["access_token"] != first["access_token"]
    for token in (first, second):      # for five minutes both are good
        assert code(wechat, "draft/batchget", {"offset": 0, "count": 1},
                    access_token=token["access_token"]) == 0


def test_a_token_can_be_forced(wechat):
    first = ask(wechat, "stable_token", secret(wechat))["access_token"]
    assert code(wechat, "stable_token",
                secret(wechat, force_refresh=True)) == 0
    assert code(wechat, "stable_token",
                secret(wechat, force_refresh=True)) == 45011
    assert code(wechat, "draft/batchget", {"offset": 0, "count": 1},
                access_token=first) == 40001


def test_tokens_are_asked_for(wechat, desk):
    page = {"offset": 0, "count": 1}
    assert code(wechat, "draft/batchget", page) == 41001
    assert code(wechat, "draft/batchget", page, access_token="x") == 40001
    wechat.skew = 7201
    assert desk.code("draft/batchget", page) == 42001
    assert code(wechat, "stable_token", secret(wechat, appid="x")) == 40013


# ---- drafts ----

@pytest.mark.parametrize("field, value, wanted", [
    ("title", "\u6865" * 32, 0), ("title", "\u6865" * 33, 45003),
    ("title", "", 45003), ("author", "\u6865" * 17, 45110),
    ("digest", "\u6865" * 129, 45004), ("content", "", 44004),
    ("content", "\u6865" * 20000, 45002),
    ("content_source_url", SOURCE + "a" * 1024, 45005),
    ("thumb_media_id", "x", 40007)])
def test_fields_are_checked(desk, field, value, wanted):
    assert desk.draft(**{field: value}).get("errcode", 0) == wanted


def test_what_is_dropped_silently(wechat, desk):
    wechat.images["http://mmbiz.qpic.cn/1/0"] = b""
    desk.draft(content='<p>a<img src="http://mmbiz.qpic.cn/1/0"/>b<img src='
               '"https://news.example.org/a.png"/>c<script>d</script>e</p>')
    draft, = wechat.drafts.values()
    assert draft["news_item"][0]["content"] == \
        '<p>a<img src="http://mmbiz.qpic.cn/1/0"/>bce</p>'


def test_escapes_are_shown_as_they_are_typed(wechat, desk):
    desk.ask("draft/add", json.dumps(
        {"articles": [desk.article(title="\u6865\n")]}).encode())
    draft, = wechat.drafts.values()
    assert draft["news_item"][0]["title"] == "\\u6865\n"


def test_a_draft_is_changed_and_deleted(wechat, desk):
    media = desk.draft()["media_id"]
    assert desk.code("draft/update", {
        "media_id": media, "index": 0,
        "articles": desk.article(title="It is red")}) == 0
    assert desk.ask("draft/get", {"media_id": media})["news_item"][0][
        "title"] == "It is red"
    assert desk.code("draft/delete", {"media_id": media}) == 0
    assert desk.code("draft/delete", {"media_id": media}) == 40007


def test_a_draft_is_published_once_and_deleted(wechat, desk):
    media = desk.draft()["media_id"]
    number = desk.ask("freepublish/submit", {"media_id": media})["publish_id"]
    article = desk.ask("freepublish/get", {"publish_id": number})
    assert desk.code("freepublish/submit", {"media_id": media}) == 40007
    gone = {"article_id": article["article_id"], "index": 1}
    assert desk.code("freepublish/delete", gone) == 0
    assert desk.code("freepublish/delete", gone) == 53600


def test_who_may_not_publish(wechat, desk):
    wechat.verified = False
    media = desk.draft()["media_id"]
    assert desk.code("freepublish/submit", {"media_id": media}) == 48001


def test_mass_messages_have_a_quota(wechat, desk):
    def send(media, mark):
        return desk.code("message/mass/sendall", {
            "filter": {"is_to_all": True}, "msgtype": "mpnews",
            "mpnews": {"media_id": media}, "clientmsgid": mark})
    first, second = (desk.draft()["media_id"] for _ in range(2))
    assert send(first, "a" * 65) == 45067
    assert send(first, "a") == 0
    assert send(second, "a") == 45065
    assert send(second, "b") == 45028


def test_it_fails_as_it_is_told_to(wechat, desk):
    call = wechat.on("draft/add")
    call.will(refuse(45009), answer(502), lost, reset, call.work)
    body = {"articles": [desk.article()]}
    assert desk.code("draft/add", body) == 45009
    for _ in range(3):
        with pytest.raises((OSError, http.client.HTTPException, ValueError)):
            desk.ask("draft/add", body)
    assert len(wechat.drafts) == 1
    assert desk.code("draft/add", body) == 0


# ---- WeCom ----

def test_a_robot_says_20_things_a_minute(wecom):
    def send(**body):
        return code(wecom, "webhook/send", body, key=wecom.KEY)
    for _ in range(20):
        assert send(msgtype="text", text={"content": "a"}) == 0
    assert send(msgtype="text", text={"content": "a"}) == 45009
    wecom.skew = 61
    assert send(msgtype="markdown", markdown={"content": "a" * 4096}) == 0
    assert send(msgtype="markdown", markdown={"content": "a" * 4097}) == 40058
    assert send(msgtype="news", news={"articles": [
        {"title": "\u6865" * 50, "url": SOURCE}]}) == 0
    assert wecom.messages[-1]["news"]["articles"][0]["title"] == \
        "\u6865" * 42
    assert send(msgtype="news", news={"articles": [{"title": "a"}]}) == 40058
    assert code(wecom, "webhook/send", {"msgtype": "text"}, key="x") == 93000
