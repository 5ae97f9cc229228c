"""Choices of the documents."""

from django.db import models


class EtatPiece(models.TextChoices):
    """Only a SAINE piece can be downloaded (decisions.md §5)."""

    EN_ANALYSE = "EN_ANALYSE", "Analyse en cours"
    SAINE = "SAINE", "Fichier vérifié"
    REFUSEE = "REFUSEE", "Fichier refusé"


class OrigineFichier(models.TextChoices):
    """Which side a file comes from."""

    PARTENAIRE = "partenaire", "Structure"
    CAISSE = "caisse", "Caisse"
    CONVENTION = "convention", "Document d’une convention"


class NatureDocument(models.TextChoices):
    """What a document of a convention is."""

    CONVENTION = "CONVENTION", "Convention signée"
    AVENANT = "AVENANT", "Avenant signé"
    DELIBERATION = "DELIBERATION", "Délibération ou pouvoir de signer"
    COURRIER = "COURRIER", "Lettre recommandée ou son accusé de réception"
    ATTESTATION = "ATTESTATION", "Attestation de fin signée"
    CERTIFICAT = "CERTIFICAT", "Certificat de destruction signé"


class MotifRefus(models.TextChoices):
    """Why a file was refused once analysed."""

    INFECTEE = "INFECTEE", "Le fichier contient un virus."
    ILLISIBLE = "ILLISIBLE", "Le fichier ne peut pas être lu."
    CONTENU = "CONTENU", "Le contenu du fichier n’est pas accepté."


class TypeChamp(models.TextChoices):
    """The kinds of field an entry of the catalogue may ask for: a closed set (`documents/catalogue.py`)."""

    DATE = "DATE", "Date"
    PERIODE = "PERIODE", "Période"
    CHOIX = "CHOIX", "Choix dans une liste"
    PAYS = "PAYS", "Pays"
    OUI_NON = "OUI_NON", "Oui ou non"
    LIGNE = "LIGNE", "Ligne de texte"


class ModeRemise(models.TextChoices):
    """How a document reaches the person (domaine.md §7.2)."""

    PORTAIL = "PORTAIL", "Par la structure, sur le portail"
    COMPTE_AMELI = "COMPTE_AMELI", "Dans le compte ameli de la personne"
    COURRIER = "COURRIER", "Par courrier, à l’adresse connue de la caisse"
    AGENCE = "AGENCE", "À l’accueil de la caisse"


class ModeleProduit(models.TextChoices):
    """The documents the portal can lay out itself."""

    INFORMATION = "INFORMATION", "Lettre d’information"
    DECLARATION_VITALE = "DECLARATION_VITALE", "Déclaration de perte, de vol ou de panne de carte Vitale"
