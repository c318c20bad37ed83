"""Pictures: beside an article, published under /media/, in step with disk."""
import json
import os
import re
import time

from articles import article
from feedcheck import NS, text
from images import jpeg, png

ALL = "/feeds/all.atom"


def html(room, title):
    """The content as it was sent: feedparser makes markup its own."""
    if room.get(ALL).status == 404:
        return ""
    for entry in room.document(ALL).findall("a:entry", NS):
        if title in text(entry, "a:title"):
            return text(entry, "a:content")
    return ""


def sources(room, title):
    """The addresses of the pictures that an entry shows, as paths."""
    return [x.removeprefix(room.url) for x in
            re.findall(r'<img src="([^"]+)"', html(room, title))]


def shows(room, title, count):
    return room.until(lambda: len(found := sources(room, title)) == count
                      and (found or True), f"{count} pictures of {title}")


def bytes_of(room, path):
    answer = room.get("/" + path)
    assert answer.status == 200
    return answer.raw


def test_a_picture_before_its_article(room):
    room.write("bridge.jpg", jpeg())
    room.settle()
    room.write("bridge.txt", article("The bridge"))
    room.arrived("The bridge")
    path, = shows(room, "The bridge", 1)
    assert bytes_of(room, path) == jpeg()
    assert room.asides() == {}


def test_a_picture_after_its_article(room):
    room.write("2024/bridge.txt", article("The bridge"))
    before = room.arrived("The bridge")
    assert "<img" not in before.content[0].value
    room.write("2024/bridge.png", png(5, 2))
    path, = shows(room, "The bridge", 1)
    after = room.entry("The bridge")
    assert after.id == before.id
    assert after.updated > before.updated, "a new picture is news"
    assert 'alt="The bridge" width="5" height="2"' in html(room, "The bridge")
    assert bytes_of(room, path) == png(5, 2)


def test_several_pictures_and_their_order(room):
    for name, shade in (("bridge.jpg", None), ("bridge-2.PNG", 2),
                        ("bridge-3.png", 3), ("bridge-10.png", 10)):
        room.write(name, jpeg() if shade is None else png(shade=shade))
    room.write("bridge.txt", article("The bridge"))
    room.arrived("The bridge")
    found = shows(room, "The bridge", 4)
    assert [bytes_of(room, x) for x in found] == [
        jpeg(), png(shade=2), png(shade=3), png(shade=10)]
    markup = html(room, "The bridge")
    assert markup.startswith("<figure><img"), "the first goes above the text"
    assert markup.rindex("</p>") < markup.rindex("<figure>"), "others below"


def test_an_article_of_that_name_has_it(room):
    room.write("bridge.txt", article("The bridge"))
    room.write("bridge-2.png", png())
    shows(room, "The bridge", 1)
    room.write("bridge-2.txt", article("The second bridge"))
    shows(room, "The second bridge", 1)
    shows(room, "The bridge", 0)


def test_a_cover_is_published_and_not_in_the_text(room):
    """It is for those who need a picture, as the image of a feed's item."""
    room.write("covers/pier.png", png(5, 2))
    room.write("bridge.meta.yaml", "cover: covers/pier.png\n")
    room.write("bridge.txt", article("The bridge"))
    room.arrived("The bridge")
    item, = json.loads(room.get("/feeds/all.json").raw)["items"]
    path = item["image"].removeprefix(room.url)
    assert bytes_of(room, path) == png(5, 2)
    assert "<img" not in item["content_html"]
    room.write("covers/pier.png", png(7, 2))
    room.until(lambda: path not in room.get("/feeds/all.json").raw.decode(),
               "the new cover")


def test_the_same_bytes_are_one_picture(room):
    room.write("a.png", png())
    room.write("a-2.png", png())
    room.write("b.png", png())
    room.write("a.txt", article("First"))
    room.write("b.txt", article("Second"))
    room.arrived("Second")
    assert shows(room, "First", 1) == shows(room, "Second", 1)
    (room.content / "a.txt").unlink()
    room.gone("First")
    assert bytes_of(room, sources(room, "Second")[0]) == png()


