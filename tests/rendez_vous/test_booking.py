"""Booking: slots of the caisse's own days and hours, one holder for each place, whatever happens at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from caisses.enums import Fonction
from caisses.models import Caisse, FermetureLocale
from portal import clock, sweeps
from portal.errors import DomainError
from portal.reference import new_reference
from portal.tenancy import scope
from signalements.enums import Statut
from signalements.kinds.rendez_vous.dates import moment_of
from signalements.kinds.rendez_vous.enums import EtatHoraire, EtatRendezVous
from signalements.kinds.rendez_vous.models import Creneau, Horaire, PlageHoraire, RendezVous
from signalements.kinds.rendez_vous.operations.agenda import SlotTaken, book_again, book_slot, save_plage
from signalements.kinds.rendez_vous.slots import FORMAT, free_slots, moments_of
from signalements.models import Brouillon, Demande, Personne
from tests.rendez_vous.conftest import (
    again,
    agence,
    build,
    draft,
    fixe,
    jour_ouvre,
    send,
    signed_in,
    situation,
    url,
)

pytestmark = pytest.mark.django_db


def plage(monde, *, save=True, **fields) -> PlageHoraire:
    """An hour of two slots in five jours ouvrés, published."""
    day = jour_ouvre(monde.caisse)
    values = {
        "type": "TELEPHONE",
        "jours": [1, 2, 3, 4, 5],
        "du": day,
        "au": day,
        "heure_debut": time(9),
        "heure_fin": time(10),
        **fields,
    }
    row = PlageHoraire(caisse=monde.caisse, **values)
    return save_plage(actor=monde.agent, plage=row) if save else row


def opened(monde) -> None:
    """The caisse offers booking, and only that."""
    Caisse.objects.filter(pk=monde.caisse.pk).update(
        rendez_vous_reservation=True, rendez_vous_sur_demande=False
    )
    monde.caisse.refresh_from_db()


def cle(creneau: Creneau) -> str:
    return f"{creneau.plage_id}.{creneau.debut:{FORMAT}}"


def booking(monde, creneau: Creneau, **changes) -> Demande:
    """A complete draft that asks for this slot."""
    step = {
        name: value
        for name, value in situation(monde).items()
        if not name.startswith("disponibilite") and name != "type"
    }
    return draft(monde, situation={**step, "creneau": cle(creneau), **changes})


# --- Slots


def test_a_plage_is_cut_into_slots_and_places(monde):
    plage(monde, capacite=3)
    rows = Creneau.objects.order_by("debut", "numero")
    assert [(row.debut - rows[0].debut, row.numero) for row in rows] == [
        (timedelta(minutes=30 * rank), numero) for rank in (0, 1) for numero in (1, 2, 3)
    ]
    assert len(free_slots(monde.caisse, monde.structure.pk)) == 2


def test_neither_weekends_nor_holidays_nor_closures_have_slots(monde):
    FermetureLocale.objects.create(caisse=monde.caisse, jour=date(2026, 12, 28), libelle="Pont")
    row = plage(monde, save=False, du=date(2026, 12, 21), au=date(2027, 1, 4), jours=[1, 5])
    days = {clock.local_date(debut) for debut, _ in moments_of(row, monde.caisse, row.du, row.au)}
    assert sorted(days) == [date(2026, 12, 21), date(2027, 1, 4)]


def test_a_closure_decided_later_hides_its_slots(monde):
    opened(monde)
    row = plage(monde)
    demande = booking(monde, Creneau.objects.first())
    FermetureLocale.objects.create(caisse=monde.caisse, jour=row.du, libelle="Inventaire")
    cache.clear()
    assert free_slots(monde.caisse, monde.structure.pk) == []
    with pytest.raises(DomainError):
        send(monde, demande)


@pytest.mark.parametrize(
    ("fuseau", "day", "utc"),
    [
        ("Europe/Paris", date(2026, 10, 23), "07:00"),
        ("Europe/Paris", date(2026, 10, 26), "08:00"),
        ("Europe/Paris", date(2027, 3, 26), "08:00"),
        ("Europe/Paris", date(2027, 3, 29), "07:00"),
        ("Indian/Reunion", date(2026, 10, 26), "05:00"),
        ("America/Guadeloupe", date(2026, 10, 26), "13:00"),
        ("America/Cayenne", date(2026, 10, 26), "12:00"),
        ("Indian/Mayotte", date(2027, 3, 29), "06:00"),
    ],
)
def test_nine_o_clock_is_that_of_the_caisse_on_both_sides_of_the_change_of_hour(fuseau, day, utc):
    caisse = Caisse(fuseau=fuseau)
    assert f"{moment_of(caisse, day, time(9)):%H:%M}" == utc


def test_an_hour_that_the_clocks_skip_is_refused():
    with pytest.raises(DomainError) as refused:
        moment_of(Caisse(fuseau="Europe/Paris"), date(2027, 3, 28), time(2, 30))
    assert refused.value.code == "heure_inexistante"


def test_the_notice_is_in_jours_ouvres_at_least_and_in_days_at_most(monde):
    today = monde.caisse.today()
    plage(monde, du=today, au=today + timedelta(days=40), preavis_min=3, preavis_max=20)
    found = [clock.local_date(slot.debut) for slot in free_slots(monde.caisse, monde.structure.pk, limit=99)]
    assert min(found) == jour_ouvre(monde.caisse, 3)
    assert max(found) <= today + timedelta(days=20)


def test_slots_come_within_reach_day_after_day_once(monde):
    today = monde.caisse.today()
    plage(monde, du=today, au=today + timedelta(days=90), preavis_max=10)
    before = Creneau.objects.count()
    with clock.at(datetime.combine(today + timedelta(days=7), time(12), tzinfo=ZoneInfo("Europe/Paris"))):
        assert (sweeps.run("creneaux"), sweeps.run("creneaux")) == (1, 0)
    assert Creneau.objects.count() == before + 5 * 2


def test_a_plage_reserved_to_a_structure_or_to_a_motif_is_shown_to_nobody_else(monde):
    from tests import factories as f

    other = f.partenaire(monde.caisse)
    plage(monde, partenaire=other, type="PERMANENCE")
    plage(monde, motifs=["AME_DEPOT"])
    assert free_slots(monde.caisse, monde.structure.pk, "CSS") == []
    assert len(free_slots(monde.caisse, other.pk, "CSS")) == 2


def test_a_changed_plage_keeps_what_is_taken_and_withdraws_the_rest(monde):
    opened(monde)
    row = plage(monde)
    demande = send(monde, booking(monde, Creneau.objects.order_by("debut")[0]))
    row.heure_debut, row.heure_fin = time(14), time(15)
    save_plage(actor=monde.agent, plage=row)
    assert len(free_slots(monde.caisse, monde.structure.pk)) == 2
    assert fixe(demande).creneau.pris


def test_a_plage_in_a_closed_agence_or_another_caisse_is_refused(monde):
    with pytest.raises(DomainError):
        plage(monde, type="PHYSIQUE", agence=agence(monde.caisse, "Fermée", active=False))
    with pytest.raises(DomainError):
        save_plage(actor=monde.etranger, plage=plage(monde, save=False))


# --- Booking


def test_a_slot_is_booked_with_the_sending(monde):
    opened(monde)
    plage(monde)
    creneau = Creneau.objects.order_by("debut")[0]
    demande = send(monde, booking(monde, creneau))
    found = again(demande)
    assert (found.statut, found.rendez_vous.statut) == (Statut.ENVOYEE, EtatRendezVous.CONFIRME)
    assert fixe(demande).creneau_id == creneau.pk
    assert found.promesse_tenue_le is not None
    assert len(free_slots(monde.caisse, monde.structure.pk)) == 1


def test_who_comes_second_keeps_the_draft_and_is_shown_other_slots(monde):
    opened(monde)
    plage(monde)
    creneau = Creneau.objects.order_by("debut")[0]
    second = booking(monde, creneau)
    send(monde, booking(monde, creneau, motif="CSS"))
    response = signed_in(monde.technicien).post(
        f"/espace-partenaire/demandes/{second.reference}/etape/verification/", {"raison_doublon": ""}
    )
    assert response.status_code == 422
    assert "vient d’être pris" in response.content.decode()
    assert Brouillon.objects.filter(demande=second).exists()
    assert again_draft(second).statut == Statut.BROUILLON


def again_draft(demande):
    return Demande.objects.get(pk=demande.pk)


def test_a_race_lost_at_the_last_moment_names_other_slots(monde):
    opened(monde)
    plage(monde)
    taken, _free = Creneau.objects.order_by("debut")
    demande = monde.rdv()
    Creneau.objects.filter(pk=taken.pk).update(pris=True)
    with pytest.raises(SlotTaken) as refused:
        book_slot(demande, actor=monde.technicien, cle=cle(taken))
    assert len(refused.value.autres) == 1
    assert "Encore libres" in refused.value.message


def test_the_database_itself_refuses_a_second_holder(monde):
    opened(monde)
    plage(monde)
    creneau = Creneau.objects.order_by("debut")[0]
    first, second = monde.rdv(), monde.rdv()
    book_slot(first, actor=monde.technicien, cle=cle(creneau))
    horaire = fixe(first)
    horaire.pk, horaire.demande = None, second
    with pytest.raises(IntegrityError), transaction.atomic():
        horaire.save()


@pytest.mark.parametrize(
    ("key", "code"),
    [("", "creneau"), ("x.y", "creneau"), ("999.20260101T0900", "creneau")],
)
def test_a_forged_slot_is_refused(monde, key, code):
    opened(monde)
    plage(monde)
    with pytest.raises(DomainError) as refused:
        book_slot(monde.rdv(), actor=monde.technicien, cle=key)
    assert refused.value.code == code


def test_a_slot_of_another_caisse_or_outside_its_notice_is_refused(monde):
    opened(monde)
    row = plage(monde)
    creneau = Creneau.objects.first()
    PlageHoraire.objects.filter(pk=row.pk).update(preavis_min=10)
    with pytest.raises(DomainError) as refused:
        book_slot(monde.rdv(), actor=monde.technicien, cle=cle(creneau))
    assert refused.value.code == "hors_delai"
    Creneau.objects.filter(plage=row).delete()
    PlageHoraire.objects.filter(pk=row.pk).update(caisse=monde.autre_caisse, preavis_min=2)
    with pytest.raises(DomainError) as refused:
        book_slot(monde.rdv(), actor=monde.technicien, cle=cle(creneau))
    assert refused.value.code == "creneau"


def test_a_telephone_slot_needs_a_telephone(monde):
    opened(monde)
    plage(monde)
    with pytest.raises(DomainError):
        send(monde, booking(monde, Creneau.objects.first(), telephone=""))


def test_another_slot_frees_the_first_and_cancelling_frees_it_too(monde):
    opened(monde)
    plage(monde)
    first, second = Creneau.objects.order_by("debut")
    demande = send(monde, booking(monde, first))
    book_again(
        membership=monde.technicien,
        reference=demande.reference,
        cle=cle(second),
        version=again(demande).version,
    )
    first.refresh_from_db()
    assert (first.pris, fixe(demande).creneau_id) == (False, second.pk)
    assert Horaire.objects.filter(demande=demande, etat=EtatHoraire.LIBERE).count() == 1


def test_two_hundred_bookings_of_one_slot_give_one(transactional_db):
    """Real connections, each its own transaction, as the structure's database role."""
    with transaction.atomic():
        monde = build(rendez_vous_reservation=True)
        plage(monde)
        creneau = Creneau.objects.order_by("debut")[0]
        other = Creneau.objects.order_by("debut")[1]
        demandes = _many(monde, 200)
    key = cle(creneau)
    tenant = monde.structure.pk

    def book(pk: int) -> bool:
        try:
            with scope("partenaire", tenant), transaction.atomic():
                demande = Demande.objects.select_related("caisse", "personne").get(pk=pk)
                book_slot(demande, actor=monde.technicien, cle=key)
                return True
        except SlotTaken:
            return False

    def work(rows: list[int]) -> int:
        try:
            return sum(book(pk) for pk in rows)
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        won = sum(pool.map(work, [demandes[rank::20] for rank in range(20)]))
    assert won == 1
    with transaction.atomic():
        assert Horaire.objects.filter(creneau=creneau, etat=EtatHoraire.FIXE).count() == 1
        assert not Creneau.objects.get(pk=other.pk).pris


