from __future__ import annotations

from pathlib import Path

import pytest

from tui.cli.inspection import RequestInspector
from tui.cli.options import Wanted
from tui.cli.parts import Parts
from tui.core.completion import CompletionRequest
from tui.core.failure import Failure
from tui.core.message import Message
from tui.core.parameters import Parameters
from tui.core.provider import Provider
from tui.core.words import Kind, Role
from tui.store.places import Places


@pytest.fixture
def inspector(monkeypatch: pytest.MonkeyPatch) -> RequestInspector:
    monkeypatch.setenv("SOME_KEY", "sk-not-to-be-seen")
    return RequestInspector(Parts.of(Wanted(), Places.from_environment()))


PROVIDER = Provider(
    name="p", kind=Kind.VLLM, base_url="http://localhost:8000", api_key_env="SOME_KEY",
    headers={"X-Team": "blue", "X-Auth-Token": "hidden"},
)  # fmt: skip


def asked(**given: object) -> CompletionRequest:
    parameters = Parameters.model_validate({"model": "m", **given})
    return CompletionRequest([Message(role=Role.USER, content="hello")], parameters)


def test_what_was_left_out_translated_or_filled_in_is_told(inspector: RequestInspector) -> None:
    request = asked(random_seed=7, safe_prompt=True, system_prompt="Today is {{date}}.")
    shown = inspector.preview(request, PROVIDER)
    notes = "\n".join(shown.notes)
    assert "random_seed is called seed by vLLM" in notes
    assert "vLLM does not know safe_prompt" in notes
    assert "system prompt" in notes
    assert shown.body["seed"] == 7
    assert shown.body["messages"][0]["role"] == "system"


@pytest.mark.parametrize("form", ["json", "http", "curl", "python", "typescript"])
def test_no_form_has_a_key_in_it(inspector: RequestInspector, form: str) -> None:
    text = inspector.preview(asked(), PROVIDER).as_form(form)
    assert "sk-not-to-be-seen" not in text
    assert "hidden" not in text
    assert form == "json" or "SOME_KEY" in text


def test_no_key_is_named_where_none_is_set(inspector: RequestInspector) -> None:
    keyless = Provider(name="p", kind=Kind.VLLM, base_url="http://localhost:8000")
    assert "Authorization" not in inspector.preview(asked(), keyless).as_form("curl")
    of_a_command = keyless.model_copy(update={"api_key_cmd": "false"})  # which is not run for this
    assert "Bearer $API_KEY" in inspector.preview(asked(), of_a_command).as_form("curl")


def test_a_text_is_saved_but_never_over_another(
    inspector: RequestInspector, tmp_path: Path
) -> None:
    path = inspector.save(str(tmp_path / "request.sh"), "curl\n")
    assert path.read_text() == "curl\n"
    with pytest.raises(Failure, match="already"):
        inspector.save(str(path), "other")
    assert path.read_text() == "curl\n"
    with pytest.raises(Failure):
        inspector.save(str(tmp_path / "no" / "folder" / "x"), "other")


def test_nothing_is_known_of_replies_of_other_runs(inspector: RequestInspector) -> None:
    assert inspector.sent("a1") is None
