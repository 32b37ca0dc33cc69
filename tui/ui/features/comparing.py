"""Asking the same in several ways at once: by other models, by other parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core.failure import Failure
from tui.core.text import one_line
from tui.core.words import Role
from tui.ui.features.branches import Branches
from tui.ui.features.feature import Feature
from tui.ui.features.presets import Presets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from tui.chat.variant import Variant
    from tui.core.message import Message
    from tui.core.session import Session
    from tui.core.turn import Turn
    from tui.ui.features.feature import Completer, Plain, Suggestion, Taking

MOST = 4
"""So many ways are compared at once."""

HELP = r"mistral-small-latest temperature=0.9 preset=precise stop=\n\n,max_tokens=50"


class Comparing(Feature):
    """Another version in another way; several at once, seen side by side."""

    def commands(self) -> Mapping[str, Plain]:
        """Versions that are there."""
        return {"transcript.versions": self.versions}

    def taking(self) -> Mapping[str, Taking]:
        """New ones."""
        return {"transcript.vary": self.vary, "transcript.compare": self.compare}

    def completions(self) -> Mapping[str, Completer]:
        """Names of parameters and providers, and the models that were asked in this chat."""
        return {"transcript.vary": self._complete, "transcript.compare": self._complete}

    @property
    def _session(self) -> Session:
        return self.ctx.features.one(Branches).session

    # -- one other version

    async def vary(self, text: str) -> None:
        """Have another version of the reply made, in a way that is asked for if it is not given."""
        if text:
            self._vary(text)
            return
        await self._ask("Another version: by which model or parameters?", "vary", self._vary)

    def _vary(self, text: str) -> None:
        from tui.chat.varying import split_words

        word = ",".join(split_words(text))
        [variant] = self._variants([word])
        self.ctx.need_desk().conductor.again(self._session, self._asked(), variant)

    async def _ask(self, question: str, name: str, take: Callable[[str], object]) -> None:
        from tui.ui.widgets.ask import Ask

        def check(text: str) -> str:
            from tui.chat.varying import split_words

            try:
                if not text.strip():
                    return "Name a model, or a parameter and its value"
                self._variants(split_words(text.partition("\n")[0]))
            except (Failure, ValueError) as trouble:
                return trouble.sentence if isinstance(trouble, Failure) else str(trouble)
            return ""

        async def answered(text: str | None) -> None:
            if text is None:
                return
            self.ctx.remembered.set(f"compare.{name}", text)
            try:
                done = take(text)
                if done is not None:
                    await done  # type: ignore[misc]  # what compares comes up with a screen
            except (Failure, ValueError) as trouble:
                self.ctx.complain(trouble)

        before = self.ctx.remembered.get(f"compare.{name}", "")
        await self.ctx.push(Ask(question, before, placeholder=HELP, check=check), answered)

    def _variants(self, words: Sequence[str]) -> list[Variant]:
        from tui.chat.varying import Known, variant_of

        session, conductor = self._session, self.ctx.need_desk().conductor
        presets = self.ctx.features.one(Presets).known
        known = Known(conductor.providers, presets, conductor.settings.all_stop_sets())
        return [variant_of(session, word, known) for word in words]

    def _asked(self) -> Message:
        """The reply or prompt that is to be answered otherwise."""
        message = self.ctx.stage.chosen(Role.ASSISTANT, Role.USER)
        if message is None:
            raise ValueError("Nothing was asked here yet; put the prompt on the lines below")
        return message

    # -- several at once

    async def compare(self, text: str) -> None:
        """Ask in several ways; lines below the first are the prompt, else it is the chosen one."""
        if text:
            await self._compare(text)
            return
        await self._ask("Compare: which models or parameters?", "compare", self._compare)

    async def _compare(self, text: str) -> None:
        from tui.chat.variant import Variant
        from tui.chat.varying import split_words

        line, _, prompt = text.partition("\n")
        words = split_words(line)
        session, conductor = self._session, self.ctx.need_desk().conductor
        variants = self._variants(words)
        if len(variants) == 1:
            words.insert(0, "as set")
            variants.insert(0, Variant(session.parameters))
        if not 2 <= len(variants) <= MOST:
            raise ValueError(f"Two to {MOST} ways can be compared; a space stands between them")
        if prompt.strip():
            turns = conductor.compare(session, variants, prompt)
        else:
            turns = conductor.compare_again(session, self._asked(), variants)
        named = [
            (turn.message_id, _named(word, turn)) for word, turn in zip(words, turns, strict=True)
        ]
        await self._show(session, named, 0)

    async def versions(self) -> None:
        """Show the versions of the chosen message side by side."""
        session, branches = self._session, self.ctx.features.one(Branches)
        beside = branches.versions_near()
        shown = {message.id for message in self.ctx.stage.shown_branch()}
        at = next((at for at, one in enumerate(beside) if one in shown), 0)
        named = [(one, f"{n}/{len(beside)}") for n, one in enumerate(beside, 1)]
        first = max(0, min(at - MOST + 1, len(named) - MOST)) if at >= MOST else 0
        await self._show(session, named[first : first + MOST], at - first)

    async def _show(self, session: Session, named: Sequence[tuple[str, str]], at: int) -> None:
        from tui.ui.screens.compare import CompareScreen

        await self.ctx.push(CompareScreen(self.ctx, session, named, at))

    # -- completion

    def _complete(self, typed: str) -> Iterable[Suggestion]:
        from tui.core.specs import SPECS

        head, space, word = typed.rpartition(" ")
        start = head + space
        before, comma, part = word.rpartition(",")
        start += before + comma
        for name in self.ctx.features.one(Presets).known:
            if part and (part.startswith("preset=") or "preset".startswith(part)):
                word = f'preset="{name}"' if " " in name else f"preset={name}"
                if word.startswith(part):
                    yield start + word, "preset"
        for name in self._models():
            if part.lower() in name.lower():
                yield start + name, "model"
        for spec in SPECS:
            if part and spec.name.startswith(part):
                yield f"{start}{spec.name}=", "parameter"

    def _models(self) -> Iterable[str]:
        session, desk = self.ctx.stage.session, self.ctx.desk
        if session is None or desk is None:
            return ()
        used = [m.completion.model for m in session.messages if m.completion is not None]
        own = [p.model for p in desk.conductor.providers.values() if p.name == session.provider]
        others = [f"{p.name}/{p.model}" for p in desk.conductor.providers.values() if p.model]
        return dict.fromkeys(name for name in [*own, *used, *others] if name)


def _named(word: str, turn: Turn) -> str:
    model = one_line(turn.request.parameters.model or "", 40)
    return word if not model or model in word else f"{word} · {model}"
