"""Finds out what a file, a folder or an archive holds, by what stands in it, and reads it."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from tui.core.failure import Failure, FailureKind
from tui.store.importing import aichat, api, bise, chatgpt, elia, lechat, llm_logs, oterm, parllama
from tui.store.importing.database import opened
from tui.store.importing.formats import NAMES, Format, Origin, Reading, Trouble
from tui.store.importing.shelf import Alone, refused, shelf_of
from tui.store.importing.streams import LONGEST, JsonStream
from tui.store.importing.values import table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tui.store.importing.shelf import Part, Shelf
    from tui.store.importing.streams import Value

_SQLITE = b"SQLite format 3\0"
_GLANCE = 1 << 16
_NAMES_IN_FOLDERS = (
    re.compile(r"conversations(-\d+)?\.json"),
    re.compile(r"chat-[^/]*\.json"),
    re.compile(r".*\.(json|jsonl|ndjson|toml|ya?ml|db|sqlite3?)"),
)
"""What is read of a folder or an archive: the first kind of which there is any."""
_JSON = {
    Format.BISE: bise.read_json,
    Format.API: api.read,
    Format.CHATGPT: chatgpt.read,
    Format.LE_CHAT: lechat.read,
    Format.PARLLAMA: parllama.read,
}
_DATABASES = {Format.LLM: llm_logs, Format.ELIA: elia, Format.OTERM: oterm}


def read(path: Path, wanted: Format | None = None) -> Iterator[Reading]:
    """All conversations that are found, one after another; `wanted` says in which format they are.

    Raises `Failure` if nothing can be read, or what follows can't.
    """
    with shelf_of(path) as shelf:
        parts = _parts(shelf)
        if not parts:
            raise refused(f"{path} holds nothing that conversations could be in")
        if len(parts) == 1:
            yield from _read_part(Origin(shelf, parts[0]), wanted)
            return
        for part in parts:
            try:
                yield from _read_part(Origin(shelf, part), wanted)
            except Failure as failure:
                yield Trouble(failure.sentence)


def _parts(shelf: Shelf) -> list[Part]:
    if isinstance(shelf, Alone):
        return shelf.parts
    for pattern in _NAMES_IN_FOLDERS:
        found = [part for part in shelf.parts if pattern.fullmatch(part.base)]
        if found:
            return [part for part in found if "files" not in part.name.split("/")[:-1]]
    return []


def _read_part(origin: Origin, wanted: Format | None) -> Iterator[Reading]:
    with origin.shelf.open(origin.part) as file:
        start = file.read(_GLANCE)
    if start.startswith(_SQLITE):
        return _read_database(origin, wanted)
    if not start.strip():
        raise refused(f"{origin.label} is empty")
    said = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    is_wide = start.startswith((b"\xff\xfe", b"\xfe\xff"))
    is_table = re.match(rb"\[\[?[ \t]*[A-Za-z_]", said) is not None
    if is_wide or (said[:1] in {b"[", b"{"} and not is_table):
        return _read_json(origin, wanted)
    return _read_text(origin, wanted, start)


def _read_json(origin: Origin, wanted: Format | None) -> Iterator[Reading]:
    with origin.shelf.open(origin.part) as file:
        values = JsonStream(file, origin.label).values()
        first = next(values, None)
        if first is None:
            return
        form = wanted or _form_of(first)
        if form not in _JSON:
            raise _unknown(origin, wanted)
        yield from _JSON[form](origin, chain([first], values))


def _form_of(first: Value) -> Format | None:
    """The format of JSON, by its first value."""
    data = first.data
    sample = data[0] if isinstance(data, list) and data else data
    members = table(sample)
    if "bise" in members and "tree" in members:
        return Format.BISE
    if "mapping" in members or "mapping" in table(next(iter(_inner(members)), None)):
        return Format.CHATGPT
    if lechat.is_message(sample):
        return Format.LE_CHAT
    if parllama.is_chat(members):
        return Format.PARLLAMA
    if "role" in members or isinstance(members.get("messages"), list):
        return Format.API
    return None


def _inner(members: dict[str, object]) -> list[object]:
    inner = members.get("conversations")
    return inner if isinstance(inner, list) else []


def _read_database(origin: Origin, wanted: Format | None) -> Iterator[Reading]:
    path = origin.shelf.path_of(origin.part)
    if path is None:
        raise refused(f"{origin.label} is a database: unpack it first")
    with opened(path) as database:
        for form, module in _DATABASES.items():
            if wanted is form or (wanted is None and module.fits(database)):
                if not module.fits(database):
                    break
                yield from module.read(origin, database)
                return
        raise _unknown(origin, wanted)


def _read_text(origin: Origin, wanted: Format | None, start: bytes) -> Iterator[Reading]:
    if origin.part.size > LONGEST:
        raise refused(f"{origin.label} is larger than {LONGEST >> 20} MB")
    with origin.shelf.open(origin.part) as file:
        data = file.read(LONGEST + 1)
    is_toml = re.search(rb"(?m)^(schema[ \t]*=|\[\[message\]\])", start) is not None
    is_yaml = re.search(rb"(?m)^messages:", data) is not None
    if wanted is Format.BISE or (wanted is None and is_toml):
        return bise.read_toml(origin, data)
    if wanted is Format.AICHAT or (wanted is None and is_yaml):
        try:
            return aichat.read(origin, data.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise refused(f"{origin.label} is no UTF-8 text") from error
    raise _unknown(origin, wanted)


def _unknown(origin: Origin, wanted: Format | None) -> Failure:
    if wanted is not None:
        words = f"{origin.label} is not {NAMES[wanted]}"
        return Failure(FailureKind.DISK, words, advice="Without --from its content decides.")
    known = "; ".join(NAMES.values())
    return Failure(
        FailureKind.DISK,
        f"{origin.label} holds no conversations in a form that is known",
        advice=f"Known are: {known}.",
    )
