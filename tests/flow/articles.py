"""Articles to save: texts in the newsroom's layout."""
import newsroom

SEED = (newsroom.SOURCE / "feeds" / "sample" / "000_d2c616d851cef965.txt")
SAMPLE = SEED.parent
SIGNS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


def article(title, body="It rained, and nobody minded.", reporter="Ada Finch"):
    """An article with a title, long enough to be known by its content."""
    filler = "\n\n".join(
        f"Paragraph {n} of \"{title}\" has nothing to say, and says it at "
        "the length that a paragraph of a newspaper has, which is this."
        for n in range(1, 5))
    return f"{title}\n\n{body}\n\n{filler}\n\nReporter | {reporter}\n"


def part(number, headline, series="Small Wonders", **rest):
    """Part `number` of a series."""
    return article(f"{series} {SIGNS[number - 1]} | {headline}", **rest)
