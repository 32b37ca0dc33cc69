from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.local import client
from tests.local.waiting import until, until_async
from tests.pty.processes import is_alive
from tui.core.failure import Failure, FailureKind
from tui.local import engine as engine_module
from tui.local.engine import Engine
from tui.local.weights import SMOLLM2

if TYPE_CHECKING:
    from pathlib import Path

CAPITAL = client.user("What is the capital of France?")


async def refusal(engine: Engine) -> Failure:
    try:
        with pytest.raises(Failure) as caught:
            await engine.start(lambda words: None)
    finally:
        await engine.stop()
    assert caught.value.kind is FailureKind.LOCAL
    assert "Traceback" not in caught.value.sentence
    return caught.value


def script(path: Path, text: str) -> str:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def any_gguf(tmp_path: Path) -> Path:
    path = tmp_path / "own.gguf"
    path.write_bytes(b"GGUF" + bytes(100))
    return path


@pytest.mark.model
class TestServing:
    def test_an_answer_streams_in_pieces(self, real_server):
        events = client.ask(real_server, [CAPITAL])
        assert "Paris" in client.text(events)
        assert len(events) > 4

    def test_a_stop_sequence_ends_the_answer_and_is_left_out(self, real_server):
        events = client.ask(real_server, [CAPITAL], stop=["Paris"])
        assert "Paris" not in client.text(events)
        assert client.finish_reason(events) == "stop"

    def test_a_prefix_is_continued(self, real_server):
        events = client.ask(
            real_server,
            [CAPITAL, {"role": "assistant", "content": "The capital of France is the city of"}],
        )
        assert client.text(events).strip().startswith("Paris")

    def test_the_limit_of_tokens_is_the_reason_for_the_end(self, real_server):
        events = client.ask(real_server, [CAPITAL], max_tokens=2)
        assert client.finish_reason(events) == "length"

    @pytest.mark.parametrize("token", [None, "", "wrong"])
    def test_without_the_token_nobody_is_served(self, real_server, token):
        status, _ = client.post(real_server, {"messages": [CAPITAL]}, token)
        assert status == 401

    def test_only_loopback_is_listened_on(self, real_server):
        assert real_server.url.startswith("http://127.0.0.1:")

    async def test_two_answers_stream_at_once_as_they_would_alone(self, real_server):
        prompts = [[CAPITAL], [client.user("Who was the first man on the Moon?")]]
        alone = [client.text(client.ask(real_server, prompt)) for prompt in prompts]
        together = await asyncio.gather(
            *(asyncio.to_thread(client.ask, real_server, prompt) for prompt in prompts)
        )
        assert [client.text(events) for events in together] == alone

    def test_no_system_prompt_is_slipped_in(self, real_server):
        events = client.ask(
            real_server, [client.user("Hi")], max_tokens=1, stream_options={"include_usage": True}
        )
        assert events[-1]["usage"]["prompt_tokens"] < 12


