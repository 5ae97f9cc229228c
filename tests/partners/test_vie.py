"""The life of a convention, act by act and by its sweeps (convention d’utilisation, art. 8)."""

from datetime import date, datetime

import pytest

from accounts.enums import Profil
from accounts.memberships import membership_of
from accounts.models import SessionOuverte
from partners.admin.actes import ACTES
from partners.endings import consequences
from partners.enums import EtatConvention, MotifFin, Partie, Reconduction, RegimePreavis, SuiteDemandes
from partners.models import Convention, MembreUnion, Referent, Signataire
from partners.operations.conventions import apply_levels, check_utilisation
from partners.operations.evaluation import record_evaluation
from partners.operations.fin import denounce, resume, suspend, terminate, withdraw_denunciation
from partners.operations.mises_en_demeure import lift_notice, put_on_notice, record_receipt
from partners.operations.signature import record_signature, send_to_sign
from partners.queries import what_waits
from portal import clock, sweeps
from portal.audit.models import Evenement
from portal.courriels.models import Courriel
from portal.courriels.rendering import render
from portal.errors import DomainError
from portal.tenancy import scope
from portal.workflow import ForbiddenTransition, StaleObject
from signalements.enums import Statut
from tests import factories as f

pytestmark = pytest.mark.django_db
E = EtatConvention


def on(day: str) -> object:
    return clock.at(datetime.fromisoformat(f"{day}T10:00:00+00:00"))


@pytest.fixture
def caisse():
    return f.caisse("251")


@pytest.fixture
def structure(caisse):
    return f.partenaire(caisse)


@pytest.fixture
def utilisation(caisse, structure):
    """Both conventions from 15 January 2026; the métier ends by a notice of three months."""
    made = f.convention(structure, caisse, date_effet=date(2026, 1, 15))
    Convention.objects.update(echeance=date(2027, 1, 15), preavis_mois=3)
    for partie in (Partie.CAISSE, Partie.PARTENAIRE):
        Referent.objects.create(convention=made, partie=partie, nom="Fictif", courriel=f"{partie}@x.example")
    made.refresh_from_db()
    return made


@pytest.fixture
def admin(caisse):
    return f.membership(Profil.ADMIN_CAISSE, caisse)


def refused(code: str):
    class Refusal:
        def __enter__(self):
            self.raised = pytest.raises(DomainError)
            self.error = self.raised.__enter__()

        def __exit__(self, *args):
            done = self.raised.__exit__(*args)
            assert self.error.value.code == code
            return done

    return Refusal()


def test_a_second_convention_over_the_same_period_is_refused_and_nothing_is_signed(admin, utilisation):
    twin = Convention.objects.create(
        reference="U-2",
        nature="UTILISATION",
        caisse=utilisation.caisse,
        partenaire=utilisation.partenaire,
        adossee_a=utilisation.adossee_a,
    )
    for partie in (Partie.CAISSE, Partie.PARTENAIRE):
        Referent.objects.create(convention=twin, partie=partie, nom="Fictif", courriel="r@x.example")
        Signataire.objects.create(convention=twin, partie=partie, nom="Fictif", qualite="Fictive")
    with on("2026-06-01"):
        send_to_sign(actor=admin, convention=twin)
        first, second = twin.signataires.all()
        record_signature(actor=admin, convention=twin, signataire=first, le=date(2026, 5, 1))
        with refused("chevauchement"):
            record_signature(actor=admin, convention=twin, signataire=second, le=date(2026, 5, 2))
    twin.refresh_from_db()
    assert twin.etat == E.EN_SIGNATURE
    assert twin.signataires.filter(signee_le=None).count() == 1


def test_a_convention_dutilisation_waits_for_its_metier(admin, caisse, structure):
    metier = Convention.objects.create(reference="M", nature="METIER", caisse=caisse, partenaire=structure)
    made = Convention.objects.create(
        reference="U", nature="UTILISATION", caisse=caisse, partenaire=structure, adossee_a=metier
    )
    for partie in (Partie.CAISSE, Partie.PARTENAIRE):
        Referent.objects.create(convention=made, partie=partie, nom="Fictif", courriel="r@x.example")
        Signataire.objects.create(convention=made, partie=partie, nom="Fictif", qualite="Fictive")
    send_to_sign(actor=admin, convention=made)
    first, second = made.signataires.all()
    record_signature(actor=admin, convention=made, signataire=first, le=date(2026, 1, 2))
    with refused("metier"):
        record_signature(actor=admin, convention=made, signataire=second, le=date(2026, 1, 2))


