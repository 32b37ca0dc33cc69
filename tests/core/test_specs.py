from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tui.core.completion import CompletionRequest
from tui.core.message import Message
from tui.core.parameters import Parameters
from tui.core.provider import Provider
from tui.core.settings import Settings
from tui.core.spec import Group, Home, Range, Shape, Spec
from tui.core.spec_fit import (
    NAMES,
    doubt,
    is_default,
    known_to,
    readme_table,
    takes,
    why_not_sent,
)
from tui.core.spec_text import parse, schema_format, shown
from tui.core.specs import BY_NAME, OURS, SPECS, spec_of
from tui.core.words import Kind, Role
from tui.wire.dialects import DIALECTS
from tui.wire.request import build

OF_REQUESTS = [spec for spec in SPECS if spec.home is Home.PARAMETERS and not spec.ours]
EVERYWHERE = {"model", "stream", "extra"}


def test_the_table_has_every_parameter_once():
    names = [spec.name for spec in SPECS if spec.home is Home.PARAMETERS]
    assert sorted(names) == sorted(Parameters.model_fields)


def test_what_is_kept_elsewhere_is_there():
    homes: Any = {Home.PROVIDER: Provider, Home.SETTINGS: Settings}
    for spec in SPECS:
        if spec.home in homes:
            assert spec.name in homes[spec.home].model_fields
            default = homes[spec.home].model_fields[spec.name].default
            assert float(spec.default) == default


@pytest.mark.parametrize("kind", list(Kind))
def test_the_table_knows_what_each_kind_of_server_knows(kind):
    known = {spec.name for spec in OF_REQUESTS if kind in spec.kinds} - EVERYWHERE
    takes_prefix = DIALECTS[kind].prefix_members is not None
    assert known - {"prefix"} == DIALECTS[kind].parameters
    assert ("prefix" in known) == takes_prefix
    assert NAMES[kind] == DIALECTS[kind].name


def test_groups_stand_together_in_their_order():
    groups = [spec.group for spec in SPECS]
    assert list(dict.fromkeys(groups)) == list(Group)
    assert sorted(groups, key=list(Group).index) == groups


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_every_parameter_is_told_of_in_sentences(spec):
    assert spec.help.endswith(".")
    assert not spec.advice or spec.advice.endswith(".")
    assert spec.title
    assert takes(spec)
    assert known_to(spec)
    assert set(spec.ranges) | set(spec.defaults) | set(spec.choices_of) <= set(spec.kinds)


@pytest.mark.parametrize("spec", [s for s in SPECS if str(s.range)], ids=lambda spec: spec.name)
def test_the_data_model_takes_what_is_inside_the_widest_range(spec):
    model: Any = {Home.PARAMETERS: Parameters, Home.SETTINGS: Settings, Home.PROVIDER: Provider}[
        spec.home
    ]
    more = {"name": "p"} if spec.home is Home.PROVIDER else {}
    low, high = spec.range.low, spec.range.high
    inside = (low or 0) + 1 if spec.range.above else low
    for value in (inside, high):
        if value is not None:
            model.model_validate({spec.name: value, **more})
    for kind, narrower in spec.ranges.items():
        assert kind in spec.kinds
        for end in (narrower.low, narrower.high):
            assert end is None or end in spec.range


def test_not_a_number_is_no_value_in_files_either():
    for value in (math.nan, math.inf):
        with pytest.raises(ValidationError, match="temperature"):
            Parameters.model_validate({"temperature": value})


