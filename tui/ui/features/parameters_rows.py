"""Makes the rows of the settings pane out of the specifications and the values that are set."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tui.core.escapes import quoted, visible
from tui.core.spec import Group, Home, Shape
from tui.core.spec_fit import doubt, is_default, takes, why_not_sent
from tui.core.spec_text import shown
from tui.core.specs import BY_NAME, SPECS
from tui.core.stops import rows_of as stop_rows
from tui.core.stops import too_many, unsent
from tui.core.text import one_line
from tui.ui.widgets.settings.field import Field

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tui.core.spec import Spec
    from tui.core.stops import Rows
    from tui.core.words import Kind

SCOPE: Final = "scope"
"""The row that tells whose parameters these are."""

ADD_STOP: Final = "stop"
"""The row behind the stop sequences; it stands for all of them."""

_SHOWN: Final = 300
"""Characters of a value that are looked at for its row."""

_LINES: Final = 4
"""Lines of a text that are shown."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the rows are made of."""

    values: Mapping[str, Any]
    kind: Kind | None = None
    model: str | None = None
    of_chat: bool = True
    """Whether they are those of a chat, not of new ones."""
    tried: str = ""
    """What the stop sequences would do to the chosen reply, in words."""
    each: tuple[str, ...] = ()
    """What each of them would do, one that is being typed included."""

    @property
    def stop_rows(self) -> Rows:
        """All stop sequences, on and off."""
        return stop_rows(self.values.get("stop"), self.values.get("stop_off"))


def stop_id(index: int) -> str:
    """The id of a stop sequence's row."""
    return f"stop.{index}"


def stop_index(field_id: str) -> int | None:
    """Which stop sequence a row is; None for all other rows."""
    head, _, number = field_id.partition(".")
    return int(number) if head == "stop" and number.isdecimal() else None


def spec_for(field_id: str) -> Spec | None:
    """The parameter that a row is about."""
    return BY_NAME.get("stop" if stop_index(field_id) is not None else field_id)


def rows_of(given: Given, query: str = "") -> list[Field]:
    """The rows in order, those that fit what is typed."""
    chat, new = ("●", "○") if given.of_chat else ("○", "●")
    scope = Field(SCOPE, "Scope", f"{chat} this chat {new} new ones")
    fields = [scope, *(field for spec in SPECS for field in _fields(spec, given))]
    fields += [_unknown(name, given.values[name]) for name in given.values if name not in BY_NAME]
    words = query.lower().split()
    if not words:
        return fields
    named = [field for field in fields if _has(_names(field), words)]
    return named or [field for field in fields if _has(_all_words(field), words)]


def _has(text: str, words: Sequence[str]) -> bool:
    return all(word in text for word in words)


def _names(field: Field) -> str:
    return f"{field.title} {field.id} {field.group}".lower()


def _all_words(field: Field) -> str:
    spec = spec_for(field.id)
    about = f"{spec.help} {spec.advice}" if spec is not None else ""
    return f"{_names(field)} {field.value} {about}".lower()


def _fields(spec: Spec, given: Given) -> Iterator[Field]:
    if spec.name == "stop":
        yield from _stop_fields(given)
    elif spec.name != "stop_off":
        yield _field(spec, given)


def _field(spec: Spec, given: Given) -> Field:
    value = given.values.get(spec.name)
    reason = why_not_sent(spec, given.kind, given.values)
    if value is None:
        words = reason or spec.default_for(given.kind)
        if spec.name == "model" and given.model:
            words = given.model
        return Field(spec.name, spec.title, f"({words})", group=spec.group, is_faint=True)
    text, *more = _lines(spec, value)
    note = f"not sent: {reason}" if reason else doubt(spec, value, given.kind, given.model)
    return Field(
        spec.name,
        spec.title,
        text,
        tuple(more),
        spec.group,
        mark="•" if differs(spec, value, given.kind) else "",
        is_faint=bool(reason),
        note=note,
    )


def _unknown(name: str, value: Any) -> Field:
    """A member that stands in the file and is no parameter."""
    note = "not sent: no parameter is called so; a member for the server belongs into extra"
    text = one_line(json.dumps(value, default=str)[:_SHOWN])
    return Field(name, one_line(name, 60), text, group=Group.EXTRA, is_faint=True, note=note)


