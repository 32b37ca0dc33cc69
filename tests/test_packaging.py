"""The wheel: what is in it, and that it starts in an environment elsewhere."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.pty.harness import environment

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parent.parent


def run(command: Sequence[str | Path], cwd: Path, home: Path) -> str:
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=environment(home),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    there = importlib.util.find_spec("hatchling") is not None
    isolation = ["--no-isolation"] if there else []  # saves fetching what is there
    build: list[str | Path] = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        *isolation,
        "--outdir",
        folder,
        ROOT,
    ]
    run(build, folder, folder)
    [made] = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that holds our wheel, and shares only what it depends on."""
    folder = tmp_path_factory.mktemp("elsewhere") / "venv"
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    pip: list[str | Path] = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "--no-deps",
        "--no-index",
    ]
    run([*pip, wheel], folder, folder)
    [site] = folder.glob("lib/python*/site-packages")
    # The .pth files in there are not read, so our editable install is not found by this way.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    return folder / "bin"


def test_the_wheel_holds_the_program_and_its_themes_and_no_test(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    themes = {path.name for path in (ROOT / "themes").glob("*.toml")}
    assert themes
    assert themes <= {n.removeprefix("tui/themes/") for n in names if n.startswith("tui/themes/")}
    sources = {
        str(p.relative_to(ROOT))
        for p in (ROOT / "tui").rglob("*")
        if p.suffix in {".py", ".tcss", ".toml", ".json"}
    }
    assert sources <= set(names)
    outside = {n for n in names if not re.match(r"tui/|bise-[\d.]+\.dist-info/", n)}
    assert outside == set()


def test_the_wheel_carries_its_licence_and_its_extras(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        [licence] = [n for n in archive.namelist() if n.endswith("LICENSE")]
        [metadata] = [n for n in archive.namelist() if n.endswith("METADATA")]
        assert "MIT License" in archive.read(licence).decode()
        lines = archive.read(metadata).decode().splitlines()
    assert "License-Expression: MIT" in lines
    assert {"Provides-Extra: local", "Provides-Extra: dev"} <= set(lines)


def test_the_installed_wheel_starts_in_another_folder(elsewhere: Path, tmp_path: Path) -> None:
    version = run([elsewhere / "bise", "--version"], tmp_path, tmp_path)
    assert re.search(r"\d+\.\d+\.\d+", version)
    assert version == run([elsewhere / "python", "-m", "tui", "--version"], tmp_path, tmp_path)
    where = run([elsewhere / "python", "-c", "import tui; print(tui.__file__)"], tmp_path, tmp_path)
    assert Path(where.strip()).is_relative_to(elsewhere.parent)


def test_help_speaks_of_the_commands(elsewhere: Path, tmp_path: Path) -> None:
    text = run([elsewhere / "bise", "--help"], tmp_path, tmp_path)
    assert {"ask", "local"} <= set(text.split())


def test_the_engine_is_pinned_and_every_other_dependency_has_an_upper_bound() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    engine, *_ = project["optional-dependencies"]["local"]
    assert engine.startswith("xllamacpp==")
    loose = [line for line in project["dependencies"] if "<" not in line]
    assert loose == []
