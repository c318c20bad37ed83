#!/usr/bin/python3
"""Are these the same feeds?  Reads trees of Atom files and compares them.

    feeds.py NAME=DIRECTORY ...

Prints JSON: for each tree its feeds, entries and bytes, and where it differs
from the first: a feed that only one has, or other entries or another order.
The floor writes a file's credits into its text, so only trees named in
SAME_TEXT are also compared in what the entries say.

Run as a program of its own, because Linux counts the memory of whoever starts
a program as the program's: the script that measures must stay small.
"""
import hashlib
import html
import json
import os
import re
import sys
import xml.etree.ElementTree as ET

ATOM = "{http://www.w3.org/2005/Atom}"
SAME_TEXT = {"gazetted", "hugo"}
SHOWN = 5               # differences


def atom_files(root):
    """The feeds' live documents: their archives only repeat them."""
    for where, folders, names in os.walk(root):
        if "archive" in folders:
            folders.remove("archive")
        for name in names:
            if name.endswith(".atom"):
                yield os.path.join(where, name)


def kind_of(path, root):
    parts = os.path.relpath(path, root).split(os.sep)
    return next((p for p in ("series", "topics") if p in parts), "all")


def said(entry):
    """What an entry says, whatever its markup and blanks."""
    text = re.sub("<[^>]*>", "", entry.findtext(ATOM + "content") or "")
    text = re.sub(r"\s+", "", html.unescape(text))
    return hashlib.sha256(text.encode()).hexdigest()


def load(root):
    """{(kind, title): [(entry's title, digest of its text)]}"""
    found = {}
    for path in atom_files(root):
        feed = ET.parse(path).getroot()
        key = kind_of(path, root), feed.findtext(ATOM + "title")
        assert key not in found, "%s: a second %s" % (path, key)
        found[key] = [(e.findtext(ATOM + "title"), said(e))
                      for e in feed.findall(ATOM + "entry")]
    return found


def summary(root, feeds):
    kinds = [kind for kind, _ in feeds]
    return {
        "feeds": len(feeds),
        "entries": sum(map(len, feeds.values())),
        "series": kinds.count("series"),
        "topics": kinds.count("topics"),
        "bytes": sum(map(os.path.getsize, atom_files(root))),
    }


def difference(key, one, other):
    """In what two trees differ about one feed; None: in nothing."""
    if key not in one or key not in other:
        return "only one tree has %s \"%s\"" % key
    pairs = list(zip(one[key], other[key]))
    if len(one[key]) != len(other[key]):
        return "%s \"%s\": %d entries and %d" % (
            *key, len(one[key]), len(other[key]))
    for i, ((title, _), (title2, _)) in enumerate(pairs):
        if title != title2:
            return "%s \"%s\": entry %d is \"%s\" and \"%s\"" % (
                *key, i, title, title2)
    return None


def texts_that_differ(one, other):
    return sum(a != b for key in one.keys() & other.keys()
               for a, b in zip(one[key], other[key]))


def main():
    trees = dict(arg.split("=", 1) for arg in sys.argv[1:])
    loaded = {name: load(root) for name, root in trees.items()}
    first = next(iter(loaded))
    out = {"differences": [], "texts that differ": 0}
    for name, feeds in loaded.items():
        out[name] = summary(trees[name], feeds)
        keys = sorted(loaded[first].keys() | feeds.keys(), key=str)
        found = [difference(key, loaded[first], feeds) for key in keys]
        out["differences"] += ["%s, %s: %s" % (first, name, what)
                               for what in found if what][:SHOWN]
    if SAME_TEXT <= loaded.keys():
        out["texts that differ"] = texts_that_differ(
            *(loaded[name] for name in SAME_TEXT))
    json.dump(out, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