def _many(monde, count: int) -> list[int]:
    now = clock.now()
    demandes = Demande.objects.bulk_create(
        Demande(
            reference=new_reference("251"),
            fonction=Fonction.RENDEZ_VOUS,
            caisse=monde.caisse,
            partenaire=monde.structure,
            convention=monde.convention,
            auteur=monde.technicien.user,
            statut=Statut.ENVOYEE,
            information_donnee=True,
            cree_le=now - timedelta(hours=1),
            modifiee_le=now,
            envoyee_le=now - timedelta(minutes=5),
            delai_jours=3,
            echeance=clock.today(),
        )
        for _ in range(count)
    )
    tenant = {"caisse": monde.caisse, "partenaire": monde.structure}
    Personne.objects.bulk_create(
        Personne(
            demande=demande,
            **tenant,
            civilite="MME",
            nom_naissance="Fictive",
            prenom="Jeanne",
            naissance=date(1984, 3, 12),
            departement="25",
            telephone="+33639981234",
        )
        for demande in demandes
    )
    RendezVous.objects.bulk_create(
        RendezVous(demande=demande, **tenant, mode="RESERVATION", type="TELEPHONE", motif=monde.motif)
        for demande in demandes
    )
    return [demande.pk for demande in demandes]


# --- Screens


