"""Queueing a mail: a row written in the business transaction; it leaves later, once."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection

from portal import clock
from portal.courriels.models import Courriel
from portal.courriels.types import TypeCourriel
from portal.identifiers import uuid7
from portal.nudge import nudge
from portal.tenancy import scope

LONGEST_KEY = 160


def queue(
    kind: TypeCourriel,
    *,
    cle: str,
    destinataires: Iterable[Any] = (),
    equipe: str = "",
    reference: str = "",
    lien: str = "",
    donnees: Mapping[str, Any] | None = None,
    caisse_id: int | None = None,
    partenaire_id: int | None = None,
    pas_avant: datetime | None = None,
) -> None:
    """Put a mail in the outbox, in the transaction in hand: one row per recipient.

    `cle` names the event (« <id of the demande>:<version> »): the same event queued again changes nothing, whoever
    queues it. `destinataires` are accounts or their ids, inactive ones are left out; `equipe` is the address of a
    team, empty when it has none. `lien` is an absolute path of the portal. `donnees` holds what the kind declares in
    `champs`, and ids for its link builder; never anything about a person.

    It leaves at `pas_avant` at the earliest: until then `take_back` still finds it.

    Recipients who chose the daily digest get ordinary mails there; security and urgent kinds leave at once.
    """
    rows = [
        Courriel(
            cle=_key(kind, cle, recipient),
            evenement=kind.code,
            destinataire_id=recipient if isinstance(recipient, int) else None,
            adresse=recipient if isinstance(recipient, str) else "",
            reference=reference,
            lien=lien,
            donnees=dict(donnees or {}),
            caisse_id=caisse_id,
            partenaire_id=partenaire_id,
            cree_le=clock.now(),
            a_envoyer_le=pas_avant or clock.now(),
            recapitulatif=gathered and not kind.immediat,
        )
        for recipient, gathered in _recipients(destinataires, equipe)
    ]
    if rows:
        # No conflict target: an insert needs no right to read the outbox, which only the system has.
        Courriel.objects.bulk_create(rows, ignore_conflicts=True)
        nudge("portal.sweep", "courriels")


@dataclass(frozen=True)
class Envoi:
    """One mail among many of a kind: its event, who receives it (an account, or an address), what it says."""

    cle: str
    destinataire: Any
    lien: str = ""
    donnees: Mapping[str, Any] = field(default_factory=dict)
    caisse_id: int | None = None
    partenaire_id: int | None = None
    reference: str = ""


# One document for all of them, which takes a tenth of the time of the ORM.
_INSERT_ALL = """
INSERT INTO courriels_courriel (
    id, cle, evenement, destinataire_id, adresse, reference, lien, donnees, caisse_id, partenaire_id, cree_le,
    recapitulatif, a_envoyer_le, envoye_le, essais, erreur, abandonne_le
)
SELECT m.id, m.cle, %(kind)s, m.destinataire_id, m.adresse, m.reference, m.lien, m.donnees, m.caisse_id,
    m.partenaire_id, %(now)s, m.recapitulatif, %(now)s, NULL, 0, '', NULL
FROM jsonb_to_recordset(%(rows)s::jsonb) AS m(
    id uuid, cle text, destinataire_id bigint, adresse text, reference text, lien text, donnees jsonb,
    caisse_id bigint, partenaire_id bigint, recapitulatif boolean
)
ON CONFLICT DO NOTHING
"""


def queue_all(kind: TypeCourriel, envois: Iterable[Envoi]) -> None:
    """Put many mails of one kind in the outbox in one statement; see `queue`. Inactive accounts are left out."""
    rows = []
    for envoi in envois:
        whom = envoi.destinataire
        address = whom if isinstance(whom, str) else ""
        if whom == "" or not (address or whom.is_active):
            continue
        rows.append(
            {
                "id": str(uuid7()),
                "cle": _key(kind, envoi.cle, address or whom.pk),
                "destinataire_id": None if address else whom.pk,
                "adresse": address,
                "reference": envoi.reference,
                "lien": envoi.lien,
                "donnees": dict(envoi.donnees),
                "caisse_id": envoi.caisse_id,
                "partenaire_id": envoi.partenaire_id,
                "recapitulatif": not (address or kind.immediat) and whom.frequence_courriels == "QUOTIDIEN",
            }
        )
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_INSERT_ALL, {"kind": kind.code, "now": clock.now(), "rows": json.dumps(rows)})
        nudge("portal.sweep", "courriels")


def take_back(reference: str, moment: datetime) -> int:
    """Drop the mails about `reference` that were to leave at `moment` and have not left; how many.

    The same events may then be queued again.
    """
    with scope("systeme"):
        rows = Courriel.objects.filter(
            recapitulatif__in=[False, True],
            a_envoyer_le=moment,
            envoye_le__isnull=True,
            abandonne_le__isnull=True,
            reference=reference,
        )
        return rows.delete()[0]


def _recipients(destinataires: Iterable[Any], equipe: str) -> Iterator[tuple[int | str, bool]]:
    """The recipients (account id or address) and whether each wants a daily digest."""
    given = [recipient for recipient in destinataires if recipient is not None]
    ids = {recipient for recipient in given if isinstance(recipient, int)}
    accounts = {account.pk: account for account in given if not isinstance(account, int)}
    if missing := ids - accounts.keys():
        rows = (
            get_user_model()._default_manager.filter(pk__in=missing).only("is_active", "frequence_courriels")
        )
        accounts |= {account.pk: account for account in rows}
    for pk, account in sorted(accounts.items()):
        if account.is_active:
            yield pk, account.frequence_courriels == "QUOTIDIEN"
    if equipe:
        yield equipe, False


def _key(kind: TypeCourriel, cle: str, recipient: int | str) -> str:
    """The key of one recipient's copy, shortened by a digest when it is too long for its column."""
    key = f"{kind.code}:{cle}:{recipient}"
    if len(key) <= LONGEST_KEY:
        return key
    return f"{kind.code}:{hashlib.sha256(key.encode()).hexdigest()}"
