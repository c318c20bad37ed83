"""The behaviour table, part 2: rough clients, limits, and the daemon's end.

One test for each row, by its number, as in test_rows.py.  Deadlines are short
here: two seconds where the settings say ten and more.
"""
import concurrent.futures
import contextlib
import socket
import subprocess
import threading
import time

import pytest

import newsroom
from places import FEED, answers, ends, place_of, wonders
from wire import Wire, ask, request

SHORT = {"header-timeout": "2s", "idle-timeout": "2s", "send-timeout": "2s"}
SECOND = request("/feeds/all.atom")
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def room():
    with wonders(**SHORT) as room:
        yield room


@pytest.fixture(scope="module", params=["daemon", "nginx"])
def place(request, room):
    with place_of(request.param, room) as place:
        yield place


# ---- heads ----

@pytest.mark.parametrize("text, status, nginx", [
    (request("/" + "x" * 20000), 414, 414),
    (request(FEED, X="y" * 20000), 431, 400),
    (request(FEED, **{f"X{n}": "y" for n in range(200)}), 431, 200)],
    ids=["target", "field", "fields"])
def test_row_27_too_large(place, text, status, nginx):
    with Wire(place.port) as wire:
        wire.send(text)
        assert wire.reply().status == (nginx if place.nginx else status)


def refused(place, text, statuses=(400,)):
    """Refused and closed; what stands behind it is never answered."""
    with Wire(place.port) as wire:
        wire.send(text + SECOND)
        reply = wire.reply()
        assert reply is None or reply.status in statuses
        # libmicrohttpd 0.9.75 says some of its refusals twice.
        while wire.more():
            pass
        assert b" 200 " not in wire.rest


@pytest.mark.parametrize("text", [
    request(FEED, host=None), request(FEED, host="a", Host="b"),
    request(FEED, host="a b"), request(FEED, host="a/b"),
    request(FEED, host="")],
    ids=["none", "two", "space", "slash", "empty"])
def test_row_28_hosts(place, text):
    refused(place, text)


LENGTH = "Content-Length: "
CHUNKED = "Transfer-Encoding: chunked\r\n"


@pytest.mark.parametrize("fields, body, version", [
    (LENGTH + "5\r\n" + CHUNKED, "0\r\n\r\n", "1.1"),
    (LENGTH + "5\r\n" + LENGTH + "6\r\n", "hello", "1.1"),
    (LENGTH + "+5\r\n", "hello", "1.1"),
    ("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n", "1.1"),
    (CHUNKED, "0\r\n\r\n", "1.0"),
    (CHUNKED, "0x0\r\n\r\n", "1.1"),
    (LENGTH + "5\r\n", "hello", "1.1")],
    ids=["both", "two", "plus", "unknown", "old", "hex", "body"])
def test_row_29_bodies(place, fields, body, version):
    text = f"GET {FEED} HTTP/{version}\r\nHost: a\r\n{fields}\r\n{body}"
    if place.nginx and fields == LENGTH + "5\r\n":
        # That has one reading only: nginx asks on, we refuse, it goes on.
        with Wire(place.port) as wire:
            wire.send(text)
            assert wire.reply().status == 400
        return
    refused(place, text, (400, 501) if place.nginx else (400,))


@pytest.mark.parametrize("text", [
    f"GET {FEED} HTTP/1.1\r\nHost: a\r\nX-Y : b\r\n\r\n",
    f"GET {FEED} HTTP/1.1\r\nHost : a\r\n\r\n",
    f"GET {FEED} HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n",
    f"GET {FEED} HTTP/1.1\r\nHost: a\r\nX\x01: a\r\n\r\n",
    f"GET {FEED} HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n",
    f"GET {FEED}\x01 HTTP/1.1\r\nHost: a\r\n\r\n"],
    ids=["space", "host", "nul", "name", "cr", "target"])
def test_row_30_strange_bytes(place, text):
    refused(place, text)


