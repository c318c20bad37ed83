"""Facebook, as its documentation has it: a stand-in for graph.facebook.com.

Written from the pages of developers.facebook.com on Pages posts, Page photos,
errors, rate limits, secure requests, and the sharing debugger: one Page, and
what an app may do with it.  It checks who asks, every field and every limit,
and keeps what was posted, so that a test sees what people would.

1. What it answers by itself is what the Graph API would.  A test may have it
   fail: `fails("POST feed", reset)` for what comes next, `applied=True` if it
   is to be done all the same; `error(190, 463)` is an answer, too.
2. Like the API, it takes parameters from the query, a form, a form with files
   and JSON alike, and the token from any of them or from the header.  Unlike
   it, it refuses a parameter that it does not know.
3. Requests may be meant for a proxy: an absolute address is one of ours.
4. It counts only when a client that is not ours works against it unchanged:
   test_standin_facebook.py, with facebook-nodejs-business-sdk from npm.
"""
import collections
import datetime
import email
import email.policy
import hashlib
import hmac
import json
import re
import time
import urllib.parse

from peer import Peer, after, answer

MESSAGE_MAX = 63206             # characters
PHOTO_MAX = 10 << 20            # bytes
LIMIT_MAX = 100                 # posts of an answer
PROOF_S = 300                   # that an appsecret_time may be old
SCHEDULE = (600, 30 * 86400)    # seconds ahead
MAGIC = {b"\xff\xd8\xff": "jpeg", b"\x89PNG": "png", b"GIF8": "gif",
         b"BM": "bmp", b"II*\0": "tiff", b"MM\0*": "tiff"}
KINDS = {100: "GraphMethodException", 1: "OAuthException"}
FEED = {"message", "link", "published", "scheduled_publish_time"}
PHOTO = {"message", "caption", "url", "source", "published",
         "alt_text_custom"}
LIST = {"fields", "since", "until", "limit", "after"}
FIELDS = {"id", "message", "created_time", "permalink_url", "attachments"}
SAID = {
    1: "An unknown error occurred",
    2: "Service temporarily unavailable",
    4: "Application request limit reached",
    10: "Application does not have permission for this action",
    17: "User request limit reached",
    32: "Page request limit reached",
    190: "Error validating access token",
    200: "Permissions error",
    341: "Application limit reached",
    368: "The action attempted has been deemed abusive or is otherwise "
         "disallowed",
    506: "Duplicate status message",
    613: "Calls to this api have exceeded the rate limit.",
    80001: "There have been too many calls to this Page account.",
    1609005: "The link could not be scraped.",
}


class Refused(Exception):
    """An answer that is no success."""

    def __init__(self, code, text=None, subcode=None, status=400,
                 transient=None):
        super().__init__(code, text)
        self.status = 500 if code in (1, 2) and status == 400 else status
        self.body = {"error": {
            "message": f"(#{code}) {text or SAID[code]}",
            "type": KINDS.get(code, "OAuthException"), "code": code,
            **({"error_subcode": subcode} if subcode else {}),
            **({"is_transient": transient} if transient is not None else
               {"is_transient": True} if code in (1, 2, 4) else {}),
            "fbtrace_id": "A" + hashlib.sha256(
                repr((code, subcode)).encode()).hexdigest()[:22]}}


def error(code, subcode=None, status=400, text=None, **fields):
    """An answer for Graph.fails()."""
    refused = Refused(code, text, subcode, status)
    return answer(refused.status, json.dumps(refused.body),
                  content_type="text/javascript; charset=UTF-8", **fields)


def usage(page, minutes=0, percent=28):
    """The header that says how much of the limit is used up."""
    return json.dumps({page: [{
        "type": "pages", "call_count": percent, "total_cputime": 25,
        "total_time": 25, "estimated_time_to_regain_access": minutes}]})


def missing(verb, name):
    return Refused(100, f"Unsupported {verb.lower()} request. Object with ID "
                   f"'{name}' does not exist, cannot be loaded due to missing "
                   "permissions, or does not support this operation", 33)


def truth(text):
    if text not in ("true", "false", "1", "0"):
        raise Refused(100, "Param published must be a boolean")
    return text in ("true", "1")


def address(text, name):
    parts = urllib.parse.urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Refused(100, f"{name} does not represent a valid URL", 1500)
    return text


