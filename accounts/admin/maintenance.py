"""The act of an announcement that writes to people: accounts are known here, not where announcements are."""

from typing import Any

from django import forms

from accounts.enums import Profil
from accounts.operations.maintenance import PROFILS, concerned_by, tell_of_maintenance
from accounts.permissions import Act
from caisses.admin.annonces import AnnonceAdmin
from portal import clock
from portal.admin_acts import ActForm, AdminAct


class DestinatairesForm(ActForm):
    """To whom to write."""

    profils = forms.MultipleChoiceField(
        label="À qui écrire",
        choices=[
            (
                profil.value,
                f"{profil.label}s" if profil != Profil.ADMIN_CAISSE else "Administrateurs des caisses",
            )
            for profil in PROFILS
        ],
        widget=forms.CheckboxSelectMultiple,
        initial=[profil.value for profil in PROFILS],
        error_messages={"required": "Choisissez à qui écrire."},
    )

    def clean_profils(self) -> tuple[Profil, ...]:
        """The profiles chosen."""
        return tuple(Profil(code) for code in self.cleaned_data["profils"])


def _consequences(annonce: Any) -> list[str]:
    count = concerned_by(annonce).count()
    return [
        annonce.intervention,
        f"{count} personne{'s' if count > 1 else ''} au plus {'reçoivent' if count > 1 else 'reçoit'} un courriel, une "
        "seule fois\u00a0: quand, combien de temps, pour quelle caisse.",
        "Il ne contient aucune donnée personnelle.",
    ]


AnnonceAdmin.acts = {
    **AnnonceAdmin.acts,
    "prevenir": AdminAct(
        titre="Prévenir par courriel de l’intervention",
        bouton="Prévenir par courriel",
        fait="Les courriels partent.",
        consequences=_consequences,
        possible=lambda annonce: (
            annonce.intervention_fin is not None
            and annonce.intervention_fin > clock.now()
            and annonce.prevenus_le is None
        ),
        run=lambda actor, annonce, said: tell_of_maintenance(
            actor=actor, annonce=annonce, profils=said["profils"]
        ),
        form=DestinatairesForm,
        act=Act.ADMINISTRER_PORTAIL,
    ),
}
