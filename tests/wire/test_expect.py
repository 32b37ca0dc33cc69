import pytest

from tui.core.completion import CallPiece, Choice, Reply
from tui.core.failure import Failure, FailureKind
from tui.wire.expect import outcome


@pytest.mark.parametrize(
    ("prefix", "text", "generated"),
    [("A ", "A b", "b"), ("A ", "Ab", "b"), ("A ", "other", "other")],
)
def test_what_was_generated_is_told_apart_from_the_prefix(prefix, text, generated):
    (choice,) = outcome(Reply([Choice(text=text)], prefix=prefix), None)["choices"]
    assert (choice["message_text"], choice["generated_text"]) == (text, generated)


def test_without_a_prefix_there_is_only_the_text():
    (choice,) = outcome(Reply([Choice(text="x")]), None)["choices"]
    assert "message_text" not in choice


def test_arguments_that_are_no_json_are_told_as_text_only():
    reply = Reply([Choice(tool_calls=[CallPiece("a", "go", '{"cut')])])
    (call,) = outcome(reply, None)["choices"][0]["tool_calls"]
    assert (call["arguments_text"], call["arguments"]) == ('{"cut', None)


def test_a_failure_before_any_reply_has_no_choices():
    failure = Failure(FailureKind.CONNECT, "h refused the connection", retryable=True)
    assert outcome(None, failure) == {
        "choices": [],
        "usage": None,
        "ended": "error",
        "error": {
            "class": "connect",
            "message": "h refused the connection",
            "code": None,
            "retryable": True,
            "retry_after_s": None,
        },
    }


def test_what_had_arrived_before_a_failure_is_told():
    reply = Reply([Choice(text="half")])
    got = outcome(None, Failure(FailureKind.TRUNCATED, "h ended it", reply=reply))
    assert (got["choices"][0]["text"], got["ended"]) == ("half", "truncated")
    assert got["error"]["message"] is None
