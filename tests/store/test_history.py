from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui.core.failure import Failure
from tui.core.recall import LONGEST
from tui.store.history import PromptHistory
from tui.store.places import Places


def a_history(folder: Path) -> tuple[PromptHistory, Path]:
    places = Places(folder / "config", folder / "data", folder / "state", folder / "cache")
    return PromptHistory(places), places.history_file


def test_there_is_nothing_at_first(tmp_path: Path) -> None:
    history, _ = a_history(tmp_path)
    assert history.load() == []
    assert history.stamp == ()


def test_prompts_come_back_newest_last_and_each_once(tmp_path: Path) -> None:
    history, path = a_history(tmp_path)
    for text in ("one", "two\nlines", "one", "   "):
        history.add(text)
    assert history.load() == ["two\nlines", "one"]
    assert path.stat().st_mode & 0o777 == 0o600
    assert "[[prompt]]\nat = 2" in path.read_text()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(texts=st.lists(st.text(min_size=1), max_size=4))
def test_every_text_comes_back(tmp_path: Path, texts: list[str]) -> None:
    history, path = a_history(tmp_path)
    path.unlink(missing_ok=True)
    wanted = [*texts, "[[prompt]]\ntext = 'x'\n[[prompt]]"]
    for text in wanted:
        history.add(text)
    last = {text: at for at, text in enumerate(wanted) if text.strip()}
    assert history.load() == sorted(last, key=last.__getitem__)
    path.write_bytes(path.read_bytes() + b'[[prompt]]\ntext = "torn')
    assert history.load() == sorted(last, key=last.__getitem__)


def test_a_file_torn_at_any_byte_loses_at_most_its_last_prompt(tmp_path: Path) -> None:
    history, path = a_history(tmp_path)
    for text in ("first", 'multi\nline """ ü', "last"):
        history.add(text)
    data = path.read_bytes()
    start = data.rindex(b"[[prompt]]")
    for end in range(start, len(data)):
        path.write_bytes(data[:end])
        assert history.load()[:2] == ["first", 'multi\nline """ ü']
        history.add("after")
        assert history.load()[-1] == "after"
        assert history.load()[:2] == ["first", 'multi\nline """ ü']


@pytest.mark.parametrize(
    "data",
    [b"\xff\xfe\x00", b"prompt = 3", b"[[prompt]]\ntext = 4", b"[[prompt]]\n[[[", b"\0" * 99],
)
def test_what_is_no_history_is_passed_over(tmp_path: Path, data: bytes) -> None:
    history, path = a_history(tmp_path)
    history.add("first")
    path.write_bytes(data)
    assert history.load() == []
    history.add("next")
    assert history.load() == ["next"]


def test_a_very_long_prompt_is_not_remembered(tmp_path: Path) -> None:
    history, _ = a_history(tmp_path)
    history.add("x" * (LONGEST + 1))
    assert history.load() == []


def test_only_the_end_of_a_huge_file_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.store.history.READ_AT_MOST", 400)
    history, _ = a_history(tmp_path)
    for number in range(50):
        history.add(f"prompt {number}")
    assert history.load()[-1] == "prompt 49"
    assert 1 < len(history.load()) < 10


def test_several_processes_lose_nothing(tmp_path: Path) -> None:
    history, _ = a_history(tmp_path)
    program = (
        "import sys; from pathlib import Path; from tests.store.test_history import a_history\n"
        "history, _ = a_history(Path(sys.argv[1]))\n"
        "[history.add(f'{sys.argv[2]} {n}') for n in range(25)]\n"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path), str(n)]) for n in range(3)
    ]
    assert [one.wait(60) for one in running] == [0, 0, 0]
    assert len(history.load()) == 75


def test_a_file_that_can_not_be_read_is_said(tmp_path: Path) -> None:
    history, path = a_history(tmp_path)
    path.mkdir(parents=True)
    with pytest.raises(Failure, match="folder"):
        history.load()
    with pytest.raises(Failure, match="folder"):
        history.add("x")


def test_another_stamp_tells_that_somebody_has_added(tmp_path: Path) -> None:
    history, _ = a_history(tmp_path)
    history.add("one")
    before = history.stamp
    a_history(tmp_path)[0].add("two")
    assert history.stamp != before
