"""Measures typing while three chats answer at once, and what they cost.

`python -m tests.benchmarks.three_streams` takes about half a minute. Nothing here passes or fails. One
of the chats is looked at, and the next prompt is typed there; times are from a key until it is seen.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

from tests.benchmarks.measure import COLUMNS, ROWS, Client, Server
from tests.pty.harness import Terminal
from tests.pty.processes import cpu_seconds

LETTERS = "abcdefghijklmnopqrstuvwxyz"
PAUSE_S = 0.15
"""Between keys, as somebody types who is quick."""


def main() -> None:
    """Ask in all chats, type, print."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.three_streams", description=__doc__
    )
    parser.add_argument("--chats", type=int, default=3)
    parser.add_argument("--rate", type=int, default=200, help="tokens a second, in each chat")
    parser.add_argument("--seconds", type=int, default=15)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Server() as server:
        command = Client.bise(server.url).command
        env = {"BISE_API_KEY": "k"}
        with Terminal(command, home=Path(folder), columns=COLUMNS, rows=ROWS, env=env) as screen:
            screen.wait_for("bench")
            tokens = wanted.rate * (
                wanted.seconds + 3 * wanted.chats
            )  # the first must not end early
            for number in range(wanted.chats):
                if number:
                    screen.press("ctrl+n")
                screen.type(f"stream {tokens} tokens at {wanted.rate}")
                _pump(screen, 0.5)
                screen.press("enter")
                _pump(screen, 1.0)
            screen.wait_for(f"{wanted.chats - 1} more answering")
            _measure(screen, wanted.seconds, wanted.chats * wanted.rate)
            screen.wait_for(f"{wanted.chats - 1} more answering", 0.5)  # else they were done


def _measure(screen: Terminal, seconds: int, rate: int) -> None:
    cpu, written, began = cpu_seconds(screen.pid), len(screen.raw), time.monotonic()
    times: list[float] = []
    while time.monotonic() - began < seconds:
        times.append(_key(screen, len(times)))
        _pump(screen, PAUSE_S)
    lasted = time.monotonic() - began
    cpu, written = cpu_seconds(screen.pid) - cpu, len(screen.raw) - written
    p95 = statistics.quantiles(times, n=20)[-1] * 1000
    middle, longest = statistics.median(times) * 1000, max(times) * 1000
    thousands = lasted * rate / 1000
    print(f"{len(times)} keys until seen: {middle:.1f} ms, p95 {p95:.1f}, longest {longest:.1f}")
    print(f"CPU {cpu / lasted * 100:.0f} % of a core, {cpu / thousands:.2f} s for 1,000 tokens")
    print(f"written for 1,000 tokens of all: {written / thousands / 1000:.0f} kB")
    print(f"load {os.getloadavg()}")


def _key(screen: Terminal, number: int) -> float:
    """Type the next letter; gives the seconds until it stands behind the ones before it."""
    typed = "".join(LETTERS[at % len(LETTERS)] for at in range(number + 1))[-8:]
    began = time.perf_counter()
    screen.type(typed[-1])
    while not any(typed in line for line in screen.screen[-12:]):
        screen.pump(0.05)
    return time.perf_counter() - began


def _pump(screen: Terminal, seconds: float) -> None:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        screen.pump(left)


if __name__ == "__main__":
    main()
