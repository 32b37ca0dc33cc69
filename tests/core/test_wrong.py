from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from tui.core.parameters import Parameters
from tui.core.provider import Provider
from tui.core.session import Session
from tui.core.settings import Settings
from tui.core.wrong import wrong_with


@pytest.mark.parametrize(
    ("model", "members", "told"),
    [
        (Settings, {"parallel": "x"}, "`parallel` should be a whole number"),
        (Parameters, {"temperature": "hot"}, "`temperature` should be a number"),
        (Provider, {"name": "x", "connect_timeout_s": 0}, "`connect_timeout_s` should be above 0"),
        (Provider, {}, "`name` is missing"),
        (Provider, {"name": "x", "allow_http": "maybe"}, "`allow_http` should be true or false"),
        (Session, {"tags": 5}, "`tags` should be a list"),
        (Session, {"title": 5}, "`title` should be a text"),
        (Session, {"created": "then"}, "`created` should be a date and a time"),
        (Settings, {"providers": {"x": 5}}, "`providers` should be a table"),
    ],
)
def test_what_a_value_should_be_is_told_in_words_of_people(
    model: Any, members: dict[str, Any], told: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        model.model_validate(members)
    first = caught.value.errors()[0]
    assert wrong_with(f"`{first['loc'][0]}`", first) == told


def test_a_kind_is_one_of_those_that_there_are() -> None:
    with pytest.raises(ValidationError) as caught:
        Provider.model_validate({"name": "x", "kind": "vlm"})
    told = wrong_with("`kind`", caught.value.errors()[0])
    assert told == "`kind` should be 'mistral', 'openai', 'llamacpp', 'ollama' or 'vllm'"
