"""The rows of the caisse's lists, ready to be drawn."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.safestring import SafeString

from accounts.memberships import Membership
from caisses.models import Caisse
from portal import clock
from portal.compiled import CompiledQuery, Slot
from portal.reference import SAMPLE
from portal.routes import address_of
from portal.text import search_key
from portal.ui import badges
from portal.ui.tables import Column
from signalements.clocks import due_day, read_deadline
from signalements.enums import LIBELLES_CAISSE, Issue, PrecisionNaissance, Statut
from signalements.kinds.registry import kind_of, kinds
from signalements.models import Demande, Etiquette
from signalements.models.personne import nom_complet
from signalements.queries.file_caisse import DEADLINE_ORDER
from signalements.queries.partner import nobody
from signalements.querysets import RECENT_ORDER

IN_ORDER = {
    DEADLINE_ORDER: "urgences d’abord, puis par échéance",
    RECENT_ORDER: "de la plus récente à la plus ancienne",
}
SELECTION = Column("Sélection", hidden=True)
COLUMNS = [
    Column("Référence"),
    Column("Personne"),
    Column("Structure"),
    Column("Statut"),
    Column("Échéance"),
    Column("Attribuée à"),
    Column("Reçue le"),
]


def status_in_words(demande: Demande) -> str:
    """The status as the caisse reads it: « Traitée – Droits ouverts »."""
    label = str(LIBELLES_CAISSE[Statut(demande.statut)])
    return f"{label} – {Issue(demande.issue).label}" if demande.issue else label


def status_badge(demande: Demande) -> SafeString:
    """The badge of the status."""
    return badges.statut(demande.statut, status_in_words(demande), demande.issue)


def head_of(demande: Demande) -> dict[str, Any]:
    """What stands on top of every page of a demande: its service, whom it is about, its status and its deadline."""
    personne = None if demande.sans_personne else demande.personne
    return {
        "demande": demande,
        "service": kind_of(demande).nom,
        "concerne": personne.nom_complet if personne else nobody(demande),
        "naissance": birth_in_words(personne.naissance, personne.naissance_precision) if personne else "",
        "statut": status_badge(demande),
        "echeance": deadline_badge(demande),
        "echeance_le": due_day(demande),
    }


def deadline_badge(demande: Demande, today: date | None = None) -> SafeString | str:
    """The badge of the deadline, computed now; its caisse is loaded."""
    lue = read_deadline(demande, today)
    return badges.echeance(lue.texte, lue.ton) if lue else ""


def birth_in_words(naissance: date, precision: str) -> str:
    """A birth date as precise as it is known: « 12/03/1984 », « 03/1984 », « 1984 »."""
    formats = {PrecisionNaissance.ANNEE.value: "%Y", PrecisionNaissance.MOIS.value: "%m/%Y"}
    return naissance.strftime(formats.get(precision, "%d/%m/%Y"))


@dataclass(frozen=True, slots=True)
class Ligne:
    """One demande in the queue."""

    id: int
    reference: str
    url: str
    personne: str
    naissance: str
    service: str
    structure: str
    code: str
    statut: SafeString
    echeance: SafeString | str
    recue: str
    agent: str
    pieces: str
    urgente: bool
    non_lu: bool
    etiquettes: SafeString
    choix: str
    cochee: bool


_PALETTE: CompiledQuery[Etiquette] = CompiledQuery(
    lambda: Etiquette.objects.filter(caisse=Slot("caisse"), retiree_le__isnull=True).order_by("pk")
)


def palette_of(membership: Membership) -> list[Etiquette]:
    """The labels of the caisse, by name."""
    return sorted(_PALETTE.all(caisse=membership.caisse_id), key=lambda label: search_key(label.nom))


def lines_of(
    rows: Iterable[Demande],
    caisse: Caisse,
    etiquettes: Iterable[Etiquette] = (),
    cochees: Collection[str] = (),
) -> list[Ligne]:
    """The rows of a list, as `with_line` reads them, with those of these labels that they bear.

    `cochees` are those that were ticked, by « reference:version ».
    """
    today = caisse.today()
    names = {code: kind.nom for code, kind in kinds().items()}
    # One address for the whole list: resolving each costs more than the rest of its line.
    address = address_of("signalements:traitement", SAMPLE)
    palette = {label.pk: badges.tag(label.nom, label.ton) for label in etiquettes}
    return [_line(demande, caisse, today, names, address, palette, cochees) for demande in rows]


def _line(
    demande: Any,
    caisse: Caisse,
    today: date,
    names: dict[str, str],
    address: str,
    palette: dict[int, SafeString],
    cochees: Collection[str],
) -> Ligne:
    demande.caisse = caisse
    choix = f"{demande.reference}:{demande.version}"
    labels = [palette[pk] for pk in demande.etiquettes_lues if pk in palette] if palette else []
    personne, naissance = _person(demande, demande.personne_lue)
    return Ligne(
        id=demande.pk,
        reference=demande.reference,
        url=address.replace(SAMPLE, demande.reference),
        personne=personne,
        naissance=naissance,
        service=names.get(demande.fonction, demande.get_fonction_display()),
        structure=demande.structure,
        code=demande.statut,
        statut=status_badge(demande),
        echeance=deadline_badge(demande, today),
        recue=f"{clock.local_date(demande.envoyee_le, caisse.fuseau):%d/%m/%Y}" if demande.envoyee_le else "",
        agent=(demande.agent or "").strip() or "Non attribuée",
        pieces=pieces_in_words(demande),
        urgente=demande.urgente,
        non_lu=demande.non_lus,
        etiquettes=SafeString(" ".join(labels)),
        choix=choix,
        cochee=choix in cochees,
    )


def _person(demande: Demande, lue: dict[str, str] | None) -> tuple[str, str]:
    """The name and the birth date of a line; a demande may be about nobody."""
    if lue is None:
        return nobody(demande), ""
    naissance = date.fromisoformat(lue.pop("naissance"))
    precision = lue.pop("naissance_precision")
    return nom_complet(**lue), birth_in_words(naissance, precision)


def pieces_in_words(demande: Any) -> str:
    """« Pièces 4/5 » for a kind with a checklist, how many files for the others."""
    if demande.pieces_attendues is not None:
        return f"Pièces {demande.pieces_presentes}/{demande.pieces_attendues}"
    count = demande.nombre_pieces
    if not count:
        return "Sans pièce"
    return f"{count} pièces" if count > 1 else "1 pièce"