def test_the_wizard_offers_the_free_slots_and_keeps_the_choice(monde):
    opened(monde)
    plage(monde)
    client, creneau = signed_in(monde.technicien), Creneau.objects.order_by("debut")[0]
    demande = booking(monde, creneau)
    base = f"/espace-partenaire/demandes/{demande.reference}/etape/"
    page = client.get(f"{base}situation/").content.decode()
    assert page.count('name="creneau"') == 2
    assert "Quand la personne est-elle disponible" not in page
    forged = client.post(
        f"{base}situation/", {**situation(monde), "creneau": "999.20260101T0900", "action": "continuer"}
    )
    assert (forged.status_code, list(forged.context["form"].errors)) == (422, ["creneau"])
    assert "Première date proposée" in client.get(f"{base}verification/").content.decode()
    client.post(f"{base}situation/", {**situation(monde), "creneau": cle(creneau), "action": "continuer"})
    assert "Première date proposée" not in client.get(f"{base}verification/").content.decode()
    assert client.post(f"{base}verification/").status_code == 302
    assert "Confirmé" in client.get(f"/espace-partenaire/demandes/{demande.reference}/").content.decode()


def test_both_ways_ask_for_what_each_needs(monde):
    from signalements.kinds.rendez_vous.steps import RendezVousSteps

    opened(monde)
    Caisse.objects.filter(pk=monde.caisse.pk).update(rendez_vous_sur_demande=True)
    monde.caisse.refresh_from_db()
    plage(monde)

    def errors(**changes):
        demande = draft(monde, situation={**situation(monde), **changes})
        form = RendezVousSteps(monde.caisse, Brouillon.objects.get(demande=demande)).judged("situation")
        return set(form.errors)

    assert errors() == {"mode"}
    assert errors(mode="DEMANDE") == set()
    assert errors(mode="RESERVATION") == {"creneau"}
    assert errors(mode="DEMANDE", type="") == {"type"}
    assert errors(mode="RESERVATION", type="", creneau=cle(Creneau.objects.first())) == set()


