"""The state table of the accounts (domaine.md §3.5).

The state follows from the dates of the account; a change sets those dates. Read a line as: from, to, who may.
"""

from accounts.enums import EtatCompte, Profil
from portal.workflow import Transition, TransitionTable

HOLDER = "titulaire"
SYSTEME = frozenset({"systeme"})
GESTIONNAIRE = frozenset({Profil.GESTIONNAIRE.value})
ADMINISTRATION = frozenset({Profil.ADMIN_CAISSE.value, Profil.NATIONAL.value})
E = EtatCompte

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
