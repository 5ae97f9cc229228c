"""The state tables of the accounts (domaine.md §3.5) and of the requests about gestionnaires (§3.1).

The state of an account follows from its dates; a change sets those dates. Read a line as: from, to, who may.
"""

from accounts.enums import EtatCompte, Profil, StatutHabilitation
from portal.workflow import ClockEffect, Transition, TransitionTable

HOLDER = "titulaire"
SYSTEME = frozenset({"systeme"})
GESTIONNAIRE = frozenset({Profil.GESTIONNAIRE.value})
ADMINISTRATION = frozenset({Profil.ADMIN_CAISSE.value, Profil.NATIONAL.value})
CAISSE = frozenset({Profil.ADMIN_CAISSE.value})
E = EtatCompte
H = StatutHabilitation

TABLE = TransitionTable(
    transitions=(
        # The holder chooses a password by the link of the invitation (art. 2.2.1).
        Transition(E.INVITE, E.ACTIF, frozenset({HOLDER})),
        # The gestionnaire for techniciens, the caisse for gestionnaires and its own, security for all (art. 2.2.3
        # and 4.1); the portal at the end of the conventions, at the expected end and after a long absence.
        *(
            Transition(source, E.INACTIF, GESTIONNAIRE | ADMINISTRATION | SYSTEME)
            for source in (E.INVITE, E.ACTIF)
        ),
        # Within six months, by a new invitation.
        Transition(E.INACTIF, E.INVITE, GESTIONNAIRE | ADMINISTRATION),
        # Six calendar months later nothing is left but « Compte supprimé » (art. 2.2.3-k).
        Transition(E.INACTIF, E.SUPPRIME, SYSTEME),
    ),
    labels=dict(E.choices),
    column="etat",
    noun="l’état du compte",
    derived=True,
)

HABILITATIONS = TransitionTable(
    transitions=(
        # The link sent to the address of the public form was opened: the request reaches the caisse.
        Transition(H.A_CONFIRMER, H.DEMANDEE, frozenset({HOLDER}), clock=ClockEffect.START),
        Transition(H.DEMANDEE, H.A_COMPLETER, CAISSE, comment_required=True, clock=ClockEffect.SUSPEND),
        Transition(H.A_COMPLETER, H.DEMANDEE, GESTIONNAIRE | {HOLDER}, clock=ClockEffect.RESUME),
        Transition(H.DEMANDEE, H.ACCEPTEE, CAISSE, clock=ClockEffect.STOP),
        *(
            Transition(source, H.REFUSEE, CAISSE, clock=ClockEffect.STOP)
            for source in (H.DEMANDEE, H.A_COMPLETER)
        ),
        # Whoever asked may change their mind, also of a departure that has not happened yet.
        *(
            Transition(source, H.RETIREE, GESTIONNAIRE, clock=ClockEffect.STOP)
            for source in (H.DEMANDEE, H.A_COMPLETER, H.ACCEPTEE)
        ),
    ),
    labels=dict(H.choices),
    noun="la demande",
)
"""The requests about gestionnaires (art. 2.2.1): the clock of the caisse runs while it stands at DEMANDEE."""
