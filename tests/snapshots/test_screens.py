"""No list, dialog or row of the pane changes unseen; `python -m tests.snapshots.screens` renews the files."""

from __future__ import annotations

import pytest

from tests.snapshots.screens import HERE, SIZES, painted, path_of, read


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_screens_look_as_they_did(size: tuple[int, int]) -> None:
    kept = read(size)
    assert await painted(size, kept) == kept


def test_no_file_is_left_over() -> None:
    assert sorted(HERE.glob("screens-*.txt")) == sorted(map(path_of, SIZES))
