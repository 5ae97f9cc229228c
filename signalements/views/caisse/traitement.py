"""The processing page of a demande: pièces, person, situation, chronology, and what can be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.memberships import Membership
from accounts.permissions import Act, can, current
from caisses.enums import MomentModele
from portal.departements import DEPARTEMENTS
from portal.validators import readable_phone
from signalements.enums import (
    STATUTS_CHEZ_LA_CAISSE,
    STATUTS_OUVERTS,
    CanalContact,
    Cote,
    Issue,
    ModeAccord,
    RaisonDoublon,
    ResultatContact,
    Statut,
)
from signalements.forms.caisse import AttributionForm, ContactForm, MessageForm, NoteForm
from signalements.forms.keyed import blank_html
from signalements.kinds.context import kind_context
from signalements.kinds.registry import Acte, Pas, kind_of
from signalements.models import Complement, Demande, ElementComplement, PieceJointe
from signalements.operations.presence import show_presence
from signalements.operations.suivi import STATUTS_AVEC_MESSAGES, mark_messages_read
from signalements.queries.agents import staff_of
from signalements.queries.chronologie import (
    CONTACT,
    MESSAGE,
    NOTE,
    PASSAGE,
    PRESENCE,
    RELANCE,
    RETENUE,
    Fait,
    asked_items,
    chronology,
    files_of,
    of_nature,
)
from signalements.queries.recherche import search_words
from signalements.transitions import TABLE
from signalements.views.caisse.access import (
    UNPROCESSABLE,
    crumbs,
    demande_or_404,
    record_view,
    staff_view,
    task_url,
)
from signalements.views.caisse.etiquettes import labels_context
from signalements.views.caisse.held import held_context
from signalements.views.caisse.lines import head_of
from signalements.views.caisse.modeles import template_context
from signalements.views.caisse.presence import present_now
from signalements.views.caisse.suite import not_ahead, suite_context

PASSAGES = {
    Statut.ENVOYEE: ("Demande envoyée", "enveloppe"),
    Statut.EN_COURS: ("Prise en charge", "sablier"),
    Statut.A_COMPLETER: ("Complément demandé", "pause"),
    Statut.COMPLETEE: ("Complément reçu", "reponse"),
    Statut.TRAITEE: ("Décision rendue", "coche-cercle"),
    Statut.ANNULEE: ("Annulée par le partenaire", "croix"),
}
SPECIAL = {
    (Statut.EN_COURS, Statut.ENVOYEE): ("Rendue à la file", "transferer"),
    (Statut.A_COMPLETER, Statut.EN_COURS): ("Demande de complément retirée", "croix"),
    (Statut.COMPLETEE, Statut.EN_COURS): ("Traitement repris", "sablier"),
    (Statut.TRAITEE, Statut.EN_COURS): ("Demande rouverte", "actualiser"),
}


@staff_view()
@require_safe
@not_ahead
def traitement(request: HttpRequest, reference: str) -> HttpResponse:
    """The page where a demande is worked on; seeing it is journaled and marks its messages as read."""
    membership = current(request)
    demande = demande_or_404(membership, reference)
    record_view(membership, demande, "traitement")
    show_presence(actor=membership, demande=demande)
    return processing_page(request, membership, demande)


@dataclass
class Formulaires:
    """The forms of the page; the one that was refused keeps what was typed."""

    note: NoteForm | None = None
    message: MessageForm | None = None
    contact: ContactForm | None = None

    def refused(self) -> list[forms.Form]:
        """Those with errors."""
        return [form for form in (self.note, self.message, self.contact) if form is not None and form.errors]


def processing_page(
    request: HttpRequest,
    membership: Membership,
    demande: Demande,
    formulaires: Formulaires | None = None,
    error: str = "",
) -> HttpResponse:
    """Draw the page; with a refusal (of a form, or `error`) the answer is 422."""
    bound = formulaires or Formulaires()
    refused = bound.refused()
    facts = chronology(demande)
    held = held_context(membership, demande, of_nature(facts, RETENUE))
    actions = actions_of(membership, demande, retenue=held["retenue"] is not None)
    items = asked_items(demande)
    unread = [fact for fact in of_nature(facts, MESSAGE) if fact.cote == Cote.PARTENAIRE and not fact.lu_le]
    if unread:
        mark_messages_read(actor=membership, demande=demande)
    of_kind = kind_context(demande, Cote.CAISSE)
    context = {
        **suite_context(request, membership, demande),
        **labels_context(membership, demande),
        **_facts_context(demande, facts, items, of_kind["kind_pas"]),
        **held,
        "presents": present_now(membership, of_nature(facts, PRESENCE)),
        **_pieces_context(request, demande, files_of(demande)),
        "crumbs": crumbs(demande),
        **head_of(demande),
        **person_context(demande),
        "doublon": _duplicate(demande),
        "telephone_technicien": readable_phone(demande.auteur.telephone) if demande.auteur else "",
        "accord": ModeAccord(demande.accord_mode).label if demande.accord_mode else "",
        **of_kind,
        "suivant": next_of(demande, actions, of_kind["kind_suivant"]),
        "unread": len(unread),
        "note_form": bound.note or blank_html(NoteForm),
        **template_context(request, demande, MomentModele.MESSAGE),
        "message_form": bound.message or blank_html(MessageForm),
        "contact_ouvert": bound.contact is not None,
        "contact_form": bound.contact or blank_html(ContactForm),
        "actions": actions,
        "attribution_form": AttributionForm(agents=staff_of(demande.caisse))
        if actions["attribuer"]
        else None,
        "has_errors": bool(refused or error),
        "refused_form": refused[0] if refused else None,
        "refusal": error,
    }
    status = UNPROCESSABLE if refused or error else 200
    return render(request, "signalements/caisse/traitement.html", context, status=status)


def _duplicate(demande: Demande) -> dict[str, str] | None:
    """Why it was made although another was open: the reason in words, and the address of the other if it has one."""
    read = getattr(demande, "doublon_lu", None)
    if read is None:
        return None
    autre = read["reference"]
    return {
        "raison": str(RaisonDoublon(read["raison"]).label),
        "reference": autre or "",
        "url": reverse("signalements:traitement", args=[autre]) if autre else "",
    }


def person_context(demande: Demande) -> dict[str, Any]:
    """The person, ready to be drawn; a demande may be about nobody."""
    personne = None if demande.sans_personne else demande.personne
    if personne is None:
        return {"personne": None, "telephone": "", "departement": ""}
    return {
        "personne": personne,
        "recherche_personne": search_words(personne),
        "telephone": readable_phone(personne.telephone),
        "departement": DEPARTEMENTS.get(personne.departement, personne.departement),
    }


def actions_of(membership: Membership, demande: Demande, *, retenue: bool = False) -> dict[str, bool]:
    """What this person may do now, from the transition table; `retenue`: a decision is about to leave."""
    found = _actions_of(membership, demande)
    if demande.est_effacee:
        return dict.fromkeys(found, False)
    return {name: may and not (retenue and name in ENDED_BY_A_DECISION) for name, may in found.items()}


@dataclass(frozen=True)
class Suivant:
    """What the bar of actions puts first: an act of the kind, « contact », « prendre » or « decider »."""

    nom: str
    acte: Acte | None = None


def next_of(demande: Demande, actions: dict[str, bool], acte: Acte | None) -> Suivant:
    """The next sensible act: the kind's own, taking it in charge, the first contact it promises, the outcome."""
    if acte is not None and actions["decider"]:
        return Suivant("genre", acte)
    if actions["prendre"] or actions["reprendre"]:
        return Suivant("prendre")
    kind = kind_of(demande)
    if (
        kind.promet_un_contact
        and demande.promesse_tenue_le is None
        and actions["contact"]
        and actions["decider"]
    ):
        return Suivant("contact")
    return Suivant("decider")


