r"""Parameters by words with a slash: `/stop add "\n\n"`, `/temperature 0.2`, `/set name value`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core import stops
from tui.core.escapes import escaped, quoted, typed_text
from tui.core.spec import Shape
from tui.core.spec_text import shown, typed
from tui.core.specs import BY_NAME, SPECS, spec_of
from tui.core.text import one_line
from tui.ui.features.feature import Feature
from tui.ui.features.parameters import Parameters
from tui.ui.features.parameters_sets import StopSets

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tui.core.spec import Spec
    from tui.ui.features.feature import Completer, Suggestion, Taking

_STOP_WORDS = {
    "add": "TEXT: one more, such as \\n\\n",
    "off": "NUMBER: keep it and do not send it",
    "on": "NUMBER: send it again",
    "edit": "NUMBER TEXT: change it",
    "remove": "NUMBER: it goes",
    "move": "NUMBER PLACE: another order",
    "set": "NAME: a stop set's on, all others off",
    "save": "NAME: what is on becomes a stop set",
    "clear": "all go",
}


class ParameterWords(Feature):
    """What is typed is put in force at once, and told."""

    @property
    def _parameters(self) -> Parameters:
        return self.ctx.features.one(Parameters)

    def taking(self) -> Mapping[str, Taking]:
        """All of them take something; with nothing, the pane opens at the place."""
        return {
            "parameters.set": self.set,
            "parameters.unset": self.unset,
            "parameters.temperature": lambda text: self._set_one("temperature", text),
            "parameters.prefix": self.prefix,
            "parameters.stop": self.stop,
        }

    def completions(self) -> Mapping[str, Completer]:
        """Names, and known values."""
        return {
            "parameters.open": self._complete_name,
            "parameters.set": self._complete_set,
            "parameters.unset": self._complete_unset,
            "parameters.stop": self._complete_stop,
        }

    # -- /set, /unset, /temperature, /prefix

    async def set(self, text: str) -> None:
        """Give a parameter a value: `NAME VALUE`. Raises `ValueError` with a sentence."""
        name, _, value = text.partition(" ")
        spec = spec_of(name) if name else None
        if spec is None or not value.strip():
            await self._parameters.open(name)
        else:
            await self._set_one(spec.name, value)

    async def _set_one(self, name: str, text: str) -> None:
        if not text.strip():
            await self._parameters.open(name)
            return
        spec = BY_NAME[name]
        value = typed(spec, text, self._parameters.values.kind)
        if spec.name == "stop":
            self._parameters.put_stops(tuple(stops.Stop(one) for one in dict.fromkeys(value)))
        else:
            self._parameters.put(name, value)
        self._tell(spec)

    def unset(self, name: str) -> None:
        """Leave a parameter to the server. Raises `ValueError` for a name that none has."""
        if not name:
            raise ValueError("/unset wants the name of a parameter behind it")
        spec = spec_of(name)
        if spec.name == "stop":
            self._parameters.put_stops(())
        else:
            self._parameters.put(spec.name, None)
        self.ctx.note(f"{spec.name} is left to the server")

    async def prefix(self, text: str) -> None:
        """Set the beginning of the replies; `once TEXT` that of the next one only."""
        if not text:
            await self._parameters.open("prefix")
            return
        word, _, rest = text.partition(" ")
        once = word == "once" and bool(rest.strip())
        changes = {
            "prefix": typed_text(rest if once else text) or None,
            "prefix_once": once or None,
        }
        self._parameters.put_all(changes)
        self._tell(BY_NAME["prefix"], "the next reply of " if once else "")

    def _tell(self, spec: Spec, of: str = "") -> None:
        from tui.core.spec_fit import why_not_sent

        values = self._parameters.values
        given = values.all()
        value = given.get(spec.name)
        words = quoted(value) if spec.shape is Shape.TEXT and value else shown(spec, value)
        reason = why_not_sent(spec, values.kind, given)
        tail = f"; it is not sent: {reason}" if reason else ""
        self.ctx.note(f"{spec.name} = {one_line(words, 80)} for {of}{values.scope}{tail}")

    # -- /stop

    async def stop(self, text: str) -> None:
        """Change the stop sequences: `add TEXT`, `off 2`, `set NAME`. Raises `ValueError` with a sentence."""
        word, _, rest = text.partition(" ")
        rest = rest.strip(" ")
        if not text:
            await self._parameters.open("stop")
            return
        rows = self._parameters.rows
        match word:
            case "add":
                self._parameters.put_stops(stops.added(rows, typed_text(rest)))
            case "set":
                self.ctx.features.one(StopSets).apply(rest)
            case "save":
                self.ctx.features.one(StopSets).save(rest)
                return
            case "clear":
                self._parameters.put_stops(())
            case "on" | "off" | "edit" | "remove" | "move":
                self._parameters.put_stops(self._changed(rows, word, rest))
            case _:
                words = ", ".join(_STOP_WORDS)
                raise ValueError(f"/stop knows {words}; not {one_line(word, 20)!r}")
        self._tell_stops()

    def _changed(self, rows: stops.Rows, word: str, rest: str) -> stops.Rows:
        first, _, more = rest.partition(" ")
        at = _number(first, len(rows))
        match word:
            case "edit":
                return stops.changed(rows, at, typed_text(more))
            case "remove":
                return stops.removed(rows, at)
            case "move":
                return stops.moved(rows, at, _number(more.strip(), len(rows)))
            case _:
                return stops.toggled(rows, at) if rows[at].on is not (word == "on") else rows

    def _tell_stops(self) -> None:
        rows = self._parameters.rows
        words = " ".join(
            f"{n} {'on' if r.on else 'off'} {quoted(r.text)}" for n, r in enumerate(rows, 1)
        )
        many = stops.too_many(rows, self._parameters.values.kind)
        self.ctx.note(one_line(f"stop: {words or 'none'}{f'. {many}' if many else ''}", 200))

    # -- completion

    def _complete_name(self, typed: str) -> Iterable[Suggestion]:
        return [(spec.name, spec.help) for spec in SPECS if _fits(spec, typed)]

    def _complete_set(self, typed: str) -> Iterable[Suggestion]:
        name, space, value = typed.partition(" ")
        if not space:
            return [(f"{one} ", words) for one, words in self._complete_name(typed)]
        spec = BY_NAME.get(name)
        if spec is None:
            return []
        choices = ("on", "off") if spec.shape is Shape.SWITCH else spec.choices
        return [(f"{name} {word}", spec.title) for word in choices if word.startswith(value)]

    def _complete_unset(self, typed: str) -> Iterable[Suggestion]:
        given = self._parameters.values.parameters.kept()
        return [
            (spec.name, one_line(shown(spec, given[spec.name]), 40))
            for spec in SPECS
            if spec.name in given and _fits(spec, typed)
        ]

    def _complete_stop(self, typed: str) -> Iterable[Suggestion]:
        word, space, rest = typed.partition(" ")
        if not space:
            return [
                (f"{one} ", words) for one, words in _STOP_WORDS.items() if one.startswith(word)
            ]
        if word == "set":
            names = self.ctx.features.one(StopSets).all()
            return [
                (f"set {name}", " ".join(map(escaped, texts)))
                for name, texts in names.items()
                if rest.lower() in name.lower()
            ]
        if word in {"on", "off", "edit", "remove", "move"} and " " not in rest:
            rows = self._parameters.rows
            return [
                (f"{word} {n}", quoted(row.text))
                for n, row in enumerate(rows, 1)
                if str(n).startswith(rest)
            ]
        return []


def _fits(spec: Spec, typed: str) -> bool:
    typed = typed.strip().lower().replace("-", "_")
    return typed in spec.name or typed in spec.title.lower()


def _number(word: str, count: int) -> int:
    """An index, from a number counted from 1. Raises `ValueError` with a sentence."""
    if not word.isdecimal() or not 1 <= int(word[:9]) <= count:
        there = f"there are {count}" if count else "there are none"
        raise ValueError(f"say which stop sequence by its number: {there}")
    return int(word) - 1
