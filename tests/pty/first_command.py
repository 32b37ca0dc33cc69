"""Does what the README's first command promises: runs it, and chats with the embedded model.

`python -m tests.pty.first_command ENVIRONMENT CHECKOUT COMMAND` runs the command in a terminal, with
an empty home folder, in the given virtual environment and folder; asks a question, waits for
the answer, leaves, and looks into the session's file. Exits with a traceback if anything fails.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from pathlib import Path

from tests.pty.harness import Terminal
from tests.pty.home import Home

INSTALL_S = 600.0
"""Seconds that installing and fetching may take."""
ANSWER_S = 120.0

QUESTION = "What is the capital of France?"


def main() -> None:
    """Install, ask, leave."""
    environment, checkout, command = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        programs = f"{environment}/bin:{os.environ['PATH']}"
        with Terminal(
            ["bash", "-c", command], home=home.path, env={"PATH": programs}, cwd=Path(checkout)
        ) as terminal:
            terminal.wait_for("facts are often wrong", INSTALL_S)
            terminal.wait_for("Ask something")
            terminal.type(QUESTION)
            terminal.wait_for(QUESTION)
            terminal.press("enter")
            terminal.wait_for(re.compile("finished|cut at the token limit"), ANSWER_S)
            print("\n".join(line for line in terminal.screen if line))
            terminal.press("ctrl+q")
            status = terminal.wait_exit()
            wrong = terminal.left_behind()
        if status or wrong:
            raise SystemExit(f"ended with {status}; {wrong}")
        [[prompt, (role, answer)]] = home.said()
        if prompt != ("user", QUESTION) or role != "assistant" or not answer:
            raise SystemExit(f"the file holds {home.said()}")


if __name__ == "__main__":
    main()
