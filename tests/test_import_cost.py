"""What is loaded when: no clock, only the names of the modules that a fresh interpreter has."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.pty.harness import environment

if TYPE_CHECKING:
    from pathlib import Path

HEAVY = ("textual", "httpx", "pydantic", "rich", "markdown_it", "pygments", "tomlkit", "asyncio")
LATER = (
    *("httpx", "pydantic", "textual.widgets._markdown", "tui.wire", "tui.store", "tomlkit"),
    *("tui.core.costs", "tui.core.events", "tui.core.mentions", "tui.core.spec", "tui.ui.desk"),
)

_REPORT = """
import atexit, json, sys
atexit.register(lambda: sys.stderr.write(json.dumps(sorted(sys.modules)) + "\\n"))
"""


def loaded_by(source: str, home: Path) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", _REPORT + source],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        env=environment(home),
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stderr.splitlines()[-1]))


def among(loaded: set[str], unwanted: tuple[str, ...]) -> set[str]:
    return {name for name in unwanted if name in loaded}


@pytest.mark.parametrize(
    "source",
    [
        "import tui",
        "import tui.cli",
        "import tui.core.words, tui.core.text, tui.core.turn, tui.core.failure, tui.core.listing",
        "sys.argv = ['bise', '--version']; from tui.cli import main; main()",
        "sys.argv = ['bise', '--help']; from tui.cli import main; main()",
        "sys.argv = ['bise', 'ask', '--help']; from tui.cli import main; main()",
        "sys.argv = ['bise', 'local', '--help']; from tui.cli import main; main()",
    ],
)
def test_nothing_heavy_is_loaded_for(source: str, tmp_path: Path) -> None:
    assert among(loaded_by(source, tmp_path), HEAVY) == set()


def test_the_first_frame_needs_neither_network_nor_models_nor_files(tmp_path: Path) -> None:
    loaded = loaded_by("import tui.ui.app", tmp_path)
    assert "textual.app" in loaded
    assert among(loaded, LATER) == set()


def test_a_question_from_the_command_line_needs_no_screen(tmp_path: Path) -> None:
    source = """
sys.argv = "bise ask --base-url http://127.0.0.1:9 --kind openai --retries 0 hello".split()
from tui.cli import main
try:
    main()
except SystemExit as end:
    assert end.code == 1, end.code
"""
    loaded = loaded_by(source, tmp_path)
    assert "httpx" in loaded
    assert among(loaded, ("textual", "tui.ui")) == set()
