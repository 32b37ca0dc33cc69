"""What replies have used and cost: of the open chat in the status line, of all chats by day and model on a screen."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from tui.ui.features.feature import Feature
from tui.ui.latest import Latest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.core.costs import Totals
    from tui.core.session import Session
    from tui.core.usage import Used
    from tui.ui.features.context import Context
    from tui.ui.features.feature import Plain

COUNT_AFTER_S = 0.05
"""So long after a chat was shown its costs are summed up: first it is painted."""

DAYS = 30
"""So many days are shown."""


class NumbersOfReplies(Feature):
    """Costs and tokens."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._totals: Totals | None = None
        """Of the open chat; None as long as it is not known."""
        self._counting = Latest(self._count, partial(context.work, group="numbers"))

    def commands(self) -> Mapping[str, Plain]:
        """The screen."""
        return {"usage.show": self.show}

    def begin(self) -> None:
        """Tell the open chat's cost in the status line."""
        self.ctx.stage.status_parts.append(self._cost)
        hooks = self.ctx.hooks
        hooks.chat_shown.add(self._recount)
        hooks.asides_changed.add(lambda _: self._aside())
        hooks.turn_ended.add(lambda turn: self._recount(self.ctx.stage.session, turn.session_id))

    def _recount(self, session: Session | None, session_id: str = "") -> None:
        if session is None or session_id not in {"", session.id}:
            return
        if not session_id:
            self._totals = None
        self._counting.ask(session)

    def _aside(self) -> None:
        """What was asked for beside the open chat costs too."""
        session = self.ctx.stage.session
        if session is not None:
            self._recount(session, session.id)

    async def _count(self, session: Session) -> None:
        """Behind the screen: prices are read from the disk for the first time, and a chat may be long."""
        from tui.core.costs import totals_of

        await asyncio.sleep(COUNT_AFTER_S)
        book = self.ctx.desk.bench.book if self.ctx.desk is not None else None
        if book is None or session is not self.ctx.stage.session:
            return
        totals = await asyncio.to_thread(totals_of, list(session.messages), book.prices)
        for aside in session.asides:
            done = aside.completion
            totals.add(done, book.prices(done.provider, done.model))
        if session is self.ctx.stage.session:
            self._totals = totals
            self.ctx.stage.tick()

    def _cost(self, _session: Session) -> str:
        totals = self._totals
        return cost_words(totals.cost, totals.unknown, totals.replies) if totals is not None else ""

    async def show(self) -> None:
        """Show the screen; the files of all chats are read behind it."""
        from tui.ui.screens.usage import UsageScreen

        usage = self.ctx.need_desk().drawer.usage
        if usage is None:
            raise ValueError("What was used is not counted here")
        screen = UsageScreen()
        await self.ctx.push(screen)
        self.ctx.work(self._fill(screen), group="usage", exclusive=True)

    async def _fill(self, screen: object) -> None:
        from datetime import date, timedelta

        from tui.core.costs import UNKNOWN
        from tui.core.failure import Failure
        from tui.core.usage import by_key
        from tui.ui.screens.usage import UsageScreen

        desk = self.ctx.need_desk()
        usage, book = desk.drawer.usage, desk.bench.book
        if usage is None or not isinstance(screen, UsageScreen):
            return
        since = date.today() - timedelta(days=DAYS - 1)  # noqa: DTZ011 (days are the user's own)
        try:
            rows: list[Used] = await asyncio.to_thread(usage.used, since)
        except Failure as failure:
            screen.say(failure.sentence)
            return
        prices = book.prices if book is not None else lambda _provider, _model: UNKNOWN
        days = by_key(rows, lambda row: row.day.isoformat(), prices)
        models = by_key(
            rows, lambda row: f"{row.provider or '?'} · {row.model or 'unknown model'}", prices
        )
        screen.fill(self._totals, days, models, DAYS)


def cost_words(cost: float, unknown: int, replies: int) -> str:
    """A sum for people; empty if there is none, and it says so if some of it is not known."""
    from tui.core.costs import money

    if not replies:
        return ""
    if unknown == replies:
        return "cost unknown"
    return money(cost) + (" + unknown" if unknown else "")
