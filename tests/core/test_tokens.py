from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.message import CONTENT, Message, ToolCall
from tui.core.tokens import IMAGE_TOKENS, MESSAGE_TOKENS, tokens_in, tokens_of
from tui.core.words import Role

MEASURED = [
    (
        "The quick brown fox jumps over the lazy dog. There is no single best French cheese, but "
        "many people would name Comté for its nutty depth and long ageing. ",
        35,
    ),
    (
        "Es gibt nicht den einen besten französischen Käse, aber viele würden wegen seiner "
        "nussigen Tiefe Comté nennen; die Reifung dauert lange. ",
        33,
    ),
    (
        "Il n'y a pas un seul meilleur fromage français, mais beaucoup citeraient le Comté pour "
        "sa profondeur et son long affinage. ",
        29,
    ),
    ("没有单一最好的法国奶酪，但许多人会因为其坚果般的深度而选择孔泰奶酪。", 32),
    (
        "フランスのチーズの中で一番おいしいものは一つに決められませんが、コンテを挙げる人が多いでしょう。",
        30,
    ),
    (
        "프랑스 치즈 중에서 가장 좋은 것은 하나로 정할 수 없지만 많은 사람들이 콩테를 꼽을 것입니다.",
        24,
    ),
    (
        "Нет единственного лучшего французского сыра, но многие назвали бы Конте за его ореховую "
        "глубину и долгую выдержку.",
        36,
    ),
    ("لا توجد أفضل جبنة فرنسية واحدة، لكن كثيرين سيختارون كونتيه لعمق نكهته.", 25),
    (
        "def f(x: int) -> list[str]:\n    return [str(i) for i in range(x) if i % 2 == 0]\n\n"
        "class A:\n    def __init__(self) -> None:\n        self.x = {'a': 1, 'b': [2, 3]}\n",
        63,
    ),
    (
        '{"id":"a1","role":"user","created":"2026-11-23T11:45:02Z","values":[1.25,3,4,5555],'
        '"ok":true}',
        54,
    ),
    ("3141592653589793238462643383279502884197169399375105820974944592", 64),
]
"""Texts, and the tokens that the Tekken tokenizer makes of them."""


@pytest.mark.parametrize(("text", "measured"), MEASURED, ids=lambda v: str(v)[:12])
def test_the_estimate_is_near_what_a_tokenizer_counts(text: str, measured: int) -> None:
    assert measured * 0.67 <= tokens_in(text) <= measured * 1.34


def test_a_long_text_is_not_read_to_its_end() -> None:
    assert tokens_in("word " * 4_000_000) == 4_000_000


@given(st.text(max_size=300))
def test_only_nothing_costs_nothing(text: str) -> None:
    assert (tokens_in(text) == 0) is (text == "")


def test_a_message_costs_its_text_its_chunks_and_its_calls() -> None:
    plain = Message(role=Role.USER, content="hello world")
    assert tokens_of(plain) == MESSAGE_TOKENS + 2
    chunks = CONTENT.validate_python(
        [
            {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]},
            {"type": "text", "text": "hello"},
            {"type": "image_url", "image_url": "data:image/png;base64," + "A" * 10_000},
            {"type": "document_url", "document_url": "data:"},
            {"type": "reference", "reference_ids": [1]},
        ]
    )
    rich = Message(role=Role.USER, content=chunks)
    assert tokens_of(rich) == MESSAGE_TOKENS + 2 + 2 * IMAGE_TOKENS
    call = Message(role=Role.ASSISTANT, tool_calls=[ToolCall(id="1", name="look")])
    assert tokens_of(call) > MESSAGE_TOKENS
