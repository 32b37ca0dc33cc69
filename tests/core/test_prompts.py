from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.failure import Failure, FailureKind
from tui.core.prompts import Filling, fill, system_prompt, verbatim

TODAY = date(2026, 11, 23)
FILES = {"notes.md": "Be kind. {{date}}", "empty": ""}


def read(path: str) -> str:
    if path not in FILES:
        raise Failure(FailureKind.CONFIG, f"{path}: it is not there")
    return FILES[path]


class Library:
    def text(self, name: str) -> str:
        return {"editor": "You edit, on {{date}}."}[name]

    def file(self, path: str) -> str:
        return read(path)


def filled(text: str, model: str | None = "small") -> str:
    return fill(text, TODAY, model, read).text


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("{{date}}", "2026-11-23"),
        ("You are {{ model }}.", "You are small."),
        ("{{file:notes.md}} {{file: notes.md }}", "Be kind. {{date}} Be kind. {{date}}"),
        ("{{unknown}} {{a b}} {{}}", "{{unknown}} {{a b}} {{}}"),
        (r"\{{date}} is {{date}}", "{{date}} is 2026-11-23"),
        ("{{{date}}}", "{2026-11-23}"),
        ("{{file:none}}", "{{file:none}}"),
    ],
)
def test_variables_are_filled_in_once(text, result):
    assert filled(text) == result


def test_what_was_filled_in_is_told_and_what_was_not():
    result = fill("{{date}} {{file:notes.md}} {{file:none}} {{what}}", TODAY, None, read)
    assert [filling.words for filling in result.fillings] == [
        "{{date}}: 2026-11-23",
        "{{file:notes.md}}: 17 characters",
        "{{file:none}}: none: it is not there",
        "{{what}}: no such variable; it was left as it is",
    ]
    assert [filling.is_fatal for filling in result.fillings] == [False, False, True, False]
    assert len(result.problems) == 2


def test_without_a_model_its_variable_stays():
    result = fill("{{model}}", TODAY, None, read)
    assert result.text == "{{model}}"
    assert result.fillings == (Filling("model", None, "no model is chosen"),)


@given(st.text(st.sampled_from("{}date\\: x\n"), max_size=60))
def test_any_text_can_be_filled(text):
    result = fill(text, TODAY, "m", read)
    if not result.fillings and "\\" not in text:
        assert result.text == text
    assert fill(verbatim(text), TODAY, "m", read).text == text


def test_the_linked_prompt_comes_before_the_own():
    both = system_prompt("Mine: {{model}}", "editor", Library(), TODAY, "m")
    assert both is not None
    assert both.text == "You edit, on 2026-11-23.\n\nMine: m"
    assert len(both.fillings) == 2
    own = system_prompt("Mine", None, Library(), TODAY, None)
    assert own is not None
    assert own.text == "Mine"


def test_no_prompt_is_no_message():
    assert system_prompt(None, None, Library(), TODAY, None) is None
    assert system_prompt(" {{file:empty}}\n", None, Library(), TODAY, None) is None
