"""Imports of techniciens: a file read once, its rows corrected in the page, then the accounts of the good ones."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from accounts.courriels import COMPTE_CREE
from accounts.enums import Civilite, NatureAttestation
from accounts.memberships import Membership
from accounts.models import ImportTechniciens, Utilisateur
from accounts.operations import techniciens
from accounts.operations.comptes import Identite
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.courriels.outbox import queue
from portal.errors import DomainError
from portal.text import search_key

MOST_ROWS = 200
MOST_BYTES = 200_000
LONGEST_CELL = 254
COLONNES = {
    "civilite": "Civilité",
    "nom": "Nom",
    "prenom": "Prénom",
    "fonction": "Fonction",
    "telephone": "Téléphone",
    "courriel": "Adresse électronique",
}
_AUTRES_NOMS = {
    "e-mail": "courriel",
    "email": "courriel",
    "mail": "courriel",
    "courriel": "courriel",
    "adresse e-mail": "courriel",
    "adresse mail": "courriel",
    "tel": "telephone",
}
_CIVILITES = {
    "mme": Civilite.MADAME,
    "madame": Civilite.MADAME,
    "m": Civilite.MONSIEUR,
    "m.": Civilite.MONSIEUR,
    "mr": Civilite.MONSIEUR,
    "monsieur": Civilite.MONSIEUR,
}

Ligne = dict[str, Any]


def read_file(content: bytes) -> list[Ligne]:
    """The rows of a CSV: UTF-8 (with or without its mark) or CP1252, « ; », « , » or tabs, a header in any order.

    Each is an object of texts by column, with its `numero` in the file. Columns nobody asks for are not read.

    Raises:
        DomainError: on `fichier`: unreadable, without a column, empty, or longer than 200 rows.
    """
    text = _decoded(content)
    lines = text.splitlines()
    header = lines[0] if lines else ""
    separator = max(";,\t", key=header.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise _refusal("Ce fichier n’est pas un CSV lisible\u00a0: un guillemet n’est pas fermé.") from error
    places = _places(rows[0] if rows else [])
    found: list[Ligne] = [
        {"numero": number, **{name: _cell(row, place) for name, place in places.items()}}
        for number, row in enumerate(rows[1:], start=2)
        if any(cell.strip() for cell in row)
    ]
    if not found:
        raise _refusal("Ce fichier n’a aucune ligne sous ses titres de colonnes.")
    if len(found) > MOST_ROWS:
        raise _refusal(
            f"Ce fichier a {len(found)} lignes. Un import en prend au plus {MOST_ROWS}\u00a0: coupez-le."
        )
    for row in found:
        row["civilite"] = _CIVILITES.get(row["civilite"].lower(), row["civilite"])
    return found


def _refusal(message: str) -> DomainError:
    return DomainError(message, field="fichier", code="fichier")


def _decoded(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise _refusal("Ce fichier dépasse 200 Ko\u00a0: gardez les six colonnes demandées, ou coupez-le.")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise _refusal("Ce fichier n’est pas un texte lisible. Enregistrez-le en CSV depuis votre tableur.")


def _places(header: list[str]) -> dict[str, int]:
    """Where each column is."""
    wanted = {search_key(label): name for name, label in COLONNES.items()}
    wanted |= {search_key(label): name for label, name in _AUTRES_NOMS.items()}
    found: dict[str, int] = {}
    for place, label in enumerate(header):
        name = wanted.get(search_key(label.strip()))
        if name:
            found.setdefault(name, place)
    missing = [label for name, label in COLONNES.items() if name not in found]
    if missing:
        raise _refusal(
            f"Colonnes absentes de la première ligne\u00a0: {', '.join(missing)}. Partez du modèle."
        )
    return found


def _cell(row: list[str], place: int) -> str:
    return " ".join(row[place].split())[:LONGEST_CELL] if place < len(row) else ""


def start_import(*, actor: Membership, content: bytes) -> ImportTechniciens:
    """Keep the rows of a file; no account is created yet.

    Raises:
        DomainError: role, or the file is refused.
    """
    techniciens.require_structure(actor)
    rows = read_file(content)
    importe: ImportTechniciens = ImportTechniciens.objects.create(
        partenaire=actor.structure, par=actor.user, le=clock.now(), lignes=rows
    )
    return importe


def lock_import(actor: Membership, pk: int) -> ImportTechniciens:
    """An import of the structure, locked until the end of the transaction.

    Raises:
        ImportTechniciens.DoesNotExist: none for this structure.
    """
    rows = ImportTechniciens.objects.filter(partenaire=techniciens.require_structure(actor))
    found: ImportTechniciens = rows.select_for_update().get(pk=pk)
    return found


def correct_rows(
    *, actor: Membership, import_id: int, corrections: Mapping[int, Mapping[str, str]], dropped: set[int]
) -> ImportTechniciens:
    """Keep what was typed on some rows, right or wrong, and forget those that are dropped; created ones stay.

    Raises:
        ImportTechniciens.DoesNotExist: none for this structure.
    """
    with transaction.atomic():
        importe = lock_import(actor, import_id)
        kept = []
        for row in importe.lignes:
            number = row["numero"]
            if "compte" in row:
                kept.append(row)
            elif number not in dropped:
                typed = corrections.get(number, {})
                kept.append(
                    {**row, **{name: typed[name][:LONGEST_CELL] for name in COLONNES if name in typed}}
                )
        if kept != importe.lignes:
            importe.lignes = kept
            importe.version += 1
            importe.save(update_fields=["lignes", "version"])
    return importe


def create_accounts(
    *,
    actor: Membership,
    import_id: int,
    version: int,
    identites: Mapping[int, Identite],
    attestations: Iterable[NatureAttestation],
) -> list[Utilisateur]:
    """Create the accounts of these rows (by number), all or none; the attestations hold for each.

    A row whose account exists already is left alone, so that asking twice creates once. Created rows keep nothing but
    their number. Order of effects: import locked, accounts with their attestations and invitations, journal, one mail
    to the other gestionnaires.

    Raises:
        ImportTechniciens.DoesNotExist: none for this structure.
        DomainError: the rows changed since they were read, or one is refused: its number is said.
    """
    partenaire = techniciens.require_structure(actor)
    natures = list(attestations)
    with transaction.atomic():
        importe = lock_import(actor, import_id)
        rows = {row["numero"]: row for row in importe.lignes}
        wanted = {number for number in identites if "compte" not in rows.get(number, {})}
        if not wanted:
            return []
        if importe.version != version or wanted - set(rows):
            raise DomainError(
                "Les lignes ont changé entre-temps\u00a0: relisez-les. Aucun compte n’est créé.",
                code="perimee",
            )
        created = {}
        for number in sorted(wanted):
            try:
                created[number] = techniciens.create_technicien(
                    actor=actor, identite=identites[number], attestations=natures, announce=False
                )
            except DomainError as error:
                raise DomainError(
                    f"Ligne {number}\u00a0: {error.message} Aucun compte n’est créé.", code=error.code
                ) from error
        importe.lignes = [
            {"numero": row["numero"], "compte": created[row["numero"]].pk}
            if row["numero"] in created
            else row
            for row in importe.lignes
        ]
        importe.version += 1
        importe.save(update_fields=["lignes", "version"])
        record(
            Verbe.COMPTE,
            actor=actor,
            objet="importtechniciens",
            objet_id=importe.pk,
            details={"acte": "import", "comptes": len(created)},
        )
        others = Utilisateur.objects.of_partenaire(partenaire).gestionnaires().exclude(pk=actor.user.pk)
        queue(
            COMPTE_CREE,
            cle=f"import:{importe.pk}:{importe.version}",
            destinataires=others,
            partenaire_id=partenaire.pk,
        )
    return list(created.values())
