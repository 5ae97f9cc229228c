"""Six calendar months after its inactivation an account is erased; what it did stays, by « Compte supprimé »."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.enums import Profil
from accounts.models import AncienMotDePasse, CleAcces, IdentiteProConnect, RolePartenaire, Utilisateur
from portal import clock, sweeps
from portal.audit.models import Evenement
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
