"""A WebSub subscriber, written from the W3C Recommendation of 23 January 2018.

Nothing here was learnt from gazetted; the numbers in parentheses are the
Recommendation's sections.  It discovers (4), subscribes (5.1), verifies the
intent (5.3.1) and takes content (7); its callbacks can be told to misbehave.

1. A verification that nobody asked for is answered with 404 (5.3.1).
2. What is signed wrongly is ignored, although it is answered well (7.1.2).
3. A secret is in force from the verification on, not from the request.
"""
import collections
import hashlib
import hmac
import http.client
import itertools
import re
import time
import urllib.parse

import lxml.etree
import lxml.html

from peer import Peer, Place, answer

FORM = "application/x-www-form-urlencoded"
ATOM = "{http://www.w3.org/2005/Atom}link"
METHODS = ("sha1", "sha256", "sha384", "sha512")

Topic = collections.namedtuple("Topic", "url hubs how")


# ---- discovery (4) ----

LINK = re.compile(r'\s*<([^>]*)>((?:\s*;\s*[^\s=;,]+(?:\s*=\s*'
                  r'(?:"(?:[^"\\]|\\.)*"|[^\s;,"]*))?)*)\s*(?:,|$)')
PARAMETER = re.compile(r';\s*([^\s=;,]+)(?:\s*=\s*'
                       r'(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?')


def links_of_field(text):
    """(relation, address) pairs of a Link field (RFC 8288)."""
    at = 0
    while at < len(text):
        link = LINK.match(text, at)
        assert link, f"not a Link field: {text[at:]}"
        at = link.end()
        for name, quoted, token in PARAMETER.findall(link[2]):
            if name.lower() == "rel":
                for rel in (quoted or token).lower().split():
                    yield rel, link[1]
                break


def embedded_links(kind, body):
    """(relation, address) pairs of a document: Atom, RSS, HTML's head."""
    if kind == "text/html":
        found = lxml.html.document_fromstring(body).iterfind("head/link")
    elif kind.endswith("xml"):
        root = lxml.etree.fromstring(body)
        place = root if root.tag.endswith("}feed") else root.find("channel")
        found = place.iterfind(ATOM)
    else:
        return
    for link in found:
        for rel in link.get("rel", "").lower().split():
            yield rel, link.get("href")


def fetch(url, method="GET", body=None, **fields):
    """One exchange; (status, {field: [values]}, body)."""
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port,
                                            timeout=20)
    try:
        connection.request(
            method, urllib.parse.urlunsplit(("", "", *parts[2:4], "")) or "/",
            body, {n.replace("_", "-"): v for n, v in fields.items()})
        reply = connection.getresponse()
        lines = collections.defaultdict(list)
        for name, value in reply.getheaders():
            lines[name.lower()].append(value)
        return reply.status, lines, reply.read()
    finally:
        connection.close()


def judge_links(url, links, how):
    own = [urllib.parse.urljoin(url, a) for rel, a in links if rel == "self"]
    hubs = [urllib.parse.urljoin(url, a) for rel, a in links if rel == "hub"]
    return Topic(own[0], hubs, how) if own and hubs else None


def discover(url, method="GET"):
    """What a document says of its topic and its hubs; None: nothing.

    Link fields come first, then what stands in the document (4); redirects
    are followed, which is how a topic moves (6.1)."""
    for _ in range(5):
        status, fields, body = fetch(url, method)
        if status not in (301, 302, 303, 307, 308):
            break
        url = urllib.parse.urljoin(url, fields["location"][0])
    assert status == 200, f"{url}: {status}"
    kind = fields["content-type"][0].partition(";")[0].strip()
    said = list(links_of_field(", ".join(fields["link"])))
    return (judge_links(url, said, "field") or
            judge_links(url, list(embedded_links(kind, body)), "document"))


# ---- content (7) ----

def is_genuine(secret, field, body):
    """Is the X-Hub-Signature that of the body?"""
    method, _, digest = (field or "").partition("=")
    if method not in METHODS:
        return False
    expected = hmac.new(secret, body, getattr(hashlib, method)).hexdigest()
    return hmac.compare_digest(expected.encode(), digest.lower().encode())


