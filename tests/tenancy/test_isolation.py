"""The database itself refuses another tenant's rows."""

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from accounts.enums import Profil
from partners.models import Convention
from portal.tenancy import scope, unscoped
from signalements.models import Demande, Message, NoteInterne, Personne
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """Two caisses, two structures, a sent demande, a draft and a demande of the other structure."""
    doubs, loire = f.caisse("251"), f.caisse("422")
    valbrume, pontreval = f.partenaire(doubs), f.partenaire(loire)
    conv_a, conv_b = f.convention(valbrume, doubs), f.convention(pontreval, loire)
    tech_a = f.utilisateur(Profil.TECHNICIEN, valbrume)
    tech_b = f.utilisateur(Profil.TECHNICIEN, pontreval)
    return {
        "doubs": doubs,
        "loire": loire,
        "valbrume": valbrume,
        "pontreval": pontreval,
        "envoyee": f.demande(conv_a, tech_a, statut="ENVOYEE"),
        "brouillon": f.demande(conv_a, tech_a, statut="BROUILLON"),
        "autre": f.demande(conv_b, tech_b, statut="EN_COURS"),
    }


def test_a_structure_sees_its_own_and_nothing_else(world):
    with scope("partenaire", world["valbrume"].pk):
        assert set(Demande.objects.all()) == {world["envoyee"], world["brouillon"]}
        assert Personne.objects.count() == 1
        assert Convention.objects.count() == 2


def test_a_caisse_sees_what_was_sent_to_it(world):
    with scope("caisse", world["doubs"].pk):
        assert list(Demande.objects.all()) == [world["envoyee"]]
        assert [p.demande_id for p in Personne.objects.all()] == [world["envoyee"].pk]


def test_national_and_strangers_see_no_demande(world):
    with scope("national"):
        assert not Demande.objects.exists()
        assert Convention.objects.count() == 4
    with unscoped(), pytest.raises(ProgrammingError), transaction.atomic():
        Demande.objects.exists()


def test_notes_do_not_exist_for_the_structure(world):
    demande = world["envoyee"]
    tenant = {"caisse_id": demande.caisse_id, "partenaire_id": demande.partenaire_id}
    with scope("caisse", world["doubs"].pk):
        NoteInterne.objects.create(demande=demande, texte="À rappeler jeudi.", le=demande.cree_le, **tenant)
        assert NoteInterne.objects.count() == 1
    with scope("partenaire", world["valbrume"].pk):
        assert not NoteInterne.objects.exists()


def test_a_row_cannot_be_written_for_another_tenant(world):
    with scope("partenaire", world["valbrume"].pk), pytest.raises(ProgrammingError), transaction.atomic():
        world["autre"].pk = None
        world["autre"].reference = "EP-422-00000-00"
        world["autre"].save(force_insert=True)


def test_a_child_cannot_point_at_another_tenants_parent(world):
    tenant = {"caisse": world["doubs"], "partenaire": world["valbrume"]}
    with scope("partenaire", world["valbrume"].pk), pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(
            demande_id=world["autre"].pk,
            cote="PARTENAIRE",
            texte="Bonjour",
            le=world["envoyee"].cree_le,
            **tenant,
        )


def test_the_scope_comes_back_after_a_nested_one(world):
    with scope("partenaire", world["valbrume"].pk):
        with scope("systeme"):
            assert Demande.objects.count() == 3
        assert Demande.objects.count() == 2
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            assert cursor.fetchone()[0] == "ep_partenaire"
