"""The stand-in of Facebook, before anything is believed of what it sees.

facebook-nodejs-business-sdk, which has nothing to do with us, uses it
unchanged.  Its address of the Graph API cannot be set, so it is given a proxy
by the environment, as in an office, and the proxy leads to the stand-in, which
has a certificate for graph.facebook.com.  The rest is what the documentation
says, asked by hand.
"""
import http.client
import json
import socket
import socketserver
import subprocess
import threading
import time
import urllib.parse

import pytest

import newsroom
from images import png
from peer import reset
from readers import MODULES, need_package
from standin_facebook import Graph, error

HOST = "graph.facebook.com"
LINK = "https://www.example.org/articles/bridge"


class Tunnel(socketserver.ThreadingTCPServer):
    """A proxy: whatever it is asked to connect to, it is the peer."""
    daemon_threads = True
    block_on_close = False

    def __init__(self, peer):
        super().__init__(("127.0.0.1", 0), Hop)
        self.peer = peer
        self.asked = []
        threading.Thread(target=self.serve_forever, args=(0.02,),
                         daemon=True).start()


class Hop(socketserver.BaseRequestHandler):
    def handle(self):
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self.request.recv(1) or b"\r\n\r\n"
        self.server.asked.append(head.split()[1].decode())
        peer = self.server.peer
        with socket.create_connection((peer.host, peer.port)) as there:
            self.request.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            back = threading.Thread(target=pour, args=(there, self.request),
                                    daemon=True)
            back.start()
            pour(self.request, there)
            back.join(5)


def pour(one, other):
    try:
        while data := one.recv(65536):
            other.sendall(data)
        other.shutdown(socket.SHUT_WR)
    except OSError:
        pass


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    home = tmp_path_factory.mktemp("facebook")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
         f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}",
         "-keyout", home / "key", "-out", home / "certificate"],
        check=True, capture_output=True)
    both = home / "both"
    both.write_bytes((home / "certificate").read_bytes() +
                     (home / "key").read_bytes())
    return both


@pytest.fixture
def secure(certificate):
    with Graph(certificate=certificate) as server:
        server.certificate = certificate
        server.public = f"https://{HOST}"
        yield server


@pytest.fixture
def graph():
    with Graph() as server:
        yield server


# ---- a client that is not ours ----

def client(graph, *calls, token=None):
    """What each call of the client gave."""
    need_package("facebook-nodejs-business-sdk")
    with Tunnel(graph) as tunnel:
        done = subprocess.run(
            ["node", newsroom.TESTS / "npm" / "facebook.mjs", MODULES],
            input=json.dumps({"token": token or graph.token, "calls": calls}),
            text=True, capture_output=True, timeout=60,
            env={"PATH": "/usr/local/bin:/usr/bin:/bin",
                 "HTTPS_PROXY": "http://127.0.0.1:%d" %
                 tunnel.server_address[1],
                 "NODE_EXTRA_CA_CERTS": str(graph.certificate)})
        tunnel.shutdown()
    assert done.returncode == 0, done.stderr
    assert set(tunnel.asked) <= {f"{HOST}:443"}
    return json.loads(done.stdout)


def proved(graph, **fields):
    return {**fields, "appsecret_proof": graph.proof}


def test_a_client_from_npm_posts_edits_reads_and_deletes(secure):
    said = client(
        secure,
        ["Page", secure.page, "createFeed", [],
         proved(secure, message="A bridge opens", link=LINK)],
        ["Page", secure.page, "createPhoto", [],
         proved(secure, caption="A picture", url=f"{LINK}.jpg")],
        ["Post", "$1.id", "update", [], proved(secure, message="It is open")],
        ["Page", secure.page, "everything",
         ["id", "message", "created_time", "attachments{unshimmed_url}"],
         proved(secure, limit=1)],
        ["Post", "$1.id", "read", ["message", "permalink_url"],
         proved(secure)],
        ["Post", "$1.id", "delete", [], proved(secure)],
        ["Page", secure.page, "getFeed", ["id"], proved(secure)],
        ["api", "POST", [""], proved(secure, id=LINK, scrape=True)])
    assert all("error" not in s for s in said), said
    post, photo, edit, everything, read, gone, rest, card = (
        s["value"] for s in said)
    assert post["id"].startswith(secure.page + "_")
    assert photo["post_id"] == f"{secure.page}_{photo['id']}"
    assert edit == gone == {"success": True}
    # One at a time, newest first: the client walked through the pages.
    assert [p["message"] for p in everything["list"]] == [
        "A picture", "It is open"]
    assert everything["list"][1]["attachments"]["data"] == [
        {"unshimmed_url": LINK}]
    assert read["message"] == "It is open"
    assert [p["id"] for p in rest["list"]] == [photo["post_id"]]
    assert card["url"] == LINK and secure.scraped == [LINK, LINK]
    assert [p.id for p in secure.timeline] == [photo["post_id"]]


