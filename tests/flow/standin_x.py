"""X, as its documentation has it: a stand-in for api.x.com.

Written from the OpenAPI document of the X API (2.167) and the pages of
docs.x.com on errors, rate limits and media; signatures from RFC 5849.  It
checks who asks, every field, every limit and the order of things, and keeps
what was posted, so that a test sees what people would.

1. What it answers by itself is what X would.  A test may have it fail:
   `fails("POST /2/tweets", reset)` for what comes next, `applied=True` if it
   is to be done all the same.
2. Its count of a text's weight is its own, and a simple one: addresses with a
   scheme, and emoji in a row that belong together.
3. A client that is not ours works against it unchanged: twitter-api-v2 from
   npm.  test_standin_x.py says what that client does not use.
4. Limits are of one window a route: X's windows of a day are not there.
"""
import base64
import collections
import datetime
import email
import email.policy
import hashlib
import hmac
import json
import re
import secrets
import time
import unicodedata
import urllib.parse

from peer import Peer, answer

EPOCH = 1288834974657           # ms; ids begin there
CLOCK = 300                     # seconds that a timestamp may be off
WEIGHT_MAX = 280
ALT_MAX = 1000                  # characters
IMAGE_MAX = 5 << 20             # bytes
MEDIA_MAX = 4                   # pictures of a post
EDIT_S, EDITS_MAX = 1800, 5
PROBLEM = "https://api.x.com/2/problems/"
CODES = {"client_id", "grant_type", "refresh_token", "code", "redirect_uri",
         "code_verifier"}
ID = re.compile(r"[0-9]{1,19}\Z")
ADDRESS = re.compile(r"https?://[^\s\u3000-\u303f\uff00-\uffef]+")
MAGIC = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg",
         b"GIF8": "image/gif", b"RIFF": "image/webp", b"BM": "image/bmp",
         b"II*\0": "image/tiff", b"MM\0*": "image/tiff"}


class Refused(Exception):
    """An answer that is no success."""

    def __init__(self, status, /, **body):
        super().__init__(status, body)
        self.status, self.body = status, body


def refuse(status, title, detail, kind="about:blank", **more):
    return Refused(status, title=title, detail=detail, type=kind,
                   status=status, **more)


def unauthorized():
    return refuse(401, "Unauthorized", "Unauthorized")


def forbidden(detail):
    return refuse(403, "Forbidden", detail)


def invalid(message, **parameters):
    return Refused(400, title="Invalid Request", type=PROBLEM +
                   "invalid-request", detail="One or more parameters to your "
                   "request was invalid.", errors=[
                       {"message": message, "parameters": parameters}])


# ---- the weight of a text ----

LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
JOINS = re.compile("[\u200d\ufe0f\u20e3\U0001f3fb-\U0001f3ff"
                   "\U000e0020-\U000e007f]")
FLAG = re.compile("[\U0001f1e6-\U0001f1ff]")


def weight(text):
    rest = ADDRESS.sub("", unicodedata.normalize("NFC", text))
    total = 23 * len(ADDRESS.findall(text))
    joined = flag = False
    for c in rest:
        if JOINS.match(c):
            joined = c == "\u200d"
        elif joined:
            joined = False
        elif flag and FLAG.match(c):
            flag = False
        else:
            flag = bool(FLAG.match(c))
            total += 1 if any(a <= ord(c) <= z for a, z in LIGHT) else 2
    return total


# ---- who asks (RFC 5849) ----

def quoted(text):
    return urllib.parse.quote(text, safe="-._~")


def base_string(method, url, fields):
    pairs = sorted((quoted(n), quoted(v)) for n, v in fields)
    return "&".join(map(quoted, (
        method, url, "&".join(f"{n}={v}" for n, v in pairs))))


def signature(method, url, fields, consumer_secret, token_secret):
    key = f"{quoted(consumer_secret)}&{quoted(token_secret)}"
    return base64.b64encode(hmac.new(key.encode(), base_string(
        method, url, fields).encode(), hashlib.sha1).digest()).decode()


