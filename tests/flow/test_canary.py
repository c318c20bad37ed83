"""No secret is seen, wherever it comes by.

Canaries are planted where secrets are: in credentials, in what targets answer,
in what subscribers give our hub.  Whatever a person can read is searched for
them afterwards, also half of one, or one in another spelling.  Not searched
are the two databases, which are the daemon's alone, and the credentials.
"""
import base64
import json
import urllib.parse

import pytest

from articles import article
from office import Office
from peer import answer
from subscriber import Subscriber

KEY = b"canary-of-the-webhook-0123456789"
ALL = "feeds/all.atom"
HUB_SECRET = "canary-of-a-subscriber"
CALLBACK_TOKEN = "canary-in-a-callback"


def spellings(secret):
    """A secret, and how else it may stand somewhere."""
    raw = secret.encode() if isinstance(secret, str) else secret
    text = raw.decode()
    yield text
    yield text[:len(text) // 2 + 4]
    yield urllib.parse.quote(text, safe="")
    yield raw.hex()
    yield base64.b64encode(raw).decode().rstrip("=")
    yield base64.urlsafe_b64encode(raw).decode().rstrip("=")


def echo(status):
    """A peer that quotes everything that it was sent, on one line."""
    def act(handler, request):
        said = " ".join(f"{n}: {v}" for n, v in request.fields)
        answer(status, f"you said {request.target} {said} "
               f"{request.body.decode(errors='replace')}\n",
               Content_Type="text/plain")(handler, request)
    return act


@pytest.fixture
def office(empty):
    office = Office(empty)
    office.secret = office.keep(
        "app-secret", "whsec_" + base64.b64encode(KEY).decode())
    office.configure({"hub": {
        "serve": True, "allow": ["127.0.0.0/8"], "plain-secrets": True}})
    try:
        yield office
    finally:
        office.close()


def outputs(office):
    """{where: text} of all that can be read."""
    room, path = office.room, office.room.content / "A bridge opens.txt"
    verbs = [("status",), ("feeds",), ("partners",), ("outbox",),
             ("outbox", "--state", "all"), ("targets",),
             ("preview", path), ("article", path), ("subscribers",),
             ("hub", "status"), ("check",), ("target", "test", "app")]
    rows = json.loads(room.ctl("--json", "outbox", "--state", "all").stdout)
    verbs += [("outbox", "show", d["id"]) for d in rows["deliveries"]]
    found = {"log": room.log()}
    for verb in verbs:
        for form in ((), ("--json",)):
            done = room.ctl(*form, *verb, code=None)
            found[" ".join(map(str, form + verb))] = done.stdout + done.stderr
    for file in room.home.rglob("*"):
        if file.is_file() and ".db" not in file.name and \
                file.parent != office.credentials:
            found[str(file)] = file.read_text(errors="replace")
    return found


def unseen(office, *secrets):
    found = outputs(office)
    for where, text in found.items():
        for secret in secrets:
            for spelling in spellings(secret):
                assert spelling not in text, f"{spelling} is seen in {where}"
    return found


@pytest.mark.parametrize("status", [200, 400, 401, 404, 500])
def test_a_target_that_quotes_what_it_was_sent(office, status):
    room = office.room
    office.hook.will(echo(status))
    room.start()
    room.write("A bridge opens.txt", article("A bridge opens"))
    room.until(lambda: office.hook.got, "a request")
    room.until(lambda: not office.rows(
        "SELECT 1 FROM delivery WHERE state = 2 OR tries = 0 AND state < 2"),
        "an answer that is judged")
    signatures = [r.get("webhook-signature") for r in office.hook.got]
    found = unseen(office, KEY, office.secret, *signatures)
    assert any("***" in text for text in found.values())


def test_a_credential_that_cannot_be_used(office):
    """It is there, but others can read it, or it is no key."""
    room = office.room
    room.start()
    for text, mode in ((office.secret, 0o644),
                       ("canary-that-is-no-key", 0o600)):
        office.keep("app-secret", text)
        (office.credentials / "app-secret").chmod(mode)
        room.write(f"{mode}.txt", article(f"Of {mode}"))
        room.until(lambda: "held" in room.ctl("targets", code=None).stdout,
                   "the target is held")
        unseen(office, KEY, office.secret, "canary-that-is-no-key")
        room.ctl("resume", "app")


def test_what_subscribers_keep_secret(office):
    room = office.room
    room.write("A bridge opens.txt", article("A bridge opens"))
    room.start()
    peer = Subscriber("127.0.0.1")
    try:
        callback = peer.callback(None, f"?token={CALLBACK_TOKEN}")
        callback.will(echo(500))
        peer.ask("subscribe", callback, room.url + ALL, room.url + "hub",
                 secret=HUB_SECRET)
        room.until(lambda: "token" in room.ctl("subscribers").stdout or
                   callback.path in room.ctl("subscribers").stdout,
                   "a subscription")
        room.write("Another.txt", article("Another"))
        room.until(lambda: callback.got, "a distribution")
        unseen(office, HUB_SECRET, CALLBACK_TOKEN)
    finally:
        peer.close()


def test_nobody_else_may_read_the_databases(office):
    office.room.start()
    for name in ("courier.db",):
        mode = (office.room.state / name).stat().st_mode & 0o777
        assert mode == 0o600
