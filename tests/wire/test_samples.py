import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.failure import Failure
from tui.wire.expect import outcome
from tui.wire.failures import from_response
from tui.wire.reader import BodyReader
from tui.wire.reply import Assembler
from tui.wire.secret import Secret

SAMPLES = Path(__file__).parent / "samples"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text("utf-8"))["samples"]
REPLIES = sorted(n for n, s in EXPECTED.items() if s["kind"] in {"stream", "response"})
ERRORS = [
    pytest.param(int(path.stem), variant, id=f"{path.stem}-{variant['name']}")
    for path in sorted((SAMPLES / "errors").glob("*.json"))
    for variant in json.loads(path.read_text("utf-8"))["variants"]
]


def read(name: str, pieces: list[bytes]) -> tuple[dict[str, Any], list[Any]]:
    sample = EXPECTED[name]
    prefix = sample.get("request", {}).get("prefix")
    assembler = Assembler(prefix)
    content_type = sample["headers"]["content-type"]
    reader = BodyReader(assembler, host="server", key=Secret(None), content_type=content_type)
    events: list[Any] = []
    failure = None
    try:
        for piece in pieces:
            for event in reader.feed(piece):
                events.append(event)
        for event in reader.close():
            events.append(event)
    except Failure as problem:
        failure = problem
    reply = failure.reply if failure else assembler.reply()
    if reply is not None:
        reply.prefix = prefix
    return outcome(reply, failure), events


def assert_expected(got: dict[str, Any], name: str) -> None:
    for member, value in EXPECTED[name]["expect"].items():
        if member == "error" and value is not None:
            assert {k: got["error"][k] for k in value} == value
        else:
            assert got[member] == value, member


def body(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def joined(events: list[Any], choice: int) -> str:
    texts = [e.text for e in events if type(e).__name__ == "TextDelta" and e.choice == choice]
    return "".join(texts)


@pytest.mark.parametrize("name", REPLIES)
def test_a_sample_gives_what_is_expected(name):
    got, _ = read(name, [body(name)])
    assert_expected(got, name)


@pytest.mark.parametrize("name", REPLIES)
def test_a_sample_read_byte_by_byte_gives_the_same(name):
    data = body(name)
    got, events = read(name, [data[i : i + 1] for i in range(len(data))])
    assert_expected(got, name)
    for choice in got["choices"]:
        assert joined(events, choice["index"]) == choice["text"]


@given(data=st.data())
def test_a_sample_cut_anywhere_gives_the_same(data):
    name = data.draw(st.sampled_from(REPLIES))
    whole = body(name)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=12)))
    edges = [0, *cuts, len(whole)]
    got, events = read(name, [whole[a:b] for a, b in pairwise(edges)])
    assert_expected(got, name)
    for choice in got["choices"]:
        assert joined(events, choice["index"]) == choice["text"]


@pytest.mark.parametrize(("status", "variant"), ERRORS)
def test_an_error_body_is_understood(status, variant):
    failure = from_response(
        status, variant["headers"], variant["body"].encode(), host="h", key=Secret(None), now=0
    )
    error = outcome(None, failure)["error"]
    assert {name: error[name] for name in variant["expect"]} == variant["expect"]
    assert failure.status == status
    assert failure.sentence
