"""The conventions of the demonstration that open little, and show every nature and every state of their life."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from caisses.enums import Fonction
from caisses.models import Caisse
from documents.enums import NatureDocument, OrigineFichier
from documents.models import DocumentConvention
from partners.enums import (
    ActeConvention,
    EtatChangement,
    EtatConvention,
    MotifFin,
    NatureChangement,
    NatureConvention,
    NiveauEngagement,
    Partie,
    TypePartenaire,
)
from partners.models import (
    Avenant,
    ChangementReferent,
    Convention,
    MembreUnion,
    MiseEnDemeure,
    ModeleConvention,
    Partenaire,
    PassageConvention,
    Referent,
    Signataire,
    SignatureAvenant,
    TexteConvention,
)
from partners.operations.modeles import WORDS, rules_of
from partners.rules import term_after
from portal import clock
from signalements.demo.document import pdf
from signalements.demo.organisations import World
from signalements.demo.saving import sound_piece

E, N = EtatConvention, NatureConvention
CAF = "Caisse d’allocations familiales de Val-d’Ombre"

STRUCTURES: dict[str, dict[str, Any]] = {
    "union": {
        "raison_sociale": "Union des CCAS des Trois-Vallées",
        "type": TypePartenaire.UNION,
        "siret": "25900014900015",
        "commune": "Trois-Vallées",
        "code_postal": "25992",
        "nombre_membres": 4,
    },
    "hautval": {
        "raison_sociale": "CIAS du Haut-Val",
        "type": TypePartenaire.CIAS,
        "siret": "25900015600010",
        "commune": "Haut-Val",
        "code_postal": "25993",
        "nombre_membres": 14,
    },
    "siao": {
        "raison_sociale": "SIAO de Val-d’Ombre",
        "type": TypePartenaire.SIAO,
        "siret": "25900016400014",
        "commune": "Val-d’Ombre",
        "code_postal": "25994",
        "nombre_membres": 12,
    },
    "montsaleve": {
        "raison_sociale": "CCAS de Montsalève",
        "type": TypePartenaire.CCAS,
        "siret": "25900017200017",
        "commune": "Montsalève",
        "code_postal": "25995",
        "nombre_membres": 6,
    },
}
"""Structures without an account."""

MEMBRES = (
    ("CIAS du Haut-Val", NiveauEngagement.DOSSIERS, "hautval"),
    ("CCAS de Clairfontaine", NiveauEngagement.RELAIS, ""),
    ("CCAS de Boisnoir", NiveauEngagement.INFORMATION, ""),
    ("CCAS de Petite-Combe", NiveauEngagement.AUCUN, ""),
)


@dataclass
class Cas:
    """A convention to show: its model, its parties, how old it is in days, what it has become."""

    reference: str
    modele: str
    structure: str
    caisse: str
    etat: EtatConvention
    age: int
    leans_on: str = ""
    fields: dict[str, Any] = field(default_factory=dict)


def cases(today: date) -> tuple[Cas, ...]:
    """Each nature, each state; those that lean on another come after it."""
    ended = {"date_fin": today - timedelta(days=40), "motif_fin": MotifFin.DENONCIATION}
    going = {
        "date_fin": today + timedelta(days=75),
        "denoncee_le": today - timedelta(days=20),
        "denoncee_par": Partie.PARTENAIRE,
    }
    some = {"fonctions": [Fonction.SAISINE, Fonction.CONTACT]}
    files = {"fonctions": [Fonction.SAISINE, Fonction.DOSSIER, Fonction.CONTACT]}
    return (
        Cas("UN-251-001", "metier-union", "union", "251", E.ACTIVE, 500),
        Cas("U-251-101", "utilisation", "hautval", "251", E.ACTIVE, 480, "UN-251-001", files),
        Cas("T-251-001", "tripartite-siao", "siao", "251", E.ACTIVE, 200),
        Cas("T-422-001", "tripartite-siao", "siao", "422", E.MISE_EN_DEMEURE, 300),
        Cas("M-251-102", "metier-ccas", "montsaleve", "251", E.EN_SIGNATURE, 0),
        Cas("U-251-102", "utilisation", "montsaleve", "251", E.BROUILLON, 0, "M-251-102", some),
        Cas("M-422-103", "metier-ccas-dossiers", "rocheclaire", "422", E.ACTIVE, 655, "", going),
        Cas("U-422-103", "utilisation", "rocheclaire", "422", E.SUSPENDUE, 650, "M-422-103", some),
        Cas("M-251-104", "metier-ccas-carsat", "pontreval", "251", E.RESILIEE, 900, "", ended),
        Cas("U-251-104", "utilisation", "pontreval", "251", E.RESILIEE, 890, "M-251-104", {**some, **ended}),
    )


def build(world: World, today: date) -> None:
    """Add the structures, their conventions with texts, people and history, and the file of one of Valbrume's."""
    structures = {**world.structures, **_structures(world.caisses["251"])}
    modeles = {row.code: row for row in ModeleConvention.objects.filter(caisse=None)}
    made: dict[str, Convention] = {}
    for case in cases(today):
        made[case.reference] = _convention(case, modeles, structures, world.caisses, made, today)
    Convention.objects.bulk_create(row for row in made.values() if row.nature != N.UTILISATION)
    Convention.objects.bulk_create(row for row in made.values() if row.nature == N.UTILISATION)
    texts = [(row, modeles[case.modele]) for case, row in zip(cases(today), made.values(), strict=True)]
    for utilisation in world.utilisations.values():
        texts.append((utilisation, modeles["utilisation"]))
        if utilisation.adossee_a is not None:
            texts.append((utilisation.adossee_a, modeles["metier-ccas-dossiers"]))
    TexteConvention.objects.bulk_create(
        TexteConvention(convention=row, modele=modele, **{name: getattr(modele, name) for name in WORDS})
        for row, modele in texts
    )
    _people(made)
    first = [row for held in world.utilisations.values() for row in (held.adossee_a, held)]
    _history([*made.values(), *filter(None, first)], today)
    MembreUnion.objects.bulk_create(
        MembreUnion(
            convention=made["UN-251-001"],
            union=structures["union"],
            partenaire=structures.get(code),
            nom=nom,
            niveau=niveau,
        )
        for nom, niveau, code in MEMBRES
    )
    MiseEnDemeure.objects.create(
        convention=made["T-422-001"],
        par=Partie.CAISSE,
        manquement="La liste des structures d’hébergement n’est plus transmise (article 4-4).",
        envoyee_le=today - timedelta(days=6),
        recue_le=today - timedelta(days=4),
    )
    _file(world, today)


