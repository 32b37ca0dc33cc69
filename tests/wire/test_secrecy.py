import asyncio
import logging
import subprocess
import sys
import traceback
from pathlib import Path

import pytest

from tests.fakes.server import CUT, HANG, Answer, FakeServer, document, sse
from tests.pty.harness import BISE, environment
from tests.wire.test_client import collect, request
from tui.core.failure import Failure
from tui.core.provider import Provider
from tui.core.words import Kind
from tui.wire.client import Client

KEY = "sk-Zq7wXv93LmPt55KfRb21"
PARTS = [KEY[at : at + 8] for at in range(len(KEY) - 7)]


def has_key(text: str | bytes) -> bool:
    text = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return any(part in text for part in PARTS)


ECHOES = {
    "an error that repeats the key": document({"message": f"bad key {KEY}"}, 401),
    "a part of it": document({"error": {"message": f"key {KEY[:12]}…", "code": KEY}}, 403),
    "a page": Answer(502, {"content-type": "text/html"}, [f"<title>{KEY}</title>".encode()]),
    "a header": document({"message": "x"}, 400, {"mistral-correlation-id": KEY}),
    "an error event": Answer(
        200, {"content-type": "text/event-stream"}, [f'data: {{"error":"{KEY}"}}\n\n'.encode()]
    ),
    "a redirect": Answer(307, {"location": f"https://elsewhere.example/{KEY}"}),
    "no answer": Answer(steps=[CUT], raw=True),
    "no HTTP": Answer(steps=[KEY.encode()], raw=True),
    "no JSON": Answer(200, {"content-type": "application/json"}, [f"{KEY} hello".encode()]),
}


@pytest.mark.parametrize("answer", ECHOES.values(), ids=ECHOES.keys())
async def test_no_failure_and_no_log_shows_the_key(answer, caplog, capfd):
    caplog.set_level(logging.DEBUG, "bise")
    caplog.set_level(logging.DEBUG, "asyncio")
    with FakeServer() as server:
        server.reply_with(answer)
        target = Provider(name="test", kind=Kind.MISTRAL, base_url=server.url)
        _, failure = await collect(Client(target, KEY), request())
    assert isinstance(failure, Failure)
    shown = [failure.sentence, str(failure.code), str(failure.words), str(failure.request_id)]
    shown += [repr(failure), *traceback.format_exception(failure), caplog.text, *capfd.readouterr()]
    assert not any(map(has_key, shown))


async def test_nothing_that_holds_the_key_shows_it():
    client = Client(Provider(name="test", base_url="http://localhost:1/v1"), KEY)
    assert not has_key(repr(client))
    assert not has_key(repr(vars(client)))
    _, failure = await collect(client, request())
    assert not has_key("".join(traceback.format_exception(failure)))


async def test_the_key_is_in_its_header_and_nowhere_else_of_the_request():
    with FakeServer(key=KEY) as server:
        target = Provider(name="test", kind=Kind.MISTRAL, base_url=server.url)
        await collect(Client(target, KEY), request())
    (seen,) = server.requests
    headers = dict(seen.headers)
    assert headers.pop("authorization") == f"Bearer {KEY}"
    assert not has_key(repr(headers) + seen.path)
    assert not has_key(seen.body)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "config" / "bise"
    folder.mkdir(parents=True)
    # the key comes from a command, so that it has no business in any environment
    teller = tmp_path / "teller.py"
    teller.write_text(f"print({KEY[:10]!r} + {KEY[10:]!r})")
    return tmp_path


def settings(home: Path, url: str) -> None:
    command = f"{sys.executable} {home / 'teller.py'}"
    text = f'[providers.there]\nkind = "mistral"\nbase_url = "{url}"\napi_key_cmd = "{command}"\n'
    (home / "config" / "bise" / "settings.toml").write_text(text)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks into /proc")
def test_neither_the_process_list_nor_an_environment_nor_a_file_has_the_key(home):
    with FakeServer(key=KEY) as server:
        settings(home, server.url)
        server.reply_with(sse("a", HANG, finish=None))
        process = subprocess.Popen(
            [BISE, "ask", "--provider", "there", "--model", "m", "--save", "hello"],
            env=environment(home),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        server.wait_for(1)
        places = Path(f"/proc/{process.pid}")
        visible = [(places / name).read_bytes() for name in ("cmdline", "environ")]
        process.terminate()
        out, err = process.communicate(timeout=30)
    files = [
        path.read_bytes() for path in home.rglob("*") if path.is_file() and path.name != "teller.py"
    ]
    assert files
    assert not any(map(has_key, [*visible, out, err, *files]))


def test_no_request_goes_to_any_host_but_the_providers(home):
    script = """
import asyncio, socket, sys
from tui.cli import main
asked = []
def audit(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        asked.append(repr(arguments[1] if event != "socket.getaddrinfo" else arguments[:2]))
sys.addaudithook(audit)
try:
    sys.argv = ["bise", *sys.argv[1:]]
    main()
finally:
    print("\\n".join(asked), file=sys.stderr)
"""
    with FakeServer(key=KEY) as server:
        settings(home, server.url)
        done = subprocess.run(
            [sys.executable, "-c", script, "ask", "--provider", "there", "--model", "m", "hello"],
            env=environment(home),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=60,
        )
    assert done.returncode == 0, done.stderr
    asked = done.stderr.decode().split("\n")[:-1]
    assert asked
    assert all(f"'127.0.0.1', {server.port}" in line for line in asked), asked


async def test_a_redirect_elsewhere_is_not_followed():
    with FakeServer() as other, FakeServer(key=KEY) as server:
        server.reply_with(Answer(307, {"location": f"{other.url}/chat/completions"}))
        target = Provider(name="test", kind=Kind.MISTRAL, base_url=server.url)
        async with asyncio.timeout(60):
            _, failure = await collect(Client(target, KEY), request())
        assert failure is not None
        assert other.connections == 0
