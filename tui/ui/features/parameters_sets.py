"""Stop sets: stop sequences that are used together, with a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core import stops
from tui.core.escapes import visible
from tui.core.failure import Failure
from tui.core.text import one_line
from tui.ui.features.feature import Feature
from tui.ui.features.parameters import Parameters
from tui.ui.widgets.rowlist import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual.content import Content

    from tui.ui.features.context import Context
    from tui.ui.features.feature import Plain
    from tui.ui.widgets.picker import Extra

_LONGEST_NAME = 60

OWN, BUILT_IN = "Yours", "Built in"

_NEW = ""
"""In the place of a set's name: a new one is to be made."""


class StopSets(Feature):
    """Chooses, saves and deletes them."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._changed: list[tuple[str, list[str] | None]] = []
        """What the user kept under a name before each change, the last one last."""

    def commands(self) -> Mapping[str, Plain]:
        """The list of them."""
        return {"stop.sets": self.choose}

    def names(self) -> list[str]:
        """All stop sets, the user's first."""
        return list(self.all())

    def all(self) -> Mapping[str, tuple[str, ...]]:
        """All stop sets by name."""
        return self.ctx.need_desk().conductor.settings.all_stop_sets()

    @property
    def _own(self) -> Mapping[str, list[str]]:
        return self.ctx.need_desk().conductor.settings.stop_sets

    @property
    def _parameters(self) -> Parameters:
        return self.ctx.features.one(Parameters)

    def apply(self, name: str) -> None:
        """Switch a set's stop sequences on and all others off. Raises `ValueError` for an unknown name."""
        texts = self.all()[self._known(name)]
        self._parameters.put_stops(stops.from_set(self._parameters.rows, texts))

    def _known(self, name: str) -> str:
        sets = self.all()
        if name not in sets:
            known = ", ".join(sets)
            raise ValueError(f"there is no stop set {one_line(name, 40)!r}; there are {known}")
        return name

    # -- changing them

    def save(self, name: str) -> None:
        """Keep the stop sequences that are on under a name. Raises `ValueError` if there are none."""
        wrong = _wrong_name(name)
        texts = [row.text for row in self._parameters.rows if row.on]
        if wrong or not texts:
            raise ValueError(wrong or "no stop sequence is on that could be saved")
        name = name.strip()
        was_there = name in self._own
        self._put(name, texts)
        tail = ", in the place of another · Ctrl+Z in the list takes it back" if was_there else ""
        self.ctx.note(f"Saved as stop set “{one_line(name, 40)}”{tail}")

    def delete(self, name: str) -> None:
        """Keep a set of the user's no more; `take_back` brings it back. Raises `ValueError` for one that is none."""
        if self._known(name) not in self._own:
            raise ValueError("It comes with the program; one of yours by its name would replace it")
        self._put(name, None)
        self.ctx.note(f"“{one_line(name, 40)}” is deleted · Ctrl+Z in the list brings it back")

    def take_back(self) -> str | None:
        """Take back the last change of a set, and give the set's name; None if there was none."""
        if not self._changed:
            self.ctx.note("No stop set was changed")
            return None
        name, before = self._changed.pop()
        self._parameters.values.save_stop_set(name, before)
        words = "is as it was" if before is not None else "is gone again"
        self.ctx.note(f"“{one_line(name, 40)}” {words}")
        return name

    def _put(self, name: str, texts: list[str] | None) -> None:
        before = self._parameters.values.save_stop_set(name, texts)
        if before != texts:
            self._changed.append((name, before))

    # -- the list

    def _rows(self) -> list[Row[str]]:
        now = [row.text for row in self._parameters.rows if row.on]
        return [
            Row(
                name,
                f"{number} {name}" if number < 10 else f"  {name}",
                " ".join(visible(text, 20) for text in texts)
                + (" · on now" if list(texts) == now else ""),
                OWN if name in self._own else BUILT_IN,
            )
            for number, (name, texts) in enumerate(self.all().items(), 1)
        ]

    def _preview(self, row: Row[str]) -> Content:
        from textual.content import Content

        texts = self.all().get(row.value, ())
        words = self._parameters.tried(stops.from_set((), texts))
        return Content(words or "There is no reply in this chat to try them on.")

    async def choose(self) -> None:
        """Show the list: a digit applies a set at once, Enter the chosen one."""
        from tui.ui.widgets.picker import Picker, narrowed

        async def chosen(name: str | None) -> None:
            if name == _NEW:
                await self._ask_name()
            elif name is not None:
                self._try(self.apply, name)

        def apply(at: int) -> None:
            names = self.names()
            if at < len(names):
                picker.dismiss(names[at])

        def delete(row: Row[str] | None) -> None:
            if row is not None:
                self._try(self.delete, row.value)
                picker.renew()

        extra: dict[str, Extra[str]] = {
            str(at + 1): (
                "to 9 apply" if at == 0 else "",
                lambda _row, at=at: apply(at),  # type: ignore[misc]  # mypy cannot infer a lambda with a default
            )
            for at in range(9)
        }
        extra["ctrl+o"] = "saves what is on", lambda _row: picker.dismiss(_NEW)
        extra["ctrl+d"] = "deletes", delete
        extra["ctrl+z"] = "brings back", lambda _row: picker.renew(self.take_back())
        picker: Picker[str] = Picker(
            "Stop sets",
            lambda query: narrowed(self._rows())(query),
            preview=self._preview,
            extra=extra,
            keymap=self.ctx.keymap,
        )
        await self.ctx.push(picker, chosen)

    async def _ask_name(self) -> None:
        from tui.ui.widgets.ask import Ask

        def named(name: str | None) -> None:
            if name is not None:
                self._try(self.save, name)

        question = "Save the stop sequences that are on as"
        await self.ctx.push(Ask(question, check=_wrong_name), named)

    def _try(self, change: Callable[[str], object], name: str) -> None:
        """Do what a dialog has ended with; if it can't be done, tell why."""
        try:
            change(name)
        except (Failure, ValueError) as trouble:
            self.ctx.complain(trouble)


def _wrong_name(name: str) -> str:
    """What is wrong with a stop set's name."""
    if not name.strip():
        return "It needs a name."
    if len(name) > _LONGEST_NAME or not name.isprintable():
        return f"A name has {_LONGEST_NAME} characters at most, on one line."
    return ""