def _structures(caisse: Caisse) -> dict[str, Partenaire]:
    rows = {
        name: Partenaire(
            **fields,
            adresse="2 place de la Fontaine",
            telephone="+33199003000",
            representant_civilite="M",
            representant_nom="Lazare Chantemerle",
            representant_qualite="Président",
            dpo_courriel=f"dpo@{name}.example",
            domaines_autorises=[f"{name}.example"],
            caisse_referente=caisse,
        )
        for name, fields in STRUCTURES.items()
    }
    Partenaire.objects.bulk_create(rows.values())
    return rows


def _convention(
    case: Cas,
    modeles: dict[str, ModeleConvention],
    structures: dict[str, Partenaire],
    caisses: dict[str, Caisse],
    made: dict[str, Convention],
    today: date,
) -> Convention:
    begun = case.etat not in {E.BROUILLON, E.EN_SIGNATURE}
    row = Convention(
        reference=case.reference,
        caisse=caisses[case.caisse],
        partenaire=structures[case.structure],
        adossee_a=made[case.leans_on] if case.leans_on else None,
        etat=case.etat,
        date_effet=today - timedelta(days=case.age) if begun else None,
        **rules_of(modeles[case.modele]),
        **case.fields,
    )
    if begun:
        row.echeance = term_after(row, today)
        row.evaluee_le = today - timedelta(days=case.age - 360) if case.age > 360 else None
    return row


def _people(made: dict[str, Convention]) -> None:
    signing, known = [], []
    for row in made.values():
        parties = [(Partie.CAISSE, "", "Aurélien Montferval", "Directeur")]
        parties.append((Partie.PARTENAIRE, "", "Lazare Chantemerle", "Président"))
        if row.nature == N.TRIPARTITE:
            parties.append((Partie.TIERS, CAF, "Isaure Belcombe", "Directrice"))
        elif row.reference == "M-251-104":
            parties.append((Partie.TIERS, "Carsat de Val-d’Ombre", "Odilon Rochebrune", "Directeur"))
        for partie, organisme, nom, qualite in parties:
            signed = row.date_effet
            if row.etat == E.EN_SIGNATURE and partie == Partie.CAISSE:
                signed = row.caisse.today() - timedelta(days=3)
            who = {"convention": row, "partie": partie, "nom": nom}
            signing.append(Signataire(**who, organisme=organisme, qualite=qualite, signee_le=signed))
            known.append(
                Referent(
                    **who,
                    fonction="Référent local",
                    courriel=f"referent.{partie.lower()}@{row.reference.lower()}.example",
                    telephone="+33639980100",
                    depuis=row.date_effet,
                )
            )
    Signataire.objects.bulk_create(signing)
    Referent.objects.bulk_create(known)


