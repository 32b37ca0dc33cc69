from __future__ import annotations

import json
import socket
from typing import Any

import pytest

from tests.fakes.server import Answer, FakeServer
from tui.core.checks import Report
from tui.core.provider import Provider
from tui.core.words import Kind
from tui.wire.checking import check

KEY = "sk-0123456789abcdef"


def provider(url: str, **members: Any) -> Provider:
    return Provider(name="p", base_url=url, connect_timeout_s=3, **members)


def wrong(report: Report) -> tuple[str, str]:
    [step] = [step for step in report.steps if step.is_right is False]
    assert step is report.steps[-1]
    return step.name, step.words


def right(report: Report) -> list[str]:
    return [step.name for step in report.steps if step.is_right]


def answers(server: FakeServer, path: str, data: Any) -> None:
    body = json.dumps(data).encode()
    server.on("GET", path, Answer(200, {"content-type": "application/json"}, [body]))


async def test_all_that_is_right_is_told() -> None:
    with FakeServer(key=KEY, models=["one", "two"]) as server:
        report = await check(provider(server.url, model="two"), KEY)
    assert report.is_right
    assert right(report) == ["name", "connection", "answer", "key", "model"]
    assert [card.id for card in report.cards] == ["one", "two"]


async def test_a_wrong_key_is_told_and_not_shown() -> None:
    with FakeServer(key=KEY) as server:
        report = await check(provider(server.url), "sk-wrongwrongwrong")
    name, words = wrong(report)
    assert name == "key"
    assert "wrongwrong" not in words
    assert right(report) == ["name", "connection", "answer"]


async def test_a_key_that_nobody_asks_for_is_not_called_right() -> None:
    with FakeServer() as server:
        report = await check(provider(server.url), KEY)
    assert [step.is_right for step in report.steps if step.name == "key"] == [None]


async def test_a_model_that_is_not_there_is_told() -> None:
    with FakeServer(models=["one"]) as server:
        report = await check(provider(server.url, model="two"), None)
    assert wrong(report) == ("model", "it offers 1 model, but not two")


async def test_a_port_where_nobody_listens_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        report = await check(provider(f"http://127.0.0.1:{taken.getsockname()[1]}"), None)
    name, words = wrong(report)
    assert name == "connection"
    assert "refused" in words
    assert right(report) == ["name"]


async def test_a_host_without_an_address_is_told() -> None:
    report = await check(provider("https://no-such-host.invalid"), None)
    assert wrong(report)[0] == "name"
    assert right(report) == []


async def test_a_server_without_tls_is_told() -> None:
    with FakeServer() as server:
        report = await check(provider(server.url.replace("http:", "https:")), None)
    assert wrong(report)[0] == "TLS"
    assert right(report) == ["name", "connection"]


async def test_something_else_that_answers_is_told() -> None:
    with FakeServer() as server:
        server.on("GET", "/v1/models", Answer(200, {"content-type": "text/html"}, [b"<html>"]))
        report = await check(provider(server.url), None)
    assert wrong(report)[0] == "answer"


async def test_settings_that_can_not_be_followed_are_told() -> None:
    report = await check(provider("ftp://host"), None)
    assert wrong(report)[0] == "settings"


@pytest.mark.parametrize(
    ("model", "others", "kind"),
    [
        ({"id": "m", "owned_by": "vllm"}, {}, Kind.VLLM),
        ({"id": "m", "owned_by": "library"}, {}, Kind.OLLAMA),
        ({"id": "m", "owned_by": "llamacpp"}, {}, Kind.LLAMACPP),
        ({"id": "m", "capabilities": {"completion_chat": True}}, {}, Kind.MISTRAL),
        ({"id": "m"}, {"/props": {"default_generation_settings": {}}}, Kind.LLAMACPP),
        ({"id": "m"}, {"/api/version": {"version": "0.9"}}, Kind.OLLAMA),
        ({"id": "m"}, {"/version": {"version": "0.9"}}, Kind.VLLM),
        ({"id": "m"}, {}, Kind.OPENAI),
    ],
)
async def test_the_kind_is_guessed_from_what_the_server_answers(
    model: dict[str, Any], others: dict[str, Any], kind: Kind
) -> None:
    with FakeServer() as server:
        answers(server, "/v1/models", {"data": [model]})
        for path, data in others.items():
            answers(server, path, data)
        report = await check(provider(server.url), None)
    assert report.kind is kind
