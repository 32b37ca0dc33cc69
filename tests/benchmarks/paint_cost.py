"""Measures what a delta costs the renderer in one long block, against the same in a short one.

`python -m tests.benchmarks.paint_cost` takes about a minute. Nothing here passes or fails.
"""

from __future__ import annotations

import argparse
import gc
import time

from tests.paint import test_cost as blocks
from tui.paint.palette import Palette
from tui.paint.rendering import Rendering

SHORT, LONG = 4_096, 65_536
DELTA = 12
"""Characters of a delta: about three tokens, what arrives between two frames at 100 a second."""


def milliseconds(source: str) -> tuple[float, float]:
    """CPU time for a delta with a frame after it, on average and at most."""
    rendering = Rendering(Palette.of({}, dark=True), 100)
    total = most = 0
    count = 0
    for at in range(0, len(source), DELTA):
        rendering.append(source[at : at + DELTA])
        before = time.process_time_ns()
        rendering.lay_out()
        spent = time.process_time_ns() - before
        total, most, count = total + spent, max(most, spent), count + 1
    return total / count / 1e6, most / 1e6


def main() -> None:
    """Measure each kind of block three times, short and long in turn, and print the best of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    print(
        f"{'block':22} {SHORT // 1024:4} KB {LONG // 1024:7} KB    most   ratio   (ms for a delta)"
    )
    for block in blocks.BLOCKS:
        gc.collect()
        short = [milliseconds(block(SHORT)) for _ in range(rounds + 1)][1:]
        long = [milliseconds(block(LONG)) for _ in range(rounds)]
        few, many = min(short)[0], min(long)[0]
        most = min(worst for _, worst in long)
        print(
            f"{block.__name__:22} {few:7.3f} {many:10.3f} {most:7.2f} {many / few:7.2f}", flush=True
        )


if __name__ == "__main__":
    main()
