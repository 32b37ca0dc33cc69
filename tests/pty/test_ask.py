"""The contract of `bise ask`: what goes where, and how it ends. Only some of it needs a terminal."""

from __future__ import annotations

import json
import signal
import subprocess
import threading
from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.server import CUT, HANG, Answer, Hold, document, sse
from tests.pty.harness import BISE, environment
from tests.pty.processes import is_alive

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.server import FakeServer
    from tests.pty.harness import Terminal
    from tests.pty.home import Home

    Ask = Callable[..., subprocess.Popen[str]]

pytestmark = pytest.mark.pty

SECRET = "sk-very-secret"


@pytest.fixture
def ask(home: Home, server: FakeServer) -> Ask:
    def start(*arguments: str, env: dict[str, str] | None = None, **options: Any) -> Any:
        on_server = ["--base-url", server.url, "--kind", "mistral", "--model", "fake-model"]
        return subprocess.Popen(
            [BISE, "ask", *on_server, *arguments],
            env=environment(home.path, env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **options,
        )

    return start


def result(process: subprocess.Popen[str], given: str = "") -> tuple[int, str, str]:
    with process:
        out, err = process.communicate(given, timeout=60)
    assert "Traceback" not in err
    return process.returncode, out, err


def test_the_answer_and_nothing_else_is_on_standard_output(ask: Ask, home: Home) -> None:
    status, out, err = result(ask("hello"))
    assert (status, out) == (0, "You said: hello\n")
    assert err == ""
    assert home.session_files == []


def test_the_answer_is_there_as_it_comes(ask: Ask, server: FakeServer) -> None:
    more = threading.Event()
    server.reply_with(sse("One, ", Hold(more), "two"))
    with ask("count") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        assert process.stdout.read(5) == "One, "
        more.set()
        assert process.stdout.read() == "two\n"
        assert process.wait(60) == 0


@pytest.mark.parametrize(
    ("argument", "given", "prompt"),
    [
        ([], "from a pipe\n", "from a pipe"),
        (["explain"], "the file\n", "explain\n\nthe file"),
        (["alone"], "", "alone"),
    ],
)
def test_standard_input_is_the_prompt_or_part_of_it(
    ask: Ask, server: FakeServer, argument: list[str], given: str, prompt: str
) -> None:
    status, _, _ = result(ask(*argument), given)
    assert status == 0
    assert server.requests[0].json["messages"][-1]["content"].strip() == prompt


def test_every_option_reaches_the_request(ask: Ask, server: FakeServer) -> None:
    options = (
        "-s|be brief|--stop|a|--stop|\n\n|--safe-prompt|--temperature|0.5|--top-p|0.9"
        "|--max-tokens|7|--seed|3|--prefix|Well,|hello"
    )
    status, _, _ = result(ask(*options.split("|")))
    assert status == 0
    body = server.requests[0].json
    assert body["messages"] == [
        {"role": "system", "content": "be brief"},
        {"role": "user", "content": "hello"},
        {"role": "assistant", "content": "Well,", "prefix": True},
    ]
    wanted = {
        "temperature": 0.5,
        "top_p": 0.9,
        "max_tokens": 7,
        "random_seed": 3,
        "stop": ["a", "\n\n"],
    }
    assert wanted.items() <= body.items()
    assert body["safe_prompt"] is True
    assert body["stream"] is True


def test_without_streaming_the_answer_comes_in_one_piece(ask: Ask, server: FakeServer) -> None:
    status, out, _ = result(ask("--no-stream", "hello"))
    assert (status, out) == (0, "You said: hello\n")
    assert not server.requests[0].json.get("stream")


def test_a_saved_question_is_a_chat_that_can_be_gone_on_with(ask: Ask, home: Home) -> None:
    assert result(ask("--save", "hello"))[0] == 0
    assert home.said() == [[("user", "hello"), ("assistant", "You said: hello")]]
    [session] = home.sessions()
    status, out, _ = result(ask("--save", "--session", session["id"], "again"))
    assert (status, out) == (0, "You said: again\n")
    assert [role for role, _ in home.said()[0]] == ["user", "assistant"] * 2


def test_json_is_one_object_with_all_there_is(ask: Ask, server: FakeServer) -> None:
    server.reply_with(sse("One", " two"))
    status, out, _ = result(ask("--json", "count"))
    assert status == 0
    answer = json.loads(out)
    assert answer["choices"][0]["text"] == "One two"
    assert answer["choices"][0]["finish_reason"] == "stop"
    assert answer["usage"]["total_tokens"] == 9
    assert answer["ended"] == "stop" or answer["ended"] == "done"
    assert answer.get("error") is None


def test_json_tells_of_an_error_as_well(ask: Ask, server: FakeServer) -> None:
    server.reply_with(document({"message": "slow down", "code": "1300"}, 429, {"retry-after": "7"}))
    status, out, err = result(ask("--json", "--retries", "0", "hello"))
    assert status == 1
    error = json.loads(out)["error"]
    assert error["class"] == "rate_limit"
    assert "slow down" in error["message"]
    assert (error["code"], error["retryable"], error["retry_after_s"]) == ("1300", True, 7)
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (document({"message": "no such model", "code": "1500"}, 400), "no such model"),
        (document({"detail": "Unauthorized"}, 401), "Unauthorized"),
        (Answer(200, {"content-type": "text/html"}, [b"<html><body>hello</body></html>"]), "HTML"),
        (Answer(503, {}, [b""]), "503"),
        (Answer(steps=[CUT], raw=True), "127.0.0.1"),
        (Answer(steps=[b"nonsense\r\n\r\n"], raw=True), "127.0.0.1"),
    ],
    ids=["bad request", "wrong key", "a web page", "out of order", "cut", "no HTTP"],
)
def test_a_server_that_fails_is_told_in_one_line_with_status_1(
    ask: Ask, server: FakeServer, answer: Answer, said: str
) -> None:
    server.reply_with(answer)
    status, out, err = result(ask("--retries", "0", "hello"))
    assert (status, out) == (1, "")
    assert len(err.splitlines()) == 1
    assert said.lower() in err.lower()


