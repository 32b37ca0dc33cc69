"""Counts tokens as Mistral's models do, if `mistral-common` is installed; it is no dependency of ours."""

from __future__ import annotations

import importlib
import importlib.util
import logging
from typing import Any

from tui.core.tokens import tokens_in

PACKAGE = "mistral_common"

LONGEST = 200_000
"""Characters that are counted exactly; a longer text is estimated, since counting it would take too long."""

log = logging.getLogger("bise")


class MistralTokenizer:
    """The Tekken tokenizer; implements `core.ports.Tokenizer`."""

    def __init__(self) -> None:
        self._tokenizer: Any = None

    @staticmethod
    def is_installed() -> bool:
        """Whether the package is there. Cheap: it is not imported."""
        return importlib.util.find_spec(PACKAGE) is not None

    def load(self) -> bool:
        """Load it, which takes seconds: call it in a thread. Whether it can count now."""
        if self._tokenizer is None and self.is_installed():
            try:
                module = importlib.import_module(f"{PACKAGE}.tokens.tokenizers.mistral")
                made = module.MistralTokenizer.v3(is_tekken=True)
                self._tokenizer = made.instruct_tokenizer.tokenizer
            except (ImportError, AttributeError, OSError, ValueError, TypeError) as error:
                log.warning("%s can't be used: %s", PACKAGE, error)
        return self._tokenizer is not None

    def count(self, text: str) -> int:
        """The tokens of a text; an estimate as long as it is not loaded, and for very long texts."""
        if self._tokenizer is None or len(text) > LONGEST:
            return tokens_in(text)
        return len(self._tokenizer.encode(text, bos=False, eos=False))
