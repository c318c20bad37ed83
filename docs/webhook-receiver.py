#!/usr/bin/env python3
"""A receiver of gazetted's webhook: verifies an event, takes it, answers.

    SECRET=whsec_... python3 webhook-receiver.py 8000

An example to begin with, see gazetted-targets(5): it needs nothing but Python,
prints what it takes, and forgets everything when it ends.
"""
import base64
import hashlib
import hmac
import http.server
import json
import os
import sys
import time

KEY = base64.b64decode(os.environ["SECRET"].removeprefix("whsec_"))
TOLERANCE = 300             # seconds
BODY_MAX = 16 * 1024 * 1024
seen = set()                # in earnest: a table with a unique column


def is_genuine(headers, body):
    """Signed by one of the keys, and not long ago."""
    sent = headers.get("webhook-timestamp", "")
    if not sent.isdecimal() or abs(time.time() - int(sent)) > TOLERANCE:
        return False
    signed = f"{headers.get('webhook-id')}.{sent}.".encode() + body
    wanted = "v1," + base64.b64encode(
        hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(wanted.encode(), given.encode())
               for given in headers.get("webhook-signature", "").split())


def take(event):
    """What happened is written down here; the work is done later."""
    subject = event["data"].get("article") or event["data"].get("series") or {}
    print(event["type"], subject.get("id", ""), flush=True)


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        length = int(self.headers.get("content-length", 0))
        if not 0 < length <= BODY_MAX:
            return self.answer(413)
        body = self.rfile.read(length)
        if not is_genuine(self.headers, body):
            return self.answer(401)
        if self.headers["webhook-id"] not in seen:
            take(json.loads(body))
            seen.add(self.headers["webhook-id"])
        return self.answer(204)

    def answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    http.server.HTTPServer(
        ("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
