"""Which part of the program may import which, and what of others."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "tui"

OURS = {
    "core": set[str](),
    "wire": {"core"},
    "store": {"core"},
    "local": {"core"},
    "paint": {"core"},
    "chat": {"core"},
    "ui": {"core", "chat", "paint"},
    "cli": {"core", "wire", "store", "local", "paint", "chat", "ui"},
}
THEIRS = {
    "core": {"pydantic"},
    "wire": {"httpx", "pydantic"},
    "store": {"tomlkit", "tomli_w", "platformdirs", "filelock", "pydantic"},
    "local": {"xllamacpp"},
    "paint": {"markdown_it", "pygments", "rich", "textual"},
    "chat": set[str](),
    "ui": {"textual", "rich"},
    "cli": {"click"},
}
TEXTUAL_FOR_PAINT = {f"textual.{name}" for name in ("strip", "content", "style", "color")}
ENGINE_CHILD = "child.py"
"""The one module that loads the engine, in a process of its own."""
HEAVY_MODELS = {
    f"tui.core.{name}" for name in ("message", "session", "parameters", "provider", "settings")
}


def imports(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def at_import(tree: ast.Module) -> set[str]:
    """What is imported when the module itself is: outside functions and `if TYPE_CHECKING`."""
    found: set[str] = set()
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                pass
            case ast.If(test=ast.Name(id="TYPE_CHECKING"), orelse=otherwise):
                waiting += otherwise
            case ast.Import() | ast.ImportFrom():
                found |= imports(node)
            case _:
                waiting += ast.iter_child_nodes(node)
    return found


def offences(path: Path, tree: ast.Module) -> list[str]:
    """What a module imports and may not."""
    part = path.relative_to(ROOT).parts[0]
    wrong = []
    for name in sorted(imports(tree)):
        head, _, rest = name.partition(".")
        if head == "tui":
            allowed = {part, "__version__"} | OURS[part]
            wrong += [name] if rest.partition(".")[0] not in allowed else []
        elif head not in sys.stdlib_module_names and head != "__future__":
            wrong += [name] if head not in THEIRS[part] else []
        if (
            part == "paint"
            and head == "textual"
            and ".".join(name.split(".")[:2]) not in (TEXTUAL_FOR_PAINT)
        ):
            wrong.append(name)
        if head == "xllamacpp" and path.name != ENGINE_CHILD:
            wrong.append(name)
    return wrong


def modules() -> list[Path]:
    return sorted(p for p in ROOT.rglob("*.py") if p.parent != ROOT)


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_a_part_imports_only_what_it_may(path: Path) -> None:
    assert offences(path, parse(path)) == []


@pytest.mark.parametrize(
    "path", [p for p in modules() if p.is_relative_to(ROOT / "ui")], ids=name_of
)
def test_the_interface_loads_no_data_models_before_the_first_frame(path: Path) -> None:
    names = at_import(parse(path))
    assert {n for n in names for m in HEAVY_MODELS if n == m or n.startswith(m + ".")} == set()


def test_every_part_stands_in_the_table() -> None:
    parts = {p.name for p in ROOT.iterdir() if p.is_dir() and p.name != "__pycache__"}
    assert parts - {"themes", "presets"} <= set(OURS)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("core/turn.py", "from tui.chat import conductor"),
        ("chat/conductor.py", "def late():\n    import httpx"),
        ("ui/app.py", "from tui.store.sessions.toml_sessions import Sessions"),
        ("ui/app.py", "import pydantic"),
        ("paint/blocks.py", "from textual.widget import Widget"),
        ("paint/blocks.py", "import textual"),
        ("wire/client.py", "import requests"),
        ("local/setup.py", "import xllamacpp"),
        ("store/index.py", "if TYPE_CHECKING:\n    from tui.wire.client import Client"),
    ],
)
def test_an_offence_is_found(module: str, source: str) -> None:
    assert len(offences(ROOT / module, ast.parse(source))) == 1


def test_what_a_function_or_a_type_imports_is_not_loaded_with_its_module() -> None:
    source = (
        "import a\nif TYPE_CHECKING:\n    import b\nelse:\n    import c\n"
        "def f():\n    import d\nclass C:\n    from e import g\n"
    )
    assert at_import(ast.parse(source)) == {"a", "c", "e.g"}
