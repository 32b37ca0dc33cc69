"""Measures how a very long message opens: `python -m tests.benchmarks.long_messages`, about two minutes.

For each kind of text: the work until its end is on the screen, and the longest frame while the rest
is laid out behind it. Thread CPU time, so that other programs' load counts little. Nothing here
passes or fails; neither figure should be over 100 ms.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from tests.ui.transcript.test_reading import Reading
from tui.ui.widgets.transcript.entry import Entry

ROOT = Path(__file__).parent.parent.parent
CODE = (ROOT / "tui" / "paint" / "blocks.py").read_text("utf-8")
MIXED = (ROOT / "README.md").read_text("utf-8") + (
    ROOT / "tests" / "snapshots" / "reply.md"
).read_text("utf-8")
MOST_S = 60.0

TEXTS = {
    "mixed, 5 MB": (MIXED + "\n```\n\n") * (5_000_000 // len(MIXED)),
    "one fence of Python, 1 MB": "```python\n" + CODE * (1_000_000 // len(CODE)),
    "a line of letters, 1 MB": "x" * 1_000_000,
    "a line of words, 1 MB": "word " * 200_000,
    "a table, 1 MB": "|a|b|\n|-|-|\n" + "| some words | more *words* |\n" * 33_000,
    "a table of 1,000 columns": "|" + "c|" * 1_000 + "\n|" + "-|" * 1_000 + ("\n|" + "v|" * 1_000) * 100,
    "a list, 1 MB": "- item *x* and\n" * 66_000,
    "emoji": "👨‍👩‍👧" * 100_000,
    "quotes": ">" * 100_000 + "\n\n" + ("> " * 200 + "x\n") * 1_000,
    "brackets": "[" * 100_000,
}  # fmt: skip


async def measure(source: str) -> tuple[float, float, float]:
    """Milliseconds of work until the end is seen and for the longest frame; seconds until all is there."""
    app = Reading()
    frames = [0.0]
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        transcript = app.transcript
        paint = transcript._frame

        def frame() -> None:
            began = time.thread_time()
            paint()
            frames.append(time.thread_time() - began)

        transcript._frame = frame  # type: ignore[method-assign]  # to be timed
        start, began = time.monotonic(), time.thread_time()
        transcript.show([Entry("long", "assistant", head="Head", body=source, foot="foot")])
        first = time.thread_time() - began
        while transcript._view.behind() and time.monotonic() - start < MOST_S:
            await asyncio.sleep(0.02)
        return first * 1e3, max(frames) * 1e3, time.monotonic() - start


async def main() -> None:
    """Measure each text and print a line for it."""
    print(f"{'text':28} {'seen after':>12} {'longest frame':>15} {'all there':>12}")
    for name, source in TEXTS.items():
        first, longest, whole = await measure(source)
        print(f"{name:28} {first:9.0f} ms {longest:12.0f} ms {whole:10.1f} s", flush=True)


if __name__ == "__main__":
    asyncio.run(main())
