from __future__ import annotations

import pytest

from tests.fakes.server import FakeServer
from tui.cli.options import Wanted
from tui.cli.parts import Parts
from tui.cli.providing import ProviderKeeper
from tui.core.failure import Failure
from tui.core.provider import Provider
from tui.core.words import Kind
from tui.store.places import Places

BY_HAND = """\
# Mine.
[providers.box]
kind = "vllm"  # the big one
base_url = "http://localhost:8000"
unknown = 1
"""
KEY = "sk-0123456789abcdef"


@pytest.fixture
def places() -> Places:
    found = Places.from_environment()
    found.ensure(found.settings_file.parent)
    found.settings_file.write_text(BY_HAND)
    return found


@pytest.fixture
def parts(places: Places) -> Parts:
    return Parts.of(Wanted(), places)


def again(places: Places) -> Parts:
    return Parts.of(Wanted(), places)


def test_a_change_keeps_comments_and_what_is_not_known(places: Places, parts: Parts) -> None:
    before = parts.providers["box"]
    after = before.model_copy(update={"model": "m", "headers": {"X-Team": "blue"}})
    ProviderKeeper(parts).save(before, after)
    text = places.settings_file.read_text()
    assert text.startswith(BY_HAND[:-1])
    assert parts.providers["box"].model == "m"
    assert again(places).providers["box"].headers == {"X-Team": "blue"}


def test_a_new_server_is_saved_and_its_key_stands_elsewhere(places: Places, parts: Parts) -> None:
    new = Provider(name="far.away", kind=Kind.OPENAI, base_url="https://far.away/v1")
    keeper = ProviderKeeper(parts)
    keeper.save(None, new, KEY)
    assert again(places).providers["far.away"] == new
    assert KEY not in places.settings_file.read_text()
    assert keeper.key_words(new) == "kept in the keys file"
    assert parts.keys.key_for(new) == KEY
    keeper.save(new, new, "")
    assert keeper.key_words(new) == "none"


def test_a_value_that_is_taken_back_leaves_the_file(places: Places, parts: Parts) -> None:
    before = parts.providers["box"]
    changed = before.model_copy(update={"model": "m", "allow_http": True})
    ProviderKeeper(parts).save(before, changed)
    ProviderKeeper(parts).save(changed, before)
    assert places.settings_file.read_text() == BY_HAND


def test_what_comes_with_the_program_is_as_it_came_when_it_is_removed(
    places: Places, parts: Parts
) -> None:
    before = parts.providers["mistral"]
    ProviderKeeper(parts).save(before, before.model_copy(update={"base_url": "https://eu.host"}))
    assert again(places).providers["mistral"].base_url == "https://eu.host"
    assert again(places).providers["mistral"].kind is Kind.MISTRAL
    ProviderKeeper(parts).remove("mistral")
    assert parts.providers["mistral"] == before
    assert again(places).providers["mistral"] == before


def test_a_removed_server_and_its_key_are_gone(places: Places, parts: Parts) -> None:
    keeper = ProviderKeeper(parts)
    box = parts.providers["box"]
    keeper.save(box, box, KEY)
    keeper.remove("box")
    assert "box" not in parts.providers
    assert "box" not in again(places).providers
    assert KEY not in places.keys_file.read_text()
    assert places.settings_file.read_text().startswith("# Mine.")
    assert KEY not in repr(vars(keeper))


def test_a_removed_server_comes_back_with_its_key_and_what_is_not_known(
    places: Places, parts: Parts
) -> None:
    keeper = ProviderKeeper(parts)
    box, mistral = parts.providers["box"], parts.providers["mistral"]
    keeper.save(box, box, KEY)
    changed = mistral.model_copy(update={"base_url": "https://eu.host"})
    keeper.save(mistral, changed)
    for name in ("box", "mistral"):
        keeper.remove(name)
    for name in ("mistral", "box"):
        keeper.restore(name)
    assert parts.providers["box"] == again(places).providers["box"] == box
    assert parts.providers["mistral"] == again(places).providers["mistral"] == changed
    assert parts.keys.key_for(box) == KEY
    assert "unknown = 1" in places.settings_file.read_text()


def test_a_removed_server_does_not_come_back_over_a_new_one_of_its_name(
    places: Places, parts: Parts
) -> None:
    keeper, box = ProviderKeeper(parts), parts.providers["box"]
    keeper.save(box, box, "sk-of-the-old-one")
    keeper.remove("box")
    new = Provider(name="box", base_url="https://new.host")
    keeper.save(None, new, KEY)
    with pytest.raises(Failure, match="box"):
        keeper.restore("box")
    assert parts.providers["box"] == again(places).providers["box"] == new
    assert parts.keys.key_for(new) == KEY


async def test_a_key_that_is_not_kept_yet_is_tried(parts: Parts) -> None:
    with FakeServer(key=KEY) as server:
        box = parts.providers["box"].model_copy(update={"base_url": server.url, "model": None})
        assert not (await ProviderKeeper(parts).check(box, "sk-other-other")).is_right
        assert (await ProviderKeeper(parts).check(box, KEY)).is_right


async def test_a_command_that_prints_no_key_is_told(parts: Parts) -> None:
    box = parts.providers["box"].model_copy(update={"api_key_cmd": "false"})
    report = await ProviderKeeper(parts).check(box)
    assert [step.name for step in report.steps] == ["key"]
    assert "ended with status 1" in report.steps[0].words
