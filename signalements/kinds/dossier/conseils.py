"""What a structure is advised before it sends a dossier: who needs a form of their own, when to renew (domaine.md §6.3
to §6.5). Advice only: nothing here refuses, and nothing ever says that a dossier is complete."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from portal.ui.text import day_in_words
from signalements.kinds.dossier.enums import Lien, Nature, Situation, TypeDossier
from signalements.kinds.dossier.models import Membre, RegleDossier
from signalements.kinds.dossier.queries import months_before

CSS_ENFANT, CSS_DECLARANT = 25, 18
AME_ENFANT, AME_ETUDIANT = 16, 20


@dataclass(frozen=True)
class Conseil:
    """A piece of advice: what it is about, what to do, how much it matters (info, warning, danger)."""

    titre: str
    texte: str
    ton: str = "info"


def age_on(naissance: date, day: date) -> int:
    """Whole years of age."""
    return day.year - naissance.year - ((day.month, day.day) < (naissance.month, naissance.day))


def advise(
    *,
    type_dossier: str,
    nature: str,
    fin_droits: date | None,
    situations: Sequence[str],
    membres: Iterable[Membre],
    regle: RegleDossier | None,
    today: date,
) -> list[Conseil]:
    """All the advice a dossier calls for, the most pressing first."""
    found: list[Conseil | None] = [*renewal_advice(nature, fin_droits, regle, today)]
    if type_dossier == TypeDossier.CSS:
        found += [_css_member(membre, age_on(membre.naissance, today)) for membre in membres]
    elif type_dossier in {TypeDossier.AME_RENOUVELLEMENT, TypeDossier.AME_PREMIERE}:
        found += [_ame_member(membre, age_on(membre.naissance, today)) for membre in membres]
        found.append(
            Conseil(
                "La carte",
                "La carte d’AME est remise en main propre\u00a0: la personne la retire à la caisse.",
            )
        )
    elif type_dossier == TypeDossier.PUMA:
        found += _puma(situations)
    order = {"danger": 0, "warning": 1, "info": 2}
    return sorted((advice for advice in found if advice is not None), key=lambda advice: order[advice.ton])


def renewal_advice(
    nature: str, fin_droits: date | None, regle: RegleDossier | None, today: date
) -> list[Conseil]:
    """Whether a renewal comes too early or late, by the windows of its rule."""
    if (
        nature != Nature.RENOUVELLEMENT
        or fin_droits is None
        or regle is None
        or not regle.renouveler_des_mois
    ):
        return []
    fin = day_in_words(fin_droits)
    opens = months_before(fin_droits, regle.renouveler_des_mois)
    if today < opens:
        text = f"Le droit prend fin le {fin}\u00a0: un renouvellement se demande à partir du {day_in_words(opens)}."
        return [Conseil("C’est trop tôt", text, "warning")]
    left = (fin_droits - today).days
    if left < 0:
        return [
            Conseil(
                "Le droit est terminé",
                f"Il a pris fin le {fin}. Signalez l’urgence si la personne n’est plus couverte.",
                "danger",
            )
        ]
    if left < regle.urgence_jours:
        days = f"{left} jour{'s' if left > 1 else ''}"
        text = f"Le droit prend fin le {fin}, dans {days}. Signalez l’urgence à l’étape «\u00a0La situation\u00a0»."
        return [Conseil("Rupture de droits imminente", text, "danger")]
    late = regle.renouveler_avant_mois
    if late and today > months_before(fin_droits, late):
        text = (
            f"Le droit prend fin le {fin}, dans moins de {late} mois\u00a0: envoyez le dossier sans attendre."
        )
        return [Conseil("Risque de rupture de droits", text, "warning")]
    return []


def _css_member(membre: Membre, age: int) -> Conseil | None:
    name = f"{membre.prenom} {membre.nom.upper()}"
    if membre.lien == Lien.ENFANT and age >= CSS_ENFANT:
        return Conseil(
            name, f"À partir de {CSS_ENFANT} ans, une demande à son nom est nécessaire.", "warning"
        )
    if membre.lien == Lien.AUTRE:
        return Conseil(
            name,
            "Le foyer compte la personne, son conjoint et leurs enfants à charge\u00a0: une demande à son nom est "
            "nécessaire.",
            "warning",
        )
    if membre.lien == Lien.ENFANT and not membre.a_charge:
        return Conseil(
            name,
            "Une demande à son nom est nécessaire si cet enfant n’est pas à charge, vit en couple ou a ses propres "
            "enfants à charge.",
            "warning",
        )
    if membre.lien == Lien.ENFANT and age >= CSS_DECLARANT:
        return Conseil(
            name,
            "Entre 18 et 25 ans, une demande à son nom est nécessaire avec sa propre déclaration de revenus.",
        )
    if membre.lien == Lien.ENFANT and age >= AME_ENFANT:
        return Conseil(
            name, "À partir de 16 ans, une demande à son nom est possible en cas de rupture familiale."
        )
    return None


def _ame_member(membre: Membre, age: int) -> Conseil | None:
    name = f"{membre.prenom} {membre.nom.upper()}"
    if membre.lien == Lien.CONJOINT and not membre.a_charge:
        return Conseil(
            name, "Une personne adulte qui n’est pas à charge dépose sa propre demande.", "warning"
        )
    if membre.lien == Lien.ENFANT and age >= AME_ETUDIANT:
        return Conseil(
            name, f"À partir de {AME_ETUDIANT} ans, une demande à son nom est nécessaire.", "warning"
        )
    if membre.lien == Lien.ENFANT and age >= AME_ENFANT:
        return Conseil(
            name,
            f"À partir de {AME_ENFANT} ans, et jusqu’à {AME_ETUDIANT} ans, la demande le couvre "
            "pendant ses études\u00a0; "
            "sinon, une demande à son nom est nécessaire.",
        )
    if membre.lien == Lien.AUTRE:
        return Conseil(
            name, "Une personne adulte qui n’est pas à charge dépose sa propre demande.", "warning"
        )
    return None


def _puma(situations: Sequence[str]) -> list[Conseil]:
    found = []
    if Situation.NE_ETRANGER in situations:
        found.append(
            Conseil(
                "Née à l’étranger",
                "La caisse donne d’abord un numéro d’attente, utilisable 9 mois\u00a0: ni carte Vitale, ni "
                "compte ameli avant le numéro définitif.",
            )
        )
    if Situation.DISPENSE in situations:
        found.append(
            Conseil(
                "Dispense des trois mois",
                "Joignez la preuve de la dispense\u00a0: les trois mois ne sont pas demandés.",
            )
        )
    elif Situation.ACTIVITE not in situations:
        found.append(
            Conseil(
                "Résidence",
                "Sans activité professionnelle, une résidence stable et régulière de plus de trois mois est demandée.",
            )
        )
    return found
