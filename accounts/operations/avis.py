"""Notices of security (art. 4.1): the dated proof that one side told the other, and its PDF."""

import hashlib
from functools import partial

from django.urls import reverse
from django.utils.timezone import override

from accounts.courriels import ACCES_COUPE
from accounts.enums import MotifInactivation, NatureAvis
from accounts.memberships import Membership
from accounts.models import AvisSecurite, Utilisateur
from partners.enums import Partie
from partners.models import Convention, Partenaire, Referent
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.courriels.outbox import queue
from portal.pdf import PdfUnavailable, render_pdf


def write_notice(
    *,
    actor: Membership,
    nature: NatureAvis,
    partenaire: Partenaire,
    motif: MotifInactivation,
    faits: str = "",
    compte: Utilisateur | None = None,
) -> AvisSecurite:
    """Keep what was decided, by which role, at which hour, with its PDF; journaled.

    Where PDFs cannot be made the notice is kept all the same, and its document made when it is asked for.
    """
    caisse = actor.caisse or partenaire.caisse_referente
    avis = AvisSecurite(
        nature=nature,
        caisse=caisse,
        partenaire=partenaire,
        le=clock.now(),
        motif=motif,
        faits=faits.strip(),
        role=actor.profil,
        auteur=actor.user,
        compte=compte,
        identifiant=compte.identifiant if compte else "",
        profil=compte.profil if compte else "",
    )
    try:
        avis.pdf = draw(avis)
        avis.empreinte = hashlib.sha256(avis.pdf).hexdigest()
    except PdfUnavailable:
        avis.pdf = None
    avis.save(force_insert=True)
    record(
        Verbe.CREATION,
        actor=actor,
        caisse_id=caisse.pk,
        partenaire_id=partenaire.pk,
        objet="avissecurite",
        objet_id=avis.pk,
        details={"nature": nature.value, "motif": motif.value, "compte": compte.pk if compte else None},
    )
    return avis


def draw(avis: AvisSecurite) -> bytes:
    """The PDF of a notice, dated where the caisse is.

    Raises:
        PdfUnavailable: the machine cannot make PDFs.
    """
    with override(avis.caisse.fuseau):
        return render_pdf(
            "accounts/avis_pdf.html",
            {
                "avis": avis,
                "caisse": avis.caisse,
                "structure": avis.partenaire,
                "nature": NatureAvis(avis.nature),
            },
        )


def document_of(*, actor: Membership, avis: AvisSecurite) -> bytes:
    """The PDF that was kept, or the same made again; the download is journaled.

    Raises:
        PdfUnavailable: none was kept, and the machine cannot make PDFs.
    """
    content = bytes(avis.pdf) if avis.pdf else draw(avis)
    record(
        Verbe.TELECHARGEMENT,
        actor=actor,
        caisse_id=avis.caisse_id,
        partenaire_id=avis.partenaire_id,
        objet="avissecurite",
        objet_id=avis.pk,
    )
    return content


def tell_structure(avis: AvisSecurite) -> None:
    """A mail to the gestionnaires, and to the structure's référents: nobody may be left who could sign in."""
    structure = avis.partenaire
    referents = Referent.objects.filter(
        convention__in=Convention.objects.living().filter(partenaire=structure), partie=Partie.PARTENAIRE
    )
    gestionnaires = Utilisateur.objects.of_partenaire(structure).gestionnaires()
    tell = partial(
        queue, ACCES_COUPE, cle=str(avis.pk), lien=reverse("accounts:avis"), partenaire_id=structure.pk
    )
    tell(destinataires=gestionnaires)
    reached = set(gestionnaires.filter(is_active=True).values_list("courriel", flat=True))
    for address in sorted(set(referents.values_list("courriel", flat=True)) - reached):
        tell(equipe=address)
