from __future__ import annotations

from typing import Any

from tests.fakes.desk import FakeMemory
from tui.core.failure import Failure, FailureKind
from tui.ui.remembered import Remembered


class BrokenMemory(FakeMemory):
    def keep(self, changes: Any) -> None:
        raise Failure(FailureKind.DISK, "The disk is full")


async def test_what_is_set_is_there_at_once_and_kept_by_the_next_flush() -> None:
    memory = FakeMemory()
    remembered = Remembered(memory, {"a": 1})
    remembered.set("b", ["x"])
    remembered.set("a", 1)
    assert remembered.get("b", list[str]()) == ["x"]
    await remembered.flush()
    assert memory.kept == {"b": ["x"]}


async def test_a_value_of_another_type_is_none_of_ours() -> None:
    remembered = Remembered(None, {"width": "wide", "on": 1})
    assert remembered.get("width", 28) == 28
    assert remembered.get("on", default=False) is False


async def test_without_a_memory_it_is_forgotten_at_the_end() -> None:
    remembered = Remembered()
    remembered.set("a", 2)
    await remembered.flush()
    assert remembered.get("a", 1) == 2


async def test_what_cannot_be_kept_harms_nobody() -> None:
    remembered = Remembered(BrokenMemory())
    remembered.set("a", 2)
    await remembered.flush()
    assert remembered.get("a", 1) == 2
