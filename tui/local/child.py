"""The embedded model's engine: a process of its own that serves one model file on loopback.

It is run as a script, by its path, so it needs nothing of ours. The first line of standard input
is its configuration (JSON, so that the token stands in no argument list); the line of
standard output that begins with `MARK` tells the address, or what went wrong. The process ends when standard input does:
that is when its parent stops it, or is gone, however that came about.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from typing import Any

MARK = "bise-engine "
"""What the answer begins with; start-up hooks of an installation may print other lines."""

_DETAIL_LIMIT = 2000


def main() -> None:
    """Serve until standard input ends."""
    config: dict[str, Any] = json.loads(sys.stdin.buffer.readline())
    # What the native code prints must not be taken for the answer.
    with os.fdopen(os.dup(1), "w", encoding="ascii") as answer:
        os.dup2(2, 1)
        _die_with_parent()
        try:
            server = _serve(config)
            told = {"url": server.listening_address}
        except ImportError as error:
            told = {
                "error": "import",
                "detail": str(error)[:_DETAIL_LIMIT],
                "module": error.name or "",
            }
        except OverflowError:
            told = {"error": "overflow", "detail": f"context is {config['context']}"}
        except (RuntimeError, AttributeError, TypeError, ValueError, MemoryError) as error:
            # Attribute and type errors: another version of the engine than the one we know.
            told = {"error": type(error).__name__, "detail": str(error)[:_DETAIL_LIMIT]}
        answer.write(MARK + json.dumps(told) + "\n")
    if "error" in told:
        sys.stderr.flush()
        os._exit(1)
    threading.Event().wait()


def _die_with_parent() -> None:
    if sys.platform == "linux":
        # The engine holds the interpreter's lock while it loads a model, and no thread of ours runs
        # then. So the kernel is asked to end the process when the other end is closed.
        import fcntl
        import signal

        signal.signal(signal.SIGIO, signal.SIG_DFL)
        fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_ASYNC)
    threading.Thread(target=_wait_for_end, daemon=True).start()


def _wait_for_end() -> None:
    while os.read(0, 4096):  # not by sys.stdin: its lock would spoil the end of the interpreter
        pass
    os._exit(0)


def _serve(config: dict[str, Any]) -> Any:
    import xllamacpp

    p = xllamacpp.CommonParams()
    p.model.path = config["gguf"]
    p.model_alias = {config["model"]}
    if config["ours"]:
        # The file's own template slips in a system prompt that makes this small model babble.
        p.chat_template = "chatml"
        p.n_gpu_layers = 0  # too small to gain by it
    p.hostnames, p.port, p.api_keys = ["127.0.0.1"], 0, [config["token"]]
    p.n_parallel = config["slots"]
    p.n_ctx = config["slots"] * config["context"]  # it is shared out among the slots
    p.cpuparams.n_threads = max(1, config["cores"] // 2)
    p.cpuparams_batch.n_threads = config["cores"]
    p.cache_ram_mib = 0  # it would grow by megabytes with every prompt
    p.verbosity = 1  # errors only
    p.ui = p.endpoint_slots = False
    p.offline = True
    p.cache_prompt = config["cache_prompt"]
    return xllamacpp.Server(p)  # returns when the model is loaded


if __name__ == "__main__":
    main()
