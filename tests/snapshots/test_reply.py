"""Nothing that is painted changes unseen; `python -m tests.snapshots.snapshot` renews the files."""

from __future__ import annotations

import pytest

from tests.snapshots.snapshot import CASES, HERE, painted, path_of


@pytest.mark.parametrize("name", CASES)
def test_a_reply_is_painted_as_it_was(name: str) -> None:
    assert painted(name).splitlines() == path_of(name).read_text("utf-8").splitlines()


def test_no_file_is_left_over() -> None:
    assert sorted(HERE.glob("reply-*.txt")) == sorted(map(path_of, CASES))
