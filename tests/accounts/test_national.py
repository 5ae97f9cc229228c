"""The first account of a new portal, opened from the server's shell."""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Utilisateur
from portal.audit.models import Evenement
from portal.courriels.models import Courriel

pytestmark = pytest.mark.django_db

IDENTITY = ("--civilite=MME", "--nom=Vasseur", "--prenom=Odile", "--courriel=odile.vasseur@example.fr")


def test_the_account_is_opened_without_password_and_invited() -> None:
    call_command("open_national_account", "odile.vasseur", *IDENTITY)
    user = Utilisateur.objects.get(identifiant="odile.vasseur")
    assert (user.profil, user.has_usable_password(), user.invitation) == ("national", False, 1)
    assert list(user.user_permissions.values_list("codename", flat=True)) == ["role_national"]
    assert [courriel.destinataire_id for courriel in Courriel.objects.all()] == [user.pk]
    acts = [event.details["acte"] for event in Evenement.objects.filter(objet_id=str(user.pk)).order_by("pk")]
    assert acts == ["creation", "invitation"]


def test_a_taken_identifiant_is_refused() -> None:
    call_command("open_national_account", "odile.vasseur", *IDENTITY)
    with pytest.raises(CommandError, match="déjà pris"):
        call_command("open_national_account", "Odile.Vasseur", *IDENTITY)
    assert Utilisateur.objects.filter(profil="national").count() == 1


def test_a_wrong_address_is_refused() -> None:
    with pytest.raises(CommandError, match="adresse"):
        call_command("open_national_account", "odile.vasseur", *IDENTITY[:3], "--courriel=odile")
    assert not Utilisateur.objects.filter(identifiant="odile.vasseur").exists()
