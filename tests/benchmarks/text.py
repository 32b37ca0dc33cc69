"""The known text that is streamed: Markdown as models write it, the same in every run."""

from __future__ import annotations

from itertools import count, islice
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

END = "LAST-WORD-OF-ALL"
"""Stands at the end of every reply, so that it can be seen whether all of it was shown."""

_WORDS = [
    "the",
    "of",
    "a",
    "to",
    "and",
    "in",
    "is",
    "that",
    "it",
    "for",
    "as",
    "with",
    "on",
    "be",
    "this",
    "are",
    "by",
    "or",
    "from",
    "which",
    "one",
    "an",
    "not",
    "server",
    "cheese",
    "number",
    "process",
    "reading",
    "stream",
    "value",
    "people",
    "cellar",
    "region",
    "window",
    "result",
    "ordinary",
    "careful",
    "gradually",
    "surface",
    "argument",
    "between",
    "without",
    "character",
    "possible",
    "measure",
]


def _sentence(random: Random) -> str:
    words = random.choices(_WORDS, k=random.randint(6, 18))
    if random.random() < 0.3:
        words[2] = f"**{words[2]}**"
    if random.random() < 0.2:
        words[4] = f"`{words[4]}_{words[3]}`"
    return " ".join(words).capitalize() + "."


def _paragraph(random: Random) -> str:
    return " ".join(_sentence(random) for _ in range(random.randint(2, 5)))


def _items(random: Random) -> str:
    mark = random.choice(["-", "1."])
    return "\n".join(f"{mark} {_sentence(random)}" for _ in range(random.randint(3, 9)))


def _code(random: Random) -> str:
    lines = ["```python", "def measure(values: list[int]) -> int:"]
    for number in range(random.randint(3, 14)):
        name, other = random.sample(_WORDS, 2)
        lines.append(f"    {name}_{number} = {other!r} + str({random.randint(0, 999)})  # {name}")
    return "\n".join([*lines, "    return len(values)", "```"])


def _table(random: Random) -> str:
    rows = [[random.choice(_WORDS) for _ in range(4)] for _ in range(random.randint(3, 8))]
    head = "| name | kind | where | value |\n|---|---|---|---|\n"
    return head + "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _quote(random: Random) -> str:
    return f"> {_sentence(random)}\n> {_sentence(random)}"


def blocks(seed: int = 7) -> Iterator[str]:
    """Blocks of Markdown without end, each with its heading now and then."""
    random = Random(seed)
    kinds = [_paragraph, _paragraph, _paragraph, _items, _items, _code, _table, _quote]
    for number in count(1):
        if number % 6 == 1:
            yield f"## Part {number}: {random.choice(_WORDS)} and {random.choice(_WORDS)}"
        yield random.choice(kinds)(random)


def tokens(length: int, seed: int = 7) -> list[str]:
    """The reply as that many pieces of about four characters, as a model's tokens are."""
    pieces = islice(_pieces(seed), length - 1)
    return [*pieces, f"\n\n{END}"]


def _pieces(seed: int) -> Iterator[str]:
    for block in blocks(seed):
        text = block + "\n\n"
        at = 0
        while at < len(text):
            # A token is a word with the space before it, at most six characters, or a line's end.
            end = at + 1
            while (
                end < len(text)
                and end - at < 6
                and text[end] not in " \n"
                and text[end - 1] != "\n"
            ):
                end += 1
            yield text[at:end]
            at = end
