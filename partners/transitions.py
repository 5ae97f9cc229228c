"""The state table of the conventions (domaine.md §2.2).

Read a line as: from, to, who may, whether a reason is due.
"""

from partners.enums import EtatConvention
from portal.workflow import Transition, TransitionTable

ADMINISTRATION = frozenset({"admin_caisse", "national"})
SYSTEME = frozenset({"systeme"})
E = EtatConvention

TABLE = TransitionTable(
    transitions=(
        # The parties are known: the text goes round for signature, and may come back.
        Transition(E.BROUILLON, E.EN_SIGNATURE, ADMINISTRATION),
        Transition(E.EN_SIGNATURE, E.BROUILLON, ADMINISTRATION, comment_required=True),
        # The last party has signed (art. 8.1).
        Transition(E.EN_SIGNATURE, E.ACTIVE, ADMINISTRATION),
        # Security: nothing opens while it lasts.
        Transition(E.ACTIVE, E.SUSPENDUE, ADMINISTRATION, comment_required=True),
        Transition(E.MISE_EN_DEMEURE, E.SUSPENDUE, ADMINISTRATION, comment_required=True),
        Transition(E.SUSPENDUE, E.ACTIVE, ADMINISTRATION),
        Transition(E.SUSPENDUE, E.MISE_EN_DEMEURE, ADMINISTRATION),
        # A breach: a delay to mend it, then either the convention goes on or it is terminated (art. 8.2).
        Transition(E.ACTIVE, E.MISE_EN_DEMEURE, ADMINISTRATION, comment_required=True),
        Transition(E.MISE_EN_DEMEURE, E.ACTIVE, ADMINISTRATION),
        Transition(E.MISE_EN_DEMEURE, E.RESILIEE, ADMINISTRATION, comment_required=True),
        # By common accord, on a day that is chosen.
        Transition(E.ACTIVE, E.RESILIEE, ADMINISTRATION),
        Transition(E.SUSPENDUE, E.RESILIEE, ADMINISTRATION),
        # What was never signed is given up.
        Transition(E.BROUILLON, E.RESILIEE, ADMINISTRATION),
        Transition(E.EN_SIGNATURE, E.RESILIEE, ADMINISTRATION),
        # Its last day is over: denounced, not renewed, or its métier ended (art. 8.2-a).
        *(
            Transition(living, over, SYSTEME)
            for living in (E.ACTIVE, E.MISE_EN_DEMEURE, E.SUSPENDUE)
            for over in (E.RESILIEE, E.EXPIREE)
        ),
        Transition(E.BROUILLON, E.RESILIEE, SYSTEME),
        Transition(E.EN_SIGNATURE, E.RESILIEE, SYSTEME),
    ),
    labels=dict(E.choices),
    column="etat",
    noun="l’état de la convention",
)
