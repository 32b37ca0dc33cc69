"""Lays the further services on the desk, group by group. Runs in a thread, behind the first frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.cli.parts import Parts
    from tui.ui.services import Bench, Drawer, House


def drawer(parts: Parts) -> Drawer:
    """What works on many chats at once."""
    from tui.store.filing import TomlFiling
    from tui.ui.services import Drawer

    return Drawer(filing=TomlFiling(parts.places))


def bench(parts: Parts) -> Bench:  # noqa: ARG001 (each service that is added needs it)
    """What works on parameters and on the request that they make."""
    from tui.ui.services import Bench

    return Bench()


def house(parts: Parts) -> House:  # noqa: ARG001 (each service that is added needs it)
    """What works on the program itself."""
    from tui.ui.services import House

    return House()
