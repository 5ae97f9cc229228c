"""What a gestionnaire and a caisse may do with accounts, and what they may not."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.enums import EtatCompte, MotifInactivation, NatureAttestation, Profil
from accounts.models import Attestation, RolePartenaire, Utilisateur
from accounts.operations import coupures, gestionnaires, techniciens
from accounts.operations.comptes import Identite
from accounts.operations.identifiants import propose_identifiant
from accounts.rules import deletion_date
from portal import clock
from portal.audit.models import Evenement
from portal.courriels.models import Courriel
from portal.errors import DomainError
from portal.tenancy import scope
from tests import factories as f
from tests.fixtures.shelf import Shelf

pytestmark = pytest.mark.django_db

ALL = tuple(NatureAttestation)


def identite(**fields: Any) -> Identite:
    values = {
        "civilite": "MME",
        "nom": "Fictive",
        "prenom": "Zoé",
        "fonction": "Travailleuse sociale",
        "telephone": "+33381000000",
        "courriel": "zoe.fictive@ccas.example",
    }
    return Identite(**{**values, **fields})


@pytest.fixture
def made_place(shelf: Shelf) -> Callable[[], dict[str, Any]]:
    return shelf.made(build)


@pytest.fixture
def place(made_place: Callable[[], dict[str, Any]], _scope: None) -> dict[str, Any]:
    return made_place()


def build() -> dict[str, Any]:
    doubs, loire = f.caisse("251"), f.caisse("422")
    valbrume, pontreval = f.partenaire(doubs), f.partenaire(loire)
    f.convention(valbrume, doubs)
    f.convention(pontreval, loire)
    return {
        "doubs": doubs,
        "valbrume": valbrume,
        "pontreval": pontreval,
        "gest": f.membership(Profil.GESTIONNAIRE, valbrume),
        "gest_b": f.membership(Profil.GESTIONNAIRE, pontreval),
        "admin": f.membership(Profil.ADMIN_CAISSE, doubs),
        "admin_b": f.membership(Profil.ADMIN_CAISSE, loire),
        "national": f.membership(Profil.NATIONAL, None),
    }


def in_scope(membership: Any) -> Any:
    return scope(membership.realm, membership.tenant)


def create(place: dict[str, Any], **fields: Any) -> Utilisateur:
    with in_scope(place["gest"]):
        return techniciens.create_technicien(
            actor=place["gest"],
            identite=identite(**fields.pop("identite", {})),
            attestations=fields.pop("attestations", ALL),
            **fields,
        )


def mails(event: str) -> list[Courriel]:
    return list(Courriel.objects.filter(evenement=event))


def test_a_technicien_is_created_with_role_attestations_journal_and_invitation(place):
    user = create(place)
    role = RolePartenaire.objects.get(user=user)
    assert (role.content_object, role.permission.codename) == (place["valbrume"], "role_technicien")
    assert user.identifiant == "zoe.fictive"
    assert not user.has_usable_password()
    assert user.etat == EtatCompte.INVITE
    assert user.invitation == 1
    signed = Attestation.objects.filter(utilisateur=user)
    assert {a.nature for a in signed} == set(NatureAttestation)
    assert {a.par for a in signed} == {place["gest"].user}
    assert [m.destinataire for m in mails("compte_activation")] == [user]
    acts = Evenement.objects.filter(objet="compte", objet_id=user.pk).order_by("id")
    assert [e.details["acte"] for e in acts] == ["creation", "invitation"]
    assert {e.caisse_id for e in acts} == {place["doubs"].pk}
    assert "Fictive" not in str([e.details for e in acts])


@pytest.mark.parametrize("missing", ALL)
def test_each_attestation_is_needed(place, missing):
    with pytest.raises(DomainError) as refused:
        create(place, attestations=[a for a in ALL if a != missing])
    assert refused.value.field == "attestations"
    assert not Utilisateur.objects.techniciens().exists()


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("z@gmail.com", "personnelle"),
        ("z@sfr.fr", "personnelle"),
        ("z@ailleurs.example", "domaine"),
        ("z", "adresse"),
    ],
)
def test_only_an_address_of_the_structure_is_taken(place, address, code):
    with pytest.raises(DomainError) as refused:
        create(place, identite={"courriel": address})
    assert (refused.value.field, refused.value.code) == ("courriel", code)


def test_the_same_address_twice_in_the_structure_is_refused_and_elsewhere_says_nothing(place):
    f.utilisateur(Profil.TECHNICIEN, place["pontreval"], courriel="zoe.fictive@ccas.example")
    first = create(place)
    with pytest.raises(DomainError) as refused:
        create(place, identite={"prenom": "Zora"})
    assert refused.value.field == "courriel"
    assert Utilisateur.objects.techniciens().of_partenaire(place["valbrume"]).get() == first


def test_a_gestionnaire_and_a_technicien_may_share_an_address(place):
    user = create(place, identite={"courriel": place["gest"].user.courriel})
    assert user.courriel == place["gest"].user.courriel


def test_identifiants_are_proposed_one_after_the_other(place):
    assert propose_identifiant("Zoé", "Le Goff-N'Diaye") == "zoe.le-goff-n-diaye"
    assert propose_identifiant("李", "王") == "compte"
    f.utilisateur(Profil.TECHNICIEN, place["pontreval"], identifiant="zoe.fictive")
    assert create(place).identifiant == "zoe.fictive2"
    assert create(place, identite={"courriel": "zf@ccas.example"}).identifiant == "zoe.fictive3"


def test_a_taken_identifiant_is_refused_without_saying_whose(place):
    other = f.utilisateur(Profil.TECHNICIEN, place["pontreval"], identifiant="zoe.fictive")
    with pytest.raises(DomainError) as refused:
        create(place, identifiant="zoe.fictive")
    assert refused.value.field == "identifiant"
    assert "zoe.fictive2" in refused.value.message
    assert other.nom not in refused.value.message


def test_only_four_fields_change(place):
    user = create(place)
    Utilisateur.objects.filter(pk=user.pk).update(active_le=clock.now())
    user.refresh_from_db()
    with in_scope(place["gest"]):
        changed = techniciens.update_technicien(
            actor=place["gest"], technicien=user, changes={"nom": "Nouvelle", "courriel": "zn@ccas.example"}
        )
    assert changed == ["nom", "courriel"]
    assert [m.destinataire_id for m in mails("compte_modifie")] == [user.pk]
    for field in ("prenom", "civilite", "profil", "is_active", "identifiant"):
        with pytest.raises(DomainError), in_scope(place["gest"]):
            techniciens.update_technicien(actor=place["gest"], technicien=user, changes={field: "x"})


def test_a_new_address_sends_a_pending_invitation_again(place):
    user = create(place)
    with in_scope(place["gest"]):
        techniciens.update_technicien(
            actor=place["gest"], technicien=user, changes={"courriel": "zn@ccas.example"}
        )
    user.refresh_from_db()
    assert (user.courriel, user.invitation) == ("zn@ccas.example", 2)
    assert len(mails("compte_activation")) == 2


def test_an_invitation_is_sent_again_until_the_account_is_activated(place):
    user = create(place)
    with in_scope(place["gest"]):
        techniciens.resend_invitation(actor=place["gest"], compte=user)
    user.refresh_from_db()
    assert user.invitation == 2
    Utilisateur.objects.filter(pk=user.pk).update(active_le=clock.now())
    with pytest.raises(DomainError) as refused, in_scope(place["gest"]):
        techniciens.resend_invitation(actor=place["gest"], compte=user)
    assert refused.value.code == "deja_active"


def test_any_gestionnaire_of_the_structure_inactivates_a_technicien(place):
    user = f.utilisateur(Profil.TECHNICIEN, place["valbrume"], password=f.PASSWORD)
    second = f.membership(Profil.GESTIONNAIRE, place["valbrume"])
    before = user.get_session_auth_hash()
    with in_scope(second):
        techniciens.inactivate_technicien(actor=second, technicien=user, motif=MotifInactivation.DEPART)
    user.refresh_from_db()
    assert (user.is_active, user.inactive_par, user.motif_inactivation) == (
        False,
        second.user,
        "depart_structure",
    )
    assert user.get_session_auth_hash() != before
    assert [m.destinataire for m in mails("compte_inactive")] == [place["gest"].user]
    assert [m.adresse for m in mails("compte_ferme")] == [user.courriel]


@pytest.mark.parametrize("motif", [MotifInactivation.FIN_CONVENTION, MotifInactivation.VOL])
def test_a_gestionnaire_gives_only_a_reason_of_theirs(place, motif):
    user = f.utilisateur(Profil.TECHNICIEN, place["valbrume"])
    with pytest.raises(DomainError) as refused, in_scope(place["gest"]):
        techniciens.inactivate_technicien(actor=place["gest"], technicien=user, motif=motif)
    assert refused.value.field == "motif"


def test_a_reactivated_technicien_chooses_a_new_password(place):
    user = f.utilisateur(Profil.TECHNICIEN, place["valbrume"], password=f.PASSWORD)
    with in_scope(place["gest"]):
        techniciens.inactivate_technicien(
            actor=place["gest"], technicien=user, motif=MotifInactivation.DEPART
        )
        techniciens.reactivate_technicien(actor=place["gest"], technicien=user)
    user.refresh_from_db()
    assert user.is_active
    assert user.etat == EtatCompte.INVITE
    assert not user.has_usable_password()
    assert [m.destinataire for m in mails("compte_activation")] == [user]


def test_reactivation_ends_six_calendar_months_after(place):
    user = f.utilisateur(Profil.TECHNICIEN, place["valbrume"])
    with in_scope(place["gest"]), clock.at(datetime(2026, 8, 31, 12, tzinfo=UTC)):
        techniciens.inactivate_technicien(
            actor=place["gest"], technicien=user, motif=MotifInactivation.DEPART
        )
    user.refresh_from_db()
    assert str(deletion_date(user, "Europe/Paris")) == "2027-02-28"
    too_late = clock.at(datetime(2027, 2, 28, 12, tzinfo=UTC))
    with in_scope(place["gest"]), too_late, pytest.raises(DomainError) as refused:
        techniciens.reactivate_technicien(actor=place["gest"], technicien=user)
    assert refused.value.code == "trop_tard"
    with in_scope(place["gest"]), clock.at(datetime(2027, 2, 27, 12, tzinfo=UTC)):
        techniciens.reactivate_technicien(actor=place["gest"], technicien=user)


def test_another_structures_technicien_is_out_of_reach(place):
    stranger = f.utilisateur(Profil.TECHNICIEN, place["pontreval"])
    peer = f.utilisateur(Profil.GESTIONNAIRE, place["valbrume"])
    for target in (stranger, peer):
        for act in (
            lambda t: techniciens.update_technicien(actor=place["gest"], technicien=t, changes={"nom": "X"}),
            lambda t: techniciens.resend_invitation(actor=place["gest"], compte=t),
            lambda t: techniciens.inactivate_technicien(
                actor=place["gest"], technicien=t, motif=MotifInactivation.DEPART
            ),
            lambda t: techniciens.reactivate_technicien(actor=place["gest"], technicien=t),
        ):
            with pytest.raises(DomainError) as refused, in_scope(place["gest"]):
                act(target)
            assert refused.value.code == "hors_perimetre"


def test_nobody_else_creates_a_technicien(place):
    for who in ("admin", "national"):
        with pytest.raises(DomainError), in_scope(place[who]):
            techniciens.create_technicien(actor=place[who], identite=identite(), attestations=ALL)
    technicien = f.membership(Profil.TECHNICIEN, place["valbrume"])
    with pytest.raises(DomainError), in_scope(technicien):
        techniciens.create_technicien(actor=technicien, identite=identite(), attestations=ALL)


@pytest.mark.parametrize(("members", "quota"), [(10, 2), (11, 3), (25, 3), (26, 5)])
def test_the_quota_of_gestionnaires(place, members, quota):
    structure = f.partenaire(place["doubs"], nombre_membres=members)
    with in_scope(place["admin"]):
        for number in range(quota):
            gestionnaires.create_gestionnaire(
                actor=place["admin"],
                partenaire=structure,
                identite=identite(courriel=f"g{number}@ccas.example"),
            )
        with pytest.raises(DomainError) as refused:
            gestionnaires.create_gestionnaire(
                actor=place["admin"], partenaire=structure, identite=identite(courriel="trop@ccas.example")
            )
    assert refused.value.code == "quota_gestionnaires"
    assert f"({quota})" in refused.value.message
    assert f"{members} membres" in refused.value.message
    assert not Utilisateur.objects.filter(courriel="trop@ccas.example").exists()


def test_the_quota_holds_for_a_reactivation_and_when_members_leave(place):
    structure = f.partenaire(place["doubs"], nombre_membres=11)
    users = [f.utilisateur(Profil.GESTIONNAIRE, structure) for _ in range(3)]
    with in_scope(place["admin"]):
        gestionnaires.inactivate_gestionnaire(
            actor=place["admin"], gestionnaire=users[0], motif=MotifInactivation.DEPART
        )
        structure.nombre_membres = 8
        structure.save(update_fields=["nombre_membres"])
        with pytest.raises(DomainError) as refused:
            gestionnaires.reactivate_compte(actor=place["admin"], compte=users[0])
    assert refused.value.code == "quota_gestionnaires"


def test_an_address_outside_the_structure_needs_a_derogation_that_is_journaled(place):
    given = identite(courriel="ccas.petit@orange.fr")
    with in_scope(place["admin"]):
        with pytest.raises(DomainError) as refused:
            gestionnaires.create_gestionnaire(
                actor=place["admin"], partenaire=place["valbrume"], identite=given
            )
        assert refused.value.code == "personnelle"
        user = gestionnaires.create_gestionnaire(
            actor=place["admin"], partenaire=place["valbrume"], identite=given, derogation=True
        )
    acts = Evenement.objects.filter(objet="compte", objet_id=user.pk)
    assert "derogation_adresse" in {e.details["acte"] for e in acts}


def test_the_last_gestionnaire_stays_but_for_a_security_cut(place):
    last = place["gest"].user
    with in_scope(place["admin"]):
        with pytest.raises(DomainError) as refused:
            gestionnaires.inactivate_gestionnaire(
                actor=place["admin"], gestionnaire=last, motif=MotifInactivation.DEPART
            )
        assert refused.value.code == "dernier_gestionnaire"
        with pytest.raises(DomainError) as wrong:
            coupures.cut_access(actor=place["admin"], compte=last, motif=MotifInactivation.DEPART)
        assert wrong.value.field == "motif"
        coupures.cut_access(actor=place["admin"], compte=last, motif=MotifInactivation.VOL)
    last.refresh_from_db()
    assert not last.is_active
    assert Evenement.objects.filter(objet_id=last.pk, details__acte="coupure").exists()


def test_the_security_cut_opens_nothing_afterwards(place):
    """The pass of a security cut ends with it: the next ordinary inactivation is refused as before."""
    structure = f.partenaire(place["doubs"])
    first, second = (f.utilisateur(Profil.GESTIONNAIRE, structure) for _ in range(2))
    with in_scope(place["admin"]):
        coupures.cut_access(actor=place["admin"], compte=first, motif=MotifInactivation.FRAUDE)
        with pytest.raises(DomainError):
            gestionnaires.inactivate_gestionnaire(
                actor=place["admin"], gestionnaire=second, motif=MotifInactivation.DEPART
            )


def test_a_cut_drops_the_second_factor(place):
    from tests.fixtures.signing_in import totp_device

    user = f.utilisateur(Profil.TECHNICIEN, place["valbrume"])
    totp_device(user)
    with in_scope(place["admin"]):
        coupures.cut_access(actor=place["admin"], compte=user, motif=MotifInactivation.VOL)
    assert not user.totpdevice_set.exists()


def test_a_whole_structure_is_cut_and_restored(place):
    from accounts.memberships import membership_of

    tech = f.utilisateur(Profil.TECHNICIEN, place["valbrume"])

    def opened() -> bool:
        membership = membership_of(tech)
        assert membership
        return bool(membership.caisses_ouvertes)

    assert opened()
    with in_scope(place["admin"]):
        coupures.cut_structure(
            actor=place["admin"], partenaire=place["valbrume"], motif=MotifInactivation.NON_CONFORME
        )
    assert not opened()
    with in_scope(place["admin"]):
        coupures.restore_structure(actor=place["admin"], partenaire=place["valbrume"])
    assert opened()


def test_another_caisse_has_no_hand_on_a_structure_it_does_not_follow(place):
    target = place["gest"].user
    for act in (
        lambda: gestionnaires.create_gestionnaire(
            actor=place["admin_b"], partenaire=place["valbrume"], identite=identite()
        ),
        lambda: gestionnaires.update_compte(actor=place["admin_b"], compte=target, changes={"nom": "X"}),
        lambda: gestionnaires.inactivate_gestionnaire(
            actor=place["admin_b"], gestionnaire=target, motif=MotifInactivation.DEPART
        ),
        lambda: coupures.cut_access(actor=place["admin_b"], compte=target, motif=MotifInactivation.VOL),
        lambda: coupures.cut_structure(
            actor=place["admin_b"], partenaire=place["valbrume"], motif=MotifInactivation.VOL
        ),
        lambda: gestionnaires.create_compte_caisse(
            actor=place["admin_b"], caisse=place["doubs"], profil=Profil.AGENT, identite=identite()
        ),
    ):
        with pytest.raises(DomainError) as refused, in_scope(place["admin_b"]):
            act()
        assert refused.value.code == "hors_perimetre"


def test_nobody_inactivates_themselves(place):
    other = f.utilisateur(Profil.ADMIN_CAISSE, place["doubs"])
    with in_scope(place["admin"]):
        with pytest.raises(DomainError) as refused:
            gestionnaires.inactivate_compte(
                actor=place["admin"], compte=place["admin"].user, motif=MotifInactivation.DEPART
            )
        assert refused.value.code == "soi_meme"
        gestionnaires.inactivate_compte(actor=place["admin"], compte=other, motif=MotifInactivation.DEPART)


def test_accounts_not_seen_for_long(place):
    long_ago = clock.now() - timedelta(days=91)
    idle = f.utilisateur(Profil.TECHNICIEN, place["valbrume"], last_login=long_ago, active_le=long_ago)
    never = f.utilisateur(Profil.TECHNICIEN, place["valbrume"], active_le=long_ago)
    f.utilisateur(Profil.TECHNICIEN, place["valbrume"], active_le=long_ago, last_login=clock.now())
    f.utilisateur(Profil.TECHNICIEN, place["valbrume"], active_le=None)
    seen = Utilisateur.objects.techniciens().not_seen_since(clock.now() - timedelta(days=90))
    assert set(seen) == {idle, never}
