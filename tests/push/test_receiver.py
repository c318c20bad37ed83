"""The receiver that is shipped as an example, with a courier that is not ours.

What it teaches has to be right: only what is signed, and not long ago, is
taken; what comes twice is taken once.
"""
import base64
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import socket
import subprocess
import sys
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
KEY = hashlib.sha256(b"app").digest()
EVENT = json.dumps({"type": "ping", "version": 1, "data": {"seq": 0}}).encode()


class Receiver:
    def __init__(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen(
            [sys.executable, ROOT / "docs" / "webhook-receiver.py",
             str(self.port)], stdout=subprocess.PIPE, text=True,
            env={**os.environ,
                 "SECRET": "whsec_" + base64.b64encode(KEY).decode()})
        self.wait()

    def wait(self):
        for _ in range(1000):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except ConnectionRefusedError:
                time.sleep(0.01)
        raise AssertionError("it does not listen")

    def post(self, message="dlv_1", body=EVENT, key=KEY, age=0, **headers):
        """The status that an event is answered with."""
        sent = int(time.time()) - age
        mac = hmac.new(key, b"%s.%d.%s" % (message.encode(), sent, body),
                       hashlib.sha256).digest()
        headers = {"webhook-id": message, "webhook-timestamp": str(sent),
                   "webhook-signature":
                   "v1," + base64.b64encode(mac).decode(),
                   **{n.replace("_", "-"): v for n, v in headers.items()}}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, 10)
        connection.request("POST", "/events", body, headers)
        return connection.getresponse().status

    def end(self):
        """What it took."""
        self.process.terminate()
        return self.process.communicate()[0].split()

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.close()


def test_what_is_genuine_is_taken_once(receiver):
    assert receiver.post() == 204
    assert receiver.post() == 204
    assert receiver.post("dlv_2") == 204
    assert receiver.end() == ["ping", "ping"]


@pytest.mark.parametrize("how", [
    {"key": b"another"}, {"age": 600}, {"age": -600},
    {"webhook_signature": "v1,"}, {"webhook_signature": ""},
    {"webhook_signature": "v2,\u00e9"}, {"webhook_timestamp": "now"},
    {"webhook_id": "dlv_2"}], ids=str)
def test_what_is_not_is_refused(receiver, how):
    assert receiver.post(**how) == 401
    assert receiver.end() == []


def test_one_of_two_signatures_is_enough(receiver):
    """While keys overlap."""
    sent = str(int(time.time()))
    mac = hmac.new(KEY, f"dlv_1.{sent}.".encode() + EVENT,
                   hashlib.sha256).digest()
    both = "v1,AAAA v1a,BBBB v1," + base64.b64encode(mac).decode()
    assert receiver.post(webhook_timestamp=sent,
                         webhook_signature=both) == 204
