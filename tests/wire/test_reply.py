import json
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.completion import CallPiece, Usage
from tui.core.events import PartDelta, TextDelta, ThinkingDelta
from tui.core.failure import Failure, FailureKind
from tui.wire.reader import BodyReader
from tui.wire.reply import Assembler
from tui.wire.secret import Secret

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=4)
    | st.sampled_from(["text", "thinking", "reference", "stop", "null", "\ud800"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "choices",
                    "delta",
                    "message",
                    "messages",
                    "content",
                    "index",
                    "type",
                    "text",
                    "thinking",
                    "tool_calls",
                    "function",
                    "name",
                    "arguments",
                    "id",
                    "usage",
                    "reference_ids",
                    "finish_reason",
                    "logprobs",
                    "error",
                    "detail",
                    "closed",
                    "prompt_tokens",
                    "prompt_tokens_details",
                    "reasoning",
                    "refusal",
                    "stop_reason",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=25,
)

CHUNKS = st.one_of(
    JSON.filter(lambda value: not isinstance(value, str)),
    JSON.map(lambda delta: {"choices": [{"delta": delta}]}),
    st.lists(JSON, max_size=3).map(lambda content: choice({"content": content})),
    JSON.map(lambda inner: choice({"content": [{"type": "thinking", "thinking": inner}, "x"]})),
    st.lists(JSON, max_size=3).map(lambda calls: choice({"tool_calls": calls, "content": "x"})),
    st.text("atex ", max_size=4).map(lambda text: choice({"content": text})),
)


def choice(delta: dict[str, Any], index: int = 0, finish: str | None = None) -> dict[str, Any]:
    return {"choices": [{"index": index, "delta": delta, "finish_reason": finish}]}


def assemble(*deltas: dict[str, Any], prefix: str | None = None) -> tuple[Any, list[Any]]:
    assembler = Assembler(prefix)
    events = [event for delta in deltas for event in assembler.add(choice(delta))]
    events += assembler.finish()
    return assembler.reply().choices[0], events


def read(*pieces: bytes, prefix: str | None = None) -> tuple[list[Any], Any, Failure | None]:
    assembler = Assembler(prefix)
    reader = BodyReader(assembler, host="h", key=Secret(None))
    events: list[Any] = []
    try:
        for piece in pieces:
            for event in reader.feed(piece):
                events.append(event)
        for event in reader.close():
            events.append(event)
    except Failure as failure:
        return events, failure.reply, failure
    return events, assembler.reply(), None


def stream(*events: Any) -> bytes:
    texts = [e if isinstance(e, str) else json.dumps(e) for e in events]
    return "".join(f"data: {text}\n\n" for text in texts).encode()


def test_chunks_keep_their_order_and_neighbours_are_joined():
    got, _ = assemble(
        {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "a"}]}]},
        {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "b"}]}]},
        {"content": "c"},
        {"content": [{"type": "text", "text": "d"}, {"type": "reference", "reference_ids": [1]}]},
        {"content": "e"},
    )
    assert got.content == [
        {"type": "thinking", "thinking": [{"type": "text", "text": "ab"}]},
        {"type": "text", "text": "cd"},
        {"type": "reference", "reference_ids": [1]},
        {"type": "text", "text": "e"},
    ]
    assert (got.text, got.thinking) == ("cde", "ab")
    assert got.references == [{"ids": [1], "offset": 2}]


def test_closed_thinking_ends_its_chunk_and_keeps_its_signature():
    part = {"type": "text", "text": "a"}
    got, _ = assemble(
        {"content": [{"type": "thinking", "thinking": [part], "closed": True, "signature": "s"}]},
        {"content": [{"type": "thinking", "thinking": [part]}]},
    )
    assert [chunk.get("signature") for chunk in got.content] == ["s", None]


def test_an_unknown_chunk_is_kept_as_it_came():
    hologram = {"type": "hologram", "beams": [1, {"x": 2}]}
    got, events = assemble({"content": [hologram]}, {"content": "after"})
    assert got.content[0] == hologram
    assert events == [PartDelta("hologram"), TextDelta("after")]


@pytest.mark.parametrize("member", ["reasoning", "reasoning_content"])
def test_reasoning_members_are_thinking(member):
    got, events = assemble({member: "hm"}, {"content": "so"})
    assert (got.thinking, got.text) == ("hm", "so")
    assert events == [ThinkingDelta("hm"), TextDelta("so")]
    assert got.content[0] == {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}


def test_reasoning_given_twice_counts_once():
    got, _ = assemble({"reasoning": "hm", "reasoning_content": "hm"})
    assert got.thinking == "hm"


