"""WeChat's Official Account, as its documentation has it: a stand-in.

Written from developers.weixin.qq.com (service account: base, material, draft,
public, message/mass; the table of return codes) and from nothing of gazetted;
test_standin_wechat.py runs a client of others against it.  Every answer is a
200 with an errcode in it, unless a test says otherwise:

    wechat.on("draft/add").will(lost, wechat.work)     # done, and not said
    wechat.on("draft/add").will(refuse(45009), wechat.work)

1. What a client may get wrong is refused as the platform refuses it: tokens,
   required fields, lengths, types and sizes of pictures, who may do what.
2. What the platform does silently is done here too: "\\u4f5c" in a body stays
   as it is typed, pictures of others and scripts leave the text.
3. A draft that is published or sent leaves the box; what was published can
   only be deleted.
"""
import hashlib
import itertools
import json
import re
import threading
import time

from peer import Peer, Place, answer, reset

MINUTE, TOKEN_S, OVERLAP_S = 60, 7200, 300
TITLE, AUTHOR, DIGEST, SOURCE = 32, 16, 128, 1024
CONTENT, CONTENT_BYTES = 20000, 1 << 20
ARTICLES, LIST = 8, 20
MESSAGES = {
    0: "ok", -1: "system error", 40001: "invalid credential, access_token is "
    "invalid or not latest", 40002: "invalid grant_type",
    40004: "invalid media type", 40005: "invalid file type",
    40007: "invalid media_id", 40008: "invalid message type",
    40009: "invalid image size", 40013: "invalid appid",
    40125: "invalid appsecret", 41001: "access_token missing",
    41005: "media data missing", 42001: "access_token expired",
    43002: "require POST method", 44002: "empty post data",
    44003: "empty news data", 44004: "empty content",
    45002: "content size out of limit", 45003: "title size out of limit",
    45004: "description size out of limit", 45005: "url size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit mustslower retry next minute",
    45028: "has no masssend quota", 45065: "clientmsgid exist",
    45066: "same clientmsgid retry too fast",
    45067: "clientmsgid size out of limit", 45110: "author size out of limit",
    45166: "invalid content", 47001: "data format error",
    48001: "api unauthorized", 53404: "account is restricted",
    53503: "draft has not passed the check", 53600: "invalid article id",
}


class Refused(Exception):
    def __init__(self, code, **more):
        super().__init__(code)
        self.code, self.more = code, more


def said(**body):
    return answer(200, json.dumps(body, ensure_ascii=False),
                  Content_Type="application/json; encoding=utf-8")


def refuse(code, **more):
    """An answer of the platform's own."""
    return said(errcode=code, errmsg=MESSAGES.get(code, "error") +
                " rid: 00000000-00000000", **more)


def lost(handler, request):
    """It is done, and the connection breaks before anything is said."""
    handler.peer.places[request.path].work_silently(request)
    reset(handler, request)


class Call(Place):
    """A path of the API: what it does is the peer's to know."""

    def __init__(self, peer, path):
        super().__init__(peer, path)
        self.will(self.work)

    def work_silently(self, request):
        try:
            with self.peer.state:
                return self.peer.serve(self, request), None
        except Refused as e:
            return None, refuse(e.code, **e.more)

    def work(self, handler, request):
        result, refusal = self.work_silently(request)
        (refusal or said(**result))(handler, request)

    @property
    def bodies(self):
        return [json.loads(r.body) for r in list(self.got)]


def typed(body):
    """JSON, whose escapes of characters are shown as they are typed."""
    try:
        text = body.decode("utf-8")
        return json.loads(re.sub(
            r"\\(u[0-9a-fA-F]{4}|.)",
            lambda m: "\\\\" + m[1] if m[1][0] == "u" else m[0], text))
    except ValueError:
        raise Refused(47001) from None


def parts(request):
    """The parts of a form, strictly (RFC 7578): {name: (file, type, data)}."""
    kind = re.fullmatch(
        r'multipart/form-data; ?boundary="?([^";]{1,70})"?',
        request.get("content-type") or "")
    if not kind:
        raise Refused(41005)
    edge = b"--" + kind[1].encode()
    if not request.body.startswith(edge + b"\r\n") or not re.search(
            re.escape(edge) + rb"--(\r\n)?\Z", request.body):
        raise Refused(41005)
    found = {}
    for piece in request.body.split(edge)[1:-1]:
        head, _, data = piece[2:].partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in
                      head.decode().split("\r\n"))
        fields = {n.lower(): v for n, v in fields.items()}
        names = dict(re.findall(r'(\w+)="([^"]*)"',
                                fields["content-disposition"]))
        found[names["name"]] = (names.get("filename"),
                                fields.get("content-type"), data[:-2])
    return found


