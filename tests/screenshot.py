"""Makes the README's screenshot from the running application: `python -m tests.screenshot`.

It writes `.assets/screenshot.svg`; with a folder as its argument it writes the main screen there in
several sizes and themes, to be looked at.
"""

from __future__ import annotations

import asyncio
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.fakes.desk import FakeDesk
from tui.core.listing import Header, Listing
from tui.core.message import Completion, Message
from tui.core.words import Kind, Place, Role

ANSWER = """There is no single **best** French cheese, but three come up again and again:

| cheese | region | milk |
| :--- | :--- | :---: |
| *Comté* | Jura | cow |
| *Roquefort* | Aveyron | ewe |
| *Brie de Meaux* | Île-de-France | cow |

If you only try one, take a **Comté** of 24 months: nutty, long, a little sweet.

```python
def best(cheeses: list[Cheese]) -> Cheese:
    # Ties go to the older one.
    return max(cheeses, key=lambda c: (c.score, c.months))
```

1. Buy it *à la coupe*, never grated.
2. Take it out an hour before you eat it.
3. Keep the `rind` for soup.
"""

TITLES = [
    ("French cheese", 0), ("Regex for ISO dates", 1), ("SSH keepalive through a NAT", 3), ("Explain Raft in five lines", 6),
    ("Haiku about tail -f", 26), ("Postgres: partial index?", 30), ("名前を考えて", 50), ("Refactor the parser", 75),
    ("Translate the release notes", 200), ("Stop sequences for JSON", 700),
]  # fmt: skip


def desk() -> FakeDesk:
    """A desk with some chats on it, one of them still streaming."""
    fake = FakeDesk()
    fake.store.provider = "mistral"
    now = time.time()
    headers = [
        Header(f"chat-{i}", title, datetime.now(UTC), now - hours * 3600)
        for i, (title, hours) in enumerate(TITLES)
    ]
    fake.store.listing = lambda limit=None, place=Place.OPEN: Listing(headers)  # type: ignore[method-assign]
    when = datetime.now(UTC) - timedelta(minutes=3)
    completion = Completion(
        model="mistral-medium-latest",
        prompt_tokens=14,
        completion_tokens=212,
        first_token_s=0.41,
        seconds=2.71,
    )
    fake.store.titles["chat-0"] = TITLES[0][0]
    fake.store.messages["chat-0"] = [
        Message(id="a1", role=Role.USER, created=when, content="What is the best French cheese?"),
        Message(id="a2", parent="a1", role=Role.ASSISTANT, content=ANSWER, ended="stop", completion=completion),
    ]  # fmt: skip
    fake.open_session = "chat-0"
    return fake


KEYS = ("f2", *"stop", "ctrl+a", *"Paris", "enter", "ctrl+a", *r"\n2.", "enter")
"""What is pressed for the README's picture: the settings pane with two stop sequences."""


async def picture(size: tuple[int, int], theme: str, path: Path, *keys: str) -> None:
    """Write one screen as SVG, after some keys."""
    app = desk().app(theme)
    async with app.run_test(size=size) as pilot:
        async with asyncio.timeout(60):
            while not app.chat_screen.stage.shown:
                await pilot.pause()
        assert app.chat_screen.desk is not None
        app.chat_screen.desk.conductor.providers["mistral"].kind = Kind.MISTRAL
        await pilot.press(*keys)
        await pilot.pause()
        path.write_text(app.export_screenshot(title="bise"), "utf-8")


def main() -> None:
    """The README's picture, or many to look at."""
    if len(sys.argv) > 1:
        for theme in ("bise-dark", "bise-light"):
            for size in ((60, 16), (80, 24), (120, 40), (200, 60)):
                name = f"{theme}-{size[0]}x{size[1]}.svg"
                asyncio.run(picture(size, theme, Path(sys.argv[1]) / name))
    else:
        asyncio.run(picture((132, 38), "bise-dark", Path(".assets/screenshot.svg"), *KEYS))


if __name__ == "__main__":
    main()