def test_row_30_a_control_byte_in_a_value(place):
    text = f"GET {FEED} HTTP/1.1\r\nHost: a\r\nX: a\x01b\r\n\r\n"
    if not place.nginx:
        refused(place, text)
        return
    # nginx serves the file; what it asks of us, we refuse.
    for target, status in ((FEED, 200), ("/nowhere", 400)):
        with Wire(place.port) as wire:
            wire.send(text.replace(FEED, target))
            assert wire.reply().status == status


# ---- patience ----

def is_gone(place, wire):
    """Does the server hold the connection no longer?  Its end is seen in the
    kernel's table: what is unread hides it from the client."""
    ours, theirs = f":{place.port:04X}", f":{wire.port:04X}"
    with open("/proc/net/tcp") as table:
        return not any(row.split()[1].endswith(ours)
                       and row.split()[2].endswith(theirs)
                       and row.split()[3] == "01" for row in table)


def test_row_35_slow_and_silent_clients(place):
    began = time.monotonic()
    with contextlib.ExitStack() as stack:
        slow = [stack.enter_context(Wire(place.port)) for _ in range(60)]
        stop = threading.Event()

        def drip():
            text = request(FEED)
            for byte in text[:20]:
                for wire in slow[:30]:      # the others say nothing
                    wire.send(byte)
                if stop.wait(0.5):
                    return

        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            dripping = pool.submit(drip)
            for _ in range(20):
                asked = time.monotonic()
                assert place.get().status == 200
                assert time.monotonic() - asked < newsroom.PATIENCE
            ends(newsroom.PATIENCE,
                 lambda: all(is_gone(place, wire) for wire in slow))
            stop.set()
            dripping.result()
    assert time.monotonic() - began < newsroom.PATIENCE


def test_row_36_a_client_that_never_reads(place):
    """It takes nothing of 200 KB: a small window, many answers asked for."""
    with Wire(place.port, receive=2048) as wire:
        wire.send(request(FEED) * 80)
        time.sleep(0.5)
        assert not is_gone(place, wire)
        ends(newsroom.PATIENCE, lambda: is_gone(place, wire))
    assert place.get().status == 200


def test_row_37_caps(place):
    """One more than the cap is refused at once, and the others are well."""
    for word in ("max-per-address", "max-connections"):
        with wonders(**{word: 4}) as room:
            if not place.nginx:
                check_cap(room, word)
                continue
            with place_of("nginx", room, connections=2,
                          patience="5s") as front:
                check_nginx_cap(front)


def check_cap(room, word):
    with contextlib.ExitStack() as stack:
        wires = [stack.enter_context(Wire(room.port)) for _ in range(4)]
        for _ in range(3):
            asked = time.monotonic()
            with Wire(room.port) as wire:
                assert wire.is_closed()
            assert time.monotonic() - asked < newsroom.PATIENCE
        for wire in wires:
            wire.send(request(FEED))
            assert wire.reply().status == 200
        assert room.log().count(word) == 1, "once a minute"


def check_nginx_cap(place):
    """nginx counts connections with a request in them: forms without end."""
    begin = (f"POST /hub HTTP/1.1\r\nHost: a\r\nContent-Type: {FORM}\r\n"
             "Content-Length: 9\r\n\r\n")
    with Wire(place.port) as one, Wire(place.port) as two:
        for wire in (one, two):
            wire.send(begin)
        time.sleep(0.2)
        assert place.get().status == 503
        for wire in (one, two):
            wire.send("hub.a=bcd")
            assert wire.reply().status == 404
    ends(5, lambda: place.get().status == 200)


# ---- who asks ----

def test_row_38_whole_answers_are_counted(place):
    path = FEED.replace(".atom", ".rss")
    with contextlib.ExitStack() as stack:
        room = stack.enter_context(wonders(**{"unconditional-max": "3/h"}))
        there = stack.enter_context(place_of(place.kind, room))
        first = [there.get(path) for _ in range(4)]
        if place.nginx:
            # It serves files, and counts nothing.
            assert [a.status for a in first] == [200] * 4
            return
        assert [a.status for a in first] == [200, 200, 200, 429]
        limited = first[-1]
        assert 0 < int(limited.get("retry-after")) <= 3600
        assert limited.get("cache-control") == "no-store"
        tag = first[0].etag
        assert there.get(path, If_None_Match=tag).status == 304
        assert there.get(path, If_None_Match='"x"').status == 200
        # Another feed is another count.
        assert there.get(path.replace(".rss", ".json")).status == 200
        assert "unconditional-max, by 127.0.0.1" in room.log()


