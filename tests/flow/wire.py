"""A client that sends bytes and reads bytes: no library's opinion between a
test and the wire."""
import contextlib
import gzip
import re
import select
import socket
import time


class Reply:
    """One HTTP answer, as it came."""

    def __init__(self, head, body):
        lines = head.decode("latin-1").split("\r\n")
        self.line = lines[0]
        self.version, status = lines[0].split(" ")[:2]
        self.status = int(status)
        self.fields = [(name.lower(), value.strip()) for name, _, value in
                       (line.partition(":") for line in lines[1:])]
        self.body = body

    def all(self, name):
        """The values of a field, as one list."""
        return ", ".join(v for n, v in self.fields if n == name)

    def get(self, name):
        """The value of a field that may stand there once; or None."""
        found = [v for n, v in self.fields if n == name]
        assert len(found) < 2, f"{name} stands there {len(found)} times"
        return found[0] if found else None

    def names(self):
        return {n for n, _ in self.fields}

    @property
    def etag(self):
        return self.get("etag")

    @property
    def text(self):
        """The body without its coding, where that is gzip."""
        packed = self.get("content-encoding") == "gzip"
        return gzip.decompress(self.body) if packed else self.body


class Wire:
    """One connection."""

    def __init__(self, port, patience=20, receive=None):
        self.socket = socket.socket()
        if receive:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF,
                                   receive)
        self.socket.settimeout(patience)
        self.socket.connect(("127.0.0.1", port))
        self.port = self.socket.getsockname()[1]
        self.rest = b""

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.socket.close()

    def send(self, data):
        """What the server does not want to read is no error here."""
        with contextlib.suppress(OSError):
            self.socket.sendall(data.encode("latin-1")
                                if isinstance(data, str) else data)

    def more(self):
        """Read on; False at the end."""
        try:
            chunk = self.socket.recv(65536)
        except ConnectionResetError:
            chunk = b""
        self.rest += chunk
        return bool(chunk)

    def reply(self, without_body=False):
        """The next answer; None when the server closed instead."""
        while b"\r\n\r\n" not in self.rest:
            if not self.more():
                assert not self.rest, self.rest[:200]
                return None
        head, _, self.rest = self.rest.partition(b"\r\n\r\n")
        reply = Reply(head, b"")
        if without_body or reply.status in (204, 304):
            return reply
        length = reply.get("content-length")
        if reply.get("transfer-encoding") == "chunked":
            reply.body = self.chunks()
        elif length is None:
            while self.more():
                pass
            reply.body, self.rest = self.rest, b""
        else:
            while len(self.rest) < int(length):
                assert self.more(), "it ended inside a body"
            reply.body = self.rest[:int(length)]
            self.rest = self.rest[int(length):]
        return reply

    def line(self):
        while b"\r\n" not in self.rest:
            assert self.more(), "it ended inside a line"
        line, _, self.rest = self.rest.partition(b"\r\n")
        return line

    def chunks(self):
        body = b""
        while size := int(self.line(), 16):
            while len(self.rest) < size + 2:
                assert self.more(), "it ended inside a chunk"
            body += self.rest[:size]
            self.rest = self.rest[size + 2:]
        assert self.line() == b""
        return body

    def is_closed(self, patience=20):
        """Does the server close, and say nothing more before it does?"""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            if not select.select([self.socket], [], [], 0.05)[0]:
                continue
            if not self.more():
                return not self.rest
            if self.rest:
                return False
        return False


def request(target, method="GET", version="1.1", host="a", **fields):
    """The text of a request; names of fields with _ for -."""
    lines = [f"{method} {target} HTTP/{version}"]
    if host:
        lines.append(f"Host: {host}")
    lines += [f"{name.replace('_', '-')}: {value}"
              for name, value in fields.items()]
    return "\r\n".join(lines) + "\r\n\r\n"


def ask(port, target, method="GET", **fields):
    """One question on a connection of its own."""
    with Wire(port) as wire:
        wire.send(request(target, method, **fields))
        reply = wire.reply(without_body=method == "HEAD")
        assert reply, f"{method} {target}: closed without a word"
        return reply


def is_strong(tag):
    return re.fullmatch(r'"[\x21\x23-\x7e]+"', tag or "")
