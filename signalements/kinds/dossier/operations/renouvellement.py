"""One click starts the renewal of a right: a draft with the same person and the same household."""

import uuid

from accounts.memberships import Membership
from caisses.enums import Fonction
from portal.errors import DomainError
from portal.ui.dates import DatePartielle
from signalements.enums import Etape, Issue, Statut
from signalements.forms.drafts import RawStep
from signalements.forms.personne import typed_personne
from signalements.kinds.dossier.enums import Nature, TypeDossier
from signalements.kinds.dossier.models import Dossier, Membre
from signalements.kinds.dossier.operations.sending import ORIGINE
from signalements.models import Demande
from signalements.operations.drafts import create_draft

SPACE = uuid.UUID("6d0f5b0e-7b0c-5f57-9d43-1f6f0a5f6a10")
AME = "AME"


def start_renewal(*, membership: Membership, reference: str) -> Demande:
    """The draft that renews a dossier; asked again while it lives, the same draft, and once sent the demande it became.

    The person, the address, the situation and the household are filled in; the agreement and the pièces are new.

    Raises:
        Demande.DoesNotExist: none for this structure.
        ClosedService: nothing of this kind can be sent to this caisse any more.
        DomainError: the dossier opened no right that ends.
    """
    rows = Demande.objects.visible_to(membership).filter(fonction=Fonction.DOSSIER)
    old = rows.select_related("dossier", "personne").get(reference=reference, envoyee_le__isnull=False)
    dossier: Dossier = old.dossier
    if old.est_effacee or old.statut != Statut.TRAITEE or old.issue != Issue.ACCORD or dossier.fin_le is None:
        raise DomainError("Ce dossier n’a pas ouvert de droit à renouveler.", code="rien_a_renouveler")
    membres = list(Membre.objects.filter(demande=old).order_by("rang"))
    return create_draft(
        membership=membership,
        caisse_id=old.caisse_id,
        fonction=Fonction.DOSSIER,
        cle=uuid.uuid5(SPACE, f"{old.pk}:{dossier.fin_le}"),
        etape=Etape.SITUATION,
        donnees={
            Etape.PERSONNE.value: typed_personne(old.personne),
            Etape.SITUATION.value: _situation(dossier, old.personne.telephone),
            Etape.FOYER.value: _household(membres),
            ORIGINE: {"reference": [old.reference]},
        },
    )


def _situation(dossier: Dossier, telephone: str) -> RawStep:
    ame = dossier.type in {TypeDossier.AME_PREMIERE, TypeDossier.AME_RENOUVELLEMENT}
    fin = dossier.fin_le
    assert fin is not None  # noqa: S101 checked by the caller
    return {
        "droit": [AME if ame else dossier.type],
        "nature": [Nature.RENOUVELLEMENT.value],
        "fin_droits_jour": [str(fin.day)],
        "fin_droits_mois": [str(fin.month)],
        "fin_droits_annee": [str(fin.year)],
        "situations": list(dossier.situations),
        "adresse": [dossier.adresse],
        "telephone": [telephone],
    }


def _household(membres: list[Membre]) -> RawStep:
    step: RawStep = {"membres": [str(membre.rang) for membre in membres]}
    for membre in membres:
        start = f"m{membre.rang}"
        born = DatePartielle.from_date(membre.naissance, membre.naissance_precision)
        step |= {
            f"{start}_lien": [membre.lien],
            f"{start}_nom": [membre.nom],
            f"{start}_prenom": [membre.prenom],
            f"{start}_naissance_jour": [str(born.jour or "")],
            f"{start}_naissance_mois": [str(born.mois or "")],
            f"{start}_naissance_annee": [str(born.annee)],
        }
        if membre.a_charge:
            step[f"{start}_a_charge"] = ["on"]
    return step
