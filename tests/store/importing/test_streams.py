from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.failure import Failure
from tui.store.importing import streams
from tui.store.importing.streams import JsonStream

JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


class Endless:
    """A file that says the same for ever, and counts what is read of it."""

    def __init__(self, start: bytes, again: bytes) -> None:
        self.start, self.again, self.taken = start, again, 0

    def read(self, size: int) -> bytes:
        data = self.start + self.again * (size // len(self.again) + 1)
        self.start = b""
        self.taken += len(data)
        return data


def values(text: str | bytes) -> list[object]:
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    return [value.data for value in JsonStream(io.BytesIO(data), "it").values()]


@given(st.lists(JSON))
def test_a_list_is_read_one_by_one(items):
    assert values(json.dumps(items)) == items


@given(st.lists(st.one_of(st.integers(), st.dictionaries(st.text(), JSON, max_size=2)), max_size=5))
def test_values_in_lines_are_read_one_by_one(items):
    assert values("\n".join(json.dumps(item) for item in items)) == items


def test_lists_in_lines_are_told_apart():
    found = list(JsonStream(io.BytesIO(b"[1, 2]\n[]\n[3]\n{}"), "it").values())
    assert [(value.data, value.group) for value in found] == [(1, 0), (2, 0), (3, 2), ({}, None)]


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_it_does_not_matter_in_which_pieces_it_is_read(monkeypatch, size):
    monkeypatch.setattr(streams, "_PIECE", size)
    items = ["é🧀" * 20, 12345678, -1.5e300, {"a": [1, 'b\\"]']}, True, None]
    assert values(json.dumps(items, ensure_ascii=False)) == items


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
def test_marks_of_the_coding_are_understood(codec):
    assert values('[{"a": "é"}]'.encode(codec)) == [{"a": "é"}]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[1, 2", "ends in the middle"),
        ("[1 2]", "character 4: a comma or a closing bracket is missing"),
        ("[1, ]", "character 5: expecting value"),
        ('{"a": }', "expecting value"),
        ('["abc', "unterminated string"),
        ("[" * 300 + "]" * 300, "nested too deeply"),
        ('[{"a":' + "[" * 300 + "]" * 300 + "}]", "nested too deeply"),
        ("[" + "1" * 5000 + "]", "number in it is too long"),
        (b'["\xff"]', "no UTF-8 text"),
        ("hello", "expecting value"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text, words):
    with pytest.raises(Failure, match=words):
        values(text)


def test_numbers_that_are_none_count_as_nothing():
    assert values("[NaN, Infinity, 1]") == [None, None, 1]


def test_what_has_no_end_is_given_up(monkeypatch):
    monkeypatch.setattr(streams, "LONGEST", 1 << 20)
    file = Endless(b'["', b"a")
    with pytest.raises(Failure, match="larger than 1 MB"):
        list(JsonStream(file, "it").values())
    assert file.taken < 5 << 20


def test_what_has_too_many_parts_is_given_up(monkeypatch):
    monkeypatch.setattr(streams, "MOST_PARTS", 400_000)
    with pytest.raises(Failure, match="too many parts"):
        list(JsonStream(Endless(b"[[", b"[],"), "it").values())


def test_a_long_file_is_not_held_in_memory():
    file = Endless(b"[", b'{"mapping": {"a": "' + b"b" * 1000 + b'"}},')
    stream = JsonStream(file, "it")
    most = 0
    for count, _ in enumerate(stream.values()):
        most = max(most, len(stream._text))
        if count == 20_000:
            break
    assert file.taken > 20_000_000
    assert most < 1 << 20
