"""A web server whose answers a test decides: whoever gazetted calls.

A Peer listens at an address of its own, for every 127.x.y.z is another host;
a Place is one path of it.  A place remembers each request, and answers with
the first of its answers; the last one stays for all that follow.

1. What is remembered was read whole, before it was answered: who kills the
   daemon in between finds it here.
2. No answer outlives its peer: those that hold a connection let go when the
   peer closes, or when the caller does.
"""
import collections
import gzip
import http.server
import socket
import socketserver
import ssl
import struct
import threading
import time
import urllib.parse


class Request:
    """A request as it came."""

    def __init__(self, handler, body):
        self.at = time.monotonic()
        self.method = handler.command
        self.target = handler.path
        path, _, self.query = handler.path.partition("?")
        self.path = urllib.parse.unquote(path)
        self.fields = [(n.lower(), v) for n, v in handler.headers.items()]
        self.body = body
        self.port = handler.client_address[1]
        self.answered = None     # the status, once it was said,
        self.until = None        # and when

    def all(self, name):
        """The values of a field, line by line."""
        return [v for n, v in self.fields if n == name]

    def get(self, name):
        """The value of a field that may stand there once; or None."""
        found = self.all(name)
        assert len(found) < 2, f"{name} stands there {len(found)} times"
        return found[0] if found else None

    @property
    def arguments(self):
        return urllib.parse.parse_qsl(self.query, keep_blank_values=True)

    @property
    def form(self):
        return urllib.parse.parse_qsl(self.body.decode(),
                                      keep_blank_values=True)


# ---- answers: each is called with the handler and the request ----

def answer(status=200, body=b"", **fields):
    """An ordinary answer; names of fields with _ for -."""
    body = body.encode() if isinstance(body, str) else body

    def act(handler, request):
        request.answered, request.until = status, time.monotonic()
        handler.say(status, body, fields)
    return act


def redirect(to, status=302):
    return answer(status, Location=to)


def reset(handler, request):
    """The connection breaks before a word is said."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                  struct.pack("ii", 1, 0))
    # rfile and wfile hold the socket, too: only the last close sends.
    handler.rfile.close()
    handler.connection.close()
    handler.close_connection = True


def garbage(handler, request):
    """What answers is no web server."""
    handler.push(b"220 mail.example.org ESMTP\r\n" * 3)
    handler.close_connection = True


def hang(handler, request):
    """Not a word, and no end."""
    handler.hold()


def drip(handler, request):
    """One byte in a second."""
    if handler.push(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"):
        while not handler.hold(1) and handler.push(b"."):
            pass


def endless(handler, request):
    """A body that never ends, as fast as it is taken."""
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    handler.push(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not handler.peer.ending.is_set() and handler.push(chunk):
        handler.peer.poured += len(chunk)
    handler.close_connection = True


BOMB = gzip.compress(bytes(64 << 20))


def bomb(handler, request):
    """64 kB that become 64 MiB."""
    request.answered, request.until = 200, time.monotonic()
    handler.say(200, BOMB, {"Content-Encoding": "gzip"})


def after(seconds, act):
    """Another answer, later."""
    def late(handler, request):
        if not handler.hold(seconds):
            act(handler, request)
    return late


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    @property
    def peer(self):
        return self.server.peer

    def log_message(self, *args):
        pass

    def handle(self):
        try:
            super().handle()
        except (OSError, ValueError):
            self.close_connection = True

    def push(self, data):
        """False: the caller has gone."""
        try:
            self.connection.sendall(data)
            return True
        except OSError:
            self.close_connection = True
            return False

    def hold(self, seconds=None):
        """Say nothing.  True: the caller has gone, or all is over."""
        end = None if seconds is None else time.monotonic() + seconds
        self.connection.settimeout(0.05)
        try:
            while end is None or time.monotonic() < end:
                if self.peer.ending.is_set() or self.is_gone():
                    self.close_connection = True
                    return True
            return False
        finally:
            self.connection.settimeout(None)

    def is_gone(self):
        try:
            # A TLS socket cannot be peeked at, and is not asked to hold.
            return not self.connection.recv(1, socket.MSG_PEEK)
        except TimeoutError:
            return False
        except OSError:
            return True

    def say(self, status, body, fields):
        head = [f"HTTP/1.1 {status} {self.responses.get(status, ['-'])[0]}",
                *(f"{n.replace('_', '-')}: {v}" for n, v in fields.items())]
        if status >= 200 and status not in (204, 304):
            head.append(f"Content-Length: {len(body)}")
        self.push("\r\n".join(head).encode() + b"\r\n\r\n" + body)

    def serve_it(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if len(body) == length:
            self.peer.take(self, Request(self, body))

    do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = serve_it


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 1024

    def handle_error(self, request, client_address):
        """A caller that is killed is no error of the test."""

    def server_bind(self):
        """Without HTTPServer's look-up of the name."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address


class Place:
    """A path of a peer."""

    def __init__(self, peer, path):
        self.peer = peer
        self.path = path
        self.url = peer.url + path
        self.got = []
        self.answers = collections.deque([answer(204)])

    def will(self, *answers):
        """Answer with these, in turn; the last one stays."""
        with self.peer.lock:
            self.answers = collections.deque(answers)
        return self

    def next_answer(self, request):
        """Called under the peer's lock."""
        return (self.answers.popleft() if len(self.answers) > 1
                else self.answers[0])


class Peer:
    def __init__(self, host="127.0.0.1", certificate=None):
        self.lock = threading.Lock()
        self.places = {}
        self.strays = []       # requests for no place
        self.connections = 0
        self.poured = 0
        self.ending = threading.Event()
        self.server = Server((host, 0), Handler)
        self.server.peer = self
        self.host, self.port = self.server.server_address
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.server.socket = context.wrap_socket(
                self.server.socket, server_side=True)
        self.server.verify_request = self.count
        self.url = (f"http{'s' if certificate else ''}://"
                    f"{host}:{self.port}")
        threading.Thread(target=self.server.serve_forever, args=(0.02,),
                         daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.close()

    def close(self):
        self.ending.set()
        self.server.shutdown()
        self.server.server_close()

    def count(self, request, client_address):
        self.connections += 1
        return True

    def place(self, path, kind=Place):
        """A new place; its path is without a query."""
        place = kind(self, path)
        with self.lock:
            assert path not in self.places
            self.places[path] = place
        return place

    def take(self, handler, request):
        with self.lock:
            place = self.places.get(request.path)
            if not place:
                self.strays.append(request)
                act = answer(404)
            else:
                act = place.next_answer(request)
                place.got.append(request)
        act(handler, request)
