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
    ],
)
def test_options_that_do_not_go_together_are_told(arguments, words):
    result = CliRunner().invoke(bise, arguments, prog_name="bise")
    assert result.exit_code == 2
    assert words in result.stderr
