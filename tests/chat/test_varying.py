from __future__ import annotations

import pytest

from tui.chat.varying import split_words, variant_of
from tui.core.parameters import Parameters
from tui.core.provider import Provider
from tui.core.session import Session
from tui.core.words import Kind

PROVIDERS = {
    "own": Provider(name="own", kind=Kind.MISTRAL, model="own-model"),
    "other": Provider(name="other", kind=Kind.OPENAI, model="other-model"),
}


def made(word: str) -> tuple[str | None, dict[str, object]]:
    session = Session(provider="own", parameters=Parameters(model="a", temperature=0.3))
    variant = variant_of(session, word, PROVIDERS)
    return variant.provider, variant.parameters.kept()


@pytest.mark.parametrize(
    ("word", "provider", "parameters"),
    [
        ("small", "own", {"model": "small", "temperature": 0.3}),
        ("temperature=1", "own", {"model": "a", "temperature": 1.0}),
        ("other/big,top_p=0.5", "other", {"model": "big", "temperature": 0.3, "top_p": 0.5}),
        ("other", "other", {"temperature": 0.3}),
        ("org/name", "own", {"model": "org/name", "temperature": 0.3}),
        ('stop=["a,b"],top_p=1', "own", {"model": "a", "temperature": 0.3, "stop": ["a,b"], "top_p": 1.0}),
    ],
)  # fmt: skip
def test_a_word_says_whom_to_ask_and_how(
    word: str, provider: str, parameters: dict[str, object]
) -> None:
    assert made(word) == (provider, parameters)


@pytest.mark.parametrize("word", ["temprature=1", "temperature=hot", "top_p=7", "temperature=nan"])
def test_nonsense_is_refused_in_a_sentence(word: str) -> None:
    with pytest.raises(ValueError, match=r"temperature|top_p"):
        made(word)


def test_words_in_quotes_stay_together() -> None:
    assert split_words('a stop="[\\"x y\\"]"') == ["a", 'stop=["x y"]']
    with pytest.raises(ValueError, match="quote"):
        split_words('a "b')
