import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.server import FakeServer
from tests.pty.harness import BISE, environment

PNG = b"\x89PNG\r\n\x1a\n rest"
QUESTIONS = {
    "plain": ["hello"],
    "quotes": ['it\'s "so" `$HOME` $(true) \\ héllo ✓ \u2028'],
    "whole": ["--no-stream", "--n", "2", "hello"],
    "shaped": [
        *("-s", "You are brief.", "--stop", "a'b", "--stop", "c", "--prefix", "Well, "),
        *("--safe-prompt", "--temperature", "0.3", "--top-p", "0.9", "--max-tokens", "0"),
        *("--seed", "7", "--param", "reasoning_effort=high", "--param", 'metadata={"my_key": 1}'),
        *("--param", "presence_penalty=-0.5", "--schema", "SCHEMA", "--image", "IMAGE", "hello"),
    ],
    "document": ["--document", "https://example.com/a b.pdf", "hello"],
    "extra": ["--extra", '{"strange_member": [true, null, 1.5]}', "hello"],
}


def run(home: Path, *arguments: str, status: int = 0, key: str = "k-12345678") -> tuple[str, str]:
    done = subprocess.run(
        [BISE, *arguments],
        env=environment(home, {"BISE_API_KEY": key}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    assert done.returncode == status, done.stderr
    return done.stdout.decode(), done.stderr.decode()


def words(home: Path, name: str) -> list[str]:
    (home / "schema.json").write_text('{"type": "object", "properties": {"a_b": {}}}')
    (home / "image.png").write_bytes(PNG)
    files = {"SCHEMA": str(home / "schema.json"), "IMAGE": str(home / "image.png")}
    return [files.get(word, word) for word in QUESTIONS[name]]


def where(server: FakeServer, kind: str) -> list[str]:
    return ["--base-url", server.url, "--kind", kind, "--model", "m"]


def test_an_address_needs_no_scheme(tmp_path):
    with FakeServer() as server:
        address = server.url.removeprefix("http://")
        assert run(tmp_path, "ask", "--base-url", address, "hello")[0] == "You said: hello\n"


def sorted_body(body: Any) -> str:
    return json.dumps(body, sort_keys=True)


def sent_by_bise(home: Path, server: FakeServer, kind: str, name: str) -> str:
    run(home, "ask", *where(server, kind), *words(home, name))
    return sorted_body(server.requests.pop().json)


def run_program(command: list[str], home: Path) -> None:
    done = subprocess.run(
        command,
        env={**os.environ, "BISE_API_KEY": "k-12345678"},
        cwd=home,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("kind", "name"), [*(("mistral", name) for name in QUESTIONS), ("openai", "shaped")]
)
@pytest.mark.parametrize("form", ["json", "curl", "python"])
def test_what_is_printed_sends_what_bise_sends(tmp_path, server, kind, name, form):
    expected = sent_by_bise(tmp_path, server, kind, name)
    text, _ = run(tmp_path, "request", *where(server, kind), *words(tmp_path, name), "--as", form)
    assert "k-12345678" not in text
    if form == "json":
        assert sorted_body(json.loads(text)) == expected
        return
    command = ["sh", "-c", text] if form == "curl" else [sys.executable, "-c", text]
    run_program(command, tmp_path)
    (seen,) = server.requests
    assert sorted_body(seen.json) == expected
    assert seen.headers["authorization"] == "Bearer k-12345678"


def test_the_official_clients_are_used_where_they_send_the_same(tmp_path, server):
    for kind, client in (("mistral", "from mistralai.client"), ("openai", "from openai")):
        text, _ = run(tmp_path, "request", *where(server, kind), "--as", "python", "hello")
        assert client in text


def test_the_form_for_typescript_uses_the_clients_names(tmp_path, server):
    question = words(tmp_path, "shaped")
    text, _ = run(tmp_path, "request", *where(server, "mistral"), *question, "--as", "typescript")
    for part in ("randomSeed", "schemaDefinition", "maxTokens", '"a_b"', '"my_key"', "imageUrl"):
        assert part in text
    assert "process.env.BISE_API_KEY" in text


def test_http_shows_the_line_the_headers_and_the_body(tmp_path, server):
    text, _ = run(tmp_path, "request", *where(server, "mistral"), "--as", "http", "hello")
    head, _, body = text.partition("\n\n")
    assert head.startswith("POST /v1/chat/completions HTTP/1.1\nHost: 127.0.0.1:")
    assert "Authorization: Bearer $BISE_API_KEY" in head
    assert json.loads(body)["messages"] == [{"role": "user", "content": "hello"}]


@pytest.mark.parametrize("form", ["http", "curl"])
def test_no_key_is_named_where_none_would_be_sent(tmp_path, server, form):
    text, _ = run(tmp_path, "request", *where(server, "mistral"), "--as", form, "hello", key="")
    assert "Authorization" not in text
    text, _ = run(tmp_path, "request", "--model", "m", "--as", form, "hello", key="")
    assert "Authorization: Bearer $MISTRAL_API_KEY" in text  # who asks Mistral will need one


def test_what_the_server_cannot_be_given_is_told(tmp_path, server):
    _, err = run(tmp_path, "request", *where(server, "openai"), "--prefix", "x", "hello")
    assert "OpenAI cannot be given the beginning of a reply" in err


def test_nothing_is_sent(tmp_path, server):
    run(tmp_path, "request", *where(server, "mistral"), "hello")
    assert server.requests == []


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("temprature=1", "is it temperature?"),
        ("temperature=warm", "temperature is a number"),
        ("temperature", "NAME=VALUE"),
        ("stream=false", "--no-stream"),
    ],
)
def test_a_wrong_parameter_is_wrong_use(tmp_path, option, words):
    _, err = run(tmp_path, "request", "--param", option, "hello", status=2)
    assert words in err


