from __future__ import annotations

import json

import pytest

from tests.store.importing.conftest import founds, said, troubles

TALK = [
    {"role": "developer", "content": "Be brief."},
    {"role": "user", "content": [{"type": "input_text", "text": "What "}, {"text": "now?"}]},
    {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {"id": "c1", "type": "function", "function": {"name": "now", "arguments": {"a": 1}}}
        ],
    },
    {"role": "tool", "content": "noon", "tool_call_id": "c1", "name": "now"},
    {"role": "assistant", "content": "Noon.", "reasoning_content": "Hm."},
]


def test_a_list_of_messages_is_one_session(write):
    [found] = founds(write("talk.json", TALK))
    assert said(found) == [
        ("system", "Be brief."), ("user", "What now?"), ("assistant", ""), ("tool", "noon"), ("assistant", "Noon."),
    ]  # fmt: skip
    messages = found.session.messages
    assert messages[2].tool_calls[0].arguments == '{"a": 1}'
    assert messages[3].tool_call_id == "c1"
    assert messages[4].thinking == "Hm."
    assert found.session.title == "What now?"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("\n".join(json.dumps(message) for message in TALK), 1),
        ("\n".join(json.dumps({"messages": TALK[: n + 2]}) for n in range(3)), 3),
        ("\n".join(json.dumps(TALK[: n + 2]) for n in range(3)), 3),
        (json.dumps([TALK, TALK[:2]]), 2),
        (json.dumps([{"messages": TALK}, {"messages": TALK[:2]}]), 2),
    ],
    ids=[
        "messages in lines",
        "bodies in lines",
        "lists in lines",
        "list of lists",
        "list of bodies",
    ],
)
def test_all_the_usual_ways_to_put_several_together_are_read(write, text, count):
    found = founds(write("talks.jsonl", text))
    assert len(found) == count
    assert len({one.id for one in found}) == count


def test_the_parameters_of_a_body_come_along(write):
    body = {
        "model": "m",
        "temperature": 0.5,
        "top_p": 7,
        "stop": "END",
        "stream": True,
        "messages": TALK,
    }
    [found] = founds(write("body.json", body))
    assert found.session.parameters.given() == {"model": "m", "temperature": 0.5, "stop": ["END"]}
    assert found.notes == ["the parameter top_p has a value that can't be used and was left out"]


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({"role": "moon", "content": "x"}, "'moon', which is no role"),
        ({"role": 5, "content": "x"}, "no role"),
        ({"role": "user", "content": [{"type": "image_url"}]}, "can't be read"),
        ({"role": "user", "content": [{"type": "thinking", "thinking": 5}]}, "can't be read"),
    ],
)
def test_a_message_that_is_none_is_told(write, message, words):
    assert words in troubles(write("a.json", [{"role": "user", "content": "Hi"}, message]))[0]


def test_odd_content_is_told_and_left_out(write):
    content = [5, "plain", {"nothing": 1}, {"type": "odd", "x": 1}]
    [found] = founds(
        write("a.json", [{"role": "user", "content": content}, {"role": "user", "content": 7}])
    )
    assert found.session.messages[0].text == "plain"
    assert found.notes == [
        "a part of a message that has no type was left out (2 times)",
        "content of the type int was left out",
    ]


def test_nul_surrogates_and_long_names_do_no_harm(write, importer):
    raw = '[{"role": "user", "content": "a\\u0000b\\ud800c", "name": "' + "n" * 10_000 + '"}]'
    [found] = founds(write("a.json", raw))
    taken = importer.take(found)
    session = importer._store.load(taken.session_id)
    assert session.messages[0].text == "a\0b\ufffdc"
    assert len(session.messages[0].name or "") == 500


def test_a_conversation_that_is_too_long_is_refused(write, monkeypatch):
    monkeypatch.setattr("tui.store.importing.api.LONGEST", 1000)
    path = write("a.json", [{"role": "user", "content": "x" * 100}] * 20)
    assert "larger than" in troubles(path)[0]
