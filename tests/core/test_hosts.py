from __future__ import annotations

import pytest

from tui.core.hosts import is_loopback, with_scheme


@pytest.mark.parametrize("host", ["localhost", "x.localhost", "127.0.0.1", "127.9.9.9", "::1"])
def test_this_computer_is_known(host):
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["example.com", "10.0.0.1", "localhost.example.com", "0.0.0.0"])
def test_others_are_not_this_computer(host):
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("localhost:8080", "http://localhost:8080"),
        ("LOCALHOST/v1", "http://LOCALHOST/v1"),
        ("[::1]/v1", "http://[::1]/v1"),
        ("api.test", "https://api.test"),
        ("localhost.example:1", "https://localhost.example:1"),
        ("http://api.test", "http://api.test"),
        ("[::1", "https://[::1"),
        (" api.test ", "https://api.test"),
        ("", ""),
    ],
)
def test_an_address_gets_the_scheme_that_it_lacks(typed: str, meant: str) -> None:
    assert with_scheme(typed) == meant
