"""The settings pane: every parameter of this chat and of new ones, and what its keys do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tui.core import stops
from tui.core.escapes import escaped
from tui.core.failure import Failure
from tui.core.spec import Group, Shape
from tui.core.spec_fit import why_not_sent
from tui.core.spec_text import shown
from tui.core.specs import BY_NAME, SPECS, spec_of
from tui.core.text import one_line
from tui.core.words import Role
from tui.ui.commands import BY_ID
from tui.ui.features.parameters_changing import IN_EDITOR, Changing, read_value
from tui.ui.features.parameters_rows import (
    ADD_STOP,
    Given,
    differs,
    help_of,
    rows_of,
    spec_for,
    stop_id,
    stop_index,
)
from tui.ui.features.parameters_tryout import TryOut
from tui.ui.features.parameters_values import Scope
from tui.ui.features.replies import Replies
from tui.ui.keys import keys_of
from tui.ui.widgets.rowlist import Row

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from tui.core.session import Session
    from tui.core.spec import Spec
    from tui.core.stops import Rows
    from tui.ui.desk import Desk
    from tui.ui.features.context import Context
    from tui.ui.features.feature import Plain, Taking
    from tui.ui.widgets.settings.pane import SettingsPane

_CHOSEN_BY = {"model": "model.choose", "system_prompt": "prompt.edit", "prompt": "prompt.choose"}
"""What has a dialog of its own, for the open chat."""

_TRIED = {Group.STOP}


class Parameters(Changing):
    """Fills the pane and does what it wishes; what slash words change goes the same way."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._pane: SettingsPane | None = None
        self._tryout = TryOut(context)
        self._typed: Rows | None = None
        self._problem = ""
        self._is_reading = False
        self._shown = ""

    def commands(self) -> Mapping[str, Plain]:
        """Undo from anywhere."""
        return {"parameters.undo": self.undo, "parameters.redo": self.redo}

    def taking(self) -> Mapping[str, Taking]:
        """Opening the pane, at a parameter perhaps."""
        return {"parameters.open": self.open}

    def begin(self) -> None:
        """Keep the pane up to date, and offer all parameters in the palette."""
        hooks = self.ctx.hooks
        hooks.desk_opened.add(self._begin_desk)
        hooks.chat_shown.add(self._chat_shown)
        hooks.parameters_changed.add(lambda _session: self.renew())
        hooks.entry_chosen.add(lambda _id: self.renew())
        hooks.turn_ended.add(lambda _turn: self.renew())
        self.ctx.home_steps.append(self._step_home)
        self.ctx.stage.status_parts.append(self._status)
        self.ctx.palette_rows.append(self._palette_rows)

    def _chat_shown(self, session: Session) -> None:
        """What is being typed belongs to the chat in which it was begun."""
        if (
            session.id != self._shown
            and self._pane is not None
            and self._pane.fields.edited is not None
        ):
            self._pane.fields.leave()
        self._shown = session.id
        self.renew()

    def _status(self, session: Session) -> str:
        """What of the stop sequences and the prefix does not reach this server."""
        given = session.parameters
        provider = self.values.desk.conductor.provider_of(session)
        if provider is None or not (given.prefix or given.stop):
            return ""
        told = []
        if given.prefix and why_not_sent(BY_NAME["prefix"], provider.kind):
            told.append("prefix is not sent")
        if stops.too_many(stops.rows_of(given.stop, None), provider.kind):
            told.append("too many stops")
        return ", ".join(told)

    def _begin_desk(self, desk: Desk) -> None:
        from tui.chat.watcher import Watcher

        feature = self

        class HeadsChanged(Watcher):
            """Parameters may be changed by others: a prefix that is used up, another instance."""

            def header_changed(self, session: object) -> None:
                if session is feature.ctx.stage.session:
                    feature.ctx.stage.tick()
                    feature.renew()

        desk.conductor.watchers.join(HeadsChanged())

    # -- the pane

    async def open(self, name: str = "") -> None:
        """Show the pane, or close it if it has the keys; with a name, go to that parameter.

        Raises `ValueError` for a name that no parameter has.
        """
        spec = spec_of(name) if name.strip() else None
        self.ctx.need_desk()
        pane = self._made()
        if spec is None:
            await self.ctx.pane.toggle(pane)
        else:
            await self.ctx.pane.show(pane)
            pane.fields.query_text = ""
        self.renew()
        if spec is not None:
            pane.fields.go("stop" if spec.name == "stop_off" else spec.name)  # it has no row
        if self.ctx.pane.is_open:
            self._reread()
        else:
            self._tryout.hide()

    def _made(self) -> SettingsPane:
        if self._pane is None:
            from tui.ui.widgets.settings.pane import SettingsPane

            self._pane = SettingsPane(self, self.ctx.keymap)
        return self._pane

    @property
    def _again_key(self) -> str:
        return keys_of("settings.again", self.ctx.keymap) or "/again"

    @property
    def is_open(self) -> bool:
        """Whether the pane is on the screen."""
        pane = self.ctx.pane
        return self._pane is not None and pane.is_open and pane.content is self._pane

    def renew(self) -> None:
        """Bring the pane up to date."""
        if self._pane is None or not self.is_open:
            return
        fields = self._pane.fields
        try:
            given = self.given()
        except Failure as failure:
            self._pane.show((), failure.sentence, "")
            self._pane.explain(())
            return
        count = sum(
            1
            for spec in SPECS
            if spec.name in given.values
            and spec.name != "stop_off"
            and differs(spec, given.values[spec.name], given.kind)
        )
        words = f"Settings of {self.values.scope}"
        self._pane.show(
            rows_of(given, fields.query_text),
            f"{words} · {count} changed" if count else words,
            f"Enter edits, Del resets, {self._again_key} asks again",
        )
        lines = help_of(given, fields.at)
        self._pane.explain([(self._problem, "$error"), *lines] if self._problem else lines)

    def given(self) -> Given:
        """What the rows are made of. Raises `Failure` if no chat is open."""
        values = self.values.all()
        given = Given(
            values,
            self.values.kind,
            self.values.model,
            self.values.scope is Scope.CHAT,
        )
        at = self._pane.fields.at if self._pane is not None else ""
        spec = spec_for(at)
        if spec is None or spec.group not in _TRIED or self.values.scope is Scope.NEW:
            self._tryout.hide()
            return given
        rows = given.stop_rows if self._typed is None else self._typed
        tried, each = self._tryout.show(rows)
        return Given(given.values, given.kind, given.model, given.of_chat, tried, each)

    def tried(self, rows: Rows) -> str:
        """What stop sequences would do to the chosen reply, in words."""
        return self._tryout.words(rows)

    def _reread(self) -> None:
        """Take in what was edited in the settings file meanwhile."""
        if not self._is_reading:
            self._is_reading = True
            self.ctx.work(self._read_again(), group="read settings")

    async def _read_again(self) -> None:
        try:
            self._problem = await self.values.reread()
        finally:
            self._is_reading = False
        self.renew()

    def _step_home(self) -> bool:
        pane = self._pane
        if pane is None or not self.is_open or self.ctx.screen.focused is not pane.fields:
            return False
        if pane.fields.leave():
            return True
        self._tryout.hide()
        return False

    def _palette_rows(self, query: str) -> Iterable[Row[Callable[[], object]]]:
        words = query.lower().split()
        for spec in SPECS if words else ():
            if spec.name == "stop_off":
                continue
            text = f"{spec.group}: {spec.title}"
            if all(word in f"{text} {spec.name}".lower() for word in words):
                yield Row(lambda name=spec.name: self.open(name), text, spec.name)  # type: ignore[misc]  # mypy cannot infer a lambda with a default

    # -- wishes of the pane

    def turn_scope(self) -> None:
        """Show the settings of new chats as their file has them now, or those of this chat again."""
        super().turn_scope()
        self._reread()

    def filter(self, query: str) -> None:  # noqa: ARG002 (the list holds it)
        """Show the rows that fit what is typed."""
        self.renew()

    def came_to(self, field_id: str) -> None:  # noqa: ARG002 (the list holds it)
        """The cursor is on another row."""
        self.renew()

    def enter(self, field_id: str) -> Awaitable[None] | None:
        """Have a row edited, or do what it does."""
        pane, index = self._made(), stop_index(field_id)
        if index is not None:
            pane.fields.begin(escaped(self.rows[index].text))
            return None
        if field_id == ADD_STOP:
            pane.fields.begin("")
            return None
        spec = spec_for(field_id)
        if spec is None or spec.shape is Shape.SWITCH:
            self.toggle(field_id)
            return None
        command = _CHOSEN_BY.get(spec.name, "")
        if self.values.scope is Scope.CHAT and command in BY_ID:
            return self.ctx.features.do(command)
        value = self.values.get(spec.name)
        if spec.shape in IN_EDITOR or isinstance(value, dict):
            return self.edit(spec)
        pane.fields.begin(shown(spec, value).replace("\n", " "))
        return None

    async def edit(self, spec: Spec) -> None:
        """Have a long text edited in a dialog."""
        from tui.ui.widgets.settings.long_text import LongText

        kind, value = self.values.kind, self.values.get(spec.name)

        def check(text: str) -> str:
            try:
                read_value(spec, text, kind)
            except ValueError as trouble:
                return str(trouble)
            return ""

        def kept(text: str | None) -> None:
            if text is not None:
                self._try(lambda: self.put(spec.name, read_value(spec, text, kind)))

        text = shown(spec, value)
        if isinstance(value, (dict, list)) and spec.shape is not Shape.TABLE:
            text = json.dumps(value, indent=2, ensure_ascii=False)
        title = f"{spec.title} · {spec.help}"
        await self.ctx.push(LongText(title, text, check=check, keymap=self.ctx.keymap), kept)

    def _try(self, change: Callable[[], object]) -> None:
        """Do what a dialog has ended with; if it can't be done, tell why."""
        try:
            change()
        except (Failure, ValueError) as trouble:
            self.ctx.complain(trouble)

    def undo(self) -> None:
        """Take the last change back."""
        self._tell("taken back", self.values.undo())

    def redo(self) -> None:
        """Do it again."""
        self._tell("done again", self.values.redo())

    def _tell(self, words: str, changes: Mapping[str, Any] | None) -> None:
        if changes is None:
            self.ctx.note(f"Nothing can be {words}")
            return
        names = ", ".join(name for name in changes if name != "stop_off") or "stop"
        self.ctx.note(f"{one_line(names, 80)}: {words}")
        if self._pane is not None and self.is_open:
            self._pane.fields.go(names.partition(",")[0])

    def move(self, field_id: str, by: int) -> None:
        """Put a stop sequence further down or up."""
        index = stop_index(field_id)
        if index is not None:
            to = max(0, min(index + by, len(self.rows) - 1))
            self.put_stops(stops.moved(self.rows, index, to))
            self._made().fields.go(stop_id(to))

    def add(self) -> None:
        """Have a stop sequence typed."""
        fields = self._made().fields
        if fields.query_text:
            fields.query_text = ""
            self.renew()
        fields.go(ADD_STOP)
        fields.begin("")

    def again(self) -> None:
        """Have the chosen reply made anew with what is set, in view if the pane would cover it."""
        if self.values.scope is Scope.NEW:
            raise ValueError("this is for new chats; the scope is to be this chat (Ctrl+W)")
        if self.ctx.stage.chosen(Role.ASSISTANT, Role.USER) is None:
            raise ValueError("there is nothing yet to be made anew: send a prompt first")
        self.ctx.features.one(Replies).again()
        if self.ctx.pane.covers:
            self._tryout.hide()
            self.ctx.pane.close()

    def sets(self) -> Awaitable[None] | None:
        """Have a stop set chosen."""
        from tui.ui.features.parameters_sets import StopSets

        return self.ctx.features.one(StopSets).choose()

    def typing(self, field_id: str, text: str | None) -> None:
        """Try out stop sequences while they are being typed."""
        self._typed = None
        if text is not None and (field_id == ADD_STOP or stop_index(field_id) is not None):
            try:
                self._typed = self.with_typed(field_id, text)
            except ValueError:
                self._typed = None
        self.renew()

    def take(self, field_id: str, text: str) -> None:
        """What was typed is the new value."""
        self._typed = None
        super().take(field_id, text)
