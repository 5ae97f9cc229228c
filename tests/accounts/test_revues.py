"""Revues d’habilitations: opened by the caisse, answered and confirmed by the structure, late without a lock-out."""

import io
from datetime import datetime, timedelta
from typing import Any

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import EtatCompte, Profil, ReponseRevue
from accounts.memberships import membership_of
from accounts.models import LigneRevue, PreuveRevue, RevueHabilitation, Utilisateur
from accounts.operations import techniciens
from accounts.operations.confirmation_revue import confirm_review
from accounts.operations.revues import Reponse, answer, close_review, open_reviews
from caisses.enums import PeriodeRevue
from portal import clock, sweeps
from portal.audit.models import Evenement
from portal.courriels.models import Courriel
from portal.errors import DomainError
from portal.tenancy import scope
from signalements.enums import Statut
from tests import factories as f
from tests.accounts.conftest import CANARY, url
from tests.fixtures.signing_in import sign_in

pytestmark = pytest.mark.django_db

RESTE, CHANGE, PARTI = (Reponse(choice) for choice in ReponseRevue)


@pytest.fixture
def admin(place: dict[str, Any]) -> Any:
    return f.membership(Profil.ADMIN_CAISSE, place["doubs"])


@pytest.fixture
def actor(place: dict[str, Any]) -> Any:
    return membership_of(place["gest"])


@pytest.fixture
def revue(place: dict[str, Any], admin: Any) -> RevueHabilitation:
    with scope("caisse", place["doubs"].pk):
        open_reviews(actor=admin, echeance=place["doubs"].today() + timedelta(days=30))
    found: RevueHabilitation = RevueHabilitation.objects.get()
    return found


def everybody(place: dict[str, Any], **but: Reponse) -> dict[int, Reponse]:
    """« Toujours en poste » for the three accounts of the structure, but those named."""
    return {place[name].pk: but.get(name, RESTE) for name in ("gest", "peer", "tech")}


def said(actor: Any, revue: RevueHabilitation, reponses: dict[int, Reponse]) -> RevueHabilitation:
    with scope(actor.realm, actor.tenant):
        return answer(actor=actor, revue_id=revue.pk, version=revue.version, reponses=reponses)


def confirmed(actor: Any, revue: RevueHabilitation, read: set[int], **more: Any) -> RevueHabilitation:
    with scope(actor.realm, actor.tenant):
        return confirm_review(
            actor=actor,
            revue_id=revue.pk,
            version=revue.version,
            comptes_lus=read,
            **{"successeurs": {}, **more},
        )


def admin_url(name: str, *args: Any) -> str:
    return reverse(f"admin:accounts_{name}", args=args)


def mails(event: str) -> list[Courriel]:
    return list(Courriel.objects.filter(evenement=event).order_by("pk"))


# Opening -----------------------------------------------------------------------------------------------


def test_all_structures_or_one_are_asked_and_one_that_has_a_review_keeps_it(place, admin, revue):
    other = f.partenaire(place["doubs"])
    f.convention(other, place["doubs"])
    f.utilisateur(Profil.GESTIONNAIRE, other)
    f.convention(f.partenaire(place["doubs"]), place["doubs"])  # nobody to review there
    day = place["doubs"].today() + timedelta(days=15)
    with scope("caisse", place["doubs"].pk):
        with pytest.raises(DomainError, match="déjà ouverte"):
            open_reviews(actor=admin, echeance=day, structure=place["valbrume"])
        assert open_reviews(actor=admin, echeance=day) == (1, 1)
    assert {row.partenaire for row in RevueHabilitation.objects.all()} == {place["valbrume"], other}
    assert Evenement.objects.filter(objet="revuehabilitation", details__acte="ouverture").count() == 2


@pytest.mark.parametrize("days", [0, -1, 400])
def test_a_review_is_asked_for_a_day_to_come(place, admin, days):
    with pytest.raises(DomainError) as refused:
        open_reviews(actor=admin, echeance=place["doubs"].today() + timedelta(days=days))
    assert refused.value.field == "echeance"


def test_only_the_administrator_of_the_caisse_opens_and_only_where_it_works(place, admin, actor):
    day = place["doubs"].today() + timedelta(days=30)
    with pytest.raises(DomainError, match="rôle"):
        open_reviews(actor=actor, echeance=day)
    with pytest.raises(DomainError, match="Aucun compte"):
        open_reviews(actor=admin, echeance=day, structure=place["pontreval"])


