from __future__ import annotations

from tui.chat.recalling import Recalling
from tui.core.failure import Failure, FailureKind


class MemoryHistory:
    """A history in a list; `trouble` makes everything fail."""

    def __init__(self, *texts: str) -> None:
        self.texts = list(texts)
        self.reads = 0
        self.trouble: Failure | None = None

    @property
    def stamp(self) -> tuple[int, ...]:
        return (len(self.texts),)

    def load(self) -> list[str]:
        self.reads += 1
        if self.trouble:
            raise self.trouble
        return list(self.texts)

    def add(self, text: str) -> None:
        if self.trouble:
            raise self.trouble
        self.texts.append(text)


async def test_what_is_sent_is_remembered_at_once_and_written_behind() -> None:
    history = MemoryHistory("old")
    recalling = Recalling(history)
    await recalling.refresh()
    recalling.add("one")
    recalling.add("two")
    assert recalling.recall.newest_first == ["two", "one", "old"]
    assert history.texts == ["old"]
    await recalling.flush()
    assert history.texts == ["old", "one", "two"]


async def test_what_others_send_is_taken_in_and_the_file_read_only_when_it_changed() -> None:
    history = MemoryHistory("old")
    recalling = Recalling(history)
    await recalling.refresh()
    await recalling.refresh()
    assert history.reads == 1
    history.texts.append("theirs")
    await recalling.refresh()
    assert recalling.recall.newest_first == ["theirs", "old"]


async def test_without_a_disk_prompts_are_remembered_in_memory() -> None:
    history = MemoryHistory("old")
    history.trouble = Failure(FailureKind.DISK, "it is full")
    recalling = Recalling(history)
    await recalling.refresh()
    recalling.add("one")
    await recalling.flush()
    assert recalling.recall.newest_first == ["one"]
