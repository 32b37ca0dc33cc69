from __future__ import annotations

import pytest

from tui.core.tokens import tokens_in
from tui.wire import tokenizer as module
from tui.wire.tokenizer import LONGEST, MistralTokenizer

TEXT = "没有单一最好的法国奶酪 and Comté"


def test_until_it_is_loaded_it_estimates() -> None:
    assert MistralTokenizer().count(TEXT) == tokens_in(TEXT)


def test_without_the_package_it_estimates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PACKAGE", "no_such_package_here")
    tokenizer = MistralTokenizer()
    assert not tokenizer.is_installed()
    assert not tokenizer.load()
    assert tokenizer.count(TEXT) == tokens_in(TEXT)


def test_a_package_that_is_another_one_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PACKAGE", "json")
    assert not MistralTokenizer().load()


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_with_the_package_it_counts() -> None:
    pytest.importorskip("mistral_common")
    tokenizer = MistralTokenizer()
    assert tokenizer.load()
    assert tokenizer.count("The quick brown fox jumps over the lazy dog.") == 10
    assert tokenizer.count("") == 0
    assert tokenizer.count("a" * (LONGEST + 1)) == tokens_in("a" * (LONGEST + 1))
