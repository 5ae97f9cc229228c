"""Security (art. 4.1): cuts by the caisse, reports by the structure, and the notices that prove them."""

import io
from datetime import UTC, datetime, timedelta

import pikepdf
import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.enums import MotifInactivation, NatureAvis, Profil
from accounts.memberships import membership_of
from accounts.models import AvisSecurite, SessionOuverte, Utilisateur
from accounts.operations.coupures import cut_access, cut_structure, restore_structure
from accounts.operations.gestionnaires import reactivate_compte
from accounts.operations.signaler import report_misuse
from accounts.operations.techniciens import inactivate_technicien, reactivate_technicien
from partners.enums import Partie
from partners.models import Referent
from portal import clock, pdf, sweeps
from portal.audit.models import Evenement
from portal.courriels.models import Courriel
from portal.errors import DomainError
from portal.tenancy import scope
from tests import factories as f
from tests.accounts.conftest import good, url
from tests.conftest import StrangerClient
from tests.fixtures.administration import admin_url
from tests.fixtures.signing_in import sign_in

pytestmark = pytest.mark.django_db
VOL = MotifInactivation.VOL


@pytest.fixture
def admin(place):
    return f.membership(Profil.ADMIN_CAISSE, place["doubs"])


def as_admin(admin):
    return scope("caisse", admin.caisse_id)


def text_of(content):
    return "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content))


def told(event):
    rows = Courriel.objects.filter(evenement=event)
    return {row.destinataire_id or row.adresse for row in rows}


def test_a_cut_is_proved_by_a_tagged_pdf_that_is_kept(place, admin):
    Referent.objects.create(
        convention=place["conv"], partie=Partie.PARTENAIRE, nom="Fictif", courriel="mairie@ccas.example"
    )
    with as_admin(admin):
        cut_access(actor=admin, compte=place["tech"], motif=VOL, faits="Poste volé le 3 mars.")
    avis = AvisSecurite.objects.get()
    assert (avis.nature, avis.compte, avis.role) == (NatureAvis.COUPURE_COMPTE, place["tech"], "admin_caisse")
    document = pikepdf.open(io.BytesIO(avis.pdf))
    assert document.open_metadata()["pdfuaid:part"] == "1"
    said = text_of(bytes(avis.pdf))
    for words in (
        avis.numero,
        "Espace Partenaires",
        "article 4.1",
        place["tech"].identifiant,
        "Poste volé",
        "Administrateur de la caisse",
    ):
        assert words in said
    assert admin.user.nom not in said
    assert told("acces_coupe") == {place["gest"].pk, place["peer"].pk, "mairie@ccas.example"}
    assert Evenement.objects.filter(objet="avissecurite", objet_id=str(avis.pk)).exists()


def test_a_cut_goes_through_where_pdfs_cannot_be_made(place, admin, monkeypatch):
    def refused(*args, **kwargs):
        raise pdf.PdfUnavailable("non", code="pdf_indisponible")

    monkeypatch.setattr("accounts.operations.avis.render_pdf", refused)
    with as_admin(admin):
        cut_structure(actor=admin, partenaire=place["valbrume"], motif=VOL)
    assert AvisSecurite.objects.get().pdf is None
    monkeypatch.undo()
    page = sign_in(Client(), place["gest"]).get(url("avis_document", AvisSecurite.objects.get().pk))
    assert page.content.startswith(b"%PDF-")


def test_the_sessions_of_a_structure_die_at_the_next_request(place, admin):
    tech, other = sign_in(Client(), place["tech"]), sign_in(Client(), place["stranger"])
    assert tech.get(reverse("accounts:profil")).status_code == 200
    with as_admin(admin):
        cut_structure(actor=admin, partenaire=place["valbrume"], motif=VOL)
    assert tech.get(reverse("accounts:profil")).status_code == 302
    assert other.get(reverse("accounts:profil")).status_code == 200
    assert not SessionOuverte.objects.filter(utilisateur=place["tech"]).exists()
    home = sign_in(Client(), place["gest"]).get(url("gestion_accueil")).text
    assert "L’accès de votre structure est coupé" in home
    again = membership_of(Utilisateur.objects.get(pk=place["tech"].pk))
    assert again.conventions == []
    with as_admin(admin):
        restore_structure(actor=admin, partenaire=place["valbrume"])
    assert membership_of(Utilisateur.objects.get(pk=place["tech"].pk)).conventions


