"""The colours: chosen from a list that shows each as the cursor comes to it, and renewed when their file changes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

from tui.core.failure import Failure
from tui.core.fuzzy import nearest
from tui.core.listing import Problem
from tui.core.text import one_line
from tui.ui.features.feature import Feature
from tui.ui.look import palette_of_theme, textual_theme
from tui.ui.widgets.rowlist import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from textual.content import Content
    from textual.theme import Theme

    from tui.core.ports import ThemeShelf
    from tui.core.themes import ThemeFile
    from tui.ui.app import BiseApp
    from tui.ui.features.feature import Completer, Suggestion, Taking

    Stamp = tuple[str, int, int]

LOOK_AFTER_S = 2.0
"""Seconds after the start until the other themes are read: the first frame needs only one."""

WATCH_EVERY_S = 2.0
"""How often the file of the theme in force is looked at, in seconds."""


class Themes(Feature):
    """Themes of the program and of the user."""

    def taking(self) -> Mapping[str, Taking]:
        """Choosing one, by name or from the list."""
        return {"theme.choose": self.choose}

    def completions(self) -> Mapping[str, Completer]:
        """Names of themes."""
        return {"theme.choose": self._complete}

    def begin(self) -> None:
        """Read the other themes when the start is over; offer them in the palette."""
        self._themes: dict[str, Theme] = {theme.name: theme for theme in self.ctx.launch.themes}
        self._files: dict[str, ThemeFile] = {}
        self._problems: Sequence[Problem] = ()
        self._stamps: dict[str, Stamp] = {}
        self.ctx.hooks.desk_opened.add(lambda _desk: self._look_later())
        self.ctx.palette_rows.append(self._palette_rows)

    @property
    def _app(self) -> BiseApp:
        return cast("BiseApp", self.ctx.app)

    @property
    def _shelf(self) -> ThemeShelf | None:
        return self.ctx.desk.house.themes if self.ctx.desk is not None else None

    def names(self) -> list[str]:
        """The themes that are known, ours and the user's."""
        return list(self._themes)

    # -- reading

    def _look_later(self) -> None:
        if self._shelf is not None:
            screen = self.ctx.screen
            screen.set_timer(LOOK_AFTER_S, lambda: self.ctx.work(self._load(), group="themes"))
            self.ctx.work(self._watch(), group="watch theme")

    async def _load(self) -> None:
        """Read all themes as their files are now."""
        if self._shelf is None:
            return
        themes = await asyncio.to_thread(self._shelf.load)
        self._problems = themes.problems
        for file in themes.found.values():
            self._take(file)
        gone = self._files.keys() - themes.found.keys()
        self._themes = {
            name: theme
            for name, theme in sorted(self._themes.items())
            if name not in gone or name == self._app.theme
        }

    def _take(self, file: ThemeFile) -> None:
        """Take a theme in; if it is the one in force and has changed, dress anew."""
        if self._files.get(file.name) == file:
            return
        theme = textual_theme(file.name, file.dark, file.colors, file.variables, ansi=file.ansi)
        self._files[file.name] = file
        if self._themes.get(file.name) != theme:
            self._themes[file.name] = theme
            self._app.take_theme(theme)

    async def _watch(self) -> None:
        """Look for ever. A timer that starts a worker at each look costs twice as much."""
        while True:
            await asyncio.sleep(WATCH_EVERY_S)
            await self._look_again()

    async def _look_again(self) -> None:
        """Take the theme in force in again if its file has changed; tell what is wrong with it then."""
        shelf, name = self._shelf, self._app.theme
        if shelf is None:
            return
        stamp = await asyncio.to_thread(shelf.stamp, name)
        before = self._stamps.get(name)
        if stamp is None or stamp == before:
            return
        self._stamps[name] = stamp
        if before is None:
            return
        theme, problems = await asyncio.to_thread(shelf.read, name)
        if theme is not None and theme.name == name:
            self._take(theme)
        elif problems:
            self.ctx.complain(f"The colours stay as they were: {one_line(str(problems[0]), 300)}")

    # -- choosing

    async def choose(self, name: str) -> None:
        """Take a theme by name; without one, show the list. Raises `ValueError` for an unknown one."""
        if self.ctx.app.no_color:
            raise ValueError("NO_COLOR is set, so no colours are shown")
        if not name or name not in self._themes:
            await self._load()
        if not name:
            await self._show()
        elif name in self._themes:
            self._put(name)
        else:
            raise ValueError(self._unknown(name))

    async def put_on(self, name: str) -> None:
        """Take the theme that the settings name now. Raises `ValueError` for an unknown one."""
        if name == self._app.theme or self.ctx.app.no_color:
            return
        await self._load()
        if name not in self._themes:
            raise ValueError(self._unknown(name))
        self._app.theme = name

    def _unknown(self, name: str) -> str:
        wrong = [p for p in self._problems if p.path.endswith(f"{name}.toml")]
        if wrong:
            return f"There is a mistake in that theme: {one_line(str(wrong[0]), 300)}"
        near = " or ".join(nearest(name, self.names()))
        hint = f"; did you mean {near}?" if near else ""
        return f"There is no theme {one_line(name, 40)!r}{hint}"

    def _put(self, name: str) -> None:
        self._app.theme = name
        if self.ctx.desk is not None:
            self.ctx.work(self._remember(name), group="remember theme")

    async def _remember(self, name: str) -> None:
        try:
            await asyncio.to_thread(self.ctx.need_desk().remember, ("theme",), name)
        except Failure as failure:
            self.ctx.complain(f"The colours were not saved: {failure.sentence}")

    async def _show(self) -> None:
        from tui.ui.widgets.picker import Picker, with_mistakes

        before, names = self._app.theme, self.names()

        def chosen(value: str | Problem | None) -> None:
            if isinstance(value, str):
                self._put(value)
                return
            self._app.theme = before
            if value is not None:
                self.ctx.complain(str(value))

        picker = Picker(
            with_mistakes("Colours", len(self._problems)),
            self._rows,
            at=names.index(before) if before in names else 0,
            preview=self._preview,
            keymap=self.ctx.keymap,
        )
        await self.ctx.push(picker, chosen)

    def _rows(self, query: str) -> Sequence[Row[str | Problem]]:
        from tui.ui.widgets.picker import narrowed

        rows: list[Row[str | Problem]] = [
            Row(name, name, "dark" if theme.dark else "light")
            for name, theme in self._themes.items()
        ]
        rows += [
            Row(p, p.message, f"line {p.line}", "Mistakes in the files") for p in self._problems
        ]
        return narrowed(rows)(query)

    def _preview(self, row: Row[str | Problem]) -> Content:
        """Dress the screen in the theme under the cursor, and give a sample of its roles."""
        from tui.paint.sample import sample

        if isinstance(row.value, Problem):
            from textual.content import Content

            return Content(one_line(str(row.value), 400))
        self._app.theme = row.value
        return sample(palette_of_theme(self._themes[row.value]))

    # -- names

    def _complete(self, typed: str) -> Iterable[Suggestion]:
        return [
            (name, "dark" if theme.dark else "light")
            for name, theme in self._themes.items()
            if typed.lower() in name.lower()
        ]

    def _palette_rows(self, query: str) -> Iterable[Row[Callable[[], object]]]:
        words = query.lower().split()
        for name in self.names():
            if all(word in f"theme colours {name}".lower() for word in words):
                yield Row(lambda name=name: self.choose(name), f"Colours: {name}", "theme")  # type: ignore[misc]  # mypy cannot infer a lambda with a default
