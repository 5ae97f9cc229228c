"""Queries compiled once: the same rows as the ORM's own, other values at each run, nothing shared by threads."""

from threading import Thread

import pytest
from django.db.models import Q

from accounts.enums import Profil
from accounts.models import RolePartenaire, Utilisateur
from portal.compiled import CompiledQuery, IsAnyOf, Slot, Statement
from portal.counts import prepare_counts
from portal.keyset import KeysetQuery, keyset_page
from portal.tenancy import scope
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    structure = factories.partenaire(factories.caisse())
    return [factories.utilisateur(Profil.TECHNICIEN, structure) for _ in range(5)]


def test_it_gives_the_rows_of_its_queryset_with_the_values_of_each_run(people):
    query = CompiledQuery(lambda: Utilisateur.objects.filter(identifiant=Slot("identifiant")))
    for person in people:
        assert query.all(identifiant=person.identifiant) == [person]
    assert query.first(identifiant="personne") is None


def test_a_list_is_one_value_however_long(people):
    query = CompiledQuery(lambda: Utilisateur.objects.filter(IsAnyOf("pk", Slot("ids"))).order_by("pk"))
    ids = [person.pk for person in people]
    assert [row.pk for row in query.all(ids=ids)] == ids
    assert [row.pk for row in query.all(ids=ids[:2])] == ids[:2]
    assert query.all(ids=[]) == []


def test_a_value_that_is_missing_is_refused(people):
    query = CompiledQuery(lambda: Utilisateur.objects.filter(identifiant=Slot("identifiant")))
    with pytest.raises(KeyError):
        query.all()


def test_relations_come_with_their_row(people, django_assert_num_queries):
    query = CompiledQuery(
        lambda: RolePartenaire.objects.filter(user=Slot("user")).select_related("content_object", "user")
    )
    query.all(user=people[0].pk)
    with django_assert_num_queries(1):
        row = query.first(user=people[1].pk)
        assert row is not None
        assert row.user.nom == people[1].nom
        assert row.content_object.raison_sociale


def test_what_never_changes_is_written_in_the_statement():
    query = Utilisateur.objects.filter(
        Q(nom__startswith="100 %"), nom=Slot("nom"), fonction="l'aide", is_active=True
    ).query
    statement = Statement.of(*query.sql_with_params())
    assert statement.names == ("nom",)
    assert statement.sql.count("%s") == 1
    assert "'l''aide'" in statement.sql
    assert list(Utilisateur.objects.raw(statement.sql, statement.params({"nom": "x"}))) == []


def test_a_text_that_looks_like_sql_stays_a_text(people):
    evil = "x' OR '1'='1"
    constant = CompiledQuery(lambda: Utilisateur.objects.filter(nom=evil))
    given = CompiledQuery(lambda: Utilisateur.objects.filter(nom=Slot("nom")))
    assert constant.all() == given.all(nom=evil) == []


def test_threads_do_not_share_a_run(people):
    query = CompiledQuery(lambda: Utilisateur.objects.filter(identifiant=Slot("identifiant")))
    query.first(identifiant=people[0].identifiant)
    failures = []

    def read():
        from django.db import connection

        try:
            with scope("systeme"):
                for number in range(50):
                    found = query.first(identifiant=f"absent-{number}")
                    if found is not None:
                        failures.append(found)
        finally:
            connection.close()

    threads = [Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(50):
        assert query.first(identifiant=people[1].identifiant) == people[1]
    for thread in threads:
        thread.join()
    assert failures == []


def test_its_pages_are_those_of_the_plain_list(people):
    def build():
        return Utilisateur.objects.filter(profil="technicien")

    query = KeysetQuery(build, ("-nom", "-id"), size=2)
    cursor = plain = ""
    for _ in range(3):
        ours = query.page(cursor)
        theirs = keyset_page(build(), ("-nom", "-id"), plain, size=2)
        assert ours == theirs
        cursor, plain = ours.following, theirs.following
    back = query.page(ours.previous)
    assert back == keyset_page(build(), ("-nom", "-id"), theirs.previous, size=2)


def test_counts_take_values_too(people):
    counts = prepare_counts(
        {
            "une": Utilisateur.objects.filter(identifiant=Slot("identifiant")),
            "aucune": Utilisateur.objects.none(),
        }
    )
    assert counts.read(identifiant=people[0].identifiant) == {"une": 1, "aucune": 0}
    assert counts.read(identifiant="personne") == {"une": 0, "aucune": 0}