def when(text, name):
    if not re.fullmatch(r"[0-9]{1,11}", text):
        raise Refused(100, f"Param {name} must be a UNIX timestamp")
    return int(text)


def split_fields(text):
    """"id,attachments{a,b}" is two: {name: [what is wanted of it]}."""
    found = {}
    for name, _, inner in re.findall(r"([a-z_]+)(\{([a-z_,]*)\})?", text):
        found[name] = inner.split(",") if inner else []
    for name in found:
        if name not in FIELDS:
            raise Refused(100, "Tried accessing nonexisting field "
                          f"({name}) on node type (PagePost)")
    return found


class File:
    def __init__(self, name, content):
        self.name, self.content = name, content


def read_parts(request):
    """multipart/form-data (RFC 7578)."""
    head = f"Content-Type: {request.get('content-type')}\r\n\r\n".encode()
    message = email.message_from_bytes(head + request.body,
                                       policy=email.policy.HTTP)
    found = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        found[name] = (File(part.get_filename(), content)
                       if part.get_filename() else content.decode())
    return found


def read_json(request):
    body = json.loads(request.body or b"{}")
    if not isinstance(body, dict):
        raise Refused(100, "The body is not an object")
    return {n: v if isinstance(v, str) else json.dumps(v)
            for n, v in body.items()}


def parameters(request):
    """All that is said, wherever it is said."""
    kind = (request.get("content-type") or "").partition(";")[0]
    found = dict(request.arguments)
    if kind == "multipart/form-data":
        found.update(read_parts(request))
    elif kind == "application/json":
        found.update(read_json(request))
    elif kind == "application/x-www-form-urlencoded":
        found.update(request.form)
    elif request.body:
        raise Refused(100, f"The content type {kind} is not supported")
    return found


class Post:
    def __init__(self, page, number, **what):
        self.id = f"{page}_{number}"
        self.at = time.time()
        self.message = what.get("message", "")
        self.link = what.get("link")
        self.photo = what.get("photo")         # its bytes, or its address
        self.alt = what.get("alt")
        self.published = what.get("published", True)
        self.edits = 0

    def attachment(self):
        if self.photo is not None:
            return {"type": "photo", "unshimmed_url":
                    f"https://www.facebook.com/photo.php?fbid={self.id}"}
        return {"type": "share", "unshimmed_url": self.link}

    def plain(self, fields):
        shown = {"id": self.id}
        if "message" in fields and self.message:
            shown["message"] = self.message
        if "created_time" in fields or not fields:
            shown["created_time"] = datetime.datetime.fromtimestamp(
                self.at, datetime.timezone.utc).strftime(
                    "%Y-%m-%dT%H:%M:%S+0000")
        if "permalink_url" in fields:
            shown["permalink_url"] = f"https://www.facebook.com/{self.id}"
        if "attachments" in fields and (self.link or self.photo):
            whole = self.attachment()
            shown["attachments"] = {"data": [
                {n: whole[n] for n in fields["attachments"] or whole}]}
        return shown


