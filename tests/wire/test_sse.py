import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.wire.sse import Decoder, Event

LINES = st.sampled_from(
    [
        "data: a",
        "data:b",
        "data",
        "data: ",
        ": ping",
        "",
        "",
        "event: error",
        "id: 1",
        "error: {}",
        "data: \u2028\u2029\x85x",
        "nonsense",
        "data: é👩\u200d🚀",
        "event:",
        "retry: 3",
    ]
)
BODIES = st.lists(st.tuples(LINES, st.sampled_from(["\n", "\r\n", "\r"])), max_size=12).map(
    lambda lines: "".join(line + end for line, end in lines).encode()
)


def decode(pieces: list[bytes]) -> list[Event]:
    decoder = Decoder()
    events = [event for piece in pieces for event in decoder.feed(piece)]
    return events + decoder.close()


def cut(body: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(at % (len(body) + 1) for at in cuts), len(body)]
    return [body[a:b] for a, b in zip(edges, edges[1:], strict=False)]  # noqa: RUF007


def by_the_book(body: bytes) -> list[Event]:
    events: list[Event] = []
    data: list[str] = []
    name = ""
    for line in [*re.split("\r\n|\n|\r", body.decode().removeprefix("\ufeff")), ""]:
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line:
            if data:
                events.append(Event("\n".join(data), name))
            data, name = [], ""
        elif field == "data":
            data.append(value)
        elif field == "event":
            name = value
        elif field == "error":
            data.append(value)
            name = "error"
    return events


@given(BODIES, st.lists(st.integers(0, 10_000), max_size=8))
def test_any_cut_of_any_body_gives_the_events_of_the_standard(body, cuts):
    assert decode(cut(body, cuts)) == by_the_book(body)


@given(BODIES)
def test_a_body_byte_by_byte_gives_the_same(body):
    assert decode([bytes([byte]) for byte in body]) == by_the_book(body)


@given(st.binary(max_size=200), st.lists(st.integers(0, 10_000), max_size=8))
def test_garbage_never_raises_and_cuts_never_matter(body, cuts):
    assert decode(cut(body, cuts)) == decode([body])


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\u0085", "\x0b", "\x0c", "\x1c"])
def test_only_the_line_ends_of_the_standard_end_a_line(separator):
    assert decode([f"data: a{separator}b\n\n".encode()]) == [Event(f"a{separator}b")]


def test_a_byte_order_mark_is_skipped_even_in_pieces():
    body = b"\xef\xbb\xbfdata: x\n\n"
    assert decode([bytes([byte]) for byte in body]) == [Event("x")]
    assert decode([body]) == [Event("x")]


def test_a_byte_order_mark_inside_a_text_stays():
    assert decode(["data: a\n\ndata: \ufeffb\n\n".encode()]) == [Event("a"), Event("\ufeffb")]


def test_an_unfinished_event_at_the_end_is_given_out():
    assert decode([b"data: [DONE]"]) == [Event("[DONE]")]
    assert decode([b"data: [DONE]\n"]) == [Event("[DONE]")]


def test_an_event_is_given_out_as_soon_as_it_is_complete():
    decoder = Decoder()
    assert decoder.feed(b"data: x\r\n\r") == [Event("x")]
    assert decoder.feed(b"\n") == []
    assert decoder.close() == []


def test_a_field_named_error_is_an_error_event():
    assert decode([b'error: {"code":400}\n\n']) == [Event('{"code":400}', "error")]


def test_bytes_that_are_no_utf8_are_replaced():
    assert decode([b"data: \xff\n\n"]) == [Event("\ufffd")]


def test_a_long_line_byte_by_byte_does_not_take_for_ever():
    text = json.dumps("x" * 400_000)
    body = f"data: {text}\n\n".encode()
    assert decode([body[at : at + 1] for at in range(len(body))]) == [Event(text)]


def test_a_line_of_ten_megabytes_is_one_event():
    piece = b"y" * 65536
    (event,) = decode([b"data: ", *[piece] * 160, b"\n\n"])
    assert len(event.data) == 160 * 65536
