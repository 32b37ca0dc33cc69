"""Standard streams that are full, or not there."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.pty.harness import BISE, environment
from tui.cli.telling import broken_by
from tui.core.text import UNSAFE

FULL = Path("/dev/full")
"""A file on a disk that is always full; Linux has it."""


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("wanted", [["--help"], ["params"], ["ask", "--json"], ["ask"]])
def test_an_output_that_takes_no_more_is_told_in_a_line(tmp_path, server, wanted):
    where = ["--base-url", server.url, "hello"] if wanted[0] == "ask" else []
    with FULL.open("w") as full:
        done = subprocess.run(
            [BISE, *wanted, *where],
            env=environment(tmp_path, {"BISE_API_KEY": "k-12345678"}),
            stdin=subprocess.DEVNULL,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=60,
        )
    assert done.returncode == 1
    assert done.stderr == "bise: the output can't be written: No space left on device\n"


def test_no_file_takes_the_place_of_a_closed_stream():
    script = "import os; from tui.cli.telling import open_missing_streams as open_them; "
    script += "os.closerange(0, 3); open_them(); print('x'); os._exit(os.open(os.devnull, 0) - 3)"
    done = subprocess.run([BISE.with_name("python"), "-c", script], check=False, timeout=60)
    assert done.returncode == 0


def test_a_mistake_of_ours_prints_nothing_that_a_terminal_obeys(capsys):
    assert broken_by(ValueError("said \x1b]0;from outside\x07 \u202e")) == 1
    told = capsys.readouterr().err
    assert "ValueError: said ␛]0;from outside␇ �" in told
    assert "a mistake of bise itself" in told.splitlines()[-1]
    assert not UNSAFE.search(told)
