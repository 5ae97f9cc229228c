"""The workload by agent and by team."""

from datetime import timedelta
from typing import Any

from accounts.enums import Profil
from caisses.models import Equipe
from portal import clock
from signalements.models import Demande
from signalements.queries.pilotage import open_now, workload
from tests import factories as f


def test_open_demandes_are_counted_by_agent_and_by_team(lieu: Any) -> None:
    yesterday = clock.today() - timedelta(days=1)
    agent = f.utilisateur(Profil.AGENT, lieu.caisse)
    team = Equipe.objects.create(caisse=lieu.caisse, nom="Équipe des droits")
    rows = [lieu.vecue(yesterday) for _ in range(3)]
    late = lieu.vecue(yesterday, urgente=True)
    Demande.objects.filter(pk=rows[0].pk).update(equipe=team, assignee_a=agent)
    Demande.objects.filter(pk=late.pk).update(equipe=team, echeance="2026-01-05")
    lieu.vecue(yesterday, caisse=lieu.autre_caisse)
    persons, teams = workload(lieu.caisse, [agent])
    assert [(one.agent, one.ouvertes, one.en_retard, one.urgentes) for one in persons] == [
        (None, 3, 1, 1),
        (agent, 1, 0, 0),
    ]
    assert [(one.equipe, one.ouvertes, one.en_retard) for one in teams] == [
        ("Équipe des droits", 2, 1),
        ("", 2, 0),
    ]
    now, _ = open_now(lieu.caisse)
    assert (now.ouvertes, now.en_retard, now.sans_agent) == (4, 1, 3)
    Demande.objects.update(equipe=None)
    assert workload(lieu.caisse, [agent])[1] == []
