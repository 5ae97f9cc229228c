"""The papers the portal lays out for a convention: its text, its avenants, what proves its end (art. 8, annexe 7)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.memberships import Membership
from accounts.models import Utilisateur
from caisses.enums import Fonction
from partners.enums import (
    FINIES,
    EtatChangement,
    EtatConvention,
    NatureConvention,
    Partie,
    TypePartenaire,
)
from partners.models import Avenant, ChangementReferent, Convention
from partners.operations.avenants import changes_in_words
from partners.rules import end_of
from partners.texts import read_text
from portal import clock
from portal.pdf import render_pdf
from portal.ui.brand import current_brand
from portal.validators import readable_phone

E = EtatConvention
_AVENANT = re.compile(r"avenant-(\d{1,4})")
_CHANGEMENT = re.compile(r"changement-de-referent-(\d{1,18})")
LATEST_LETTERS = 5


@dataclass(frozen=True)
class Papier:
    """A paper of a convention: how its link names it, when it is offered, what draws it."""

    libelle: str
    possible: Callable[[Convention], bool]
    gabarit: str


def _ended(convention: Convention) -> bool:
    return convention.etat in FINIES and convention.date_effet is not None


PAPIERS = {
    "convention": Papier(
        "Convention et annexes", lambda convention: hasattr(convention, "redaction"), "convention"
    ),
    "attestation-de-fin": Papier("Attestation de fin", _ended, "attestation_fin"),
    # A tripartite convention carries no personal data: nothing to destroy (SIAO, art. 9).
    "certificat-de-destruction": Papier(
        "Certificat de destruction",
        lambda convention: _ended(convention) and convention.nature != NatureConvention.TRIPARTITE,
        "certificat_destruction",
    ),
}


def papers_of(convention: Convention) -> list[tuple[str, str]]:
    """The papers of a convention as it stands: the name in the address, and the words of the link."""
    found = [(name, paper.libelle) for name, paper in PAPIERS.items() if paper.possible(convention)]
    if convention.date_effet is not None:
        numbers = convention.avenants.filter(abandonne_le=None).values_list("numero", flat=True)
        found += [(f"avenant-{number}", f"Avenant n°\u00a0{number}") for number in numbers]
    found += [
        (
            f"changement-de-referent-{pk}",
            f"Lettre de changement de référent du {clock.local_date(day):%d/%m/%Y}",
        )
        for pk, day in _letters(convention).values_list("pk", "decide_le")[:LATEST_LETTERS]
        if day is not None
    ]
    return found


def draw_paper(convention: Convention, name: str, *, reader: Membership) -> bytes | None:
    """The PDF of a paper of a convention; None when it gives none of that name as it stands.

    Raises:
        PdfUnavailable: the machine cannot make PDFs.
    """
    context = {"brand": current_brand(), "jour": convention.caisse.today(), **_parties(convention)}
    if found := _AVENANT.fullmatch(name):
        avenant = convention.avenants.filter(numero=int(found[1]), abandonne_le=None).first()
        return None if avenant is None else _draw("avenant", {**context, **_avenant(avenant)})
    if found := _CHANGEMENT.fullmatch(name):
        change = _letters(convention).filter(pk=int(found[1])).first()
        return (
            None if change is None else _draw("lettre_referent", {**context, **_change(convention, change)})
        )
    paper = PAPIERS.get(name)
    if paper is None or not paper.possible(convention):
        return None
    more = _text(convention, reader) if name == "convention" else {"fin": end_of(convention)}
    return _draw(paper.gabarit, {**context, **more})


def _letters(convention: Convention) -> QuerySet[ChangementReferent]:
    """The changes of référents that took effect: each is told by letter too, the convention unquestioned (art. 4)."""
    return convention.changements_referents.filter(etat=EtatChangement.CONFIRME).order_by("-decide_le", "-pk")


def _change(convention: Convention, change: ChangementReferent) -> dict[str, Any]:
    senders = {Partie.CAISSE: convention.caisse.nom, Partie.PARTENAIRE: convention.partenaire.raison_sociale}
    return {
        "changement": change,
        "emetteur": senders.get(Partie(change.partie)) or _names(convention)["tiers"],
        "decide_le": clock.local_date(change.decide_le or clock.now()),
        "telephone": readable_phone(change.telephone),
    }


def _draw(gabarit: str, context: dict[str, Any]) -> bytes:
    return render_pdf(f"documents/convention/{gabarit}.html", context)


def _parties(convention: Convention) -> dict[str, Any]:
    return {
        "convention": convention,
        "caisse": convention.caisse,
        "structure": convention.partenaire,
        "noms": _names(convention),
        "signataires": list(convention.signataires.all()),
        "parties": Partie,
    }


def _names(convention: Convention) -> dict[str, str]:
    """How the text calls the parties, once they have been named at its head."""
    structure = "la structure"
    if convention.nature == NatureConvention.METIER_UNION:
        structure = "l’union"
    elif convention.partenaire.type == TypePartenaire.SIAO:
        structure = "le SIAO"
    thirds = [row.organisme for row in convention.signataires.all() if row.partie == Partie.TIERS]
    return {
        "caisse": "la caisse",
        "structure": structure,
        "tiers": ", ".join(filter(None, thirds)) or "le tiers signataire",
    }


def _text(convention: Convention, reader: Membership) -> dict[str, Any]:
    redaction, names = convention.redaction, _names(convention)
    context: dict[str, Any] = {
        "redaction": redaction,
        "projet": convention.etat in {E.BROUILLON, E.EN_SIGNATURE},
        "articles": read_text(redaction.texte, names),
        "annexes": read_text(redaction.annexes, names),
        "referents": [(row, readable_phone(row.telephone)) for row in convention.referents.all()],
        "fonctions": [str(Fonction(code).label) for code in convention.fonctions],
    }
    tables = {block.texte for block in context["annexes"] if block.genre == "tableau"}
    if "membres" in tables:
        context["membres"] = list(convention.membres.all())
    if "habilitations" in tables:
        rows = Utilisateur.objects.visible_to(reader).of_partenaire(convention.partenaire)
        context["comptes"] = list(rows.filter(is_active=True).order_by("profil", "nom", "prenom", "pk"))
    return context


def _avenant(avenant: Avenant) -> dict[str, Any]:
    return {
        "avenant": avenant,
        "changements": changes_in_words(avenant.changements),
        "signatures": list(avenant.signatures.all()),
    }