def oauth_fields(header):
    found = {}
    for part in header.removeprefix("OAuth ").split(","):
        name, _, value = part.strip().partition("=")
        if not (value.startswith('"') and value.endswith('"')):
            raise unauthorized()
        found[urllib.parse.unquote(name)] = urllib.parse.unquote(value[1:-1])
    return found


# ---- what is kept ----

class Post:
    def __init__(self, number, fields, author):
        self.id = str(number)
        self.author = author
        self.text = fields.get("text", "")
        self.media = fields.get("media", {}).get("media_ids", [])
        self.reply_to = fields.get("reply", {}).get("in_reply_to_tweet_id")
        self.at = time.time()
        self.deleted = False
        self.history = [self.id]

    @property
    def addresses(self):
        return ADDRESS.findall(self.text)

    def shown(self, link):
        """The text as people get it, with X's own addresses."""
        return ADDRESS.sub(lambda m: link(m[0]), self.text)

    def plain(self, link, fields):
        shown = {"id": self.id, "text": self.shown(link),
                 "edit_history_tweet_ids": self.history}
        if "created_at" in fields:
            shown["created_at"] = datetime.datetime.fromtimestamp(
                self.at, datetime.timezone.utc).strftime(
                    "%Y-%m-%dT%H:%M:%S.000Z")
        if "entities" in fields and self.addresses:
            shown["entities"] = {"urls": self.entities(link)}
        return shown

    def entities(self, link):
        found, text, at = [], self.shown(link), 0
        for url in self.addresses:
            short = link(url)
            at = text.index(short, at)
            found.append({"start": at, "end": at + len(short), "url": short,
                          "expanded_url": url,
                          "display_url": url.split("://")[1][:30]})
            at += len(short)
        return found


class Media:
    def __init__(self, number, kind=None, size=None):
        self.id = str(number)
        self.kind, self.size = kind, size
        self.parts = {}
        self.content = None      # None: not finalized
        self.alt = None

    def finish(self, content):
        found = [t for m, t in MAGIC.items() if content.startswith(m)]
        if not found or (self.kind and self.kind != found[0]):
            raise invalid("The media type is not what was declared")
        if len(content) > IMAGE_MAX:
            raise invalid("File size exceeds 5242880 bytes.")
        if self.size not in (None, len(content)):
            raise invalid("Segments do not add up to provided total file size")
        self.kind, self.content = found[0], content

    def plain(self):
        return {"id": self.id, "media_key": f"3_{self.id}",
                "expires_after_secs": 86400, "size": len(self.content or b""),
                **({"image": {"image_type": self.kind}}
                   if self.content is not None else {})}


def only(body, required, optional=()):
    """No field but these: additionalProperties is false everywhere."""
    if not isinstance(body, dict):
        raise invalid("The body is not an object")
    for name in required:
        if name not in body:
            raise invalid(f"$.{name}: is missing but it is required",
                          **{name: [""]})
    for name in body:
        if name not in required and name not in optional:
            raise invalid(f"$.{name}: is not defined in the schema and the "
                          "schema does not allow additional properties",
                          **{name: [str(body[name])]})
    return body


def an_id(value, name):
    if not (isinstance(value, str) and ID.match(value)):
        raise invalid(f"The `{name}` query parameter value is not valid",
                      **{name: [str(value)]})
    return value


def read_parts(request):
    """multipart/form-data (RFC 7578): {name: bytes}."""
    head = f"Content-Type: {request.get('content-type')}\r\n\r\n".encode()
    message = email.message_from_bytes(head + request.body,
                                       policy=email.policy.HTTP)
    if not message.is_multipart():
        raise invalid("The body is not multipart")
    found = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        if part.get_content_disposition() != "form-data" or not name or \
                name in found:
            raise invalid("A part is not one of a form")
        found[name] = part.get_payload(decode=True)
    return found


