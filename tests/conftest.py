"""Shuts out the developer's own machine: its folders, its keys, and every host but this one."""

from __future__ import annotations

import os
import re
import socket
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("bise", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("bise")

_FOREIGN = re.compile(
    r"(.*_API_KEY|(NO_|FORCE_)?COLOR(TERM|FGBG)?|TEXTUAL.*|BISE_(?!TEST_).*|EDITOR|VISUAL)"
)
_LOOPBACK = re.compile(r"127\.\d+\.\d+\.\d+|::1|localhost|0\.0\.0\.0|::")
_PIP_CONFIG = Path.home() / ".config" / "pip" / "pip.conf"


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty home folder, and no variable of the developer's that would change the program."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    for name in filter(_FOREIGN.fullmatch, list(os.environ)):
        monkeypatch.delenv(name)
    if _PIP_CONFIG.exists() and "PIP_CONFIG_FILE" not in os.environ:
        monkeypatch.setenv("PIP_CONFIG_FILE", str(_PIP_CONFIG))


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reaches another machine; child processes are their own affair."""

    class Guarded(socket.socket):
        def connect(self, address: object) -> None:
            _refuse_others(address)
            super().connect(address)  # type: ignore[arg-type]  # checked by the real one

        def connect_ex(self, address: object) -> int:
            _refuse_others(address)
            return super().connect_ex(address)  # type: ignore[arg-type]  # as above

    monkeypatch.setattr(socket, "socket", Guarded)


def _refuse_others(address: object) -> None:
    if isinstance(address, tuple) and not _LOOPBACK.fullmatch(str(address[0])):
        raise AssertionError(f"a test wants to connect to {address[0]}")
