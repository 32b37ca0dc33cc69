from __future__ import annotations

import pytest
from pydantic import ValidationError

from tui.core.provider import DEFAULT_BASE, LOCAL, Provider
from tui.core.settings import Settings
from tui.core.words import Kind


def test_without_any_setting_there_are_mistral_and_the_embedded_model() -> None:
    providers = Settings().all_providers()
    assert set(providers) == {"mistral", LOCAL}
    assert providers["mistral"].api_key_env == "MISTRAL_API_KEY"
    assert [p.name for p in providers.values() if p.is_local] == [LOCAL]


def test_a_built_in_provider_can_be_changed_in_part() -> None:
    own = Provider(name="mistral", kind=Kind.MISTRAL, base_url="http://127.0.0.1:1")
    providers = Settings(providers={"mistral": own, "work": Provider(name="work")}).all_providers()
    assert providers["mistral"].base_url == "http://127.0.0.1:1"
    assert providers["mistral"].api_key_env == "MISTRAL_API_KEY"
    assert set(providers) == {"mistral", LOCAL, "work"}


def test_settings_that_we_do_not_know_are_kept() -> None:
    raw = {"theme": "x", "future": {"a": 1}, "local": {"context": 2048, "gpu": True}}
    dumped = Settings.model_validate(raw).model_dump(exclude_unset=True)
    assert dumped == raw


@pytest.mark.parametrize(
    "wrong", [{"parallel": 0}, {"retries": -1}, {"local": {"context": 1}}, {"keys": {"a": ["b"]}}]
)
def test_settings_out_of_range_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate(wrong)


def test_a_provider_is_named_in_words_and_holds_no_key() -> None:
    assert str(Provider(name="work")) == "work"
    assert not [name for name in Provider.model_fields if name in {"key", "api_key", "token"}]


def test_every_kind_of_server_has_a_default_place() -> None:
    assert set(DEFAULT_BASE) == set(Kind)