ENDED_BY_A_DECISION = {"reorienter", "prendre", "reprendre", "rendre", "complement", "decider", "attribuer"}


def _actions_of(membership: Membership, demande: Demande) -> dict[str, bool]:
    statut = Statut(demande.statut)
    targets = TABLE.targets(statut, membership.role)
    own = demande.assignee_a_id == membership.acteur_id
    given = demande.assignee_a_id is not None
    return {
        "prendre": statut == Statut.ENVOYEE and Statut.EN_COURS in targets,
        "reprendre": statut == Statut.COMPLETEE and Statut.EN_COURS in targets,
        "rendre": statut in {Statut.EN_COURS, Statut.COMPLETEE}
        and given
        and (own or can(membership, Act.SUPERVISER)),
        "complement": Statut.A_COMPLETER in targets,
        "retirer": statut == Statut.A_COMPLETER and Statut.EN_COURS in targets,
        "decider": Statut.TRAITEE in targets,
        "reorienter": statut in STATUTS_CHEZ_LA_CAISSE,
        "rouvrir": statut == Statut.TRAITEE and Statut.EN_COURS in targets,
        "message": statut in STATUTS_AVEC_MESSAGES,
        "contact": statut in STATUTS_OUVERTS and not demande.sans_personne,
        "attribuer": statut in STATUTS_OUVERTS and can(membership, Act.SUPERVISER),
    }


# --- Chronology


@dataclass(frozen=True)
class Etape:
    """One line of the chronology, in words."""

    titre: str
    icone: str
    ton: str
    fait: Fait
    auteur: str
    elements: list[ElementComplement]
    lu: str = ""


