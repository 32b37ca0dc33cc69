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

    from tui.ui.features.feature import Plain
    from tui.ui.widgets.picker import Extra

_LONGEST_NAME = 60

_NEW = ""
"""In the place of a set's name: a new one is to be made."""


class StopSets(Feature):
    """Chooses and saves them."""

    def commands(self) -> Mapping[str, Plain]:
        """The list of them."""
        return {"stop.sets": self.choose}

    def names(self) -> list[str]:
        """All stop sets, the user's first."""
        return list(self.all())

    def all(self) -> Mapping[str, tuple[str, ...]]:
        """All stop sets by name."""
        return self.ctx.need_desk().conductor.settings.all_stop_sets()

    def apply(self, name: str) -> None:
        """Switch a set's stop sequences on and all others off. Raises `ValueError` for an unknown name."""
        sets = self.all()
        if name not in sets:
            known = ", ".join(sets)
            raise ValueError(f"there is no stop set {one_line(name, 40)!r}; there are {known}")
        parameters = self.ctx.features.one(Parameters)
        parameters.put_stops(stops.from_set(parameters.rows, sets[name]))

    def save(self, name: str) -> None:
        """Keep the stop sequences that are on under a name. Raises `ValueError` if there are none."""
        wrong = _wrong_name(name)
        parameters = self.ctx.features.one(Parameters)
        texts = [row.text for row in parameters.rows if row.on]
        if wrong or not texts:
            raise ValueError(wrong or "no stop sequence is on that could be saved")
        parameters.values.save_stop_set(name.strip(), texts)
        self.ctx.note(f"Saved as stop set “{one_line(name, 40)}”")

    async def choose(self) -> None:
        """Show the list: a digit applies a set at once, Enter the chosen one."""
        from tui.ui.widgets.picker import Picker, narrowed

        sets = self.all()
        rows = [
            Row(name, f"{number} {name}", " ".join(visible(text, 20) for text in texts))
            for number, (name, texts) in enumerate(sets.items(), 1)
        ]

        async def chosen(name: str | None) -> None:
            if name == _NEW:
                await self._ask_name()
            elif name is not None:
                self._try(self.apply, name)

        def at_once(name: str, words: str) -> Extra[str]:
            return words, lambda _row: picker.dismiss(name)

        extra = {
            str(number): at_once(row.value, "to 9 apply that one" if number == 1 else "")
            for number, row in enumerate(rows[:9], 1)
        }
        extra["ctrl+a"] = "saves what is on as a new set", lambda _row: picker.dismiss(_NEW)
        picker = Picker("Stop sets", narrowed(rows), extra=extra, keymap=self.ctx.keymap)
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