def test_a_changed_picture(room):
    room.write("bridge.png", png())
    room.write("bridge.txt", article("The bridge"))
    room.arrived("The bridge")
    old, = shows(room, "The bridge", 1)
    before = room.entry("The bridge")
    room.write("bridge.png", png(shade=9))
    room.until(lambda: sources(room, "The bridge") != [old], "the new one")
    after = room.entry("The bridge")
    assert (after.id, after.published) == (before.id, before.published)
    assert after.updated > before.updated
    assert bytes_of(room, sources(room, "The bridge")[0]) == png(shade=9)
    room.until(lambda: room.get("/" + old).status == 404, "the old one gone")
    assert not (room.www / old).exists()


def test_a_touched_picture_changes_nothing(room):
    path = room.write("bridge.png", png())
    room.write("bridge.txt", article("The bridge"))
    room.arrived("The bridge")
    shows(room, "The bridge", 1)
    room.settle()
    etag, announced = room.get(ALL).etag, room.announced()
    os.utime(path)
    room.settle()
    assert (room.get(ALL).etag, room.announced()) == (etag, announced)


def test_a_deleted_picture(room):
    path = room.write("bridge.png", png())
    room.write("bridge.txt", article("The bridge"))
    room.arrived("The bridge")
    address, = shows(room, "The bridge", 1)
    path.unlink()
    shows(room, "The bridge", 0)
    room.until(lambda: room.get("/" + address).status == 404, "gone")


def test_a_withdrawn_article_takes_its_picture_along(room):
    room.write("bridge.png", png())
    path = room.write("bridge.txt", article("The bridge"))
    room.arrived("The bridge")
    address, = shows(room, "The bridge", 1)
    path.unlink()
    room.until(lambda: room.get("/" + address).status == 404, "gone")
    room.write("bridge.txt", article("The bridge"))
    room.arrived("The bridge")
    assert shows(room, "The bridge", 1) == [address]
    assert bytes_of(room, address) == png()


def test_changes_while_the_daemon_is_down(room):
    for name in ("added", "changed", "deleted"):
        room.write(f"{name}.txt", article(f"It was {name}"))
    room.write("changed.png", png())
    gone = room.write("deleted.png", png(shade=1))
    shows(room, "It was changed", 1)
    old, = shows(room, "It was deleted", 1)
    room.settle()
    room.stop()
    room.write("added.jpg", jpeg())
    room.write("changed.png", png(shade=7))
    gone.unlink()
    room.start()
    added, = shows(room, "It was added", 1)
    assert bytes_of(room, added) == jpeg()
    room.until(lambda: [bytes_of(room, x) for x in
                        sources(room, "It was changed")] == [png(shade=7)])
    shows(room, "It was deleted", 0)
    room.until(lambda: room.get("/" + old).status == 404, "gone")


def test_what_nobody_names_is_swept_at_a_start(room):
    room.write("bridge.png", png())
    room.write("bridge.txt", article("The bridge"))
    shows(room, "The bridge", 1)
    room.stop()
    orphan = room.www / "media" / ("0123456789abcdef" * 2 + ".png")
    other = room.www / "media" / "robots.txt"
    orphan.write_bytes(png(shade=3))
    other.write_text("mine")
    room.start()
    room.until(lambda: not orphan.exists(), "the orphan is gone")
    assert other.exists(), "what is not ours stays"
    shows(room, "The bridge", 1)


def test_a_restart_reads_nothing_again(room):
    room.write("bridge.png", png())
    room.write("bridge.txt", article("The bridge"))
    shows(room, "The bridge", 1)
    room.settle()
    room.restart()
    room.settle()
    done = re.findall(r"content reconciled.*", room.log())
    assert "files=0 " in done[-1], done[-1]


