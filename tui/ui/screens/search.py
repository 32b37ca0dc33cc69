"""Full-text search over all chats: what is typed, filters by key, hits as they come, and what is around them."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from tui.core.search import Found, Query
from tui.core.text import one_line
from tui.core.words import Place, Role
from tui.ui.found import Target, preview_of, row_of
from tui.ui.keys import actions, shown
from tui.ui.latest import Latest
from tui.ui.widgets.picker import Picker

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from tui.core.search import Hit
    from tui.ui.widgets.rowlist import Row

HITS = 200
"""So many hits are listed."""

PATIENCE_S = 3.0
"""So long Enter waits for the hits of what was typed last, in seconds."""

_TALL = 24
"""Rows from which on the preview can have more than three of them."""
_TITLE = "Search in all chats"
_DAY_S = 86_400
_DATES = (("any time", 0), ("a day", 1), ("a week", 7), ("a month", 31), ("a year", 366))
_PLACES = (
    ("chats and archive", (Place.OPEN, Place.ARCHIVE)),
    ("and the trash", tuple(Place)),
    ("chats only", (Place.OPEN,)),
)
_HINT = 'words "a phrase" begin* -without role: model: tag: after: before: in:trash'


@dataclass(frozen=True, slots=True)
class Scope:
    """What is known of the chats, for filters by key."""

    here: str = ""
    """The chat that is open."""
    models: Sequence[str] = ()
    tags: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Filters:
    """What the keys have chosen; what is typed counts more."""

    role: str = ""
    model: str = ""
    tag: str = ""
    here: bool = False
    date: int = 0
    """Which of the times, by its number; so are the places."""
    places: int = 0

    def put_into(self, query: Query, here: str, now: float) -> Query:
        """The query with these filters, `here` being the open chat."""
        days = _DATES[self.date][1]
        after = now - days * _DAY_S if days else None
        is_default = query.places == Query().places
        return replace(
            query,
            role=query.role or self.role,
            model=query.model or self.model,
            tag=query.tag or self.tag,
            session=query.session or (here if self.here else ""),
            after=query.after if query.after is not None else after,
            places=_PLACES[self.places][1] if is_default else query.places,
        )

    @property
    def words(self) -> dict[str, str]:
        """What each is set to, by the command that changes it."""
        return {
            "searching.role": self.role or "any role",
            "searching.here": "this chat" if self.here else "all chats",
            "searching.model": one_line(self.model, 30) or "any model",
            "searching.tag": f"#{one_line(self.tag, 20)}" if self.tag else "any tag",
            "searching.date": _DATES[self.date][0],
            "searching.places": _PLACES[self.places][0],
        }


class SearchScreen(Picker[Target]):
    """Ends with the message that was chosen, or with None."""

    DEFAULT_CSS = """
    SearchScreen > #picker { width: 120; height: 92%; }
    SearchScreen #picker-foot { max-height: 5; }
    SearchScreen.-low > #picker { height: 100%; }
    SearchScreen.-low #picker-preview { height: 3; border-top: none; }
    """
    VERTICAL_BREAKPOINTS = [(0, "-low"), (_TALL, "-tall")]  # noqa: RUF012 (as in Screen)

    def __init__(
        self,
        search: Callable[[Query], Awaitable[Found]],
        scope: Scope,
        *,
        query: str = "",
        before: SearchScreen | None = None,
        keymap: Mapping[str, str],
        told: Callable[[], str] = lambda: "",
    ) -> None:
        """Without a query it begins as the search `before` was left, and what is typed replaces its words.

        `told` says in a few words what the index is doing; nothing if it is at rest.
        """
        before = None if query else before
        super().__init__(
            _TITLE,
            self._rows_for_typed,
            placeholder=_HINT,
            query=query if before is None else before.query_text,
            empty="",
            preview=self._preview_of,
            keymap=keymap,
        )
        self._search = search
        self._is_given = bool(query)
        self._scope = scope
        self._told_of_index = told
        self._keymap = keymap
        self._filter_actions = actions(("searching",), keymap)
        self._filters = Filters() if before is None else before.filters_in(scope)
        self._chosen_before = None if before is None else before.chosen
        self._asked: tuple[str, Filters] | None = None
        self._answered: tuple[str, Filters] | None = None
        self._searching = Latest(self._look, partial(self.run_worker, group="search"))
        self._done = asyncio.Event()
        self._hits: dict[Target, Hit] = {}
        self._found: Sequence[Row[Target]] = ()
        self._note = ""

    def on_mount(self) -> None:
        """What was searched for before is there to be typed over."""
        super().on_mount()
        if not self._is_given:
            self._field.action_select_all()
        self.tell()

    def filters_in(self, scope: Scope) -> Filters:
        """How the filters were left; the open chat is none any more if another one is open."""
        is_same = scope.here == self._scope.here
        return replace(self._filters, here=self._filters.here and is_same)

    # -- searching

    def _rows_for_typed(self, query: str) -> Sequence[Row[Target]]:
        """What was found so far: it stays until other hits are there."""
        if self._asked != (query, self._filters):
            self._asked = query, self._filters
            self._done.clear()
            self._searching.ask(self._asked)
        return self._found

    async def _look(self, asked: tuple[str, Filters]) -> None:
        text, filters = asked
        query = filters.put_into(Query.parse(text).as_typed(), self._scope.here, time.time())
        found = await self._search(query) if text.strip() or self._filters != Filters() else Found()
        if self._asked != asked or not self.is_open:
            return
        self._hits = {row_of(hit).value: hit for hit in found.hits}
        self._found = [row_of(hit) for hit in found.hits]
        self._note = found.note or _tally(len(found.hits), text)
        self.renew()
        if self._answered != asked:  # else the index has only taken in more
            values = [row.value for row in self._found]
            before, self._chosen_before = self._chosen_before, None
            self._list.go(values.index(before) if before in values else 0)
            self._answered = asked
        self.tell()
        self._done.set()

    def search_again(self) -> None:
        """The index has taken in more."""
        if self.is_open and self._asked is not None:
            self._searching.ask(self._asked)

    @property
    def chosen(self) -> Target | None:
        """The hit that is under the cursor, or was when the search was left."""
        return self._rows[self._list.at].value if self._rows else None

    def tell(self) -> None:
        """Bring the title and the lines at the bottom up to date."""
        if self.is_open:
            words = " · ".join(filter(None, (_TITLE, self._note, self._told_of_index())))
            self.query_one("#picker-title", Static).update(Content(words))
            self.query_one("#picker-foot", Static).update(Content(self._foot()))

    def _foot(self) -> str:
        scope = self._scope
        there = {
            "searching.here": scope.here,
            "searching.tag": scope.tags,
            "searching.model": scope.models,
        }
        filters = " · ".join(
            f"{shown(self._key(name))} {words}".replace(" ", "\N{NO-BREAK SPACE}")
            for name, words in self._filters.words.items()
            if there.get(name, True)
        )
        return (
            filters if self.has_class("-low") else f"{filters}\nEnter opens it there · Esc leaves"
        )

    def _key(self, command_id: str) -> str:
        from tui.ui.commands import BY_ID

        return self._keymap.get(command_id, BY_ID[command_id].keys)

    def _preview_of(self, row: Row[Target]) -> Content:
        hit = self._hits.get(row.value)
        return preview_of(hit) if hit is not None else Content("")

    # -- keys

    async def take_key(self, key: str) -> str | None:
        """Filters have keys of their own; Enter waits for the hits of what was typed last."""
        action = self._filter_actions.get(key) or await super().take_key(key)
        return "choose_found" if action == "choose" else action

    async def action_choose_found(self) -> None:
        """Choose the row under the cursor, once the hits are those of what is typed."""
        self._narrow()
        try:
            await asyncio.wait_for(self._done.wait(), PATIENCE_S)
        except TimeoutError:
            self.app.bell()
        self.action_choose()

    def action_role(self) -> None:
        """The next role."""
        self._filter(role=_next(["", *Role], self._filters.role))

    def action_model(self) -> None:
        """The next model."""
        self._filter(model=_next(["", *self._scope.models], self._filters.model))

    def action_tag(self) -> None:
        """The next tag."""
        self._filter(tag=_next(["", *self._scope.tags], self._filters.tag))

    def action_here(self) -> None:
        """Only the chat that was open, or all."""
        if self._scope.here:
            self._filter(here=not self._filters.here)

    def action_date(self) -> None:
        """The next time."""
        self._filter(date=(self._filters.date + 1) % len(_DATES))

    def action_places(self) -> None:
        """The next places."""
        self._filter(places=(self._filters.places + 1) % len(_PLACES))

    def _filter(
        self,
        *,
        role: str | None = None,
        model: str | None = None,
        tag: str | None = None,
        here: bool | None = None,
        date: int | None = None,
        places: int | None = None,
    ) -> None:
        now = self._filters
        self._filters = Filters(
            role=now.role if role is None else role,
            model=now.model if model is None else model,
            tag=now.tag if tag is None else tag,
            here=now.here if here is None else here,
            date=now.date if date is None else date,
            places=now.places if places is None else places,
        )
        self.renew()
        self.tell()


def _tally(hits: int, text: str) -> str:
    if not hits and text.strip():
        is_words = not Query.parse(text).is_empty
        return "nothing found" if is_words else "nothing found: only letters and digits count"
    if not hits:
        return ""
    return f"the best {hits}" if hits >= HITS else f"{hits} found"


def _next(choices: Sequence[str], now: str) -> str:
    at = choices.index(now) if now in choices else -1
    return str(choices[(at + 1) % len(choices)])
