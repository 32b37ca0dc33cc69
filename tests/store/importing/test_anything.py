from __future__ import annotations

import json
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.importing.test_chatgpt import BRANCHED
from tests.store.importing.test_lechat import message
from tests.store.importing.test_parllama import CHAT
from tui.core.failure import Failure
from tui.store.importing.formats import Format, Trouble
from tui.store.importing.making import Found
from tui.store.importing.reading import read
from tui.store.sessions.text import session_text

SAMPLES = {
    Format.CHATGPT: [BRANCHED],
    Format.LE_CHAT: [
        message("a", "user", "Hi", 1, contentChunks=[{"type": "text", "text": "Hi"}], files=[{"name": "x"}]),
        message("b", "assistant", "Ho", 2, contentChunks=[{"type": "reference", "referenceIds": [1]}]),
    ],
    Format.PARLLAMA: CHAT,
    Format.API: {
        "model": "m",
        "temperature": 1,
        "messages": [
            {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]},
            {"role": "assistant", "content": "x", "tool_calls": [{"id": "c", "function": {"name": "f", "arguments": "{}"}}]},
        ],
    },
    Format.BISE: {
        "bise": 1,
        "messages": [{"role": "user", "content": "Hi"}],
        "session": {"id": "20260102-030405-abcd", "title": "T", "created": "2026-01-02T03:04:05Z", "imported": {"from": "x", "id": "y"}},
        "tree": [{"id": "a", "message": 0}, {"id": "b", "parent": "a", "role": "assistant", "content": [{"type": "text", "text": "x"}]}],
    },
}  # fmt: skip
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0, -1, 10**30, 1e308, 0.5]),
    st.sampled_from(
        [
            "",
            "\0",
            "\ud800",
            "x" * 3000,
            "assistant",
            "2026",
            "files/" + "a" * 64 + ".png",
            "data:,",
        ]
    ),
    st.sampled_from(
        [
            [],
            {},
            [[]],
            [{}],
            {"a": {}},
            ["x"],
            [None],
            {"type": "text"},
            {"type": "thinking", "thinking": 1},
        ]
    ),
)


@st.composite
def spoiled(draw: st.DrawFn, value: object) -> object:
    """The value with something odd in the place of one of its parts."""
    if draw(st.integers(0, 4)) == 0 or not isinstance(value, dict | list) or not value:
        return draw(ODD)
    if isinstance(value, dict):
        key = draw(st.sampled_from(sorted(value)))
        if draw(st.integers(0, 5)) == 0:
            return {name: part for name, part in value.items() if name != key}
        return {**value, key: draw(spoiled(value[key]))}
    at = draw(st.integers(0, len(value) - 1))
    return [*value[:at], draw(spoiled(value[at])), *value[at + 1 :]]


@pytest.mark.parametrize("form", SAMPLES)
@given(data=st.data())
def test_whatever_is_odd_in_it_comes_to_a_session_or_to_words(form, data):
    raw = SAMPLES[form]
    for _ in range(data.draw(st.integers(1, 3))):
        raw = data.draw(spoiled(raw))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "it.json"
        path.write_text(json.dumps(raw))
        with suppress(Failure):
            for reading in read(path, form):
                if isinstance(reading, Found):
                    session_text(reading.session).encode()
                    reading.session.branch()
                else:
                    assert isinstance(reading, Trouble)
                    assert len(reading.words) < 2000
