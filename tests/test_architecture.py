"""Which part of the project may import which: an app only what stands to its left."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from liberty.settings.env import BASE_DIR

ORDER = ("liberty", "pools", "accounts", "framework", "queries", "audit", "setup")
# The composition root and the settings name apps; nothing else in `liberty` does.
COMPOSITION = {"liberty/asgi.py", "liberty/urls.py", "liberty/wsgi.py"}


def modules() -> Iterator[Path]:
    for folder in ("liberty", "apps"):
        for path in sorted((BASE_DIR / folder).rglob("*.py")):
            if "migrations" not in path.parts and path.relative_to(BASE_DIR).as_posix() not in COMPOSITION:
                yield path


def layer_of(module: str) -> str | None:
    parts = module.split(".")
    if parts[0] == "liberty":
        return "liberty"
    return parts[1] if parts[0] == "apps" and len(parts) > 1 else None


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", list(modules()), ids=lambda path: path.relative_to(BASE_DIR).as_posix())
def test_an_app_imports_only_what_is_to_its_left(path: Path) -> None:
    relative = path.relative_to(BASE_DIR)
    own = layer_of(".".join(relative.with_suffix("").parts))
    if own not in ORDER:
        return
    allowed = ORDER[: ORDER.index(own) + 1]
    reached = {layer for name in imports_of(path) if (layer := layer_of(name)) in ORDER}
    assert reached <= set(allowed)


@pytest.mark.parametrize("path", list(modules()), ids=lambda path: path.relative_to(BASE_DIR).as_posix())
def test_only_dialects_and_the_compiler_write_sql(path: Path) -> None:
    """Cursors are touched in `pools` alone, and by nothing that a request reaches elsewhere."""
    relative = path.relative_to(BASE_DIR).as_posix()
    if relative.startswith(("apps/pools/", "apps/setup/")):
        return
    assert ".cursor(" not in path.read_text()
