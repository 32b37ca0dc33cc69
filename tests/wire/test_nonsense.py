from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.server import event
from tui.core.failure import Failure
from tui.wire.expect import outcome
from tui.wire.fill import _from_infill
from tui.wire.models import cards
from tui.wire.moderation import verdicts
from tui.wire.reader import BodyReader
from tui.wire.reply import Assembler
from tui.wire.secret import Secret

NAMES = st.sampled_from(
    [
        "choices",
        "content",
        "stop",
        "stop_type",
        "index",
        "delta",
        "message",
        "finish_reason",
        "text",
        "usage",
        "tool_calls",
        "id",
        "function",
        "arguments",
        "thinking",
        "type",
        "reference_ids",
        "data",
        "results",
        "categories",
        "category_scores",
        "capabilities",
        "name",
        "aliases",
        "error",
        "detail",
        "object",
        "logprobs",
    ]
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=4)
    | st.sampled_from(["text", "thinking", "reference", "error", "stop", "null"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(NAMES | st.text(max_size=3), inner, max_size=5)
    ),
    max_leaves=25,
)
OBJECTS = st.dictionaries(NAMES, VALUES, max_size=8)


@given(VALUES)
def test_no_answer_breaks_the_readers_of_lists(value):
    cards(value)
    verdicts(value)


@given(st.lists(OBJECTS, max_size=5), st.booleans(), st.none() | st.text(max_size=3))
def test_no_object_breaks_the_assembling_of_a_reply(objects, fills, prefix):
    assembler = Assembler(prefix)
    reader = BodyReader(
        assembler, host="h", key=Secret("k" * 20), adapt=_from_infill if fills else None
    )
    try:
        for one in objects:
            for _ in reader.feed(event(one)):
                pass
        for _ in reader.close():
            pass
        outcome(assembler.reply(), None)
    except Failure as failure:
        outcome(None, failure)
