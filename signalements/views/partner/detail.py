"""One demande of the structure: what is asked, what happened, messages, cancelling."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.memberships import Membership
from accounts.permissions import Act, current, membership_required
from caisses.enums import Fonction, ListeMotifs
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.departements import DEPARTEMENTS
from portal.errors import DomainError
from portal.ui.dates import DatePartielle
from portal.ui.fields import ErrorLine
from portal.ui.text import day_in_words
from portal.validators import readable_phone
from portal.workflow import StaleObject
from signalements.clocks import abandon_day, due_day, read_deadline
from signalements.enums import STATUTS_OUVERTS, Cote, Issue, Statut
from signalements.forms.keyed import blank_html
from signalements.forms.partner import AnnulationForm, ComplementForm, MessageForm
from signalements.kinds.context import kind_context
from signalements.labels import statut_en_mots
from signalements.models import Demande
from signalements.operations.completion import IncompleteAnswer, cancel_demande, complete_demande
from signalements.operations.effacement import erasure_day
from signalements.operations.partner_messages import (
    STATUTS_AVEC_MESSAGES,
    mark_thread_read,
    post_message_partenaire,
)
from signalements.operations.relances import retard_of
from signalements.queries.detail import Suivi, answered_by, suivi_of, who, with_steps
from signalements.queries.motifs import absences_of
from signalements.queries.pieces import FichierLu, files_of, waiting
from signalements.queries.recherche import search_words
from signalements.queries.referentiel import motifs_of
from signalements.views.guard import guard_counter
from signalements.views.partner.access import UNPROCESSABLE, followers, follows, own_or_404, sent_or_404
from signalements.views.partner.addresses import crumbs
from signalements.views.partner.chronologie import narrowed
from signalements.views.partner.reading import way_through
from signalements.views.partner.receiving import input_name, receive_files


@membership_required(Act.SUIVRE_DEMANDES)
@require_safe
def demande(request: HttpRequest, reference: str) -> HttpResponse:
    """The demande; opening it marks the caisse's messages as read and is journaled."""
    membership = current(request)
    found = own_or_404(membership, reference)
    if found.statut == Statut.BROUILLON:
        return redirect("signalements:reprendre", reference)
    files = files_of(found)
    suivi = suivi_of(found, files)
    response = render_demande(request, membership, found, read=(files, suivi))
    if suivi.non_lus:
        mark_thread_read(membership=membership, demande=found)
    record(
        Verbe.CONSULTATION,
        actor=membership,
        caisse_id=found.caisse_id,
        objet="demande",
        objet_id=found.reference,
    )
    return response


def render_demande(
    request: HttpRequest,
    membership: Membership,
    demande: Demande,
    *,
    complement_form: ComplementForm | None = None,
    message_form: MessageForm | None = None,
    refused: DomainError | None = None,
    file_errors: Sequence[ErrorLine] = (),
    status: int = 200,
    read: tuple[list[FichierLu], Suivi] | None = None,
) -> HttpResponse:
    """Draw the page of a demande; forms in error are given, the others are fresh. `read`: what was read already."""
    files, suivi = read or _read(demande)
    if suivi.complement and complement_form is None:
        complement_form = _complement_form(demande, suivi)
    lue = read_deadline(demande)
    of_kind = kind_context(demande, Cote.PARTENAIRE)
    lignes, onglets = narrowed(request, with_steps(suivi, demande, of_kind["kind_pas"]))
    context: dict[str, Any] = {
        "demande": demande,
        "caisse": demande.caisse,
        "statut": statut_en_mots(demande),
        "echeance": lue,
        "personne": person_rows(demande),
        "ses_demandes": _search_of(membership, demande),
        **of_kind,
        "lignes": lignes,
        "onglets_chronologie": onglets,
        "reperes": _facts(demande),
        "suivi": suivi,
        "asked": _asked(demande, suivi, files, complement_form, file_errors),
        "abandon_le": abandon_day(demande),
        "complement_form": complement_form if suivi.complement else None,
        "message_form": message_form or blank_html(MessageForm),
        "refused_message": message_form,
        "joined": waiting(files, membership.acteur_id),
        "files": [fichier for fichier in files if fichier.transmise],
        "retard": retard_of(demande, suivi.relances),
        "je_suis": follows(demande, membership),
        "a_reprendre": demande.a_reprendre_le is not None and demande.statut in STATUTS_OUVERTS,
        **_transfer_context(demande),
        "can_write": demande.statut in STATUTS_AVEC_MESSAGES
        and not demande.est_retenue
        and not demande.est_effacee,
        "effacement_le": erasure_day(demande),
        "can_cancel": demande.statut in STATUTS_OUVERTS and not demande.est_retenue,
        "refused": refused,
        "file_errors": file_errors,
        "message_error": next((line.message for line in file_errors if line.target == "message"), ""),
        "message_upload": reverse("signalements:piece_ajouter", args=[demande.reference, "message"]),
        "has_errors": status == UNPROCESSABLE,
        "crumbs": crumbs(membership, (f"Demande {demande.reference}", "")),
        "parcours": way_through(request) if request.method == "GET" else None,
    }
    with override(demande.caisse.fuseau):
        return render(request, "signalements/partner/demande.html", context, status=status)


