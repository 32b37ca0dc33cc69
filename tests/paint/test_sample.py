from __future__ import annotations

from tui.paint.palette import Palette
from tui.paint.sample import sample


def test_the_sample_has_words_in_the_styles_of_the_palette() -> None:
    palette = Palette.of({}, dark=True)
    content = sample(palette)
    assert "A heading" in content.plain
    assert 'def hello(n=1): return "text"  # why' in content.plain
    assert len({str(span.style) for span in content.spans}) > 8