def value_for(spec: Spec) -> st.SearchStrategy[Any]:
    text = st.text(st.characters(exclude_categories=["Cs"]))
    plain = st.recursive(
        st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False) | text,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
        max_leaves=8,
    )  # fmt: skip
    objects = st.dictionaries(text, plain, max_size=4)
    low, high = spec.range.low, spec.range.high
    match spec.shape:
        case Shape.NUMBER:
            return st.floats(low, high, exclude_min=spec.range.above, allow_nan=False, allow_infinity=False)  # fmt: skip
        case Shape.INTEGER:
            return st.integers(int(low or 0), int(high) if high is not None else 2**62)
        case Shape.SWITCH:
            return st.booleans()
        case Shape.WORD:
            return text.map(str.strip).filter(bool)
        case Shape.TEXT:
            return text
        case Shape.STOPS:
            return st.lists(text.filter(bool), max_size=4)
        case Shape.OBJECT:
            return objects
        case Shape.OBJECTS:
            return st.lists(objects, max_size=3)
        case Shape.CHOICE if spec.name == "response_format":
            return st.sampled_from([{"type": "text"}, {"type": "json_object"}]) | objects.map(
                schema_format
            )
        case Shape.CHOICE:
            return st.sampled_from(spec.choices) | objects
        case Shape.TABLE:
            return objects.filter(bool)


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
@settings(max_examples=30)
@given(data=st.data())
def test_what_is_shown_can_be_typed_again(spec, data):
    value = data.draw(value_for(spec))
    text = shown(spec, value)
    again = parse(spec, text)
    assert again == value
    assert type(again) is type(value)
    if spec.home is Home.PARAMETERS:
        assert getattr(Parameters.model_validate({spec.name: value}), spec.name) == value
    if spec.shape is not Shape.TEXT and spec.shape is not Shape.WORD:
        assert all(c.isprintable() or c == "\n" or ord(c) > 0xFFFF for c in text)


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
@settings(max_examples=30)
@given(text=st.text())
@example('{"a": 1e999}')
@example("a = 1e999")
@example("a = 2020-01-01")
@example("a = 0x1g")
def test_any_text_is_a_value_or_told_in_a_sentence(spec, text):
    words = ""
    try:
        json.dumps(parse(spec, text), allow_nan=False)
    except ValueError as error:
        words = str(error)
    assert not words or (spec.name in words and len(words) < 300)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("temperature", "hot", "temperature is a number, and “hot” is none"),
        ("temperature", "0,3", "temperature is a number, and “0,3” is none; write 0.3"),
        ("temperature", "NaN", "temperature is a number, and NaN is none"),
        ("temperature", "1e400", "temperature: “1e400” is too large for a number"),
        ("temperature", "-1", "temperature is 0 or more, not -1"),
        ("temperature", " ", "temperature has no value; leave it unset to let the server decide"),
        ("top_p", "1.5", "top_p is 0 to 1, not 1.5"),
        ("presence_penalty", "3", "presence_penalty is -2 to 2, not 3"),
        ("max_tokens", "-1", "max_tokens is 0 or more tokens, not -1"),
        ("max_tokens", "12.5", "max_tokens is a whole number, and “12.5” is not whole"),
        ("max_tokens", "many", "max_tokens is a whole number, and “many” is none"),
        ("max_tokens", "9" * 30, "max_tokens is a whole number, and “" + "9" * 30 + "” is too large"),
        ("max_tokens", "9" * 5000, "max_tokens is a whole number, and “" + "9" * 39 + "…” is too large"),
        ("safe_prompt", "maybe", "safe_prompt is on or off, not “maybe”"),
        ("stop", "", "stop: an empty text would stop every reply at once"),
        ("stop", '["a", 1]', 'stop is a text or a list of texts, such as ["\\n\\n", "END"]'),
        ("metadata", "[1]", "metadata is a JSON object, {…}, not a list"),
        ("metadata", "{", "metadata: this is no JSON at character 2: Expecting property name enclosed in double quotes"),
        ("metadata", '{"a": NaN}', "metadata: this is no JSON: NaN is no number that JSON can hold"),
        ("metadata", '{"a":' * 300 + "1" + "}" * 300, "metadata is nested too deeply"),
        ("response_format", "jsonn", "response_format is text, json_object or a JSON object, not “jsonn”"),
        ("tool_choice", "maybe", "tool_choice is auto, none, any, required or a JSON object, not “maybe”"),
        ("extra", "a = ", "extra is TOML (name = value) or a JSON object: Invalid value (at end of document)"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_told_in_a_sentence(name, text, words):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 (the words are compared whole)
        parse(BY_NAME[name], text)
    assert str(caught.value) == words


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("temperature", "0.3", 0.3),
        ("max_tokens", "1e3", 1000),
        ("random_seed", "7", 7),
        ("logprobs", "true", True),
        ("logprobs", "off", False),
        ("reasoning_effort", "high", "high"),
        ("prompt_cache_key", "42", "42"),
        ("stop", "a b", ["a b"]),
        ("stop", "a, b", ["a, b"]),
        ("stop", '["a", "\\n"]', ["a", "\n"]),
        ("stop", '"\\u2028"', ["\u2028"]),
        ("tool_choice", "any", "any"),
        ("metadata", '{"a": 1}', {"a": 1}),
        ("response_format", "json_object", {"type": "json_object"}),
        ("guardrails", '{"a": 1}', [{"a": 1}]),
        ("extra", "a.b = 1\nc = [true]", {"a": {"b": 1}, "c": [True]}),
        ("extra", '{"seed": null}', {"seed": None}),
    ],
)
def test_a_value_is_read_from_text_by_its_shape(name, text, value):
    assert parse(BY_NAME[name], text) == value