@pytest.mark.parametrize(
    ("le", "last"),
    [("2026-10-14", "2027-01-14"), ("2026-10-15", "2028-01-14")],
)
def test_a_denunciation_ends_at_the_anniversary_whose_notice_is_kept(admin, utilisation, le, last):
    with on(le):
        said = " ".join(ACTES["denoncer"].consequences(utilisation))
        denounce(actor=admin, convention=utilisation, par=Partie.PARTENAIRE, le=date.fromisoformat(le))
    utilisation.refresh_from_db()
    assert "respecté jusqu’au 14/10/2026" in said
    assert f"dénoncée aujourd’hui, le {date.fromisoformat(last):%d/%m/%Y}" in said
    assert utilisation.date_fin == date.fromisoformat(last)
    assert utilisation.etat == E.ACTIVE
    with on(le):
        withdraw_denunciation(actor=admin, convention=utilisation)
    utilisation.refresh_from_db()
    assert (utilisation.date_fin, utilisation.denoncee_le) == (None, None)


def test_a_convention_that_is_not_renewed_keeps_its_term_when_its_denunciation_is_withdrawn(
    admin, utilisation
):
    Convention.objects.filter(pk=utilisation.pk).update(
        reconduction=Reconduction.AUCUNE,
        regime_preavis=RegimePreavis.TOUT_MOMENT,
        date_fin=date(2027, 1, 14),
    )
    with on("2026-06-01"):
        denounce(
            actor=admin,
            convention=utilisation,
            par=Partie.CAISSE,
            le=date(2026, 6, 1),
            fin=date(2026, 7, 31),
        )
        withdraw_denunciation(actor=admin, convention=utilisation)
    utilisation.refresh_from_db()
    assert utilisation.date_fin == date(2027, 1, 14)


def test_a_text_without_denunciation_cannot_be_denounced_and_one_at_any_time_asks_for_the_day(
    admin, utilisation
):
    with on("2026-06-01"):
        Convention.objects.filter(pk=utilisation.pk).update(regime_preavis=RegimePreavis.AUCUN)
        with refused("sans_denonciation"):
            denounce(actor=admin, convention=utilisation, par=Partie.CAISSE, le=date(2026, 6, 1))
        Convention.objects.filter(pk=utilisation.pk).update(regime_preavis=RegimePreavis.TOUT_MOMENT)
        with refused("fin"):
            denounce(actor=admin, convention=utilisation, par=Partie.CAISSE, le=date(2026, 6, 1))
        with refused("fin_avant"):
            denounce(
                actor=admin,
                convention=utilisation,
                par=Partie.CAISSE,
                le=date(2026, 6, 1),
                fin=date(2026, 5, 31),
            )


@pytest.mark.parametrize(
    ("depart", "days", "free", "busy"),
    [("ENVOI", 15, "2026-03-17", "2026-03-16"), ("RECEPTION", 30, "2026-04-05", "2026-04-04")],
)
def test_a_breach_ends_a_convention_only_once_its_delay_is_over(admin, utilisation, depart, days, free, busy):
    Convention.objects.update(mise_en_demeure_depart=depart, mise_en_demeure_jours=days)
    with on("2026-03-06"):
        put_on_notice(
            actor=admin,
            convention=utilisation,
            par=Partie.CAISSE,
            manquement="Comptes partagés",
            envoyee_le=date(2026, 3, 1),
        )
        assert Convention.objects.get(pk=utilisation.pk).opens_on(date(2026, 3, 6))
        said = {"motif": MotifFin.MANQUEMENT, "commentaire": "Sans réponse"}
        if depart == "RECEPTION":
            with refused("reception"):
                terminate(actor=admin, convention=utilisation, fin=date(2026, 3, 6), **said)
            to_do = [phrase for row, phrase, _ in what_waits(Convention.objects.all())]
            assert to_do[0].startswith("Saisir la réception de la mise en demeure")
            record_receipt(actor=admin, convention=utilisation, recue_le=date(2026, 3, 5))
    with on(busy), refused("delai_en_cours"):
        terminate(actor=admin, convention=utilisation, fin=date.fromisoformat(busy), **said)
    with on(free):
        waiting = [phrase for row, phrase, _ in what_waits(Convention.objects.all())]
        assert f"Délai de la mise en demeure passé\u00a0: {utilisation.partenaire}" in waiting
        terminate(actor=admin, convention=utilisation, fin=date.fromisoformat(free), **said)
    utilisation.refresh_from_db()
    assert (utilisation.etat, utilisation.motif_fin) == (E.RESILIEE, MotifFin.MANQUEMENT)


