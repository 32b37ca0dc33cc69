"""`bise ask --json` on every sample, served over real HTTP; one process asks them all."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.server import Answer, FakeServer
from tests.pty.harness import environment

SAMPLES = Path(__file__).parent.parent / "wire" / "samples"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text("utf-8"))["samples"]
REPLIES = sorted(n for n, s in EXPECTED.items() if s["kind"] in {"stream", "response"})
ERRORS = [
    (int(path.stem), variant)
    for path in sorted((SAMPLES / "errors").glob("*.json"))
    for variant in json.loads(path.read_text("utf-8"))["variants"]
]

ASKER = """
import contextlib, io, json, sys
from tui.cli import bise
for line in sys.stdin:
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    sys.stdin, kept = io.TextIOWrapper(io.BytesIO()), sys.stdin
    with contextlib.redirect_stdout(out):
        status = bise.main(json.loads(line), prog_name="bise", standalone_mode=False)
    sys.stdin = kept
    out.flush()
    print(json.dumps([status, out.buffer.getvalue().decode()]), flush=True)
"""


def all_answers(home: Path, asked: list[tuple[Answer, list[str]]]) -> list[dict[str, Any]]:
    with FakeServer() as server:
        lines = []
        for answer, options in asked:
            server.reply_with(answer)
            where = ["--base-url", server.url, "--kind", "mistral", "--model", "m"]
            lines.append(json.dumps(["ask", *where, "--json", "--retries", "0", *options, "hi"]))
        done = subprocess.run(
            [sys.executable, "-c", ASKER],
            input="\n".join(lines),
            env=environment(home),
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )
    assert done.returncode == 0, done.stderr
    return [json.loads(out) for _, out in map(json.loads, done.stdout.splitlines())]


@pytest.fixture(scope="module")
def replies(tmp_path_factory):
    asked = []
    for name in REPLIES:
        sample = EXPECTED[name]
        prefix = sample.get("request", {}).get("prefix")
        options = ["--prefix", prefix] if prefix else []
        options += [] if sample["kind"] == "stream" else ["--no-stream"]
        answer = Answer(sample["status"], sample["headers"], [(SAMPLES / name).read_bytes()])
        asked.append((answer, options))
    got = all_answers(tmp_path_factory.mktemp("home"), asked)
    return dict(zip(REPLIES, got, strict=True))


@pytest.fixture(scope="module")
def errors(tmp_path_factory):
    answers: list[tuple[Answer, list[str]]] = [
        (Answer(status, variant["headers"], [variant["body"].encode()]), [])
        for status, variant in ERRORS
    ]
    return all_answers(tmp_path_factory.mktemp("home"), answers)


@pytest.mark.parametrize("name", REPLIES)
def test_a_sample_gives_what_is_expected(replies, name):
    got = replies[name]
    for member, value in EXPECTED[name]["expect"].items():
        if member == "error" and value:
            assert {part: got["error"][part] for part in value} == value
        else:
            assert got[member] == value


@pytest.mark.parametrize("number", range(len(ERRORS)), ids=[v["name"] for _, v in ERRORS])
def test_an_error_body_gives_what_is_expected(errors, number):
    expect = ERRORS[number][1]["expect"]
    got = errors[number]
    assert {part: got["error"][part] for part in expect} == expect
    assert got["ended"] == "error"
