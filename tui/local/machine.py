"""What this machine has and lacks for the engine."""

from __future__ import annotations

import os
import platform
import sys

ENGINE = "xllamacpp"
"""The package that the engine is."""

INSTALL = "pip install 'bise[local]'"
"""The command that installs the engine."""

PLATFORMS = "Linux with glibc on x86_64 and aarch64, macOS 13 or newer, Windows on x86_64"
"""Where there is a prebuilt engine."""

_MACHINES = {
    "linux": {"x86_64", "aarch64"},
    "darwin": {"x86_64", "arm64"},
    "win32": {"AMD64"},
}


def engine_version() -> str | None:
    """The version of the engine that is installed beside us, or None. It is not loaded."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(ENGINE)
    except PackageNotFoundError:
        return None


def has_prebuilt_engine() -> bool:
    """Whether a wheel of the engine is made for machines like this."""
    if platform.machine() not in _MACHINES.get(sys.platform, set()):
        return False
    if platform.python_implementation() != "CPython":
        return False
    return sys.platform != "linux" or platform.libc_ver()[0] == "glibc"


def cores() -> int:
    """The processor cores that this process may use."""
    known = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count()
    return known or 1


def install_advice() -> str:
    """What to do when the engine is not installed."""
    if has_prebuilt_engine():
        return f"Install it with {INSTALL}."
    return (
        f"There is no prebuilt engine for this machine ({sys.platform} {platform.machine()}), "
        f"only for {PLATFORMS}. Choose another provider, such as a server by its URL."
    )
