import json
import ssl
from email.utils import formatdate
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.failure import Failure, FailureKind
from tui.core.provider import Provider
from tui.wire.failures import from_event, from_response, retry_after
from tui.wire.secret import Secret
from tui.wire.transport import failure_of

NONE = Secret(None)


def refusal(status: int, body: Any = b"", headers: dict[str, str] | None = None) -> Failure:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return from_response(status, headers or {}, data, host="api.test", key=NONE, now=1000.0)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"object": "error", "message": "m", "type": "t", "code": "1500"}, "m"),
        ({"object": "error", "message": {"detail": [{"loc": ["a", 0], "msg": "b"}]}}, "a.0: b"),
        ({"detail": [{"loc": ["a"], "msg": "b"}, {"loc": ["c"], "msg": "d"}]}, "a: b; c: d"),
        ({"object": "Error", "detail": [], "message": [{"loc": ["a"], "msg": "b"}]}, "a: b"),
        ({"object": "error", "message": '{"detail":[{"loc":["a"],"msg":"b"}]}'}, "a: b"),
        ({"detail": "Unauthorized"}, "Unauthorized"),
        ({"message": "Unauthorized", "request_id": "r"}, "Unauthorized"),
        ({"error": {"message": "m", "status": 403}, "guardrails": {}}, "m"),
        ({"object": "Error", "message": "m", "code": 3201, "guardrails": []}, "m"),
        ({"error": {"message": "m", "type": "t", "param": None, "code": 400}}, "m"),
        ({"object": "error", "message": "m", "type": "BadRequestError", "code": 400}, "m"),
        ({"error": "text"}, "text"),
        (b'data: {"error":{"message":"as an event"}}\n\n', "as an event"),
        (b'event: error\ndata: {"message":"as an event"}', "as an event"),
        (b"data: no json", "data: no json"),
        (b"<html><title> Bad\n gateway &amp; co </title>", "Bad gateway & co"),
        (b"\n\nfirst line\nsecond", "first line"),
        (b"<html>nothing to see", None),
        (b"", None),
        (b"{}", None),
        (b"[]", None),
        (b"null", "null"),
        ({"error": {}}, None),
        ({"error": True, "message": "m"}, "m"),
        ("just text", "just text"),
        ({"message": "{not json"}, "{not json"),
    ],
)
def test_the_servers_words_are_found_in_every_shape(body, words):
    failure = refusal(400, body)
    assert failure.words == words
    assert failure.message == (words or "api.test answered 400 Bad Request")


@pytest.mark.parametrize(
    ("status", "kind", "retryable"),
    [
        (400, FailureKind.BAD_REQUEST, False),
        (401, FailureKind.AUTH, False),
        (402, FailureKind.PAYMENT, False),
        (403, FailureKind.PERMISSION, False),
        (404, FailureKind.NOT_FOUND, False),
        (408, FailureKind.SERVER, True),
        (418, FailureKind.BAD_REQUEST, False),
        (422, FailureKind.VALIDATION, False),
        (425, FailureKind.SERVER, True),
        (429, FailureKind.RATE_LIMIT, True),
        (500, FailureKind.SERVER, True),
        (503, FailureKind.SERVER, True),
        (529, FailureKind.SERVER, True),
    ],
)
def test_the_status_gives_the_class(status, kind, retryable):
    failure = refusal(status, {"message": "m"})
    assert (failure.kind, failure.retryable, failure.status) == (kind, retryable, status)
    assert failure.advice


@pytest.mark.parametrize("status", [400, 413, 422])
@pytest.mark.parametrize(
    "body",
    [
        {"message": "Prompt is too long"},
        {"error": {"message": "x", "type": "exceed_context_size_error"}},
        {"message": "x", "type": "model_context_exceeded"},
        {"error": {"message": "x", "code": "context_length_exceeded"}},
    ],
)
def test_a_conversation_that_is_too_long_is_told_apart(status, body):
    assert refusal(status, body).kind is FailureKind.CONTEXT_LENGTH


@pytest.mark.parametrize(
    ("code", "told"), [("1500", "1500"), (3001, "3001"), (None, None), (True, None), ({}, None)]
)
def test_codes_are_text(code, told):
    assert refusal(400, {"message": "m", "code": code}).code == told


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": formatdate(1030, usegmt=True)}, 30),
        ({"retry-after": formatdate(900, usegmt=True)}, 0),
        ({"retry-after": "7", "retry-after-ms": "250"}, 0.25),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": ""}, None),
    ],
)
def test_the_wait_is_read_in_every_form(headers, seconds):
    assert retry_after(headers, 1000.0) == seconds