def test_the_caisse_manages_its_plages(monde):
    client, day = signed_in(monde.agent), jour_ouvre(monde.caisse).isoformat()
    form = {
        "type": "TELEPHONE",
        "du": day,
        "au": day,
        "jours": ["1", "2", "3", "4", "5"],
        "heure_debut": "09:00",
        "heure_fin": "10:00",
        "duree": "30",
        "capacite": "1",
        "preavis_min": "2",
        "preavis_max": "60",
        "active": "on",
    }
    new = "/espace-caisse/rendez-vous/plages/nouvelle/"
    wrong = client.post(new, {**form, "heure_fin": "08:00", "au": "2020-01-01"})
    assert wrong.status_code == 422
    assert {"heure_fin", "au"} <= set(wrong.context["form"].errors)
    shut = agence(monde.caisse, "Fermée", active=False)
    wrong = client.post(new, {**form, "type": "PHYSIQUE", "agence": shut.pk})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["agence"])
    assert client.post(new, form).status_code == 302
    row = PlageHoraire.objects.get()
    assert (
        "2 places libres, aucune prise" in client.get("/espace-caisse/rendez-vous/plages/").content.decode()
    )
    edit = f"/espace-caisse/rendez-vous/plages/{row.pk}/"
    assert client.get(edit).status_code == 200
    closed = {name: value for name, value in form.items() if name != "active"}
    assert client.post(edit, closed).status_code == 302
    assert free_slots(monde.caisse, monde.structure.pk) == []
    assert signed_in(monde.etranger).get(edit).status_code == 404