class Delivery:
    """Content that came; genuine: True, False, or None without a secret."""

    def __init__(self, request, secret):
        self.request = request
        self.at = request.at
        self.body = request.body
        self.kind = request.get("content-type")
        self.signature = request.get("x-hub-signature")
        links = list(links_of_field(", ".join(request.all("link"))))
        self.topics = [a for rel, a in links if rel == "self"]
        self.hubs = [a for rel, a in links if rel == "hub"]
        self.genuine = (is_genuine(secret, self.signature, self.body)
                        if secret else None)


Lease = collections.namedtuple("Lease", "seconds at secret")


class Callback(Place):
    """A callback: what was asked for, what is subscribed, what came."""

    def __init__(self, peer, path):
        super().__init__(peer, path)
        self.answers = collections.deque([answer(200)])
        self.verdicts = collections.deque([None])
        self.asked = {}             # (mode, topic): secret or None
        self.leases = {}            # topic: Lease
        self.verifications = []     # their arguments, as pairs
        self.denials = []
        self.deliveries = []

    def will_verify(self, *answers):
        """Answer verifications with these in turn; None: properly."""
        with self.peer.lock:
            self.verdicts = collections.deque(answers)
        return self

    def next_answer(self, request):
        if request.method == "GET":
            return self.judge_intent(request)
        secrets = [lease.secret for lease in self.leases.values()]
        self.deliveries.append(Delivery(request, next(
            (s for s in secrets if s), None)))
        return super().next_answer(request)

    def judge_intent(self, request):
        """The hub's arguments stand behind our own, and so are the last
        of their names (5.1.1)."""
        said = dict(request.arguments)
        mode, topic = said.get("hub.mode"), said.get("hub.topic")
        if mode == "denied":
            self.denials.append(said)
            return answer(200)
        self.verifications.append((request.at, said))
        verdict = (self.verdicts.popleft() if len(self.verdicts) > 1
                   else self.verdicts[0])
        if verdict:
            return verdict
        if (mode, topic) not in self.asked:
            return answer(404)
        self.agree(mode, topic, said, request.at)
        return answer(200, said["hub.challenge"], Content_Type="text/plain")

    def agree(self, mode, topic, said, at):
        if mode == "unsubscribe":
            self.leases.pop(topic, None)
        else:
            self.leases[topic] = Lease(int(said["hub.lease_seconds"]), at,
                                       self.asked[mode, topic])

    # ---- what a test asks ----

    @property
    def challenges(self):
        return [said["hub.challenge"] for _, said in self.verifications]

    def bodies(self):
        return [d.body for d in self.deliveries if d.genuine is not False]

    def has(self, text):
        """Did content with this text come, and was it genuine?"""
        return any(text.encode() in body for body in self.bodies())

    def count(self, text):
        return sum(text.encode() in d.body for d in self.deliveries)


Reply = collections.namedtuple("Reply", "status fields text seconds")


class Subscriber(Peer):
    numbers = itertools.count(1)

    def callback(self, path=None, query=""):
        """A new callback; the query is part of its address."""
        path = path or f"/callback/{next(self.numbers)}"
        callback = self.place(path, Callback)
        callback.url += query
        return callback

    def send(self, hub, form, kind=FORM):
        """POST a form to a hub: pairs, or a body as it is."""
        body = (form if isinstance(form, (bytes, str))
                else urllib.parse.urlencode(form))
        since = time.monotonic()
        status, fields, text = fetch(hub, "POST", body, Content_Type=kind)
        return Reply(status, fields, text.decode(), time.monotonic() - since)

    def ask(self, mode, callback, topic, hub, secret=None, lease=None,
            **more):
        """Subscribe or unsubscribe (5.1); more: parameters, _ for "."."""
        form = [("hub.callback", callback.url), ("hub.mode", mode),
                ("hub.topic", topic)]
        if secret is not None:
            form.append(("hub.secret", secret))
        if lease is not None:
            form.append(("hub.lease_seconds", str(lease)))
        form += [(n.replace("_", ".", 1), v) for n, v in more.items()]
        with self.lock:
            callback.asked[mode, topic] = secret and secret.encode()
        return self.send(hub, form)
