"""The reply templates offered on a demande, and what their variables are worth there."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from caisses.enums import MomentModele
from caisses.models import Caisse, ModeleReponse, UsageModele
from portal import clock
from portal.ui.text import day_in_words
from signalements.clocks import due_day
from signalements.kinds.registry import kind_of, team_name
from signalements.models import Demande, ElementComplement

KEPT_SECONDS = 30


@dataclass(frozen=True)
class ModelePropose:
    """A template as a form offers it."""

    pk: int
    nom: str
    moment: str
    fonctions: tuple[str, ...]
    texte: str


def _key(caisse_id: int) -> str:
    return f"modeles:{caisse_id}"


def forget_templates(caisse_id: int) -> None:
    """The templates of this caisse have changed: read them again."""
    cache.delete(_key(caisse_id))


def templates_of(demande: Demande, moment: MomentModele) -> list[ModelePropose]:
    """The active templates for this moment of this kind of demande, read again at most every 30 seconds."""
    key = _key(demande.caisse_id)
    found: list[ModelePropose] | None = cache.get(key)
    if found is None:
        rows = ModeleReponse.objects.for_caisse(demande.caisse_id).filter(actif=True).order_by("nom", "pk")
        found = [ModelePropose(row.pk, row.nom, row.moment, tuple(row.fonctions), row.texte) for row in rows]
        cache.set(key, found, KEPT_SECONDS)
    return [
        one
        for one in found
        if one.moment == moment and (not one.fonctions or demande.fonction in one.fonctions)
    ]


def values_of(demande: Demande, manquantes: Sequence[str] | None = None) -> dict[str, str]:
    """What the variables are worth on a demande; `manquantes` are the pièces being asked, else those still awaited."""
    due, sent = due_day(demande) or demande.echeance, demande.envoyee_le
    kind = kind_of(demande)
    return {
        "reference": demande.reference,
        "date_envoi": day_in_words(clock.local_date(sent, demande.caisse.fuseau)) if sent else "",
        "echeance": day_in_words(due, "l j F Y") if due else "",
        "service": kind.titre,
        "equipe": team_name(kind, demande.caisse, demande.equipe),
        "caisse": demande.caisse.nom,
        "structure": demande.partenaire.raison_sociale,
        "pieces_manquantes": ", ".join(_awaited(demande) if manquantes is None else manquantes),
    }


def _awaited(demande: Demande) -> list[str]:
    rows = ElementComplement.objects.filter(
        demande=demande, caisse_id=demande.caisse_id, complement__repondu_le__isnull=True
    )
    return [element.libelle for element in rows.order_by("pk")]


def all_templates(caisse: Caisse) -> list[ModeleReponse]:
    """Every template of a caisse and the national ones, with `nombre`, how often this caisse has used each."""
    used = UsageModele.objects.filter(modele=OuterRef("pk"), caisse=caisse).values("nombre")
    return list(
        ModeleReponse.objects.for_caisse(caisse.pk)
        .annotate(nombre=Coalesce(Subquery(used, output_field=IntegerField()), 0))
        .order_by("-actif", "moment", "nom", "pk")
    )
