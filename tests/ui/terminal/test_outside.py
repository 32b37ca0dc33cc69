from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest

from tui.ui.terminal.outside import edited, editor_command, folder_in_memory


def script(folder: Path, body: str) -> list[str]:
    path = folder / "editor"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o700)
    return [str(path)]


async def run(folder: Path, body: str, text: str = "draft") -> str | None:
    inside = folder / "files"
    inside.mkdir()
    try:
        return await edited(nullcontext(), script(folder, body), text, inside)
    finally:
        assert list(inside.iterdir()) == []


def test_the_editor_is_the_one_that_is_named() -> None:
    assert editor_command({"VISUAL": "code --wait", "EDITOR": "vi"}) == ["code", "--wait"]
    assert editor_command({"VISUAL": " ", "EDITOR": "'my editor' -x"}) == ["my editor", "-x"]


@pytest.mark.parametrize(
    ("environment", "words"),
    [({}, "set \\$VISUAL or"), ({"EDITOR": "vi '"}, "can't be understood")],
)
def test_no_editor_is_told(environment: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        editor_command(environment)


async def test_what_was_saved_comes_back(tmp_path: Path) -> None:
    assert await run(tmp_path, 'echo "more ä" >> "$1"') == "draft\nmore ä\n"


async def test_other_programs_line_breaks_are_ours(tmp_path: Path) -> None:
    assert await run(tmp_path, 'printf "a\\r\\nb\\r" > "$1"') == "a\nb\n"


@pytest.mark.parametrize("body", ["true", 'rm "$1"'])
async def test_an_editor_that_saves_nothing_gives_nothing(tmp_path: Path, body: str) -> None:
    assert await run(tmp_path, body) is None


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('echo x >> "$1"; exit 3', "ended with 3"),
        ("printf '\\377\\376x' > \"$1\"", "no UTF-8 text"),
        ('rm "$1"; mkdir "$1"; sleep 0; rmdir "$1"; ln -s /nowhere/x "$1"; exit 1', "ended with 1"),
    ],
)
async def test_an_editor_that_fails_is_told(tmp_path: Path, body: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        await run(tmp_path, body)


async def test_an_editor_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="can't be run: No such file"):
        await edited(nullcontext(), ["no-such-editor"], "draft", tmp_path)
    assert list(tmp_path.iterdir()) == []


async def test_a_folder_that_can_not_be_written_to_is_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="can't be written"):
        await edited(nullcontext(), ["true"], "draft", tmp_path / "none")


async def test_nobody_else_can_read_the_file(tmp_path: Path) -> None:
    await run(tmp_path, f'stat -c %a "$1" > {tmp_path}/mode')
    assert (tmp_path / "mode").read_text().strip() == "600"


def test_a_folder_in_memory_is_one_that_can_be_written_to(tmp_path: Path) -> None:
    assert folder_in_memory({"XDG_RUNTIME_DIR": str(tmp_path)}) == tmp_path
