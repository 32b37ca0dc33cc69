from __future__ import annotations

import pytest

from tui.core.failure import Failure, FailureKind
from tui.core.listing import Problem


@pytest.mark.parametrize(
    ("message", "advice", "sentence"),
    [
        ("It broke", "Try again.", "It broke. Try again."),
        ("It broke.", "", "It broke."),
        ("Really?", "Yes.", "Really? Yes."),
        ("Wait… ", "Now.", "Wait… Now."),
        ("", "Set a key.", "Set a key."),
    ],
)
def test_a_failure_is_a_sentence_for_people(message: str, advice: str, sentence: str) -> None:
    assert Failure(FailureKind.SERVER, message, advice=advice).sentence == sentence


def test_a_failure_is_an_exception_with_its_message() -> None:
    failure = Failure(FailureKind.RATE_LIMIT, "slow down", status=429, retry_after_s=3.5)
    assert str(failure) == "slow down"
    assert (failure.kind, failure.status, failure.retry_after_s) == ("rate_limit", 429, 3.5)


def test_a_problem_names_file_and_line_where_there_is_one() -> None:
    assert str(Problem("a.toml", 3, "no value")) == "a.toml, line 3: no value"
    assert str(Problem("a.toml", 0, "unreadable")) == "a.toml: unreadable"
