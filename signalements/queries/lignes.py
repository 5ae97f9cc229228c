"""What a line of the caisse's lists shows of a demande."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, Concat, JSONObject

from accounts.models import Utilisateur
from partners.models import Partenaire
from signalements.enums import Cote
from signalements.models import Doublon, Message, Personne, PieceJointe, PoseEtiquette
from signalements.querysets import LINE_FIELDS, RANG, DemandeQuerySet

PERSONNE_LUE = ("prenom", "nom_usage", "nom_naissance", "civilite", "naissance", "naissance_precision")


def label_ids() -> ArraySubquery:
    """The ids of the labels a demande bears; those of the palette have a name."""
    return ArraySubquery(
        PoseEtiquette.objects.filter(demande=OuterRef("pk")).order_by("pk").values("etiquette_id")
    )


def duplicate_read() -> Subquery:
    """Why a demande was made although another one was open, and the reference of that one if it is the structure's."""
    rows = Doublon.objects.filter(demande=OuterRef("pk")).order_by()
    return Subquery(rows.values(lu=JSONObject(raison="raison", reference="autre__reference")))


def structure_name() -> Subquery:
    """The name of the structure of a row."""
    return Subquery(Partenaire.objects.filter(pk=OuterRef("partenaire")).values("raison_sociale"))


def agent_name() -> Subquery:
    """The name of the agent of a row."""
    names = Utilisateur.objects.filter(pk=OuterRef("assignee_a")).order_by()
    return Subquery(names.values(lu=Concat("prenom", Value(" "), "nom")))


def with_line(rows: DemandeQuerySet) -> DemandeQuerySet:
    """With what a line shows: person, structure, agent, labels, pièces, unread messages, place in the queue."""
    unread = Message.objects.filter(demande=OuterRef("pk"), cote=Cote.PARTENAIRE, lu_le__isnull=True)
    pieces = (
        PieceJointe.objects.filter(demande=OuterRef("pk"))
        .order_by()
        .values("demande")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return rows.only(*LINE_FIELDS, "assignee_a_id", "version").annotate(
        rang=RANG,
        non_lus=Exists(unread),
        nombre_pieces=Coalesce(Subquery(pieces, output_field=IntegerField()), 0),
        # Looked up row by row, once the page is cut: a join would fetch them for every row that is sorted.
        personne_lue=Subquery(
            Personne.objects.filter(pk=OuterRef("pk")).values(lue=JSONObject(**{n: n for n in PERSONNE_LUE}))
        ),
        structure=structure_name(),
        agent=agent_name(),
        etiquettes_lues=label_ids(),
    )
