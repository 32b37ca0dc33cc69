"""A client of the engine's server, so small that nothing can be wrong in it."""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from tui.local.engine import Endpoint


def post(endpoint: Endpoint, body: dict[str, Any], token: str | None) -> tuple[int, bytes]:
    """Status and body of a chat completion."""
    connection = http.client.HTTPConnection(urlsplit(endpoint.url).netloc, timeout=60)
    headers = {"Content-Type": "application/json"}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    try:
        connection.request("POST", "/v1/chat/completions", json.dumps(body), headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def ask(
    endpoint: Endpoint, messages: list[dict[str, Any]], **parameters: Any
) -> list[dict[str, Any]]:
    """All events of a streamed reply; it is made at temperature 0."""
    body = {"messages": messages, "stream": True, "temperature": 0, "max_tokens": 32} | parameters
    status, data = post(endpoint, body, endpoint.token)
    assert status == 200, data
    lines = [
        line.removeprefix("data: ")
        for line in data.decode().split("\n")
        if line.startswith("data: ")
    ]
    assert lines.pop() == "[DONE]"
    return [json.loads(line) for line in lines]


def text(events: list[dict[str, Any]]) -> str:
    """The text of a streamed reply."""
    deltas = (choice["delta"] for event in events for choice in event["choices"])
    return "".join(delta.get("content") or "" for delta in deltas)


def finish_reason(events: list[dict[str, Any]]) -> str | None:
    """Why a streamed reply ended."""
    reasons = [choice["finish_reason"] for event in events for choice in event["choices"]]
    return next((reason for reason in reversed(reasons) if reason), None)


def user(prompt: str) -> dict[str, Any]:
    """A message of the user's."""
    return {"role": "user", "content": prompt}