def test_a_closed_review_asks_nothing_more_and_another_may_be_opened(place, admin, actor, revue):
    close_review(actor=admin, revue=revue, version=revue.version)
    with pytest.raises(DomainError, match="close par la caisse"):
        said(actor, revue, everybody(place))
    assert open_reviews(actor=admin, echeance=place["doubs"].today() + timedelta(days=9)).ouvertes == 1


# Answering ---------------------------------------------------------------------------------------------


def test_answers_are_kept_as_they_come_and_change_nobody(place, actor, revue):
    revue = said(actor, revue, {place["tech"].pk: PARTI})
    revue = said(actor, revue, {place["peer"].pk: RESTE, place["tech"].pk: Reponse("CHANGE", "Cheffe")})
    assert {row.compte: (row.reponse, row.fonction) for row in LigneRevue.objects.all()} == {
        place["tech"]: ("CHANGE", "Cheffe"),
        place["peer"]: ("RESTE", ""),
    }
    progress = RevueHabilitation.objects.with_progress().get()
    assert (progress.repondus, progress.comptes_actifs) == (2, 3)
    place["tech"].refresh_from_db()
    assert (place["tech"].is_active, place["tech"].fonction) == (True, "Fonction fictive")


def test_an_answer_on_a_page_that_is_no_longer_the_last_is_refused(place, actor, revue):
    said(membership_of(place["peer"]), revue, {place["tech"].pk: RESTE})
    with pytest.raises(DomainError) as refused:
        said(actor, revue, {place["tech"].pk: PARTI})
    assert refused.value.code == "perimee"


def test_one_does_not_declare_ones_own_departure(place, actor, revue):
    with pytest.raises(DomainError, match="propre départ"):
        said(actor, revue, {place["gest"].pk: PARTI})


@pytest.mark.parametrize("who", ["stranger", "gone"])
def test_an_account_that_is_not_active_in_the_structure_is_not_answered_for(place, actor, revue, who):
    if who == "gone":
        place["gone"] = place["tech"]
        techniciens.inactivate_technicien(
            actor=membership_of(place["peer"]),
            technicien=place["tech"],
            motif=techniciens.MOTIFS_GESTIONNAIRE[0],
        )
    with pytest.raises(DomainError) as refused:
        said(actor, revue, {place["peer"].pk: RESTE, place[who].pk: RESTE})
    assert refused.value.code == "comptes_changes"
    assert ("Durandfictif" in refused.value.message) == (who == "gone")
    assert not LigneRevue.objects.exists()


# Confirming --------------------------------------------------------------------------------------------


def test_confirming_changes_fonctions_inactivates_hands_over_and_keeps_a_proof(place, actor, revue):
    leaving = f.utilisateur(Profil.TECHNICIEN, place["valbrume"], nom="Partantfictif")
    demande = f.demande(place["conv"], leaving, statut=Statut.ENVOYEE)
    answers = everybody(place, tech=Reponse("CHANGE", "Cheffe de service"), peer=PARTI)
    revue = said(actor, revue, {**answers, leaving.pk: PARTI})
    revue = confirmed(actor, revue, {*answers, leaving.pk}, successeurs={leaving.pk: place["tech"]})
    for user in (leaving, place["tech"], place["peer"], demande):
        user.refresh_from_db()
    assert (leaving.etat, leaving.motif_inactivation) == (EtatCompte.INACTIF, "depart_structure")
    assert place["tech"].fonction == "Cheffe de service"
    assert place["peer"].is_active  # a gestionnaire is the caisse's to inactivate
    assert demande.auteur == place["tech"]
    proof = PreuveRevue.objects.get(revue=revue)
    document = pikepdf.open(io.BytesIO(bytes(proof.contenu)))
    assert bool(document.Root.MarkInfo.Marked)
    assert Evenement.objects.get(details__acte="confirmation").details["reponses"] == {
        "RESTE": 1,
        "CHANGE": 1,
        "PARTI": 2,
    }
    told = mails("revue_confirmee")
    assert {mail.adresse or mail.destinataire.identifiant for mail in told} == {
        place["doubs"].support_courriel,
        place["peer"].identifiant,
    }