@pytest.mark.parametrize(
    "options",
    [
        ["--extra", "{"],
        ["--extra", "[]"],
        ["--image", "no-such-file.png"],
        ["--document", "."],
        ["--schema", __file__],
        ["--image", __file__],
        ["--document", "/dev/zero"],
    ],
)
def test_what_cannot_be_read_is_wrong_use(tmp_path, options):
    _, err = run(tmp_path, "request", *options, "hello", status=2)
    assert options[0] in err
    assert "Traceback" not in err


def test_a_preset_stands_behind_the_other_options(tmp_path, server):
    out, _ = run(
        tmp_path,
        *(
            "request",
            *where(server, "vllm"),
            "--preset",
            "completion",
            "--max-tokens",
            "9",
            "hello",
        ),
    )
    body = json.loads(out)
    assert (body["stop"], body["max_tokens"], body["temperature"]) == (["\n\n"], 9, 0.3)
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    _, err = run(tmp_path, "request", *where(server, "vllm"), "--preset", "x", "hello", status=2)
    assert "There are: code, completion" in err


def test_the_system_prompt_is_filled_in_and_that_is_told(tmp_path, server):
    option = "--param", "system_prompt=You are {{model}}, not {{what}}."
    out, err = run(tmp_path, "request", *where(server, "mistral"), *option, "hello {{model}}")
    assert [message["content"] for message in json.loads(out)["messages"]] == [
        "You are m, not {{what}}.",
        "hello {{model}}",
    ]
    assert "{{model}}: m" in err
    missing = "--param", "system_prompt={{file:gone.md}}"
    _, err = run(tmp_path, "request", *where(server, "mistral"), *missing, "hello", status=2)
    assert "gone.md: it can't be read" in err


def test_a_system_prompt_for_a_chat_that_is_there_stands_in_front_as_it_was_written(
    tmp_path, server
):
    run(tmp_path, "ask", *where(server, "mistral"), "--save", "hello")
    system = "-s", "Be {{brief}} and \\{{model}}."
    out, _ = run(
        tmp_path, "request", *where(server, "mistral"), "--session", "hell", *system, "more"
    )
    first, *others = json.loads(out)["messages"]
    assert first == {"role": "system", "content": system[1]}
    assert [message["role"] for message in others] == ["user", "assistant", "user"]


def test_an_endless_prompt_is_wrong_use(tmp_path):
    with open("/dev/zero", "rb") as endless:
        done = subprocess.run(
            [BISE, "request", "hello"],
            env=environment(tmp_path),
            stdin=endless,
            capture_output=True,
            check=False,
        )
    assert done.returncode == 2
    assert b"standard input is longer than 32 MB" in done.stderr


def test_a_chat_whose_server_is_gone_is_told(tmp_path, server):
    run(tmp_path, "ask", *where(server, "mistral"), "--save", "hello")
    for command in ("request", "ask"):
        env = environment(tmp_path, {"MISTRAL_API_KEY": "k-12345678"})
        done = subprocess.run(
            [BISE, command, "--session", "hello", "more"],
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 2
        assert "choose another server for this chat" in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_a_chat_that_is_not_there_is_told_by_the_name_that_was_given(tmp_path):
    _, err = run(
        tmp_path,
        "request",
        "--base-url",
        "http://127.0.0.1:9",
        "--session",
        "cheese",
        "hello",
        status=2,
    )
    assert err == "bise: No chat is named 'cheese'. `bise sessions list` shows them.\n"
