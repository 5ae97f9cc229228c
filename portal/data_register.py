"""The list of every column, with its purpose and retention, for the data protection officer."""

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Model

from portal.tenancy.checks import is_own

# What each table is kept for, and how long. Where no convention sets a period, the choice is ours and a setting.
# A kind of demande says it on its models instead, as `register`.
PURPOSES: dict[str, tuple[str, str]] = {
    "portal.Balayage": ("When each sweep last ran", "kept"),
    "caisses.Agence": ("Where a caisse receives people", "kept"),
    "caisses.Annonce": ("Announcing maintenance and incidents (art. 3.2)", "kept"),
    "caisses.Caisse": ("Caisses, what they offer and promise", "kept"),
    "caisses.Equipe": ("Teams that receive demandes, and their mailbox", "kept"),
    "caisses.FermetureLocale": ("Days a caisse is closed, to compute deadlines", "kept"),
    "caisses.ModeleReponse": ("Texts agents start from: nothing about anybody", "kept"),
    "caisses.UsageModele": ("How often each is used", "kept"),
    "caisses.Motif": ("Reference lists", "kept, dated"),
    "caisses.Ressource": ("Pages and numbers to look at before writing", "kept, dated"),
    "caisses.TypePiece": ("Reference list of documents", "kept, dated"),
    "partners.Partenaire": ("Structures and what the convention needs of them", "life of its conventions"),
    "partners.Convention": (
        "Conventions and the functions they open",
        "life of the convention, then archives",
    ),
    "partners.Signataire": ("Who signed for each party (art. 8.1)", "as the convention"),
    "partners.Referent": ("Local référents of the parties", "as the convention"),
    "accounts.Utilisateur": (
        "Personal account (art. 2)",
        "6 calendar months after inactivation (art. 2.2.3)",
    ),
    "accounts.RolePartenaire": ("The account's role in a structure", "as the account"),
    "accounts.RoleCaisse": ("The account's role in a caisse", "as the account"),
    "accounts.Attestation": ("What the gestionnaire attested (art. 2.2.1)", "as the account"),
    "accounts.VersionCgu": ("Versions of the conditions of use", "kept"),
    "accounts.AcceptationCgu": ("Proof of acceptance (art. 2.1)", "as the account"),
    "accounts.SessionOuverte": ("Open sessions and the account they belong to", "10 hours, then deleted"),
    "accounts.CodeSecours": ("Recovery codes, hashed", "until used or replaced"),
    "documents.EntreeCatalogue": ("Documents a structure may ask for", "kept, dated"),
    "documents.Piece": (
        "Files joined or given, encrypted at rest",
        "as the demande; content of a document given: 30 days",
    ),
    "signalements.Demande": ("The demande and its delays", "life of the convention; no identity in it"),
    "signalements.Personne": ("Identity the convention allows (art. 5): no NIR", "as the demande"),
    "signalements.Brouillon": ("What was typed before sending", "30 days without change, then deleted"),
    "signalements.Passage": ("Who changed the status, when, why", "as the demande"),
    "signalements.Complement": ("What the caisse asked for", "as the demande"),
    "signalements.ElementComplement": ("Each item asked for", "as the demande"),
    "signalements.PieceJointe": ("Which file answers what", "as the demande"),
    "signalements.Message": ("Exchanges between structure and caisse", "as the demande"),
    "signalements.DepotTelephone": (
        "One-time pages that let a phone add files; token and phone hashed",
        "1 day",
    ),
    "signalements.Suiveur": ("Whom a demande's news go to in the structure", "as the demande"),
    "signalements.DecisionRetenue": (
        "What an agent has decided and can still undo",
        "two minutes; 30 days when it was not given",
    ),
    "signalements.Transfert": ("Which demande was passed on to which caisse", "as the demande"),
    "signalements.Presence": ("Who of the caisse has a demande open now", "1 hour"),
    "signalements.NoteInterne": ("The caisse's own notes", "as the demande"),
    "signalements.Etiquette": ("The labels a caisse sorts its work with", "life of the caisse on the portal"),
    "signalements.PoseEtiquette": ("Which demande bears which label", "as the demande"),
    "signalements.VueEnregistree": ("Views of the queue people keep: ids and codes", "until deleted"),
    "signalements.Lot": ("Acts asked on many demandes at once", "30 days"),
    "signalements.LigneLot": ("What became of each demande of a lot", "30 days"),
    "signalements.Contact": ("Attempts to reach the person", "as the demande"),
    "signalements.StatistiqueMensuelle": ("Counts for the statistics and the bilan: no identity", "kept"),
    "signalements.StatistiqueArretee": ("Up to which day the statistics are counted", "kept"),
    "signalements.DelaiHabituel": ("The usual delay shown before sending", "replaced every day"),
    "audit.Evenement": ("Traceability: ids and codes, no text", "12 months"),
    "courriels.Courriel": ("Mails to send, without personal data", "90 days after sending"),
}


def own_models() -> Iterator[type[Model]]:
    """The models of the project that have a table, in the order of the rooms."""
    for config in apps.get_app_configs():
        if is_own(config):
            models = [model for model in config.get_models() if not model._meta.proxy]
            yield from sorted(models, key=lambda model: model.__name__)


def purpose_of(model: type[Model]) -> tuple[str, str]:
    """What a table is kept for, and how long.

    Raises:
        KeyError: nobody says it.
    """
    said: tuple[str, str] | None = getattr(model, "register", None)
    return said or PURPOSES[model._meta.label]


def register_lines() -> Iterator[str]:
    """The register, line by line, in Markdown.

    Raises:
        KeyError: a model has no purpose.
    """
    yield "# Data register"
    yield ""
    yield "Every column the portal keeps, for the data protection officer. Written by `manage.py write_data_register`;"
    yield "a test fails when it is not up to date."
    yield ""
    yield "Retention is what the convention or the law asks. What the portal deletes by itself: abandoned drafts with"
    yield "their files; the person, the words and the files of a demande closed for `DONNEES_PERSONNELLES_MOIS` months;"
    yield "accounts six calendar months after their inactivation. The other periods are not applied automatically yet."
    for model in own_models():
        purpose, retention = purpose_of(model)
        yield ""
        yield f"## {model._meta.label} (`{model._meta.db_table}`)"
        yield ""
        yield f"Purpose: {purpose}. Retention: {retention}."
        yield ""
        yield "| column | what | type |"
        yield "|---|---|---|"
        for field in model._meta.concrete_fields:
            yield f"| `{field.column}` | {field.verbose_name} | {field.get_internal_type()} |"