def test_a_reply_that_breaks_off_stands_as_far_as_it_came_with_status_1(
    ask: Ask, server: FakeServer
) -> None:
    server.reply_with(sse("This far and", CUT, finish=None))
    status, out, err = result(ask("--retries", "0", "hello"))
    assert (status, out) == (1, "This far and\n")
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:9", "127.0.0.1:9"),
        ("http://nobody.invalid", "nobody.invalid"),
        ("https://127.0.0.1:{port}", "TLS"),
        ("ftp://x", "ftp"),
        ("http://", "http://"),
        ("", "URL"),
    ],
)
def test_an_address_that_does_not_work_is_told(
    home: Home, server: FakeServer, url: str, said: str
) -> None:
    done = subprocess.run(
        [BISE, "ask", "--base-url", url.format(port=server.port), "--retries", "0", "hello"],
        env=environment(home.path),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode in {1, 2}
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert said.lower() in done.stderr.lower()


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--temperature", "hot", "x"],
        ["--kind", "martian", "x"],
        ["--nonsense", "x"],
        ["--top-p", "2", "x"],
        ["--local", "x"],
        ["--session", "no-such-chat", "x"],
        ["one", "two"],
    ],
)
def test_wrong_use_is_status_2_and_asks_nobody(
    ask: Ask, server: FakeServer, arguments: list[str]
) -> None:
    status, out, err = result(ask(*arguments))
    assert (status, out) == (2, "")
    assert err
    assert server.requests == []


def test_with_nobody_to_ask_it_says_what_to_do(home: Home) -> None:
    done = subprocess.run(
        [BISE, "ask", "hello"],
        env=environment(home.path),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert "MISTRAL_API_KEY" in done.stderr


def test_the_key_goes_to_its_own_server_only_and_is_shown_nowhere(
    ask: Ask, server: FakeServer, home: Home
) -> None:
    env = {"MISTRAL_API_KEY": SECRET}
    result(ask("hello", env=env))
    assert SECRET not in str(server.requests[0].headers)
    status, out, err = result(
        ask("--save", "hello", env=env | {"BISE_API_KEY": "key-for-this-run"})
    )
    assert status == 0
    assert server.requests[1].headers["authorization"] == "Bearer key-for-this-run"
    server.reply_with(document({"message": f"wrong key {SECRET}"}, 401))
    status, out, err = result(ask("hello", env={"BISE_API_KEY": SECRET}))
    assert SECRET not in out + err
    assert not any(SECRET.encode() in p.read_bytes() for p in home.path.rglob("*") if p.is_file())


def test_an_interrupt_ends_it_with_130_and_what_had_come(ask: Ask, server: FakeServer) -> None:
    server.reply_with(sse("This far and", HANG))
    with ask("hello") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        assert process.stdout.read(12) == "This far and"
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
        assert process.stdout.read().strip() == ""
        assert "Traceback" not in process.stderr.read() if process.stderr else True
    assert server.requests[0].wait_until_gone()


def test_ctrl_c_in_a_terminal_ends_it_with_130(
    bise: Callable[..., Terminal], server: FakeServer
) -> None:
    server.reply_with(sse("This far and", HANG))
    terminal = bise("ask", "--base-url", server.url, "--kind", "openai", "hello")
    terminal.wait_for("This far and")
    terminal.press("ctrl+c")
    assert terminal.wait_exit() == 130
    assert terminal.left_behind() == []


def test_a_reader_that_goes_away_ends_it_quietly(ask: Ask, server: FakeServer) -> None:
    server.reply_with(sse(*["word " * 100] * 2000))
    with ask("hello") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.close()
        process.stdout.read(5)
        process.stdout.close()
        process.wait(60)
        assert "Traceback" not in process.stderr.read()
        assert not is_alive(process.pid)


def test_retries_are_told_on_standard_error(ask: Ask, server: FakeServer) -> None:
    server.reply_with(document({"message": "busy"}, 503, {"retry-after": "0"}), sse("fine"))
    status, out, err = result(ask("--retries", "1", "hello"))
    assert (status, out) == (0, "fine\n")
    assert "busy" in err


@pytest.mark.parametrize("suffix", ["", "/v1", "/v1/"])
def test_the_url_may_end_with_v1_or_not(home: Home, server: FakeServer, suffix: str) -> None:
    done = subprocess.run(
        [
            BISE,
            "ask",
            "--base-url",
            server.root + suffix,
            "--kind",
            "vllm",
            "--model",
            "m",
            "hello",
        ],
        env=environment(home.path),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (0, "You said: hello\n"), done.stderr
