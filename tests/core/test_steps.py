from __future__ import annotations

from tui.core.steps import Steps


def test_steps_go_back_and_forth():
    steps = Steps(0)
    steps.do(1)
    steps.do(2)
    assert steps.undo() == 1
    assert steps.redo() == 2
    assert steps.undo() == 1
    assert steps.do(5) == 5
    assert [steps.undo(), steps.undo(), steps.undo()] == [1, 0, 0]


def test_the_same_value_is_no_step():
    steps = Steps("a")
    steps.do("b")
    steps.undo()
    steps.do("a")
    assert (steps.can_redo, steps.can_undo) == (True, False)


def test_only_so_many_are_remembered():
    steps = Steps(0, limit=3)
    for value in range(1, 10):
        steps.do(value)
    assert [steps.undo() for _ in range(5)] == [8, 7, 6, 6, 6]
