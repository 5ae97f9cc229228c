"""The steps of a dossier: the person, the situation, the household, the checklist, the check."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from caisses.enums import Fonction, ListeMotifs
from caisses.models import TypePiece
from documents.enums import EtatPiece
from signalements.enums import Etape
from signalements.forms.drafts import DraftForm, typed_data
from signalements.forms.enveloppe import EnveloppeForm
from signalements.kinds.dossier.checklist import PiecesForm
from signalements.kinds.dossier.conseils import advise
from signalements.kinds.dossier.enums import TypeDossier
from signalements.kinds.dossier.forms import (
    WITH_HOUSEHOLD,
    FoyerForm,
    SituationForm,
    edited_household,
    type_of,
)
from signalements.kinds.dossier.models import PieceAttendue
from signalements.kinds.dossier.operations.sending import (
    ORIGINE,
    finish_sending,
    refuse_first_ame,
)
from signalements.kinds.dossier.queries import attendues_of, excluded, regles_of
from signalements.kinds.registry import kinds
from signalements.kinds.steps import IncompleteDraft, Steps
from signalements.models import Demande
from signalements.operations.sending import DemandeComplete
from signalements.queries.pieces import FichierLu, files_of
from signalements.queries.referentiel import motifs_of

AME_REQUESTS = {TypeDossier.AME_PREMIERE, TypeDossier.AME_RENOUVELLEMENT}


class DossierSteps(Steps):
    """The household is asked for CSS and AME only; the pièces depend on all that comes before."""

    fonction = Fonction.DOSSIER
    situation_form = SituationForm
    listes = (ListeMotifs.EXCEPTION_AME,)
    etape_doublon = Etape.SITUATION
    templates = {Etape.FOYER: "dossier/etape_foyer.html"}
    volet_verification = "dossier/verification.html"

    # --- What the draft says so far

    def _said(self, name: str) -> str:
        return (self.stored(Etape.SITUATION).get(name) or [""])[0]

    @property
    def type(self) -> str:
        """The type of dossier, as far as it is typed."""
        return type_of(self._said("droit"), self._said("nature"))

    @property
    def household(self) -> int:
        """How many people the household counts, applicant included."""
        if self.type not in WITH_HOUSEHOLD:
            return 1
        return 1 + len(self.stored(Etape.FOYER).get("membres", []))

    def sequence(self) -> tuple[Etape, ...]:
        """See Steps."""
        household = (Etape.FOYER,) if self.type in WITH_HOUSEHOLD else ()
        return (Etape.PERSONNE, Etape.SITUATION, *household, Etape.PIECES, Etape.VERIFICATION)

    def annoncees(self) -> tuple[Etape, ...]:
        """See Steps; the household is counted whether the right that is chosen asks for it or not."""
        return (Etape.PERSONNE, Etape.SITUATION, Etape.FOYER, Etape.PIECES, Etape.VERIFICATION)

    def objet(self) -> dict[str, Any]:
        """The right asked for: a CSS under way is no reason not to open rights. Both AME requests are one right."""
        if not self.type:
            return {}
        return {
            "dossier__type__in": tuple(sorted(AME_REQUESTS if self.type in AME_REQUESTS else {self.type}))
        }

    def form(self, etape: str, data: QueryDict | None = None) -> DraftForm:
        """See Steps."""
        if etape == Etape.FOYER:
            return FoyerForm(data, caisse=self.caisse, count=self.count if data is not None else None)
        return super().form(etape, data)

    def edited(self, etape: str, posted: QueryDict) -> tuple[QueryDict, str] | None:
        """« Ajouter une personne », « Retirer cette personne »."""
        return edited_household(posted) if etape == Etape.FOYER else None

    # --- The checklist

    def attendues(self) -> list[PieceAttendue]:
        """The pièces this dossier expects."""
        if not self.type:
            return []
        nature, situations = self._said("nature"), self.stored(Etape.SITUATION).get("situations", [])
        rows = attendues_of(self.caisse, self.type)
        return [row for row in rows if row.is_expected(nature, situations, self.household)]

    @property
    def preparation(self) -> bool:
        """Whether the person files it at the caisse: a first AME request, without an exception."""
        return not self._said("exception") and refuse_first_ame(self.caisse, self.type, "", set()) is not None

    def pieces(self) -> list[TypePiece]:
        """See Steps."""
        return [row.type_piece for row in self.attendues()]

    def checklist(
        self, files: Sequence[FichierLu], data: QueryDict | None = None, *, judged: bool = True
    ) -> PiecesForm:
        """See Steps."""
        stored = self.stored(Etape.PIECES)
        form = PiecesForm(
            data if data is not None else typed_data(stored),
            attendues=self.attendues(),
            raisons=motifs_of(self.caisse, ListeMotifs.ABSENCE_PIECE, ListeMotifs.NON_CONCERNEE),
            present={file.type_code for file in files if file.etat != EtatPiece.REFUSEE},
            preparation=self.preparation,
            seule=self.type in WITH_HOUSEHOLD and self.household == 1,
            count=self.count if data is not None else None,
        )
        if data is None and not judged:
            form.show_as_typed()
        return form

    def contexte_pieces(self) -> dict[str, Any]:
        """See Steps."""
        if not self.type:
            return {
                "intro_pieces": "Choisissez d’abord le droit demandé, à l’étape «\u00a0La situation\u00a0»."
            }
        if self.preparation:
            return {
                "intro_pieces": "Cette première demande se prépare ici\u00a0: la personne apporte "
                "ses pièces à la caisse. "
                "En joindre une est inutile."
            }
        return {
            "intro_pieces": "Les pièces obligatoires se joignent, ou leur absence s’explique là où c’est possible."
        }

    # --- The check

    def contexte_verification(
        self, judged: Mapping[Etape, DraftForm], files: Sequence[FichierLu]
    ) -> dict[str, Any]:
        """The advice, how many pièces are joined, and why a first AME request stays here."""
        situation, foyer, liste = judged[Etape.SITUATION], judged.get(Etape.FOYER), judged[Etape.PIECES]
        assert isinstance(situation, SituationForm)  # noqa: S101 `situation_form` above
        assert isinstance(liste, PiecesForm)  # noqa: S101 made above
        data = situation.cleaned_data
        rule = regles_of(self.caisse).get(self.type)
        fin = data.get("fin_droits")
        personne = judged[Etape.PERSONNE].cleaned_data.get("departement", "")
        joined, expected = liste.completude()
        refused = refuse_first_ame(self.caisse, self.type, data.get("exception", ""), liste.present)
        return {
            "conseils": advise(
                type_dossier=self.type,
                nature=data.get("nature", ""),
                fin_droits=fin.date if fin else None,
                situations=data.get("situations", []),
                membres=foyer.build_membres() if isinstance(foyer, FoyerForm) else [],
                regle=rule,
                today=self.caisse.today(),
            ),
            "pieces_jointes": joined,
            "pieces_attendues": expected,
            "manquantes": [] if refused is not None else liste.missing(),
            "hors_champ": excluded(rule, self.caisse, personne) if self.type else "",
            "preparation": refused is not None,
            "rendez_vous_url": self._appointment() if refused is not None else "",
            "envoi_impossible": refused is not None,
        }

    def _appointment(self) -> str:
        """Where to ask for the appointment of a deposit, if the service is open with this caisse."""
        kind = kinds().get(Fonction.RENDEZ_VOUS)
        if kind is None or kind.fonction not in self.brouillon.demande.convention.fonctions_ouvertes:
            return ""
        return reverse("signalements:nouvelle", args=[kind.slug, self.caisse.code])

    def complete(self, demande: Demande, situation: EnveloppeForm) -> DemandeComplete:
        """See Steps."""
        assert isinstance(situation, SituationForm)  # noqa: S101 `situation_form` above
        liste = self.checklist(files_of(demande))
        dossier = situation.build_dossier()
        refused = refuse_first_ame(self.caisse, dossier.type, dossier.exception, liste.present)
        if refused is not None:
            raise refused
        if not liste.is_valid():
            raise IncompleteDraft(Etape.PIECES)
        membres = []
        if dossier.type in WITH_HOUSEHOLD:
            foyer = self.judged(Etape.FOYER)
            assert isinstance(foyer, FoyerForm)  # noqa: S101 `form` above
            if not foyer.is_valid():
                raise IncompleteDraft(Etape.FOYER)
            membres = foyer.build_membres()
        dossier.formulaire_complet = bool(liste.cleaned_data.get("formulaire_complet"))
        origine = (self.stored(ORIGINE).get("reference") or [""])[0]
        return DemandeComplete(
            enveloppe=situation.enveloppe(),
            situation=dossier,
            lignes=[*membres, *liste.build_pieces()],
            apres=partial(finish_sending, completude=liste.completude(), origine=origine),
        )
