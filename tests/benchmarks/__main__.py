"""Measures bise against the floor, in turn and in one run, and prints the ratios.

`python -m tests.benchmarks` takes about six minutes, with `--quick` about one. Nothing here
passes or fails: times mean little on another machine or another day, ratios within one run do.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.benchmarks.measure import Client, Server, Streamed, as_json, start_up, stream

RESULTS = Path(__file__).with_name("results")

FULL = [(2_000, 100), (2_000, 500), (8_000, 500), (20_000, 500)]
QUICK = [(500, 100), (500, 500), (2_000, 500)]


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="shorter replies, fewer starts")
    quick = parser.parse_args().quick
    with tempfile.TemporaryDirectory() as folder, Server() as server:
        clients = [Client.floor(server.url), Client.bise(server.url)]
        starts = _starts(clients, Path(folder), 3 if quick else 9)
        streamed: dict[str, list[Streamed]] = {client.name: [] for client in clients}
        for tokens, rate in QUICK if quick else FULL:
            for client in clients:
                home = Path(tempfile.mkdtemp(dir=folder))
                figures = stream(client, server, home, tokens, rate)
                streamed[client.name].append(figures)
                print(f"  {client.name}: {figures}", flush=True)
    print("\n".join(_table(starts, streamed)))
    print(f"kept in {_keep(starts, streamed)}")


def _starts(clients: list[Client], folder: Path, times: int) -> dict[str, list[float]]:
    """Seconds of each start; the first of each client, which fills caches, is left out."""
    starts: dict[str, list[float]] = {client.name: [] for client in clients}
    for client in clients * (times + 1):
        starts[client.name].append(start_up(client, Path(tempfile.mkdtemp(dir=folder))))
    return {name: seconds[1:] for name, seconds in starts.items()}


def _table(starts: dict[str, list[float]], streamed: dict[str, list[Streamed]]) -> list[str]:
    def row(what: str, bise: float, floor: float, unit: str) -> str:
        ratio = f"{bise / floor:8.3f}" if floor else "       –"
        return f"{what:44} {bise:12.3f} {floor:12.3f}  {unit:8} {ratio}"

    lines = [f"{'':44} {'bise':>12} {'floor':>12}  {'':8} {'ratio':>8}"]
    medians = {name: statistics.median(seconds) for name, seconds in starts.items()}
    lines.append(row("start → typed character echoed", medians["bise"], medians["floor"], "s"))
    pairs = list(zip(streamed["bise"], streamed["floor"], strict=True))
    for bise, floor in pairs:
        thousands = bise.tokens / 1000
        what = f"{bise.tokens:,} tokens at {bise.rate}/s: "
        lines += [
            row(what + "CPU per 1,000", bise.cpu_s / thousands, floor.cpu_s / thousands, "s"),
            row(
                what + "written per 1,000",
                bise.written / thousands / 1000,
                floor.written / thousands / 1000,
                "kB",
            ),
            row(what + "behind", bise.behind_s, floor.behind_s, "s"),
        ]
        lines += [
            f"  {name} did not show the end of the reply"
            for name, figures in (("bise", bise), ("floor", floor))
            if not figures.complete
        ]
    growth = {name: _growth(figures) for name, figures in streamed.items()}
    what = "CPU per token, longest against shortest"
    return [*lines, row(what, growth["bise"], growth["floor"], "times")]


def _growth(figures: list[Streamed]) -> float:
    """How much more a token costs in the longest reply than in the shortest at the same pace."""
    fast = [one for one in figures if one.rate == figures[-1].rate]
    return (fast[-1].cpu_s / fast[-1].tokens) / (fast[0].cpu_s / fast[0].tokens)


def _keep(starts: dict[str, list[float]], streamed: dict[str, list[Streamed]]) -> Path:
    RESULTS.mkdir(exist_ok=True)
    now = datetime.now(UTC)
    kept: dict[str, Any] = {
        "when": now.isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": platform.platform(),
        "cores": os.cpu_count(),
        "load": os.getloadavg(),
        "start_s": starts,
        "streamed": {name: [as_json(one) for one in all_] for name, all_ in streamed.items()},
    }
    path = RESULTS / f"{now:%Y%m%d-%H%M%S}.json"
    path.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")
    return path


if __name__ == "__main__":
    main()
