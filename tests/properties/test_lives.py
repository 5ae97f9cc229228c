"""Whatever is done to accounts and conventions, by whom and in whatever order, what the convention says holds.

Random sequences of acts by several actors, with the sweeps at random dates, each twice. PROPERTY_EXAMPLES=500 plays
more.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.enums import MotifInactivation, NatureAttestation, Profil
from accounts.memberships import Membership, membership_of
from accounts.models import RolePartenaire, SessionOuverte, Utilisateur
from accounts.operations import coupures, gestionnaires, techniciens
from accounts.operations.comptes import Identite
from accounts.operations.fins_prevues import set_expected_end
from accounts.operations.signaler import report_misuse
from accounts.permissions import Act, can
from partners.enums import EN_VIGUEUR, EtatConvention, MotifFin, NatureConvention, Partie, RegimePreavis
from partners.models import Convention, Partenaire, Referent, Signataire
from partners.operations.fin import denounce, resume, suspend, terminate, withdraw_denunciation
from partners.operations.signature import record_signature
from portal import clock, pdf, sweeps
from portal.audit.models import Evenement
from portal.errors import DomainError
from portal.tenancy import scope
from tests import factories as f

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
EXAMPLES = int(os.environ.get("PROPERTY_EXAMPLES", "4"))
LONGEST = 16
SWEEPS = (
    "conventions_terminees",
    "comptes_sans_convention",
    "comptes_fin_annoncee",
    "comptes_fin_prevue",
    "comptes_absents_rappels",
    "comptes_absents",
    "comptes_suppression_annoncee",
    "comptes_supprimes",
)
# What takes the last gestionnaire: art. 4.1 and the end of all conventions; nothing else does.
TAKES_THE_LAST = frozenset({"cut", "comptes_sans_convention"})
WATCHED = (
    "is_active",
    "inactive_le",
    "active_le",
    "invitation",
    "fin_prevue",
    "supprime_le",
    "identifiant",
    "nom",
)


@dataclass
class Monde:
    """Two caisses, two structures, and who acts."""

    caisses: list[Any]
    structures: list[Any]
    admins: list[Membership]
    national: Membership
    moment: datetime = START
    serial: int = 0
    named: dict[int, str] = field(default_factory=dict)

    def accounts(self, *profils: Profil) -> list[Utilisateur]:
        rows = Utilisateur.objects.filter(profil__in=[p.value for p in profils], supprime_le__isnull=True)
        return list(rows.order_by("pk"))

    def actor(self, structure: Any) -> Membership | None:
        found = Utilisateur.objects.of_partenaire(structure).gestionnaires().filter(is_active=True).first()
        return membership_of(found) if found else None

    def identite(self) -> Identite:
        self.serial += 1
        return Identite(
            civilite="MME",
            nom=f"Fictive{chr(97 + self.serial % 26)}",
            prenom="Zoé",
            fonction="Référente",
            telephone="+33381000000",
            courriel=f"p{self.serial}@ccas.example",
        )


def build() -> Monde:
    """A structure with both caisses (the second convention still to sign), and one with the first only."""
    doubs, loire = f.caisse("251"), f.caisse("422")
    valbrume, roche = f.partenaire(doubs, nombre_membres=8), f.partenaire(doubs, nombre_membres=12)
    for structure, caisse in ((valbrume, doubs), (roche, doubs), (valbrume, loire)):
        made = f.convention(structure, caisse, date_effet=date(2026, 1, 15))
        Convention.objects.filter(partenaire=structure).update(
            regime_preavis=RegimePreavis.TOUT_MOMENT, echeance=date(2027, 1, 15)
        )
        Referent.objects.create(convention=made, partie=Partie.PARTENAIRE, nom="F", courriel="m@ccas.example")
    Convention.objects.filter(pk=made.pk).update(
        etat=EtatConvention.EN_SIGNATURE, date_effet=None, echeance=None
    )
    for partie in (Partie.CAISSE, Partie.PARTENAIRE):
        Signataire.objects.create(convention=made, partie=partie, nom="Fictif", qualite="Direction")
    for structure in (valbrume, roche):
        f.utilisateur(Profil.GESTIONNAIRE, structure, active_le=START)
        f.utilisateur(Profil.TECHNICIEN, structure, active_le=START)
    admins = [f.membership(Profil.ADMIN_CAISSE, caisse) for caisse in (doubs, loire)]
    return Monde([doubs, loire], [valbrume, roche], admins, f.membership(Profil.NATIONAL, None))


def as_actor(actor: Membership) -> Any:
    return scope(actor.realm, actor.tenant)


def pick(rows: list[Any], number: int) -> Any:
    return rows[number % len(rows)]


# The acts: each is given the world and a number that chooses on whom; it raises DomainError when it is refused.


def create_gestionnaire(m: Monde, n: int) -> None:
    gestionnaires.create_gestionnaire(
        actor=pick(m.admins, n), partenaire=pick(m.structures, n // 2), identite=m.identite()
    )


def by_gestionnaire(m: Monde, n: int, act: Callable[[Membership, Utilisateur], object]) -> None:
    structure = pick(m.structures, n)
    actor = m.actor(structure)
    if actor is not None:
        with as_actor(actor):
            act(actor, pick(m.accounts(Profil.TECHNICIEN, Profil.GESTIONNAIRE), n // 2))


def create_technicien(m: Monde, n: int) -> None:
    actor = m.actor(pick(m.structures, n))
    if actor is not None:
        with as_actor(actor):
            techniciens.create_technicien(
                actor=actor,
                identite=m.identite(),
                attestations=tuple(NatureAttestation),
                fin_prevue=clock.today() + timedelta(days=n % 90) if n % 2 else None,
            )


def inactivate_technicien(m: Monde, n: int) -> None:
    def act(actor: Membership, user: Utilisateur) -> None:
        techniciens.inactivate_technicien(actor=actor, technicien=user, motif=MotifInactivation.DEPART)

    by_gestionnaire(m, n, act)


def reactivate_technicien(m: Monde, n: int) -> None:
    by_gestionnaire(m, n, lambda actor, user: techniciens.reactivate_technicien(actor=actor, technicien=user))


def report(m: Monde, n: int) -> None:
    by_gestionnaire(
        m, n, lambda actor, user: report_misuse(actor=actor, compte=user, motif=MotifInactivation.VOL)
    )


def inactivate_gestionnaire(m: Monde, n: int) -> None:
    gestionnaires.inactivate_gestionnaire(
        actor=pick(m.admins, n),
        gestionnaire=pick(m.accounts(Profil.GESTIONNAIRE), n),
        motif=MotifInactivation.DEPART,
    )


def reactivate(m: Monde, n: int) -> None:
    gestionnaires.reactivate_compte(
        actor=pick(m.admins, n), compte=pick(m.accounts(Profil.GESTIONNAIRE, Profil.TECHNICIEN), n // 2)
    )


def expect_end(m: Monde, n: int) -> None:
    fin = clock.today() + timedelta(days=n % 60 - 5)
    set_expected_end(actor=pick(m.admins, n), compte=pick(m.accounts(Profil.GESTIONNAIRE), n // 2), fin=fin)


def activate(m: Monde, n: int) -> None:
    """The holder comes in: what signing in writes of the account."""
    user = pick(m.accounts(Profil.GESTIONNAIRE, Profil.TECHNICIEN), n)
    if user.is_active:
        Utilisateur.objects.filter(pk=user.pk).update(last_login=clock.now())
        key = f"{user.pk:032d}"
        SessionOuverte.objects.update_or_create(
            session_key=key,
            defaults={
                "utilisateur": user,
                "expire_date": clock.now() + timedelta(hours=1),
                "vue_le": clock.now(),
            },
        )


def cut(m: Monde, n: int) -> None:
    coupures.cut_access(
        actor=pick(m.admins, n),
        compte=pick(m.accounts(Profil.GESTIONNAIRE, Profil.TECHNICIEN), n // 2),
        motif=MotifInactivation.FRAUDE,
    )


def cut_structure(m: Monde, n: int) -> None:
    structure = Partenaire.objects.get(pk=pick(m.structures, n // 2).pk)
    act = coupures.restore_structure if structure.suspendu_le else coupures.cut_structure
    extra = {} if structure.suspendu_le else {"motif": MotifInactivation.FRAUDE}
    act(actor=pick(m.admins, n), partenaire=structure, **extra)  # type: ignore[operator]


def on_convention(m: Monde, n: int) -> None:
    rows = list(Convention.objects.filter(nature=NatureConvention.UTILISATION).order_by("pk"))
    convention, actor = pick(rows, n), pick(m.admins, n // 3)
    today = convention.caisse.today()
    last = today + timedelta(days=n % 40)
    waiting = convention.signataires.filter(signee_le=None).first()
    acts: list[Callable[[], object]] = [
        lambda: denounce(actor=actor, convention=convention, par=Partie.CAISSE, le=today, fin=last),
        lambda: withdraw_denunciation(actor=actor, convention=convention),
        lambda: suspend(actor=actor, convention=convention, commentaire="Vol."),
        lambda: resume(actor=actor, convention=convention),
        lambda: terminate(actor=actor, convention=convention, motif=MotifFin.ACCORD, fin=today),
        lambda: (
            waiting and record_signature(actor=actor, convention=convention, signataire=waiting, le=today)
        ),
    ]
    pick(acts, n // 5)()


ACTS: dict[str, Callable[[Monde, int], None]] = {
    act.__name__: act
    for act in (
        create_gestionnaire,
        create_technicien,
        inactivate_technicien,
        reactivate_technicien,
        report,
        inactivate_gestionnaire,
        reactivate,
        expect_end,
        activate,
        cut,
        cut_structure,
        on_convention,
    )
}


def snapshot() -> tuple[dict[int, tuple[Any, ...]], dict[int, str], dict[int, Any]]:
    """The accounts, the conventions and the structures as they stand."""
    accounts = {row[0]: row[1:] for row in Utilisateur.objects.order_by("pk").values_list("pk", *WATCHED)}
    conventions = dict(Convention.objects.values_list("pk", "etat"))
    return accounts, conventions, dict(Partenaire.objects.values_list("pk", "suspendu_le"))


def journaled(objet: str, since: set[Any]) -> set[str]:
    rows = Evenement.objects.filter(objet=objet).exclude(pk__in=since)
    return set(rows.values_list("objet_id", flat=True))


def active_gestionnaires(structure: Any) -> int:
    return Utilisateur.objects.of_partenaire(structure).gestionnaires().filter(is_active=True).count()


def play(m: Monde, name: str, number: int) -> None:
    """One step, then everything that has to hold."""
    before, counts = snapshot(), [active_gestionnaires(s) for s in m.structures]
    known = set(Evenement.objects.values_list("pk", flat=True))
    if name in ACTS:
        with suppress(DomainError), transaction.atomic():
            ACTS[name](m, number)
    else:
        sweeps.run(name)
        assert sweeps.run(name) == 0, f"{name} twice did something twice"
    check_journal(before, snapshot(), known)
    for structure, count in zip(m.structures, counts, strict=True):
        now = active_gestionnaires(structure)
        assert now <= Partenaire.objects.get(pk=structure.pk).quota_gestionnaires
        if name not in TAKES_THE_LAST:
            assert now or not count, f"{name} took the last gestionnaire"
    check_access(m)
    check_deleted(m)


def check_journal(before: Any, after: Any, known: set[Any]) -> None:
    """Whatever changed is told by an event written in the same step."""
    for objet, old, new in zip(("compte", "convention", "partenaire"), before, after, strict=True):
        changed = {str(pk) for pk, state in new.items() if old.get(pk, ()) != state}
        if objet == "compte":
            # Signing in is another room's business: it is journaled by the sign-in.
            assert changed <= journaled(objet, known), f"{changed} changed without a word"
        elif objet == "convention":
            references = set(Convention.objects.filter(pk__in=changed).values_list("reference", flat=True))
            told = journaled(objet, known)
            assert changed <= told or references <= told
        else:
            assert changed <= journaled(objet, known)


def in_force_with(structure: Any, today: date) -> set[int]:
    """The caisses the portal is open with, told again from the rows (decisions.md §4.5)."""
    rows = Convention.objects.filter(partenaire=structure, nature=NatureConvention.UTILISATION)
    return {
        row.caisse_id
        for row in rows.select_related("adossee_a")
        if row.adossee_a is not None
        and row.date_effet is not None
        and row.date_effet <= today
        and all(
            one.etat in EN_VIGUEUR and (one.date_fin is None or one.date_fin >= today)
            for one in (row, row.adossee_a)
        )
    }


def check_access(m: Monde) -> None:
    """Access is an active account, its role, a convention in force, and nobody cut the structure."""
    today = clock.today()
    structures = {s.pk: s for s in Partenaire.objects.filter(pk__in=[s.pk for s in m.structures])}
    expected = {
        pk: set() if s.suspendu_le is not None else in_force_with(s, today) for pk, s in structures.items()
    }
    roles = dict(RolePartenaire.objects.values_list("user_id", "content_object_id").order_by())
    signed_in = set(SessionOuverte.objects.values_list("utilisateur_id", flat=True))
    for user in Utilisateur.objects.filter(profil__in=["gestionnaire", "technicien"]).order_by("pk"):
        member = membership_of(user)
        if not user.is_active:
            assert member is None
            assert user.pk not in signed_in
            continue
        assert member is not None
        structure = roles[user.pk]
        assert set(member.caisses_ouvertes) == expected[structure]
        for caisse in m.caisses:
            target = type("Objet", (), {"partenaire_id": structure, "caisse_id": caisse.pk})
            allowed = user.profil == Profil.TECHNICIEN and caisse.pk in expected[structure]
            assert can(member, Act.FAIRE_DEMANDE, target) == allowed


def check_deleted(m: Monde) -> None:
    """Nothing shows a deleted account: no list, no search, no name, no role."""
    gone = Utilisateur.objects.filter(supprime_le__isnull=False)
    ids = set(gone.values_list("pk", flat=True))
    if not ids:
        return
    assert not RolePartenaire.objects.filter(user__in=ids).exists()
    assert set(gone.values_list("prenom", "nom", "courriel", "telephone")) == {("Compte", "supprimé", "", "")}
    for member in (*m.admins, m.national, *filter(None, (m.actor(s) for s in m.structures))):
        assert not Utilisateur.objects.visible_to(member).filter(pk__in=ids).exists()


STEPS = st.lists(
    st.tuples(st.sampled_from([*ACTS, *SWEEPS]), st.integers(0, 10_000), st.integers(0, 70)),
    min_size=6,
    max_size=LONGEST,
)


@pytest.fixture
def monde(monkeypatch: pytest.MonkeyPatch) -> Monde:
    """The world, without the drawing of PDFs: each takes longer than a whole sequence."""

    def unavailable(*args: Any, **kwargs: Any) -> bytes:
        raise pdf.PdfUnavailable("Indisponible.", code="pdf_indisponible")

    monkeypatch.setattr("accounts.operations.avis.render_pdf", unavailable)
    with clock.at(START):
        return build()


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_no_sequence_of_acts_breaks_what_the_convention_says(monde: Monde, steps: list[Any]) -> None:
    monde.moment = START
    with transaction.atomic():
        for name, number, days in steps:
            monde.moment += timedelta(days=days)
            with clock.at(monde.moment):
                play(monde, name, number)
        transaction.set_rollback(True)
