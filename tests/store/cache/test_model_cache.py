import json
from pathlib import Path

import pytest

from tui.core.models import ModelCard
from tui.core.provider import Provider
from tui.store.cache.model_cache import ModelCache
from tui.store.places import Places

HERE = Provider(name="here", base_url="http://localhost:1/v1")
CARDS = [
    ModelCard("a", ("b", "c"), 4096, 0.3, "words", frozenset({"vision"}), "2027-01-01", "d", 1, 2),
    ModelCard("e"),
]


@pytest.fixture
def cache(places: Places) -> ModelCache:
    return ModelCache(places)


def only_file(places: Places) -> Path:
    (path,) = (places.cache / "models").iterdir()
    return path


def test_a_list_comes_back_with_its_age(cache: ModelCache) -> None:
    cache.keep(HERE, CARDS, 1000.0)
    assert cache.look_up(HERE, 1060.0) == (CARDS, 60.0)


def test_there_is_nothing_at_first(cache: ModelCache) -> None:
    assert cache.look_up(HERE, 0.0) is None


def test_servers_do_not_share_their_lists(cache: ModelCache) -> None:
    cache.keep(HERE, CARDS, 1000.0)
    elsewhere = HERE.model_copy(update={"base_url": "http://localhost:2/v1"})
    assert cache.look_up(elsewhere, 1000.0) is None


def test_the_file_is_the_users_alone(cache: ModelCache, places: Places) -> None:
    cache.keep(HERE, CARDS, 1000.0)
    assert only_file(places).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b'{"form": 2, "at": 1, "models": []}',
        b'{"form": 1, "at": "x", "models": []}',
        b'{"form": 1, "at": 1, "models": [1]}',
        b'{"form": 1, "at": 1, "models": [{"id": "a"}]}',
        b'{"form": 1, "at": 1, "models": [{"id": "a", "aliases": [], "capabilities": [], "context": "x"}]}',
        b"[" * 100_000,
    ],
)
def test_a_damaged_file_counts_as_none(cache: ModelCache, places: Places, content: bytes) -> None:
    cache.keep(HERE, CARDS, 1000.0)
    only_file(places).write_bytes(content)
    assert cache.look_up(HERE, 1000.0) is None


def test_members_of_a_newer_version_are_ignored(cache: ModelCache, places: Places) -> None:
    cache.keep(HERE, CARDS, 1000.0)
    kept = json.loads(only_file(places).read_bytes())
    kept["models"][0]["colour"] = "red"
    only_file(places).write_text(json.dumps(kept))
    assert cache.look_up(HERE, 1000.0) == (CARDS, 0.0)