def test_a_schema_may_be_given_as_it_is():
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    assert parse(BY_NAME["response_format"], json.dumps(schema)) == {
        "type": "json_schema",
        "json_schema": {"name": "reply", "schema": schema, "strict": True},
    }
    whole = {"name": "x", "schema": schema}
    assert schema_format(whole) == {"type": "json_schema", "json_schema": whole}
    assert schema_format({"type": "json_object"}) == {"type": "json_object"}
    assert schema_format(schema, "a b.c")["json_schema"]["name"] == "a_b_c"


def test_a_range_depends_on_the_kind_of_server():
    spec = BY_NAME["temperature"]
    assert parse(spec, "1.8", Kind.OPENAI) == 1.8
    with pytest.raises(ValueError, match=r"temperature is 0 to 1\.5, not 1\.8"):
        parse(spec, "1.8", Kind.MISTRAL)
    with pytest.raises(ValueError, match="top_p is above 0, up to 1, not 0"):
        parse(BY_NAME["top_p"], "0", Kind.MISTRAL)


def test_ranges_are_told_in_words():
    assert str(Range(0, 1.5)) == "0 to 1.5"
    assert str(Range(1)) == "1 or more"
    assert str(Range(0, above=True)) == "above 0"
    assert str(Range(high=3)) == "up to 3"
    assert str(Range()) == ""


def test_a_misspelt_name_is_answered_with_the_nearest():
    with pytest.raises(ValueError, match="is it temperature"):
        spec_of("temprature")
    with pytest.raises(ValueError, match="extra"):
        spec_of("zzzz")
    assert spec_of("max-tokens").name == "max_tokens"


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("safe_prompt", Kind.OPENAI, "OpenAI does not know safe_prompt"),
        ("prefix", Kind.OPENAI, "OpenAI cannot be given the beginning of a reply"),
        ("temperature", Kind.OPENAI, ""),
        ("stop_off", Kind.OPENAI, ""),
        ("retries", Kind.OPENAI, ""),
        ("safe_prompt", None, ""),
    ],
)
def test_why_a_parameter_is_not_sent(name, kind, words):
    assert why_not_sent(BY_NAME[name], kind) == words


def test_what_goes_with_tools_only_is_not_sent_without_them():
    spec = BY_NAME["tool_choice"]
    assert why_not_sent(spec, Kind.MISTRAL, {"tool_choice": "any"}) == "it needs tools"
    assert why_not_sent(spec, Kind.MISTRAL, {"tools": [{}]}) == ""


@pytest.mark.parametrize(
    ("name", "value", "model", "word"),
    [
        ("reasoning_effort", "medium", "mistral-medium-latest", "none or high"),
        ("n", 2, "mistral-large-2512", "one reply"),
        ("prediction", {}, "ministral-8b-latest", "not among"),
        ("prompt_mode", "reasoning", "mistral-medium-latest", "Magistral"),
        ("temperature", 1.2, "m", "1.5"),
    ],
)
def test_what_a_model_may_refuse_is_told(name, value, model, word):
    assert word in doubt(BY_NAME[name], value, Kind.MISTRAL, model)