def test_the_lists_of_both_sides_show_the_appointment(monde):
    opened(monde)
    plage(monde, agent=monde.agent.user)
    demande = send(monde, booking(monde, Creneau.objects.order_by("debut")[0]))
    day = clock.local_date(fixe(demande).debut).isoformat()
    agenda = "/espace-caisse/rendez-vous/"
    for query in (f"?jour={day}", f"?jour={day}&vue=jour", f"?jour={day}&agent=moi"):
        page = signed_in(monde.agent).get(agenda + query).content.decode()
        assert demande.reference in page, query
    assert "1 place libre" in page
    assert demande.reference not in signed_in(monde.agent).get(f"{agenda}?jour=2020-01-06").content.decode()
    assert signed_in(monde.agent).get(f"{agenda}?jour=hier&agence=x").status_code == 200
    assert demande.reference not in signed_in(monde.etranger).get(f"{agenda}?jour={day}").content.decode()
    for query in ("", "?de=moi"):
        page = signed_in(monde.technicien).get(f"/espace-partenaire/rendez-vous/{query}").content.decode()
        assert demande.reference in page


def test_another_slot_is_chosen_on_its_page(monde):
    opened(monde)
    plage(monde)
    first, second = Creneau.objects.order_by("debut")
    demande = send(monde, booking(monde, first))
    client = signed_in(monde.technicien)
    page = url("reserver", demande)
    assert client.get(page).status_code == 200
    assert client.post(page, {"creneau": cle(second), "version": "0"}).status_code == 422
    done = client.post(page, {"creneau": cle(second), "version": again(demande).version})
    assert (done.status_code, fixe(demande).creneau_id) == (302, second.pk)


@pytest.mark.parametrize(
    ("side", "address"),
    [
        ("agent", "/espace-caisse/rendez-vous/"),
        ("agent", "/espace-caisse/rendez-vous/plages/"),
        ("technicien", "/espace-partenaire/rendez-vous/"),
    ],
)
def test_a_list_makes_the_same_few_queries_however_long(monde, side, address):
    opened(monde)
    client, counts = signed_in(getattr(monde, side)), []
    for rank in range(3):
        plage(
            monde, agence=monde.agence, type="PHYSIQUE", heure_debut=time(9 + rank), heure_fin=time(10 + rank)
        )
        for creneau in Creneau.objects.filter(pris=False):
            book_slot(monde.rdv(), actor=monde.technicien, cle=cle(creneau))
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{address}?jour={jour_ouvre(monde.caisse)}")
        counts.append(len(queries))
    # Savepoints and the settings of the scope are counted too.
    assert counts[0] == counts[2]
    assert len([q for q in queries if q["sql"].startswith("SELECT")]) <= 12
