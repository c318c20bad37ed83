"""Who is told: a hub elsewhere that takes pings, and a webhook's receiver.

The ping receiver is written from two texts.  PubSubHubbub 0.3, section 7.1: a
form with hub.mode=publish and hub.url, which may be there more than once, and
204 for an answer.  WebSub (W3C, 2018), section 6, leaves the ping open, and
hubs of its time read hub.topic.  Whoever sends both is understood by each.

The webhook's receiver is written from the Standard Webhooks specification,
version 1.0: webhook-id, webhook-timestamp, webhook-signature.

Both remember in the test's own process: what kills the daemon takes nothing
from them.
"""
import base64
import hashlib
import hmac
import json
import subprocess
import tempfile
import time

from peer import Peer, Place

FORM = "application/x-www-form-urlencoded"
TOLERANCE = 300     # seconds that a timestamp may be off


class Ping:
    def __init__(self, request):
        assert request.method == "POST"
        assert request.get("content-type") == FORM, "not a form"
        self.request = request
        self.at = request.at
        form = request.form
        self.mode = [v for n, v in form if n == "hub.mode"]
        self.urls = [v for n, v in form if n == "hub.url"]
        self.topics = [v for n, v in form if n == "hub.topic"]

    def said(self, dialect):
        """The topics that changed, as a hub of either time reads them."""
        assert self.mode == ["publish"]
        found = self.urls if dialect == "0.3" else self.topics
        assert found, f"a hub of {dialect} does not know what changed"
        return found


class Hub(Place):
    """A hub elsewhere."""

    @property
    def pings(self):
        return [Ping(r) for r in list(self.got)]

    def topics(self, dialect="0.3"):
        return [t for ping in self.pings for t in ping.said(dialect)]

    def overlaps(self):
        """Topics of which two pings were on their way at once."""
        ends, found = {}, []
        for ping in self.pings:
            for topic in ping.said("0.3"):
                if ping.at < ends.get(topic, 0):
                    found.append(topic)
                ends[topic] = ping.request.until or float("inf")
        return found


# ---- webhooks ----

def secret_bytes(secret):
    """The key behind "whsec_..."."""
    return base64.b64decode(secret.removeprefix("whsec_"))


def new_secret(seed):
    return "whsec_" + base64.b64encode(
        hashlib.sha256(seed.encode()).digest()).decode()


class Event:
    """An event as it came.  number says when, among all."""

    def __init__(self, request, number):
        self.request = request
        self.number = number
        self.at = request.at
        self.id = request.get("webhook-id")
        self.timestamp = int(request.get("webhook-timestamp"))
        self.signatures = request.get("webhook-signature").split(" ")
        self.body = json.loads(request.body)
        self.type = self.body["type"]
        self.data = self.body.get("data", {})

    @property
    def signed(self):
        return b".".join([self.id.encode(), str(self.timestamp).encode(),
                          self.request.body])

    def is_signed_with(self, secret):
        assert abs(time.time() - self.timestamp) < TOLERANCE
        expected = base64.b64encode(hmac.new(
            secret_bytes(secret), self.signed, hashlib.sha256).digest())
        return any(hmac.compare_digest(b"v1," + expected, s.encode())
                   for s in self.signatures)

    def is_signed_for(self, public_pem):
        """v1a: Ed25519, which openssl(1) knows."""
        for signature in self.signatures:
            version, _, text = signature.partition(",")
            if version == "v1a" and ed25519_verifies(
                    public_pem, self.signed, base64.b64decode(text)):
                return True
        return False


def ed25519_verifies(public_pem, message, signature):
    with tempfile.TemporaryDirectory() as home:
        for name, content in (("key", public_pem), ("text", message),
                              ("signature", signature)):
            with open(f"{home}/{name}", "wb") as f:
                f.write(content)
        return subprocess.run(
            ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey",
             f"{home}/key", "-rawin", "-in", f"{home}/text", "-sigfile",
             f"{home}/signature"], capture_output=True).returncode == 0


class Webhook(Place):
    """A webhook's receiver."""

    @property
    def events(self):
        return [Event(r, n) for n, r in enumerate(list(self.got))]

    def taken(self):
        """The events that were answered with 2xx."""
        return [e for e in self.events
                if e.request.answered and e.request.answered // 100 == 2]

    def of(self, kind):
        return [e for e in self.taken() if e.type == kind]


class Recorder(Peer):
    def hub(self, path="/hub"):
        return self.place(path, Hub)

    def webhook(self, path="/hook"):
        return self.place(path, Webhook)
