import pytest

from tui.core.failure import Failure, FailureKind
from tui.wire.retry import wait_before

LONGEST_WAIT_S = 20.0


def busy(**members) -> Failure:
    return Failure(FailureKind.SERVER, "busy", retryable=True, **members)


def test_waits_grow_and_stay_within_bounds():
    waits = [
        [wait_before(busy(), attempt, LONGEST_WAIT_S) or 0 for _ in range(50)]
        for attempt in range(1, 9)
    ]
    for attempt, some in enumerate(waits):
        step = min(0.5 * 2**attempt, 8)
        assert all(0.75 * step <= wait <= 1.25 * step for wait in some)
        assert len(set(some)) > 1


def test_the_servers_wish_is_obeyed_up_to_a_limit():
    assert wait_before(busy(retry_after_s=3.5), 1, LONGEST_WAIT_S) == 3.5
    assert wait_before(busy(retry_after_s=LONGEST_WAIT_S), 1, LONGEST_WAIT_S) == LONGEST_WAIT_S
    assert wait_before(busy(retry_after_s=LONGEST_WAIT_S + 1), 1, LONGEST_WAIT_S) is None


@pytest.mark.parametrize("kind", [FailureKind.AUTH, FailureKind.CONFIG, FailureKind.TLS])
def test_what_cannot_help_is_not_tried(kind):
    assert wait_before(Failure(kind, "no"), 1, LONGEST_WAIT_S) is None


@pytest.mark.parametrize("kind", [FailureKind.TRUNCATED, FailureKind.TIMEOUT])
def test_what_is_for_the_user_to_decide_is_not_tried(kind):
    assert wait_before(Failure(kind, "no", retryable=True), 1, LONGEST_WAIT_S) is None


def test_our_own_waits_stay_below_the_limit_too():
    assert wait_before(busy(), 8, 0.5) == 0.5
