import json
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.fakes.server import DEADLINE, Answer, FakeServer, document, sse


def test_what_was_asked_is_said_back():
    with FakeServer() as server:
        body = {"messages": [{"role": "user", "content": "hello you"}], "stream": True}
        answer = httpx.post(f"{server.url}/chat/completions", json=body)
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.text.endswith("data: [DONE]\n\n")
        assert "hello" in answer.text
        assert server.requests[0].json == body


def test_answers_come_in_their_order_and_then_it_says_back():
    with FakeServer() as server:
        server.reply_with(document({"a": 1}), Answer(503, {}, [b"busy"]))
        url = f"{server.url}/chat/completions"
        answers = [httpx.post(url, json={"messages": []}) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 503, 200]


def test_without_the_key_nothing_is_answered():
    with FakeServer(key="k") as server:
        url = f"{server.url}/models"
        assert httpx.get(url).status_code == 401
        good = httpx.get(url, headers={"Authorization": "Bearer k"})
        assert good.json()["data"][0]["id"] == "fake-model"


def test_it_fails_the_test_that_waits_in_vain():
    with FakeServer() as server, pytest.raises(AssertionError):
        server.wait_for(1, 0.01)


def test_a_stream_that_is_cut_is_seen_as_such():
    with FakeServer() as server:
        server.reply_with(sse("half", finish=None))
        answer = httpx.post(f"{server.url}/chat/completions", json={})
        assert "[DONE]" not in answer.text


def test_it_serves_as_a_program(tmp_path: Path):
    script = tmp_path / "script.json"
    script.write_text(
        json.dumps([{"say": "one two", "pieces": 1}, {"status": 429, "body": {"message": "m"}}])
    )
    command = [sys.executable, "-m", "tests.fakes.server", "--key", "k", "--script", str(script)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        assert program.stdin is not None
        url = program.stdout.readline().strip()
        headers = {"Authorization": "Bearer k"}
        answers = [
            httpx.post(f"{url}/chat/completions", json={}, headers=headers) for _ in range(2)
        ]
        program.stdin.close()
        assert program.wait(DEADLINE) == 0
    assert "one two" in answers[0].text
    assert (answers[1].status_code, answers[1].json()) == (429, {"message": "m"})
