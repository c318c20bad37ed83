"""The newsroom's side of the crash test: files arrive, change and move, without
a moment's regard for whether gazetted runs.

Every article carries a mark that tells a whole one from a half one: it begins
and ends with its name and revision.

1. A file is edited either by rename (then it is never renamed) or in place (so
   that its inode and birth time stay).  Who changes name, inode and content at
   once, while nobody looks, has made a new article: no program can know better.
2. Nothing is deleted, so in the end every article must be there.
"""
import os
import threading
import time

from articles import SIGNS

SERIES = ["Tales of Amber", "Tales of Basalt", "Tales of Cobalt",
          "Tales of Dolomite", "Tales of Emerald", "Tales of Flint"]
PARTS = 20
FOLDERS = 6


class Piece:
    """An article as it should be."""

    def __init__(self, number, rng):
        self.token = f"T{number:04}"
        self.series = SERIES[number % len(SERIES)]
        self.part = number // len(SERIES) % PARTS + 1
        self.folder = f"d{rng.randrange(FOLDERS)}"
        self.name = f"{self.token}.txt"
        self.moves = 0
        self.revision = 0
        self.by_rename = rng.random() < 0.5

    @property
    def path(self):
        return os.path.join(self.folder, self.name)

    @property
    def feed(self):
        return f"feeds/series/{self.series.lower().replace(' ', '-')}.atom"

    def text(self):
        mark = f"{self.token} r{self.revision}."
        filler = "\n\n".join(
            f"Paragraph {n} of {self.token} stands between the two marks, as "
            "long as paragraphs are, so that a half article is a short one."
            for n in range(6))
        return (f"{self.series} {SIGNS[self.part - 1]} | Tale {self.token}\n\n"
                f"Begin {mark}\n\n{filler}\n\nEnd {mark}\n\nReporter | Ada\n")


class Writer(threading.Thread):
    """Writes until it is told to stop."""

    def __init__(self, content, rng):
        super().__init__(daemon=True)
        self.content = content
        self.rng = rng
        self.pieces = []
        self.acts = 0
        self.ending = threading.Event()
        for n in range(FOLDERS):
            (content / f"d{n}").mkdir()

    def run(self):
        while not self.ending.is_set():
            self.act()
            self.acts += 1
            time.sleep(self.rng.uniform(0.002, 0.03))

    def stop(self):
        self.ending.set()
        self.join()

    def act(self):
        full = len(self.pieces) == len(SERIES) * PARTS
        choice = self.rng.random()
        if not self.pieces or choice < 0.4 and not full:
            self.add()
        elif choice < 0.8:
            self.edit(self.rng.choice(self.pieces))
        else:
            self.move(self.rng.choice(self.pieces))

    def add(self):
        piece = Piece(len(self.pieces), self.rng)
        self.replace(piece)
        self.pieces.append(piece)

    def edit(self, piece):
        piece.revision += 1
        if piece.by_rename:
            self.replace(piece)
        else:
            (self.content / piece.path).write_text(piece.text())

    def move(self, piece):
        if piece.by_rename:
            return
        old = self.content / piece.path
        piece.moves += 1
        piece.name = f"{piece.token}-{piece.moves}.txt"
        piece.folder = f"d{self.rng.randrange(FOLDERS)}"
        old.rename(self.content / piece.path)

    def replace(self, piece):
        """Half of the files are old enough not to wait when a scan finds
        them; the others settle."""
        path = self.content / piece.path
        temporary = path.with_name(f".{path.name}.new")
        temporary.write_text(piece.text())
        if self.rng.random() < 0.5:
            when = time.time() - 10
            os.utime(temporary, (when, when))
        temporary.rename(path)
