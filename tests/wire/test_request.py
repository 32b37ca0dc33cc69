from typing import Any

import pytest

from tui.core.completion import CompletionRequest
from tui.core.failure import Failure, FailureKind
from tui.core.message import Message
from tui.core.parameters import Parameters
from tui.core.words import Kind, Role
from tui.wire.request import BuiltRequest, build

HELLO = [Message(role=Role.USER, content="hello")]
TOOL = {"type": "function", "function": {"name": "go", "parameters": {"type": "object"}}}
OTHERS = [kind for kind in Kind if kind is not Kind.MISTRAL]


def built(kind: Kind, **parameters: Any) -> BuiltRequest:
    return build(CompletionRequest(HELLO, Parameters(**parameters)), kind)


@pytest.mark.parametrize("kind", list(Kind))
def test_what_is_not_set_is_absent(kind):
    body = built(kind).body
    assert set(body) - {"stream_options"} == {"messages", "stream"}
    assert body["messages"] == [{"role": "user", "content": "hello"}]


def test_every_parameter_reaches_mistral_under_its_own_name():
    given: dict[str, Any] = {
        "model": "m",
        "temperature": 0.5,
        "top_p": 0.9,
        "max_tokens": 0,
        "stop": ["a", "b"],
        "safe_prompt": True,
        "random_seed": 7,
        "presence_penalty": 0.1,
        "frequency_penalty": -0.1,
        "n": 2,
        "response_format": {"type": "json_object"},
        "tools": [TOOL],
        "tool_choice": "any",
        "parallel_tool_calls": False,
        "prediction": {"type": "content", "content": "x"},
        "reasoning_effort": "high",
        "prompt_mode": "reasoning",
        "metadata": {"a": 1},
        "guardrails": [{"block_on_error": True}],
        "prompt_cache_key": "k",
        "service_tier": "auto",
        "min_tokens": 1,
        "top_k": 3,
        "repetition_penalty": 1.1,
        "logprobs": True,
        "top_logprobs": 2,
    }
    got = built(Kind.MISTRAL, **given)
    assert {name: got.body[name] for name in given} == given
    assert set(got.body) == {*given, "messages", "stream"}
    assert got.notes == []


def test_unset_is_absent_but_zero_and_false_are_sent():
    body = built(Kind.MISTRAL, temperature=0, max_tokens=0, safe_prompt=False).body
    assert (body["temperature"], body["max_tokens"], body["safe_prompt"]) == (0, 0, False)


@pytest.mark.parametrize("kind", OTHERS)
def test_the_seed_is_called_seed_elsewhere(kind):
    body = built(kind, random_seed=7).body
    assert body["seed"] == 7
    assert "random_seed" not in body


def test_openai_has_another_word_for_the_limit():
    body = built(Kind.OPENAI, max_tokens=5).body
    assert body["max_completion_tokens"] == 5
    assert "max_tokens" not in body


@pytest.mark.parametrize("kind", [Kind.MISTRAL, Kind.LLAMACPP, Kind.OLLAMA, Kind.VLLM])
def test_the_others_call_the_limit_max_tokens(kind):
    assert built(kind, max_tokens=5).body["max_tokens"] == 5


@pytest.mark.parametrize("kind", OTHERS)
def test_usage_is_asked_for_where_it_must_be(kind):
    assert built(kind).body["stream_options"] == {"include_usage": True}
    assert "stream_options" not in built(kind, stream=False).body


def test_mistral_gets_no_stream_options():
    assert "stream_options" not in built(Kind.MISTRAL).body


@pytest.mark.parametrize("kind", list(Kind))
def test_a_reply_in_one_piece_is_asked_for_in_so_many_words(kind):
    got = built(kind, stream=False)
    assert got.body["stream"] is False
    assert not got.streams


@pytest.mark.parametrize("kind", OTHERS)
def test_what_a_server_does_not_know_is_left_out_and_told(kind):
    got = built(kind, safe_prompt=True)
    assert "safe_prompt" not in got.body
    assert any("safe_prompt" in note for note in got.notes)


