"""Takes the examples out of a specification: `python -m tests.paint.spec.extract FILE…`, JSON on standard output.

`spec.txt` of CommonMark is in the npm package `commonmark-spec`; `test/spec.txt` and
`test/extensions.txt` of GFM are in Debian's source package `cmark-gfm`. With `--tagged` only the
examples of extensions are taken: those with a word after "example".
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARK = "`" * 32
_EXAMPLE = re.compile(
    rf"^{_MARK} example(?P<tag>[^\n]*)\n(?P<markdown>.*?)^\.\n(?P<html>.*?)^{_MARK}$|^#+ (?P<section>[^\n]+)",
    re.DOTALL | re.MULTILINE,
)


def examples(text: str, *, tagged: bool) -> Iterator[dict[str, str]]:
    """The examples of a specification: `section`, `markdown` and `html`; arrows are tabs again."""
    section = ""
    for match in _EXAMPLE.finditer(text):
        if match["section"]:
            section = match["section"]
        elif match["tag"].strip() or not tagged:
            markdown, html = (match[name].replace("→", "\t") for name in ("markdown", "html"))
            yield {"section": section, "markdown": markdown, "html": html}


def main() -> None:
    """Write the examples of all files, one a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tagged", action="store_true")
    parser.add_argument("files", type=Path, nargs="+")
    arguments = parser.parse_args()
    found = [
        json.dumps(example, ensure_ascii=False)
        for path in arguments.files
        for example in examples(path.read_text("utf-8"), tagged=arguments.tagged)
    ]
    sys.stdout.write("[\n" + ",\n".join(found) + "\n]\n")


if __name__ == "__main__":
    main()
