from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from tui.cli import bise
from tui.core.message import Message
from tui.core.session import Session
from tui.core.text import UNSAFE
from tui.core.words import Role
from tui.paint.palette import Palette
from tui.store.places import Places
from tui.store.sessions.toml_sessions import TomlSessions
from tui.ui.printing import Colours, Page, markdown_lines

SOURCE = """\
# Cheese

There is **no** best [guide](https://example.org).

```python
best = "Comté"
```

| a | b |
|---|---|
| 1 | 2 |
"""
SGR = re.compile(r"\x1b\[[0-9;]*m")


def show(*arguments: str, **environment: str) -> Result:
    runner = CliRunner(env=environment)
    return runner.invoke(bise, ["show", *arguments], prog_name="bise")


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "cheese.md"
    path.write_text(SOURCE, "utf-8")
    return str(path)


def test_a_file_is_laid_out_as_plain_text_where_there_is_no_terminal(file: str) -> None:
    result = show(file)
    assert result.exit_code == 0
    assert "\x1b" not in result.stdout
    assert "**" not in result.stdout
    lines = result.stdout.splitlines()
    assert lines[0] == "Cheese"
    assert "There is no best guide (https://example.org)." in lines
    assert [line.strip() for line in lines if "│" in line] == ["a │ b", "1 │ 2"]
    assert all(line == line.rstrip() for line in lines)


def test_standard_input_is_read_for_a_dash() -> None:
    result = CliRunner().invoke(bise, ["show", "-"], input="**bold** é")
    assert (result.exit_code, result.stdout) == (0, "bold é\n")


def test_colours_can_be_had_in_a_pipe(file: str) -> None:
    result = show(file, "--color", "always", COLORTERM="truecolor")
    assert "\x1b[" in result.stdout
    assert "38;2;" in result.stdout
    assert not SGR.sub("", result.stdout).count("\x1b")


def test_fewer_colours_are_written_where_the_terminal_has_fewer(file: str) -> None:
    # Each with a theme of its own: Rich keeps a style's codes, whatever they were made for
    many = show(file, "--color", "always", "--theme", "gruvbox", TERM="xterm-256color").stdout
    assert "38;5;" in many
    assert "38;2;" not in many
    few = show(file, "--color", "always", "--theme", "dracula", TERM="xterm").stdout
    assert "38;" not in few
    assert SGR.search(few)


def test_a_theme_changes_the_colours(file: str) -> None:
    def coloured(theme: str) -> str:
        return show(file, "--color", "always", "--theme", theme, COLORTERM="truecolor").stdout

    dark, light, nord = coloured("bise-dark"), coloured("bise-light"), coloured("nord")
    assert len({dark, light, nord}) == 3
    assert [SGR.sub("", text) for text in (dark, light)] == [SGR.sub("", nord)] * 2


def test_lines_are_no_wider_than_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "long.md"
    path.write_text("words and " * 50, "utf-8")
    widest = max(map(len, show(str(path), "--width", "30").stdout.splitlines()))
    assert 20 < widest <= 30
    assert 70 < max(map(len, show(str(path)).stdout.splitlines())) <= 80


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "give a FILE"),
        (["-", "--session", "x"], "give a FILE"),
        (["no-such-file.md"], "no-such-file.md"),
        (["--theme", "no-such", "-"], "no theme named 'no-such'"),
        (["--width", "3", "-"], "3"),
        (["--color", "blue", "-"], "blue"),
        (["--session", "20260101-000000-none"], "20260101-000000-none"),
    ],
)
def test_wrong_use_is_told_and_ends_with_two(arguments: list[str], words: str) -> None:
    result = show(*arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert result.stdout == ""


def test_a_chat_is_shown_with_its_heads_and_feet() -> None:
    session = Session(title="French \x1b[2Jcheese")
    session.add(Message(role=Role.USER, content="one\ntwo"))
    session.add(Message(role=Role.ASSISTANT, content="**three**", ended="stopped"))
    TomlSessions(Places.from_environment()).create(session)
    result = show("--session", session.id)
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[:2] == ["French ␛[2Jcheese", ""]
    assert lines[2].startswith("You")
    assert lines[3:5] == ["one", "two"]
    assert lines[6:9] == ["Assistant", "three", "stopped by you"]


def test_hostile_files_are_inert(tmp_path: Path) -> None:
    path = tmp_path / "hostile.md"
    path.write_bytes(
        b"\x1b]0;owned\x07 \x1b[31m \xc2\x9b2J \xe2\x80\xae \xff\xfe \x00 [x](https://e.org/\x1b]8;;)\n"
        b"```\x1b[2J\n\x1b[2J\r\x08\n```\n<a href='\x1b'>\n"
    )
    for color in ("always", "never"):
        text = SGR.sub("", show(str(path), "--color", color).stdout)
        assert not UNSAFE.search(text.replace("\n", ""))
        assert "owned" in text


@given(st.text(), st.integers(20, 60))
def test_whatever_the_text_only_colours_are_escapes(text: str, width: int) -> None:
    page = Page(width, Palette.of({}, dark=True), Colours.ALL)
    for line in markdown_lines(text, page):
        assert not UNSAFE.search(SGR.sub("", line))


def test_a_reader_that_goes_away_ends_it_quietly(tmp_path: Path) -> None:
    path = tmp_path / "long.md"
    path.write_text("word\n\n" * 100_000, "utf-8")
    program = (
        f"import sys; sys.argv = ['bise', 'show', {str(path)!r}]; from tui.cli import main; main()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline() == b"word\n"
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 1


def test_neither_the_application_nor_the_network_is_loaded(file: str) -> None:
    program = f"""
import atexit, json, sys
atexit.register(lambda: sys.stderr.write(json.dumps(sorted(sys.modules))))
sys.argv = ["bise", "show", {file!r}, "--color", "always"]
from tui.cli import main
main()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    loaded = set(json.loads(done.stderr))
    assert "tui.paint.rendering" in loaded
    assert not {"httpx", "textual.app", "tui.ui.app", "tui.wire", "pydantic"} & loaded


LONG_CODE = "text\n\n```\n" + "".join(f"{number:02}," for number in range(20)) + "\n```\n"


@pytest.fixture
def long_code(tmp_path: Path) -> str:
    path = tmp_path / "code.md"
    path.write_text(LONG_CODE, "utf-8")
    return str(path)


def code_lines(*arguments: str) -> list[str]:
    return show("--width", "30", *arguments).stdout.splitlines()[2:]


def test_long_lines_of_code_are_wrapped_cut_or_left_as_they_are(long_code: str) -> None:
    whole = " " + LONG_CODE.splitlines()[3]
    assert code_lines(long_code) == [whole[:29], " " + whole[29:57], " " + whole[57:]]
    assert code_lines("--code", "cut", long_code) == [whole[:29] + "›"]
    assert code_lines("--code", "whole", long_code) == [whole]


def test_the_settings_say_whether_code_is_wrapped(long_code: str) -> None:
    settings = Places.from_environment().settings_file
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text("wrap_code = false\n", "utf-8")
    assert code_lines(long_code)[0].endswith("›")
    assert len(code_lines("--code", "wrap", long_code)) == 3
