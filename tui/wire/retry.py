"""Whether a failed request is sent again, and after how long."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

from tui.core.failure import FailureKind

if TYPE_CHECKING:
    from tui.core.failure import Failure

_AGAIN: Final = {FailureKind.CONNECT, FailureKind.RATE_LIMIT, FailureKind.SERVER}
"""A long silence is not among them: it would be waited for again and again."""
_FIRST_S: Final = 0.5
_LONGEST_STEP_S: Final = 8.0


def wait_before(failure: Failure, attempt: int, longest_s: float) -> float | None:
    """Seconds to wait after the failure of that attempt (from 1); None if it is not to be tried again.

    If the server asks for a longer wait than `longest_s`, it is not tried again.
    """
    if not failure.retryable or failure.kind not in _AGAIN:
        return None
    if failure.retry_after_s is not None:
        return failure.retry_after_s if failure.retry_after_s <= longest_s else None
    step = min(_FIRST_S * 2.0 ** (attempt - 1), _LONGEST_STEP_S)
    step *= random.uniform(0.75, 1.25)  # noqa: S311 - so that clients don't come all at once
    return min(step, longest_s)
