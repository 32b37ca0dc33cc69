"""Writes the tables of the README anew that are made from the program: `python -m tests.renew_readme`."""

from __future__ import annotations

import re
from pathlib import Path

from tui.core import spec_fit
from tui.ui.keys import readme_table, slash_table

README = Path(__file__).parents[1] / "README.md"


def renew(text: str) -> str:
    """The README's text with its tables as they are now."""
    tables = {
        "keys": readme_table(),
        "slashes": slash_table(),
        "parameters": spec_fit.readme_table(),
    }
    for name, table in tables.items():
        marked = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        text = marked.sub(lambda found, table=table: f"{found[1]}{table}{found[2]}", text)  # type: ignore[misc]  # mypy cannot infer a lambda with a default
    return text


if __name__ == "__main__":
    README.write_text(renew(README.read_text("utf-8")), "utf-8")
