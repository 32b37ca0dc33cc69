"""Presets: chosen from a list that shows what each would change, applied in whole or by field, saved."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tui.core.failure import Failure, FailureKind
from tui.core.fuzzy import nearest
from tui.core.text import one_line
from tui.ui.features.feature import Feature
from tui.ui.features.parameters import Parameters
from tui.ui.features.parameters_values import PROVIDER, Scope
from tui.ui.widgets.rowlist import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from typing import Any, TypeGuard

    from textual.content import Content

    from tui.core.listing import Problem
    from tui.core.ports import PresetShelf
    from tui.core.presets import Difference, Preset
    from tui.core.presets import Presets as Found
    from tui.ui.features.feature import Completer, Suggestion, Taking
    from tui.ui.features.parameters_values import Values
    from tui.ui.widgets.picker import Picker

    Chosen = Preset | Problem

OWN, BUILT_IN = "Yours", "Built in"

LOOK_AFTER_S = 1.5
"""Seconds after the start until the files are read, for the names in the prompt."""


class Presets(Feature):
    """Works on what the settings pane works on: this chat, or what new chats begin with."""

    def taking(self) -> Mapping[str, Taking]:
        """Applying one by name or from the list; saving one."""
        return {"preset.choose": self.choose, "preset.save": self.save}

    def completions(self) -> Mapping[str, Completer]:
        """Names of presets."""
        return {"preset.choose": self._complete, "preset.save": self._complete}

    def begin(self) -> None:
        """Read the names when the start is over; offer the presets in the palette."""
        self._found: Found | None = None
        self._removed = ""
        self.ctx.hooks.desk_opened.add(
            lambda _desk: self.ctx.screen.set_timer(LOOK_AFTER_S, self._look)
        )
        self.ctx.palette_rows.append(self._palette_rows)

    # -- what there is

    @property
    def _shelf(self) -> PresetShelf:
        shelf = self.ctx.need_desk().bench.presets
        if shelf is None:
            raise Failure(FailureKind.CONFIG, "There are no presets here")
        return shelf

    @property
    def _values(self) -> Values:
        return self.ctx.features.one(Parameters).values

    async def load(self) -> Found:
        """All presets as their files have them now."""
        self._found = await asyncio.to_thread(self._shelf.load)
        return self._found

    @property
    def known(self) -> Mapping[str, Preset]:
        """Those that were found when the files were last read, by name."""
        return self._found.found if self._found is not None else {}

    def _look(self) -> None:
        if self.ctx.need_desk().bench.presets is not None:
            self.ctx.work(self._look_in(), group="presets")

    async def _look_in(self) -> None:
        await self.load()

    def _sets(self) -> Mapping[str, tuple[str, ...]]:
        return self.ctx.need_desk().conductor.settings.all_stop_sets()

    def differences(self, preset: Preset) -> list[Difference]:
        """What a preset would change now, in rows."""
        from tui.core.presets import Difference, differences

        values = self._values
        kept, provider = values.parameters.kept(), values.provider
        rows = differences(preset, kept, provider.name if provider else None, self._sets())
        if self._new_provider(preset) is None:
            return [row for row in rows if row.name != "provider"]
        if "model" in kept and "model" not in preset.parameters:
            rows.insert(1, Difference("model", kept["model"], ""))
        return rows

    def _new_provider(self, preset: Preset) -> str | None:
        """The provider that a preset would change to; None if it stays, as that of new chats does."""
        values = self._values
        now = values.provider.name if values.provider is not None else None
        wanted = preset.provider
        known = wanted in self.ctx.need_desk().conductor.providers
        return wanted if known and wanted != now and values.scope is Scope.CHAT else None

    # -- applying

    async def choose(self, name: str) -> None:
        """Apply a preset by name; without one, show the list. Raises `ValueError` for an unknown one."""
        found = await self.load()
        if not name:
            await self._show()
            return
        if name not in found.found:
            near = " or ".join(nearest(name, found.found))
            hint = f"; did you mean {near}?" if near else f"; there are {', '.join(found.found)}"
            raise ValueError(f"There is no preset {one_line(name, 40)!r}{hint}")
        self.apply(found.found[name])

    def apply(self, preset: Preset, names: Collection[str] | None = None) -> None:
        """Put a preset in force: all of it, or the parameters that `names` has. Raises `Failure`."""
        from tui.core.presets import applied

        values = self._values
        before = values.parameters.kept()
        provider = self._new_provider(preset)
        kept = dict(before)
        changes: dict[str, Any] = {}
        if provider is not None and (names is None or PROVIDER in names):
            if names is None or "model" in names:  # it belongs to the other server
                kept.pop("model", None)
            changes[PROVIDER] = provider
        after = applied(preset, kept, names, self._sets())
        values.change(changes | {name: after.get(name) for name in {**before, **after}})
        self.ctx.note(self._told(preset))

    def _told(self, preset: Preset) -> str:
        words = f"Preset “{one_line(preset.name, 40)}” is in force for {self._values.scope}"
        providers = self.ctx.need_desk().conductor.providers
        if preset.provider is not None and preset.provider not in providers:
            words += f"; no server is named {one_line(preset.provider, 40)!r}, so that stays"
        if preset.stop_set is not None and preset.stop_set not in self._sets():
            words += f"; there is no stop set {one_line(preset.stop_set, 40)!r}"
        return words

    # -- the list

    async def _show(self) -> None:
        from tui.ui.widgets.picker import Picker, with_mistakes

        picker: Picker[Chosen] = Picker(
            with_mistakes("Presets", len(self._found.problems) if self._found else 0),
            self._rows,
            preview=self._preview,
            extra={
                "tab": ("by field", lambda row: self._by_field(picker, row)),
                "ctrl+o": ("saves the present", lambda _row: self._leave_to_save(picker)),
                "ctrl+d": ("deletes", lambda row: self._delete(picker, row)),
                "ctrl+z": ("brings back", lambda _row: self._bring_back(picker)),
            },
            keymap=self.ctx.keymap,
        )
        await self.ctx.push(picker, self._chosen)

    def _rows(self, query: str) -> Sequence[Row[Chosen]]:
        from tui.core.fuzzy import Haystack

        found = self._found
        if found is None:
            return []
        presets: list[Row[Chosen]] = [
            Row(preset, name, preset.description, OWN if preset.is_own else BUILT_IN)
            for name, preset in found.found.items()
        ]
        presets.sort(key=lambda row: row.group != OWN)
        wrong: list[Row[Chosen]] = [
            Row(problem, problem.message, f"line {problem.line}", "Mistakes in the files")
            for problem in found.problems
        ]
        if not query.strip():
            return [*presets, *wrong]
        hits = Haystack(f"{row.text} {row.detail}" for row in presets).search(query)
        return [Row(presets[at].value, presets[at].text, presets[at].detail) for at in hits]

    def _preview(self, row: Row[Chosen]) -> Content:
        from tui.ui.screens.preset_fields import shown_differences

        if not _is_preset(row.value):
            from textual.content import Content

            return Content(one_line(str(row.value), 400))
        return shown_differences(self.differences(row.value))

    def _chosen(self, chosen: Chosen | None) -> None:
        if chosen is None:
            return
        try:
            if _is_preset(chosen):
                self.apply(chosen)
            else:
                self.ctx.complain(str(chosen))
        except (Failure, ValueError) as trouble:
            self.ctx.complain(trouble)

    async def _by_field(self, picker: Picker[Chosen], row: Row[Chosen] | None) -> None:
        from tui.ui.screens.preset_fields import FieldsScreen

        if row is None or not _is_preset(row.value):
            return
        preset = row.value
        rows = self.differences(preset)
        if not rows:
            self.ctx.note("It would change nothing")
            return

        def chosen(names: set[str] | None) -> None:
            if names is None:
                return
            picker.dismiss(None)
            try:
                self.apply(preset, names)
            except (Failure, ValueError) as trouble:
                self.ctx.complain(trouble)

        await self.ctx.push(FieldsScreen(preset.name, rows), chosen)

    # -- deleting

    def _delete(self, picker: Picker[Chosen], row: Row[Chosen] | None) -> None:
        if row is None or not _is_preset(row.value):
            return
        if not row.value.is_own:
            self.ctx.complain(
                "It comes with the program; one of yours by its name would replace it"
            )
            return
        self.ctx.work(self._deleted(picker, row.value.name), group="presets")

    async def _deleted(self, picker: Picker[Chosen], name: str) -> None:
        if await self._done(self._shelf.remove, name):
            self._removed = name
            picker.renew()
            self.ctx.note(f"“{one_line(name, 40)}” is deleted · Ctrl+Z brings it back")

    def _bring_back(self, picker: Picker[Chosen]) -> None:
        if not self._removed:
            self.ctx.note("No preset was deleted")
            return
        self.ctx.work(self._brought_back(picker, self._removed), group="presets")

    async def _brought_back(self, picker: Picker[Chosen], name: str) -> None:
        if await self._done(self._shelf.restore, name):
            self._removed = ""
            picker.renew()
            self.ctx.note(f"“{one_line(name, 40)}” is back")

    async def _done(self, deed: Callable[[str], object], name: str) -> bool:
        """Do something with a file, and read all anew; tells why if it fails."""
        try:
            await asyncio.to_thread(deed, name)
        except Failure as failure:
            self.ctx.complain(failure)
            return False
        await self.load()
        return True

    # -- saving

    async def save(self, name: str) -> None:
        """Save what is set as a preset; without a name, ask for one. Raises `ValueError` for what is none."""
        from tui.ui.widgets.ask import Ask

        wrong = self._wrong_name(name) if name else ""
        if wrong:
            raise ValueError(wrong)
        found = await self.load()
        if name:
            await self._save_as(name, found)
            return

        async def named(answer: str | None) -> None:
            if answer is not None:
                await self._save_as(answer.strip(), found)

        question = f"Save the parameters of {self._values.scope} as a preset called"
        await self.ctx.push(Ask(question, check=self._wrong_name), named)

    def _leave_to_save(self, picker: Picker[Chosen]) -> None:
        picker.dismiss(None)
        self.ctx.work(self.ctx.features.do("preset.save"), group="presets")

    def _wrong_name(self, name: str) -> str:
        if not name.strip():
            return "It needs a name."
        try:
            self._shelf.path(name.strip())
        except Failure as failure:
            return failure.sentence
        return ""

    async def _save_as(self, name: str, found: Found) -> None:
        from tui.core.presets import preset_of

        values = self._values
        provider, settings = values.provider, self.ctx.need_desk().conductor.settings
        named = provider.name if provider and provider.name in settings.all_providers() else None
        before = found.found.get(name)
        description = before.description if before is not None else ""
        preset = preset_of(name, values.parameters.kept(), named, description)
        if before is None or not before.is_own:
            self._write(preset)
            return
        from tui.ui.widgets.ask import Confirm

        def answered(yes: bool | None) -> None:
            if yes:
                self._write(preset)

        question = f"There is a preset “{one_line(name, 60)}”. Replace what it sets?"
        await self.ctx.push(Confirm(question, careful=True), answered)

    def _write(self, preset: Preset) -> None:
        self.ctx.work(self._written(preset), group="presets")

    async def _written(self, preset: Preset) -> None:
        try:
            await asyncio.to_thread(self._shelf.save, preset)
        except Failure as failure:
            self.ctx.complain(failure)
            return
        await self.load()
        self.ctx.note(f"Saved as preset “{one_line(preset.name, 40)}”")

    # -- names

    def _complete(self, typed: str) -> Iterable[Suggestion]:
        found = self._found.found if self._found is not None else {}
        return [(n, p.description) for n, p in found.items() if typed.lower() in n.lower()]

    def _palette_rows(self, query: str) -> Iterable[Row[Callable[[], object]]]:
        words = query.lower().split()
        for name in self._found.found if self._found is not None else ():
            if all(word in f"preset {name}".lower() for word in words):
                yield Row(lambda name=name: self.choose(name), f"Preset: {name}", "preset")  # type: ignore[misc]  # mypy cannot infer a lambda with a default


def _is_preset(chosen: Chosen) -> TypeGuard[Preset]:
    return hasattr(chosen, "parameters")
