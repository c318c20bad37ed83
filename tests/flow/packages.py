"""Packages of npm that judge, and how they are run (tests/npm)."""
import base64
import contextlib
import json
import subprocess
import threading

import newsroom
from readers import MODULES, need_package

SCRIPTS = newsroom.TESTS / "npm"


def verdicts(messages):
    """Which of these are signed as they should be?"""
    need_package("x-hub-signature", "standardwebhooks")
    done = subprocess.run(["node", SCRIPTS / "verify.mjs", MODULES],
                          input=json.dumps(messages), text=True,
                          capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def hub_message(secret, delivery):
    return {"secret": secret, "signature": delivery.signature,
            "body": base64.b64encode(delivery.body).decode()}


def webhook_message(secret, event):
    return {"secret": secret,
            "body": base64.b64encode(event.request.body).decode(),
            "headers": {n: event.request.get(n) for n in (
                "webhook-id", "webhook-timestamp", "webhook-signature")}}


class Client:
    """The subscriber of the package pubsubhubbub, in its own process."""

    def __init__(self, process):
        self.process = process
        self.said = []
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for line in self.process.stdout:
            self.said.append(json.loads(line))

    def do(self, verb, topic, hub):
        self.process.stdin.write(json.dumps(
            {"do": verb, "topic": topic, "hub": hub}) + "\n")
        self.process.stdin.flush()

    def of(self, event):
        return [s for s in list(self.said) if s["event"] == event]

    def bodies(self):
        return [base64.b64decode(s["body"]) for s in self.of("feed")]


@contextlib.contextmanager
def client():
    need_package("pubsubhubbub")
    process = subprocess.Popen(
        ["node", SCRIPTS / "subscribe.mjs", MODULES,
         str(newsroom.free_port())], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True)
    try:
        yield Client(process)
    finally:
        process.stdin.close()
        process.wait(10)
