"""Revues d’habilitations of the demonstration, one under way and one that is late, and an import to correct."""

from datetime import date, timedelta

from accounts.enums import ReponseRevue
from accounts.models import ImportTechniciens, LigneRevue, RevueHabilitation
from caisses.enums import PeriodeRevue
from portal import clock
from signalements.demo.organisations import World

# One caisse asks by itself every year, the other one when it wants to.
SANS_PERIODE = "422"
LIGNES = (
    ("MME", "Hautelande", "Bertille", "Travailleuse sociale", "06 39 98 40 12", "bertille.hautelande@valbrume.example"),
    ("M", "Corvaisy", "Thibault", "Agent d’accueil", "01 99 00 25 40", "thibault.corvaisy@ailleurs.example"),
    ("MME", "Lormandier", "Apolline", "Conseillère sociale", "01 99 00", "apolline.lormandier@valbrume.example"),
)  # fmt: skip


def save_reviews(world: World, today: date) -> None:
    """Open the reviews, answer a part of one, leave a file of techniciens to be corrected."""
    silent = world.caisses[SANS_PERIODE]
    silent.revue_habilitations_mois = PeriodeRevue.AUCUNE
    silent.save(update_fields=["revue_habilitations_mois"])
    under_way = _open(world, "valbrume", today + timedelta(days=12), opened=18)
    _open(world, "rocheclaire", today - timedelta(days=4), opened=34)
    answers = (
        ("gest.valbrume", ReponseRevue.RESTE, ""),
        ("tech.valbrume", ReponseRevue.CHANGE, "Cheffe de service"),
    )
    LigneRevue.objects.bulk_create(
        LigneRevue(
            revue=under_way,
            caisse=under_way.caisse,
            partenaire=under_way.partenaire,
            compte=world.comptes[name],
            reponse=reponse,
            fonction=fonction,
            par=world.comptes["gest.valbrume"],
            le=clock.now() - timedelta(days=2),
        )
        for name, reponse, fonction in answers
    )
    names = ("civilite", "nom", "prenom", "fonction", "telephone", "courriel")
    ImportTechniciens.objects.create(
        partenaire=world.structures["valbrume"],
        par=world.comptes["gest.valbrume"],
        le=clock.now() - timedelta(hours=20),
        lignes=[
            {"numero": number, **dict(zip(names, row, strict=True))}
            for number, row in enumerate(LIGNES, start=2)
        ],
    )


def _open(world: World, structure: str, echeance: date, *, opened: int) -> RevueHabilitation:
    since = clock.now() - timedelta(days=opened)
    revue: RevueHabilitation = RevueHabilitation.objects.create(
        caisse=world.caisses["251"],
        partenaire=world.structures[structure],
        ouverte_le=since,
        ouverte_par=world.comptes["admin.251"],
        annoncee_le=since,
        echeance=echeance,
        rappel_jours=15,
    )
    return revue
