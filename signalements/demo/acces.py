"""Accounts of the CCAS de Valbrume in each state of their life, and the notice of a theft that was reported."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Permission

from accounts.enums import MotifInactivation, NatureAvis, Profil
from accounts.models import AvisSecurite, RolePartenaire, Utilisateur
from portal import clock
from portal.calendar import add_months
from signalements.demo.organisations import World

STRUCTURE = "valbrume"
PERSONNES = (
    ("stage", "MME", "Capucine", "Orlevant", "Stagiaire"),
    ("nouveau", "M", "Firmin", "Castrevel", "Travailleur social"),
    ("absente", "MME", "Odile", "Brumezac", "Conseillère en économie sociale"),
    ("parti", "M", "Gaëtan", "Sourdeval", "Travailleur social"),
    ("vol", "MME", "Rosalie", "Tarnevin", "Agente d’accueil"),
)


def create_accounts(world: World) -> None:
    """One account for each state: expected end, invited, dormant, soon deleted, suspended after a theft."""
    now, structure = clock.now(), world.structures[STRUCTURE]
    gestionnaire = world.comptes[f"gest.{STRUCTURE}"]
    long_ago = now - timedelta(days=300)
    near_deletion = now.replace(day=1) - timedelta(days=1)
    gone = add_months(near_deletion.date(), -5)
    told = now - timedelta(days=6)
    inactive: dict[str, Any] = {"is_active": False, "inactive_par": gestionnaire, "invitation": 2}
    states: dict[str, dict[str, Any]] = {
        "stage": {"active_le": now - timedelta(days=60), "fin_prevue": clock.today() + timedelta(days=12)},
        "nouveau": {"active_le": None},
        "absente": {"active_le": long_ago, "last_login": now - timedelta(days=125), "cree_le": long_ago},
        "parti": {
            **inactive,
            "active_le": long_ago,
            "inactive_le": near_deletion.replace(year=gone.year, month=gone.month, day=gone.day),
            "motif_inactivation": MotifInactivation.DEPART,
        },
        "vol": {
            **inactive,
            "active_le": long_ago,
            "inactive_le": told,
            "motif_inactivation": MotifInactivation.VOL,
        },
    }
    rows = {
        name: Utilisateur(
            identifiant=f"{name}.{STRUCTURE}",
            password=make_password(None),
            profil=Profil.TECHNICIEN,
            civilite=civilite,
            prenom=prenom,
            nom=nom,
            fonction=fonction,
            telephone="+33199002000",
            courriel=f"{name}@{STRUCTURE}.example",
            invite_le=now - timedelta(days=1),
            **states[name],
        )
        for name, civilite, prenom, nom, fonction in PERSONNES
    }
    Utilisateur.objects.bulk_create(rows.values())
    permission = Permission.objects.get(codename=Profil.TECHNICIEN.permission)
    RolePartenaire.objects.bulk_create(
        RolePartenaire(user=user, permission=permission, content_object=structure) for user in rows.values()
    )
    AvisSecurite.objects.create(
        nature=NatureAvis.SIGNALEMENT,
        caisse=structure.caisse_referente,
        partenaire=structure,
        le=told,
        motif=MotifInactivation.VOL,
        faits="Ordinateur portable volé dans une voiture, signalé au commissariat le jour même.",
        role=Profil.GESTIONNAIRE,
        auteur=gestionnaire,
        compte=rows["vol"],
        identifiant=rows["vol"].identifiant,
        profil=Profil.TECHNICIEN,
    )