def differs(spec: Spec, value: Any, kind: Kind | None) -> bool:
    """Whether a value is another than what there is without it."""
    if spec.home is not Home.PARAMETERS:
        return shown(spec, value) != spec.default
    return not is_default(spec, value, kind)


def _lines(spec: Spec, value: Any) -> list[str]:
    if spec.shape is Shape.SWITCH:
        return ["☑ on" if value else "☐ off"]
    text = value if isinstance(value, str) else _short(spec, value)
    if spec.shape is not Shape.TEXT:
        return [one_line(text, _SHOWN) + (f" {spec.unit}" if spec.unit == "s" else "")]
    lines = text[: _SHOWN * _LINES].split("\n")
    last = len(lines) - 1
    seen = [_with_ends(line, at < last) for at, line in enumerate(lines[:_LINES])]
    rest = text.count("\n") + 1 - len(seen)
    return [*seen, f"… {rest} more lines"] if rest > 0 else seen


def _short(spec: Spec, value: Any) -> str:
    """A value as text; of a very long one, its beginning."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return shown(spec, value) if len(text) < _SHOWN else text[: 2 * _SHOWN]


def _with_ends(line: str, is_ended: bool) -> str:
    """A line of a text, with its invisible ends made visible."""
    line = line[:_SHOWN]
    bare = line.rstrip(" \t")
    return one_line(bare) + visible(line[len(bare) :]) + ("⏎" if is_ended else "")


def _stop_fields(given: Given) -> Iterator[Field]:
    rows = given.stop_rows
    left = unsent(rows, given.kind)
    why = f"not sent: {too_many(rows, given.kind).partition(':')[0]}" if left else ""
    for index, row in enumerate(rows):
        box = "☑" if row.on else "☐"
        yield Field(
            stop_id(index),
            f"stop sequence {index + 1}",
            visible(row.text, _SHOWN),
            group=Group.STOP,
            lead=f"{index + 1} {box}",
            is_faint=not row.on or index in left,
            note=why if index in left else "",
            aside=given.each[index] if index < len(given.each) else "",
        )
    yield Field(
        ADD_STOP,
        "add a stop sequence",
        "add a stop sequence",
        group=Group.STOP,
        lead="+",
        is_faint=True,
        aside=" ".join(given.each[len(rows) :]),
        note=given.tried,
        is_calm=True,
    )


def help_of(given: Given, field_id: str) -> list[tuple[str, str]]:
    """What is told of a row below the list: texts with Textual's styles."""
    if field_id == SCOPE:
        words = "What is changed here: this chat, or what new chats begin with (settings.toml)."
        return [("Whose settings these are", "bold"), (words, "")]
    spec = spec_for(field_id)
    if spec is None:
        return [(one_line(field_id, 60), "bold"), ("It stands in the file. Del removes it.", "")]
    value = given.values.get(spec.name)
    facts = f"{spec.name} · {takes(spec, given.kind)} · default: {spec.default_for(given.kind)}"
    reason = why_not_sent(spec, given.kind, given.values)
    lines = [
        (facts, "bold"),
        (f"Not sent: {reason}." if reason else "", "$warning"),
        (f"{spec.help} {spec.advice}".strip(), ""),
    ]
    index = stop_index(field_id)
    rows = given.stop_rows
    if index is not None and index < len(rows):
        row = rows[index]
        state = "on" if row.on else "off: not sent"
        if index in unsent(rows, given.kind):
            state = "on, not sent"
        lines[0] = (f"{quoted(row.text)} · {len(row.text):,} characters · {state}", "bold")
    if spec.home is Home.PROVIDER:
        lines.append(("Holds for all chats with this server.", "$text-muted"))
    if spec.home is Home.SETTINGS:
        lines.append(("Holds for all chats.", "$text-muted"))
    if spec.name == "prefix" and isinstance(value, str) and value != value.rstrip():
        spaces = visible(value[len(value.rstrip()) :], 20)
        lines.append((f"It ends with {spaces}", "$text-muted"))
    return lines