def test_what_only_calls_itself_a_picture(room):
    room.write("bridge.txt", article("The bridge"))
    room.write("bridge.jpg", b"<script>alert(1)</script>" * 100)
    room.arrived("The bridge")
    aside = room.until(lambda: room.asides().get("bridge.jpg"), "set aside")
    assert "is not a picture" in aside["why"] and aside["hint"]
    assert sources(room, "The bridge") == []
    room.write("bridge.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
    room.settle()
    assert sources(room, "The bridge") == []
    room.write("bridge.jpg", jpeg())
    shows(room, "The bridge", 1)
    assert room.asides() == {}


def test_the_type_is_that_of_the_bytes(room):
    room.write("bridge.jpg", png())
    room.write("bridge.txt", article("The bridge"))
    room.arrived("The bridge")
    address, = shows(room, "The bridge", 1)
    assert address.endswith(".png")
    assert room.get("/" + address).headers["content-type"] == "image/png"


def test_a_picture_that_is_too_big(room):
    room.write("bridge.txt", article("The bridge"))
    room.write("bridge.png", png() + b"\0" * (20 * 1024 * 1024))
    aside = room.until(lambda: room.asides().get("bridge.png"), "set aside")
    assert "too big" in aside["why"] and "picture" in aside["hint"]
    assert sources(room, "The bridge") == []


def test_a_link_to_a_picture_is_not_followed(room):
    secret = room.home / "secret.png"
    secret.write_bytes(png())
    room.path("bridge.png").symlink_to(secret)
    room.write("bridge.txt", article("The bridge"))
    room.arrived("The bridge")
    room.settle()
    assert sources(room, "The bridge") == []


def test_http(room):
    room.write("bridge.jpg", jpeg())
    room.write("bridge.txt", article("The bridge"))
    room.arrived("The bridge")
    address, = shows(room, "The bridge", 1)
    name = address.removeprefix("media/")
    first = room.get("/" + address, Accept_Encoding="gzip")
    assert first.status == 200 and first.raw == jpeg()
    assert first.headers["content-type"] == "image/jpeg"
    assert first.headers["cache-control"] == \
        "public, max-age=31536000, immutable"
    assert "content-encoding" not in first.headers
    assert first.etag == f'"{name.split(".")[0]}"'
    assert room.get("/" + address, If_None_Match=first.etag).status == 304
    assert room.request("/" + address, "HEAD").status == 200
    for bad in ("media/", "media/x.jpg", f"media/{name}.gz",
                f"media/{name[:-1]}", "media/../feeds/all.atom",
                f"media/{'0' * 32}.jpg", f"media/{name.upper()}"):
        assert room.get("/" + bad).status == 404, bad
    (room.www / address).write_bytes(b"somebody wrote here")
    room.restart()
    assert room.get("/" + address).status == 404, "what is not its hash"


def test_media_rss(room):
    room.write("bridge.png", png(6, 5))
    room.write("bridge-2.png", png(7, 5))
    room.write("bridge.txt", article(
        "The bridge", "It stands.\n\n(Photo: Ada Lens)"))
    room.arrived("The bridge")
    first, second = shows(room, "The bridge", 2)
    entry = room.entry("The bridge")
    assert [(x["url"], x["type"], x["width"], x["height"])
            for x in entry.media_content] == [
        (room.url + first, "image/png", "6", "5"),
        (room.url + second, "image/png", "7", "5")]
    assert entry.media_credit[0]["content"] == "Ada Lens"
    assert "(Photo: Ada Lens)</figcaption>" in html(room, "The bridge")
    contents = room.document(ALL).findall("a:entry/media:content", NS)
    assert [len(x) for x in contents] == [1, 0], "one credit, for the first"
    shown = room.ctl("article", "bridge.txt").stdout
    assert "bridge.png (photo: Ada Lens)" in shown
    assert "bridge-2.png" in shown


def test_pictures_are_not_passed_over(room):
    room.write("a.png", png())
    room.write("a.meta.yaml", "section: Bridges\n")
    room.write("_defaults.meta.yaml", "section: All\n")
    room.write("a.pdf", "no")
    room.settle()
    status = room.status()
    assert status["watch"]["passed_over"] == 1
    assert room.asides() == {}
    assert room.announced() == 0


def test_many_pictures_with_their_articles(empty):
    for i in range(300):
        empty.write(f"{i % 7}/a{i}.txt", article(f"Article {i}."))
        empty.write(f"{i % 7}/a{i}.png", png(shade=i % 256, width=1 + i))
    empty.start()
    empty.until(lambda: len(list((empty.www / "media").iterdir())) == 300)
    rows = empty.rows("SELECT count(*) FROM media WHERE name <> ''")
    assert rows == [(300,)]
    time.sleep(0.5)
    # An article that is taken while its picture is being listed is read twice.
    done = re.findall(r"content reconciled files=(\d+)", empty.log())[-1]
    assert 600 <= int(done) < 660, f"nearly each file once: {done}"
