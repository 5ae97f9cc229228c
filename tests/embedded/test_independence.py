"""The launcher works on a machine where the portal itself could not be imported."""

import ast
from pathlib import Path

import portal.embedded

FOLDER = Path(portal.embedded.__file__).parent
PROJECT = FOLDER.parents[1]
ROOMS = {"portal", "caisses", "partners", "accounts", "documents", "signalements", "bench", "tests"}
FRAMEWORKS = {"django", "celery", "kombu", "environ"}


def imports_of(path: Path) -> set[str]:
    """The modules a file imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


def test_embedded_imports_nothing_of_the_project_nor_of_its_framework() -> None:
    foreign = {
        f"{path.name}: {name}"
        for path in FOLDER.glob("*.py")
        for name in imports_of(path)
        if name.split(".")[0] in ROOMS | FRAMEWORKS and not name.startswith("portal.embedded")
    }
    assert foreign == set()


def test_importing_the_package_imports_no_framework() -> None:
    """`portal/__init__.py` is imported before `portal.embedded`: it must stay empty too."""
    assert imports_of(PROJECT / "portal" / "__init__.py") == set()


def test_the_project_imports_of_the_launcher_the_demo_s_accounts_alone_and_only_in_the_demo() -> None:
    """The image of production leaves `portal/embedded` out: nothing may need it when a module loads."""
    at_load, inside = set(), set()
    for room in ROOMS - {"tests", "bench"}:
        for path in (PROJECT / room).rglob("*.py"):
            if FOLDER in path.parents:
                continue
            tree = ast.parse(path.read_text(encoding="utf-8"))
            functions = [
                node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            ]
            within = {id(node) for function in functions for node in ast.walk(function)}
            for node in ast.walk(tree):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("portal.embedded"):
                    (inside if id(node) in within else at_load).add(node.module)
                elif isinstance(node, ast.Import):
                    at_load |= {
                        alias.name for alias in node.names if alias.name.startswith("portal.embedded")
                    }
    assert at_load == set()
    assert inside <= {"portal.embedded.demo_accounts"}
