from __future__ import annotations

from tui.paint.highlight import lexer_for
from tui.ui.widgets.transcript.warming import LANGUAGES, warm_up


def test_common_languages_are_loaded_once():
    thread = warm_up()
    assert warm_up() is thread
    thread.join(30)
    before = lexer_for.cache_info().misses
    assert all(lexer_for(language) is not None for language in LANGUAGES)
    assert lexer_for.cache_info().misses == before