def test_a_breach_that_is_mended_leaves_the_convention_as_it_was(admin, utilisation):
    with on("2026-03-06"):
        put_on_notice(
            actor=admin,
            convention=utilisation,
            par=Partie.PARTENAIRE,
            manquement="Délais",
            envoyee_le=date(2026, 3, 6),
        )
        suspend(actor=admin, convention=utilisation, commentaire="Le temps de voir")
        assert not Convention.objects.get(pk=utilisation.pk).opens_on(date(2026, 3, 6))
        assert resume(actor=admin, convention=utilisation).etat == E.MISE_EN_DEMEURE
        assert lift_notice(actor=admin, convention=utilisation).etat == E.ACTIVE
        with refused("sans_mise_en_demeure"):
            lift_notice(actor=admin, convention=utilisation)


def test_who_acts_on_a_page_that_is_no_longer_true_is_told(admin, utilisation):
    read = utilisation.version
    suspend(actor=admin, convention=utilisation, commentaire="Essai", version=read)
    with pytest.raises(StaleObject):
        resume(actor=admin, convention=utilisation, version=read)
    with pytest.raises(ForbiddenTransition):
        suspend(actor=admin, convention=utilisation, commentaire="Encore")


def test_another_caisse_cannot_touch_it(utilisation):
    other = f.membership(Profil.ADMIN_CAISSE, f.caisse("422"))
    with refused("hors_perimetre"):
        suspend(actor=other, convention=utilisation, commentaire="Essai")


def test_it_is_renewed_at_each_anniversary_once_the_first_year_was_evaluated(admin, utilisation):
    with on("2027-01-15"):
        assert sweeps.run("conventions_reconduites") == 0
        record_evaluation(actor=admin, convention=utilisation, le=date(2027, 1, 10))
        assert sweeps.run("conventions_reconduites") == 0  # it leans on a métier that still waits (art. 8.1)
        record_evaluation(actor=admin, convention=utilisation.adossee_a, le=date(2027, 1, 10))
        assert sweeps.run("conventions_reconduites") == 2
        assert sweeps.run("conventions_reconduites") == 0
    utilisation.refresh_from_db()
    assert utilisation.echeance == date(2028, 1, 15)
    with on("2030-02-01"):
        assert sweeps.run("conventions_reconduites") == 2
    utilisation.refresh_from_db()
    assert utilisation.echeance == date(2031, 1, 15)
    assert utilisation.passages.filter(acte="RECONDUCTION").count() == 2


def test_the_referents_and_gestionnaires_are_reminded_four_times_before_the_anniversary(
    utilisation, structure
):
    f.utilisateur(Profil.GESTIONNAIRE, structure)
    told = []
    for day in ("2026-09-16", "2026-09-17", "2026-09-18", "2026-10-17", "2026-11-16", "2026-12-20"):
        with on(day):
            sweeps.run("conventions_rappels")
            sweeps.run("conventions_rappels")
            told.append(Courriel.objects.filter(evenement="convention_echeance").count())
    assert told == [0, 4, 4, 8, 12, 16]  # of the utilisation its two référents; of both, the gestionnaire
    said = render(Courriel.objects.filter(evenement="convention_echeance").latest("pk")).texte
    assert "2027" in said


