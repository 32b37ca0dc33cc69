"""The colours: chosen from a list that shows each as the cursor comes to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core.fuzzy import nearest
from tui.core.text import one_line
from tui.ui.features.feature import Feature
from tui.ui.widgets.rowlist import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tui.ui.features.feature import Completer, Suggestion, Taking


class Themes(Feature):
    """The themes that were there at the start."""

    def taking(self) -> Mapping[str, Taking]:
        """Choosing one, by name or from the list."""
        return {"theme.choose": self.choose}

    def completions(self) -> Mapping[str, Completer]:
        """Names of themes."""
        return {"theme.choose": self._complete}

    def begin(self) -> None:
        """Offer the themes in the palette."""
        self.ctx.palette_rows.append(self._palette_rows)

    def names(self) -> list[str]:
        """The themes, ours and the user's, in the order of their files."""
        return [theme.name for theme in self.ctx.launch.themes]

    async def choose(self, name: str) -> None:
        """Take a theme by name; without one, show the list. Raises `ValueError` for an unknown one."""
        if name in self.names():
            self.ctx.app.theme = name
        elif name:
            near = " or ".join(nearest(name, self.names()))
            raise ValueError(
                f"There is no theme {one_line(name, 40)!r}"
                + (f"; did you mean {near}?" if near else "")
            )
        else:
            await self._show()

    async def _show(self) -> None:
        from tui.ui.widgets.picker import Picker, narrowed

        app, names = self.ctx.app, self.names()
        before = app.theme
        rows = [Row(t.name, t.name, "dark" if t.dark else "light") for t in self.ctx.launch.themes]

        def preview(row: Row[str]) -> None:
            app.theme = row.value

        def chosen(name: str | None) -> None:
            app.theme = name or before

        at = names.index(before) if before in names else 0
        picker = Picker("Colours", narrowed(rows), at=at, passing=preview, keymap=self.ctx.keymap)
        await self.ctx.push(picker, chosen)

    def _complete(self, typed: str) -> Iterable[Suggestion]:
        return [(name, "") for name in self.names() if typed.lower() in name.lower()]

    def _palette_rows(self, query: str) -> Iterable[Row[Callable[[], object]]]:
        words = query.lower().split()
        for name in self.names():
            if all(word in f"theme colours {name}".lower() for word in words):
                yield Row(lambda name=name: self.choose(name), f"Colours: {name}", "theme")  # type: ignore[misc]  # mypy cannot infer a lambda with a default