def _transfer_context(demande: Demande) -> dict[str, Any]:
    """Where a demande came from and where it went, when a caisse passed it on to another."""
    came = getattr(demande, "transfert_recu", None)
    went = None
    if demande.issue == Issue.REORIENTEE:
        went = demande.transferts.select_related("cible", "caisse_cible").order_by("-pk").first()
    return {"venue_de": came.source if came else None, "transfert": went}


def _read(demande: Demande) -> tuple[list[FichierLu], Suivi]:
    files = files_of(demande)
    return files, suivi_of(demande, files)


def person_rows(demande: Demande) -> list[tuple[str, Any]]:
    """The person, as (label, value); nothing when the demande is about nobody."""
    if demande.sans_personne:
        return []
    personne = demande.personne
    naissance = DatePartielle.from_date(personne.naissance, personne.naissance_precision)
    return [
        ("Nom", personne.nom_complet),
        ("Date de naissance", str(naissance)),
        ("Département", DEPARTEMENTS.get(personne.departement, personne.departement)),
        ("Téléphone", readable_phone(personne.telephone)),
        ("Adresse électronique", personne.courriel),
        ("Commune", personne.commune),
    ]


def _search_of(membership: Membership, demande: Demande) -> str:
    """What finds the demandes of the same person in the structure's list; empty without a person or a history."""
    if demande.sans_personne or not membership.caisses_avec(Fonction.HISTORIQUE):
        return ""
    return search_words(demande.personne)


def _facts(demande: Demande) -> list[tuple[str, Any]]:
    auteur = demande.auteur.get_full_name() if demande.auteur else "Compte supprimé"
    agent = who(demande.caisse, "CAISSE", demande.assignee_a.get_full_name()) if demande.assignee_a else ""
    rows: list[tuple[str, Any]] = [("Caisse", demande.caisse.nom)]
    # A caisse that names nobody is said once.
    if agent != demande.caisse.nom:
        rows.append(("Suivie à la caisse par", agent or "Pas encore prise en charge"))
    rows += [
        ("Technicien en charge", auteur),
        ("Suivie aussi par", ", ".join(lu["nom"] for lu in followers(demande)) or "Personne d’autre"),
    ]
    if demande.urgente and demande.motif_urgence:
        rows.append(("Urgence", demande.motif_urgence.libelle))
    if demande.date_limite:
        rows.append(("Date limite connue", day_in_words(demande.date_limite, "l j F Y")))
    if due := due_day(demande):
        rows.append(("Réponse attendue au plus tard le", day_in_words(due, "l j F Y")))
    if demande.issue:
        rows.append(("Issue", demande.get_issue_display()))
    if demande.motif_issue:
        rows.append(("Motif", demande.motif_issue.libelle))
    return rows


def _asked(
    demande: Demande,
    suivi: Suivi,
    files: list[FichierLu],
    form: ComplementForm | None,
    errors: Sequence[ErrorLine],
) -> list[dict[str, Any]]:
    """One slot for each asked item: its files and its field."""
    if form is None:
        return []
    slots = []
    for element in suivi.elements:
        place = f"element-{element.pk}"
        slots.append(
            {
                "element": element,
                "fichiers": [fichier for fichier in files if fichier.element_id == element.pk],
                "field": form.field_of(element),
                "confirmation": form.confirmation_of(element),
                "place": place,
                "input": input_name(place),
                "url": reverse("signalements:piece_ajouter", args=[demande.reference, place]),
                "telephone": reverse("signalements:telephone_code", args=[demande.reference, place]),
                "error": " ".join(line.message for line in errors if line.target == place),
            }
        )
    return slots


def _complement_form(demande: Demande, suivi: Suivi, data: Any = None, **kwargs: Any) -> ComplementForm:
    return ComplementForm(data, elements=suivi.elements, absences=absences_of(demande.caisse), **kwargs)


