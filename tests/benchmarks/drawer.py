"""Measures ten thousand sessions: the list of chats, the search index, and what a query takes.

`python -m tests.benchmarks.drawer` takes about two minutes. Nothing here passes or fails.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from tests.benchmarks.many import Prose, fill
from tests.benchmarks.measure import Client, start_up
from tui.core.message import Message
from tui.core.search import Query
from tui.core.words import Role
from tui.store.places import Places
from tui.store.search.search import SessionSearch
from tui.store.sessions.toml_sessions import TomlSessions

if TYPE_CHECKING:
    from collections.abc import Callable

TIMES = 9
QUERIES = 200


def main() -> None:
    """Make the sessions, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.drawer", description=__doc__)
    parser.add_argument("--sessions", type=int, default=10_000)
    parser.add_argument("--messages", type=int, default=20, help="in each session")
    parser.add_argument(
        "--start", action="store_true", help="measure only how bise starts with them"
    )
    wanted = parser.parse_args()
    if wanted.start:
        _starts(wanted.sessions)
        return
    with tempfile.TemporaryDirectory() as folder:
        names = ("config", "data", "state", "cache")
        places = Places(*[Path(folder) / name for name in names])
        fill(places.sessions, wanted.sessions, wanted.messages)
        print(f"{wanted.sessions:,} sessions of {wanted.messages} messages; load {os.getloadavg()}")
        _lists(places)
        _index(places)
        _queries(places)


def _starts(many: int) -> None:
    """Start with few sessions and with many, in turn; the first start of each is left out."""
    client = Client.bise("http://127.0.0.1:9")
    with tempfile.TemporaryDirectory() as folder:
        homes = {number: Path(folder) / str(number) for number in (10, many)}
        for number, home in homes.items():
            fill(home / "data" / "bise" / "sessions", number, 4)
        seconds: dict[int, list[float]] = {number: [] for number in homes}
        for _ in range(TIMES + 1):
            for number, home in homes.items():
                seconds[number].append(start_up(client, home))
    middles = {number: statistics.median(all_[1:]) for number, all_ in seconds.items()}
    for number, middle in middles.items():
        what = f"start → key echoed, {number:,} chats"
        print(f"{what:34} {middle * 1000:9.1f} ms, least {min(seconds[number][1:]) * 1000:.1f}")
    print(f"{'ratio':34} {middles[many] / middles[10]:9.2f}; load {os.getloadavg()}")


def _lists(places: Places) -> None:
    store = TomlSessions(places)
    _tell("first list of all, no index", [_seconds(store.listing)])
    _tell("list of all", [_seconds(store.listing) for _ in range(TIMES)])
    _tell("list of the newest 100", [_seconds(lambda: store.listing(100)) for _ in range(TIMES)])
    _tell("the newest 100, recalled", [_seconds(lambda: store.recall(100)) for _ in range(TIMES)])


def _index(places: Places) -> None:
    store, search = TomlSessions(places), SessionSearch(places)
    _tell("index made", [_seconds(lambda: search.refresh(_go_on))])
    data = sum(path.stat().st_size for path in places.sessions.iterdir())
    size = sum(path.stat().st_size for path in places.cache.iterdir())
    print(f"{'size':34} {size / 1e6:.0f} MB for {data / 1e6:.0f} MB of sessions")
    _tell("index looked through", [_seconds(lambda: search.refresh(_go_on)) for _ in range(TIMES)])
    newest = store.listing(1).headers[0].id
    seconds = []
    for number in range(TIMES):
        store.append(newest, Message(role=Role.USER, content=f"one more {number}"))
        seconds.append(_seconds(lambda: search.refresh(_go_on)))
    _tell("one message more", seconds)


def _queries(places: Places) -> None:
    """Words as usual as they are in texts, alone and together, whole and half typed."""
    search, prose, random = SessionSearch(places), Prose(seed=11), Random(3)
    kinds: dict[str, Callable[[], str]] = {
        "one word": lambda: prose.text(1),
        "one of the 50 most usual words": lambda: random.choice(prose.words[:50]),
        "two words": lambda: prose.text(2),
        "a phrase": lambda: f'"{prose.text(2)}"',
        "the first letter": lambda: prose.text(1)[:1] + "*",
        "two letters": lambda: prose.text(1)[:2] + "*",
        "three letters": lambda: prose.text(1)[:3] + "*",
        "four letters": lambda: prose.text(1)[:4] + "*",
        "one word, by role and year": lambda: f"{prose.text(1)} role:user after:2020-06",
        "one word and a tag": lambda: f"{prose.text(1)} tag:none",
        "five words": lambda: prose.text(5),
    }
    everything = []
    for kind, text in kinds.items():
        queries = [Query.parse(text()) for _ in range(QUERIES // len(kinds))]
        seconds = [_seconds(partial(search.search, query)) for query in queries]
        _tell(kind, seconds)
        everything += seconds
    _tell("all queries", everything)


def _go_on(_done: int, _total: int) -> bool:
    return True


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _tell(what: str, seconds: list[float]) -> None:
    if len(seconds) == 1:
        print(f"{what:34} {seconds[0] * 1000:9.1f} ms")
        return
    p95 = statistics.quantiles(seconds, n=20)[-1]
    middle = statistics.median(seconds)
    print(
        f"{what:34} {middle * 1000:9.1f} ms, p95 {p95 * 1000:.1f}, longest {max(seconds) * 1000:.1f}"
    )


if __name__ == "__main__":
    main()
