"""The select drawn in one go says what Django's own says."""

import pytest
from django import forms
from django.test import SimpleTestCase

from portal.ui.light_select import LightSelect

CHOICES = [("", "Toutes"), ("1", "CCAS de l’Été & <Cie>"), ("2", "UDAF")]
GROUPS = [("", "Choisir"), ("Équipes", [("e1", "Accès aux droits"), ("e2", "Mission")]), ("a", "Autre")]


@pytest.mark.parametrize("choices", [CHOICES, GROUPS])
@pytest.mark.parametrize("value", ["", "2", "e2"])
def test_it_draws_the_options_of_a_select(choices, value):
    light = LightSelect(choices=choices).render("structure", value, {"id": "id_structure"})
    plain = forms.Select(choices=choices).render("structure", value, {"id": "id_structure"})
    SimpleTestCase().assertHTMLEqual(light, plain)