def through_socket(room, path, **fields):
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(newsroom.PATIENCE)
        s.connect(f"{room.home}/http.sock")
        s.sendall(request(path, Connection="close", **fields).encode())
        answer = b""
        while chunk := s.recv(65536):
            answer += chunk
    return int(answer.split()[1])


def test_row_40_who_asks_through_a_proxy(place):
    """The limit's line in the log names the client."""
    forwarded = "192.0.2.9, 203.0.113.1"
    with contextlib.ExitStack() as stack:
        room = stack.enter_context(wonders(**{"unconditional-max": "1/h"}))
        there = stack.enter_context(place_of(place.kind, room))
        if place.nginx:
            for status in (404, 429):
                assert there.get("/feeds/nothing.atom",
                                 X_Forwarded_For=forwarded).status == status
            assert "unconditional-max, by 127.0.0.1" in room.log()
            return
        for status in (200, 429):
            assert through_socket(room, FEED,
                                  X_Forwarded_For=forwarded) == status
        assert "unconditional-max, by 203.0.113.1" in room.log()
        # By TCP it is hearsay: whatever it says, it is one client.
        for n, status in enumerate((200, 429, 429)):
            assert ask(room.port, FEED, X_Forwarded_For=f"192.0.2.{n}"
                       ).status == status


# ---- the hub ----

def test_row_41_forms(place):
    large = place.ask("POST", "/hub", Content_Type=FORM,
                      Content_Length="8193")
    assert large.status == 413
    wrong = place.ask("POST", "/hub", Content_Type="application/json",
                      Content_Length="0")
    assert wrong.status == 415
    with Wire(place.port) as wire:
        wire.send(f"POST /hub HTTP/1.1\r\nHost: a\r\nContent-Type: {FORM}\r\n"
                  "Content-Length: 100\r\n\r\nhub.mode=")
        began = time.monotonic()
        while wire.more():
            pass
        assert time.monotonic() - began < newsroom.PATIENCE
        assert wire.rest == b"" or b" 408 " in wire.rest.split(b"\r\n")[0]
    assert place.get().status == 200


# ---- the end, and the beginning ----

def handed_over(room, listening):
    """Start the daemon as systemd would, with a socket that listens."""
    number = listening.fileno()
    with open(room.logfile, "ab") as log:
        room.daemon = subprocess.Popen(
            ["bash", "-c", f"exec 3<&{number}; "
             'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"', "bash",
             newsroom.GAZETTED, "-f", "-c", room.config],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            pass_fds=[number])


def ask_until(stop, port, failures):
    """Ask, each time on a new connection; how often it was answered."""
    n = 0
    while not stop.is_set():
        try:
            assert ask(port, FEED).status == 200
            n += 1
        except Exception as why:    # whatever it is, it is a failure
            failures.append(repr(why))
    return n


def test_row_39_restarts_refuse_nobody(place):
    with contextlib.ExitStack() as stack:
        room = stack.enter_context(wonders())
        there = stack.enter_context(place_of(place.kind, room))
        listening = stack.enter_context(socket.socket())
        port = newsroom.free_port()
        listening.bind(("127.0.0.1", port))
        listening.listen(1024)
        room.stop()
        handed_over(room, listening)
        ends(newsroom.PATIENCE, lambda: answers(port))
        # Behind nginx the feed is a file, whoever runs.
        asked = there.port if place.nginx else port
        stop, failures = threading.Event(), []
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            loads = [pool.submit(ask_until, stop, asked, failures)
                     for _ in range(4)]
            try:
                for _ in range(3):
                    time.sleep(0.3)
                    room.stop()
                    handed_over(room, listening)
                ends(newsroom.PATIENCE, lambda: answers(port))
            finally:
                stop.set()
        assert failures == []
        assert min(load.result() for load in loads) > 3
