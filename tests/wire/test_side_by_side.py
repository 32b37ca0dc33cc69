import pytest

from tests.wire.side_by_side import CLIENTS, REPLIES, RIGHT, row


@pytest.mark.parametrize("name", REPLIES)
def test_bise_is_right_about_every_sample(name):
    assert row(name, ["bise"]) == [RIGHT]


@pytest.mark.parametrize("client", CLIENTS)
def test_the_judge_takes_a_plain_reply_by_any_client_for_right(client):
    pytest.importorskip("mistralai")
    pytest.importorskip("openai")
    assert row("01-text.sse", [client]) == [RIGHT]


def test_the_judge_sees_what_another_client_misses():
    pytest.importorskip("openai")
    assert row("14-error-llamacpp-legacy-field.sse", ["openai"]) != [RIGHT]
