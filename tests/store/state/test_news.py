from __future__ import annotations

import pytest

from tests.store.sessions.test_ephemeral import talk
from tui.core.failure import Failure
from tui.core.words import News
from tui.store.places import Places
from tui.store.sessions.toml_sessions import TomlSessions
from tui.store.state.news import FileNews


@pytest.fixture
def news(places: Places) -> FileNews:
    return FileNews(places)


@pytest.fixture
def ids(store: TomlSessions) -> list[str]:
    return [talk(store, title).id for title in ("one", "two", "three")]


def test_what_is_noted_comes_back_until_somebody_has_looked(
    news: FileNews, places: Places, ids: list[str]
) -> None:
    assert news.load() == {}
    news.keep(dict(zip(ids, News, strict=True)))
    assert news.load() == dict(zip(ids, News, strict=True))
    FileNews(places).keep({ids[0]: None, ids[1]: News.CAME})
    assert news.load() == {ids[1]: News.CAME, ids[2]: News.CUT}


def test_chats_that_are_gone_are_forgotten_and_nonsense_counts_as_unread(
    news: FileNews, places: Places, ids: list[str]
) -> None:
    news.keep({"gone": News.CAME, ids[0]: News.FAILED, ids[1]: News.CUT})
    (places.unread / ids[0]).write_bytes(b"\xff\0" * 99)
    (places.unread / ids[1]).write_text("")
    (places.unread / ids[2]).mkdir()
    assert news.load() == {ids[0]: News.CAME, ids[1]: News.CAME}
    assert sorted(path.name for path in places.unread.iterdir()) == sorted(ids)


def test_of_a_chat_that_is_not_kept_nothing_is_noted(places: Places) -> None:
    FileNews(places, skips={"secret"}).keep({"secret": News.CAME})
    assert not places.unread.exists()


@pytest.mark.parametrize("bad", ["../x", "", ".x"])
def test_what_is_no_id_leads_nowhere(news: FileNews, bad: str) -> None:
    with pytest.raises(Failure):
        news.keep({bad: News.CAME})


def test_a_folder_that_cannot_be_made_is_told(news: FileNews, places: Places) -> None:
    places.ensure(places.state)
    places.unread.write_text("in the way")
    assert news.load() == {}
    with pytest.raises(Failure):
        news.keep({"a": News.CAME})
