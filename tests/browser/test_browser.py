"""Every page of the sample newsroom, and of one that means harm, in Chromium."""
import html.parser
import json
import os
import shutil
import subprocess
import urllib.parse

import pytest

import images
import newsroom
from articles import SAMPLE, article

HERE = newsroom.TESTS / "browser"
MODULES = newsroom.BUILD / "tests" / "browser"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
WECHAT = "https://weixin.example/r/0123456789abcdef"
LONG = "Rindfleischetikettierungsueberwachungsaufgabenuebertragungsgesetz" * 3

FOLLOW = {"wechat": WECHAT, "facebook": "https://www.facebook.com/newsroom",
          "twitter": "@newsroom", "instagram": "newsroom",
          "youtube": "@newsroom", "app": "https://example.org/app",
          "mobile": "https://m.example.org/"}

# What is too wide, too long, or not what it seems.
HOSTILE = f"""---
title: "{LONG} </script><script>alert(1)</script> <!--"
tags: [ gba ]
source: "{LONG[:190]}"
---

| {' | '.join(f'column {n}' for n in range(12))} |
| {' | '.join('---' for n in range(12))} |
| {' | '.join(LONG[:20] for n in range(12))} |

    {LONG} {LONG}

<https://example.org/{LONG}>

> {LONG}
"""

TRADITIONAL = """---
title: 港邊的燈
lang: zh-Hant
tags: [ gba ]
---

燈塔的光照亮了港灣，漁船緩緩歸來。
"""


class Links(html.parser.HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag == "a" and dict(attrs).get("href"):
            self.found.append(dict(attrs)["href"])


def need():
    for what, there in (
            ("chromium", CHROMIUM), ("node", shutil.which("node")),
            ("the npm packages of tests/browser",
             (MODULES / "node_modules" / "axe-core").exists())):
        if not there:
            pytest.skip(f"no browser: {what} missing; ./quickstart check "
                        "installs it")


def all_pages(room):
    """Every HTML page that can be reached from the index."""
    found, todo = [], [room.url]
    while todo:
        address = urllib.parse.urldefrag(todo.pop()).url
        if address in found or not address.startswith(room.url):
            continue
        answer = room.get(urllib.parse.urlsplit(address).path)
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        found.append(address)
        todo += [urllib.parse.urljoin(address, x)
                 for x in Links(answer.body.decode()).found]
    return found


@pytest.fixture(scope="module")
def room():
    need()
    room = newsroom.Newsroom()
    for path in SAMPLE.iterdir():
        shutil.copyfile(path, room.content / path.name)
        os.utime(room.content / path.name, (1715760000, 1715760000))
    room.write("hostile.md", HOSTILE)
    room.write("lamp.md", TRADITIONAL)
    room.write("pier.txt", article("The pier in two pictures"))
    room.write("pier.jpg", images.jpeg(800, 600))
    room.write("pier-2.png", images.png(640, 480))
    room.configure(include=[str(newsroom.SOURCE / "feeds" / "*.yaml")],
                   channels=[], follow=FOLLOW)
    room.start()
    assert not room.asides()
    yield room
    room.close()


@pytest.fixture(scope="module")
def seen(room, tmp_path_factory):
    pages = all_pages(room) + [room.url + "nowhere"]
    order = {"chromium": CHROMIUM, "home": room.url, "pages": pages,
             "codes": [room.url + "articles/lamp"],
             "shots": str(tmp_path_factory.mktemp("shots"))}
    done = subprocess.run(["node", HERE / "visit.mjs", MODULES],
                          input=json.dumps(order), capture_output=True,
                          text=True, timeout=900)
    assert done.returncode == 0, done.stderr
    return pages, json.loads(done.stdout)


def test_every_page_was_looked_at(seen):
    pages, answer = seen
    assert len(pages) >= 20
    assert any("hostile" in page for page in pages)
    assert set(answer["fonts"]) == set(pages)


def test_nothing_is_wrong_with_any_page(seen):
    _, answer = seen
    assert not answer["problems"], "\n".join(answer["problems"][:50])


def test_chinese_is_drawn_with_a_chinese_font(room, seen):
    _, answer = seen
    for page in ("articles/lamp", "articles/wanqu-lvdian-1"):
        fonts = answer["fonts"][room.url + page]
        assert any("CJK" in name for name in fonts), fonts


def test_a_camera_reads_the_codes(room, seen):
    if not shutil.which("zbarimg"):
        pytest.skip("zbarimg is not installed (package zbar-tools)")
    _, answer = seen
    read = [subprocess.run(["zbarimg", "--quiet", "--raw", path],
                           capture_output=True, text=True).stdout.strip()
            for path in answer["codes"]]
    assert read == [room.url + "articles/lamp", WECHAT]