def test_the_gestionnaire_reads_and_downloads_the_notices_of_the_structure_only(place, admin, gest):
    with as_admin(admin):
        cut_access(actor=admin, compte=place["tech"], motif=VOL)
    avis = AvisSecurite.objects.get()
    assert place["tech"].identifiant in gest.get(url("avis")).text
    response = gest.get(url("avis_document", avis.pk))
    assert response.content == bytes(avis.pdf)
    assert Evenement.objects.filter(verbe="telechargement", objet_id=str(avis.pk)).exists()
    stranger = sign_in(Client(), f.utilisateur(Profil.GESTIONNAIRE, place["pontreval"]))
    assert stranger.get(url("avis_document", avis.pk)).status_code == 404
    assert place["tech"].identifiant not in stranger.get(url("avis")).text


def test_the_structure_does_not_give_back_what_the_caisse_cut(place, admin, gest):
    with as_admin(admin):
        cut_access(actor=admin, compte=place["tech"], motif=VOL)
    tech = Utilisateur.objects.get(pk=place["tech"].pk)
    assert "elle seule peut le rétablir" in gest.get(url("technicien", tech.pk)).text
    with pytest.raises(DomainError) as refused:
        reactivate_technicien(actor=membership_of(place["gest"]), technicien=tech)
    assert refused.value.code == "coupe_par_la_caisse"
    with as_admin(admin):
        assert reactivate_compte(actor=admin, compte=tech).is_active


def test_the_caisse_does_not_reactivate_what_it_did_not_cut(place, admin):
    actor = membership_of(place["gest"])
    with scope("partenaire", place["valbrume"].pk):
        gone = inactivate_technicien(actor=actor, technicien=place["tech"], motif=MotifInactivation.DEPART)
    with pytest.raises(DomainError):
        reactivate_compte(actor=admin, compte=gone)


def test_a_report_suspends_the_account_and_tells_every_caisse_at_once(place, gest):
    admins = {f.utilisateur(Profil.ADMIN_CAISSE, place[name]).pk for name in ("doubs", "loire")}
    f.convention(place["valbrume"], place["loire"])
    tech = place["tech"]
    TOTPDevice.objects.create(user=tech, name="Application", confirmed=True)
    session = sign_in(Client(), tech)
    page = gest.post(
        url("technicien_signaler", tech.pk), {"motif": VOL, "faits": "Sac volé dans le train."}, follow=True
    )
    assert "La caisse est prévenue depuis le" in page.text
    assert session.get(reverse("accounts:profil")).status_code == 302
    closed = Utilisateur.objects.get(pk=tech.pk)
    assert (closed.is_active, closed.motif_inactivation) == (False, VOL)
    assert not TOTPDevice.objects.filter(user=tech).exists()
    avis = AvisSecurite.objects.get()
    assert (avis.nature, avis.role, avis.faits) == ("SIGNALEMENT", "gestionnaire", "Sac volé dans le train.")
    assert told("securite_signalee") == admins
    assert told("compte_inactive") == {place["peer"].pk}
    mail = Courriel.objects.filter(evenement="securite_signalee").first()
    assert "Durandfictif" not in f"{mail.donnees} {mail.lien}"


def test_a_report_sent_twice_is_one_notice(place, gest):
    for _ in range(2):
        gest.post(url("technicien_signaler", place["tech"].pk), {"motif": VOL})
    assert AvisSecurite.objects.count() == 1


def test_a_report_wants_a_reason_and_no_nir(place, gest):
    response = gest.post(url("technicien_signaler", place["tech"].pk), {"faits": "Le 1 84 03 76 451 089 96."})
    assert response.status_code == 422
    assert {"motif", "faits"} <= set(response.context["form"].errors)
    assert Utilisateur.objects.get(pk=place["tech"].pk).is_active


def test_a_gestionnaire_reports_nobody_of_another_structure(place):
    with pytest.raises(DomainError):
        report_misuse(actor=membership_of(place["gest"]), compte=place["stranger"], motif=VOL)


