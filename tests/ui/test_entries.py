from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tui.core.message import Completion, Message
from tui.core.words import Role
from tui.ui.entries import entry_of


def foot(ended: str = "stop", **completion: Any) -> str:
    message = Message(
        role=Role.ASSISTANT,
        content="x",
        ended=ended,
        completion=Completion.model_validate(completion),
    )
    return entry_of(message).foot.split(" · ")[0]


@pytest.mark.parametrize(
    ("completion", "words"),
    [
        ({}, "finished"),
        ({"stop": ["a"]}, "a stop sequence or the natural end"),
        ({"stop": ["\n\n"], "stop_reason": "\n\n"}, r'stop sequence "\n\n"'),
        ({"stop": ["E"], "stop_reason": "E", "uncut": "xE y"}, 'stop sequence "E", cut here'),
        ({"stop": ["\x1b[31m"], "stop_reason": "\x1b[31m"}, r'stop sequence "\x1b[31m"'),
    ],
)
def test_the_foot_tells_which_stop_sequence_ended_a_reply(
    completion: dict[str, Any], words: str
) -> None:
    assert foot(**completion) == words


def test_a_reply_at_the_token_limit_is_not_said_to_have_been_stopped() -> None:
    assert foot("length", stop=["a"]) == "cut at the token limit"


def test_the_given_beginning_of_a_reply_is_told() -> None:
    message = Message(role=Role.ASSISTANT, content="Well, yes", prefix="Well, ")
    assert entry_of(message).given == "Well, "


@pytest.mark.parametrize(
    ("days", "form"), [(0, "%H:%M"), (1, "%d %b %H:%M"), (500, "%Y-%m-%d %H:%M")]
)
def test_a_message_of_another_day_tells_the_day(days: int, form: str) -> None:
    now = datetime.now(UTC).astimezone().replace(month=6, day=15)
    moment = datetime.now(UTC).astimezone() if not days else now - timedelta(days)
    if days == 1:
        moment = moment.replace(year=datetime.now(UTC).astimezone().year)
    head = entry_of(Message(role=Role.USER, content="x", created=moment.astimezone(UTC))).head
    assert head == f"You · {moment.astimezone():{form}}"
    far = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
    assert entry_of(Message(role=Role.USER, content="x", created=far)).head.startswith("You")
