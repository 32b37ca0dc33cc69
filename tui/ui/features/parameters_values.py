"""The values behind the settings pane: read, changed, saved and taken back by their names."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from tui.core.failure import Failure, FailureKind
from tui.core.spec import Home
from tui.core.specs import BY_NAME, SPECS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.core.parameters import Parameters
    from tui.core.provider import Provider
    from tui.core.session import Session
    from tui.core.words import Kind
    from tui.ui.desk import Desk
    from tui.ui.features.context import Context

Changes = dict[str, Any]
"""New values by name; None leaves one to the server."""

PROVIDER = "provider"
"""In the place of a parameter's name: the server that a chat asks. It has no row of its own."""

UNDONE_AT_MOST = 200
"""So many changes of each chat can be taken back."""


class Scope(StrEnum):
    """What is changed."""

    CHAT = "this chat"
    NEW = "new chats"


class Values:
    """The parameters of the open chat, or those that new chats begin with.

    What belongs to a server, such as its timeouts, and what holds for all chats, such as retries, is
    there in both. A change holds for the next request at once, and is saved off the event loop.
    """

    def __init__(self, context: Context) -> None:
        self._ctx = context
        self.scope = Scope.CHAT
        self._done: dict[str, list[Changes]] = {}
        self._undone: dict[str, list[Changes]] = {}
        self._disk: ThreadPoolExecutor | None = None

    # -- reading

    @property
    def desk(self) -> Desk:
        """The services. Raises `Failure` as long as they are not there."""
        return self._ctx.need_desk()

    @property
    def session(self) -> Session:
        """The chat that is open. Raises `Failure` if none is."""
        session = self._ctx.stage.session
        if session is None:
            raise Failure(FailureKind.CONFIG, "No chat is open")
        return session

    @property
    def parameters(self) -> Parameters:
        """Those of the chat, or of new ones."""
        if self.scope is Scope.NEW:
            return self.desk.conductor.settings.parameters
        return self.session.parameters

    @property
    def provider(self) -> Provider | None:
        """The server that they are for."""
        conductor = self.desk.conductor
        if self.scope is Scope.NEW:
            return conductor.providers.get(self.desk.provider or "")
        return conductor.provider_of(self.session)

    @property
    def kind(self) -> Kind | None:
        """The kind of that server."""
        provider = self.provider
        return provider.kind if provider is not None else None

    @property
    def model(self) -> str | None:
        """The model that would be asked."""
        provider = self.provider
        return self.parameters.model or (provider.model if provider is not None else None)

    def all(self) -> dict[str, Any]:
        """All that is set, by name, with what belongs to the server and to all chats."""
        values = self.parameters.kept()
        for spec in SPECS:
            owner = self._owner(spec.home)
            if owner is not None:
                values[spec.name] = getattr(owner, spec.name)
        return values

    def get(self, name: str) -> Any:
        """One value; None if it is not set."""
        return self.all().get(name)

    def _owner(self, home: Home) -> Any:
        if home is Home.SETTINGS:
            return self.desk.conductor.settings
        return self.provider if home is Home.PROVIDER else None

    # -- changing

    def change(self, changes: Mapping[str, Any]) -> bool:
        """Put values in force and save them; False if they are so already.

        Raises `ValueError` with a sentence, or `Failure`, if that can't be; nothing has changed then.
        """
        before = self._put(changes)
        if not before:
            return False
        done = self._done.setdefault(self._key, [])
        done.append(before)
        del done[:-UNDONE_AT_MOST]
        self._undone.pop(self._key, None)
        return True

    def change_chat(self, changes: Mapping[str, Any]) -> bool:
        """The same for the open chat, whatever is shown now; `provider` may be among the changes."""
        shown, self.scope = self.scope, Scope.CHAT
        try:
            return self.change(changes)
        finally:
            self.scope = shown

    def undo(self) -> Changes | None:
        """Take the last change back, and give what is in force again; None if there is none."""
        return self._step(self._done, self._undone)

    def redo(self) -> Changes | None:
        """Do again what was taken back last."""
        return self._step(self._undone, self._done)

    @property
    def _key(self) -> str:
        return "" if self.scope is Scope.NEW else self.session.id

    def _step(
        self, source: dict[str, list[Changes]], target: dict[str, list[Changes]]
    ) -> Changes | None:
        if not source.get(self._key):
            return None
        changes = source[self._key].pop()
        target.setdefault(self._key, []).append(self._put(changes))
        return changes

    def _put(self, changes: Mapping[str, Any]) -> Changes:
        """Put values in force; gives those that are others now as they were before."""
        values = self.all()
        if self.scope is Scope.CHAT:
            values[PROVIDER] = self.session.provider
        changes = {name: value for name, value in changes.items() if values.get(name) != value}
        ours = {n: v for n, v in changes.items() if n != PROVIDER and _home(n) is Home.PARAMETERS}
        if ours or PROVIDER in changes:
            made = _made(self.parameters, ours)
            if self.scope is Scope.NEW:
                self._put_new(made, ours)
            else:
                self._put_in_chat(made, changes.get(PROVIDER))
        for name in changes.keys() - ours.keys() - {PROVIDER}:
            self._put_elsewhere(name, changes[name])
        if changes and self._ctx.stage.session is not None:
            self._ctx.stage.parameters_changed(self._ctx.stage.session)
        return {name: values.get(name) for name in changes}

    def _put_in_chat(self, made: Parameters, provider: str | None) -> None:
        from tui.chat.changes import refuse_newer

        session, changes = self.session, self.desk.conductor.changes
        refuse_newer(session)
        if provider is not None:
            changes.set_provider(session, provider)
        changes.set_parameters(session, made)

    def _put_new(self, made: Parameters, changes: Mapping[str, Any]) -> None:
        from tui.ui.features.chats import Chats

        settings = self.desk.conductor.settings
        before, settings.parameters = settings.parameters, made
        blank = self._ctx.features.one(Chats).blank
        if blank is not None and blank.parameters.kept() == {
            **before.kept(), **({"model": blank.parameters.model} if blank.parameters.model else {}),
        }:  # nothing was set for it alone: it is still a new chat  # fmt: skip
            self.desk.conductor.changes.set_parameters(blank, _made(blank.parameters, changes))
        for name, value in changes.items():
            self._save(("parameters", name), value)

    def _put_elsewhere(self, name: str, value: Any) -> None:
        home = _home(name)
        owner = self._owner(home)
        if owner is None:
            raise Failure(FailureKind.CONFIG, "No server is configured for this chat")
        default = type(owner).model_fields[name].default
        now = default if value is None else value
        saved = None if now == default else now
        settings = self.desk.conductor.settings
        if home is Home.SETTINGS:
            setattr(settings, name, now)
            self._save((name,), saved)
            return
        self.desk.conductor.providers[owner.name] = owner.model_copy(update={name: now})
        if owner.name in settings.all_providers():  # others are for this run only
            self._save(("providers", owner.name, name), saved)

    # -- the settings file

    def _save(self, path: tuple[str, ...], value: Any) -> None:
        self._ctx.work(self._saved(path, value), group="save settings")

    async def _saved(self, path: tuple[str, ...], value: Any) -> None:
        try:
            await self._on_disk(lambda: self.desk.remember(path, value))
        except Failure as failure:
            self._ctx.complain(f"Not saved: {failure.sentence}")

    async def _on_disk(self, work: Any) -> Any:
        """Do something with the settings file, behind what was to be done with it before."""
        if self._disk is None:
            self._disk = ThreadPoolExecutor(1, "settings")
        return await asyncio.get_running_loop().run_in_executor(self._disk, work)

    def save_stop_set(self, name: str, texts: list[str] | None) -> list[str] | None:
        """Keep stop sequences under a name, or None of them; gives what the user kept there before."""
        sets = self.desk.conductor.settings.stop_sets
        before = sets.pop(name, None)
        if texts is not None:
            sets[name] = texts
        self._save(("stop_sets", name), texts)
        return before

    async def reread(self) -> str:
        """Take in what the settings file says of new chats now; gives in words what is wrong with it."""
        keeper = self.desk.house.settings
        if keeper is None:
            return ""
        settings = await self._on_disk(keeper.load)
        ours = self.desk.conductor.settings
        if keeper.problems:
            return str(keeper.problems[0])
        ours.parameters, ours.stop_sets = settings.parameters, settings.stop_sets
        return ""


def _home(name: str) -> Home:
    spec = BY_NAME.get(name)
    return spec.home if spec is not None else Home.PARAMETERS


def _made(parameters: Parameters, changes: Mapping[str, Any]) -> Parameters:
    """Parameters with some other values. Raises `ValueError` with a sentence."""
    values = {**parameters.kept(), **changes}
    given = {name: value for name, value in values.items() if value is not None}
    try:
        return type(parameters).model_validate(given)
    except ValueError as error:
        first = error.errors()[0] if hasattr(error, "errors") else {"loc": (), "msg": str(error)}
        name = ".".join(map(str, first["loc"]))
        raise ValueError(f"{name}: {first['msg']}") from None
