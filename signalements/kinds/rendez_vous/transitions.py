"""The steps of an appointment: one table, as that of the demandes, whose statuses stay (decisions.md §2).

Read a line as: from, to, who may, whether a comment is due.
"""

from portal.workflow import Transition, TransitionTable
from signalements.kinds.rendez_vous.enums import EtatRendezVous
from signalements.transitions import CAISSE, SYSTEME, TECHNICIEN

E = EtatRendezVous
_CLOSED = (E.HONORE, E.ABSENT, E.ANNULE_PERSONNE, E.ANNULE_CAISSE)
_OPEN = (E.DEMANDE, E.PROPOSE, E.CONFIRME, E.REPORTE)

TABLE = TransitionTable(
    transitions=(
        # The caisse proposes dates, or other ones.
        *(Transition(state, E.PROPOSE, CAISSE) for state in (E.DEMANDE, E.PROPOSE, E.REPORTE)),
        # The structure takes one, or none and says when the person is free.
        Transition(E.PROPOSE, E.CONFIRME, TECHNICIEN),
        Transition(E.PROPOSE, E.DEMANDE, TECHNICIEN),
        # A free slot is booked by the structure, or the caisse fixes the date with the person.
        *(Transition(state, E.CONFIRME, TECHNICIEN) for state in (E.DEMANDE, E.REPORTE)),
        *(Transition(state, E.CONFIRME, CAISSE) for state in (E.DEMANDE, E.PROPOSE, E.REPORTE)),
        # Moved by either side: the date is freed, another one is looked for.
        Transition(E.CONFIRME, E.REPORTE, TECHNICIEN | CAISSE, comment_required=True),
        # It took place, or the person did not come.
        *(Transition(E.CONFIRME, state, CAISSE) for state in (E.HONORE, E.ABSENT)),
        # Cancelled: with the demande, whoever closes it.
        *(Transition(state, E.ANNULE_PERSONNE, TECHNICIEN | CAISSE) for state in _OPEN),
        *(Transition(state, E.ANNULE_CAISSE, CAISSE | SYSTEME) for state in _OPEN),
        # The demande is reopened: the date that was fixed is back, or everything is to be found again.
        *(Transition(state, E.CONFIRME, CAISSE) for state in (E.HONORE, E.ABSENT)),
        *(Transition(state, E.DEMANDE, CAISSE) for state in _CLOSED),
    ),
    labels={state.value: str(state.label) for state in EtatRendezVous},
)
