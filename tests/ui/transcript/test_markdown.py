from __future__ import annotations

import pytest
from textual.app import App
from textual.geometry import Region
from textual.strip import Strip

from tests.ui.transcript.stage import screen
from tui.ui.widgets.transcript.entry import Entry
from tui.ui.widgets.transcript.messages import CopyRequested, LinkChosen
from tui.ui.widgets.transcript.widget import Transcript

REPLY = """\
There is no single **best** cheese, see [the guide](https://example.org/guide):

1. *Comté*, from cow's milk
2. `Roquefort`
   - blue
   - sharp

```python
def best(cheeses):
    return min(cheeses)  # the one that is left
```

| cheese | months |
|---|---:|
| Comté | 18 |

> Never finished, only eaten. 日本語 🧀
"""


class Markdown(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[object] = []

    def compose(self):
        yield Transcript()

    @property
    def transcript(self) -> Transcript:
        return self.query_one(Transcript)

    def on_transcript_copy_requested(self, event: CopyRequested) -> None:
        self.heard.append((event.text, event.what))

    def on_transcript_link_chosen(self, event: LinkChosen) -> None:
        self.heard.append(event.url)


@pytest.fixture
async def pilot():
    async with Markdown().run_test(size=(60, 30)) as pilot:
        yield pilot


def painted(transcript: Transcript) -> list[Strip]:
    """All lines in view."""
    return transcript.render_lines(transcript.size.region)


def flat(line: Strip) -> list[object]:
    """Every character of a line with its style."""
    return [(char, style) for text, style, _ in line for char in text]


def cells_of(transcript: Transcript) -> list[list[object]]:
    """Every character in view with its style."""
    return [flat(line) for line in painted(transcript)]


@pytest.mark.parametrize("length", [1, 3, 11, 80])
async def test_what_stands_there_after_streaming_stands_there_after_a_reload(pilot, length):
    transcript = pilot.app.transcript
    transcript.show([Entry("a", "assistant", head="Assistant", live=True)])
    for at in range(0, len(REPLY), length):
        transcript.append_text("a", REPLY[at : at + length])
        transcript.flush()
    transcript.amend("a", live=False, foot="finished")
    streamed = cells_of(transcript)
    transcript.show([Entry("anew", "assistant", head="Assistant", body=REPLY, foot="finished")])
    assert cells_of(transcript) == streamed


async def test_the_cells_that_are_repainted_are_all_that_changed(pilot):
    transcript = pilot.app.transcript
    transcript.show([Entry("a", "assistant", head="Assistant", live=True)])
    terminal = painted(transcript)
    cells = []

    def repaint(*regions: Region, **_: object) -> None:
        now = painted(transcript)
        for region in regions:
            cells.append(region.area)
            for y in region.line_range:
                line = transcript.render_lines(Region(0, y, transcript.size.width, 1))[0]
                mended = [terminal[y].crop(0, region.x), line.crop(region.x, region.right)]
                terminal[y] = Strip.join([*mended, terminal[y].crop(region.right)])
        assert [flat(line) for line in terminal] == [flat(line) for line in now]

    transcript.refresh = repaint
    for at in range(0, len(REPLY), 7):
        transcript.append_text("a", REPLY[at : at + 7])
        transcript.flush()
    transcript.amend("a", live=False, foot="finished")
    assert len(cells) > 50
    assert sum(cells) < len(cells) * 60


async def test_a_click_on_a_markdown_link_is_told(pilot):
    transcript = pilot.app.transcript
    transcript.show([Entry("a", "assistant", body=REPLY)])
    x = screen(transcript)[0].index("guide") + 3
    await pilot.click(offset=(x, 0))
    await pilot.pause()
    assert pilot.app.heard == ["https://example.org/guide"]


async def test_the_code_of_a_reply_is_copied_without_its_fence(pilot):
    transcript = pilot.app.transcript
    transcript.show([Entry("a", "assistant", body=REPLY)])
    transcript.focus()
    await pilot.press("c")
    await pilot.pause()
    ((code, what),) = pilot.app.heard
    assert code.rstrip() == REPLY.split("```")[1].removeprefix("python\n").rstrip()
    assert what == "code block 1 of 1"


async def test_the_lines_of_a_prompt_stay_lines(pilot):
    transcript = pilot.app.transcript
    transcript.show([Entry("a", "user", body="one\ntwo")])
    assert screen(transcript)[:2] == ["one", "two"]


async def test_a_reply_full_of_escapes_is_inert(pilot):
    transcript = pilot.app.transcript
    transcript.show(
        [Entry("a", "assistant", body="\x1b]0;owned\x07 [/foo] \x9b2J \u202e `\x1b[31m`")]
    )
    await pilot.pause()
    text = "\n".join(screen(transcript))
    assert "[/foo]" in text
    assert not any(char in text for char in "\x1b\x07\x9b\u202e")


async def test_a_resize_while_text_streams_loses_nothing(pilot):
    transcript = pilot.app.transcript
    transcript.show([Entry("a", "assistant", live=True)])
    for at in range(0, len(REPLY), 40):
        transcript.append_text("a", REPLY[at : at + 40])
        await pilot.resize_terminal(40 + at % 37, 20)
    transcript.amend("a", live=False)
    await pilot.resize_terminal(60, 30)
    await pilot.pause()
    streamed = cells_of(transcript)
    transcript.show([Entry("anew", "assistant", body=REPLY)])
    assert cells_of(transcript) == streamed
