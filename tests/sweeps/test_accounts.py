"""Six calendar months after its inactivation an account is erased; what it did stays, by « Compte supprimé »."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.enums import Profil
from accounts.models import AncienMotDePasse, CleAcces, IdentiteProConnect, RolePartenaire, Utilisateur
from accounts.rules import deletion_date
from portal import clock, sweeps
from portal.audit.models import Evenement
from portal.courriels.models import Courriel
from signalements.enums import Statut
from tests import factories as f
from tests.fixtures.signing_in import passkey, sign_in

pytestmark = pytest.mark.django_db
SWEEP = "comptes_supprimes"


@pytest.fixture
def gone():
    """A technicien who left on 31 August 2025, and the structure."""
    caisse = f.caisse("251")
    structure = f.partenaire(caisse)
    convention = f.convention(structure, caisse)
    user = f.utilisateur(
        Profil.TECHNICIEN,
        structure,
        nom="Partie",
        is_active=False,
        inactive_le=datetime.fromisoformat("2025-08-31T10:00:00+00:00"),
        motif_inactivation="depart_structure",
    )
    TOTPDevice.objects.create(user=user, name="Application", confirmed=True)
    passkey(user)
    AncienMotDePasse.objects.create(utilisateur=user, empreinte=user.password, le=clock.now())
    IdentiteProConnect.objects.create(
        utilisateur=user, emetteur="https://op", sujet="x", reliee_le=clock.now()
    )
    demande = f.demande(convention, user, statut=Statut.EN_COURS)
    return user, structure, demande


def erased_on(day):
    with clock.at(datetime.fromisoformat(f"{day}T10:00:00+00:00")):
        return sweeps.run(SWEEP)


def test_it_is_erased_once_six_calendar_months_after(gone):
    user, _, _ = gone
    assert erased_on("2026-02-27") == 0
    assert erased_on("2026-02-28") == 1
    assert erased_on("2026-03-01") == 0
    erased = Utilisateur.objects.get(pk=user.pk)
    assert erased.identifiant == f"compte-supprime-{user.pk}"
    assert (erased.get_full_name(), erased.courriel, erased.telephone) == ("Compte supprimé", "", "")
    assert not erased.has_usable_password()
    assert not RolePartenaire.objects.filter(user=user).exists()
    assert not TOTPDevice.objects.filter(user=user).exists()
    assert not CleAcces.objects.filter(user=user).exists()
    assert not AncienMotDePasse.objects.filter(utilisateur=user).exists()
    assert not IdentiteProConnect.objects.filter(utilisateur=user).exists()


def test_the_six_months_are_counted_where_the_caisse_is():
    """At 22:30 in Paris on the 30th it is the 31st already in Mayotte: the account lives to the same day there."""
    caisse = f.caisse("976", fuseau="Indian/Mayotte")
    left = datetime.fromisoformat("2026-01-30T22:30:00+00:00")
    user = f.utilisateur(Profil.TECHNICIEN, f.partenaire(caisse), is_active=False, inactive_le=left)
    assert str(deletion_date(user, caisse.fuseau)) == "2026-07-31"
    assert erased_on("2026-07-30") == 0
    assert erased_on("2026-07-31") == 1


def test_what_was_done_stays_with_a_deleted_account_as_its_author(gone):
    _, structure, demande = gone
    assert erased_on("2026-04-01") == 1
    colleague = f.utilisateur(Profil.TECHNICIEN, structure)
    page = sign_in(Client(), colleague).get(f"/espace-partenaire/demandes/{demande.reference}/").text
    assert "Compte supprimé" in page
    assert "Partie" not in page


def test_the_caisse_reads_it_in_its_journal(gone):
    user, structure, _ = gone
    erased_on("2026-04-01")
    event = Evenement.objects.get(objet="compte", objet_id=str(user.pk))
    assert event.details == {"acte": "suppression", "profil": "technicien"}
    assert (event.caisse_id, event.partenaire_id) == (structure.caisse_referente_id, structure.pk)


def test_active_and_recently_inactivated_accounts_stay(gone):
    _, structure, _ = gone
    f.utilisateur(Profil.TECHNICIEN, structure)
    f.utilisateur(
        Profil.GESTIONNAIRE, structure, is_active=False, inactive_le=clock.now() - timedelta(days=90)
    )
    assert sweeps.run(SWEEP) == 1
    assert sweeps.run(SWEEP) == 0


def announced_on(day):
    with clock.at(datetime.fromisoformat(f"{day}T10:00:00+00:00")):
        return sweeps.run("comptes_suppression_annoncee")


def test_a_deletion_is_announced_once_thirty_days_before_in_neutral_words(gone):
    user, structure, _ = gone
    gest = f.utilisateur(Profil.GESTIONNAIRE, structure)
    assert announced_on("2026-01-28") == 0
    assert announced_on("2026-01-29") == 1
    assert announced_on("2026-01-30") == 0
    mail = Courriel.objects.get(evenement="compte_bientot_supprime")
    assert (mail.adresse, mail.donnees) == (user.courriel, {"echeance": "28/02/2026"})
    assert Courriel.objects.get(evenement="comptes_bientot_supprimes").destinataire == gest
    assert erased_on("2026-02-28") == 1


def test_the_caisse_is_told_when_the_structure_has_no_gestionnaire_left(gone):
    _, structure, _ = gone
    admin = f.utilisateur(Profil.ADMIN_CAISSE, structure.caisse_referente)
    announced_on("2026-02-01")
    mail = Courriel.objects.get(evenement="comptes_bientot_supprimes")
    assert mail.destinataire == admin
    page = sign_in(Client(), admin).get(mail.lien.split("?")[0], {"suppression": "proche"})
    with clock.at(datetime.fromisoformat("2026-02-01T10:00:00+00:00")):
        assert "Partie" in sign_in(Client(), admin).get(mail.lien).text
    assert page.status_code == 200


def test_a_late_sweep_deletes_without_an_announcement(gone):
    assert announced_on("2026-03-05") == 0
    assert erased_on("2026-03-05") == 1


def test_the_identifiant_and_the_address_are_free_again(gone):
    user, structure, _ = gone
    erased_on("2026-03-01")
    again = f.utilisateur(
        Profil.TECHNICIEN, structure, identifiant=user.identifiant, courriel=user.courriel, nom="Partie"
    )
    assert again.pk != user.pk


def test_nobody_sees_a_deleted_account_any_more(gone):
    user, structure, _ = gone
    erased_on("2026-03-01")
    gest = sign_in(Client(), f.utilisateur(Profil.GESTIONNAIRE, structure))
    assert gest.get(f"/espace-partenaire/comptes/techniciens/{user.pk}/").status_code == 404
    assert "supprimé" not in gest.get("/espace-partenaire/comptes/techniciens/").text
    for admin in (
        f.utilisateur(Profil.ADMIN_CAISSE, structure.caisse_referente),
        f.utilisateur(Profil.NATIONAL, None),
    ):
        client = sign_in(Client(), admin)
        assert client.get(f"/admin/accounts/comptepartenaire/{user.pk}/change/").status_code == 404
        for query in ({"q": "Partie"}, {"q": "supprime"}, {"etat": "INACTIF"}):
            assert "compte-supprime" not in client.get("/admin/accounts/comptepartenaire/", query).text