def test_the_prefix_comes_before_the_text_and_after_the_thinking():
    got, events = assemble({"content": None}, {"reasoning": "hm"}, {"content": "B"}, prefix="A")
    assert events[0] == TextDelta("A")  # shown at once
    assert got.text == "AB"
    got, _ = assemble({"reasoning": "hm"}, {"content": "B"}, prefix="A")
    assert [chunk["type"] for chunk in got.content] == ["thinking", "text"]


def test_offsets_of_references_count_the_prefix():
    reference = {"type": "reference", "reference_ids": [0]}
    got, _ = assemble({"content": "B"}, {"content": [reference]}, prefix="A ")
    assert (got.text, got.references[0]["offset"]) == ("A B", 3)


def piece(
    call_id: str | None, name: str | None, arguments: Any, index: int | None = None
) -> dict[str, Any]:
    shape: dict[str, Any] = {"function": {"name": name, "arguments": arguments}, "id": call_id}
    return shape if index is None else {**shape, "index": index}


def test_placeholders_never_overwrite_an_id_or_a_name():
    got, _ = assemble(
        {"tool_calls": [piece("a1", "go", "{", 0)]},
        {"tool_calls": [piece("null", "", '"x":', 0)]},
        {"tool_calls": [piece("", None, "1}", 0)]},
    )
    assert got.tool_calls == [CallPiece("a1", "go", '{"x":1}')]


def test_whole_calls_without_an_index_in_deltas_of_their_own_are_two():
    got, _ = assemble(
        {"tool_calls": [piece("a1", "go", "{}")]}, {"tool_calls": [piece("b2", "go", "{}")]}
    )
    assert [call.id for call in got.tool_calls] == ["a1", "b2"]


def test_calls_are_ordered_by_index():
    got, _ = assemble({"tool_calls": [piece("b", "y", "", 1), piece("a", "x", "", 0)]})
    assert [call.id for call in got.tool_calls] == ["a", "b"]
    assert [call.arguments for call in got.tool_calls] == ["{}", "{}"]


def test_arguments_given_as_an_object_become_text():
    got, _ = assemble({"tool_calls": [piece("a", "x", {"é": 1})]})
    assert got.tool_calls == [CallPiece("a", "x", '{"é": 1}', as_object=True)]


def test_the_last_usage_wins_and_its_older_forms_are_known():
    assembler = Assembler()
    assembler.add({"choices": [], "usage": {"prompt_tokens": 1}})
    assembler.add({"choices": [], "usage": None})
    assembler.add({"usage": {"prompt_tokens": 2, "num_cached_tokens": 64, "total_tokens": True}})
    assert assembler.reply().usage == Usage(prompt_tokens=2, cached_tokens=64)


def test_logprobs_of_a_stream_are_joined():
    assembler = Assembler()
    for token in "ab":
        data = choice({"content": token})
        data["choices"][0]["logprobs"] = {"content": [{"token": token}]}
        assembler.add(data)
    assert assembler.reply().choices[0].logprobs == {"content": [{"token": "a"}, {"token": "b"}]}


def test_unknown_members_of_the_reply_are_kept():
    assembler = Assembler()
    assembler.add({"choices": [], "timings": {"predicted_ms": 3}, "p": "pad"})
    assert assembler.reply().extra == {"timings": {"predicted_ms": 3}}


def test_lone_surrogates_are_scrubbed():
    got, events = assemble({"content": "a\ud800"})
    assert got.text == "a\ufffd"
    assert events == [TextDelta("a\ufffd")]


def test_messages_in_place_of_a_message_are_joined():
    assembler = Assembler()
    messages = [
        {"role": "assistant", "content": "a"},
        {"role": "tool", "content": "no"},
        {"role": "assistant", "content": "b"},
    ]
    assembler.add({"choices": [{"index": 0, "messages": messages, "finish_reason": "stop"}]})
    assert assembler.reply().choices[0].text == "ab"


def test_done_without_a_finish_reason_is_done():
    _, reply, failure = read(stream(choice({"content": "x"}), "[DONE]"))
    assert failure is None
    assert reply.choices[0].text == "x"


def test_one_choice_without_its_end_is_a_truncation():
    body = stream(choice({"content": "x"}, 0, "stop"), choice({"content": "y"}, 1))
    _, reply, failure = read(body)
    assert failure is not None
    assert failure.kind is FailureKind.TRUNCATED
    assert [c.text for c in reply.choices] == ["x", "y"]


def test_an_empty_body_is_a_truncation():
    _, reply, failure = read(b"")
    assert failure is not None
    assert failure.kind is FailureKind.TRUNCATED
    assert reply.choices[0].is_empty


def test_deltas_before_an_error_in_the_same_bytes_are_given_out():
    events, reply, failure = read(stream(choice({"content": "x"}), {"error": {"message": "bad"}}))
    assert events == [TextDelta("x")]
    assert reply.choices[0].text == "x"
    assert failure is not None
    assert failure.message == "bad"


