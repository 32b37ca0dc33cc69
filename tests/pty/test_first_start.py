"""A new user's first start, by each of the three ways, and what can go wrong on them."""

from __future__ import annotations

import stat
import tomllib
from typing import TYPE_CHECKING

import pytest

from tests.fakes.server import FakeServer, document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.pty.harness import Terminal
    from tests.pty.home import Home

    Start = Callable[..., Terminal]

pytestmark = pytest.mark.pty

KEY = "sk-typed-unseen"
WELCOME = "Who shall answer?"


@pytest.fixture
def mistral(home: Home) -> Iterator[FakeServer]:
    """A stand-in for Mistral's own server, to which the settings point."""
    with FakeServer(key=KEY, models=["mistral-medium-latest", "other"]) as server:
        home.settle(f'[providers.mistral]\nkind = "mistral"\nbase_url = "{server.url}"\n'
                    'model = "mistral-medium-latest"\n')  # fmt: skip
        yield server


def ask(terminal: Terminal, prompt: str) -> None:
    terminal.wait_for_no(WELCOME)
    terminal.wait_for("Ask something")
    terminal.type(prompt)
    terminal.wait_for(prompt)
    terminal.press("enter")


def leave(terminal: Terminal) -> None:
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    assert terminal.left_behind() == []


def fill_in(terminal: Terminal, placeholder: str, text: str) -> None:
    """Type into a field once it has the focus: what is typed before goes elsewhere."""
    terminal.wait_until(lambda: terminal.has_cursor(placeholder))
    terminal.type(text)
    terminal.press("enter")


def enter_key(terminal: Terminal, key: str) -> None:
    terminal.wait_for(WELCOME)
    terminal.press("1")
    fill_in(terminal, "Mistral API key (typed", key)


def enter_server(terminal: Terminal, *fields: str) -> None:
    """Fill in the fields of the third way, and press Enter after each."""
    terminal.wait_for(WELCOME)
    terminal.press("3")
    for placeholder, text in zip(("URL, such as", "Kind:", "Key, if"), fields, strict=True):
        fill_in(terminal, placeholder, text)


def test_a_mistral_key_is_typed_unseen_checked_and_kept_for_the_user_alone(
    bise: Start, mistral: FakeServer, home: Home
) -> None:
    terminal = bise()
    enter_key(terminal, KEY)
    terminal.wait_for("mistral-medium-latest")
    assert mistral.requests[0].path == "/v1/models"
    ask(terminal, "Hello")
    terminal.wait_for("You said: Hello")
    leave(terminal)
    assert KEY.encode() not in terminal.raw
    holding = [p for p in home.path.rglob("*") if p.is_file() and KEY.encode() in p.read_bytes()]
    assert [p.parent for p in holding] == [home.config]
    assert stat.S_IMODE(holding[0].stat().st_mode) == 0o600

    again = bise()
    again.wait_for("Ask something")
    ask(again, "And now?")
    again.wait_for("You said: And now?")
    leave(again)


def test_a_wrong_key_is_told_and_another_may_be_typed(
    bise: Start, mistral: FakeServer, home: Home
) -> None:
    terminal = bise()
    enter_key(terminal, "sk-wrong")
    terminal.wait_for("did not accept the key")
    terminal.press("1")
    terminal.wait_for("••••")
    terminal.wait_until(lambda: terminal.cursor[0] > 1)
    terminal.press(*["backspace"] * 30)
    fill_in(terminal, "Mistral API key (typed", KEY)
    terminal.wait_for("mistral-medium-latest")
    leave(terminal)
    assert not any(b"sk-wrong" in p.read_bytes() for p in home.path.rglob("*") if p.is_file())


def test_another_server_is_given_by_its_url(bise: Start, server: FakeServer, home: Home) -> None:
    terminal = bise()
    enter_server(terminal, server.root, "vllm", "")
    terminal.wait_for("fake-model")
    ask(terminal, "Hello")
    terminal.wait_for("You said: Hello")
    leave(terminal)
    settings = tomllib.loads((home.config / "settings.toml").read_text("utf-8"))
    [provider] = settings["providers"].values()
    assert (provider["kind"], provider["model"]) == ("vllm", "fake-model")

    again = bise()
    again.wait_for("fake-model")
    ask(again, "And now?")
    again.wait_for("You said: And now?")
    leave(again)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:9", "127.0.0.1:9"),
        ("nonsense://x", "http"),
        ("http://203.0.113.1/", "allow_http"),
    ],
)
def test_a_server_that_does_not_work_is_told_and_the_choice_is_still_there(
    bise: Start, url: str, said: str, home: Home
) -> None:
    terminal = bise()
    enter_server(terminal, url, "", "")
    terminal.wait_for(said)
    terminal.wait_for(WELCOME)
    leave(terminal)
    assert not (home.config / "settings.toml").exists()


def test_a_server_without_models_is_told(bise: Start, server: FakeServer) -> None:
    server.on("GET", "/v1/models", document({"object": "list", "data": []}))
    terminal = bise()
    enter_server(terminal, server.url, "", "")
    terminal.wait_for("no model")
    leave(terminal)


def test_a_prompt_typed_before_the_choice_is_made_is_not_lost(
    bise: Start, mistral: FakeServer
) -> None:
    terminal = bise()
    terminal.wait_for(WELCOME)
    terminal.press("escape")
    terminal.wait_for_no(WELCOME)
    terminal.type("Hello there")
    terminal.wait_for("Hello there")
    terminal.press("enter")
    enter_key(terminal, KEY)
    terminal.wait_for("mistral-medium-latest")
    terminal.wait_for("Hello there")
    leave(terminal)


def test_a_key_in_the_environment_needs_no_first_start(bise: Start, mistral: FakeServer) -> None:
    terminal = bise(env={"MISTRAL_API_KEY": KEY})
    terminal.wait_for("mistral-medium-latest")
    assert WELCOME not in terminal.text
    ask(terminal, "Hello")
    terminal.wait_for("You said: Hello")
    leave(terminal)