def test_nothing_is_confirmed_while_an_answer_is_missing(place, actor, revue):
    answers = everybody(place)
    del answers[place["tech"].pk]
    revue = said(actor, revue, answers)
    with pytest.raises(DomainError, match=r"1 compte attend votre réponse.*Durandfictif"):
        confirmed(actor, revue, set(everybody(place)))


def test_a_changed_fonction_is_named(place, actor, revue):
    revue = said(actor, revue, everybody(place, tech=CHANGE))
    with pytest.raises(DomainError) as refused:
        confirmed(actor, revue, set(everybody(place)))
    assert refused.value.code == "fonction_absente"


@pytest.mark.parametrize("change", ["opened", "inactivated"])
def test_accounts_that_changed_meanwhile_are_named_and_nothing_is_half_done(place, actor, revue, change):
    leaving = f.utilisateur(Profil.TECHNICIEN, place["valbrume"])
    revue = said(actor, revue, {**everybody(place), leaving.pk: PARTI})
    if change == "opened":
        named = f.utilisateur(Profil.TECHNICIEN, place["valbrume"], nom="Arrivantfictif").nom
    else:
        named = place["tech"].nom
        techniciens.inactivate_technicien(
            actor=membership_of(place["peer"]),
            technicien=place["tech"],
            motif=techniciens.MOTIFS_GESTIONNAIRE[0],
        )
    with pytest.raises(DomainError, match=named) as refused:
        confirmed(actor, revue, {*everybody(place), leaving.pk})
    assert refused.value.code == "comptes_changes"
    leaving.refresh_from_db()
    assert leaving.is_active
    assert RevueHabilitation.objects.get().is_open


def test_nobody_who_leaves_takes_over(place, actor, revue):
    both = [f.utilisateur(Profil.TECHNICIEN, place["valbrume"]) for _ in range(2)]
    answers = {**everybody(place), **{user.pk: PARTI for user in both}}
    revue = said(actor, revue, answers)
    with pytest.raises(DomainError, match="quitte aussi"):
        confirmed(actor, revue, set(answers), successeurs={both[0].pk: both[1]})
    assert Utilisateur.objects.filter(pk__in=[user.pk for user in both], is_active=True).count() == 2


def test_a_review_is_confirmed_once(place, actor, revue):
    revue = said(actor, revue, everybody(place))
    confirmed(actor, revue, set(everybody(place)))
    with pytest.raises(DomainError, match="déjà confirmée"):
        confirmed(actor, revue, set(everybody(place)))
    assert PreuveRevue.objects.count() == 1


# Days --------------------------------------------------------------------------------------------------


def run_at(day: datetime) -> None:
    with clock.at(day):
        sweeps.run("revues_rappels")
        sweeps.run("revues_rappels")


def test_it_is_announced_reminded_then_said_to_be_late_once_each_and_locks_nobody(place, revue):
    opened = clock.now()
    run_at(opened)
    people = {place["gest"].pk, place["peer"].pk}
    assert {mail.destinataire_id for mail in mails("revue_a_faire")} == people
    run_at(opened + timedelta(days=16))
    run_at(opened + timedelta(days=29, hours=20))
    assert len(mails("revue_a_faire")) == 6  # 15 days, then 1 day: the reminder of 7 days is not said late
    run_at(opened + timedelta(days=32))
    assert {mail.destinataire_id for mail in mails("revue_en_retard")} == people
    assert [mail.adresse for mail in mails("revues_en_retard")] == [place["doubs"].support_courriel]
    assert Utilisateur.objects.filter(pk__in=people, is_active=True).count() == 2


@pytest.mark.parametrize(("period", "months", "opened"), [(0, 13, 0), (12, 11, 0), (12, 13, 1), (6, 7, 1)])
def test_the_period_of_the_caisse_opens_one_after_the_last(
    place, admin, actor, revue, period, months, opened
):
    place["doubs"].revue_habilitations_mois = PeriodeRevue(period)
    place["doubs"].save()
    RevueHabilitation.objects.update(confirmee_le=clock.now())
    with clock.at(clock.now() + timedelta(days=31 * months)):
        sweeps.run("revues_periodiques")
        sweeps.run("revues_periodiques")
    assert RevueHabilitation.objects.filter(periodique=True).count() == opened