def test_what_is_denounced_ends_with_its_last_day_and_takes_what_leans_on_it(admin, utilisation, structure):
    technicien = f.utilisateur(Profil.TECHNICIEN, structure)
    gestionnaire = f.utilisateur(Profil.GESTIONNAIRE, structure)
    demande = f.demande(utilisation, technicien, statut=Statut.EN_COURS)
    metier = utilisation.adossee_a
    with on("2026-06-01"):
        denounce(
            actor=admin,
            convention=metier,
            par=Partie.CAISSE,
            le=date(2026, 6, 1),
            suite=SuiteDemandes.CLORE,
        )
        said = [row.phrase for row in consequences(metier, date(2027, 1, 14))]
        names = [line for row in consequences(metier, date(2027, 1, 14)) for line in row.lignes]
    assert any("2 comptes" in phrase for phrase in said)
    assert any(technicien.identifiant in name for name in names)
    assert any("1 demande ouverte" in phrase for phrase in said)
    SessionOuverte.objects.create(
        session_key="s" * 32,
        session_data="x",
        vue_le=clock.now(),
        expire_date=datetime(2031, 1, 1, tzinfo=clock.now().tzinfo),
        utilisateur=technicien,
    )
    names = ("conventions_terminees", "comptes_sans_convention", "demandes_sans_convention")
    with on("2027-01-14"):
        assert [sweeps.run(name) for name in names] == [0, 0, 0]
    with on("2027-01-15"):
        assert [sweeps.run(name) for name in names] == [1, 2, 1]
        assert [sweeps.run(name) for name in names] == [0, 0, 0]
    utilisation.refresh_from_db()
    assert (utilisation.etat, utilisation.motif_fin) == (E.RESILIEE, MotifFin.METIER)
    for user in (technicien, gestionnaire):
        user.refresh_from_db()
        assert not user.is_active
        assert user.motif_inactivation == "fin_convention"
        assert membership_of(user) is None
    assert not SessionOuverte.objects.filter(utilisateur=technicien).exists()
    demande.refresh_from_db()
    assert (demande.statut, demande.issue) == (Statut.TRAITEE, "SANS_SUITE")
    assert Evenement.objects.filter(objet="compte", details__motif="fin_convention").count() == 2


def test_a_structure_of_two_caisses_loses_only_the_one_whose_convention_ends(admin, utilisation, structure):
    technicien = f.utilisateur(Profil.TECHNICIEN, structure)
    other = f.convention(structure, f.caisse("422"), date_effet=date(2026, 1, 15))
    with on("2026-06-02"):
        assert "ne perdent que celle-ci" in consequences(utilisation, date(2026, 6, 1))[0].phrase
        terminate(
            actor=admin,
            convention=utilisation,
            motif=MotifFin.ACCORD,
            fin=date(2026, 6, 1),
            commentaire="Fusion",
        )
        assert sweeps.run("comptes_sans_convention") == 0
        membership = membership_of(technicien)
        assert membership is not None
        assert membership.caisses_ouvertes == [other.caisse_id]


def test_the_level_of_a_member_of_a_union_drives_what_its_own_convention_opens(caisse, structure):
    union = f.partenaire(caisse, type="UNION")
    metier = Convention.objects.create(
        reference="MU",
        nature="METIER_UNION",
        caisse=caisse,
        partenaire=union,
        etat=E.ACTIVE,
        date_effet=date(2026, 1, 15),
    )
    shared = {"caisse": caisse, "partenaire": structure, "nature": "UTILISATION", "adossee_a": metier}
    with refused("hors_union"):
        check_utilisation(**shared, fonctions=["CONTACT"])
    membre = MembreUnion.objects.create(
        convention=metier, union=union, partenaire=structure, nom="CCAS", niveau=2
    )
    with refused("niveau"):
        check_utilisation(**shared, fonctions=["CONTACT", "DOSSIER"])
    MembreUnion.objects.update(niveau=3)
    check_utilisation(**shared, fonctions=["CONTACT", "DOSSIER"])
    own = Convention.objects.create(
        reference="UU",
        etat=E.ACTIVE,
        date_effet=date(2026, 1, 15),
        fonctions=["CONTACT", "DOSSIER"],
        **shared,
    )
    technicien = f.utilisateur(Profil.TECHNICIEN, structure)
    with scope("partenaire", structure.pk), on("2026-06-01"):
        membership = membership_of(technicien)
        assert membership is not None
        assert membership.caisses_ouvertes == [caisse.pk]
    other = f.partenaire(caisse)
    with scope("partenaire", other.pk):
        assert not Convention.objects.filter(pk=metier.pk).exists()
        assert not MembreUnion.objects.exists()
    for niveau, left in ((2, ["CONTACT"]), (0, [])):
        MembreUnion.objects.filter(pk=membre.pk).update(niveau=niveau)
        apply_levels(metier)
        own.refresh_from_db()
        assert own.fonctions == left
