from __future__ import annotations

import pytest

from tui.store.config.settings import SettingsFile


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# a\n", '"chat.new" = "f12"'),
        ('[keys]\n"chat.new" = "f9"  # mine\n', '"chat.new" = "f12"  # mine'),
        ('[keys]\nchat.new = "f9"  # mine\n', 'new = "f12"  # mine'),
        ('[keys.chat]\nnew = "f9"  # mine\n', 'new = "f12"  # mine'),
    ],
)
def test_a_key_is_set_where_it_stands_and_put_back(places, before: str, after: str) -> None:
    places.settings_file.parent.mkdir(parents=True, exist_ok=True)
    places.settings_file.write_text(before, "utf-8")
    file = SettingsFile(places)
    file.set_key("chat.new", "f12")
    assert after in places.settings_file.read_text("utf-8")
    assert file.load().keys == {"chat.new": "f12"}
    file.set_key("chat.new", None)
    assert file.load().keys == {}