class Graph(Peer):
    """The API, with one Page and one app."""

    def __init__(self, host="127.0.0.1", certificate=None):
        super().__init__(host, certificate)
        self.public = self.url      # what its own addresses begin with
        self.page = "546349135390552"
        self.name = "Example News"
        self.token = "EAAGpageTokenOfTheNewsroom0123456789"
        self.app_secret = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
        self.needs_proof = True
        self.posts = []             # all that there ever was, in order
        self.deleted = set()        # ids
        self.scraped = []           # addresses, as often as they were
        self.unscrapable = set()    # addresses
        self.hidden = 0             # so many reads miss the newest post
        self.requests = []
        self.failures = collections.defaultdict(collections.deque)
        self.throttled = None       # (code, until)
        self.slow = 0.0             # seconds from the deed to the answer
        self.last = 1116689038356000

    # ---- for tests ----

    def fails(self, route, *acts, applied=False):
        """The next requests of a route ("POST feed", "DELETE post") are
        answered so, each once.  applied: it is done before."""
        self.failures[route].extend((act, applied) for act in acts)

    def throttle(self, minutes, code=32):
        """Nothing is answered for so long, and a header says so."""
        self.throttled = (code, time.time() + minutes * 60)

    @property
    def timeline(self):
        """What people see, oldest first."""
        return [p for p in self.posts
                if p.published and p.id not in self.deleted]

    def asked(self, route):
        """The requests of a route."""
        return [r for r in list(self.requests) if r.route == route]

    @property
    def proof(self):
        return self.prove(self.token)

    def prove(self, text):
        return hmac.new(self.app_secret.encode(), text.encode(),
                        hashlib.sha256).hexdigest()

    # ---- who asks ----

    def authenticate(self, request, said):
        header = request.get("authorization") or ""
        token = header.removeprefix("Bearer ").removeprefix("OAuth ") or None
        token = said.pop("access_token", token)
        proof, stamp = (said.pop("appsecret_proof", None),
                        said.pop("appsecret_time", None))
        if not token:
            raise Refused(104, "An access token is required to request this "
                          "resource.")
        if token != self.token:
            raise Refused(190, "Invalid OAuth access token - Cannot parse "
                          "access token")
        if proof is None and self.needs_proof:
            raise Refused(100, "API calls from the server require an "
                          "appsecret_proof argument")
        if stamp and abs(time.time() - when(stamp, "time")) > PROOF_S:
            raise Refused(100, "Invalid appsecret_time")
        if proof is not None and not hmac.compare_digest(proof, self.prove(
                f"{token}|{stamp}" if stamp else token)):
            raise Refused(100, "Invalid appsecret_proof provided in the API "
                          "argument")

    # ---- what is asked ----

    ROUTES = (
        ("POST feed", r"(?P<page>\d+)/feed", "create"),
        ("GET feed", r"(?P<page>\d+)/feed", "list"),
        ("POST photos", r"(?P<page>\d+)/photos", "photo"),
        ("GET post", r"(?P<id>\d+_\d+)", "read"),
        ("POST post", r"(?P<id>\d+_\d+)", "edit"),
        ("DELETE post", r"(?P<id>\d+_\d+)", "delete"),
        ("GET page", r"(?P<page>\d+)", "about"),
        ("POST scrape", r"", "scrape"),
        ("GET token", r"debug_token", "debug"),
    )

    def take(self, handler, request):
        with self.lock:
            act = self.act(request)
        (after(self.slow, act) if self.slow else act)(handler, request)

    def route(self, request):
        path = re.sub(r"^https?://[^/]*", "", request.path)
        found = re.fullmatch(r"/(?:v(\d{1,2}\.\d)(?:/|$))?(.*)", path)
        for route, pattern, name in self.ROUTES:
            match = found and re.fullmatch(pattern, found[2])
            if match and route.split()[0] == request.method:
                return route, getattr(self, name), match.groupdict()
        return f"{request.method} {path}", None, {}

    def act(self, request):
        request.route, method, arguments = self.route(request)
        self.requests.append(request)
        failures = self.failures[request.route]
        failure, applied = failures.popleft() if failures else (None, True)
        said = self.said(request, method, arguments) if applied else None
        return failure or answer(
            said[0], json.dumps(said[1]), facebook_api_version="v25.0",
            content_type="application/json; charset=UTF-8",
            x_app_usage=json.dumps({"call_count": 1, "total_cputime": 0,
                                    "total_time": 1}),
            x_business_use_case_usage=usage(self.page, self.minutes(),
                                            100 if self.minutes() else 28))

    def minutes(self):
        """Until it answers again; whole ones, as the API counts."""
        left = self.throttled[1] - time.time() if self.throttled else 0
        return max(0, int(-(-left // 60)))

    def said(self, request, method, arguments):
        try:
            if self.minutes():
                raise Refused(self.throttled[0])
            if not method:
                raise Refused(2500, "Unknown path components: "
                              + request.path)
            request.said = parameters(request)
            self.authenticate(request, request.said)
            # Clients say once more whom they mean.
            if request.said.get("id") in arguments.values():
                del request.said["id"]
            if arguments.get("page", self.page) != self.page:
                raise missing(request.method, arguments["page"])
            if "id" in arguments:
                arguments["post"] = self.find(request, arguments.pop("id"))
            arguments.pop("page", None)
            return 200, method(request.said, **arguments)
        except Refused as refused:
            return refused.status, refused.body

    def find(self, request, name):
        for post in self.posts:
            if post.id == name and post.id not in self.deleted:
                return post
        raise missing(request.method, name)

    def only(self, said, names):
        for name in said:
            if name not in names:
                raise Refused(100, f"The parameter {name} is not known")
        message = said.get("message", said.get("caption", ""))
        if len(message) > MESSAGE_MAX:
            raise Refused(100, "The message is too long")
        return message

    # ---- posts ----

    def keep(self, **what):
        self.last += 1
        self.posts.append(Post(self.page, self.last, **what))
        return self.posts[-1]

    def check_schedule(self, said):
        at = said.get("scheduled_publish_time")
        published = truth(said.get("published", "true"))
        if at is None:
            return published
        ahead = when(at, "scheduled_publish_time") - time.time()
        if published or not SCHEDULE[0] <= ahead <= SCHEDULE[1]:
            raise Refused(100, "The specified scheduled publish time is "
                          "invalid.")
        return False

    def create(self, said):
        message, link = self.only(said, FEED), said.get("link")
        published = self.check_schedule(said)
        if not message and not link:
            raise Refused(100, "Empty message: missing message or attachment",
                          1349125)
        if link is not None:
            address(link, "link")
            if link in self.unscrapable:
                raise Refused(1609005)
            self.scraped.append(link)
        if self.timeline and (message, link) == (
                self.timeline[-1].message, self.timeline[-1].link):
            raise Refused(506)
        return {"id": self.keep(message=message, link=link,
                                published=published).id}

    def photo(self, said):
        message, source = self.only(said, PHOTO), said.get("source")
        if isinstance(source, File):
            photo = source.content
            if not any(photo.startswith(m) for m in MAGIC):
                raise Refused(324, "Missing or invalid image file", 2069019)
            if len(photo) > PHOTO_MAX:
                raise Refused(1, "Your photos couldn't be uploaded", 2446496)
        elif "url" in said:
            photo = address(said["url"], "url")
        else:
            raise Refused(324, "Requires upload file")
        published = truth(said.get("published", "true"))
        post = self.keep(message=message, photo=photo, published=published,
                         alt=said.get("alt_text_custom"))
        return {"id": post.id.split("_")[1],
                **({"post_id": post.id} if published else {})}

    def edit(self, said, post):
        post.message = self.only(said, {"message"})
        post.edits += 1
        return {"success": True}

    def delete(self, said, post):
        self.only(said, ())
        self.deleted.add(post.id)
        return {"success": True}

    # ---- reading ----

    def read(self, said, post):
        self.only(said, {"fields"})
        return post.plain(split_fields(said.get("fields", "")))

    def about(self, said):
        self.only(said, {"fields"})
        return {"id": self.page, "name": self.name}

    def list(self, said):
        self.only(said, LIST)
        fields = split_fields(said.get("fields", ""))
        since = when(said.get("since", "0"), "since")
        until = when(said.get("until", "99999999999"), "until")
        limit = when(said.get("limit", "25"), "limit")
        if not 0 < limit <= LIMIT_MAX:
            raise Refused(100, "Please reduce the limit to 100 or fewer")
        found = [p for p in self.timeline if since <= p.at <= until]
        if self.hidden and found:
            self.hidden -= 1
            found.pop()
        found.reverse()
        start = int(said.get("after", "0"))
        return {"data": [p.plain(fields) for p in found[start:start + limit]],
                **self.paging(said, start + limit, len(found))}

    def paging(self, said, end, total):
        if total == 0:
            return {}
        paging = {"cursors": {"before": "0", "after": str(end)}}
        if end < total:
            paging["next"] = f"{self.public}/v25.0/{self.page}/feed?" + \
                urllib.parse.urlencode({
                    **said, "after": end, "access_token": self.token,
                    "appsecret_proof": self.proof})
        return {"paging": paging}

    def scrape(self, said):
        self.only(said, {"id", "scrape"})
        url = address(said.get("id", ""), "id")
        if truth(said.get("scrape", "false")):
            if url in self.unscrapable:
                raise Refused(1609005)
            self.scraped.append(url)
        return {"url": url, "type": "article", "title": "A title",
                "updated_time": "2024-05-15T08:00:00+0000",
                "id": str(int(hashlib.sha256(url.encode()).hexdigest()[:12],
                              16))}

    def debug(self, said):
        self.only(said, {"input_token", "fields"})
        return {"data": {
            "app_id": "138483919580948", "type": "PAGE",
            "is_valid": said.get("input_token") == self.token,
            "expires_at": 0, "profile_id": self.page,
            "scopes": ["pages_read_engagement", "pages_manage_posts"]}}
