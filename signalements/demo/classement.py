"""Labels and kept views of the demonstration, so that the queue shows what they are for."""

from portal import clock
from signalements.demo.histoire import Histoire
from signalements.demo.organisations import World
from signalements.enums import STATUTS_OUVERTS, TonEtiquette
from signalements.models import Etiquette, PoseEtiquette, VueEnregistree

PALETTE = (
    ("À rappeler", TonEtiquette.BLEU),
    ("Interprète", TonEtiquette.PRUNE),
    ("Suivi avec le CCAS", TonEtiquette.VERT),
    ("Attente interne", TonEtiquette.OCRE),
)
EVERY = 4
"""One open demande out of four bears a label."""


def sort_work(stories: list[Histoire], world: World) -> None:
    """Make the palette of each caisse, put its labels on some open demandes, keep a few views."""
    poses = []
    for code, caisse in world.caisses.items():
        labels = [Etiquette.objects.create(caisse=caisse, nom=nom, ton=ton) for nom, ton in PALETTE]
        agent = world.comptes[f"agent.{code}"]
        own = [s.demande for s in stories if s.demande.caisse_id == caisse.pk]
        open_ones = [demande for demande in own if demande.statut in STATUTS_OUVERTS]
        poses += [
            PoseEtiquette(
                demande=demande,
                etiquette=labels[rank % len(labels)],
                caisse=caisse,
                partenaire_id=demande.partenaire_id,
                posee_par=agent,
                posee_le=clock.now(),
            )
            for rank, demande in enumerate(open_ones[::EVERY])
        ]
        shared = {"caisse": caisse, "cree_par": agent, "cree_le": clock.now()}
        VueEnregistree.objects.create(
            nom="Retards à reprendre", onglet="en-retard", filtres={"agent": "personne"}, **shared
        )
        VueEnregistree.objects.create(
            nom="Mes rappels",
            onglet="a-traiter",
            filtres={"etiquette": str(labels[0].pk)},
            proprietaire=agent,
            **shared,
        )
    PoseEtiquette.objects.bulk_create(poses)