def test_nothing_is_doubted_without_a_reason():
    assert doubt(BY_NAME["n"], 1, Kind.MISTRAL, "mistral-large-2512") == ""
    assert doubt(BY_NAME["n"], None, Kind.MISTRAL) == ""
    assert doubt(BY_NAME["prediction"], {}, Kind.MISTRAL, "codestral-latest") == ""
    assert doubt(BY_NAME["tools"], [{}], Kind.VLLM, "m", {"completion_chat"}) != ""
    assert doubt(BY_NAME["tools"], [{}], Kind.VLLM, "m", {"function_calling"}) == ""
    assert doubt(BY_NAME["tools"], [{}], Kind.VLLM, "m", frozenset()) == ""


def test_what_differs_from_the_default_is_told_apart():
    assert is_default(BY_NAME["top_p"], 1.0, Kind.MISTRAL)
    assert is_default(BY_NAME["safe_prompt"], False, Kind.MISTRAL)
    assert not is_default(BY_NAME["temperature"], 0.3, Kind.MISTRAL)
    assert not is_default(BY_NAME["n"], 2, Kind.MISTRAL)
    assert not is_default(BY_NAME["top_p"], 1.0, Kind.VLLM)
    assert is_default(BY_NAME["top_p"], None, None)


def test_defaults_are_told_in_words():
    assert BY_NAME["temperature"].default_for(Kind.LLAMACPP) == "0.8"
    assert BY_NAME["temperature"].default_for(None) == "the model's own"
    assert BY_NAME["stream"].default_for(Kind.VLLM) == "on"


def test_what_is_ours_is_kept_and_not_sent():
    mine = {"stop_off": {"2": "x"}, "cut_here": True, "system_prompt": "s", "prompt": "p", "prefix_once": True}  # fmt: skip
    parameters = Parameters.model_validate({**mine, "temperature": 1})
    assert set(mine) == OURS
    assert parameters.given() == {"temperature": 1}
    assert parameters.kept() == {**mine, "temperature": 1}


def test_the_table_for_the_readme_has_a_row_for_each():
    table = readme_table()
    assert table.count("\n") == 2 + sum(spec.home is Home.PARAMETERS for spec in SPECS)
    assert "| `temperature` | number, 0 or more | the model's own | all |" in table


SAMPLES: dict[str, Any] = {
    "model": "m",
    "stop": ["a"],
    "prefix": "Dear ",
    "n": 2,
    "response_format": {"type": "json_object"},
    "prediction": {"type": "content", "content": "x"},
    "tools": [{"type": "function", "function": {"name": "go", "parameters": {"type": "object"}}}],
    "tool_choice": "auto",
    "guardrails": [{"block_on_error": True}],
    "metadata": {"a": 1},
    "extra": {"strange": 1},
}
WORDS = {Shape.NUMBER: 0.5, Shape.INTEGER: 3, Shape.SWITCH: True, Shape.WORD: "high"}


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("spec", OF_REQUESTS, ids=lambda spec: spec.name)
def test_a_parameter_is_sent_if_and_only_if_nothing_says_why_not(spec, kind):
    value = SAMPLES.get(spec.name, WORDS.get(spec.shape))
    for more in ({}, {"tools": SAMPLES["tools"]}):
        given = {**more, spec.name: value}
        messages = [Message(role=Role.USER, content="hello")]
        request = build(CompletionRequest(messages, Parameters.model_validate(given)), kind)
        name = DIALECTS[kind].renamed.get(spec.name, spec.name)
        match spec.name:
            case "prefix":
                is_sent = request.body["messages"][-1]["content"] == value
            case "extra":
                is_sent = request.body["strange"] == 1
            case _:
                is_sent = request.body.get(name) == value
        why = why_not_sent(spec, kind, given)
        assert is_sent == (not why)
        if why and spec.name != "prefix":
            assert any(spec.name in note for note in request.notes)
