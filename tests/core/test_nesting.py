import json

import pytest

from tui.core.nesting import DEEPEST, read_json


def lists(depth: int, inner: str = "") -> str:
    return "[" * depth + inner + "]" * depth


def objects(depth: int) -> str:
    return '{"a":' * depth + "1" + "}" * depth


@pytest.mark.parametrize(
    "text", [lists(DEEPEST), objects(DEEPEST), json.dumps([lists(999)]), f"[{'[],{},' * 999}1]"]
)
def test_what_is_not_too_deep_is_read_as_it_is(text):
    assert read_json(text) == read_json(text.encode()) == json.loads(text)


@pytest.mark.parametrize(
    "text",
    [lists(DEEPEST + 1), objects(DEEPEST + 1), lists(199, '{"a":[0]}'), f"[1,{lists(600)}]"],
)
def test_what_is_too_deep_is_refused_long_before_the_stack_ends(text):
    for given in (text, text.encode()):
        with pytest.raises(RecursionError):
            read_json(given)
