"""The check page, the sending, the confirmation, and the end of a draft."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import Act, current, membership_required
from portal.departements import DEPARTEMENTS, ETRANGER, SANS_DOMICILE_STABLE
from portal.errors import DomainError
from portal.ui.fields import error_lines
from signalements.enums import Cote, Etape, Statut
from signalements.forms.drafts import DraftForm, field_rows
from signalements.forms.enveloppe import EnveloppeForm
from signalements.kinds.registry import kind_of, read_draft, steps_of, team_name
from signalements.kinds.steps import Steps
from signalements.models import Demande
from signalements.operations.drafts import AlreadySent, ClosedService, delete_draft
from signalements.operations.sending import TooLate, submit_demande, undo_sending
from signalements.queries.pieces import FichierLu, files_of
from signalements.views.partner.access import (
    UNPROCESSABLE,
    closed_service,
    draft_or_404,
    posted_version,
    sent_or_404,
)
from signalements.views.partner.addresses import crumbs, list_of
from signalements.views.partner.services import promise_in_words, usual_delay_of
from signalements.views.partner.wizard import step_url, wizard_context


@dataclass(frozen=True)
class Bloc:
    """A block of the summary: its facts and where they are changed."""

    titre: str
    lignes: list[tuple[str, Any]]
    url: str


def blocks_of(
    demande: Demande, steps: Steps, judged: dict[Etape, DraftForm], files: list[FichierLu]
) -> list[Bloc]:
    """The summary of a draft, section by section."""
    blocs: list[Bloc] = []
    for etape, form in judged.items():
        url = step_url(demande, etape)
        if isinstance(form, EnveloppeForm):
            named = {
                title: [name for name in fields if name in form.fields] for title, fields in form.SECTIONS
            }
            rows = [(title, field_rows(form, form.relevant(names))) for title, names in named.items()]
            blocs += [Bloc(title, answered, url) for title, answered in rows if answered]
        else:
            blocs.append(Bloc(steps.titre(etape), form.summary(), url))
    if Etape.PIECES in judged:
        return blocs
    lignes = [
        (fichier.nature, f"{fichier.nom} ({fichier.etat_texte.lower()}) {fichier.conseil}".strip())
        for fichier in files
    ]
    blocs.append(
        Bloc("Les pièces", lignes or [("Pièces jointes", "Aucune")], step_url(demande, Etape.PIECES))
    )
    return blocs


def missing_of(
    demande: Demande, steps: Steps, judged: dict[Etape, DraftForm]
) -> list[tuple[str, list[str], str]]:
    """What is missing or wrong: (step, what to do, address)."""
    found = []
    for etape, form in judged.items():
        if not form.is_valid():
            found.append(
                (steps.titre(etape), [line.message for line in error_lines([form])], step_url(demande, etape))
            )
    return found


def _other_departement(demande: Demande, personne: DraftForm | None) -> str:
    """The person's département when it is not one of the caisse's: likely the wrong caisse (domaine.md §4.1)."""
    code = "" if personne is None else personne.cleaned_data.get("departement", "")
    if not code or code in {SANS_DOMICILE_STABLE, ETRANGER, *demande.caisse.departements}:
        return ""
    return DEPARTEMENTS.get(code, code)


def render_check(
    request: HttpRequest,
    demande: Demande,
    *,
    closed: ClosedService | None = None,
    refused: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    """Draw the check page."""
    steps = steps_of(demande)
    judged = {etape: steps.judged(etape) for etape in steps.with_form}
    files = files_of(demande)
    checklist = steps.checklist(files)
    if checklist is not None:
        judged[Etape.PIECES] = checklist
    manquants = missing_of(demande, steps, judged)
    urgente = bool(judged[Etape.SITUATION].cleaned_data.get("urgente"))
    context = {
        **wizard_context(current(request), demande, steps, Etape.VERIFICATION),
        "blocs": blocks_of(demande, steps, judged, files),
        "manquants": manquants,
        "volet": steps.volet_verification,
        "envoi_impossible": False,
        **steps.contexte_verification(judged, files),
        "refusees": [fichier for fichier in files if fichier.etat == "REFUSEE"],
        "closed": closed,
        "refused": refused,
        "alertes": steps.alertes(judged),
        "has_errors": status == UNPROCESSABLE,
        "autre_departement": _other_departement(demande, judged.get(Etape.PERSONNE)),
        "promesse": ""
        if steps.tient_la_promesse(judged)
        else promise_in_words(kind_of(demande), demande.caisse, urgente=urgente, propre=steps.delai_propre),
    }
    return render(request, "signalements/partner/etape_verification.html", context, status=status)


@membership_required(Act.FAIRE_DEMANDE)
@require_http_methods(["GET", "HEAD", "POST"])
def verification(request: HttpRequest, reference: str, etape: str = "verification") -> HttpResponse:
    """The check page; POST « Envoyer la demande à la caisse » sends it once, however often it is pressed."""
    membership = current(request)
    if request.method == "POST":
        return _send(request, reference)
    demande = draft_or_404(membership, reference)
    return render_check(request, demande, closed=closed_service(membership, demande))


def _send(request: HttpRequest, reference: str) -> HttpResponse:
    membership = current(request)
    try:
        demande = submit_demande(
            membership=membership, reference=reference, read=read_draft, version=posted_version(request)
        )
    except Demande.DoesNotExist:
        raise Http404 from None
    except DomainError as error:
        demande = draft_or_404(membership, reference)
        closed = error if isinstance(error, ClosedService) else None
        return render_check(
            request, demande, closed=closed, refused=None if closed else error, status=UNPROCESSABLE
        )
    if demande.statut == Statut.ANNULEE:
        return redirect("signalements:demande", demande.reference)
    return redirect("signalements:confirmation", demande.reference)


@membership_required(Act.FAIRE_DEMANDE)
@require_POST
def annuler_envoi(request: HttpRequest, reference: str) -> HttpResponse:
    """« Annuler l’envoi »: back to the check page of the same draft."""
    try:
        demande = undo_sending(membership=current(request), reference=reference)
    except Demande.DoesNotExist:
        raise Http404 from None
    except TooLate as error:
        messages.error(request, error.message)
        return redirect("signalements:demande", reference)
    messages.success(
        request, "L’envoi est annulé\u00a0: la caisse n’a rien reçu. Votre brouillon est intact."
    )
    return redirect(step_url(demande, Etape.VERIFICATION))


@membership_required(Act.SUIVRE_DEMANDES)
@require_safe
def confirmation(request: HttpRequest, reference: str) -> HttpResponse:
    """« Demande envoyée »: reference, date of the answer, what comes next, bordereau."""
    membership = current(request)
    demande = sent_or_404(membership, reference)
    kind = kind_of(demande)
    suite = kind.suite_tenue if demande.promesse_tenue_le is not None else kind.suite
    context = {
        **(kind.contexte(demande, Cote.PARTENAIRE) if kind.volet_confirmation else {}),
        "kind": kind,
        "demande": demande,
        "caisse": demande.caisse,
        "habituel": usual_delay_of(demande.caisse, demande.fonction),
        "suite": [phrase.format(equipe=team_name(kind, demande.caisse, demande.equipe)) for phrase in suite],
        "liste": list_of(membership)[0],
        "une_personne": hasattr(demande, "personne"),
        "crumbs": crumbs(membership, (f"Demande {demande.reference}", "")),
    }
    with override(demande.caisse.fuseau):
        return render(request, "signalements/partner/confirmation.html", context)


@membership_required(Act.FAIRE_DEMANDE)
@require_http_methods(["GET", "HEAD", "POST"])
def supprimer(request: HttpRequest, reference: str) -> HttpResponse:
    """Delete a draft, after a page that asks."""
    membership = current(request)
    demande = draft_or_404(membership, reference)
    if request.method == "POST":
        try:
            delete_draft(membership=membership, reference=reference)
        except (Demande.DoesNotExist, AlreadySent):
            return redirect(list_of(membership)[1])
        messages.success(request, f"Le brouillon {reference} est supprimé.")
        return redirect(list_of(membership)[1])
    context = wizard_context(membership, demande, steps_of(demande), Etape.VERIFICATION)
    return render(request, "signalements/partner/supprimer.html", context)