def test_a_gestionnaire_that_is_reported_waits_for_the_caisse_which_finds_it_on_its_index(place, gest):
    admin = f.utilisateur(Profil.ADMIN_CAISSE, place["doubs"])
    peer = place["peer"]
    for _ in range(2):
        page = gest.post(url("gestionnaire_signaler", peer.pk), {"motif": VOL}, follow=True)
    assert "Elle ferme le compte." in page.text
    avis = AvisSecurite.objects.get()
    assert "La caisse ferme le compte" in text_of(bytes(avis.pdf))
    assert told("securite_signalee") == {admin.pk}
    assert Utilisateur.objects.get(pk=peer.pk).is_active
    console = sign_in(StrangerClient(), admin)
    change = admin_url("accounts_comptepartenaire", "change", peer.pk)
    assert change in console.get("/admin/").text
    with as_admin(membership_of(admin)):
        cut_access(actor=membership_of(admin), compte=peer, motif=VOL)
    assert change not in console.get("/admin/").text


def test_the_notice_of_a_deleted_account_says_no_name(place, admin):
    with clock.at(datetime(2025, 1, 15, 10, tzinfo=UTC)), as_admin(admin):
        cut_access(actor=admin, compte=place["tech"], motif=VOL)
    with clock.at(datetime(2025, 7, 16, 10, tzinfo=UTC)):
        assert sweeps.run("comptes_supprimes") == 1
    avis = AvisSecurite.objects.get()
    assert (avis.identifiant, avis.pdf) == ("", None)
    page = sign_in(Client(), place["gest"]).get(url("avis_document", avis.pk))
    assert "Compte supprimé depuis" in text_of(page.content)
    assert place["tech"].identifiant not in text_of(page.content)


def test_the_caisse_sees_the_task_and_the_notice_in_its_admin(place, admin):
    client = sign_in(Client(), admin.user)
    for user in (place["gest"], place["peer"]):
        with as_admin(admin):
            cut_access(actor=admin, compte=user, motif=VOL)
    assert "Désigner un gestionnaire" in client.get(reverse("admin:index")).text
    avis = AvisSecurite.objects.first()
    page = client.get(reverse("admin:accounts_avissecurite_change", args=[avis.pk])).text
    assert avis.numero in page
    other = sign_in(Client(), f.utilisateur(Profil.ADMIN_CAISSE, place["loire"]))
    assert other.get(reverse("admin:accounts_avissecurite_document", args=[avis.pk])).status_code == 404


def test_several_leave_at_once_and_their_work_passes_on(place, gest):
    second, colleague = (f.utilisateur(Profil.TECHNICIEN, place["valbrume"]) for _ in range(2))
    demandes = [f.demande(place["conv"], user, statut="EN_COURS") for user in (place["tech"], second)]
    ticked = {"compte": [place["tech"].pk, second.pk, place["stranger"].pk]}
    page = gest.get(url("techniciens_inactiver"), ticked)
    assert "Inactiver 2 comptes" in page.text
    assert "2 demandes en cours" in page.text
    assert place["stranger"].nom not in page.text
    gest.post(
        url("techniciens_inactiver"), {**ticked, "motif": "depart_structure", "successeur": colleague.pk}
    )
    active = Utilisateur.objects.filter(is_active=True).values_list("pk", flat=True)
    assert not {place["tech"].pk, second.pk} & set(active)
    assert place["stranger"].pk in active
    for demande in demandes:
        demande.refresh_from_db()
        assert demande.auteur == colleague


def test_nothing_ticked_says_so(gest):
    page = gest.get(url("techniciens_inactiver"), follow=True)
    assert "Cochez au moins un compte actif" in page.text


def test_the_expected_end_is_set_when_creating_and_changed_later(place, gest):
    end = place["doubs"].today() + timedelta(days=40)
    gest.post(url("technicien_creer"), good(fin_prevue=end.isoformat()))
    made = Utilisateur.objects.get(identifiant="zoe.fictive")
    assert made.fin_prevue == end
    assert f"{end:%d/%m/%Y}" in gest.get(url("techniciens")).text
    same = {
        "nom": made.nom,
        "fonction": made.fonction,
        "telephone": made.telephone,
        "courriel": made.courriel,
    }
    over = place["doubs"].today() - timedelta(days=1)
    refused = gest.post(url("technicien_modifier", made.pk), {**same, "fin_prevue": over.isoformat()})
    assert refused.status_code == 422
    gest.post(url("technicien_modifier", made.pk), {**same, "fin_prevue": ""})
    assert Utilisateur.objects.get(pk=made.pk).fin_prevue is None
