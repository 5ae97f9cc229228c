"""What a national administrator has done: two announcements of maintenance, one session of support that is over."""

from datetime import timedelta

from accounts.memberships import membership_of
from accounts.operations.assistance import close_session, open_session
from caisses.models import Annonce
from portal import clock
from signalements.demo.organisations import World


def administer(world: World) -> None:
    """A past maintenance, one to come whose banner has not begun, and a session into the data of the CPAM du Doubs."""
    now = clock.now().replace(minute=0, second=0, microsecond=0)
    for title, text, days in (
        ("Mise à jour du portail", "Rien n’a changé dans vos écrans.", -30),
        ("Maintenance de la base de données", "Enregistrez vos saisies avant l’interruption.", 20),
    ):
        begins = now.replace(hour=18) + timedelta(days=days)
        Annonce.objects.create(
            niveau=Annonce.Niveau.MAINTENANCE,
            titre=title,
            texte=text,
            debut=begins - timedelta(days=5),
            fin=begins + timedelta(hours=3),
            intervention_debut=begins,
            intervention_fin=begins + timedelta(hours=2),
        )
    national = membership_of(world.comptes["national"])
    if national is None:
        return
    with clock.at(now - timedelta(days=9)):
        session = open_session(
            actor=national,
            caisse=world.caisses["251"],
            motif="La caisse signale un délai affiché deux fois dans sa file\u00a0: vérification à sa demande.",
            minutes=60,
        )
    with clock.at(now - timedelta(days=9) + timedelta(minutes=25)):
        close_session(actor=national, session=session)
