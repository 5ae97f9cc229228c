"""Weighty acts of the admin, each with a page of its own: what will happen, why it is done, then the operation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from portal.admin_models import PortalModelAdmin, can
from portal.errors import DomainError


class ActForm(forms.Form):
    """What an act asks, about the object as its page was opened: its version comes back with the answers."""

    required_css_class = "required"

    def __init__(self, *args: Any, objet: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.objet = objet
        if hasattr(objet, "version"):
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, initial=objet.version)


@dataclass(frozen=True)
class AdminAct:
    """An act on one object.

    Attributes:
        titre: the title of its page.
        bouton: the words of its button, and of the link that leads to it.
        fait: the sentence once it is done.
        possible: whether this object, as it stands, may be acted upon so; the role is asked apart.
        consequences: whole sentences, what will happen to this object.
        run: does it: who acts, the object, the cleaned form. Raises DomainError to refuse.
        form: what it asks.
        act: the act of the permission table that it needs.
        danger: whether it is shown as one that takes something away.
        answer: makes the page that follows of the request, the object and what `run` gave, when `fait` cannot say it.
    """

    titre: str
    bouton: str
    fait: str
    possible: Callable[[Any], bool]
    consequences: Callable[[Any], Sequence[str]]
    run: Callable[[Any, Any, dict[str, Any]], object]
    form: type[ActForm]
    act: str
    danger: bool = False
    answer: Callable[[HttpRequest, Any, Any], HttpResponse] | None = None


class ActsMixin(PortalModelAdmin):
    """Adds to the admin of a model the pages of its `acts`, by the name their addresses carry."""

    acts: dict[str, AdminAct]
    change_form_template = "admin/change_form_acts.html"

    def get_urls(self) -> list[Any]:
        """Django's, and one page for each act."""
        return [
            path(
                f"<path:object_id>/{name}/",
                self.admin_site.admin_view(self.act_view),
                {"name": name},
                name=f"{self.opts.app_label}_{self.opts.model_name}_{name}",
            )
            for name in self.acts
        ] + super().get_urls()

    def possible_acts(self, request: HttpRequest, obj: Any) -> list[str]:
        """The acts this administrator may do on this object, as it stands."""
        return [name for name, act in self.acts.items() if can(request, act.act, obj) and act.possible(obj)]

    def act_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """The page of an act; 422 with what was typed when it is refused."""
        obj = self.get_object(request, object_id)
        if obj is None:
            raise Http404
        if name not in self.possible_acts(request, obj):
            raise PermissionDenied
        act = self.acts[name]
        posted = (request.POST, request.FILES) if request.method == "POST" else ()
        form = act.form(*posted, objet=obj)
        if request.method == "POST" and form.is_valid():
            try:
                done = act.run(request.membership, obj, form.cleaned_data)  # type: ignore[attr-defined]
            except DomainError as error:
                field = error.field if error.field in form.fields else None
                form.add_error(field, forms.ValidationError(error.message, code=error.code))
            else:
                if act.answer is not None:
                    return act.answer(request, obj, done)
                messages.success(request, act.fait)
                return redirect(self._page("change", obj.pk))
        context = {
            **self.admin_site.each_context(request),
            "title": act.titre,
            "subtitle": str(obj),
            "opts": self.opts,
            "objet": obj,
            "acte": act,
            "consequences": act.consequences(obj),
            "form": form,
            "retour": self._page("change", obj.pk),
            "liste": reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"),
        }
        return TemplateResponse(
            request, "admin/acte.html", context, status=422 if request.method == "POST" else 200
        )

    def render_change_form(
        self, request: HttpRequest, context: Any, add: bool = False, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With the acts that are possible, those that take something away apart."""
        obj = kwargs.get("obj")
        if obj is not None:
            links = [(name, self._page(name, obj.pk)) for name in self.possible_acts(request, obj)]
            for kind, danger in (("calmes", False), ("graves", True)):
                context[kind] = [
                    (url, self.acts[name].bouton) for name, url in links if self.acts[name].danger == danger
                ]
        return super().render_change_form(request, context, add, *args, **kwargs)

    def _page(self, view: str, pk: object) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{view}", args=[pk])
