"""Every kind of mail is whole, and none can say anything about a person."""

import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

import accounts.courriels
import documents.courriels
import partners.courriels
import signalements.courriels
from portal.courriels import types
from portal.courriels.types import CHAMPS_PERMIS, TypeCourriel
from portal.embedded.layout import PROJECT
from signalements.kinds.registry import kind_packages

ALWAYS = {"reference", "lien", "marque", "sujet", "preferences"}
KINDS = list(types.all_types())
ROOMS = [
    accounts.courriels,
    documents.courriels,
    partners.courriels,
    signalements.courriels,
    *(import_module(f"{kind}.courriels") for kind in kind_packages() if find_spec(f"{kind}.courriels")),
]
VARIABLE = re.compile(r"{{\s*([a-z_]+)")
CONDITION = re.compile(r"{%\s*(?:if|elif)\s+([a-z_]+)")


def test_every_room_declares_its_mails() -> None:
    assert {"compte_activation", "demande_envoyee", "piece_refusee"} <= {kind.code for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_a_mail_has_both_templates_and_says_nothing_but_what_it_declares(kind: TypeCourriel) -> None:
    for name in kind.gabarits:
        try:
            source = Path(get_template(name).origin.name).read_text(encoding="utf-8")
        except TemplateDoesNotExist:
            pytest.fail(f"{name} is missing")
        said = set(VARIABLE.findall(source)) | set(CONDITION.findall(source))
        assert said <= ALWAYS | kind.champs, name
        assert "|" not in "".join(re.findall(r"{{.*?}}", source)), name


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_a_subject_reads_like_a_sentence(kind: TypeCourriel) -> None:
    assert kind.sujet[0].islower()
    assert "{" not in kind.sujet
    assert kind.evenement
    assert kind.destinataires


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_a_mail_is_sent_by_somebody_and_its_link_can_be_made(kind: TypeCourriel) -> None:
    names = {name for room in ROOMS for name, value in vars(room).items() if value is kind}
    sources = [
        path.read_text(encoding="utf-8")
        for room in ("partners", "accounts", "documents", "signalements")
        for path in (PROJECT / room).rglob("*.py")
        if path.name != "courriels.py"
    ]
    used = [name for name in names if any(re.search(rf"\b{name}\b", source) for source in sources)]
    assert used, f"nobody sends {kind.code}"
    if kind.lien:
        assert callable(types.builder_of(kind.lien))


def test_no_template_is_left_over() -> None:
    folder = Path(get_template("courriels/base.txt").origin.name).parent
    known = {name.removeprefix("courriels/") for kind in KINDS for name in kind.gabarits}
    shared = {"base.txt", "base.html", "recapitulatif.txt", "recapitulatif.html"}
    assert {path.name for path in folder.iterdir()} <= known | shared


def test_a_field_about_a_person_cannot_be_declared() -> None:
    with pytest.raises(ValueError, match="may not say"):
        types.declare("x", evenement="x", sujet="x", destinataires="x", champs={"nom"})
    assert not CHAMPS_PERMIS & {"nom", "prenom", "naissance", "motif", "personne"}