def test_a_structure_without_review_is_due_a_period_after_its_convention_began(place):
    place["conv"].date_effet = clock.today() - timedelta(days=100)
    place["conv"].save()
    for day, opened in ((clock.now(), 0), (clock.now() + timedelta(days=300), 1)):
        with clock.at(day):
            sweeps.run("revues_periodiques")
        assert RevueHabilitation.objects.filter(caisse=place["doubs"]).count() == opened


# Screens -----------------------------------------------------------------------------------------------


def form_of(revue: RevueHabilitation, answers: dict[int, Reponse], **more: Any) -> dict[str, Any]:
    fields = {f"reponse_{pk}": said.reponse for pk, said in answers.items()}
    fields |= {f"fonction_{pk}": said.fonction for pk, said in answers.items()}
    return {"version": revue.version, **fields, **more}


def test_the_screen_saves_resumes_and_confirms_without_a_script(gest, place, revue):
    first = form_of(revue, {place["tech"].pk: Reponse("CHANGE", "Cheffe")})
    page = gest.post(url("revue", revue.pk), first, follow=True).text
    assert "Réponses enregistrées\u00a0: 1 sur 3" in page
    assert ">1 sur 3</strong>" in page
    assert 'value="Cheffe"' in page
    refused = gest.get(url("revue_confirmer", revue.pk), follow=True).text
    assert "2 comptes attendent votre réponse" in refused
    revue.refresh_from_db()
    rest = form_of(revue, everybody(place, tech=Reponse("CHANGE", "Cheffe")), action="continuer")
    page = gest.post(url("revue", revue.pk), rest, follow=True)
    revue.refresh_from_db()
    data = {"version": revue.version, "comptes": page.context["form"].initial["comptes"]}
    done = gest.post(url("revue_confirmer", revue.pk), data, follow=True).text
    assert "La revue est confirmée" in done
    proof = gest.get(url("revue_preuve", revue.pk))
    assert proof["Content-Type"] == "application/pdf"
    assert Evenement.objects.filter(verbe="telechargement", objet="revuehabilitation").exists()
    again = gest.post(url("revue", revue.pk), rest, follow=True).text
    assert "rien n’a été enregistré" in again


def test_a_script_saves_each_answer_and_is_told_when_a_colleague_did(gest, place, revue):
    headers = {"accept": "application/json"}
    data = form_of(revue, {place["tech"].pk: RESTE})
    saved = gest.post(url("revue", revue.pk), data, headers=headers)
    assert (saved.json()["version"], saved.json()["avancement"]) == (2, "1 sur 3")
    stale = gest.post(url("revue", revue.pk), form_of(revue, {place["tech"].pk: PARTI}), headers=headers)
    assert (stale.status_code, stale.json()["code"]) == (409, "perime")


def test_a_stale_page_keeps_what_was_typed_and_shows_the_answer_of_the_colleague(gest, place, revue):
    said(membership_of(place["peer"]), revue, {place["tech"].pk: RESTE})
    typed = form_of(revue, {place["tech"].pk: Reponse("CHANGE", "Fonction nouvelle")})
    response = gest.post(url("revue", revue.pk), typed)
    assert response.status_code == 422
    assert 'value="Fonction nouvelle"' in response.text
    assert "Réponse déjà enregistrée\u00a0: Toujours en poste" in response.text
    again = {**typed, "version": response.context["form"]["version"].value()}
    assert gest.post(url("revue", revue.pk), again).status_code == 302


def test_the_home_shows_the_review_to_do_and_that_it_is_late(gest, place, revue):
    assert "Revue d’habilitation\u00a0: à faire avant le" in gest.get(url("gestion_accueil")).text
    RevueHabilitation.objects.update(echeance=clock.today() - timedelta(days=2))
    page = gest.get(url("gestion_accueil")).text
    assert "Une revue d’habilitations est en retard" in page
    assert "0 sur 3" in page
    assert "En retard de 2" in gest.get(url("revue", revue.pk)).text


def test_another_structure_knows_nothing_of_it(client, place, revue):
    stranger = f.utilisateur(Profil.GESTIONNAIRE, place["pontreval"])
    client = sign_in(client, stranger)
    for name in ("revue", "revue_confirmer", "revue_preuve"):
        assert client.get(url(name, revue.pk)).status_code == 404
    assert "CPAM 251" not in client.get(url("revues")).text


