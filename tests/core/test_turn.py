from __future__ import annotations

from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tui.core.completion import Choice, CompletionRequest, Reply
from tui.core.events import Finished, Opened, PartDelta, Retrying, TextDelta, ThinkingDelta
from tui.core.failure import Failure, FailureKind
from tui.core.parameters import Parameters
from tui.core.turn import Turn, TurnError
from tui.core.words import Ended, TurnState

REFUSED = Failure(FailureKind.SERVER, "it broke", reply=Reply(choices=[Choice(text="so far")]))
WAITING = Retrying(attempt=1, wait_s=2.0, failure=REFUSED)


def a_turn(state: TurnState = TurnState.QUEUED) -> Turn:
    """A turn in that state; queued at 1 s, sent at 2 s, first piece at 3 s, ended at 5 s."""
    turn = Turn("s", "a1", CompletionRequest([], Parameters()), 1.0)
    if state is TurnState.QUEUED:
        return turn
    turn.connect(2.0)
    if state is TurnState.CONNECTING:
        return turn
    turn.receive(TextDelta("piece"), 3.0)
    match state:
        case TurnState.DONE:
            turn.receive(Finished(Reply()), 5.0)
        case TurnState.STOPPED:
            turn.stop(5.0)
        case TurnState.FAILED:
            turn.fail(REFUSED, 5.0)
        case _:
            pass
    assert turn.state is state
    return turn


STEPS: dict[str, Any] = {
    "connect": lambda turn: turn.connect(9.0),
    "piece": lambda turn: turn.receive(TextDelta("x"), 9.0),
    "finish": lambda turn: turn.receive(Finished(Reply()), 9.0),
    "stop": lambda turn: turn.stop(9.0),
    "fail": lambda turn: turn.fail(REFUSED, 9.0),
}

Q, C, S, D, X, F = TurnState
TABLE: dict[TurnState, dict[str, TurnState | None]] = {
    Q: {"connect": C, "piece": Q, "finish": None, "stop": X, "fail": F},
    C: {"connect": None, "piece": S, "finish": D, "stop": X, "fail": F},
    S: {"connect": None, "piece": S, "finish": D, "stop": X, "fail": F},
    D: {"connect": None, "piece": D, "finish": D, "stop": None, "fail": None},
    X: {"connect": None, "piece": X, "finish": X, "stop": None, "fail": None},
    F: {"connect": None, "piece": F, "finish": F, "stop": None, "fail": None},
}
"""Where each step leads from each state; None means that it is refused."""


@pytest.mark.parametrize("state", TurnState)
@pytest.mark.parametrize("step", STEPS)
def test_every_step_from_every_state(state: TurnState, step: str) -> None:
    turn = a_turn(state)
    leads_to = TABLE[state][step]
    if leads_to is None:
        with pytest.raises(TurnError, match=state):
            STEPS[step](turn)
        assert turn.state is state
    else:
        STEPS[step](turn)
        assert turn.state is leads_to


@pytest.mark.parametrize("state", [s for s in TurnState if s.is_over])
def test_what_comes_after_the_end_changes_nothing(state: TurnState) -> None:
    turn = a_turn(state)
    turn.receive(TextDelta(" more"), 9.0)
    turn.receive(Finished(Reply(id="late")), 9.0)
    assert turn.text == "piece"
    assert turn.ended_at == 5.0
    assert turn.reply is None or turn.reply.id != "late"


def test_text_and_thinking_of_the_first_choice_are_kept_apart() -> None:
    turn = a_turn(TurnState.CONNECTING)
    for event in (
        ThinkingDelta("hm, "),
        ThinkingDelta("yes"),
        TextDelta("an"),
        TextDelta("other", choice=1),
        ThinkingDelta("elsewhere", choice=1),
        PartDelta("reference"),
        TextDelta("swer"),
    ):
        turn.receive(event, 3.0)
    assert (turn.text, turn.thinking, turn.deltas) == ("answer", "hm, yes", 7)


