"""`bise sessions`: finds, files and mends the chats on disk.

A chat is named by its id, the beginning of its id, or a part of its title, if no other one fits.
Exit status: 0 done, 1 a file could not be read or written, or has problems, 2 wrong use.
"""

from __future__ import annotations

import click

from tui.cli.lazy import LazyGroup

_FILING = "tui.cli.sessions_filing"
_FINDING = "tui.cli.sessions_finding"
_CHECKING = "tui.cli.sessions_checking"


@click.group(
    cls=LazyGroup,
    lazy={
        "archive": f"{_FILING}:archive",
        "delete": f"{_FILING}:delete",
        "duplicate": f"{_FILING}:duplicate",
        "export": "tui.cli.sessions_export:export",
        "import": "tui.cli.sessions_import:import_sessions",
        "list": f"{_FINDING}:list_sessions",
        "path": f"{_FINDING}:path",
        "pin": f"{_FILING}:pin",
        "purge": f"{_FILING}:purge",
        "rename": f"{_FILING}:rename",
        "repair": f"{_CHECKING}:repair",
        "restore": f"{_FILING}:restore",
        "search": "tui.cli.sessions_searching:search",
        "show": f"{_FINDING}:show",
        "tag": f"{_FILING}:tag",
        "unpin": f"{_FILING}:unpin",
        "validate": f"{_CHECKING}:validate",
    },
    context_settings={"help_option_names": ["-h", "--help"]},
)
def sessions() -> None:
    """Find, file and mend the chats on disk.

    A chat is named by its id, the beginning of its id, or a part of its title, if no other one fits.
    """
