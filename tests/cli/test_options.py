from __future__ import annotations

import pytest
from click.testing import CliRunner

from tui.cli import bise


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--ephemeral", "--session", "x"], "without --session"),
        (["--ephemeral", "models"], "for the full screen"),
        (["--model", "x", "models"], "put --model after 'models'"),
        (["--local", "--provider", "x"], "exclude each other"),
        (["ask", "--base-url", "", "hello"], "--base-url is empty"),
    ],
)
def test_options_that_do_not_go_together_are_told(arguments, words):
    result = CliRunner().invoke(bise, arguments, prog_name="bise")
    assert result.exit_code == 2
    assert words in result.stderr


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://[::1", "“http://[::1” is no URL. Write it like https://api.example.com/v1 (--base-url)."),
        ("api.test", "Write https://api.test (--base-url)."),
        ("http://", "“http://” names no host."),
        ("http://127.0.0.1:99999", "There is no port 99999."),
        ("http://192.0.2.1", "add this server to the settings with allow_http = true (--base-url)."),
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_is_told_in_a_sentence(bise, address, words):
    _, told = bise("ask", "--base-url", address, "hello", status=2)
    assert words in told
    assert len(told.splitlines()) == 1
