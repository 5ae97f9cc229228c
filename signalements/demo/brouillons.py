"""The drafts of the demonstration: those of the saisines; those of another kind stand in its `demo` module."""

from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from caisses.enums import Fonction
from portal import clock
from portal.reference import new_reference
from signalements.demo.modules import demo_modules
from signalements.demo.organisations import World
from signalements.demo.people import personne
from signalements.enums import Etape, Statut
from signalements.models import Brouillon, Demande

Typed = dict[str, dict[str, list[str]]]


@dataclass(frozen=True)
class Ebauche:
    """A draft: where, whose, days since it was last touched; `donnees` is what is typed beside the person, by step."""

    structure: str
    caisse: str
    technicien: str
    jours: int
    donnees: Typed = field(default_factory=dict)
    etape: Etape = Etape.SITUATION
    personne: bool = True


SAISINES = (
    Ebauche("valbrume", "251", "tech.valbrume", 0),
    Ebauche("valbrume", "251", "tech.valbrume", 3),
    Ebauche("valbrume", "422", "tech.valbrume", 24),
    Ebauche("valbrume", "251", "tech2.valbrume", 1),
    Ebauche("rocheclaire", "251", "tech.rocheclaire", 2),
    Ebauche("pontreval", "422", "tech.pontreval", 5),
    Ebauche("udaf", "251", "tech.udaf", 1),
)


def save_drafts(world: World) -> None:
    """Save the drafts of every kind."""
    random = Random(11)  # noqa: S311 - not a secret
    told: list[tuple[str, Ebauche]] = [(Fonction.SAISINE.value, ebauche) for ebauche in SAISINES]
    for fonction, module in demo_modules():
        told += [(fonction, ebauche) for ebauche in module.BROUILLONS]
    rows = [_draft(world, fonction, ebauche, rank, random) for rank, (fonction, ebauche) in enumerate(told)]
    Demande.objects.bulk_create(row.demande for row in rows)
    Brouillon.objects.bulk_create(rows)


def _draft(world: World, fonction: str, ebauche: Ebauche, rank: int, random: Random) -> Brouillon:
    convention = world.utilisations[ebauche.structure, ebauche.caisse]
    author = world.comptes[ebauche.technicien]
    when = clock.now() - timedelta(days=ebauche.jours, minutes=40)
    demande = Demande(
        reference=new_reference(ebauche.caisse),
        fonction=fonction,
        caisse=convention.caisse,
        partenaire=convention.partenaire,
        convention=convention,
        auteur=author,
        statut=Statut.BROUILLON,
        cree_le=when - timedelta(minutes=10),
        modifiee_le=when,
    )
    typed = dict(ebauche.donnees)
    if ebauche.personne:
        typed[Etape.PERSONNE.value] = _somebody(demande, rank, random)
    return Brouillon(
        demande=demande,
        caisse=demande.caisse,
        partenaire=demande.partenaire,
        etape=ebauche.etape,
        donnees=typed,
        modifie_par=author,
    )


def _somebody(demande: Demande, rank: int, random: Random) -> dict[str, list[str]]:
    """The person's step, as it is typed."""
    departement = "25" if demande.caisse.code == "251" else "42"
    fields = personne(random, 17 + rank * 5, departement, demande.caisse.today())
    return {
        "civilite": [fields["civilite"].value],
        "nom_naissance": [fields["nom_naissance"]],
        "nom_usage": [fields["nom_usage"]],
        "prenom": [fields["prenom"]],
        "naissance_jour": [str(fields["naissance"].day)],
        "naissance_mois": [str(fields["naissance"].month)],
        "naissance_annee": [str(fields["naissance"].year)],
        "departement": [fields["departement"]],
    }
