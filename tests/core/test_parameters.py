from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from tui.core.parameters import Parameters


def test_nothing_is_given_at_first() -> None:
    assert Parameters().given() == {}


def test_what_is_set_is_given_false_zero_and_empty_included() -> None:
    parameters = Parameters(temperature=0, safe_prompt=False, stop=[], prefix="", stream=False)
    assert parameters.given() == {
        "temperature": 0,
        "safe_prompt": False,
        "stop": [],
        "prefix": "",
        "stream": False,
    }


def test_one_stop_sequence_may_stand_without_a_list() -> None:
    assert Parameters.model_validate({"stop": "\n\n"}).stop == ["\n\n"]


def test_parameters_that_we_do_not_know_are_kept() -> None:
    parameters = Parameters.model_validate({"of_tomorrow": {"a": 1}, "top_p": 0.5})
    assert parameters.given() == {"of_tomorrow": {"a": 1}, "top_p": 0.5}


@pytest.mark.parametrize(
    "wrong",
    [
        {"temperature": -0.1},
        {"temperature": "hot"},
        {"top_p": 1.1},
        {"max_tokens": -1},
        {"random_seed": -1},
        {"n": 0},
        {"stop": [1]},
        {"stop": {"a": "b"}},
        {"response_format": "json"},
    ],
)
def test_values_out_of_range_are_refused_and_named(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        Parameters.model_validate(wrong)


def test_a_copy_does_not_share_its_lists() -> None:
    first = Parameters(stop=["a"])
    second = first.model_copy(deep=True)
    assert second.stop is not None
    second.stop.append("b")
    assert first.stop == ["a"]