def _facts_context(
    demande: Demande, facts: list[Fait], items: list[ElementComplement], pas: list[Pas]
) -> dict[str, Any]:
    by_complement: dict[int, list[ElementComplement]] = {}
    complements: dict[int, Complement] = {}
    for item in items:
        by_complement.setdefault(item.complement_id, []).append(item)
        complements[item.complement_id] = item.complement
    open_one = next((one for one in complements.values() if one.repondu_le is None), None)
    answered = [one for one in complements.values() if one.repondu_le is not None and not one.retire]
    last = answered[-1] if answered and demande.statut == Statut.COMPLETEE else None
    contacts = of_nature(facts, CONTACT)
    return {
        "etapes": steps_of(facts, demande, pas),
        "notes": of_nature(facts, NOTE),
        "contacts": [_contact(fact) for fact in contacts],
        "tentatives": len(contacts),
        "jointe": any(fact.b == ResultatContact.JOINTE for fact in contacts),
        "tentatives_attendues": kind_of(demande).tentatives,
        "complement_ouvert": open_one,
        "elements_ouverts": by_complement.get(open_one.pk, []) if open_one else [],
        "complement_recu": last,
        "elements_recus": by_complement.get(last.pk, []) if last else [],
        "complements_passes": [
            (one, by_complement[one.pk]) for one in complements.values() if one not in (open_one, last)
        ],
    }


def steps_of(facts: list[Fait], demande: Demande, pas: Sequence[Pas] = ()) -> list[Etape]:
    """The changes of status, the messages and the steps of the kind's own, in words."""
    lines = [_step(fact, demande) for fact in of_nature(facts, PASSAGE, MESSAGE)]
    return sorted([*lines, *(_own_step(one, demande) for one in pas)], key=lambda line: line.fait.le)


def _own_step(pas: Pas, demande: Demande) -> Etape:
    """A step of the kind's own."""
    fact = Fait("genre", pas.cle, pas.le, pas.auteur, pas.cote, pas.texte)
    return Etape(pas.titre, pas.icone, "neutral", fact, _author(fact, demande), [])


def _author(fact: Fait, demande: Demande) -> str:
    """Who acted, and for whom."""
    side = {Cote.PARTENAIRE: demande.partenaire.raison_sociale, Cote.SYSTEME: "Portail"}.get(
        Cote(fact.cote), ""
    )
    return " · ".join(part for part in (fact.auteur or ("Compte supprimé" if not side else ""), side) if part)


def _step(fact: Fait, demande: Demande) -> Etape:
    author = _author(fact, demande)
    if fact.nature == MESSAGE:
        sent = fact.cote == Cote.CAISSE
        received = "Relance de la structure" if fact.a == RELANCE else "Message de la structure"
        title = "Message à la structure" if sent else received
        read = "Lu par la structure" if sent and fact.lu_le else ""
        return Etape(title, "message", "sent" if sent else "received", fact, author, [], read)
    target = Statut(fact.b)
    title, icon = SPECIAL.get((Statut(fact.a or Statut.BROUILLON), target), PASSAGES.get(target, ("", "")))
    if target == Statut.A_COMPLETER:
        title = kind_of(demande).complement.passage
    if fact.c:
        title = f"{title}\u00a0: {Issue(fact.c).label}"
    return Etape(title, icon, "neutral", fact, author, [])


def _contact(fact: Fait) -> tuple[str, str, Fait]:
    return str(CanalContact(fact.a).label), str(ResultatContact(fact.b).label), fact


# --- Pièces


@dataclass(frozen=True)
class PieceLue:
    """A pièce as the page lists it."""

    nom: str
    taille: int
    etat: str
    nature: str
    url: str
    code: str = ""


def _pieces_context(request: HttpRequest, demande: Demande, files: list[PieceJointe]) -> dict[str, Any]:
    """The pièces and the one shown: that of the address, else the first that can be read."""
    rows = [
        PieceLue(
            nom=jointe.piece.nom,
            taille=jointe.piece.taille,
            etat=jointe.piece.etat,
            nature=jointe.type_piece.libelle if jointe.type_piece else jointe.precision,
            url=f"{task_url(demande)}?piece={jointe.piece_id}#pieces" if jointe.piece.est_saine else "",
            code=jointe.type_piece.code if jointe.type_piece else "",
        )
        for jointe in files
    ]
    healthy = {str(jointe.piece_id): jointe.piece for jointe in files if jointe.piece.est_saine}
    shown = healthy.get(request.GET.get("piece", "")) or next(iter(healthy.values()), None)
    return {
        "pieces": rows,
        "piece": shown,
        "nombre_saines": len(healthy),
        "taille_totale": sum(piece.taille for piece in healthy.values()),
    }
