"""Kills a busy bise again and again, and looks what is left each time."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import IO, Self

from tests.torture.ledger import Ledger
from tests.torture.victim import TOLD

ROOT = Path(__file__).parents[2]
LONGEST_S = 3.0
PER_FOLDER = 20
"""After so many kills a new folder is begun, so that files stay as long as people's."""


class Zygotes:
    """Processes that have everything loaded, and fork those that are to be killed."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __enter__(self) -> Self:
        self._server = _started("tests.fakes.server", "--delay", "0.002")
        self._url = _line(self._server)
        self._forkers = [_started("tests.torture.victim") for _ in range(self._count)]
        return self

    def __exit__(self, *_: object) -> None:
        for process in (*self._forkers, self._server):
            process.kill()
            process.communicate()

    def run(self, root: Path, seed: int, until: float) -> float:
        """Let one of each work for so many seconds, kill all, and give the moment."""
        pids = []
        for number, forker in enumerate(self._forkers):
            assert forker.stdin is not None
            forker.stdin.write(f"{root} {10 * seed + number} {self._url}\n")
            forker.stdin.flush()
            pids.append(int(_line(forker)))
        time.sleep(until)  # the moment of death, not a wait for something
        killed = time.monotonic()
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        for forker in self._forkers:
            assert _line(forker) == "gone"
        return killed


def run(kills: int, seed: int, *, instances: int = 1, loud: bool = False) -> Counter[str]:
    """Kill so often, so many instances at once; gives the counts.

    Raises `AssertionError` if anything is lost, and names the folder then.
    """
    chance = random.Random(seed)
    counts: Counter[str] = Counter()
    with Zygotes(instances) as zygotes:
        for first in range(0, kills, PER_FOLDER):
            folder = Path(tempfile.mkdtemp(prefix="bise-torture-"))
            ledger = Ledger(folder, is_shared=instances > 1)
            for number in range(first, min(first + PER_FOLDER, kills)):
                killed = zygotes.run(folder, seed * 100_000 + number, chance.random() * LONGEST_S)
                try:
                    ledger.settle(killed)
                except AssertionError as error:
                    raise AssertionError(f"kill {number} in {folder}: {error}") from error
            counts += ledger.counts
            if loud:
                print(f"{first + ledger.counts['kills']} kills …", flush=True)
            _remove(folder)
    return counts


def _started(module: str, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", module, *options],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _line(process: subprocess.Popen[str]) -> str:
    out: IO[str] | None = process.stdout
    assert out is not None
    line = out.readline().strip()
    assert line, "the process ended"
    return line


def _remove(folder: Path) -> None:
    import shutil

    assert (folder / TOLD).exists()
    shutil.rmtree(folder)
