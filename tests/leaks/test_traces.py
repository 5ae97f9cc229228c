"""A whole story about a person with canary names leaves them in no mail, no journal, no log, no address."""

import json
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from portal import clock, sweeps
from portal.audit.models import Evenement
from portal.courriels.models import Courriel
from portal.courriels.rendering import render
from portal.courriels.types import all_types
from portal.models import Balayage
from tests.leaks.canaries import COMPLEMENT, CONTACT, MESSAGE, NOTE, PERSONNE, found_in
from tests.permissions import routes
from tests.permissions.world import World

VALUES = {
    "echeance": "2026-12-01",
    "jours": 7,
    "heures": 72,
    "nombre": 3,
    "caisse": "CPAM du Doubs",
    "lieu": "par téléphone",
}


def post(client: Client, world: World, name: str, **changes: Any) -> None:
    """Post the form of a route as its happy user would; `changes` put canaries in it."""
    route = next(route for route in routes.all_routes() if route.name == name)
    response = client.post(routes.address(route, world), {**routes.form(route, world), **changes})
    assert response.status_code == 302, (name, response.content.decode()[:2000])
    assert found_in(response.headers["Location"]) == []


def play(world: World) -> None:
    """Everything the two sides do to a demande, each text with a canary."""
    agent, tech = world.client("agent_x"), world.client("technicien_a")
    for client, search in ((agent, "signalements:recherche"), (tech, "signalements:demandes")):
        post(client, world, search, q=PERSONNE["nom_naissance"])
    post(agent, world, "signalements:prendre_en_charge")
    post(agent, world, "signalements:note", **{"note-texte": NOTE})
    post(agent, world, "signalements:contact", **{"contact-note": CONTACT})
    post(agent, world, "signalements:message_caisse", **{"message-texte": MESSAGE})
    post(tech, world, "signalements:ecrire", texte=MESSAGE)
    post(agent, world, "signalements:rendre", version=str(version(world, "en_cours")))
    post(tech, world, "signalements:completer", message=COMPLEMENT)
    post(agent, world, "signalements:rouvrir", raison=MESSAGE)
    post(tech, world, "signalements:annuler", precision=MESSAGE, version=str(version(world, "envoyee")))
    client = world.client("superviseur_x")
    post(client, world, "signalements:attribuer", demandes=[world.objects["en_cours"].reference])
    post(client, world, "signalements:decision", commentaire=MESSAGE, version=str(version(world, "en_cours")))


def version(world: World, key: str) -> int:
    """The version of a demande now."""
    demande = world.objects[key]
    demande.refresh_from_db()
    return int(demande.version)


def test_a_whole_story_leaves_no_trace_of_the_person(world: World, caplog: pytest.LogCaptureFixture) -> None:
    play(world)
    for found in sweeps.all_sweeps():
        sweeps.run(found.name)
    mails = list(Courriel.objects.exclude(cle="matrice"))
    assert {mail.evenement for mail in mails} >= {
        "demande_prise_en_charge",
        "message_caisse",
        "demande_traitee",
        "demande_rouverte",
    }
    for mail in mails:
        drawn = render(mail)
        row = json.dumps({name: str(value) for name, value in vars(mail).items()}, ensure_ascii=False)
        assert found_in(f"{row} {drawn.sujet} {drawn.texte} {drawn.html}") == [], mail.evenement
    journal = [
        f"{row.objet} {row.objet_id} {json.dumps(row.details, ensure_ascii=False)}"
        for row in Evenement.objects.all()
    ]
    assert found_in("\n".join(journal)) == []
    assert found_in("\n".join(str(vars(row)) for row in Balayage.objects.all())) == []
    assert found_in(caplog.text) == []


@pytest.mark.django_db
@pytest.mark.parametrize("kind", list(all_types()), ids=lambda kind: kind.code)
def test_every_declared_mail_says_nothing_of_anybody(world: World, kind: Any) -> None:
    """Drawn for a demande and a recipient full of canaries, it holds a reference and a link."""
    tech = world.users["technicien_a"]
    type(tech).objects.filter(pk=tech.pk).update(nom=PERSONNE["nom_naissance"], prenom=PERSONNE["prenom"])
    demande = world.objects["envoyee"]
    mail = Courriel.objects.create(
        cle=f"leak:{kind.code}",
        evenement=kind.code,
        destinataire=tech,
        reference=demande.reference,
        lien=reverse("signalements:demande", args=[demande.reference]),
        donnees={
            **{name: VALUES[name] for name in kind.champs},
            # What the builders of links read.
            "compte": tech.pk,
            "demande": world.objects["habilitation"].pk,
        },
        caisse_id=demande.caisse_id,
        partenaire_id=demande.partenaire_id,
        cree_le=clock.now(),
        a_envoyer_le=clock.now(),
    )
    drawn = render(Courriel.objects.get(pk=mail.pk))
    whole = f"{drawn.sujet}\n{drawn.texte}\n{drawn.html}"
    assert found_in(whole) == []
    assert tech.identifiant not in whole
    assert tech.courriel not in whole
    assert settings.SITE_URL in drawn.texte


def test_no_error_page_repeats_what_was_asked(world: World, settings: Any) -> None:
    settings.DEBUG = False
    word = PERSONNE["nom_naissance"]
    for actor in ("anonyme", "technicien_b", "agent_y"):
        client = world.client(actor)
        client.raise_request_exception = False
        with transaction.atomic():
            pages = [
                client.get(f"/{word}/"),
                client.post("/espace-caisse/file/", {"q": word}),
                client.get("/pieces/x/"),
            ]
            transaction.set_rollback(True)
        client.handler.enforce_csrf_checks = True
        pages.append(client.post("/connexion/", {"identifiant": word}))
        for page in pages:
            assert page.status_code in {302, 403, 404, 405}
            assert found_in(page.content.decode()) == []
