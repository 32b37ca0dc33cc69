from __future__ import annotations

from collections import Counter

import pytest
from textual.geometry import Size

from tests.fakes.desk import FakeDesk
from tests.ui.session import Maker, Session
from tui.core.contrast import contrast
from tui.core.message import Completion, Message, utc_now
from tui.core.words import Role
from tui.store.config.presets import PresetFolder
from tui.store.config.themes import built_in
from tui.store.places import Places

THEMES = sorted(path.stem for path in built_in().glob("*.toml") if path.stem != "terminal")
ANSWER = """\
# Heading

Plain, **strong**, *emphasis*, ~~struck~~, `code`, [link](https://example.com), a footnote[^1].

> A quote with *emphasis*.

1. one
2. two
   - [ ] open
   - [x] done

| head | other |
| --- | --- |
| cell | 1 |

```python
# a comment
@decorator
def hello(name: str = "x") -> int:
    return 1 + len(name)
```

[^1]: The footnote.
"""


def desk() -> FakeDesk:
    fake = FakeDesk()
    for number in range(3):
        fake.store.titles[f"chat-{number}"] = f"A chat {number}"
        fake.store.messages[f"chat-{number}"] = []
    completion = Completion(model="m", completion_tokens=9, first_token_s=0.1, seconds=2)
    fake.store.messages["chat-0"] = [
        Message(id="a0", role=Role.SYSTEM, content="Be kind."),
        Message(id="a1", role=Role.USER, created=utc_now(), content="Say it all"),
        Message(id="a2", parent="a1", role=Role.ASSISTANT, content=ANSWER, ended="stop", completion=completion),
        Message(id="a3", parent="a2", role=Role.ASSISTANT, content="More", ended="length", completion=completion),
    ]  # fmt: skip
    fake.open_session = "chat-0"
    fake.bench.presets = PresetFolder(Places.from_environment())
    return fake


def pairs(session: Session) -> dict[tuple[str, str], str]:
    """Which colours stand on which on the screen, with some text in them; of a dialog, only its own."""
    found: dict[tuple[str, str], str] = {}
    screen = session.app.screen
    region = screen.region
    if screen.is_modal:
        region = screen.children[0].region
    for strip in screen._compositor.render_strips(Size(*screen.size))[region.y : region.bottom]:
        for segment in strip.crop(region.x, region.right):
            style = segment.style
            if style is None or not any(c.isalnum() for c in segment.text):
                continue
            assert style.color is not None
            assert style.bgcolor is not None
            both = style.color.get_truecolor().hex, style.bgcolor.get_truecolor().hex
            found.setdefault(both[::-1] if style.reverse else both, segment.text.strip())
    return found


async def restyled(session: Session, theme: str) -> dict[tuple[str, str], str]:
    """The pairs of another theme, once all is painted anew."""
    session.app.theme = theme
    before, same = pairs(session), 0
    while same < 4:
        await session.pilot.pause()
        now = pairs(session)
        same = same + 1 if now == before else 0
        before = now
    return before


@pytest.mark.parametrize(
    "keys",
    [
        ("f9", "tab", "tab", "down"),
        ("ctrl+p", "c"),
        ("tab", "k", "/", "o"),
        ("f2", "ctrl+a", "M", "enter", "ctrl+a", "M", "enter"),
        pytest.param((*"/keys", "enter", "enter", "enter", "ctrl+b"), id="a key is recorded"),
        pytest.param((*"/preset", "enter", *"json", "tab"), id="a preset by field"),
        pytest.param(
            (*"/system {{date}} {{x}} {{file:nope}}", "enter", *"/system", "enter"), id="prompt"
        ),
    ],
    ids=str,
)
async def test_all_text_on_the_screen_can_be_read_in_every_theme(make: Maker, keys):
    session = await make(desk(), (120, 60))
    await session.sees("footnote")
    await session.pilot.press(*keys)
    low: Counter[str] = Counter()
    for theme in THEMES:
        least = 7.0 if theme.startswith("high-contrast") else 4.5
        for (ink, ground), text in (await restyled(session, theme)).items():
            one, other = (tuple(int(c[at : at + 2], 16) for at in (1, 3, 5)) for c in (ink, ground))
            ratio = contrast(one, other)  # type: ignore[arg-type]  # three numbers each
            if ratio < least:
                low[f"{theme}: {ink} on {ground} {ratio:.2f}: {text[:30]!r}"] += 1
    assert not low, "\n" + "\n".join(sorted(low))