@membership_required(Act.FAIRE_DEMANDE)
@require_POST
def completer(request: HttpRequest, reference: str) -> HttpResponse:
    """« Compléter la demande »."""
    membership = current(request)
    found = sent_or_404(membership, reference)
    suivi = suivi_of(found, files_of(found))
    posted = request.POST.get("complement", "")
    if suivi.complement is None or str(suivi.complement.pk) != posted:
        return _already_answered(request, membership, found, posted)
    form = _complement_form(found, suivi, request.POST, count=guard_counter(membership, found))
    file_errors = [
        line
        for element in suivi.elements
        for line in receive_files(request, membership, found, f"element-{element.pk}")
    ]
    if form.is_valid() and not file_errors:
        try:
            complete_demande(
                membership=membership,
                reference=reference,
                complement_id=suivi.complement.pk,
                reponses=form.reponses(),
                message=form.cleaned_data["message"],
            )
        except IncompleteAnswer as error:
            for element in suivi.elements:
                if element.pk in error.missing:
                    form.add_error(form.field_name(element), error.missing[element.pk])
        except DomainError as error:
            found = sent_or_404(membership, reference)
            return render_demande(request, membership, found, refused=error, status=UNPROCESSABLE)
        else:
            messages.success(request, "La demande est complétée. La caisse en est prévenue.")
            return redirect("signalements:demande", reference)
    return render_demande(
        request, membership, found, complement_form=form, file_errors=file_errors, status=UNPROCESSABLE
    )


def _already_answered(
    request: HttpRequest, membership: Membership, demande: Demande, posted: str
) -> HttpResponse:
    """A replay shows how the demande stands; after a colleague's answer, or a withdrawal, what was typed is kept."""
    answered = answered_by(demande, posted)
    texts = (value for name, value in request.POST.items() if name.startswith("texte_") or name == "message")
    typed = "\n".join(text.strip() for text in texts if str(text).strip())
    if not typed or answered == membership.acteur_id or demande.statut not in STATUTS_AVEC_MESSAGES:
        messages.info(request, "Ce complément n’est plus attendu. Voici où en est la demande.")
        return redirect("signalements:demande", demande.reference)
    why = "Un collègue a répondu à ce complément" if answered else "Ce complément n’est plus attendu"
    refused = DomainError(
        f"{why} pendant que vous le remplissiez. Votre saisie est conservée ci-dessous\u00a0: envoyez-la comme message "
        "si elle est encore utile.",
        code="complement_ferme",
    )
    form = MessageForm(initial={"cle": uuid.uuid4(), "texte": typed})
    return render_demande(
        request, membership, demande, message_form=form, refused=refused, status=UNPROCESSABLE
    )


@membership_required(Act.FAIRE_DEMANDE)
@require_POST
def ecrire(request: HttpRequest, reference: str) -> HttpResponse:
    """« Envoyer le message »."""
    membership = current(request)
    found = sent_or_404(membership, reference)
    form = MessageForm(request.POST, count=guard_counter(membership, found))
    refused = None
    file_errors = receive_files(request, membership, found, "message")
    if form.is_valid() and not file_errors:
        try:
            message, _ = post_message_partenaire(
                membership=membership,
                reference=reference,
                texte=form.cleaned_data["texte"],
                cle=form.cleaned_data["cle"],
            )
        except DomainError as error:
            refused = error
        else:
            messages.success(request, "Le message est envoyé à la caisse.")
            return redirect(f"{reverse('signalements:demande', args=[reference])}#message-{message.pk}")
    return render_demande(
        request,
        membership,
        found,
        message_form=form,
        refused=refused,
        file_errors=file_errors,
        status=UNPROCESSABLE,
    )


@membership_required(Act.FAIRE_DEMANDE)
@require_http_methods(["GET", "HEAD", "POST"])
def annuler(request: HttpRequest, reference: str) -> HttpResponse:
    """« Annuler la demande »: a page that asks why."""
    membership = current(request)
    found = sent_or_404(membership, reference)
    if found.statut not in STATUTS_OUVERTS:
        if found.statut != Statut.ANNULEE:
            messages.error(request, "Cette demande est traitée\u00a0: elle ne peut plus être annulée.")
        return redirect("signalements:demande", reference)
    motifs = motifs_of(found.caisse, ListeMotifs.ANNULATION)[ListeMotifs.ANNULATION.value]
    refused: DomainError | None = None
    if request.method == "POST":
        form = AnnulationForm(request.POST, motifs=motifs, count=guard_counter(membership, found))
        if form.is_valid():
            try:
                cancel_demande(
                    membership=membership,
                    reference=reference,
                    motif=form.motifs[form.cleaned_data["motif"]],
                    precision=form.cleaned_data["precision"],
                    version=form.cleaned_data["version"],
                )
            except Demande.DoesNotExist:
                raise Http404 from None
            except DomainError as error:
                refused = error
            else:
                messages.success(request, f"La demande {reference} est annulée. La caisse en est prévenue.")
                return redirect("signalements:demande", reference)
    else:
        form = AnnulationForm(motifs=motifs, initial={"version": found.version})
    if isinstance(refused, StaleObject):
        form.data = form.data.copy()
        form.data["version"] = str(found.version)
    context = {
        "demande": found,
        "form": form,
        "refused": refused,
        "has_errors": request.method == "POST",
        "crumbs": crumbs(
            membership,
            (f"Demande {reference}", reverse("signalements:demande", args=[reference])),
            ("Annuler", ""),
        ),
    }
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "signalements/partner/annuler.html", context, status=status)