class X(Peer):
    """The API, with one account and one app."""

    def __init__(self, host="127.0.0.1", certificate=None):
        super().__init__(host, certificate)
        self.user = {"id": "2244994945", "name": "Example News",
                     "username": "examplenews"}
        self.consumer = ("consumer-key", "consumer&secret%")
        self.token = (f"{self.user['id']}-token", "token secret")
        self.bearers = set()        # OAuth 2.0 access tokens
        self.refresh = None         # the one refresh token that is good
        self.client = ("client-id", "client-secret")
        self.codes = {}             # authorization codes: their challenges
        self.refreshes = 0
        self.can_edit = True
        self.requests = []
        self.posts, self.media = {}, {}
        self.nonces = set()
        self.limits = {}
        self.failures = collections.defaultdict(collections.deque)
        self.last = 0

    # ---- for tests ----

    @property
    def credential(self):
        """The four of OAuth 1.0a, one on a line."""
        return "\n".join((*self.consumer, *self.token))

    def fails(self, route, *acts, applied=False):
        """The next requests of a route ("POST /2/tweets", ids as {id}) are
        answered so, each once.  applied: it is done before."""
        self.failures[route].extend((act, applied) for act in acts)

    def limit(self, route, n, seconds):
        """At most n requests of a route in so long."""
        self.limits[route] = [n, n, seconds, time.time() + seconds]

    def age(self, seconds):
        """All that was posted is so much older."""
        for post in self.posts.values():
            post.at -= seconds

    @property
    def timeline(self):
        """What people see, oldest first."""
        return [p for p in self.posts.values() if not p.deleted]

    def asked(self, route):
        """The requests of a route."""
        return [r for r in list(self.requests) if r.route == route]

    # ---- the API ----

    ROUTES = (
        ("POST", r"/2/tweets", "create"),
        ("DELETE", r"/2/tweets/(?P<id>[^/]+)", "delete"),
        ("GET", r"/2/users/me", "me"),
        ("GET", r"/2/users/(?P<id>[^/]+)/tweets", "list"),
        ("POST", r"/2/media/upload", "upload"),
        ("POST", r"/2/media/upload/initialize", "initialize"),
        ("POST", r"/2/media/upload/(?P<id>[^/]+)/append", "append"),
        ("POST", r"/2/media/upload/(?P<id>[^/]+)/finalize", "finalize"),
        ("POST", r"/2/media/metadata", "describe"),
        ("POST", r"/2/oauth2/token", "grant"),
    )

    def take(self, handler, request):
        with self.lock:
            act = self.act(request)
        act(handler, request)

    def route(self, request):
        for method, path, name in self.ROUTES:
            found = re.fullmatch(path, request.path)
            if found and method == request.method:
                return (f"{method} " + re.sub(r"\(\?P<id>[^)]*\)", "{id}",
                                              path),
                        getattr(self, name), found.groupdict())
        return f"{request.method} {request.path}", None, {}

    def act(self, request):
        request.route, method, arguments = self.route(request)
        self.requests.append(request)
        failures = self.failures[request.route]
        failure, applied = failures.popleft() if failures else (None, True)
        said = self.said(request, method, arguments) if applied else None
        return failure or answer(said[0], json.dumps(
            said[1], ensure_ascii=False), content_type=(
                "application/problem+json" if said[0] >= 400
                else "application/json; charset=utf-8"),
            **self.limit_fields(request.route))

    def said(self, request, method, arguments):
        try:
            self.spend(request.route)
            if not method:
                raise refuse(404, "Not Found", "Not Found")
            if request.route != "POST /2/oauth2/token":
                self.authenticate(request)
            return method(request, **arguments)
        except Refused as refused:
            return refused.status, refused.body

    def spend(self, route):
        limit = self.limits.get(route)
        if not limit:
            return
        if time.time() >= limit[3]:
            limit[1], limit[3] = limit[0], time.time() + limit[2]
        if limit[1] == 0:
            raise refuse(429, "Too Many Requests", "Too Many Requests")
        limit[1] -= 1

    def limit_fields(self, route):
        total, left, _, reset = self.limits.get(
            route, (100, 99, 900, time.time() + 900))
        # A whole second, and never before it is over.
        return {"x_rate_limit_limit": total, "x_rate_limit_remaining": left,
                "x_rate_limit_reset": int(reset) + 1}

    # ---- who asks ----

    def authenticate(self, request):
        header = request.get("authorization") or ""
        if header.startswith("Bearer "):
            if header.removeprefix("Bearer ") not in self.bearers:
                raise unauthorized()
        elif header.startswith("OAuth "):
            self.check_signature(request, oauth_fields(header))
        else:
            raise unauthorized()

    def check_signature(self, request, oauth):
        given = oauth.pop("oauth_signature", "")
        oauth.pop("realm", None)
        fields = [*oauth.items(), *request.arguments]
        kind = (request.get("content-type") or "").partition(";")[0]
        if kind == "application/x-www-form-urlencoded":
            fields += request.form
        url = f"{self.url}{request.target.partition('?')[0]}"
        stamp = int(oauth.get("oauth_timestamp", 0))
        nonce = (oauth.get("oauth_nonce"), stamp)
        expected = signature(request.method, url, fields, self.consumer[1],
                             self.token[1])
        if oauth.get("oauth_consumer_key") != self.consumer[0] or \
                oauth.get("oauth_token") != self.token[0] or \
                oauth.get("oauth_signature_method") != "HMAC-SHA1" or \
                oauth.get("oauth_version", "1.0") != "1.0" or \
                abs(time.time() - stamp) > CLOCK or not nonce[0] or \
                nonce in self.nonces or \
                not hmac.compare_digest(given, expected):
            raise unauthorized()
        self.nonces.add(nonce)

    def grant(self, request):
        """OAuth 2.0 (RFC 6749, 7636): a refresh token is good once."""
        form = dict(request.form)
        basic = "Basic " + base64.b64encode(
            ":".join(self.client).encode()).decode()
        if not set(form) <= CODES or \
                request.get("authorization") not in (None, basic) or \
                (request.get("authorization") is None and
                 form.get("client_id") != self.client[0]):
            raise Refused(401, error="unauthorized_client",
                          error_description="Missing valid authorization "
                          "header")
        kind = form.get("grant_type")
        if kind == "refresh_token":
            good = self.refresh and form.get("refresh_token") == self.refresh
        else:
            digest = hashlib.sha256(form.get("code_verifier", "").encode())
            good = kind == "authorization_code" and self.codes.pop(
                form.get("code"), None) == base64.urlsafe_b64encode(
                    digest.digest()).decode().rstrip("=")
        if not good:
            raise Refused(400, error="invalid_request", error_description=(
                "Value passed for the token was invalid."))
        self.refreshes += 1
        self.refresh = secrets.token_urlsafe(24)
        self.bearers = {secrets.token_urlsafe(24)}
        return 200, {"token_type": "bearer", "expires_in": 7200,
                     "access_token": next(iter(self.bearers)),
                     "refresh_token": self.refresh,
                     "scope": "tweet.read tweet.write users.read media.write "
                              "offline.access"}

    # ---- posts ----

    def number(self):
        self.last = max(self.last + 1,
                        (int(time.time() * 1000) - EPOCH) << 22)
        return self.last

    def json(self, request):
        kind = (request.get("content-type") or "").partition(";")[0]
        if kind != "application/json":
            raise invalid("Content-Type must be application/json")
        try:
            return json.loads(request.body)
        except ValueError:
            raise invalid("The body is no JSON") from None

    @staticmethod
    def link(url):
        """t.co is always 23 characters."""
        return "https://t.co/" + hashlib.sha256(
            url.encode()).hexdigest()[:10]

    def create(self, request):
        body = only(self.json(request), (), (
            "text", "media", "reply", "edit_options", "quote_tweet_id",
            "reply_settings", "nullcast", "made_with_ai", "poll", "geo",
            "card_uri", "community_id", "direct_message_deep_link",
            "for_super_followers_only", "paid_partnership",
            "share_with_followers"))
        post = Post(self.number(), body, self.user["id"])
        self.check_text(body)
        self.check_media(body)
        self.check_reply(body, post)
        if "edit_options" in body:
            self.check_edit(body["edit_options"], post)
        elif any(p.text == post.text and p.media == post.media
                 for p in self.timeline):
            raise forbidden("You are not allowed to create a Tweet with "
                            "duplicate content.")
        self.posts[post.id] = post
        return 201, {"data": {"id": post.id, "text": post.shown(self.link),
                              "edit_history_tweet_ids": post.history}}

    def check_text(self, body):
        text = body.get("text", "")
        if not isinstance(text, str) or (not text and "media" not in body):
            raise invalid("Exactly one of [text, media] is required",
                          text=[""])
        if weight(text) > WEIGHT_MAX:
            raise forbidden("Your Tweet text is too long. For more "
                            "information on how Twitter determines text "
                            "length see https://github.com/twitter/twitter-"
                            "text.")
        if any(c in text for c in "\ufffe\ufeff\uffff"):
            raise forbidden("Your Tweet text has an invalid character.")

    def check_media(self, body):
        if "media" not in body:
            return
        ids = only(body["media"], ("media_ids",),
                   ("tagged_user_ids",))["media_ids"]
        if not isinstance(ids, list) or not 1 <= len(ids) <= MEDIA_MAX:
            raise invalid("$.media.media_ids: there must be 1 to 4",
                          **{"media.media_ids": [str(ids)]})
        for i in ids:
            if an_id(i, "media.media_ids") not in self.media or \
                    self.media[i].content is None:
                raise invalid("Your media IDs are invalid.",
                              **{"media.media_ids": ids})

    def check_reply(self, body, post):
        if "reply" not in body:
            return
        only(body["reply"], ("in_reply_to_tweet_id",),
             ("exclude_reply_user_ids", "auto_populate_reply_metadata"))
        an_id(post.reply_to, "reply.in_reply_to_tweet_id")
        other = self.posts.get(post.reply_to)
        if not other or other.deleted:
            raise forbidden("You attempted to reply to a Tweet that is "
                            "deleted or not visible to you.")

    def check_edit(self, options, post):
        number = an_id(only(options, ("previous_post_id",))
                       ["previous_post_id"], "edit_options.previous_post_id")
        old = self.posts.get(number)
        if not self.can_edit or not old or old.deleted or \
                old.history[-1] != old.id or \
                time.time() - old.at > EDIT_S or \
                len(old.history) > EDITS_MAX:
            raise forbidden("You are not permitted to edit this Tweet.")
        post.history = [*old.history, post.id]
        post.at = old.at
        for i in old.history:
            self.posts[i].deleted = True
            self.posts[i].history = post.history

    def delete(self, request, id):
        post = self.posts.get(an_id(id, "id"))
        if not post or (post.deleted and post.history[-1] == post.id):
            raise refuse(404, "Not Found Error",
                         f"Could not find tweet with id: [{id}].",
                         PROBLEM + "resource-not-found", resource_id=id,
                         resource_type="tweet", parameter="id", value=id)
        for i in post.history:
            self.posts[i].deleted = True
        return 200, {"data": {"deleted": True}}

    def me(self, request):
        return 200, {"data": self.user}

    def list(self, request, id):
        given = dict(request.arguments)
        only(given, (), ("max_results", "start_time", "end_time", "since_id",
                         "until_id", "exclude", "tweet.fields", "expansions",
                         "pagination_token"))
        n = given.get("max_results", "10")
        if not n.isdigit() or not 5 <= int(n) <= 100:
            raise invalid("The `max_results` query parameter value is not "
                          "between 5 and 100", max_results=[n])
        if an_id(id, "id") != self.user["id"]:
            return 200, {"meta": {"result_count": 0}}
        since = self.since(given)
        fields = given.get("tweet.fields", "").split(",")
        found = [p for p in reversed(self.timeline) if int(p.id) > since and
                 not ("replies" in given.get("exclude", "") and p.reply_to)]
        found = found[:int(n)]
        if not found:
            return 200, {"meta": {"result_count": 0}}
        return 200, {"data": [p.plain(self.link, fields) for p in found],
                     "meta": {"result_count": len(found),
                              "newest_id": found[0].id,
                              "oldest_id": found[-1].id}}

    @staticmethod
    def since(given):
        """since_id goes before start_time."""
        if "since_id" in given:
            return int(an_id(given["since_id"], "since_id"))
        if "start_time" not in given:
            return 0
        try:
            start = datetime.datetime.strptime(
                given["start_time"], "%Y-%m-%dT%H:%M:%SZ").replace(
                    tzinfo=datetime.timezone.utc)
        except ValueError:
            raise invalid("The `start_time` query parameter value is no time",
                          start_time=[given["start_time"]]) from None
        return ((int(start.timestamp() * 1000) - EPOCH) << 22) - 1

    # ---- pictures ----

    def upload(self, request):
        kind = (request.get("content-type") or "").partition(";")[0]
        if kind == "multipart/form-data":
            fields = read_parts(request)
            only(fields, ("media", "media_category"), ("additional_owners",))
            content, category = (fields["media"],
                                 fields["media_category"].decode())
        else:
            fields = only(self.json(request), ("media", "media_category"),
                          ("additional_owners",))
            try:
                content = base64.b64decode(fields["media"], validate=True)
            except ValueError:
                raise invalid("$.media: is not base64") from None
            category = fields["media_category"]
        if category != "tweet_image":
            raise invalid("$.media_category: is not one of the pictures",
                          media_category=[category])
        media = Media(self.number())
        media.finish(content)
        self.media[media.id] = media
        return 200, {"data": media.plain()}

    def initialize(self, request):
        body = only(self.json(request), (), (
            "media_type", "total_bytes", "media_category",
            "additional_owners", "shared"))
        if body.get("media_type") not in MAGIC.values() or \
                body.get("media_category") not in ("tweet_image",
                                                   "tweet_gif"):
            raise invalid("$.media_type: is not one of the pictures")
        media = Media(self.number(), body["media_type"],
                      body.get("total_bytes"))
        self.media[media.id] = media
        return 200, {"data": media.plain()}

    def append(self, request, id):
        fields = only(read_parts(request), ("media", "segment_index"))
        media = self.session(id)
        index = fields["segment_index"].decode()
        if not index.isdigit() or int(index) > 999:
            raise invalid("$.segment_index: is not between 0 and 999")
        media.parts[int(index)] = fields["media"]
        return 200, {"data": {"expires_at": int(time.time()) + 86400}}

    def finalize(self, request, id):
        media = self.session(id)
        if sorted(media.parts) != list(range(len(media.parts))):
            raise invalid("A segment is missing")
        media.finish(b"".join(media.parts[i] for i in sorted(media.parts)))
        return 200, {"data": media.plain()}

    def session(self, id):
        media = self.media.get(an_id(id, "id"))
        if not media or media.content is not None:
            raise invalid("There is no such upload", id=[id])
        return media

    def describe(self, request):
        body = only(self.json(request), ("id", "metadata"))
        media = self.media.get(an_id(body["id"], "id"))
        if not media:
            raise invalid("There is no such media", id=[body["id"]])
        text = body["metadata"].get("alt_text", {}).get("text")
        if not isinstance(text, str) or not 0 < len(text) <= ALT_MAX:
            raise invalid("$.metadata.alt_text.text: must be 1 to 1000 "
                          "characters")
        media.alt = text
        return 200, {"data": {"id": media.id, "associated_metadata": {
            "alt_text": {"text": text}}}}
