import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.wire.models import cards, context_in_use

SAMPLES = Path(__file__).parent / "samples"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text("utf-8"))["samples"]


def sample(name: str) -> tuple[Any, dict[str, Any]]:
    return json.loads((SAMPLES / name).read_text("utf-8")), EXPECTED[name]["expect"]


@pytest.mark.parametrize("name", ["35-models-mistral.json", "36-models-openai-compatible.json"])
def test_every_chat_model_is_listed_once_with_all_its_names(name):
    data, expect = sample(name)
    found = cards(data)
    assert found is not None
    names = [name for card in found for name in (card.id, *card.aliases)]
    assert len(names) == len(set(names))
    assert set(expect["chat_ids"]) <= set(names)
    assert not (set(expect["ids"]) - set(expect["chat_ids"])) & set(names)


def test_cards_of_one_model_are_one():
    data, expect = sample("35-models-mistral.json")
    found = {card.id: card for card in cards(data) or []}
    card = found["mistral-medium-3-5"]
    assert {card.id, *card.aliases} >= set(expect["groups"]["mistral-medium-3-5"])
    assert "mistral-medium-latest" not in found
    assert (card.context, card.temperature) == (262144, 0.7)
    assert "vision" in card.capabilities
    assert "audio" not in card.capabilities
    assert [c.id for c in found.values() if c.deprecation] == expect["deprecated"]
    assert found["mistral-medium-2508"].replacement == "mistral-medium-latest"


def test_the_context_is_read_where_it_is_told():
    data, expect = sample("36-models-openai-compatible.json")
    found = cards(data) or []
    assert {card.id: card.context for card in found if card.context} == expect["context"]


def test_a_bare_list_is_a_list():
    assert [card.id for card in cards([{"id": "a"}, {"id": "b"}]) or []] == ["a", "b"]


@pytest.mark.parametrize("data", [None, {}, {"data": None}, "x", 3, {"error": "x"}])
def test_what_is_no_list_is_none(data):
    assert cards(data) is None


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["id", "name", "aliases", "capabilities", "meta", "max_model_len"]),
            st.none() | st.text(max_size=3) | st.integers() | st.lists(st.text(max_size=2)),
        )
    )
)
def test_no_card_makes_it_raise(data):
    assert cards(data) is not None


@pytest.mark.parametrize(
    ("props", "context"),
    [
        ({"default_generation_settings": {"n_ctx": 4096}}, 4096),
        ({"default_generation_settings": {}}, None),
        ({}, None),
        ([], None),
    ],
)
def test_the_context_in_use_is_read_from_the_props(props, context):
    assert context_in_use(props) == context
