"""Fictitious persons: made-up family names, telephones of the range kept for fiction."""

from datetime import date, timedelta
from random import Random
from typing import Any

from portal.text import search_key
from signalements.enums import CivilitePersonne, PrecisionNaissance

NOMS = (
    "Abrevalle", "Aubelin", "Baldrency", "Bervanche", "Borselline", "Brasquet-Noir", "Cabrelane", "Caudrevin",
    "Chantevrel", "Cormelay", "Dastrevigne", "Delvanche", "Dorselin", "Embrunelle", "Escarvin", "Falgueret",
    "Ferrandoy", "Fontabrune", "Galvedin", "Garrevaux", "Grimelot", "Hautebraise", "Herbevaux", "Iscarel",
    "Jaubrenay", "Kerlavigne", "Lambresol", "Lestrabelle", "Louvaret", "Malbrenon", "Marvezin", "Montabrel",
    "Naucelyne", "Norbevel", "Orvandel", "Palombray", "Pervanchel", "Quimbrel", "Rastignolle", "Rouvereau-Lys",
    "Sablevigne", "Sorbelay", "Taillebrune", "Tressanvel", "Umbrevin", "Valcombrel", "Vernadoux", "Vougerel",
    "Wambrelle", "Ysandrel", "Zambrevel", "N’Dombelé", "Al-Marvani", "Nguyembel", "Ben Orvane", "Do Carvelho",
)  # fmt: skip
PRENOMS = {
    CivilitePersonne.MADAME: (
        "Adélaïde", "Bérénice", "Capucine", "Dalila", "Élise", "Fatoumata", "Gwenaëlle", "Hélène", "Inès", "Joséphine",
        "Kadiatou", "Léonie", "Marthe", "Noémie", "Odile", "Pauline", "Rosalie", "Samira", "Thérèse", "Yvonne",
    ),
    CivilitePersonne.MONSIEUR: (
        "Amadou", "Barnabé", "Célestin", "Driss", "Émile", "Firmin", "Gaëtan", "Hippolyte", "Ismaël", "Jean-Loup",
        "Karim", "Léandre", "Marceau", "Noël", "Oscar", "Philibert", "Raphaël", "Souleymane", "Tancrède", "Zéphyr",
    ),
}  # fmt: skip


def personne(random: Random, rank: int, departement: str, today: date) -> dict[str, Any]:
    """The fields of one person; the same rank and seed give the same one."""
    civilite = random.choice([CivilitePersonne.MADAME, CivilitePersonne.MONSIEUR])
    nom = NOMS[rank % len(NOMS)]
    usage = random.choice(NOMS) if civilite == CivilitePersonne.MADAME and random.random() < 0.3 else ""
    prenom = random.choice(PRENOMS[civilite])
    naissance = today - timedelta(days=random.randint(365 * 19, 365 * 88))
    precision = PrecisionNaissance.JOUR
    if random.random() < 0.06:
        naissance, precision = naissance.replace(month=1, day=1), PrecisionNaissance.ANNEE
    return {
        "civilite": civilite,
        "nom_naissance": nom,
        "nom_usage": usage if usage != nom else "",
        "prenom": prenom,
        "naissance": naissance,
        "naissance_precision": precision,
        "departement": departement,
        "telephone": f"+3363998{random.randint(0, 9999):04d}",
        "courriel": f"personne{rank}@courriel.example" if random.random() < 0.3 else "",
        "commune": random.choice(["Valbrume", "Roche-Claire", "Pontreval", "Trois-Vallées", ""]),
        "nom_recherche": search_key(nom),
        "nom_usage_recherche": search_key(usage if usage != nom else ""),
        "prenom_recherche": search_key(prenom),
    }