def test_a_client_from_npm_understands_what_is_refused(secure):
    post = ["Page", secure.page, "createFeed", [],
            proved(secure, message="A bridge opens", link=LINK)]
    secure.fails("POST feed", error(190, 463), error(368))
    said = client(secure, post, post, post, post,
                  ["Post", f"{secure.page}_1", "delete", [], proved(secure)],
                  ["Page", secure.page, "createFeed", [], {"message": "x"}])
    errors = [s.get("error", {}).get("body") for s in said]
    assert [e and (e["code"], e.get("error_subcode")) for e in errors] == [
        (190, 463), (368, None), None, (506, None), (100, 33), (100, None)]
    assert all(e is None or e["fbtrace_id"] for e in errors)
    said = client(secure, post, token="another")
    assert said[0]["error"]["body"]["code"] == 190


# ---- what the documentation says ----

def ask(graph, method, path, body=None, headers=(), **query):
    """By hand: (status, what it says, its header fields)."""
    connection = http.client.HTTPConnection(graph.host, graph.port, timeout=10)
    if isinstance(body, dict):
        body, headers = json.dumps(body), {
            "Content-Type": "application/json", **dict(headers)}
    query = {"appsecret_proof": graph.proof, **query}
    connection.request(
        method, f"/v25.0/{path}?" + urllib.parse.urlencode(
            {n: v for n, v in query.items() if v is not None}), body,
        {"Authorization": f"Bearer {graph.token}", **dict(headers)})
    with connection.getresponse() as answer:
        return answer.status, json.loads(answer.read()), answer.headers


def code(said):
    return said[0], said[1].get("error", {}).get("code")


def test_who_asks_is_checked(graph):
    path = graph.page
    assert code(ask(graph, "GET", path)) == (200, None)
    assert code(ask(graph, "GET", path, appsecret_proof=None)) == (400, 100)
    assert code(ask(graph, "GET", path, appsecret_proof="0" * 64)) == \
        (400, 100)
    assert code(ask(graph, "GET", path, headers={
        "Authorization": "Bearer no"})) == (400, 190)
    assert code(ask(graph, "GET", path, headers={"Authorization": ""})) == \
        (400, 104)
    now = str(int(time.time()))
    old = str(int(time.time()) - 3600)
    for stamp, answer in ((now, (200, None)), (old, (400, 100))):
        assert code(ask(graph, "GET", path, appsecret_time=stamp,
                        appsecret_proof=graph.prove(
                            f"{graph.token}|{stamp}"))) == answer
    graph.needs_proof = False
    assert code(ask(graph, "GET", path, appsecret_proof=None)) == (200, None)


@pytest.mark.parametrize("body", [
    {}, {"message": "x" * 63207}, {"message": "x", "colour": "red"},
    {"link": "ftp://example.org/"}, {"message": "x", "published": "maybe"},
    {"message": "x", "scheduled_publish_time": 1}])
def test_a_wrong_post_is_refused(graph, body):
    assert code(ask(graph, "POST", f"{graph.page}/feed", body)) == (400, 100)
    assert not graph.posts


def test_what_cannot_be_fetched_is_refused(graph):
    graph.unscrapable = {LINK}
    path = f"{graph.page}/feed"
    assert code(ask(graph, "POST", path, {"link": LINK})) == (400, 1609005)
    assert code(ask(graph, "POST", "", id=LINK, scrape="true")) == \
        (400, 1609005)
    assert not graph.posts


def test_a_form_with_a_file_is_a_photo(graph):
    def form(content):
        return (b'--b\r\nContent-Disposition: form-data; name="message"\r\n'
                b"\r\nA bridge\r\n--b\r\nContent-Disposition: form-data; "
                b'name="source"; filename="a.png"\r\nContent-Type: image/png'
                b"\r\n\r\n" + content + b"\r\n--b--\r\n")
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    path = f"{graph.page}/photos"
    done = ask(graph, "POST", path, form(png()), kind)
    assert done[1]["post_id"] == graph.timeline[0].id
    assert graph.timeline[0].photo == png()
    assert graph.timeline[0].message == "A bridge"
    assert code(ask(graph, "POST", path, form(b"no"), kind)) == (400, 324)
    assert code(ask(graph, "POST", path, {"message": "x"})) == (400, 324)


def test_the_limit_is_told_in_minutes(graph):
    graph.throttle(3, 80001)
    done = ask(graph, "GET", graph.page)
    assert code(done) == (400, 80001)
    use = json.loads(done[2]["X-Business-Use-Case-Usage"])[graph.page][0]
    assert use["estimated_time_to_regain_access"] == 3
    graph.throttle(0)
    assert code(ask(graph, "GET", graph.page)) == (200, None)


def test_it_fails_as_it_is_told_to(graph):
    path = f"{graph.page}/feed"
    graph.fails("POST feed", reset, error(2), applied=True)
    with pytest.raises(OSError):
        ask(graph, "POST", path, {"message": "one"})
    assert code(ask(graph, "POST", path, {"message": "two"})) == (500, 2)
    assert [p.message for p in graph.timeline] == ["one", "two"]
    graph.hidden = 1
    posts = [len(ask(graph, "GET", path)[1]["data"]) for _ in range(2)]
    assert posts == [1, 2]
    assert len(graph.asked("POST feed")) == 2
