"""Measures going from chat to chat among ten thousand: by key, in the filter, and what memory it takes.

`python -m tests.benchmarks.switching` takes about two minutes. Nothing here passes or fails. Times
are from a key to the first bytes that the terminal gets for it; for a switch, until the
title of the other chat is on the screen.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

from tests.benchmarks.many import fill
from tests.pty.harness import BISE, Terminal

TIMES = 40
INDEX_S = 300.0


def main() -> None:
    """Make the sessions, measure, print."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.switching", description=__doc__
    )
    parser.add_argument("--sessions", type=int, default=10_000)
    parser.add_argument("--messages", type=int, default=5_000, help="in each of the two newest")
    parser.add_argument("--switches", type=int, default=1_000)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        sessions = home / "data" / "bise" / "sessions"
        fill(sessions, wanted.sessions, 2, 12)
        for title, year in (("Second", 2025), ("First", 2026)):
            _long(home, sessions, title, year, wanted.messages)
        print(
            f"{wanted.sessions:,} sessions, two of {wanted.messages:,} messages; load {os.getloadavg()}"
        )
        with Terminal(
            [BISE, "--base-url", "http://127.0.0.1:9", "--model", "m"], home=home
        ) as screen:
            _measure(screen, wanted.switches)


def _long(home: Path, sessions: Path, title: str, year: int, messages: int) -> None:
    """A long session of that year; the list goes by when something was said last."""
    one = home / title
    fill(one, 1, messages, 40)
    path = next(one.iterdir())
    lines = path.read_text("utf-8").split("\n")
    lines = [f'title = "{title}"' if line.startswith("title = ") else line for line in lines]
    text = "\n".join(lines).replace(path.stem, f"20300101-000000-{title.lower()}", 1)
    text = text.replace("\ncreated = 2020-", f"\ncreated = {year}-")
    (sessions / f"20300101-000000-{title.lower()}.toml").write_text(text, "utf-8")


def _measure(screen: Terminal, switches: int) -> None:
    screen.wait_for("1 First")
    screen.wait_for("m")
    for slot, title in (("1", "First"), ("2", "Second")):
        screen.press("ctrl+o", slot)
        began = time.perf_counter()
        _until_title(screen, title)
        print(f"{f'{title}, read from its file':34} {(time.perf_counter() - began) * 1000:9.1f} ms")
    screen.wait_for("search index", INDEX_S)
    screen.wait_for_no("search index", INDEX_S)  # made once; it would take half of the time
    _settle(screen)
    _tell("the other chat, by Ctrl+T", [_switch(screen, number) for number in range(TIMES)])
    before = resident(screen.pid)
    for number in range(switches):
        screen.press("ctrl+t")
        _until_title(screen, ("First", "Second")[number % 2])
    print(
        f"{f'memory after {switches:,} switches':34} {(resident(screen.pid) - before) / 1e6:+9.1f} MB"
    )
    screen.press("shift+tab", "/")
    _settle(screen)
    _tell("a key in the filter", [_key(screen, key) for _ in range(8) for key in "kalom"])


def _switch(screen: Terminal, number: int) -> float:
    _settle(screen)
    began = time.perf_counter()
    screen.press("ctrl+t")
    _until_title(screen, ("First", "Second")[number % 2])
    return time.perf_counter() - began


def _key(screen: Terminal, key: str) -> float:
    """Seconds until the first answer; every fifth key the line is emptied."""
    _settle(screen)
    if key == "k":
        screen.press("ctrl+u")
        _settle(screen)
    began = time.perf_counter()
    screen.press(key)
    while not screen.pump(0.01):
        pass
    return time.perf_counter() - began


def _until_title(screen: Terminal, title: str) -> None:
    while title not in screen.screen[0][28:]:
        screen.pump(0.001)


def _settle(screen: Terminal) -> None:
    """Wait until nothing more comes."""
    while screen.pump(0.15):
        pass


def resident(pid: int) -> int:
    """Bytes of memory that a process has."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _tell(what: str, seconds: list[float]) -> None:
    p95 = statistics.quantiles(seconds, n=20)[-1]
    middle = statistics.median(seconds)
    print(
        f"{what:34} {middle * 1000:9.1f} ms, p95 {p95 * 1000:.1f}, longest {max(seconds) * 1000:.1f}"
    )


if __name__ == "__main__":
    main()