def _history(conventions: list[Convention], today: date) -> None:
    """The last acts, as the door would have logged them."""
    rows = []

    def tell(
        row: Convention, acte: ActeConvention, de: str, vers: str, ago: int, words: str = "", who: str = ""
    ) -> None:
        rows.append(
            PassageConvention(
                convention=row,
                acte=acte,
                de=de,
                vers=vers,
                le=clock.now() - timedelta(days=ago),
                jour=today - timedelta(days=ago),
                partie=who,
                commentaire=words,
            )
        )

    for row in conventions:
        if row.etat == E.BROUILLON:
            continue
        age = (today - row.date_effet).days if row.date_effet else 3
        tell(row, ActeConvention.ETAT, E.BROUILLON, E.EN_SIGNATURE, age + 10)
        tell(row, ActeConvention.SIGNATURE, E.EN_SIGNATURE, E.EN_SIGNATURE, age, who=Partie.CAISSE)
        if row.date_effet:
            tell(row, ActeConvention.SIGNATURE, E.EN_SIGNATURE, E.EN_SIGNATURE, age, who=Partie.PARTENAIRE)
            tell(row, ActeConvention.ETAT, E.EN_SIGNATURE, E.ACTIVE, age)
        if row.etat == E.SUSPENDUE:
            tell(
                row, ActeConvention.ETAT, E.ACTIVE, E.SUSPENDUE, 9, "Identifiants partagés entre deux agents."
            )
        elif row.etat == E.MISE_EN_DEMEURE:
            tell(row, ActeConvention.ETAT, E.ACTIVE, E.MISE_EN_DEMEURE, 6, "Liste non transmise.")
        elif row.etat == E.RESILIEE:
            tell(row, ActeConvention.ETAT, E.ACTIVE, E.RESILIEE, 40)
        elif row.denoncee_le:
            tell(row, ActeConvention.DENONCIATION, E.ACTIVE, E.ACTIVE, 20, who=Partie.PARTENAIRE)
    PassageConvention.objects.bulk_create(rows)


def _file(world: World, today: date) -> None:
    """What one convention of Valbrume gathers: its signed original, two avenants, two changes of référents."""
    convention = world.utilisations["valbrume", "251"]
    gestionnaire = world.comptes["gest.valbrume"]
    now = clock.now()
    signed, going = Avenant.objects.bulk_create(
        [
            Avenant(
                convention=convention,
                numero=1,
                objet="Transmission des dossiers",
                texte="La structure transmet les dossiers de Complémentaire santé solidaire par le portail.",
                changements={"fonctions": sorted(convention.fonctions)},
                redige_le=now - timedelta(days=130),
                date=today - timedelta(days=120),
            ),
            Avenant(
                convention=convention,
                numero=2,
                objet="Nombre de membres",
                changements={"nombre_membres": 12},
                redige_le=now - timedelta(days=5),
            ),
        ]
    )
    SignatureAvenant.objects.bulk_create(
        SignatureAvenant(
            avenant=avenant, partie=row.partie, nom=row.nom, qualite=row.qualite, signee_le=avenant.date
        )
        for avenant in (signed, going)
        for row in convention.signataires.all()
    )
    referent = convention.referents.get(partie=Partie.PARTENAIRE)
    change = {
        "convention": convention,
        "nature": NatureChangement.REMPLACEMENT,
        "partie": Partie.PARTENAIRE,
        "referent": referent,
        "propose_par": gestionnaire,
    }
    ChangementReferent.objects.create(
        **change,
        ancien_nom="Rosemonde Tallevent",
        ancien_courriel="r.tallevent@valbrume.example",
        nom=referent.nom,
        fonction=referent.fonction,
        courriel=referent.courriel,
        etat=EtatChangement.CONFIRME,
        propose_le=now - timedelta(days=90),
        decide_le=now - timedelta(days=88),
        decide_par=world.comptes["admin.251"],
    )
    ChangementReferent.objects.create(
        **change,
        ancien_nom=referent.nom,
        ancien_fonction=referent.fonction,
        ancien_courriel=referent.courriel,
        nom="Anselme Courtevoie",
        fonction="Travailleur social",
        courriel="a.courtevoie@valbrume.example",
        telephone="+33639980101",
        propose_le=now - timedelta(days=2),
    )
    _signed_document(convention, world, NatureDocument.CONVENTION, "Convention signée")
    _signed_document(convention, world, NatureDocument.AVENANT, "Avenant signé", signed)


def _signed_document(
    convention: Convention, world: World, nature: NatureDocument, title: str, avenant: Avenant | None = None
) -> None:
    piece = sound_piece(
        pdf(title),
        caisse=convention.caisse,
        partenaire=convention.partenaire,
        nom=f"{title}.pdf",
        le=clock.now() - timedelta(days=100),
        fonction="",
        deposee_par=world.comptes["admin.251"],
        origine=OrigineFichier.CONVENTION,
    )
    piece.save(force_insert=True)
    DocumentConvention.objects.create(
        caisse=convention.caisse,
        partenaire=convention.partenaire,
        convention=convention,
        avenant=avenant,
        nature=nature,
        piece=piece,
    )
