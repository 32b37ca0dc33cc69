"""Printed requests that are long, or that the official clients would not send whole."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from tests.fakes.server import FakeServer
from tui.core.completion import CompletionRequest
from tui.core.message import Message
from tui.core.parameters import Parameters
from tui.core.provider import Provider
from tui.core.text import UNSAFE
from tui.core.words import Kind, Role
from tui.wire.printed import FORMS, Printed, key_variable

ODD = "it's `id` $HOME ${x}\nEND\n\x9b31m \x7f \x1b[1m \u202e\u2028\u200b \U000e0041 \ufeff \r"


def keyless(server: FakeServer, kind: Kind) -> Printed:
    request = CompletionRequest(
        [Message(role=Role.USER, content="hello")], Parameters.model_validate({"model": "m"})
    )
    return Printed.of(request, Provider(name="p", kind=kind, base_url=server.url), None)


def printed(server: FakeServer, text: str, **given: Any) -> Printed:
    parameters = Parameters.model_validate({"model": "m", **given})
    provider = Provider(
        name="p", kind=Kind.MISTRAL, base_url=server.url, headers={"X-Team": "it's", "X-Token": "t"}
    )
    request = CompletionRequest([Message(role=Role.USER, content=text)], parameters)
    return Printed.of(request, provider, "SOME_KEY")


@pytest.mark.parametrize(
    ("form", "command"),
    [("curl", "sh"), ("typescript", "node")],
)
@pytest.mark.parametrize("text", [ODD, "é" * 200_000], ids=["odd", "long"])
def test_a_program_sends_the_whole_request(tmp_path, form, command, text):
    if shutil.which(command) is None:
        pytest.skip(f"there is no {command} here")
    program = tmp_path / "request.mjs"
    with FakeServer() as server:
        request = printed(server, text, extra={"strange_member": "it's"})
        program.write_text(request.as_form(form))
        assert not UNSAFE.search(program.read_text())
        done = subprocess.run(
            [command, program],
            env={**os.environ, "SOME_KEY": "k-1", "X_TOKEN": "t-1"},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.rstrip().endswith(b"data: [DONE]")
        [seen] = server.requests
    assert seen.json == request.body
    assert seen.headers["authorization"] == "Bearer k-1"
    assert (seen.headers["x-team"], seen.headers["x-token"]) == ("it's", "t-1")


def test_the_official_client_for_typescript_is_used_where_it_sends_the_same():
    provider = Provider(name="p", kind=Kind.MISTRAL)
    message = Message(role=Role.USER, content="hello")
    request = CompletionRequest([message], Parameters.model_validate({"model": "m"}))
    assert "@mistralai" in Printed.of(request, provider, "K").as_form("typescript")


@pytest.mark.parametrize("kind", [Kind.MISTRAL, Kind.VLLM])
@pytest.mark.parametrize(
    ("form", "command", "authorization"),
    [
        ("curl", "sh", None),
        ("python", sys.executable, "Bearer none"),  # the official clients always send one
        ("typescript", "node", None),
    ],
)
def test_a_request_that_goes_without_a_key_names_none(tmp_path, kind, form, command, authorization):
    with FakeServer() as server:
        text = keyless(server, kind).as_form(form)
        assert "Authorization" not in text
        assert "KEY" not in text
        assert "environ" not in text
        if form == "typescript":
            assert 'apiKey: "none"' in text
            return
        (tmp_path / "program").write_text(text)
        env = {**os.environ, "MISTRAL_API_KEY": "k-1", "OPENAI_API_KEY": "k-1"}
        done = subprocess.run(
            [command, tmp_path / "program"], env=env, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr
        [seen] = server.requests
    assert seen.headers.get("authorization") == authorization


@pytest.mark.parametrize("form", FORMS)
def test_without_a_key_a_header_of_the_provider_s_own_stands_alone(form):
    with FakeServer() as server:
        request = replace(keyless(server, Kind.VLLM), headers={"X-Team": "blue"})
        text = request.as_form(form)
    assert "Authorization" not in text
    assert ("blue" in text) == (form != "json")
    assert "import os" not in text


def test_the_usual_key_is_named_for_the_usual_host_only():
    assert key_variable(Provider(name="x", kind=Kind.MISTRAL)) == "MISTRAL_API_KEY"
    assert key_variable(Provider(name="x", kind=Kind.OPENAI)) == "OPENAI_API_KEY"
    own = Provider(name="x", kind=Kind.MISTRAL, base_url="http://localhost:1")
    assert key_variable(own) == "API_KEY"
    assert key_variable(own.model_copy(update={"api_key_env": "MINE"})) == "MINE"


@pytest.mark.parametrize("form", FORMS)
def test_no_form_has_anything_in_it_that_a_terminal_obeys(form):
    with FakeServer() as server:
        assert not UNSAFE.search(printed(server, ODD).as_form(form))
