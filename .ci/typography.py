"""What people read is French as it is printed: spaces that do not break, typographic apostrophes.

Reads the templates and the strings of the code, not its docstrings nor its comments.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

BREAKING = re.compile(r"[\w)»…’}.%°] (?:»|[:;?!](?=[\s<\"']|$))|« ")
STRAIGHT = re.compile(r"\b(?:[cdjlmnstCDJLMNST]|[Qq]u|[Jj]usqu|[Ll]orsqu|[Qq]uelqu|[Pp]uisqu|[Aa]ujourd)'\w")
UNREAD = re.compile(r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}|<(script|style).*?</\1>", re.DOTALL)
NOT_FRENCH = ("tests/", "bench/", "portal/embedded/", "documents/checks.py", ".ci/")
"""Tests type what people type; the others speak to engineers."""


def tracked(*patterns: str) -> Iterator[Path]:
    """The files of the repository of these patterns."""
    done = subprocess.run(["git", "ls-files", *patterns], stdout=subprocess.PIPE, check=True, text=True)
    for name in done.stdout.splitlines():
        if not name.startswith(NOT_FRENCH) and "/migrations/" not in name:
            yield Path(name)


def strings(source: str) -> Iterator[tuple[int, str]]:
    """The strings of a module that are not alone on their line, with the line they begin on."""
    tree = ast.parse(source)
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.lineno, node.value


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """What a file says, with the line it is said on."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        yield from strings(source)
    else:
        read = UNREAD.sub(lambda found: "\n" * found.group().count("\n"), source)
        yield from enumerate(read.splitlines(), start=1)


def main() -> int:
    """Name each place; 1 when there is one."""
    wrong = 0
    for path in tracked(
        "*.py", "*templates/*.html", "*templates/*.txt", "*/data/modeles/*.txt", "deploy/*.html"
    ):
        for line, text in texts(path):
            for found in (*BREAKING.finditer(text), *STRAIGHT.finditer(text)):
                print(f"{path}:{line}: {text[max(0, found.start() - 20) : found.end() + 10]!r}")
                wrong += 1
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
