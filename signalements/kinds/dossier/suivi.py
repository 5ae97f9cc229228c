"""What the pages of a dossier say, on each side: the facts, the checklist, the periods, the legal limit."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from caisses.enums import ListeMotifs
from portal.ui.text import day_in_words
from signalements.enums import STATUTS_CHEZ_LA_CAISSE, Cote, Issue, Statut
from signalements.kinds.dossier.enums import (
    EtatPieceDossier,
    FinPeriode,
    Nature,
    Silence,
    Situation,
    TypeDossier,
)
from signalements.kinds.dossier.forms import membre_en_mots
from signalements.kinds.dossier.forms_caisse import ControleForm
from signalements.kinds.dossier.models import Periode, PieceDossier
from signalements.kinds.dossier.queries import add_months, membres_of, periodes_of, pieces_of, regles_of
from signalements.kinds.registry import MotifLabels
from signalements.models import Demande

SILENCES = {
    Silence.ACCORD: "sans réponse à cette date, la demande est acceptée",
    Silence.REFUS: "sans réponse à cette date, la demande est refusée",
}


def facts(demande: Demande, labels: MotifLabels) -> list[tuple[str, object]]:
    """The facts of a dossier as (label, value) pairs; what is empty is left out."""
    dossier = demande.dossier
    rows: list[tuple[str, object]] = [
        ("Droit demandé", TypeDossier(dossier.type).label),
        ("Demande", Nature(dossier.nature).label),
        ("Fin du droit en cours", day_in_words(dossier.fin_droits) if dossier.fin_droits else ""),
        (
            "Exception au dépôt en personne",
            labels.get((ListeMotifs.EXCEPTION_AME.value, dossier.exception), ""),
        ),
        ("Situation", [str(Situation(code).label) for code in dossier.situations]),
        ("Adresse ou domiciliation", dossier.adresse),
        ("Formulaire", "Complet, daté et signé, selon la structure" if dossier.formulaire_complet else ""),
    ]
    return [(label, value) for label, value in rows if value]


@dataclass(frozen=True)
class LignePiece:
    """A pièce of the checklist, in words."""

    piece: PieceDossier
    code: str
    libelle: str
    etat: str
    ton: str
    icone: str
    raison: str


def piece_lines(pieces: list[PieceDossier]) -> list[LignePiece]:
    """The checklist, ready to be drawn."""
    looks = {
        EtatPieceDossier.PRESENTE: ("success", "coche"),
        EtatPieceDossier.MANQUANTE: ("warning", "attention"),
        EtatPieceDossier.NON_CONCERNEE: ("neutral", ""),
        EtatPieceDossier.ATTENDUE: ("warning", "attention"),
    }
    found = []
    for piece in pieces:
        ton, icone = looks[EtatPieceDossier(piece.etat)]
        found.append(
            LignePiece(
                piece=piece,
                code=piece.type_piece.code,
                libelle=piece.type_piece.libelle,
                etat=str(EtatPieceDossier(piece.etat).label),
                ton=ton,
                icone=icone,
                raison=piece.raison.libelle if piece.raison else "",
            )
        )
    return found


@dataclass(frozen=True)
class LignePeriode:
    """A period, in words."""

    titre: str
    texte: str


def period_lines(periodes: list[Periode]) -> list[LignePeriode]:
    """The periods, oldest first: « Période 1 », « du 3 mars au 18 mars 2027 : retour pour incomplétude (15 jours) »."""
    found = []
    for periode in periodes:
        start = day_in_words(periode.recue_le)
        if periode.close_le is None:
            text = f"depuis le {start}, réponse attendue au plus tard le {day_in_words(periode.echeance)}"
        else:
            days = (periode.close_le - periode.recue_le).days
            length = "le jour même" if not days else f"{days} jour{'s' if days > 1 else ''}"
            fin = str(FinPeriode(periode.fin).label).lower()
            text = f"du {start} au {day_in_words(periode.close_le)}\u00a0: {fin} ({length})"
        found.append(LignePeriode(f"Période {periode.rang}", text))
    return found


def legal_limit(demande: Demande, periodes: list[Periode]) -> tuple[date, str] | None:
    """The day the law sets, counted from the complete dossier, and what silence means then; while it runs."""
    rule = regles_of(demande.caisse).get(demande.dossier.type)
    if (
        rule is None
        or not rule.delai_legal_mois
        or demande.statut not in STATUTS_CHEZ_LA_CAISSE
        or not periodes
    ):
        return None
    return add_months(periodes[-1].recue_le, rule.delai_legal_mois), SILENCES[Silence(rule.silence)]


def decision_rows(demande: Demande) -> list[tuple[str, Any]]:
    """The dates of a decision, as (label, value); nothing while there is none."""
    dossier = demande.dossier
    if demande.statut != Statut.TRAITEE or dossier.decidee_le is None:
        return []
    rows: list[tuple[str, Any]] = [
        ("Décision", f"{Issue(demande.issue).label}, le {day_in_words(dossier.decidee_le)}")
    ]
    if dossier.effet_le and dossier.fin_le:
        rows.append(
            ("Droit ouvert", f"du {day_in_words(dossier.effet_le)} au {day_in_words(dossier.fin_le)}")
        )
    if dossier.participation is not None:
        rows.append(
            ("Participation", "Avec participation" if dossier.participation else "Sans participation")
        )
    if dossier.recours:
        rows.append(("Voies de recours", dossier.recours))
    return rows


def page_context(demande: Demande, cote: Cote) -> dict[str, Any]:
    """What the templates of a dossier need on its page: three queries."""
    pieces, periodes = pieces_of(demande), periodes_of(demande)
    checking = cote == Cote.CAISSE and demande.statut in STATUTS_CHEZ_LA_CAISSE and pieces
    legal = legal_limit(demande, periodes)
    returns = sum(periode.fin == FinPeriode.RETOUR for periode in periodes)
    # A refused control is shown again as it was typed.
    refused: ControleForm | None = getattr(demande, "controle_refuse", None)
    form = (refused or ControleForm(pieces=pieces)) if checking else None
    return {
        "dossier_pieces": [
            (line, form.fields_of(line.piece) if form else []) for line in piece_lines(pieces)
        ],
        "dossier_controle": form,
        "dossier_cote_caisse": cote == Cote.CAISSE,
        "dossier_membres": [membre_en_mots(membre) for membre in membres_of(demande)],
        "dossier_periodes": period_lines(periodes),
        "dossier_retours": returns,
        "dossier_limite": legal[0] if legal else None,
        "dossier_silence": legal[1] if legal else "",
        "dossier_decision": decision_rows(demande),
        "dossier_renouvelable": cote == Cote.PARTENAIRE
        and demande.issue == Issue.ACCORD
        and demande.dossier.fin_le is not None
        and not demande.dossier.renouvelee
        and not demande.est_effacee,
    }