def picture_type(data):
    for start, kind in ((b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n", "png"),
                        (b"GIF8", "gif"), (b"BM", "bmp")):
        if data.startswith(start):
            return kind
    return None


class Wechat(Peer):
    """An account, and its server."""

    APPID, SECRET = "wx0123456789abcdef", "5ec2e7" * 5

    def __init__(self, host="127.0.0.1"):
        super().__init__(host)
        self.state = threading.RLock()
        self.numbers = itertools.count(100000001)
        self.skew = 0                 # seconds that its clock is ahead
        self.verified = True          # may publish and send
        self.quota = 1                # mass messages that are left
        self.statuses = [0]           # what polls say, the last one for ever
        self.good = {}                # token: when it is over
        self.stable = None
        self.forced = []
        self.materials, self.images = {}, {}
        self.drafts, self.published = {}, {}
        self.tasks, self.masses = {}, {}
        self.calls = {}
        for name in FUNCTIONS:
            self.calls[name] = self.place("/cgi-bin/" + name, Call)

    def on(self, name):
        return self.calls[name]

    def now(self):
        return time.time() + self.skew

    def new_id(self, kind):
        text = f"{kind}{next(self.numbers)}"
        return "Mx" + hashlib.sha256(text.encode()).hexdigest()[:62]

    # ---- what all calls have ----

    def serve(self, call, request):
        function = FUNCTIONS[call.path.removeprefix("/cgi-bin/")]
        arguments = dict(request.arguments)
        if function not in (Wechat.token, Wechat.stable_token):
            self.check_token(arguments)
        if getattr(function, "form", False):
            return function(self, parts(request), arguments)
        if request.method == "GET":
            return function(self, arguments)
        if not request.body:
            raise Refused(44002)
        return function(self, typed(request.body))

    def check_token(self, arguments):
        token = arguments.get("access_token")
        if not token:
            raise Refused(41001)
        if token not in self.good:
            raise Refused(40001)
        if self.good[token] <= self.now():
            raise Refused(42001)

    def check_rights(self):
        if not self.verified:
            raise Refused(48001)

    # ---- tokens ----

    def check_secret(self, body):
        if body.get("grant_type") != "client_credential":
            raise Refused(40002)
        if body.get("appid") != self.APPID:
            raise Refused(40013)
        if body.get("secret") != self.SECRET:
            raise Refused(40125)

    def new_token(self):
        token = f"{next(self.numbers)}_" + hashlib.sha512(
            str(time.time_ns()).encode()).hexdigest()
        self.good[token] = self.now() + TOKEN_S
        return token

    def token(self, arguments):
        self.check_secret(arguments)
        return {"access_token": self.new_token(), "expires_in": TOKEN_S}

    def stable_token(self, body):
        self.check_secret(body)
        now = self.now()
        if body.get("force_refresh"):
            recent = [t for t in self.forced if t > now - 86400]
            if len(recent) >= 20:
                raise Refused(45009)
            if recent and recent[-1] > now - 30:
                raise Refused(45011)
            self.forced.append(now)
            self.good.pop(self.stable, None)
            self.stable = None
        if not self.stable or self.good[self.stable] - OVERLAP_S <= now:
            self.stable = self.new_token()
        return {"access_token": self.stable,
                "expires_in": int(self.good[self.stable] - now)}

    def spoil(self):
        """All tokens are worth nothing, and nobody is told."""
        self.good.clear()
        self.stable = None

    # ---- pictures ----

    def picture(self, form, kinds, size):
        name, _, data = form.get("media", (None, None, b""))
        if not name or not data:
            raise Refused(41005)
        if picture_type(data) not in kinds:
            raise Refused(40005)
        if len(data) > size:
            raise Refused(40009)
        return data

    def add_material(self, form, arguments):
        limits = {"image": (("bmp", "png", "jpg", "gif"), 10 << 20),
                  "thumb": (("jpg",), 64 << 10)}
        if arguments.get("type") not in limits:
            raise Refused(40004)
        data = self.picture(form, *limits[arguments["type"]])
        media = self.new_id("material")
        self.materials[media] = data
        return {"media_id": media, "url": self.shown(data)}
    add_material.form = True

    def uploadimg(self, form, arguments):
        return {"url": self.shown(self.picture(
            form, ("jpg", "png"), (1 << 20) - 1))}
    uploadimg.form = True

    def shown(self, data):
        url = f"http://mmbiz.qpic.cn/{next(self.numbers)}/0"
        self.images[url] = data
        return url

    def get_materialcount(self, arguments):
        return {"voice_count": 0, "video_count": 0, "news_count": 0,
                "image_count": len(self.materials)}

    def batchget_material(self, body):
        names = self.some(list(self.materials), body)
        return {"total_count": len(self.materials), "item_count": len(names),
                "item": [{"media_id": n, "name": "picture",
                          "update_time": int(self.now())} for n in names]}

    def del_material(self, body):
        if not self.materials.pop(body.get("media_id"), None):
            raise Refused(40007)
        return {"errcode": 0, "errmsg": "ok"}

    # ---- drafts ----

    def article(self, a):
        """An article as it is kept, or why it is not."""
        if a.get("article_type", "news") != "news":
            raise Refused(40008)
        if not a.get("title") or len(a["title"]) > TITLE:
            raise Refused(45003)
        if len(a.get("author", "")) > AUTHOR:
            raise Refused(45110)
        if len(a.get("digest", "")) > DIGEST:
            raise Refused(45004)
        if len(a.get("content_source_url", "").encode()) > SOURCE:
            raise Refused(45005)
        if not a.get("content"):
            raise Refused(44004)
        if len(a["content"]) >= CONTENT or \
                len(a["content"].encode()) >= CONTENT_BYTES:
            raise Refused(45002)
        if a.get("thumb_media_id") not in self.materials:
            raise Refused(40007)
        return {**a, "content": self.filtered(a["content"]),
                "url": f"http://mp.weixin.qq.com/s?tempkey="
                       f"{next(self.numbers)}"}

    def filtered(self, content):
        def picture(m):
            src = re.search(r'src="([^"]*)"', m[0])
            return m[0] if src and src[1] in self.images else ""
        return re.sub(r"<img[^>]*>", picture,
                      re.sub(r"(?is)<script.*?</script>", "", content))

    def draft_add(self, body):
        articles = body.get("articles")
        if not isinstance(articles, list) or not articles:
            raise Refused(44003)
        if len(articles) > ARTICLES:
            raise Refused(45166)
        kept = [self.article(a) for a in articles]
        media = self.new_id("draft")
        self.drafts[media] = {"news_item": kept,
                              "update_time": int(self.now())}
        return {"media_id": media, "item": []}

    def draft(self, body):
        draft = self.drafts.get(body.get("media_id"))
        if not draft:
            raise Refused(40007)
        return draft

    def draft_get(self, body):
        return {"news_item": self.draft(body)["news_item"]}

    def draft_update(self, body):
        draft, index = self.draft(body), body.get("index")
        if not isinstance(index, int) or not (
                0 <= index < len(draft["news_item"])):
            raise Refused(47001)
        draft["news_item"][index] = self.article(body.get("articles", {}))
        draft["update_time"] = int(self.now())
        return {"errcode": 0, "errmsg": "ok"}

    def draft_delete(self, body):
        self.draft(body)
        del self.drafts[body["media_id"]]
        return {"errcode": 0, "errmsg": "ok"}

    def draft_count(self, arguments):
        return {"total_count": len(self.drafts)}

    def some(self, names, body):
        offset, count = body.get("offset"), body.get("count")
        if not isinstance(offset, int) or not isinstance(count, int) or \
                not 1 <= count <= LIST:
            raise Refused(47001)
        return names[::-1][offset:offset + count]     # the newest first

    def listed(self, kept, word, body):
        names = self.some(list(kept), body)
        bare = {"content"} if body.get("no_content") else set()
        return {"total_count": len(kept), "item_count": len(names), "item": [
            {word: n, "update_time": kept[n]["update_time"], "content": {
                "news_item": [{k: v for k, v in a.items() if k not in bare}
                              for a in kept[n]["news_item"]]}}
            for n in names]}

    def draft_batchget(self, body):
        return self.listed(self.drafts, "media_id", body)

    # ---- publishing ----

    def submit(self, body):
        self.check_rights()
        draft = self.draft(body)
        number = str(next(self.numbers))
        task = {"draft": body["media_id"], "polls": 0,
                "statuses": list(self.statuses), **draft}
        self.tasks[number] = task
        if self.statuses[0] == 0:
            self.publish(task)
        return {"errcode": 0, "errmsg": "ok", "publish_id": number,
                "msg_data_id": str(next(self.numbers))}

    def freepublish_get(self, body):
        self.check_rights()
        task = self.tasks.get(str(body.get("publish_id")))
        if not task:
            raise Refused(40007)
        status = task["statuses"][min(task["polls"],
                                      len(task["statuses"]) - 1)]
        task["polls"] += 1
        result = {"publish_id": str(body["publish_id"]),
                  "publish_status": status, "fail_idx": []}
        if status == 0:
            self.publish(task)
            items = task["news_item"]
            result |= {"article_id": task["article"], "article_detail": {
                "count": len(items), "item": [
                    {"idx": i + 1, "article_url": a["url"]}
                    for i, a in enumerate(items)]}}
        elif status != 1:
            result["fail_idx"] = [1]
        return result

    def publish(self, task):
        if "article" in task:
            return
        self.drafts.pop(task["draft"], None)
        for a in task["news_item"]:
            a |= {"url": f"http://mp.weixin.qq.com/s/{next(self.numbers)}",
                  "is_deleted": False}
        task["article"] = self.new_id("article")
        self.published[task["article"]] = {
            "news_item": task["news_item"], "update_time": int(self.now())}

    def freepublish_batchget(self, body):
        self.check_rights()
        return self.listed(self.published, "article_id", body)

    def freepublish_delete(self, body):
        self.check_rights()
        item = self.published.get(body.get("article_id"))
        if not item:
            raise Refused(53600)
        index = body.get("index", 0)
        for n, a in enumerate(item["news_item"], 1):
            if index in (0, n):
                a["is_deleted"] = True
        if all(a["is_deleted"] for a in item["news_item"]):
            del self.published[body["article_id"]]
        return {"errcode": 0, "errmsg": "ok"}

    def getarticle(self, body):
        item = self.published.get(body.get("article_id"))
        if not item:
            raise Refused(53600)
        return {"news_item": item["news_item"]}

    # ---- mass messages ----

    def sendall(self, body):
        self.check_rights()
        mark = body.get("clientmsgid", "")
        if len(mark.encode()) > 64:
            raise Refused(45067)
        for number, m in self.masses.items():
            if mark and m["mark"] == mark:
                raise Refused(45065, msg_id=number)
        if body.get("msgtype") != "mpnews":
            raise Refused(40008)
        if not isinstance(body.get("filter"), dict) or \
                not (body["filter"].get("is_to_all") or
                     "tag_id" in body["filter"]):
            raise Refused(47001)
        draft = self.draft(body.get("mpnews", {}))
        if self.quota < 1:
            raise Refused(45028)
        self.quota -= 1
        number = next(self.numbers)
        self.masses[number] = {**draft, "mark": mark, "filter":
                               body["filter"], "deleted": False}
        del self.drafts[body["mpnews"]["media_id"]]
        return {"errcode": 0, "errmsg": "send job submission success",
                "msg_id": number, "msg_data_id": next(self.numbers)}

    def mass(self, body):
        try:
            return self.masses[int(body.get("msg_id", 0))]
        except (KeyError, ValueError, TypeError):
            raise Refused(40007) from None

    def mass_get(self, body):
        deleted = self.mass(body)["deleted"]
        return {"msg_id": body["msg_id"],
                "msg_status": "DELETE" if deleted else "SEND_SUCCESS"}

    def mass_delete(self, body):
        self.mass(body)["deleted"] = True
        return {"errcode": 0, "errmsg": "ok"}


FUNCTIONS = {
    "token": Wechat.token,
    "stable_token": Wechat.stable_token,
    "material/add_material": Wechat.add_material,
    "material/get_materialcount": Wechat.get_materialcount,
    "material/batchget_material": Wechat.batchget_material,
    "material/del_material": Wechat.del_material,
    "media/uploadimg": Wechat.uploadimg,
    "draft/add": Wechat.draft_add,
    "draft/get": Wechat.draft_get,
    "draft/update": Wechat.draft_update,
    "draft/delete": Wechat.draft_delete,
    "draft/count": Wechat.draft_count,
    "draft/batchget": Wechat.draft_batchget,
    "freepublish/submit": Wechat.submit,
    "freepublish/get": Wechat.freepublish_get,
    "freepublish/batchget": Wechat.freepublish_batchget,
    "freepublish/delete": Wechat.freepublish_delete,
    "freepublish/getarticle": Wechat.getarticle,
    "message/mass/sendall": Wechat.sendall,
    "message/mass/get": Wechat.mass_get,
    "message/mass/delete": Wechat.mass_delete,
}
