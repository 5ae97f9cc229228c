"""Accounts that end by themselves: at the day that was expected, or when nobody signs in any more."""

from datetime import date, datetime, timedelta

import pytest

from accounts.enums import EtatCompte, MotifInactivation, Profil
from accounts.memberships import membership_of
from accounts.models import SessionOuverte, Utilisateur
from accounts.operations.fins_prevues import set_expected_end
from accounts.operations.techniciens import reactivate_technicien
from portal import clock, sweeps
from portal.audit.models import Evenement
from portal.courriels.models import Courriel
from portal.errors import DomainError
from portal.tenancy import scope
from signalements.enums import Statut
from signalements.models import Demande
from tests import factories as f

pytestmark = pytest.mark.django_db
END = date(2026, 3, 31)


def on(day, hour=10):
    return clock.at(datetime.fromisoformat(f"{day}T{hour:02d}:00:00+00:00"))


def run(name, day, hour=10):
    with on(day, hour):
        return sweeps.run(name)


def told(event):
    return set(Courriel.objects.filter(evenement=event).values_list("destinataire_id", flat=True))


@pytest.fixture
def place():
    caisse = f.caisse("251")
    structure = f.partenaire(caisse)
    convention = f.convention(structure, caisse)
    return {
        "caisse": caisse,
        "structure": structure,
        "convention": convention,
        "gest": f.utilisateur(
            Profil.GESTIONNAIRE, structure, active_le=datetime.fromisoformat("2026-03-01T08Z")
        ),
        "tech": f.utilisateur(
            Profil.TECHNICIEN, structure, fin_prevue=END, active_le=datetime.fromisoformat("2025-09-01T08Z")
        ),
        "admin": f.utilisateur(Profil.ADMIN_CAISSE, caisse),
    }


def fresh(user):
    return Utilisateur.objects.get(pk=user.pk)


def test_an_expected_end_is_announced_once_fifteen_days_before(place):
    assert run("comptes_fin_annoncee", "2026-03-15") == 0
    assert run("comptes_fin_annoncee", "2026-03-16") == 1
    assert run("comptes_fin_annoncee", "2026-03-17") == 0
    assert told("compte_fin_prevue") == {place["tech"].pk}
    assert told("comptes_fin_prevue") == {place["gest"].pk}
    mail = Courriel.objects.get(evenement="compte_fin_prevue")
    assert mail.donnees == {"echeance": "31/03/2026"}


def test_a_day_that_changes_is_announced_anew(place):
    run("comptes_fin_annoncee", "2026-03-16")
    with on("2026-03-17"), scope("partenaire", place["structure"].pk):
        actor = membership_of(place["gest"])
        assert set_expected_end(actor=actor, compte=place["tech"], fin=date(2026, 6, 30))
        assert not set_expected_end(actor=actor, compte=place["tech"], fin=date(2026, 6, 30))
        with pytest.raises(DomainError) as refused:
            set_expected_end(actor=actor, compte=place["tech"], fin=date(2026, 3, 16))
    assert refused.value.field == "fin_prevue"
    assert run("comptes_fin_annoncee", "2026-06-15") == 1
    assert Courriel.objects.filter(evenement="compte_fin_prevue").count() == 2


def test_the_account_ends_the_day_after_and_its_work_goes_to_the_structure(place):
    tech = place["tech"]
    demande = f.demande(place["convention"], tech, statut=Statut.EN_COURS)
    colleague = f.utilisateur(Profil.TECHNICIEN, place["structure"])
    SessionOuverte.objects.create(
        session_key="k" * 32,
        expire_date=clock.now() + timedelta(hours=1),
        utilisateur=tech,
        vue_le=clock.now(),
    )
    assert run("comptes_fin_prevue", "2026-03-31", 21) == 0
    # 22 h UTC is midnight in Paris: the day is over there.
    assert run("comptes_fin_prevue", "2026-03-31", 22) == 1
    assert run("comptes_fin_prevue", "2026-04-01") == 0
    closed = fresh(tech)
    assert (closed.etat, closed.motif_inactivation) == (EtatCompte.INACTIF, MotifInactivation.FIN_PREVUE)
    assert not SessionOuverte.objects.filter(utilisateur=tech).exists()
    assert Demande.objects.get(pk=demande.pk).a_reprendre_le is not None
    assert told("demandes_a_reprendre") == {colleague.pk}
    assert told("comptes_fermes") == {place["gest"].pk}
    acts = Evenement.objects.filter(objet="compte", objet_id=str(tech.pk)).values_list(
        "details__acte", flat=True
    )
    assert list(acts) == ["inactivation"]


def test_the_day_is_that_of_the_caisse(place):
    reunion = f.caisse("974", fuseau="Indian/Reunion")
    there = f.utilisateur(Profil.TECHNICIEN, f.partenaire(reunion), fin_prevue=END)
    assert run("comptes_fin_prevue", "2026-03-31", 20) == 1
    assert not fresh(there).is_active
    assert fresh(place["tech"]).is_active


