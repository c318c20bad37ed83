"""What an article says of itself, and in which encoding."""


def content(room, **more):
    room.configure(content=[{"dir": str(room.content),
                             "permalink": "/articles/{stem}",
                             "on-delete": "withdraw", **more}])


def test_a_directory_of_another_encoding(empty):
    content(empty, charset="gbk")
    empty.start()
    empty.write("a.txt", "广东新闻\n\n今天没有下雨，人人都高兴。\n".encode("gb18030"))
    entry = empty.arrived("广东新闻")
    assert "今天没有下雨" in entry.content[0].value
    # What is UTF-8 is UTF-8 there too.
    empty.write("b.txt", "Café\n\nOpen until midnight.\n")
    empty.arrived("Café")


def test_characters_that_are_lost_are_told(empty):
    content(empty, charset="gbk")
    empty.start()
    empty.write("a.txt", b"A title\n\nSome \xff words were lost here.\n")
    entry = empty.arrived("A title")
    assert "Some ? words" in entry.content[0].value
    assert "characters could not be read" in empty.log()
    assert "characters-lost" in empty.ctl("article", "a.txt").stdout


def test_the_foot_of_a_text_is_metadata(room):
    room.write("a.txt", "A title\n\nIt rained, and nobody minded at all.\n\n"
               "Source: Xinhua\n\nCorrection: It rained on Tuesday.\n\n"
               "Translator | Lu\n")
    entry = room.arrived("A title")
    assert [c.name for c in entry.contributors] == ["Lu"]
    assert "It rained on Tuesday" in entry.content[0].value
    shown = room.ctl("article", "a.txt").stdout
    assert "It rained on Tuesday." in shown and "Xinhua" not in shown


def test_utf_16_with_a_mark(room):
    room.write("a.txt", "\ufeff标题\n\n正文在这里。\n".encode("utf-16-le"))
    assert room.arrived("标题")
    room.write("b.txt", "No mark\n\nText.\n".encode("utf-16-be"))
    room.until(lambda: "b.txt" in room.asides(), "b.txt is set aside")
