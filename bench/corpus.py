#!/usr/bin/python3
"""A newsroom to measure with: the same bytes on every machine, every time.

The articles are written twice, as gazetted reads them (plain text in the
newsroom's layout) and as hugo reads them (Markdown with front matter), with a
plan of the feeds that both must make:

    content/DDDD/aNNNNNN.txt    the newsroom
    gazetted-channels.yaml      its channels
    hugo/content/DDDD/...md     the same articles
    plan                        which articles go into which feed

1. Nothing here depends on the time, the machine, or Python's own random
   numbers, whose order may change between versions.
2. Articles come in blocks of 25, in five strands.  The first strand is a
   series of five parts, and with --series all the others are too; else they
   stand alone.  Every tenth block is Chinese.
3. No two articles have the same time, so their order is beyond doubt.
4. The words of a topic stand in an article if and only if it has the topic.
"""
import argparse
import itertools
import json
import os
import sys
import time

BLOCK = 25
PARTS = 5
STRANDS = {"fifth": 1, "all": BLOCK // PARTS}    # that are series
PER_DIRECTORY = 500
TOPICS = 40
LIVE = 50               # entries in the feeds of `all` and of a topic
FIRST_TIME = 1704067200     # 2024-01-01, then a minute an article
TEXT_BYTES = 3100       # of paragraphs; 3.5 KB with the rest
CIRCLED = "①②③④⑤"

WORDS = """about across afternoon again almost along already always annual
answer around available balance bridge bring build calm careful carry centre
change children choose city clear close coast common company complete cost
council country course crowd daily decade depend describe design detail
different district doctor double early east effort engine evening every
example exchange expect family farmer fast ferry field final first fisherman
follow forest forward garden general good ground group grow half hand harvest
head hear help high hill history home hospital hour house idea important
improve increase industry island join journey keep kitchen lake language large
late learn leave lesson letter level light line local long lower machine main
make market matter measure meeting member method middle mile modern month
morning mountain music narrow near neighbour network never night north notice
number office often old open order other paper parent park pass patient people
place plain plan plant platform point poor power practice prepare price
problem product project promise public quarter question quick quiet rain
reach reason record region remain repair report research result return rice
rise river road roof room rural sail school season second sector serve service
several share shore short simple skill slow small south square station still
street strong student study summer support supply system table teacher
thousand together tomorrow tower town trade traffic train travel tree trust
university upgrade use valley value village visit voice wait walk wall warm
water weather week weight west wide wind winter wonder work worker workshop
world year young""".split()

CHINESE_WORDS = """清晨 傍晚 码头 老街 渔船 工厂 车间 学校 医院 社区 乡村 城市
海岸 河流 山路 果园 稻田 集市 邻居 孩子 老人 师傅 学生 教师 医生 工人 农民 记得
看见 走过 打开 修好 种下 送到 学会 说起 等待 回到 离开 建成 试用 改进 分享 讨论
一起 每天 今年 去年 明天 常常 终于 已经 仍然 慢慢 认真 安静 明亮 温暖 新鲜 方便
可靠 简单 重要 普通 结实 干净 整齐 热闹 机器 道路 桥梁 灯光 风景 天气 雨水 阳光
台风 季节 故事 经验 办法 计划 成果 产品 价格 订单 设备 数据 网络 平台 服务 环境
质量 标准 技术 材料 能源 交通 教育 文化 生活 日子 时间 地方""".split()

# Topics: words that stand in no list above.
TOPIC_A = "maritime fibre lithium robotic cargo seafood heritage opera " \
    "cycling satellite".split()
TOPIC_B = "auctions exports startups museums".split()
TOPIC_CHINESE_A = "航运 光纤 锂电 智造 货柜 海鲜 祠庙 粤剧 骑行 卫星".split()
TOPIC_CHINESE_B = "竞拍 外销 创投 展馆".split()

SERIES_A = """Silver Green Amber Quiet Open Distant Bright Hidden Patient
Northern Southern Rising Crowded Gentle Ancient Modern Coastal Inland Busy
Golden Western Eastern Early Late Tall Broad Steady Curious Shared
Lively""".split()
SERIES_B = """Harbour River Orchard Island Valley Bridge Market Railway Lantern
Workshop Campus Delta Forest Lighthouse Terrace Bay Canal Foundry Garden
Mountain Library Theatre Shipyard Village Square Airport Reservoir Pasture
Quarry Stadium""".split()
SERIES_C = """Letters Notes Stories Solutions Journeys Voices Portraits Diaries
Chronicles Lessons Questions Dialogues Sketches Footsteps Encounters Visits
Mornings Evenings Records Papers Glimpses Memories Horizons Tales Essays
Columns Interviews Debates Profiles Reflections""".split()
SERIES_CHINESE_A = "珠江 岭南 湾畔 南粤 侨乡 古城 新城 海边 山间 水乡 \
    东岸 西岸 北江 客家 潮汕".split()
SERIES_CHINESE_B = "渔村 茶山 骑楼 工坊 课堂 船厂 田园 夜市 书院 小巷 \
    灯塔 渡口 戏台 园林 球场".split()
SERIES_CHINESE_C = "手记 观察 纪事 故事 笔谈 见闻 印象 对话 群像 侧影".split()

GIVEN = "Ada Bruno Clara Dylan Elena Felix Grace Hugo Irene Jonas".split()
FAMILY = "Chan Duarte Evans Fong Guo Ho Ivanova Jiang Kwok Lam".split()
CHINESE_GIVEN = "青竹 山茶 海棠 白榆 云杉 秋禾 小满 晨曦 知远 若水".split()
CHINESE_FAMILY = "林 陈 黄 周 何 梁 罗 郑 谢 冯".split()


class Dice:
    """splitmix64: chance that is the same everywhere."""

    def __init__(self, seed):
        self.state = seed

    def below(self, limit):
        mask = 0xFFFFFFFFFFFFFFFF
        self.state = (self.state + 0x9E3779B97F4A7C15) & mask
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        return ((z ^ (z >> 31)) * limit) >> 64

    def pick(self, things):
        return things[self.below(len(things))]


def nth(number, *lists):
    """The number-th combination of a word from each list."""
    words = []
    for words_of in lists:
        words.append(words_of[number % len(words_of)])
        number //= len(words_of)
    assert number == 0, "the corpus has no more names"
    return words


class English:
    """What an article in English is made of."""
    every = 1           # one block in so many
    related = "Related links:"
    credit = "(Photo: %s)"
    reporter = "Reporter | %s"
    editor = "Editor | %s"
    listing = ", "
    between = " "

    def __init__(self, dice):
        self.sentences = [self.sentence(dice) for _ in range(4096)]

    def sentence(self, dice):
        words = [dice.pick(WORDS) for _ in range(9 + dice.below(12))]
        turn = dice.below(12)
        if turn == 0:
            words[4] = "R&D"
        elif turn == 1:
            words[4] = '"%s"' % words[4]
        elif turn == 2:
            words[4] += "'s"
        words[6] += ","
        return " ".join(words).capitalize().replace("r&d", "R&D") + "."

    def headline(self, dice):
        words = [dice.pick(WORDS) for _ in range(6 + dice.below(4))]
        return " ".join(words).capitalize()

    def topic(self, number):
        return "Nobody here talks about %s without a smile." % \
            " ".join(nth(number, TOPIC_A, TOPIC_B))

    def series(self, number):
        return " ".join(nth(number, SERIES_A, SERIES_B, SERIES_C))

    def person(self, dice):
        return "%s %s" % (dice.pick(GIVEN), dice.pick(FAMILY))


class Chinese:
    """What an article in Chinese is made of."""
    every = 10
    related = "相关链接："
    credit = "（图片：%s）"
    reporter = "记者 | %s"
    editor = "编辑 | %s"
    listing = "、"
    between = ""

    def __init__(self, dice):
        self.sentences = [self.sentence(dice) for _ in range(2048)]

    def clause(self, dice):
        return "".join(dice.pick(CHINESE_WORDS)
                       for _ in range(3 + dice.below(3)))

    def sentence(self, dice):
        return "，".join(self.clause(dice)
                        for _ in range(2 + dice.below(2))) + "。"

    def headline(self, dice):
        return "%s，%s" % (self.clause(dice), self.clause(dice))

    def topic(self, number):
        return "说到%s，大家都笑了。" % \
            "".join(nth(number, TOPIC_CHINESE_A, TOPIC_CHINESE_B))

    def series(self, number):
        return "".join(nth(number, SERIES_CHINESE_A, SERIES_CHINESE_B,
                           SERIES_CHINESE_C))

    def person(self, dice):
        return dice.pick(CHINESE_FAMILY) + dice.pick(CHINESE_GIVEN)


class Article:
    """One article, before it is written in either form."""

    def __init__(self, number, tongue, dice):
        self.number = number
        self.tongue = tongue
        self.series = None
        self.headline = self.title = tongue.headline(dice)
        first, count = dice.below(TOPICS), 1 + dice.below(3)
        self.topics = [(first + i * 7) % TOPICS for i in range(count)]
        self.paragraphs = paragraphs(tongue, self.topics, dice)
        self.photo = tongue.person(dice)
        self.reporter = tongue.person(dice)
        self.editors = list(dict.fromkeys(
            tongue.person(dice) for _ in range(2)))
        self.related = []

    @property
    def stem(self):
        return "%04d/a%06d" % (self.number // PER_DIRECTORY, self.number)

    @property
    def time(self):
        return FIRST_TIME + 60 * self.number

    def join_series(self, name, part):
        self.series = name
        self.title = "%s %s | %s" % (name, CIRCLED[part], self.headline)


def paragraphs(tongue, topics, dice):
    """About TEXT_BYTES of text; each topic's sentence opens a paragraph."""
    openings = [tongue.topic(t) for t in topics]
    made, size = [], 0
    while size < TEXT_BYTES:
        sentences = openings[:1] + [dice.pick(tongue.sentences)
                                    for _ in range(3 + dice.below(3))]
        openings = openings[1:]
        made.append(tongue.between.join(sentences))
        size += len(made[-1].encode())
    return made


def articles(total, strands):
    """Every article of the newsroom, in order of time."""
    dice = Dice(2024)
    english, chinese = English(dice), Chinese(dice)
    for block in range(total // BLOCK):
        last_of_ten = block % chinese.every == chinese.every - 1
        yield from article_block(block, chinese if last_of_ten else english,
                                 strands, dice)


def article_block(block, tongue, strands, dice):
    """25 articles, of which so many strands are series."""
    made = [Article(block * BLOCK + i, tongue, dice) for i in range(BLOCK)]
    for strand in range(strands):
        number = block // tongue.every * strands + strand
        make_series(tongue.series(number), made[strand::BLOCK // PARTS])
    alone = [a for a in made if not a.series]
    for article, earlier in zip(alone[3::3], alone):
        article.related = [earlier.title]
    return made


def make_series(name, parts):
    for part, article in enumerate(parts):
        article.join_series(name, part)
    for article in parts:
        article.related = [a.title for a in parts if a is not article]


def as_text(a):
    """The newsroom's layout."""
    blocks = [a.title, a.tongue.credit % a.photo, *a.paragraphs]
    if a.related:
        blocks += [a.tongue.related, *a.related]
    blocks.append(a.tongue.reporter % a.reporter)
    blocks.append(a.tongue.editor % a.tongue.listing.join(a.editors))
    return "\n\n".join(blocks) + "\n"


def as_markdown(a):
    """The same for hugo.  It gets the summary for nothing: gazetted's work."""
    front = {
        "title": a.title,
        "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(a.time)),
        "summary": a.paragraphs[0],
        "photo": a.photo,
        "authors": [a.reporter],
        "editors": a.editors,
        "topics": [topic_title(t) for t in a.topics],
    }
    if a.series:
        front["series"] = [a.series]
    blocks = list(a.paragraphs)
    if a.related:
        blocks += [a.tongue.related, "\n".join("- " + t for t in a.related)]
    head = "\n".join("%s: %s" % (word, json.dumps(value, ensure_ascii=False))
                     for word, value in front.items())
    return "---\n%s\n---\n%s\n" % (head, "\n\n".join(blocks))


def topic_title(number):
    return " ".join(nth(number, TOPIC_A, TOPIC_B)).title()


def channels():
    """gazetted's channel definitions."""
    items = ["  - all: yes\n    title: All\n"]
    for number in range(TOPICS):
        words = nth(number, TOPIC_A, TOPIC_B)
        chinese = nth(number, TOPIC_CHINESE_A, TOPIC_CHINESE_B)
        items.append('  - topic: %s\n    title: %s\n    match: { any: '
                     '[ { body: "%s" }, { body: "%s" } ] }\n'
                     % ("-".join(words), topic_title(number),
                        " ".join(words), "".join(chinese)))
    return "channels:\n" + "".join(items)


class Plan:
    """Which articles go into which feed: the floor's instructions."""

    def __init__(self):
        self.paths, self.all = [], []
        self.series, self.topics = {}, {}

    def add(self, a):
        self.paths.append(a.stem + ".txt")
        self.all.append(a.number)
        if a.series:
            self.series.setdefault(a.series, []).append(a.number)
        for topic in a.topics:
            self.topics.setdefault(topic_title(topic), []).append(a.number)

    def feeds(self):
        yield "all", "All", self.all[-LIVE:]
        for i, (name, members) in enumerate(self.series.items()):
            yield "series/%d" % i, name, members
        for i, (name, members) in enumerate(sorted(self.topics.items())):
            yield "topics/%d" % i, name, members[-LIVE:]

    def write(self, path):
        with open(path, "w", encoding="utf-8") as out:
            for name in self.paths:
                out.write("article\t%s\n" % name)
            for name, title, members in self.feeds():
                out.write("feed\tfeeds/%s.atom\t%s\t%s\n" % (
                    name, title, " ".join(map(str, reversed(members)))))


def write_file(path, text, when):
    with open(path, "wb") as out:
        out.write(text.encode())
    os.utime(path, (when, when))


def generate(total, strands, where):
    """Write the newsroom of `total` articles below `where`."""
    plan, started = Plan(), time.monotonic()
    for a in articles(total, strands):
        if a.number % PER_DIRECTORY == 0:
            os.makedirs("%s/content/%s" % (where, a.stem[:4]))
            os.makedirs("%s/hugo/content/%s" % (where, a.stem[:4]))
        write_file("%s/content/%s.txt" % (where, a.stem), as_text(a), a.time)
        write_file("%s/hugo/content/%s.md" % (where, a.stem),
                   as_markdown(a), a.time)
        plan.add(a)
    plan.write(where + "/plan")
    with open(where + "/gazetted-channels.yaml", "w", encoding="utf-8") as out:
        out.write(channels())
    print("corpus: %d articles in %.1f s"
          % (total, time.monotonic() - started), file=sys.stderr)


def check_lists():
    """Promises 2 and 4, as far as the word lists can break them."""
    common = set(WORDS) | set(CHINESE_WORDS)
    for word in itertools.chain(TOPIC_A, TOPIC_B, TOPIC_CHINESE_A,
                                TOPIC_CHINESE_B):
        assert word not in common, word
    assert len(TOPIC_A) * len(TOPIC_B) == TOPICS


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--articles", type=int, required=True,
                        help="how many; a multiple of %d" % BLOCK)
    parser.add_argument("--series", choices=STRANDS, default="fifth",
                        help="how many are parts of a series "
                        "(default: %(default)s)")
    parser.add_argument("--out", required=True, help="an empty directory")
    given = parser.parse_args()
    if given.articles <= 0 or given.articles % BLOCK:
        parser.error("--articles must be a multiple of %d" % BLOCK)
    check_lists()
    generate(given.articles, STRANDS[given.series], given.out)


if __name__ == "__main__":
    main()