@pytest.mark.model
class TestLife:
    async def test_tasks_that_start_it_at_once_get_the_same_engine(self, weights):
        engine = Engine(weights)
        said: list[str] = []
        first, second = await asyncio.gather(engine.start(said.append), engine.start(said.append))
        third = await engine.start(said.append)
        await engine.stop()
        assert first is second is third
        assert said == ["Starting the embedded model…"] * 2

    async def test_stopping_ends_the_process(self, weights):
        engine = Engine(weights)
        await engine.start(lambda words: None)
        pid = engine.pid
        assert pid is not None
        await engine.stop()
        assert not is_alive(pid)
        assert not engine.alive
        assert engine.death is None

    async def test_it_starts_again_after_a_stop(self, weights):
        engine = Engine(weights)
        first = await engine.start(lambda words: None)
        await engine.stop()
        second = await engine.start(lambda words: None)
        answer = await asyncio.to_thread(client.ask, second, [CAPITAL], max_tokens=2)
        await engine.stop()
        assert client.text(answer)
        assert first.token != second.token

    async def test_it_starts_again_when_the_process_was_killed_and_says_so(self, weights):
        engine = Engine(weights)
        await engine.start(lambda words: None)
        assert engine.pid is not None
        os.kill(engine.pid, signal.SIGKILL)
        await until_async(lambda: not engine.alive)
        assert engine.death is not None
        said: list[str] = []
        endpoint = await engine.start(said.append)
        answer = await asyncio.to_thread(client.ask, endpoint, [CAPITAL], max_tokens=2)
        await engine.stop()
        assert client.text(answer)
        assert "killed" in said[0]
        assert said[0].endswith("Starting it again…")

    async def test_a_cancelled_wait_leaves_the_start_to_the_others(self, weights):
        engine = Engine(weights)
        impatient = asyncio.create_task(engine.start(lambda words: None))
        await until_async(lambda: engine.pid is not None)
        impatient.cancel()
        await asyncio.wait([impatient])
        assert impatient.cancelled()
        pid = engine.pid
        await engine.start(lambda words: None)
        assert engine.pid == pid
        await engine.stop()

    async def test_stopping_while_it_starts_leaves_no_process(self, weights):
        engine = Engine(weights)
        starting = asyncio.create_task(engine.start(lambda words: None))
        await until_async(lambda: engine.pid is not None)
        pid = engine.pid
        assert pid is not None
        await engine.stop()
        assert not is_alive(pid)
        assert starting.cancelled() or starting.done()
        await asyncio.wait([starting])

    async def test_a_file_of_the_users_own_has_its_own_name_and_template(self, weights, tmp_path):
        own = tmp_path / "my-model.gguf"
        own.symlink_to(weights)
        engine = Engine(own)
        endpoint = await engine.start(lambda words: None)
        events = await asyncio.to_thread(
            client.ask,
            endpoint,
            [client.user("Hi")],
            max_tokens=1,
            stream_options={"include_usage": True},
        )
        await engine.stop()
        assert endpoint.model == "my-model"
        assert events[-1]["usage"]["prompt_tokens"] > 20  # this file's template has a system prompt

    async def test_the_token_is_in_no_argument_list_and_keys_are_in_no_environment(
        self, weights, monkeypatch
    ):
        monkeypatch.setenv("MISTRAL_API_KEY", "geheim-1234")
        engine = Engine(weights)
        endpoint = await engine.start(lambda words: None)
        with open(f"/proc/{engine.pid}/cmdline", "rb") as file:
            arguments = file.read()
        with open(f"/proc/{engine.pid}/environ", "rb") as file:
            environment = file.read()
        await engine.stop()
        assert endpoint.token.encode() not in arguments + environment
        assert b"geheim" not in environment


