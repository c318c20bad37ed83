"""A WeCom group robot, as its documentation has it: a stand-in.

Written from developer.work.weixin.qq.com (document/path/91770): text, markdown
and news, 20 messages in a minute.  What is too long in news is cut silently,
and what is too long in markdown is refused.
"""
import threading
import time

from peer import Peer
from standin_wechat import Call, Refused, typed

MINUTE, MESSAGES = 60, 20
TEXT, MARKDOWN, TITLE, DESCRIPTION, ADDRESS = 2048, 4096, 128, 512, 2048


def first(text, size):
    """At most so many bytes, of whole characters."""
    return text.encode()[:size].decode(errors="ignore")


class Wecom(Peer):
    """A robot of a group, and its server."""

    KEY = "693a91f6-7b1c-4bc4-97a0-0ec2a1fa5aaa"

    def __init__(self, host="127.0.0.1"):
        super().__init__(host)
        self.state = threading.Lock()
        self.skew = 0
        self.times = []
        self.messages = []     # what the group sees
        self.send = self.place("/cgi-bin/webhook/send", Call)

    @property
    def hook(self):
        """The address that the robot's page shows."""
        return f"{self.send.url}?key={self.KEY}"

    def serve(self, call, request):
        if dict(request.arguments).get("key") != self.KEY:
            raise Refused(93000)
        now = time.time() + self.skew
        self.times = [t for t in self.times if t > now - MINUTE]
        if len(self.times) >= MESSAGES:
            raise Refused(45009)
        self.messages.append(self.message(typed(request.body)))
        self.times.append(now)
        return {"errcode": 0, "errmsg": "ok"}

    def message(self, body):
        kind = body.get("msgtype")
        makers = {"text": self.text, "markdown": self.markdown,
                  "news": self.news}
        if kind not in makers or not isinstance(body.get(kind), dict):
            raise Refused(40008)
        return {"msgtype": kind, kind: makers[kind](body[kind])}

    def content(self, body, size):
        if not body.get("content"):
            raise Refused(44004)
        if len(body["content"].encode()) > size:
            raise Refused(40058)
        return body

    def text(self, body):
        return self.content(body, TEXT)

    def markdown(self, body):
        return self.content(body, MARKDOWN)

    def news(self, body):
        articles = body.get("articles")
        if not isinstance(articles, list) or not 1 <= len(articles) <= 8:
            raise Refused(40058)
        for a in articles:
            if not a.get("title") or not a.get("url"):
                raise Refused(40058)
            if len(a["url"].encode()) > ADDRESS:
                raise Refused(40058)
        return {"articles": [
            {**a, "title": first(a["title"], TITLE),
             "description": first(a.get("description", ""), DESCRIPTION)}
            for a in articles]}
