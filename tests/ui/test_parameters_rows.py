from __future__ import annotations

import pytest

from tui.core.escapes import quoted
from tui.core.specs import SPECS
from tui.core.words import Kind
from tui.ui.features.parameters_rows import Given, help_of, rows_of, spec_for, stop_index
from tui.ui.widgets.settings.field import Field


def row(given: Given, field_id: str) -> Field:
    return next(field for field in rows_of(given) if field.id == field_id)


def test_every_parameter_has_one_row_in_the_order_of_the_table() -> None:
    ids = [field.id for field in rows_of(Given({}))]
    assert ids == ["scope", *(spec.name for spec in SPECS if spec.name != "stop_off")]


def test_what_is_not_set_shows_the_servers_default_faintly() -> None:
    field = row(Given({}, Kind.LLAMACPP), "temperature")
    assert (field.value, field.is_faint, field.mark) == ("(0.8)", True, "")


def test_what_differs_from_the_default_is_marked() -> None:
    assert row(Given({"top_p": 0.5}, Kind.MISTRAL), "top_p").mark == "•"
    assert row(Given({"top_p": 1.0}, Kind.MISTRAL), "top_p").mark == ""
    assert row(Given({"safe_prompt": True}, Kind.MISTRAL), "safe_prompt").value == "☑ on"


def test_what_a_kind_does_not_know_is_faint_and_tells_why() -> None:
    unset = row(Given({}, Kind.OLLAMA), "top_k")
    assert unset.value == "(Ollama does not know top_k)"
    given = Given({"top_k": 5}, Kind.OLLAMA)
    field = row(given, "top_k")
    assert (field.value, field.is_faint) == ("5", True)
    assert field.note == "not sent: Ollama does not know top_k"
    assert ("Not sent: Ollama does not know top_k.", "$warning") in help_of(given, "top_k")


def test_a_doubt_about_the_model_is_told() -> None:
    given = Given({"n": 2}, Kind.MISTRAL, "mistral-large-latest")
    field = row(given, "n")
    assert not field.is_faint
    assert field.note == "Mistral Large makes one reply only"


def test_stop_sequences_have_a_row_each_with_what_is_invisible_made_visible() -> None:
    values = {"stop": ["\n\n", "END "], "stop_off": {"2": "a\tb"}}
    given = Given(values, Kind.MISTRAL)
    fields = [field for field in rows_of(given) if stop_index(field.id) is not None]
    assert [(f.lead, f.value, f.is_faint) for f in fields] == [
        ("1 ☑", "⏎⏎", False),
        ("2 ☐", "a⇥b", True),
        ("3 ☑", "END·", False),
    ]
    assert spec_for("stop.1") is spec_for("stop")
    assert help_of(given, "stop.1")[0][0] == f"{quoted('a' + chr(9) + 'b')} · 3 characters · off: not sent"  # fmt: skip


def test_more_stop_sequences_than_a_kind_takes_are_told() -> None:
    given = Given({"stop": list("abcde")}, Kind.OPENAI)
    assert [row(given, f"stop.{at}").note for at in (3, 4)] == [
        "",
        "not sent: OpenAI takes 4 stop sequences",
    ]
    assert "on, not sent" in help_of(given, "stop.4")[0][0]


def test_a_text_of_several_lines_shows_them_with_their_ends() -> None:
    field = row(Given({"prefix": "one\n two  \nthree \t"}, Kind.MISTRAL), "prefix")
    assert (field.value, *field.more) == ("one⏎", "two··⏎", "three·⇥")
    long = row(Given({"prefix": "x\n" * 20}, Kind.MISTRAL), "prefix")
    assert len(long.more) == 4
    assert long.more[-1] == "… 17 more lines"


def test_hostile_values_are_harmless() -> None:
    field = row(Given({"model": "a\x1b[31mb\u202e\nc"}, Kind.MISTRAL), "model")
    assert "\x1b" not in field.value
    assert "\u202e" not in field.value


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("temp", ["temperature"]),
        ("safe pro", ["safe_prompt"]),
        ("penal", ["presence_penalty", "frequency_penalty", "repetition_penalty"]),
        ("seed", ["random_seed"]),
        ("xyzzy", []),
        ("at a stop sequence, for servers that ignore", ["cut_here"]),
    ],
)
def test_typing_narrows_down_by_names_and_else_by_what_is_told(query: str, ids: list[str]) -> None:
    assert [field.id for field in rows_of(Given({}), query)] == ids


def test_timeouts_and_retries_say_for_whom_they_hold() -> None:
    given = Given({"idle_timeout_s": 300.0, "retries": 5}, Kind.MISTRAL)
    assert (row(given, "idle_timeout_s").value, row(given, "idle_timeout_s").mark) == ("300 s", "")
    assert row(given, "retries").mark == "•"
    assert any("all chats with this server" in text for text, _ in help_of(given, "idle_timeout_s"))


def test_every_row_has_help() -> None:
    given = Given({"stop": ["a"]}, Kind.VLLM)
    for field in rows_of(given):
        assert help_of(given, field.id), field.id


def test_a_member_that_no_parameter_has_is_shown_and_not_sent() -> None:
    given = Given({"stop.x": [1], "new_one": "\x1b"}, Kind.MISTRAL)
    for name, value in (("stop.x", "[1]"), ("new_one", '"\\u001b"')):
        field = row(given, name)
        assert (field.value, field.is_faint) == (value, True)
        assert "no parameter is called so" in field.note
        assert help_of(given, name)


def test_very_long_values_are_cut() -> None:
    long = {"a": "x" * 1_000_000}
    values = {"prediction": long, "prefix": "y" * 1_000_000, "stop": ["z" * 1_000_000]}
    for field in rows_of(Given(values, Kind.MISTRAL)):
        assert len(field.value) < 1000
