"""The list of sessions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.core.listing import Header, Listing
from tui.core.words import Place
from tui.store import heads
from tui.store.scanning import State, scan
from tui.store.whereabouts import SUFFIX, folder_of

if TYPE_CHECKING:
    from pathlib import Path

    from tui.store.places import Places


def listing(places: Places, limit: int | None = None, place: Place = Place.OPEN) -> Listing:
    """The newest `limit` sessions (all if None) of a place, those that are pinned first."""
    folder = folder_of(places, place)
    found, problems = scan(folder)
    newest = sorted(found, key=lambda name: (found[name], name), reverse=True)[:limit]
    headers = [h for name in newest if (h := header_of(folder, name, found[name], place))]
    headers.sort(key=lambda header: not header.pinned)
    return Listing(headers, problems)


def header_of(folder: Path, session_id: str, state: State, place: Place) -> Header | None:
    """The header of one file, or None if the file has gone."""
    path = folder / f"{session_id}{SUFFIX}"
    changed = state.mtime_ns / 1e9
    try:
        header = heads.read_header(path, changed)
    except FileNotFoundError:
        return None
    except OSError as error:
        header = heads.unreadable(path, changed, error)
    return replace(header, place=place) if place else header
