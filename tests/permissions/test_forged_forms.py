"""Fields nobody offers: a status, a tenant, a role, an activity, an identity added to a form change nothing."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import RolePartenaire, Utilisateur
from portal.tenancy import scope
from signalements.enums import Statut
from signalements.models import Demande
from tests.permissions import routes
from tests.permissions.world import World

pytestmark = pytest.mark.django_db


def forged(world: World) -> dict[str, Any]:
    """What somebody could add to any form."""
    return {
        "id": "1",
        "pk": "1",
        "statut": "TRAITEE",
        "issue": "DROITS_OUVERTS",
        "caisse": world.objects["caisse_y"].pk,
        "caisse_id": world.objects["caisse_y"].pk,
        "partenaire": world.objects["structure_b"].pk,
        "partenaire_id": world.objects["structure_b"].pk,
        "convention": world.objects["convention_b"].pk,
        "auteur": world.users["technicien_b"].pk,
        "assignee_a": world.users["agent_y"].pk,
        "role": "national",
        "profil": "national",
        "is_active": "on",
        "is_staff": "on",
        "is_superuser": "on",
        "user_permissions": "1",
        "identifiant": "usurpateur",
        "password": "x",
    }


ACCOUNT_FIELDS = ("profil", "is_active", "is_staff", "is_superuser", "identifiant", "password", "inactive_le")


def account(user: Utilisateur) -> tuple[Any, ...]:
    """What no form of one's own or of a gestionnaire may change."""
    fresh = Utilisateur.objects.get(pk=user.pk)
    return tuple(getattr(fresh, name) for name in ACCOUNT_FIELDS)


@pytest.mark.parametrize(
    "name",
    [
        "signalements:etape",
        "signalements:etape_enregistrer",
        "signalements:etape/pieces",
        "signalements:etape/verification",
        "signalements:completer",
        "signalements:ecrire",
    ],
)
def test_a_form_of_the_technicien_moves_no_demande(world: World, name: str) -> None:
    before = {row.pk: row for row in Demande.objects.all()}
    route = next(route for route in routes.all_routes() if route.name == name)
    world.client("technicien_a").post(
        routes.address(route, world), {**forged(world), **routes.form(route, world)}
    )
    for row in Demande.objects.all():
        former = before[row.pk]
        for field in (
            "caisse_id",
            "partenaire_id",
            "convention_id",
            "auteur_id",
            "assignee_a_id",
            "issue",
            "reference",
        ):
            assert getattr(row, field) == getattr(former, field), field
        asked = row.pk == world.objects["a_completer"].pk and name == "signalements:completer"
        assert row.statut == (Statut.COMPLETEE if asked else former.statut)


def test_a_new_draft_is_ones_own_whatever_is_posted(world: World) -> None:
    known = set(Demande.objects.values_list("pk", flat=True))
    route = next(route for route in routes.all_routes() if route.name == "signalements:nouvelle")
    world.client("technicien_a").post(
        routes.address(route, world), {**forged(world), **routes.form(route, world)}
    )
    (draft,) = Demande.objects.exclude(pk__in=known)
    assert (draft.statut, draft.partenaire_id, draft.caisse_id, draft.auteur_id) == (
        Statut.BROUILLON,
        world.objects["structure_a"].pk,
        world.objects["caisse_x"].pk,
        world.users["technicien_a"].pk,
    )


def test_a_gestionnaire_creates_and_changes_techniciens_of_the_structure_and_nothing_more(
    world: World,
) -> None:
    client = world.client("gestionnaire_a")
    known = set(Utilisateur.objects.values_list("pk", flat=True))
    fields = forged(world) | {"identifiant": "dominique.fictif"}
    response = client.post(
        reverse("accounts:technicien_creer"), {**fields, **routes.FORMS["accounts:technicien_creer"](world)}
    )
    assert response.status_code == 302
    (created,) = Utilisateur.objects.exclude(pk__in=known)
    role = RolePartenaire.objects.get(user=created)
    assert role.content_object == world.objects["structure_a"]
    assert (created.profil, created.is_staff, created.is_superuser) == ("technicien", False, False)
    assert not created.has_usable_password()
    for key in ("technicien_a", "parti"):
        user = world.users[key]
        before = account(user)
        address = reverse("accounts:technicien_modifier", args=[user.pk])
        client.post(address, {**forged(world), **routes.COORDONNEES})
        assert account(user) == before


@pytest.mark.parametrize("actor", ["technicien_a", "gestionnaire_a", "agent_x", "admin_x"])
def test_ones_own_profile_gives_no_right(world: World, actor: str) -> None:
    user = world.users[actor]
    before = account(user)
    form = routes.FORMS["accounts:profil"](world)
    world.client(actor).post(reverse("accounts:profil"), {**forged(world), **form})
    assert account(user) == before
    with scope("systeme"):
        assert not user.user_permissions.exists()


def test_a_superviseur_gives_no_demande_to_another_caisse(world: World) -> None:
    client = world.client("superviseur_x")
    address = reverse("signalements:attribuer")
    own, other = world.objects["envoyee"], world.objects["autre"]
    client.post(address, {"demandes": [own.reference], "agent": world.users["agent_y"].pk})
    client.post(address, {"demandes": [other.reference], "agent": world.users["agent_x"].pk})
    for row in (own, other):
        former = row.assignee_a_id
        row.refresh_from_db()
        assert row.assignee_a_id == former