PARENT = """
import asyncio, sys
from pathlib import Path
from tui.local.engine import Engine

async def main():
    engine = Engine(Path(sys.argv[1]))
    if sys.argv[2] == "starting":
        asyncio.ensure_future(engine.start(print))
        while engine.pid is None:
            await asyncio.sleep(0)
    else:
        await engine.start(lambda words: None)
    print(engine.pid, flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


@pytest.mark.model
class TestEndOfTheParent:
    @pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
    @pytest.mark.parametrize("moment", ["starting", "ready"])
    def test_the_engine_ends_with_its_parent_however_that_ends(self, weights, sign, moment):
        parent = subprocess.Popen(
            [sys.executable, "-c", PARENT, weights, moment],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert parent.stdout is not None
        with parent.stdout:
            line = parent.stdout.readline()
            while line.startswith(b"Starting"):
                line = parent.stdout.readline()
            child = int(line)
            assert is_alive(child)
            parent.send_signal(sign)
            parent.wait(20)
            until(lambda: not is_alive(child), 5)


class TestRefusals:
    @pytest.mark.model
    async def test_a_cut_file_is_named_with_the_reason(self, weights, tmp_path):
        cut = tmp_path / "cut.gguf"
        with weights.open("rb") as file:
            cut.write_bytes(file.read(3_000_000))
        failure = await refusal(Engine(cut))
        assert str(cut) in failure.sentence
        assert "corrupted or incomplete" in failure.sentence
        assert "settings" in failure.advice

    async def test_our_own_file_of_a_wrong_size_is_to_be_fetched_again(self, tmp_path):
        cut = tmp_path / SMOLLM2.gguf_name
        cut.write_bytes(b"GGUF" + bytes(1000))
        failure = await refusal(Engine(cut))
        assert "98362432" in failure.message
        assert "bise local setup" in failure.advice

    async def test_a_file_that_is_no_model_is_refused(self, tmp_path):
        page = tmp_path / "page.gguf"
        page.write_text("<!doctype html>")
        failure = await refusal(Engine(page))
        assert "not in GGUF form" in failure.sentence

    async def test_a_file_that_is_not_there_is_named(self, tmp_path):
        failure = await refusal(Engine(tmp_path / "none.gguf"))
        assert "none.gguf can't be read: no such file" in failure.sentence

    async def test_a_folder_is_no_model(self, tmp_path):
        failure = await refusal(Engine(tmp_path))
        assert "is a directory" in failure.sentence

    @pytest.mark.model
    async def test_a_context_that_no_memory_holds_is_refused(self, weights, tmp_path):
        own = tmp_path / "own.gguf"
        own.symlink_to(weights)
        failure = await refusal(Engine(own, context=2_000_000_000))
        assert "Lower context" in failure.sentence

    @pytest.mark.model
    async def test_an_installation_that_prints_at_every_start_does_no_harm(
        self, weights, tmp_path, monkeypatch
    ):
        (tmp_path / "usercustomize.py").write_text("print('hello'); print('{}')")
        (tmp_path / "sitecustomize.py").write_text("print('hello'); print('{}')")
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
        engine = Engine(weights)
        endpoint = await engine.start(lambda words: None)
        await engine.stop()
        assert endpoint.url.startswith("http://127.0.0.1:")

    @pytest.mark.model
    async def test_why_it_died_is_known_at_once_when_the_connection_broke(self, weights):
        engine = Engine(weights)
        await engine.start(lambda words: None)
        assert await engine.died(patience_s=0) is None
        assert engine.pid is not None
        os.kill(engine.pid, signal.SIGKILL)
        failure = await engine.died(patience_s=20)
        await engine.stop()
        assert failure is not None
        assert "killed while it ran" in failure.message

    async def test_a_missing_engine_is_told_with_the_command_that_installs_it(
        self, any_gguf, bare_python
    ):
        failure = await refusal(Engine(any_gguf, python=bare_python))
        assert failure.message == "The embedded model's engine is not installed."
        assert "pip install 'bise[local]'" in failure.advice or "no prebuilt" in failure.advice

    @pytest.mark.parametrize(
        ("engine", "expected"),
        [
            (
                'raise ImportError("libgomp.so.1: cannot open shared object file: No such file")',
                "apt install libgomp1",
            ),
            ('raise ImportError("undefined symbol: x")', "undefined symbol"),
            ("CommonParams = None", "pip install 'bise[local]'"),
            ("def CommonParams(): raise MemoryError", "memory"),
            (
                "import os; os.write(2, b'0.1 E cmn init: failed to allocate buffer\\n'); "
                "raise RuntimeError('Failed to init')",
                "not enough memory for the embedded model (failed to allocate buffer)",
            ),
            (
                'import os; os.write(2, b"0.1 E srv start: couldn\'t bind HTTP socket\\n"); '
                "raise RuntimeError('Failed to init')",
                "could not listen on 127.0.0.1",
            ),
            ("import os, signal; os.kill(os.getpid(), signal.SIGILL)", "AVX2"),
            ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "SIGSEGV"),
            ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "memory ran out"),
            ("import os; os.write(2, b'ouch'); os._exit(3)", "with code 3: ouch"),
            ("print('noise'); import nonsense", "nonsense"),
            ("raise OSError('surprise')", "surprise"),
            ("raise ImportError('long ' * 100_000)", "long long"),
        ],
    )
    async def test_an_engine_that_fails_is_explained(
        self, any_gguf, bare_python, tmp_path, monkeypatch, engine, expected
    ):
        (tmp_path / "xllamacpp.py").write_text(engine)
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
        failure = await refusal(Engine(any_gguf, python=bare_python))
        assert expected in failure.sentence

    async def test_an_interpreter_that_is_gone_is_told(self, any_gguf, tmp_path):
        failure = await refusal(Engine(any_gguf, python=str(tmp_path / "python")))
        assert "could not be started" in failure.sentence

    async def test_a_start_that_takes_too_long_is_ended(self, any_gguf, tmp_path):
        python = script(tmp_path / "python", "exec sleep 600")
        engine = Engine(any_gguf, python=python, start_timeout_s=0.5)
        refused = asyncio.create_task(refusal(engine))
        await until_async(lambda: engine.pid is not None)
        pid = engine.pid
        assert pid is not None
        failure = await refused
        assert "not ready after" in failure.sentence
        assert failure.retryable
        assert not is_alive(pid)

    async def test_all_who_wait_for_a_start_hear_of_its_failure(self, any_gguf, bare_python):
        engine = Engine(any_gguf, python=bare_python)
        ends = await asyncio.gather(
            *(engine.start(lambda words: None) for _ in range(3)), return_exceptions=True
        )
        assert [type(end) for end in ends] == [Failure] * 3

    async def test_a_module_in_the_users_folder_does_not_stand_in_for_the_engine(
        self, any_gguf, bare_python, tmp_path, monkeypatch
    ):
        (tmp_path / "xllamacpp.py").write_text("raise SystemExit(7)")
        (tmp_path / "json.py").write_text("raise SystemExit(8)")
        monkeypatch.chdir(tmp_path)
        failure = await refusal(Engine(any_gguf, python=bare_python))
        assert "not installed" in failure.message


def test_the_child_process_imports_nothing_of_ours():
    source = engine_module.CHILD.read_text("utf-8")
    assert "from tui" not in source
    assert "import tui" not in source
