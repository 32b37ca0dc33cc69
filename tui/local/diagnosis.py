"""Tells in plain words why the engine did not start, or died."""

from __future__ import annotations

import re
import signal
from typing import TYPE_CHECKING

from tui.core.failure import Failure, FailureKind
from tui.core.text import one_line
from tui.local import machine
from tui.local.weights import SMOLLM2

if TYPE_CHECKING:
    from pathlib import Path

_LOG_LINE = re.compile(r"^[\d.]+ E (?:(?:srv|cmn)\s+)?[^:]*: (?:error loading model: )?(.*)$", re.M)
_ILLEGAL_INSTRUCTION = {-4, 0xC000001D}
_BAD_ACCESS = {-signal.SIGSEGV, -7, -10, -signal.SIGABRT, 0xC0000005}
_LIBGOMP = (
    "Install it: apt install libgomp1 (Debian, Ubuntu), dnf install libgomp (Fedora, Red Hat), "
    "zypper install libgomp1 (openSUSE)."
)


def local_failure(message: str, advice: str = "", *, retryable: bool = False) -> Failure:
    """A failure of the embedded model."""
    return Failure(FailureKind.LOCAL, message, advice=advice, retryable=retryable)


def refused(report: dict[str, str], log: str, gguf: Path) -> Failure:
    """Why the engine's process said that it can't serve that file.

    `report` is its answer, `log` what the engine printed.
    """
    detail = report.get("detail", "")
    match report.get("error"):
        case "import":
            return _not_importable(report.get("module", ""), detail)
        case "RuntimeError":
            return _server_refused(_first_error(log) or detail, log, gguf)
        case "overflow":
            return local_failure(
                f"The embedded model can't be given that much room: {detail}.",
                "Lower context under [local] in the settings.",
            )
        case "MemoryError":
            return _no_memory("There was not enough memory for the embedded model")
    return local_failure(
        f"The embedded model's engine is not of the version that bise knows ({one_line(detail, 200)}).",
        f"Install the right one with {machine.INSTALL}.",
    )


def engine_missing() -> Failure:
    """The engine is not installed."""
    return local_failure("The embedded model's engine is not installed.", machine.install_advice())


def _not_importable(module: str, detail: str) -> Failure:
    if module == machine.ENGINE:
        return engine_missing()
    if "libgomp" in detail:
        return local_failure(
            "The embedded model's engine needs the system library libgomp, which is missing.",
            _LIBGOMP,
        )
    if "DLL load failed" in detail:
        return local_failure(
            "The embedded model's engine needs the Microsoft Visual C++ runtime, which is missing.",
            "Install the Visual C++ Redistributable for x64.",
        )
    return local_failure(
        f"The embedded model's engine can't be loaded: {one_line(detail, 300)}.",
        f"Install it anew: {machine.INSTALL} --force-reinstall.",
    )


def _server_refused(reason: str, log: str, gguf: Path) -> Failure:
    reason = one_line(reason, 300)
    if "couldn't bind" in log:
        return local_failure(
            f"The embedded model's engine could not listen on 127.0.0.1: {reason}.",
            "Check that this machine's loopback network is up and open to programs.",
            retryable=True,
        )
    if "bad_alloc" in log or "failed to allocate" in log or "insufficient memory" in log:
        return _no_memory(f"There was not enough memory for the embedded model ({reason})")
    return damaged(gguf, reason)


def damaged(gguf: Path, reason: str) -> Failure:
    """The model file can't be used, for that reason."""
    return local_failure(
        f"The model file {gguf} can't be loaded: {reason.rstrip('.')}.", _file_advice(gguf)
    )


def missing(gguf: Path, reason: str = "there is no such file") -> Failure:
    """The model file is not there, or can't be read."""
    return local_failure(f"The model file {gguf} can't be read: {reason}.", _file_advice(gguf))


def _file_advice(gguf: Path) -> str:
    if gguf.name == SMOLLM2.gguf_name:
        return "Fetch it again with: bise local setup"
    return (
        'Check "gguf" under [local] in the settings: it must be the path of a model in GGUF form.'
    )


def died(code: int, log: str, *, starting: bool) -> Failure:
    """Why the engine's process ended by itself, by its return code."""
    moment = "while it started" if starting else "while it ran"
    if code in _ILLEGAL_INSTRUCTION:
        return local_failure(
            "The embedded model's engine can't run on this processor: it needs AVX2, "
            "which processors before 2013 and some virtual machines lack.",
            "Choose another provider, or turn AVX2 on for this virtual machine.",
        )
    said = one_line(_first_error(log) or _last_line(log), 300)
    because = f": {said}." if said else "."
    if code in _BAD_ACCESS:
        return local_failure(
            f"The embedded model's engine crashed {moment} ({_signal_name(code)}){because}",
            "A damaged model file or a very old processor can be the reason: bise local status checks the file.",
            retryable=not starting,
        )
    if code in {-signal.SIGTERM, -9}:
        return local_failure(
            f"The embedded model's engine was killed {moment}, most likely because the memory ran out.",
            "Close other programs, choose a smaller model, or lower context under [local] in the settings.",
            retryable=True,
        )
    return local_failure(
        f"The embedded model's engine ended {moment} with code {code}"
        + (f": {said}." if said else "."),
        "bise local status checks engine and model file.",
        retryable=not starting,
    )


def too_slow(seconds: float) -> Failure:
    """The engine did not get ready in that time."""
    return local_failure(
        f"The embedded model was not ready after {seconds:.0f} s.",
        "Try again when the machine is less busy, or choose a smaller model.",
        retryable=True,
    )


def _no_memory(message: str) -> Failure:
    return local_failure(
        f"{message}.",
        "Close other programs, choose a smaller model, or lower context under [local] in the settings.",
        retryable=True,
    )


def _first_error(log: str) -> str:
    match = _LOG_LINE.search(log)
    return match[1].strip() if match else ""


def _last_line(log: str) -> str:
    return log.strip().rpartition("\n")[2]


def _signal_name(code: int) -> str:
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"code {code & 0xFFFFFFFF:#x}"
