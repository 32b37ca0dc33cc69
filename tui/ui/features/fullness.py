"""How full the open chat's context is: a meter, a warning before the limit, and the ways out of it.

Nothing is ever left out silently: the user chooses what goes.
"""

from __future__ import annotations

import asyncio
import contextlib
from functools import partial
from typing import TYPE_CHECKING

from tui.core.failure import Failure
from tui.ui.features.chats import Chats
from tui.ui.features.feature import Feature
from tui.ui.features.replies import Replies
from tui.ui.latest import Latest
from tui.ui.widgets.rowlist import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual.timer import Timer

    from tui.core.context import Meter
    from tui.core.session import Session
    from tui.core.turn import Turn
    from tui.ui.features.context import Context
    from tui.ui.features.feature import Plain

ESTIMATE_AFTER_S = 0.25
"""So long after the last key the prompt is estimated anew."""

COUNT_AFTER_S = 0.05
"""So long after a chat was shown its tokens are counted: first it is painted, and none is counted in passing."""


FAR_BEYOND = 10
"""So many times full, percents say nothing any more."""

KNOWN_WITHIN_S = 1.0
"""So long a prompt waits for it to be known whether there is room."""


class Fullness(Feature):
    """The meter of the open chat."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._meter: Meter | None = None
        """Of the open chat, without what is typed; None as long as it is not known."""
        self._timer: Timer | None = None
        self._warning = ""
        """What the open chat was warned of last; Esc may have put it away."""
        self._accepted = ""
        """The prompt that is to be sent though it is too long."""
        self._getting_ready = Latest(self._get_ready, partial(context.work, group="context"))

    def commands(self) -> Mapping[str, Plain]:
        """The ways out."""
        return {
            "context.ways": self.ways,
            "context.drop": self.drop,
            "context.summarise": self.summarise,
            "context.anew": self.continue_anew,
        }

    def begin(self) -> None:
        """Keep the meter up to date."""
        hooks = self.ctx.hooks
        self.ctx.stage.status_parts.append(self._status)
        self.ctx.prompt_takers.append(self._take)
        hooks.chat_shown.add(self._shown)
        hooks.turn_ended.add(self._ended)
        hooks.session_changed.add(lambda session: self._renew(session.id))
        hooks.parameters_changed.add(lambda session: self._renew(session.id))
        hooks.branch_changed.add(lambda session: self._renew(session.id))
        hooks.typed.add(lambda _text: self._typed())

    # -- the meter

    def _shown(self, session: Session) -> None:
        self._meter = None
        self._end_warning()
        self.ctx.composer.tell_size("")
        self._getting_ready.ask(session)

    def _ended(self, turn: Turn) -> None:
        self._renew(turn.session_id)
        session = self.ctx.stage.session
        if session is not None and session.id == turn.session_id:
            self._getting_ready.ask(session)  # it may have become worth it to count exactly

    async def _get_ready(self, session: Session) -> None:
        await asyncio.sleep(COUNT_AFTER_S)
        if session is not self.ctx.stage.session:
            return
        await self.ctx.need_desk().conductor.context.get_ready(session)
        self._renew(session.id)
        self._typed()

    def _renew(self, session_id: str) -> None:
        session, desk = self.ctx.stage.session, self.ctx.desk
        if session is None or desk is None or session.id != session_id:
            return
        self._meter = desk.conductor.context.meter(session)
        self._warn(self._meter)
        self.ctx.stage.tick()

    def _status(self, _session: Session) -> str:
        return meter_words(self._meter) if self._meter is not None else ""

    def _typed(self) -> None:
        """Estimate the prompt, a moment after the last key."""
        if self.ctx.composer.text != self._accepted:
            self._accepted = ""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.ctx.screen.set_timer(ESTIMATE_AFTER_S, self._estimate)

    def _estimate(self) -> None:
        meter, text = self._meter, self.ctx.composer.text
        if meter is None or not text.strip() or text.startswith("/"):
            self.ctx.composer.tell_size("")
            if meter is not None:
                self._warn(meter)
            return
        full = self._with(text)
        if full is not None:
            left = f" · {tokens_words(full.left)} left" if full.left is not None else ""
            typed = full.used - meter.used
            what = "token" if typed == 1 else "tokens"
            self.ctx.composer.tell_size(f"~{tokens_words(typed)} {what}{left}")
            self._warn(full)

    def _with(self, text: str) -> Meter | None:
        """The meter with a prompt, as far as it can be told."""
        session, desk = self.ctx.stage.session, self.ctx.desk
        if session is None or desk is None or self._meter is None:
            return None
        return desk.conductor.context.meter(session, text)

    # -- warning

    def _warn(self, meter: Meter) -> None:
        """Say that it is getting full, and how full, until Esc puts that away or there is room again."""
        desk, stage = self.ctx.desk, self.ctx.stage
        if desk is None or not meter.is_near(desk.conductor.settings.context.warn_at):
            self._end_warning()
            return
        was_put_away = self._warning and not stage.warning
        if was_put_away or stage.warning not in {"", self._warning}:
            return
        self._warning = f"{full_words(meter)} /context offers ways out."
        stage.warn(self._warning)

    def _end_warning(self) -> None:
        if self._warning and self.ctx.stage.warning == self._warning:
            self.ctx.stage.warn("")
        self._warning = ""

    async def _take(self, text: str) -> bool:
        return await self.hold_back(text, text)

    async def hold_back(self, text: str, typed: str) -> bool:
        """Ask before a text is sent for which there is no room; whether it was held back.

        `typed` is what of the prompt it came from; once the user has said yes to that, it may go.
        """
        if not text.strip() or typed == self._accepted:
            return False
        shown = self.ctx.stage.shown
        await self._known()
        if self.ctx.stage.shown != shown:  # the prompt is a draft of the chat before by now
            return True
        meter = self._with(text)
        if meter is None or meter.left is None or meter.left > 0:
            return False
        await self._choose_way(text, typed)
        return True

    async def _known(self) -> None:
        """Wait until it is known how full it is: a prompt may be sent right after its chat was opened."""
        session, desk = self.ctx.stage.session, self.ctx.desk
        if session is None or desk is None or self._meter is not None:
            return
        with contextlib.suppress(TimeoutError):  # a prompt is not kept waiting for a number
            await asyncio.wait_for(desk.conductor.context.get_ready(session), KNOWN_WITHIN_S)
            self._renew(session.id)

    # -- ways out

    async def ways(self) -> None:
        """Show how full it is and let the user choose what goes."""
        await self._choose_way("", "")

    async def _choose_way(self, prompt: str, typed: str) -> None:
        """The same for a prompt that can't be sent as it is, and what of it was typed."""
        from tui.ui.widgets.picker import Picker, narrowed

        session = self._session()
        context = self.ctx.need_desk().conductor.context
        meter, oldest = context.meter(session, prompt), len(context.oldest(session, prompt))
        alone = meter.used - context.meter(session).used
        rows: list[Row[Callable[[], object]]] = []
        if prompt:
            rows.append(Row(lambda: self._send_anyway(typed), "Send it all the same"))
        if meter.limit is not None and alone >= meter.limit:
            title = f"The prompt alone has ~{tokens_words(alone)} tokens; {tokens_words(meter.limit)} can be sent."
        else:
            title = full_words(meter)
            rows += self._rows(oldest, prompt)
        picker = Picker(title, narrowed(rows), keymap=self.ctx.keymap)

        async def chosen(way: Callable[[], object] | None) -> None:
            done = way() if way is not None else None
            if hasattr(done, "__await__"):
                await done

        await self.ctx.push(picker, chosen)

    def _rows(self, oldest: int, prompt: str) -> list[Row[Callable[[], object]]]:
        """What may be done to make room; so many of the oldest messages may go."""
        some = f"the oldest {oldest} messages" if oldest > 1 else "the oldest message"
        these = "them" if oldest > 1 else "it"
        asks = "asks the model"
        of_the_oldest: list[Row[Callable[[], object]]] = [
            Row(lambda: self.drop(prompt), f"Leave out {some}", "u undoes it"),
            Row(lambda: self.summarise(prompt), f"Send a summary of {these} instead", asks),
        ]
        return [
            *(of_the_oldest if oldest else ()),
            Row(self._by_hand, "Choose by hand what is left out", "x in the transcript"),
            Row(self.continue_anew, "Go on in a new chat, from a summary", asks),
        ]

    async def _send_anyway(self, typed: str) -> None:
        self._accepted = typed
        await self.ctx.features.one(Replies).send()

    def _by_hand(self) -> None:
        self.ctx.focus(self.ctx.transcript)
        self.ctx.note("j and k go from message to message, x leaves one out")

    def drop(self, prompt: str = "") -> None:
        """Leave the oldest messages out of what is sent, so that a prompt fits."""
        session, context = self._session(), self.ctx.need_desk().conductor.context
        gone = len(context.oldest(session, prompt))
        try:
            context.drop_oldest(session, prompt)
        except Failure as failure:
            self.ctx.complain(failure)
            return
        self._renew(session.id)
        some = f"{gone} messages are" if gone > 1 else "1 message is"
        self.ctx.note(f"{some} sent no more; u in the transcript takes it back")

    def summarise(self, prompt: str = "") -> None:
        """Have the model sum the oldest messages up, and send that instead, so that a prompt fits."""
        self.ctx.work(self._summarise(self._session(), prompt), group="summary", exclusive=True)

    async def _summarise(self, session: Session, prompt: str) -> None:
        self.ctx.note("The oldest messages are being summed up …")
        context = self.ctx.need_desk().conductor.context
        try:
            await context.summarise(session, context.oldest(session, prompt))
        except Failure as failure:
            self._no_summary(failure)
            return
        self._renew(session.id)
        self.ctx.note("A summary is sent instead of the oldest messages; u in the transcript takes it back")  # fmt: skip

    def continue_anew(self) -> None:
        """Begin a new chat with a summary of this one."""
        self.ctx.work(self._continue_anew(self._session()), group="summary", exclusive=True)

    async def _continue_anew(self, session: Session) -> None:
        desk, shown = self.ctx.need_desk(), self.ctx.stage.shown
        self.ctx.note("The chat is being summed up …")
        try:
            anew = await desk.conductor.continue_anew(session)
        except Failure as failure:
            self._no_summary(failure)
            return
        if self.ctx.stage.shown != shown:
            self.ctx.note("The chat that goes on from the summary stands in the list")
            return
        typed = self.ctx.composer.text  # goes along, as far as it is typed by now
        self.ctx.composer.take("")
        self.ctx.features.one(Chats).open(anew.id)
        if typed and not self.ctx.composer.text:
            self.ctx.composer.take(typed)

    def _no_summary(self, failure: Failure) -> None:
        self.ctx.complain(f"No summary was made: {failure.sentence}")

    def _session(self) -> Session:
        session = self.ctx.stage.session
        if session is None:
            raise ValueError("No chat is open")
        return session


def meter_words(meter: Meter) -> str:
    """The meter in few cells: `1.2k/256k tokens`, with `~` where it is estimated."""
    about = "" if meter.is_exact else "~"
    if not meter.used:
        return ""
    limit = f"/{tokens_words(meter.limit)}" if meter.limit else ""
    return f"{about}{tokens_words(meter.used)}{limit} tokens"


def full_words(meter: Meter) -> str:
    """How full it is, as a sentence."""
    about = "" if meter.is_exact else "about "
    if meter.limit is None or meter.share is None:
        return f"The context has {about}{tokens_words(meter.used)} tokens; its limit is not known."
    used, limit = tokens_words(meter.used), tokens_words(meter.limit)
    if meter.share >= FAR_BEYOND:
        return f"The context is far too full: {about}{used} of {limit} tokens."
    share = round(meter.share * 100)
    return f"The context is {about}{share} % full: {used} of {limit} tokens."


def tokens_words(tokens: int) -> str:
    """A number of tokens in few cells."""
    if tokens < 1_000:
        return str(tokens)
    size, unit = (1_000_000, "M") if tokens >= 1_000_000 else (1_000, "k")
    value = tokens / size
    return f"{value:.1f}{unit}" if value < 10 else f"{value:.0f}{unit}"
