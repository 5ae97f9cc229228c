"""The quota of gestionnaires and « never zero », with real threads, connections and transactions."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.enums import MotifInactivation, NatureAttestation, Profil, ReponseRevue
from accounts.memberships import Membership, membership_of
from accounts.models import PreuveRevue, RevueHabilitation, Utilisateur
from accounts.operations import gestionnaires, techniciens
from accounts.operations.comptes import Identite
from accounts.operations.confirmation_revue import confirm_review
from accounts.operations.revues import Reponse, answer, open_reviews
from portal.audit.models import Evenement
from portal.errors import DomainError
from portal.tenancy import scope
from tests import factories as f

pytestmark = pytest.mark.django_db(transaction=True)


def identite(number: int, **fields: str) -> Identite:
    values = {
        "civilite": "MME",
        "nom": "Fictive",
        "prenom": "Zoé",
        "fonction": "Directrice",
        "telephone": "+33381000000",
        "courriel": f"g{number}@ccas.example",
    }
    return Identite(**{**values, **fields})


def in_parallel(actor: Membership, acts: list[Callable[[], Any]]) -> list[str]:
    """Run each act in a thread of its own, all starting together; give « ok » or the code of the refusal."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> str:
        try:
            with scope(actor.realm, actor.tenant), transaction.atomic():
                start.wait(timeout=30)
                act()
            return "ok"
        except DomainError as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def admin_and_structure(members: int) -> tuple[Membership, Any]:
    with transaction.atomic():
        doubs = f.caisse("251")
        return f.membership(Profil.ADMIN_CAISSE, doubs), f.partenaire(doubs, nombre_membres=members)


def active_gestionnaires(structure: Any) -> int:
    with transaction.atomic():
        rows = Utilisateur.objects.of_partenaire(structure).gestionnaires().filter(is_active=True)
        return rows.count()


@pytest.mark.parametrize(("members", "quota"), [(10, 2), (11, 3), (25, 3), (26, 5)])
def test_twenty_creations_at_once_give_exactly_the_quota(members, quota):
    admin, structure = admin_and_structure(members)
    outcomes = in_parallel(
        admin,
        [
            lambda n=n: gestionnaires.create_gestionnaire(
                actor=admin, partenaire=structure, identite=identite(n)
            )
            for n in range(20)
        ],
    )
    assert outcomes == ["ok"] * quota + ["quota_gestionnaires"] * (20 - quota)
    assert active_gestionnaires(structure) == quota


def test_the_last_two_inactivated_at_once_leave_one():
    admin, structure = admin_and_structure(8)
    with transaction.atomic():
        users = [f.utilisateur(Profil.GESTIONNAIRE, structure) for _ in range(2)]
    outcomes = in_parallel(
        admin,
        [
            lambda u=u: gestionnaires.inactivate_gestionnaire(
                actor=admin, gestionnaire=u, motif=MotifInactivation.DEPART
            )
            for u in users
        ],
    )
    assert outcomes == ["dernier_gestionnaire", "ok"]
    assert active_gestionnaires(structure) == 1


def test_the_trigger_alone_holds_the_quota():
    """Whatever a forgotten lock would let through, the rows themselves do not."""
    admin, structure = admin_and_structure(8)

    def straight(number: int) -> None:
        user = Utilisateur(
            profil=Profil.GESTIONNAIRE, identifiant=f"direct.{number}", **vars(identite(number))
        )
        user.set_unusable_password()
        user.save()
        from accounts.operations.roles import give_role

        give_role(user, structure)

    outcomes = in_parallel(admin, [lambda n=n: straight(n) for n in range(12)])
    assert outcomes == ["ok"] * 2 + ["quota_gestionnaires"] * 10
    assert active_gestionnaires(structure) == 2


def test_namesakes_created_at_once_get_different_identifiants_and_one_address_one_account():
    with transaction.atomic():
        doubs = f.caisse("251")
        structure = f.partenaire(doubs)
        user = f.utilisateur(Profil.GESTIONNAIRE, structure)
    with scope("partenaire", structure.pk), transaction.atomic():
        gest = membership_of(user)
        assert gest

    def create(address: str) -> Callable[[], Any]:
        return lambda: techniciens.create_technicien(
            actor=gest, identite=identite(0, courriel=address), attestations=tuple(NatureAttestation)
        )

    outcomes = in_parallel(gest, [create(f"t{n}@ccas.example") for n in range(5)])
    assert outcomes == ["ok"] * 5
    assert in_parallel(gest, [create("double@ccas.example") for _ in range(4)]) == ["adresse_prise"] * 3 + [
        "ok"
    ]
    with transaction.atomic():
        made = set(Utilisateur.objects.techniciens().values_list("identifiant", flat=True))
    assert made == {"zoe.fictive", *(f"zoe.fictive{n}" for n in range(2, 7))}


def test_a_review_confirmed_by_two_at_once_is_confirmed_once():
    admin, structure = admin_and_structure(8)
    with transaction.atomic():
        f.convention(structure, admin.caisse)
        actors = [f.membership(Profil.GESTIONNAIRE, structure) for _ in range(2)]
        leaving = f.utilisateur(Profil.TECHNICIEN, structure)
        answers = {actor.user.pk: Reponse(ReponseRevue.RESTE) for actor in actors}
        answers[leaving.pk] = Reponse(ReponseRevue.PARTI)
        with scope(admin.realm, admin.tenant):
            open_reviews(actor=admin, echeance=admin.caisse.today() + timedelta(days=30))
        with scope(actors[0].realm, actors[0].tenant):
            opened = RevueHabilitation.objects.get()
            revue = answer(actor=actors[0], revue_id=opened.pk, version=opened.version, reponses=answers)
    outcomes = in_parallel(
        actors[0],
        [
            lambda a=a: confirm_review(
                actor=a, revue_id=revue.pk, version=revue.version, comptes_lus=set(answers), successeurs={}
            )
            for a in actors
        ],
    )
    assert outcomes == ["ok", "terminee"]
    with transaction.atomic():
        assert PreuveRevue.objects.count() == 1
        assert Evenement.objects.filter(objet_id=leaving.pk, details__acte="inactivation").count() == 1
