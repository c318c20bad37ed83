"""What corpus.py planned, and where gazetted published it."""
import os
import re


def feed_addresses(root):
    """{title: address} of the published series feeds."""
    folder = root + "/feeds/series"
    found = {}
    for name in os.listdir(folder):
        if name.endswith(".atom"):
            with open(os.path.join(folder, name), encoding="utf-8") as feed:
                title = re.search("<title[^>]*>([^<]*)<", feed.read(4096))
            found[title.group(1)] = "/feeds/series/" + name
    return found


def read_plan(where):
    """The articles' paths, and the titles and members of the series."""
    paths, series = [], []
    with open(where + "/plan", encoding="utf-8") as lines:
        for line in lines:
            kind, *words = line.rstrip("\n").split("\t")
            if kind == "article":
                paths.append(where + "/content/" + words[0])
            elif words[0].startswith("feeds/series/"):
                series.append((words[1], list(map(int, words[2].split()))))
    return paths, series
