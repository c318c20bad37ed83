"""What articles are read with: sidecars and the defaults of directories."""
import time

from articles import article
from images import png
from test_media import bytes_of, html, shows


def test_sidecars_come_change_and_go(room):
    room.write("bridge.txt", article("The bridge"))
    before = room.arrived("The bridge")
    room.write("bridge.meta.yaml", "title: The old bridge\n")
    after = room.arrived("The old bridge")
    assert after.id == before.id and len(room.entries()) == 1
    room.write("bridge.meta.yaml", "title: The new bridge\n")
    assert room.arrived("The new bridge").id == before.id
    (room.content / "bridge.meta.yaml").unlink()
    room.gone("The new bridge")
    assert room.arrived("The bridge").id == before.id
    assert room.asides() == {}


def test_a_sidecar_before_its_article(room):
    room.write("bridge.meta.yaml", "title: The old bridge\n")
    room.settle()
    room.write("bridge.txt", article("The bridge"))
    room.arrived("The old bridge")


def authors(room, title):
    found = room.entry(title)
    return [x.name for x in found.get("authors", [])] if found else []


def plain(title):
    """An article that names no reporter."""
    return "".join(article(title).splitlines(True)[:-1])


def test_defaults_of_nested_directories(room):
    room.write("a/b/one.txt", plain("One"))
    room.write("a/two.txt", plain("Two"))
    room.write("three.txt", plain("Three"))
    room.arrived("Three")

    def until(one, two, three):
        for title, name in (("One", one), ("Two", two), ("Three", three)):
            room.until(lambda: authors(room, title) ==
                       ([name] if name else []), f"{title} is by {name}")
    room.write("a/_defaults.meta.yaml", "authors: [ Ada ]\n")
    until("Ada", "Ada", None)
    room.write("a/b/_defaults.meta.yaml", "authors: [ Bo ]\n")
    until("Bo", "Ada", None)
    room.write("_defaults.meta.yaml", "authors: [ Cy ]\n")
    until("Bo", "Ada", "Cy")
    room.stop()
    (room.content / "a/b/_defaults.meta.yaml").unlink()
    room.start()
    until("Ada", "Ada", "Cy")


def test_words_about_pictures(room):
    room.write("bridge.txt", article("The bridge"))
    room.write("img/pier.png", png(6, 5))
    room.write("bridge.png", png(4, 4))
    room.write("bridge.meta.yaml", """
pictures:
- src: bridge.png
  alt: An arch
  caption: The arch at noon
  credit: Ada Lens
- src: img/pier.png
  caption: The pier
- src: ../../etc/passwd
- src: img/late.png
  caption: Late
""")
    shows(room, "The bridge", 2)
    room.until(lambda: "The pier</figcaption>" in html(room, "The bridge"))
    markup = html(room, "The bridge")
    assert 'alt="An arch" width="4"' in markup
    assert "The arch at noon (Photo: Ada Lens)</figcaption>" in markup
    before = room.entry("The bridge")
    room.write("img/late.png", png(2, 2))
    found = shows(room, "The bridge", 3)
    assert bytes_of(room, found[-1]) == png(2, 2)
    assert room.entry("The bridge").id == before.id
    room.write("img/late.png", png(3, 2))
    room.until(lambda: 'width="3" height="2"' in html(room, "The bridge"))
    (room.content / "img/pier.png").unlink()
    shows(room, "The bridge", 2)
    room.settle()
    room.stop()
    room.write("img/pier.png", png(6, 7))
    room.start()
    room.until(lambda: 'width="6" height="7"' in html(room, "The bridge"))


def test_a_picture_that_is_waited_for_by_nothing_else(room):
    room.write("bridge.txt", article("The bridge"))
    before = room.arrived("The bridge")
    room.write("bridge.meta.yaml", "pictures: [ { src: img/late.png } ]\n")
    room.settle()
    assert room.entry("The bridge").updated == before.updated
    room.write("img/late.png", png(2, 2))
    shows(room, "The bridge", 1)
    (room.content / "img/late.png").unlink()
    shows(room, "The bridge", 0)
    room.write("img/late.png", png(3, 3))
    shows(room, "The bridge", 1)


def test_a_default_of_many_articles_lets_saves_go_first(room):
    for i in range(1500):
        room.path(f"{i % 10}/a{i}.txt").write_text(plain(f"Article {i}."))
    room.settle()
    room.write("_defaults.meta.yaml", "authors: [ Ada ]\n")
    room.until(lambda: room.rows("SELECT count(*) FROM body"
                                 " WHERE people LIKE '%Ada%'") > [(0,)])
    begin = time.monotonic()
    room.write("new.txt", article("Just saved"))
    room.arrived("Just saved")
    saved = time.monotonic() - begin
    room.until(lambda: room.rows("SELECT count(*) FROM body"
                                 " WHERE people LIKE '%Ada%'") == [(1501,)])
    assert saved < time.monotonic() - begin, "it did not wait for them"
    assert room.rows("SELECT count(*) FROM article") == [(1501,)]
