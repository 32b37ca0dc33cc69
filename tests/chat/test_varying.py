from __future__ import annotations

import pytest

from tui.chat.varying import Known, split_words, variant_of
from tui.core.parameters import Parameters
from tui.core.presets import Preset
from tui.core.provider import Provider
from tui.core.session import Session
from tui.core.words import Kind

PROVIDERS = {
    "own": Provider(name="own", kind=Kind.MISTRAL, model="own-model"),
    "other": Provider(name="other", kind=Kind.OPENAI, model="other-model"),
}


PRESETS = {
    "calm": Preset("calm", stop_set="end", parameters={"temperature": 0.0}),
    "far off": Preset("far off", provider="other", parameters={"top_p": 0.5}),
}


def made(word: str) -> tuple[str | None, dict[str, object]]:
    session = Session(provider="own", parameters=Parameters(model="a", temperature=0.3))
    variant = variant_of(session, word, Known(PROVIDERS, PRESETS, {"end": ["END"]}))
    return variant.provider, variant.parameters.kept()


@pytest.mark.parametrize(
    ("word", "provider", "parameters"),
    [
        ("small", "own", {"model": "small", "temperature": 0.3}),
        ("temperature=1", "own", {"model": "a", "temperature": 1.0}),
        ("other/big,top_p=0.5", "other", {"model": "big", "temperature": 0.3, "top_p": 0.5}),
        ("other", "other", {"temperature": 0.3}),
        ("org/name", "own", {"model": "org/name", "temperature": 0.3}),
        (r"stop=\n\n", "own", {"model": "a", "temperature": 0.3, "stop": ["\n\n"]}),
        ('stop="[/INST] ",top_p=1', "own", {"model": "a", "temperature": 0.3, "stop": ["[/INST] "], "top_p": 1.0}),
        ('prefix="Dear, n=2 "', "own", {"model": "a", "temperature": 0.3, "prefix": "Dear, n=2 "}),
        ("'model x',n=2", "own", {"model": "model x", "temperature": 0.3, "n": 2}),
        ("preset=calm", "own", {"model": "a", "temperature": 0.0, "stop": ["END"]}),
        ("preset=calm,temperature=1", "own", {"model": "a", "temperature": 1.0, "stop": ["END"]}),
        ('preset="far off"', "other", {"temperature": 0.3, "top_p": 0.5}),
        ('stop=["a,b"],top_p=1', "own", {"model": "a", "temperature": 0.3, "stop": ["a,b"], "top_p": 1.0}),
    ],
)  # fmt: skip
def test_a_word_says_whom_to_ask_and_how(
    word: str, provider: str, parameters: dict[str, object]
) -> None:
    assert made(word) == (provider, parameters)


@pytest.mark.parametrize(
    "word", ["temprature=1", "temperature=hot", "top_p=7", "temperature=nan", "preset=temperature"]
)
def test_nonsense_is_refused_in_a_sentence(word: str) -> None:
    with pytest.raises(ValueError, match=r"temperature|top_p"):
        made(word)


def test_words_in_quotes_stay_together() -> None:
    words = r"""a stop=["\n\n", "x y"]  'model x',n=2 prefix="Say \"a b\"" 'b c'"""
    assert split_words(words) == [
        "a",
        r'stop=["\n\n", "x y"]',
        "'model x',n=2",
        r'prefix="Say \"a b\""',
        "b c",
    ]
    with pytest.raises(ValueError, match="quote"):
        split_words('a "b')