def test_a_finish_reason_error_is_an_error():
    _, reply, failure = read(stream(choice({"content": "x"}, finish="error"), "[DONE]"))
    assert failure is not None
    assert failure.kind is FailureKind.STREAM_ERROR
    assert failure.retryable
    assert reply.choices[0].text == "x"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'event: error\ndata: {"error":"too much","reason":"x"}\n\n', "too much"),
        (b"event: error\ndata: plain words\n\n", "plain words"),
        (b'event: conversation.response.error\ndata: {"message":"m","code":1}\n\n', "m"),
        (b'data: {"object":"Error","message":"m"}\n\n', "m"),
        (b'data: {"detail":[{"loc":["a",1],"msg":"no"}]}\n\n', "a.1: no"),
        (b'data: {"error":"text"}\n\n', "text"),
        (b'{"error":{"message":"in plain JSON"}}', "in plain JSON"),
    ],
)
def test_every_form_of_an_error_in_a_stream_is_told(body, words):
    _, _, failure = read(body)
    assert failure is not None
    assert failure.kind is FailureKind.STREAM_ERROR
    assert failure.words == words


def test_an_error_member_that_is_null_is_no_error():
    _, _, failure = read(stream({**choice({"content": "x"}, finish="stop"), "error": None}))
    assert failure is None


def test_a_broken_event_in_the_middle_is_no_truncation():
    _, reply, failure = read(stream(choice({"content": "x"}), '{"choices":', "[DONE]"))
    assert failure is not None
    assert failure.kind is FailureKind.PROTOCOL
    assert reply.choices[0].text == "x"


def test_a_broken_event_at_the_end_is_a_truncation_even_after_a_finish_reason():
    _, _, failure = read(stream(choice({"content": "x"}, finish="stop"), '{"choices":'))
    assert failure is not None
    assert failure.kind is FailureKind.TRUNCATED


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<html><title>Hi</title></html>", FailureKind.PROTOCOL),
        (b"Bad gateway, sorry", FailureKind.PROTOCOL),
        (b'{"hello":1}', FailureKind.PROTOCOL),
        (b"[1,2]", FailureKind.PROTOCOL),
        (b'{"choices":[{"mess', FailureKind.TRUNCATED),
        (b"[" * 100_000, FailureKind.TRUNCATED),
    ],
)
def test_a_body_that_is_no_reply_is_told(body, kind):
    _, _, failure = read(body)
    assert failure is not None
    assert failure.kind is kind


@pytest.mark.parametrize(
    "event",
    [
        '{"choices":[{"delta":{"content":[{"type":"x","a":DEEP}]}}]}',
        '{"choices":[{"delta":{"content":[{"type":"thinking","thinking":"y","a":DEEP}]}}]}',
        '{"a":DEEP}',
    ],
)
def test_what_is_nested_too_deeply_ends_the_reply_and_keeps_what_had_come(event):
    deep = event.replace("DEEP", "[" * 600 + "]" * 600)
    _, reply, failure = read(stream(choice({"content": "x"}), deep, "[DONE]"))
    assert failure is not None
    assert failure.kind is FailureKind.PROTOCOL
    assert reply.choices[0].text == "x"


def test_a_plain_reply_that_repeats_a_short_prefix_holds_it_once():
    body = json.dumps({"choices": [{"message": {"content": "1 2"}, "finish_reason": "stop"}]})
    assembler = Assembler("1", shortest_echo=12)
    reader = BodyReader(assembler, host="h", key=Secret(None))
    list(reader.feed(body.encode()))
    list(reader.close())
    assert assembler.reply().choices[0].text == "1 2"


@given(st.lists(CHUNKS, max_size=4), st.sampled_from([None, "a", "text "]))
def test_no_object_makes_it_raise_anything_but_a_failure(objects, prefix):
    events, reply, _ = read(stream(*objects), prefix=prefix)
    for got in reply.choices:
        shown = "".join(
            e.text for e in events if isinstance(e, TextDelta) and e.choice == got.index
        )
        assert shown == got.text
        got.text.encode()


@given(st.binary(max_size=300))
def test_no_bytes_make_it_raise_anything_but_a_failure(body):
    read(body)


def test_memory_stays_near_the_size_of_the_reply():
    text = "x" * 200
    body = stream(choice({"content": text}))
    assembler = Assembler()
    reader = BodyReader(assembler, host="h", key=Secret(None))
    tracemalloc.start()
    try:
        for _ in range(10_000):
            for _event in reader.feed(body):
                pass
        list(reader.feed(stream(choice({}, finish="stop"), "[DONE]")))
        reply = assembler.reply()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(reply.choices[0].text) == 2_000_000
    assert peak < 4 * 2_000_000
