"""The form of decision of a demande, over what is typed or over what was kept."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from portal.errors import DomainError
from portal.free_text_forms import CountFinding
from signalements.forms.caisse import DecisionForm
from signalements.forms.drafts import typed_data
from signalements.kinds.registry import kind_of
from signalements.models import Demande
from signalements.operations.decisions import Decision
from signalements.queries.referentiel import motifs_of

NOT_KEPT = {"csrfmiddlewaretoken", "version", "action", "modele", "modele_choisi"}
LONGEST_ANSWER = 20_000


def decision_form(
    demande: Demande, data: QueryDict | None = None, count: CountFinding | None = None
) -> DecisionForm:
    """The form of decision of the demande's kind."""
    kind = kind_of(demande)
    motifs = motifs_of(demande.caisse, *kind.motifs.values())
    form_class = kind.decision or DecisionForm
    given: dict[str, Any] = {
        "kind": kind,
        "motifs": motifs,
        "demande": demande,
        "issues": kind.offered(demande),
    }
    if data is None:
        return form_class(**given)
    return form_class(data, count=count, **given)


def to_keep(posted: QueryDict) -> dict[str, list[str]]:
    """What was answered, as it is kept until the decision leaves.

    Raises:
        DomainError: far more was posted than the form asks.
    """
    kept = {name: posted.getlist(name) for name in posted if name not in NOT_KEPT}
    if sum(len(value) for values in kept.values() for value in values) > LONGEST_ANSWER:
        raise DomainError("Ce texte est trop long.", code="trop_long")
    return kept


def kept_form(demande: Demande, saisie: Mapping[str, list[str]]) -> DecisionForm:
    """The form with what was kept in it, not judged again."""
    form = decision_form(demande, typed_data(saisie))
    form.show_as_typed()
    return form


def read_decision(demande: Demande, saisie: Mapping[str, list[str]]) -> Decision:
    """What was decided, read again from what was kept.

    Raises:
        DomainError: the form no longer takes it (a motif was withdrawn meanwhile).
    """
    form = decision_form(demande, typed_data(saisie))
    if not form.is_valid():
        raise DomainError(
            "Une réponse n’est plus proposée\u00a0: choisissez-en une autre.", code="decision_perimee"
        )
    return form.decision()
