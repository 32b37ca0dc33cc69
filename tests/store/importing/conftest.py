from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tui.store.importing.formats import Trouble
from tui.store.importing.making import Found
from tui.store.importing.reading import read
from tui.store.importing.taking import Importer


@pytest.fixture
def importer(places, store):
    return Importer(places, store)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, Any], Path]:
    """Writes a file (text, bytes or JSON) and gives its path."""

    def write(name: str, content: Any) -> Path:
        path = tmp_path / "from" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        return path

    return write


@pytest.fixture
def database(tmp_path: Path) -> Callable[..., Path]:
    """Makes a database of SQL and gives its path."""

    def make(sql: str, name: str = "some.db") -> Path:
        path = tmp_path / name
        connection = sqlite3.connect(path)
        connection.executescript(f"PRAGMA synchronous = OFF; {sql}")
        connection.close()
        return path

    return make


@pytest.fixture
def zipped(tmp_path: Path) -> Callable[[dict[str, Any]], Path]:
    """Makes a zip archive of names and contents."""

    def make(files: dict[str, Any]) -> Path:
        path = tmp_path / "export.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                data = content if isinstance(content, bytes | str) else json.dumps(content)
                archive.writestr(name, data)
        return path

    return make


def founds(path: Path, form: Any = None) -> list[Found]:
    found = list(read(path, form))
    assert [one.words for one in found if isinstance(one, Trouble)] == []
    return [one for one in found if isinstance(one, Found)]


def troubles(path: Path, form: Any = None) -> list[str]:
    return [one.words for one in read(path, form) if isinstance(one, Trouble)]


def said(found: Found) -> list[tuple[str, str]]:
    return [(str(message.role), message.text) for message in found.session.branch()]