@pytest.mark.parametrize("kind", OTHERS)
def test_what_is_off_anyway_is_not_worth_telling(kind):
    assert built(kind, safe_prompt=False).notes == []


@pytest.mark.parametrize("kind", list(Kind))
def test_unknown_parameters_are_left_out_and_told(kind):
    got = built(kind, flux=1)
    assert "flux" not in got.body
    assert any("flux" in note for note in got.notes)


@pytest.mark.parametrize("kind", list(Kind))
def test_extra_members_are_merged_last(kind):
    got = built(kind, model="m", extra={"model": "other", "flux": 1})
    assert (got.body["model"], got.body["flux"]) == ("other", 1)


def test_stop_sequences_are_a_list_without_empty_ones():
    got = built(Kind.MISTRAL, stop=["a", ""])
    assert got.body["stop"] == ["a"]
    assert got.notes == ["an empty stop sequence was not sent"]
    assert "stop" not in built(Kind.MISTRAL, stop=[]).body


def test_no_more_stop_sequences_are_sent_than_the_kind_takes_and_that_is_told():
    got = built(Kind.OPENAI, stop=["a", "", "b", "\n", "d", "e", "f"])
    assert got.body["stop"] == ["a", "b", "\n", "d"]
    assert got.notes == [
        "an empty stop sequence was not sent",
        'OpenAI takes 4 stop sequences; not sent: "e", "f"',
    ]
    assert len(built(Kind.VLLM, stop=list("abcdef")).body["stop"]) == 6


def test_mistral_is_told_that_the_last_message_is_a_prefix():
    got = built(Kind.MISTRAL, prefix="The ")
    assert got.body["messages"][-1] == {"role": "assistant", "content": "The ", "prefix": True}
    assert got.prefix == "The "
    assert "prefix" not in got.body


@pytest.mark.parametrize("kind", [Kind.LLAMACPP, Kind.VLLM])
def test_these_servers_are_told_to_continue_the_last_message(kind):
    body = built(kind, prefix="The ").body
    assert body["messages"][-1] == {"role": "assistant", "content": "The "}
    assert (body["continue_final_message"], body["add_generation_prompt"]) == (True, False)


def test_ollama_gets_the_prefix_as_the_last_message_with_a_warning():
    got = built(Kind.OLLAMA, prefix="The ")
    assert got.body["messages"][-1] == {"role": "assistant", "content": "The "}
    assert any("prefix" in note for note in got.notes)


def test_openai_cannot_be_given_a_prefix():
    got = built(Kind.OPENAI, prefix="The ")
    assert got.body["messages"][-1]["role"] == "user"
    assert got.prefix is None
    assert any("beginning" in note for note in got.notes)


@pytest.mark.parametrize("kind", list(Kind))
def test_any_tool_is_said_in_the_word_that_the_server_knows(kind):
    choice = built(kind, tools=[TOOL], tool_choice="any").body.get("tool_choice")
    expected = {Kind.MISTRAL: "any", Kind.OLLAMA: None}
    assert choice == expected.get(kind, "required")


def test_tool_members_without_tools_are_left_out():
    got = built(Kind.OPENAI, tool_choice="auto", parallel_tool_calls=True)
    assert "tool_choice" not in got.body
    assert len(got.notes) == 2


def test_hosted_tools_are_for_mistral_alone():
    tools = [{"type": "web_search"}, TOOL]
    assert built(Kind.MISTRAL, tools=tools).body["tools"] == tools
    got = built(Kind.VLLM, tools=tools)
    assert got.body["tools"] == [TOOL]
    assert got.notes


def test_a_tool_without_parameters_gets_empty_ones():
    tool = {"type": "function", "function": {"name": "go"}}
    (sent,) = built(Kind.MISTRAL, tools=[tool]).body["tools"]
    assert sent["function"]["parameters"] == {"type": "object", "properties": {}}
    assert "parameters" not in tool["function"]


def test_without_a_message_there_is_nothing_to_send():
    with pytest.raises(Failure) as caught:
        build(CompletionRequest([], Parameters()), Kind.MISTRAL)
    assert caught.value.kind is FailureKind.CONFIG
