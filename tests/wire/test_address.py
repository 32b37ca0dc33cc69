from typing import Any

import pytest

from tui.core.failure import Failure, FailureKind
from tui.core.provider import Provider
from tui.core.words import Kind
from tui.wire.address import base_url, below, host_of
from tui.wire.client import Client


def base(url: str | None, **members: Any) -> str:
    return str(base_url(Provider(name="p", base_url=url, **members)))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("https://api.test", "https://api.test/v1"),
        ("https://api.test/", "https://api.test/v1"),
        ("https://api.test/v1", "https://api.test/v1"),
        ("https://api.test/v1///", "https://api.test/v1"),
        (" https://api.test/v1\n", "https://api.test/v1"),
        ("https://api.test/v1/chat/completions", "https://api.test/v1"),
        ("https://api.test/openai", "https://api.test/openai/v1"),
        ("https://api.test/openai/v1", "https://api.test/openai/v1"),
        ("https://api.test/v1beta/openai", "https://api.test/v1beta/openai"),
        ("https://api.test:8443", "https://api.test:8443/v1"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/v1"),
        ("http://[::1]:8080", "http://[::1]:8080/v1"),
        ("HTTPS://api.test", "https://api.test/v1"),
        ("localhost:8080", "http://localhost:8080/v1"),
        ("localhost/v1", "http://localhost/v1"),
        ("[::1]/v1", "http://[::1]/v1"),
        (" api.test\n", "https://api.test/v1"),
    ],
)
def test_every_form_of_a_base_url_becomes_one(given, expected):
    assert base(given) == expected


@pytest.mark.parametrize("kind", list(Kind))
def test_without_a_base_url_it_is_that_of_the_kind(kind):
    assert base(None, kind=kind).endswith("/v1")


@pytest.mark.parametrize(
    "given",
    [
        "ftp://api.test",
        "https://",
        "https:///v1",
        "https://user:secret@api.test",
        "https://api.test/v1?key=secret",
        "https://api.test/#x",
        "https://api.test:99999",
        "https://api test",
        "://",
        "",
        " ",
    ],
)
def test_what_is_no_base_url_is_refused_in_words(given):
    with pytest.raises(Failure) as caught:
        base(given)
    assert caught.value.kind is FailureKind.CONFIG
    assert "base_url" in caught.value.advice
    assert "secret" not in caught.value.sentence


def test_plain_http_to_another_computer_asks_for_consent():
    with pytest.raises(Failure) as caught:
        base("http://api.test")
    assert caught.value.kind is FailureKind.CONFIG
    assert "allow_http" in caught.value.sentence
    assert base("http://api.test", allow_http=True) == "http://api.test/v1"


def test_the_client_refuses_at_once():
    with pytest.raises(Failure):
        Client(Provider(name="p", base_url="http://api.test"), None)


@pytest.mark.parametrize("key", ["two words", "line\nbreak", "ключ"])
def test_a_key_that_cannot_be_sent_is_refused_without_telling_it(key):
    with pytest.raises(Failure) as caught:
        Client(Provider(name="p", base_url="https://api.test"), key)
    assert caught.value.kind is FailureKind.CONFIG
    assert key not in caught.value.sentence


@pytest.mark.parametrize("header", [("x y", "1"), ("x", "a\nb"), ("x", "é")])
def test_a_header_that_cannot_be_sent_is_refused(header):
    name, value = header
    with pytest.raises(Failure) as caught:
        Client(Provider(name="p", base_url="https://api.test", headers={name: value}), None)
    assert caught.value.kind is FailureKind.CONFIG


def test_paths_go_below_the_base():
    url = base_url(Provider(name="p", base_url="http://[::1]:8080/x"))
    assert str(below(url, "/models")) == "http://[::1]:8080/x/v1/models"
    assert host_of(url) == "[::1]:8080"
