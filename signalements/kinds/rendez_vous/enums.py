"""Choices of the appointments."""

from django.db import models


class TypeRendezVous(models.TextChoices):
    """How the person is received (domaine.md §7.1)."""

    TELEPHONE = "TELEPHONE", "Par téléphone"
    PHYSIQUE = "PHYSIQUE", "Dans une agence de la caisse"
    PERMANENCE = "PERMANENCE", "Dans les locaux de la structure"
    VISIO = "VISIO", "En visioconférence"


LIEUX_COURRIEL = {
    TypeRendezVous.TELEPHONE: "par téléphone",
    TypeRendezVous.PHYSIQUE: "dans une agence de la caisse",
    TypeRendezVous.PERMANENCE: "dans les locaux de votre structure",
    TypeRendezVous.VISIO: "en visioconférence",
}
"""The kind of place, the only thing a mail says of it (ecrans.md §B.6)."""


class ModeRendezVous(models.TextChoices):
    """How the date is found."""

    RESERVATION = "RESERVATION", "Choisir un créneau libre"
    DEMANDE = "DEMANDE", "Donner des disponibilités, la caisse propose des dates"


class EtatRendezVous(models.TextChoices):
    """Where an appointment stands, beside the status of its demande."""

    DEMANDE = "DEMANDE", "Demandé"
    PROPOSE = "PROPOSE", "Dates proposées"
    CONFIRME = "CONFIRME", "Confirmé"
    REPORTE = "REPORTE", "À reporter"
    HONORE = "HONORE", "Honoré"
    ABSENT = "ABSENT", "Non honoré"
    ANNULE_PERSONNE = "ANNULE_PERSONNE", "Annulé par la personne"
    ANNULE_CAISSE = "ANNULE_CAISSE", "Annulé par la caisse"


ETATS_OUVERTS = frozenset(
    {EtatRendezVous.DEMANDE, EtatRendezVous.PROPOSE, EtatRendezVous.CONFIRME, EtatRendezVous.REPORTE}
)


class EtatHoraire(models.TextChoices):
    """What became of a date."""

    PROPOSE = "PROPOSE", "Proposé"
    FIXE = "FIXE", "Fixé"
    ECARTE = "ECARTE", "Écarté"
    RETIRE = "RETIRE", "Retiré par la caisse"
    LIBERE = "LIBERE", "Libéré"


class Moment(models.TextChoices):
    """A part of the day."""

    JOURNEE = "JOURNEE", "Toute la journée"
    MATIN = "MATIN", "Le matin"
    APRES_MIDI = "APRES_MIDI", "L’après-midi"


class Besoin(models.TextChoices):
    """What the person needs to be received well: a closed list, nothing about health (ecrans.md §B.2)."""

    ACCES_FAUTEUIL = "ACCES_FAUTEUIL", "Un accès de plain-pied ou en fauteuil"
    LSF = "LSF", "Un interprète en langue des signes"
    BOUCLE_AUDITIVE = "BOUCLE_AUDITIVE", "Une boucle auditive, ou parler face à la personne"
    LECTURE = "LECTURE", "Des documents lus à voix haute ou en gros caractères"
    TEMPS = "TEMPS", "Un entretien plus long"


class Jour(models.IntegerChoices):
    """The days a caisse may work."""

    LUNDI = 1, "Lundi"
    MARDI = 2, "Mardi"
    MERCREDI = 3, "Mercredi"
    JEUDI = 4, "Jeudi"
    VENDREDI = 5, "Vendredi"


class NaturePermanence(models.TextChoices):
    """SIAO-4-4-n and o."""

    RECURRENTE = "RECURRENTE", "Régulière, sans dossier identifié à l’avance"
    PONCTUELLE = "PONCTUELLE", "Ponctuelle, pour des dossiers regroupés"


class EtatPermanence(models.TextChoices):
    """Where a permanence stands."""

    PROPOSEE = "PROPOSEE", "Proposée à la structure"
    VALIDEE = "VALIDEE", "Validée"
    REFUSEE = "REFUSEE", "Refusée"
    ANNULEE = "ANNULEE", "Annulée"


class PorteeFlux(models.TextChoices):
    """Which appointments a calendar reads."""

    MIENS = "MIENS", "Les miens"
    TOUS = "TOUS", "Tous ceux de ma structure"
