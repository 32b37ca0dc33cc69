from __future__ import annotations

import pytest

from tui.core import editing
from tui.core.costs import UNKNOWN, Prices, cost_of, money, numbers_of, speed, totals_of
from tui.core.forking import forked
from tui.core.message import Completion, Message
from tui.core.session import Session
from tui.core.words import Role

PRICES = Prices(input=1.0, output=10.0)


def facts(prompt: int | None = 1000, completion: int | None = 100, **more: object) -> Completion:
    return Completion.model_validate(
        {"prompt_tokens": prompt, "completion_tokens": completion, "model": "m", **more}
    )


def test_a_reply_costs_its_prompt_and_its_text() -> None:
    assert cost_of(facts(), PRICES) == pytest.approx(0.002)
    assert cost_of(facts(cached_tokens=800), PRICES) == pytest.approx(0.002)
    cheap = Prices(1.0, 10.0, cached=0.1)
    assert cost_of(facts(cached_tokens=800), cheap) == pytest.approx(0.00128)


@pytest.mark.parametrize("tokens", [facts(None), facts(completion=None)])
def test_without_a_count_the_cost_is_unknown(tokens: Completion) -> None:
    assert cost_of(tokens, PRICES) is None
    assert cost_of(tokens, Prices(0, 0)) == 0


def test_without_a_price_the_cost_is_unknown() -> None:
    assert cost_of(facts(), UNKNOWN) is None
    assert cost_of(facts(), Prices(input=1.0)) is None
    assert cost_of(facts(completion=0), Prices(input=1.0)) == pytest.approx(0.001)


def test_speed_counts_from_the_first_piece() -> None:
    assert speed(90, 0.5, 1.5) == 90
    assert speed(90, None, 1.5) == 60
    assert speed(None, 0.5, 1.5) is None
    assert speed(0, 0.5, 1.5) is None
    assert speed(90, 1.0, 1.0) is None
    numbers = numbers_of(facts(first_token_s=0.5, seconds=1.5), PRICES)
    assert (numbers.per_second, numbers.prompt, numbers.completion) == (100, 1000, 100)


def test_totals_hold_what_was_removed_and_count_nothing_twice() -> None:
    session = Session()
    session.add(Message(role=Role.USER, content="q"))
    reply = session.add(Message(role=Role.ASSISTANT, content="a", completion=facts()))
    session.add(Message(role=Role.ASSISTANT, content="b", completion=facts(None, None)))
    editing.revised(session, reply.id, "edited").apply(session)
    editing.removed(session, reply.id).apply(session)
    totals = totals_of(session.messages, lambda provider, model: PRICES)
    assert (totals.replies, totals.prompt, totals.completion) == (2, 1000, 100)
    assert (totals.unknown, totals.uncounted) == (1, 1)
    assert totals.cost == pytest.approx(0.002)
    fork = forked(session, session.branch()[-1].id)
    assert totals_of(fork.messages, lambda provider, model: PRICES).replies == 0


@pytest.mark.parametrize(
    ("cost", "words"),
    [
        (None, "unknown"),
        (0, "$0.00"),
        (0.00123, "$0.0012"),
        (0.0000021, "<$0.0001"),
        (1234.5, "$1,234.50"),
    ],
)
def test_money_is_told_in_words(cost: float | None, words: str) -> None:
    assert money(cost) == words
