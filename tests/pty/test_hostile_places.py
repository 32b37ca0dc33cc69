"""Terminals, folders and settings in which it cannot work, or not well."""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.pty.harness import BISE, environment

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.server import FakeServer
    from tests.pty.harness import Terminal
    from tests.pty.home import Home

    Start = Callable[..., Terminal]

pytestmark = pytest.mark.pty


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_dumb_terminal_gets_a_sentence(bise: Start, term: str) -> None:
    terminal = bise(env={"TERM": term})
    terminal.wait_for("bise ask")
    assert terminal.wait_exit() in {1, 2}
    assert b"\x1b" not in terminal.raw
    assert "Traceback" not in terminal.text


def test_an_output_that_is_no_terminal_gets_a_sentence(home: Home) -> None:
    done = subprocess.run(
        [BISE],
        env=environment(home.path),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode in {1, 2}
    assert done.stdout == ""
    assert "terminal" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_tiny_terminal_is_told_and_can_be_left_and_widened(chat: Start, bise: Start) -> None:
    terminal = bise("--base-url", "http://127.0.0.1:9", "--kind", "openai", columns=20, rows=5)
    terminal.wait_for("60×16")
    terminal.resize(100, 30)
    terminal.wait_for("Ask something")
    terminal.resize(20, 5)
    terminal.wait_for("60×16")
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    assert terminal.left_behind() == []


@pytest.mark.parametrize(("columns", "rows"), [(1, 1), (2, 50), (200, 1), (60, 16)])
def test_no_size_of_the_terminal_breaks_it(chat: Start, columns: int, rows: int) -> None:
    terminal = chat(columns=120, rows=40)
    terminal.type("Hello")
    terminal.wait_for("Hello")
    terminal.press("enter")
    terminal.wait_for("finished")
    terminal.resize(columns, rows)
    terminal.resize(120, 40)
    terminal.wait_for("You said: Hello")
    terminal.resize(columns, rows)
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0


def blocked(home: Home) -> None:
    """A data folder that nobody can write to, root neither."""
    home.data.parent.mkdir(parents=True)
    home.data.write_text("in the way")


def test_without_a_data_folder_the_reply_comes_and_the_trouble_is_told(
    chat: Start, server: FakeServer, home: Home
) -> None:
    blocked(home)
    terminal = chat()
    terminal.type("Hello")
    terminal.wait_for("Hello")
    terminal.press("enter")
    terminal.wait_for("Not saved")
    assert str(home.data)[:20] in terminal.text.replace("\n", "")
    terminal.press("ctrl+q")
    terminal.wait_for("Quit, and lose it?")
    terminal.press("y")
    terminal.wait_exit()
    assert terminal.left_behind() == []
    assert b"not saved: \xe2\x80\x9cHello\xe2\x80\x9d" in terminal.raw
    assert b"Traceback" not in terminal.raw
    assert home.data.read_text() == "in the way"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_data_folder_without_the_right_to_write_is_told(chat: Start, home: Home) -> None:
    home.data.mkdir(parents=True)
    home.data.chmod(0o500)
    terminal = chat()
    terminal.type("Hello")
    terminal.wait_for("Hello")
    terminal.press("enter")
    terminal.wait_for("Not saved")


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ("theme = \n", "line 1"),
        ("theme = 'bise-dark'\nparallel = 'many'\n", "parallel"),
        ("[keys]\n'composer.sned' = 'f8'\n", "composer.sned"),
        ("theme = 'no-such-theme'\n", "no-such-theme"),
        ("[providers.work]\nkind = 'martian'\n", "providers.work.kind"),
    ],
)
def test_a_mistake_in_the_settings_is_named_and_stops_nothing(
    chat: Start, home: Home, settings: str, named: str
) -> None:
    home.settle(settings)
    terminal = chat()
    terminal.wait_for(named)
    terminal.type("Hello")
    terminal.wait_for("Hello")
    terminal.press("enter")
    terminal.wait_for("You said: Hello")
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    assert (home.config / "settings.toml").read_text("utf-8") == settings


def test_a_torn_session_file_hides_no_other_and_is_kept(chat: Start, home: Home) -> None:
    folder = home.data / "sessions"
    folder.mkdir(parents=True)
    whole = (
        'schema = 1\nid = "20260101-000000-aaaa"\ntitle = "Whole"\n'
        'created = 2026-01-01T00:00:00Z\n\n[[message]]\nid = "a"\nrole = "user"\ncontent = "all"\n'
    )
    torn = whole.replace("aaaa", "bbbb").replace("Whole", "Torn") + '\n[[message]]\nid = "b"\nrol'
    broken = whole.replace("aaaa", "cccc").replace('title = "Whole"', "title = ")
    for name, text in (("aaaa", whole), ("bbbb", torn), ("cccc", broken)):
        (folder / f"20260101-000000-{name}.toml").write_text(text, "utf-8")
    terminal = chat()
    for seen in (r"^ 1 .*cccc|^ 2 .*cccc|^ 3 .*cccc", r"^ \d Whole", r"^ \d Torn"):
        terminal.wait_for(re.compile(seen, re.MULTILINE))
    opened = {"Whole": "all", "Torn": "line 13", "cccc": "line 3"}
    while opened:
        terminal.press("alt+down")
        terminal.wait_for(lambda screen: any(name in screen[0][28:] for name in opened))
        name = next(name for name in opened if name in terminal.screen[0][28:])
        terminal.wait_for(opened.pop(name))
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    assert (folder / "20260101-000000-cccc.toml").read_text("utf-8") == broken
    assert (folder / "20260101-000000-bbbb.toml").read_text("utf-8").startswith(torn)
