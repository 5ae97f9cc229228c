"""The transition table of the demandes: the same for all kinds (decisions.md §2).

Read a line as: from, to, who may, whether a comment is due, what happens to the delay.
"""

from accounts.enums import Profil
from caisses.enums import Fonction
from portal.workflow import ClockEffect, Transition, TransitionTable
from signalements.enums import LIBELLES_CAISSE, Statut

TECHNICIEN = frozenset({Profil.TECHNICIEN.value})
CAISSE = frozenset({Profil.AGENT.value, Profil.CONSEILLER_MAS.value, Profil.SUPERVISEUR.value})
SYSTEME = frozenset({"systeme"})

NONE, START, SUSPEND, RESUME, STOP, CLEAR = (
    ClockEffect.NONE,
    ClockEffect.START,
    ClockEffect.SUSPEND,
    ClockEffect.RESUME,
    ClockEffect.STOP,
    ClockEffect.CLEAR,
)
# What a returned dossier starts again once it is completed: a whole delay (decisions.md §3).
NEW_PERIOD = {Fonction.DOSSIER.value: ClockEffect.RESTART}
S = Statut

TABLE = TransitionTable(
    transitions=(
        # The structure sends; the delay starts.
        Transition(S.BROUILLON, S.ENVOYEE, TECHNICIEN, clock=START),
        # The portal sends on its behalf what a caisse passes on to another.
        Transition(S.BROUILLON, S.ENVOYEE, SYSTEME, clock=START),
        # It takes the sending back before the caisse has received it: the draft is a draft again.
        Transition(S.ENVOYEE, S.BROUILLON, TECHNICIEN, clock=CLEAR),
        # The caisse takes it in charge, or gives it back to the queue.
        Transition(S.ENVOYEE, S.EN_COURS, CAISSE),
        Transition(S.EN_COURS, S.ENVOYEE, CAISSE),
        # The caisse asks for a complément: the delay is suspended until the structure has answered. To return a
        # dossier is an answer: its period ends, and the completed dossier opens a new one.
        Transition(S.ENVOYEE, S.A_COMPLETER, CAISSE, clock=SUSPEND),
        Transition(S.EN_COURS, S.A_COMPLETER, CAISSE, clock=SUSPEND),
        Transition(S.COMPLETEE, S.A_COMPLETER, CAISSE, clock=SUSPEND),
        Transition(S.A_COMPLETER, S.COMPLETEE, TECHNICIEN, clock=RESUME, clocks=NEW_PERIOD),
        Transition(S.A_COMPLETER, S.EN_COURS, CAISSE, clock=RESUME),
        Transition(S.COMPLETEE, S.EN_COURS, CAISSE),
        # The caisse gives an outcome; never while a complément is open (it withdraws it first).
        Transition(S.ENVOYEE, S.TRAITEE, CAISSE, clock=STOP),
        Transition(S.EN_COURS, S.TRAITEE, CAISSE, clock=STOP),
        Transition(S.COMPLETEE, S.TRAITEE, CAISSE, clock=STOP),
        # No answer to a complément in time: sans suite.
        Transition(S.A_COMPLETER, S.TRAITEE, SYSTEME, comment_required=True, clock=STOP),
        # The convention ended and the caisse chose to close what was open.
        *(
            Transition(source, S.TRAITEE, SYSTEME, comment_required=True, clock=STOP)
            for source in (S.ENVOYEE, S.EN_COURS, S.COMPLETEE)
        ),
        # The structure cancels what it sent, with a reason.
        Transition(S.ENVOYEE, S.ANNULEE, TECHNICIEN, comment_required=True, clock=STOP),
        Transition(S.EN_COURS, S.ANNULEE, TECHNICIEN, comment_required=True, clock=STOP),
        Transition(S.A_COMPLETER, S.ANNULEE, TECHNICIEN, comment_required=True, clock=STOP),
        Transition(S.COMPLETEE, S.ANNULEE, TECHNICIEN, comment_required=True, clock=STOP),
        # The caisse reopens, with a reason; a new delay starts.
        Transition(S.TRAITEE, S.EN_COURS, CAISSE, comment_required=True, clock=START),
    ),
    labels={statut.value: LIBELLES_CAISSE.get(statut, statut.label) for statut in Statut},
)
