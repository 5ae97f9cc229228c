"""Form renderer: `{{ form.champ.as_field_group }}` gives the field group of `templates/ui/form/`."""

from __future__ import annotations

from typing import Any

from django.forms.renderers import DjangoTemplates, TemplatesSetting
from django.template import TemplateDoesNotExist


class PortalFormRenderer(TemplatesSetting):
    """Renders forms with the portal's templates, and widgets with Django's own when we have none."""

    form_template_name = "ui/form/form.html"
    field_template_name = "ui/form/field.html"

    def __init__(self) -> None:
        self._fallback = DjangoTemplates()

    def get_template(self, template_name: str) -> Any:
        """Look in the project first; Django's widget templates are found without `django.forms` installed."""
        try:
            return super().get_template(template_name)
        except TemplateDoesNotExist:
            return self._fallback.get_template(template_name)
