"""The long form: `python -m tests.torture [--kills 1000] [--seed N] [--instances 2]`."""

from __future__ import annotations

import argparse
import time

from tests.torture.kills import run


def main() -> None:
    """Kill, look, count, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=int(time.time()) % 10_000)
    parser.add_argument("--instances", type=int, default=1, help="so many on one folder at once")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    began = time.monotonic()
    counts = run(options.kills, options.seed, instances=options.instances, loud=True)
    for word, count in sorted(counts.items()):
        print(f"{count:8,}  {word}")
    print(f"nothing was lost in {counts['kills']:,} kills, {time.monotonic() - began:,.0f} s")


if __name__ == "__main__":
    main()