def test_the_screen_costs_the_same_for_sixty_accounts(gest, place, revue, django_assert_max_num_queries):
    for _ in range(60):
        f.utilisateur(Profil.TECHNICIEN, place["valbrume"])
    for _ in range(2):
        gest.get(url("revue", revue.pk))
    with django_assert_max_num_queries(12):
        page = gest.get(url("revue", revue.pk), {"page": "2"})
    assert len(page.context["form"].lines()) == 13


# The caisse ---------------------------------------------------------------------------------------------


@pytest.fixture
def back(client: Any, admin: Any) -> Any:
    return sign_in(client, admin.user)


def test_the_caisse_opens_follows_and_closes_in_its_admin(back, place):
    data = {"structure": "", "echeance": f"{place['doubs'].today() + timedelta(days=20):%Y-%m-%d}"}
    page = back.post(admin_url("revuehabilitation_add"), data, follow=True).text
    assert "1 revue est ouverte." in page
    assert "0 sur 3" in page
    revue = RevueHabilitation.objects.get()
    refused = back.post(admin_url("revuehabilitation_add"), {**data, "structure": place["valbrume"].pk})
    assert (refused.status_code, "déjà ouverte" in refused.text) == (422, True)
    assert (
        back.post(admin_url("revuehabilitation_clore", revue.pk), {"version": revue.version}).status_code
        == 302
    )
    assert "Close sans réponse" in back.get(admin_url("revuehabilitation_change", revue.pk)).text


def test_the_caisse_sees_what_is_late_whom_to_inactivate_and_the_proof(back, place, actor, revue):
    done = confirmed(actor, said(actor, revue, everybody(place, peer=PARTI)), set(everybody(place)))
    RevueHabilitation.objects.create(
        caisse=place["doubs"],
        partenaire=place["valbrume"],
        ouverte_le=clock.now(),
        echeance=clock.today() - timedelta(days=3),
    )
    home = back.get("/admin/").text
    assert "1 revue d’habilitations est en retard" in home
    assert "dont 1 en retard" in home
    assert "Gestionnaire parti d’après sa structure, à inactiver\u00a0: CCAS de Valbrume" in home
    assert "En retard de 3" in back.get(admin_url("revuehabilitation_changelist"), {"etat": "retard"}).text
    page = back.get(admin_url("revuehabilitation_change", done.pk)).text
    assert "A quitté la structure" in page
    assert admin_url("revuehabilitation_preuve", done.pk) in page
    proof = back.get(admin_url("revuehabilitation_preuve", done.pk))
    assert proof.content.startswith(b"%PDF-")


# The table ----------------------------------------------------------------------------------------------


def test_the_table_of_accounts_is_harmless_kept_to_the_tenant_and_journaled(gest, back_of_loire, place):
    place["tech"].fonction = "=HYPERLINK(1)"
    place["tech"].save()
    sheet = gest.get(url("tableau_csv")).getvalue().decode("utf-8-sig")
    assert sheet.startswith("Structure;Nom;Prénom")
    assert "'=HYPERLINK(1)" in sheet
    assert place["peer"].courriel in sheet
    assert place["stranger"].courriel not in sheet
    assert gest.get(url("tableau_xlsx")).getvalue().startswith(b"PK")
    followed = back_of_loire.get(admin_url("comptepartenaire_tableau_csv")).getvalue().decode("utf-8-sig")
    assert place["stranger"].courriel in followed
    assert place["tech"].courriel not in followed
    exports = Evenement.objects.filter(verbe="export", objet="tableau_habilitations").order_by("le")
    assert [(e.details["format"], e.details["lignes"]) for e in exports] == [
        ("csv", 3),
        ("xlsx", 3),
        ("csv", 1),
    ]


@pytest.fixture
def back_of_loire(place: dict[str, Any]) -> Any:
    return sign_in(Client(), f.utilisateur(Profil.ADMIN_CAISSE, place["loire"]))


def test_the_activity_counts_by_technicien_and_service_and_names_nobody_helped(gest, place):
    for _ in range(2):
        f.demande(place["conv"], place["tech"], statut=Statut.ENVOYEE, personne={"nom_naissance": CANARY})
    page = gest.get(url("activite")).text
    assert "Durandfictif" in page
    assert ">2</td>" in page
    assert CANARY not in page
    assert "EP-251" not in page
