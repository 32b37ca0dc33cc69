from itertools import pairwise

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.wire.frames import Frames

HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n"
)
END = b"0\r\n\r\n"


def chunk(data: bytes, extension: bytes = b"") -> bytes:
    return b"%x%b\r\n%b\r\n" % (len(data), extension, data)


def through(frames: Frames, pieces: list[bytes]) -> bytes:
    return b"".join(frames.feed(piece) for piece in pieces) + frames.close()


def understood(wire: bytes) -> tuple[bytes, bool]:
    client = h11.Connection(h11.CLIENT)
    client.send(h11.Request(method="GET", target="/", headers=[("host", "x")]))
    client.send(h11.EndOfMessage())
    client.receive_data(wire)
    client.receive_data(b"")
    body = b""
    while True:
        try:
            event = client.next_event()
        except h11.RemoteProtocolError:
            return body, False
        match event:
            case h11.Data(data=data):
                body += bytes(data)
            case h11.EndOfMessage():
                return body, True
            case _:
                pass


def cut(data: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[a:b] for a, b in pairwise(edges)]


BODIES = st.lists(st.binary(min_size=1, max_size=20), max_size=8)
CUTS = st.lists(st.integers(0, 2000), max_size=12)


@given(BODIES, CUTS)
def test_the_body_is_the_same_however_it_is_cut(body, cuts):
    wire = HEAD + b"".join(map(chunk, body)) + END
    assert understood(through(Frames(), cut(wire, cuts))) == (b"".join(body), True)


@given(BODIES, CUTS, st.integers(0, 500))
def test_a_body_that_breaks_off_is_known_to_be_broken(body, cuts, lost):
    whole = HEAD + b"".join(map(chunk, body)) + END
    wire = whole[: max(len(HEAD), len(whole) - 1 - lost)]
    got, is_whole = understood(through(Frames(), cut(wire, cuts)))
    assert (got, is_whole) == understood(wire)
    assert not is_whole


@given(st.binary(max_size=200), CUTS)
def test_nonsense_is_left_to_the_library(nonsense, cuts):
    wire = HEAD + chunk(b"a") + nonsense
    assert understood(through(Frames(), cut(wire, cuts)))[0].startswith(understood(wire)[0])


@given(BODIES, CUTS)
def test_extensions_and_trailers_are_understood_by_the_library(body, cuts):
    wire = HEAD + b"".join(chunk(data, b";x=1") for data in body) + b"0\r\nA: b\r\n\r\n"
    assert understood(through(Frames(), cut(wire, cuts))) == (b"".join(body), True)


def test_the_chunks_of_one_read_become_one():
    frames = Frames()
    frames.feed(HEAD)
    assert frames.feed(chunk(b"ab") + chunk(b"cd") + b"3\r\ne") == chunk(b"abcde")
    assert frames.feed(b"fg\r\n") == chunk(b"fg")
    assert frames.is_stream


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 12\r\n\r\n",
        b"HTTP/1.1 204 No\r\nTransfer-Encoding: chunked\r\nContent-Type: text/event-stream\r\n\r\n",
    ],
)
def test_other_bodies_are_passed_on_as_they_are(head):
    wire = head + chunk(b"ab") + chunk(b"cd")
    assert through(Frames(), [wire]) == wire


def test_an_interim_answer_is_not_the_answer():
    interim = b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
    frames = Frames()
    got = frames.feed(interim + HEAD + chunk(b"a") + chunk(b"b"))
    assert got == interim + HEAD + chunk(b"ab")


def test_a_head_without_end_is_not_kept():
    frames = Frames()
    for _ in range(300):
        frames.feed(b"x" * 1000)
    assert frames.feed(HEAD + chunk(b"a") + chunk(b"b")) == HEAD + chunk(b"a") + chunk(b"b")
    assert not frames._head
