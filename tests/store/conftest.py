from __future__ import annotations

import pytest

from tui.store.places import Places
from tui.store.sessions.toml_sessions import TomlSessions


@pytest.fixture
def places(tmp_path):
    return Places(
        config=tmp_path / "config",
        data=tmp_path / "data",
        state=tmp_path / "state",
        cache=tmp_path / "cache",
    )


@pytest.fixture
def store(places):
    return TomlSessions(places)
