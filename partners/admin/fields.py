"""What the forms of conventions and structures share."""

from typing import Any

from django import forms

from portal.admin_models import PortalAdminForm

ADMINISTRER_CAISSE = "administrer_caisse"


def own_caisse(form: PortalAdminForm, name: str) -> None:
    """Fix a form's caisse to that of its administrator: shown, and whatever is posted counts for nothing."""
    caisse = form.membership.caisse if form.membership else None
    if caisse is not None and name in form.fields:
        field: Any = form.fields[name]
        field.queryset = field.queryset.filter(pk=caisse.pk)
        if form.instance.pk is None:
            form.initial[name] = caisse.pk
        field.disabled = True


def day_field(label: str, **options: Any) -> forms.DateField:
    """A day, by the browser's own control."""
    return forms.DateField(
        label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **options
    )


def words_field(label: str, *, max_length: int = 2000, **options: Any) -> forms.CharField:
    """A few lines of text."""
    return forms.CharField(
        label=label, max_length=max_length, widget=forms.Textarea(attrs={"rows": 4}), **options
    )