def test_the_last_gestionnaire_stays_and_the_caisse_is_told_once(place):
    gest = place["gest"]
    Utilisateur.objects.filter(pk=gest.pk).update(fin_prevue=END)
    assert run("comptes_fin_prevue", "2026-04-02") == 1
    assert run("comptes_fin_prevue", "2026-04-03") == 0
    assert fresh(gest).is_active
    assert told("dernier_gestionnaire") == {place["admin"].pk}
    assert Courriel.objects.filter(evenement="dernier_gestionnaire").count() == 1
    f.utilisateur(Profil.GESTIONNAIRE, place["structure"])
    assert run("comptes_fin_prevue", "2026-04-04") == 1
    assert not fresh(gest).is_active


def test_a_reactivated_account_forgets_its_expected_end(place):
    run("comptes_fin_prevue", "2026-04-01")
    with on("2026-04-02"), scope("partenaire", place["structure"].pk):
        reactivate_technicien(actor=membership_of(place["gest"]), technicien=fresh(place["tech"]))
    assert fresh(place["tech"]).fin_prevue is None
    assert run("comptes_fin_prevue", "2026-04-03") == 0


def test_only_those_who_manage_an_account_set_its_end(place):
    for actor, compte in (
        (place["gest"], place["gest"]),
        (place["admin"], place["tech"]),
        (place["tech"],) * 2,
    ):
        with pytest.raises(DomainError):
            set_expected_end(actor=membership_of(actor), compte=compte, fin=END)
    with on("2026-03-01"):
        assert set_expected_end(actor=membership_of(place["admin"]), compte=place["gest"], fin=END)


@pytest.fixture
def absent(place):
    """A technicien whose last sign-in was on 1 January 2026."""
    seen = datetime.fromisoformat("2026-01-01T08:00:00+00:00")
    Utilisateur.objects.filter(pk=place["gest"].pk).update(
        last_login=datetime.fromisoformat("2026-06-30T08Z")
    )
    Utilisateur.objects.filter(pk=place["tech"].pk).update(fin_prevue=None, last_login=seen)
    return place["tech"]


def test_a_dormant_account_is_told_twice_then_inactivated(place, absent):
    assert run("comptes_absents_rappels", "2026-04-30") == 0
    assert run("comptes_absents_rappels", "2026-05-02") == 1
    assert run("comptes_absents_rappels", "2026-05-03") == 0
    assert run("comptes_absents_rappels", "2026-06-01") == 1
    assert run("comptes_absents", "2026-06-29") == 0
    assert run("comptes_absents", "2026-07-02") == 1
    assert run("comptes_absents", "2026-07-02") == 0
    assert fresh(absent).motif_inactivation == MotifInactivation.INACTIVITE
    assert told("compte_absent") == {absent.pk}
    assert told("comptes_absents") == {place["gest"].pk}
    assert [m.donnees for m in Courriel.objects.filter(evenement="compte_absent").order_by("id")] == [
        {"jours": 60},
        {"jours": 30},
    ]


def test_so_is_an_agent_s_but_an_administrator_stays(place, absent):
    agent = f.utilisateur(Profil.AGENT, place["caisse"], active_le=datetime.fromisoformat("2025-09-01T08Z"))
    seen = datetime.fromisoformat("2026-01-01T08Z")
    Utilisateur.objects.filter(pk__in=[agent.pk, place["admin"].pk]).update(last_login=seen, active_le=seen)
    Utilisateur.objects.filter(pk=absent.pk).update(last_login=datetime.fromisoformat("2026-06-30T08Z"))
    assert run("comptes_absents_rappels", "2026-06-01") == 1
    assert run("comptes_absents", "2026-07-02") == 1
    assert not fresh(agent).is_active
    assert told("comptes_absents") == {place["admin"].pk}


def test_late_reminders_put_the_end_off(absent):
    assert run("comptes_absents", "2026-08-01") == 0
    assert run("comptes_absents_rappels", "2026-08-01") == 1
    assert run("comptes_absents_rappels", "2026-08-02") == 0
    assert run("comptes_absents", "2026-08-30") == 0
    assert run("comptes_absents", "2026-09-01") == 1


def test_a_sign_in_begins_the_count_again(absent):
    run("comptes_absents_rappels", "2026-06-01")
    Utilisateur.objects.filter(pk=absent.pk).update(last_login=datetime.fromisoformat("2026-06-15T08Z"))
    assert run("comptes_absents", "2026-07-02") == 0
    assert run("comptes_absents_rappels", "2026-10-14") == 1


def test_the_last_gestionnaire_that_sleeps_stays_and_the_caisse_is_told(place, absent):
    gest, seen = place["gest"], datetime.fromisoformat("2026-01-01T08Z")
    Utilisateur.objects.filter(pk=gest.pk).update(last_login=seen, active_le=seen)
    run("comptes_absents_rappels", "2026-06-01")
    run("comptes_absents", "2026-07-02")
    assert fresh(gest).is_active
    assert told("dernier_gestionnaire") == {place["admin"].pk}


def test_zero_switches_it_off(absent, settings):
    settings.COMPTE_ABSENT_JOURS = 0
    assert run("comptes_absents_rappels", "2027-06-01") == 0
    assert run("comptes_absents", "2027-06-01") == 0