def test_times_count_from_the_request_and_stand_still_after_the_end() -> None:
    turn = a_turn()
    assert (turn.seconds(1.5), turn.first_token_s) == (0.0, None)
    turn.connect(2.0)
    assert (turn.seconds(2.5), turn.first_token_s) == (0.5, None)
    turn.receive(Opened(), 2.6)
    assert turn.first_at is None
    turn.receive(ThinkingDelta("hm"), 3.0)
    turn.receive(TextDelta("yes"), 4.0)
    assert turn.seconds(4.5) == 2.5
    turn.stop(5.0)
    assert (turn.seconds(99.0), turn.first_token_s) == (3.0, 1.0)


@pytest.mark.parametrize("end_of_wait", [Opened(), TextDelta("x")])
def test_the_wait_before_a_retry_is_over_when_something_comes(end_of_wait: Any) -> None:
    turn = a_turn(TurnState.CONNECTING)
    turn.receive(WAITING, 2.5)
    assert turn.retrying is WAITING
    turn.receive(end_of_wait, 4.5)
    assert turn.retrying is None


def test_a_turn_remembers_by_whom_it_was_stopped() -> None:
    stopped, interrupted = a_turn(), a_turn(TurnState.STREAMING)
    stopped.stop(9.0)
    interrupted.stop(9.0, Ended.INTERRUPTED)
    assert (stopped.stopped_as, interrupted.stopped_as) == (Ended.STOPPED, Ended.INTERRUPTED)


def test_a_failure_brings_what_had_arrived() -> None:
    turn = a_turn(TurnState.FAILED)
    assert turn.failure is REFUSED
    assert turn.reply is REFUSED.reply
    assert turn.text == "piece"


class AnyTurn(RuleBasedStateMachine):
    """Any order of events: never an impossible state, never a lost piece."""

    def __init__(self) -> None:
        super().__init__()
        self.turn = a_turn()
        self.now = 1.0
        self.heard = ""

    def at(self) -> float:
        self.now += 0.5
        return self.now

    @precondition(lambda self: self.turn.state is TurnState.QUEUED)
    @rule()
    def connect(self) -> None:
        self.turn.connect(self.at())

    @precondition(lambda self: self.turn.state is not TurnState.QUEUED)
    @rule(text=st.text(max_size=5))
    def piece(self, text: str) -> None:
        if not self.turn.state.is_over:
            self.heard += text
        self.turn.receive(TextDelta(text), self.at())

    @precondition(lambda self: self.turn.state is not TurnState.QUEUED)
    @rule(event=st.sampled_from([Opened(), WAITING, ThinkingDelta("t"), PartDelta("image_url")]))
    def other(self, event: Any) -> None:
        self.turn.receive(event, self.at())

    @precondition(lambda self: self.turn.state is not TurnState.QUEUED)
    @rule()
    def finish(self) -> None:
        self.turn.receive(Finished(Reply()), self.at())

    @precondition(lambda self: not self.turn.state.is_over)
    @rule()
    def stop(self) -> None:
        self.turn.stop(self.at())

    @precondition(lambda self: not self.turn.state.is_over)
    @rule()
    def fail(self) -> None:
        self.turn.fail(REFUSED, self.at())

    @invariant()
    def nothing_is_lost(self) -> None:
        assert self.turn.text == self.heard

    @invariant()
    def state_and_times_agree(self) -> None:
        turn = self.turn
        assert (turn.ended_at is not None) == turn.state.is_over
        assert (turn.failure is not None) == (turn.state is TurnState.FAILED)
        if turn.state is TurnState.STREAMING:
            assert turn.first_at is not None
        if turn.first_token_s is not None:
            assert 0 < turn.first_token_s <= turn.seconds(self.now)


TestAnyTurn = AnyTurn.TestCase
TestAnyTurn.settings = settings(max_examples=40, stateful_step_count=25)
