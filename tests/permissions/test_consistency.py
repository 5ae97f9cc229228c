"""The code base holds its own habits."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from portal.tenancy.policies import RealmPolicy

ROOT = Path(settings.BASE_DIR)
ROOMS = ("portal", "caisses", "partners", "accounts", "documents", "signalements")
SHORTCUTS = ("get_objects_for_user", "get_perms_for_model", "ObjectPermissionChecker", "get_users_with_perms")


def sources() -> list[Path]:
    return [
        path
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def test_no_guardian_shortcut_in_the_code():
    """They ignore inactive accounts and cost a query per object."""
    guilty = [
        str(path.relative_to(ROOT)) for path in sources() if any(s in path.read_text() for s in SHORTCUTS)
    ]
    assert guilty == []


def test_no_model_has_rules_in_save_or_signals():
    guilty = []
    for path in sources():
        if "models" not in str(path):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.name in {"save", "delete"}:
                guilty.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert guilty == []


@pytest.mark.parametrize("model", [m for m in apps.get_models() if m._meta.app_label == "signalements"])
def test_every_table_of_demandes_is_closed_to_strangers_and_to_the_national_level(model):
    policy = next(c for c in model._meta.constraints if isinstance(c, RealmPolicy))
    assert not {"connexion", "national"} & set(policy.rules)
    assert model.table_privileges["connexion"] == ""


def test_public_functions_say_what_they_do():
    silent = []
    for path in sources():
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                if ast.get_docstring(node) is None:
                    silent.append(f"{path.relative_to(ROOT)}:{node.name}")
    assert silent == []


def test_names_say_what_is_inside():
    vague = {"utils", "common", "misc", "helpers", "tools", "stuff"}
    assert [str(p.relative_to(ROOT)) for p in sources() if p.stem in vague or p.parent.name in vague] == []