def test_the_request_id_is_kept():
    assert refusal(500, headers={"mistral-correlation-id": "abc"}).request_id == "abc"


def test_a_very_long_message_is_cut():
    assert len(refusal(500, {"message": "x" * 100_000}).message) == 4000


@given(st.binary(max_size=200), st.integers(400, 599))
def test_no_body_makes_it_raise(body, status):
    failure = refusal(status, body)
    assert failure.sentence
    failure.sentence.encode()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["error", "message", "detail", "code", "type", "loc", "msg"]),
                inner,
                max_size=3,
            )
        ),
    )
)
def test_no_json_makes_it_raise(data):
    assert refusal(400, data).sentence
    assert from_event(data, host="h", key=NONE, has_begun=True).sentence


@pytest.mark.parametrize(
    ("data", "retryable"),
    [
        ({"error": {"code": 503, "message": "m"}}, True),
        ({"error": {"code": "429", "message": "m"}}, True),
        ({"error": {"code": 400, "message": "m"}}, False),
        ({"error": {"message": "m", "type": "invalid_request_error"}}, False),
        ({"error": {"message": "prompt is too long"}}, False),
        ({"error": {"message": "m"}}, True),
        ("m", True),
        (None, True),
    ],
)
def test_an_error_in_a_stream_tells_whether_it_may_pass(data, retryable):
    assert from_event(data, host="h", key=NONE, has_begun=True).retryable is retryable


KEY = "sk-0123456789abcdefghij"


@pytest.mark.parametrize(
    "text",
    [
        KEY,
        f"x{KEY}y",
        KEY[:9],
        KEY[-8:],
        f"{KEY[:10]}…{KEY[-10:]}",
        KEY * 3,
        f"{KEY[3:]}{KEY[:-3]}",
    ],
)
def test_no_part_of_a_key_that_matters_is_left(text):
    left = Secret(KEY).scrub(text)
    assert not any(KEY[at : at + 8] in left for at in range(len(KEY) - 7))


def test_other_text_stays():
    assert Secret(KEY).scrub("sk- is how keys begin") == "sk- is how keys begin"
    assert Secret("abc").scrub("abc") == "abc"
    assert Secret(None).scrub("abc") == "abc"


def test_a_key_is_not_shown_by_repr_and_loses_its_line_end():
    assert KEY not in repr(Secret(KEY))
    assert Secret(f" {KEY}\n").bearer() == f"Bearer {KEY}"
    assert not Secret(None)


@pytest.mark.parametrize("key", ["a b", "a\nb", "ключ"])
def test_a_key_that_cannot_be_sent_is_seen(key):
    assert not Secret(key).is_sendable()


def trouble(error: httpx.HTTPError, cause: BaseException | None = None) -> Failure:
    error.__cause__ = cause
    return failure_of(error, "api.test", Provider(name="p", idle_timeout_s=7))


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (httpx.ConnectError("[Errno 111] Connection refused"), FailureKind.CONNECT, "refused"),
        (httpx.ConnectTimeout(""), FailureKind.CONNECT, "within 10 s"),
        (httpx.ReadTimeout(""), FailureKind.TIMEOUT, "7 s"),
        (httpx.RemoteProtocolError("Server disconnected"), FailureKind.CONNECT, "closed"),
        (httpx.ReadError(""), FailureKind.CONNECT, "closed"),
        (httpx.ProxyError("403"), FailureKind.CONNECT, "proxy"),
        (httpx.ConnectError("[SSL: WRONG_VERSION_NUMBER]"), FailureKind.TLS, "prove"),
        (httpx.DecodingError("bad"), FailureKind.PROTOCOL, "unpacked"),
    ],
)
def test_trouble_on_the_line_is_told_with_the_host(error, kind, words):
    failure = trouble(error)
    assert failure.kind is kind
    assert words in failure.message
    assert "api.test" in failure.message


def test_a_certificate_that_nobody_trusts_is_told():
    cause = ssl.SSLCertVerificationError("x")
    cause.verify_message = "self-signed certificate"
    failure = trouble(httpx.ConnectError("x"), cause)
    assert failure.kind is FailureKind.TLS
    assert "self-signed certificate" in failure.message
    assert "ca_file" in failure.advice
    assert not failure.retryable
