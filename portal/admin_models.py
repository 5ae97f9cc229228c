"""What the admins of every room share: decided by role, kept to the tenant, journaled, errors shown on the form."""

import json
from abc import ABCMeta, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, cast

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError, models
from django.db.models import Model, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.utils.module_loading import import_string

from portal.admin_exports import asked_format, export_links, export_list
from portal.admin_index import Figure, ToDo
from portal.audit.journal import record
from portal.audit.models import Evenement, Verbe
from portal.errors import DomainError
from portal.refusals import constraint_of
from portal.ui.fields import what_to_do

HISTORY_LENGTH = 100
COUNT_LIMIT = 10_000


def can(request: HttpRequest, act: str, obj: Any = None) -> bool:
    """Whether the administrator may do `act` (on `obj`): the portal's one function, named in the settings."""
    return bool(import_string(settings.ADMIN_CAN)(getattr(request, "membership", None), act, obj))


class CappedPaginator(Paginator):
    """Pages of a long table: it counts up to 10,000 rows, so that a page costs the same on millions."""

    @cached_property
    def count(self) -> int:
        """The number of rows, up to the limit."""
        rows: Any = self.object_list
        return int(rows.order_by().values("pk")[:COUNT_LIMIT].count())


class PortalAdminForm(forms.ModelForm):
    """A form of the admin that knows who fills it in, and shows the refusal of the operation behind it."""

    membership: ClassVar[Any] = None
    refusal: ClassVar[DomainError | None] = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = what_to_do(self[name])

    def clean(self) -> dict[str, Any]:
        """Add the refusal that the operation gave when the same form was just tried."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.refusal is not None:
            field = self.refusal.field if self.refusal.field in self.fields else None
            self.add_error(field, ValidationError(self.refusal.message, code=self.refusal.code))
        return cleaned

    def _post_clean(self) -> None:
        # A constraint over a field that could not be read would fail to be checked: fields first.
        if self.errors:
            self.instance.validate_constraints = lambda **kwargs: None
        try:
            super()._post_clean()  # type: ignore[misc]
        finally:
            self.instance.__dict__.pop("validate_constraints", None)


class RoleMixin(BaseModelAdmin):
    """Permissions by role. An act left empty is nobody's."""

    by_role = True
    view_act: str = ""
    add_act: str = ""
    change_act: str = ""
    delete_act: str = ""

    formfield_overrides = {
        # Native controls: they need no script, and each has its label.
        models.DateField: {"widget": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})},
        models.DateTimeField: {
            "form_class": forms.DateTimeField,
            "widget": forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        },
    }

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever changes also sees."""
        return bool(self.view_act) and can(request, self.view_act)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By `add_act`."""
        return bool(self.add_act) and can(request, self.add_act)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By `change_act`, on this object."""
        return bool(self.change_act) and can(request, self.change_act, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By `delete_act`, on this object."""
        return bool(self.delete_act) and can(request, self.delete_act, obj)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer only what the administrator may see, as the admin of that model tells it."""
        related: Any = self.admin_site._registry.get(db_field.remote_field.model)
        if related is not None and "queryset" not in kwargs:
            kwargs["queryset"] = related.get_queryset(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Without the links to add or edit the related object in another window."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        widget = getattr(field, "widget", None)
        for option in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
            if hasattr(widget, option):
                setattr(widget, option, False)
        return field


class NamedRowsFormSet(BaseInlineFormSet):
    """Rows whose boxes say what they are: a table has no label for each."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """Name every control after its column."""
        super().add_fields(form, index)
        for field in form.fields.values():
            name = "Supprimer la ligne" if field.label == "Supprimer" else str(field.label or "")
            if name and not field.widget.is_hidden:
                field.widget.attrs.setdefault("aria-label", name[:1].upper() + name[1:])


class PortalTabularInline(RoleMixin, admin.TabularInline):
    """Rows of a parent, edited with it; the parent's admin says whose they are."""

    extra = 0
    formset = NamedRowsFormSet

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """With the parent."""
        return bool(self.view_act) and can(request, self.view_act)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """With the change of the parent."""
        return bool(self.change_act) and can(request, self.change_act, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """With the change of the parent."""
        return bool(self.change_act) and can(request, self.change_act, obj)


class AbstractAdmin(forms.MediaDefiningClass, ABCMeta):
    """The class of the admins below: one that leaves something to say cannot be registered."""


class PortalModelAdmin(RoleMixin, admin.ModelAdmin, metaclass=AbstractAdmin):
    """The admin of a model: `section` and `rank` place it on the index, `visible` keeps it to the tenant.

    `named_by_object` titles the page of an object by its own name; never where that is a person's.
    """

    section: str
    rank: int = 100
    named_by_object = False
    actions = None
    form = PortalAdminForm
    list_per_page = 50
    save_on_top = False
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    view_on_site = False
    paginator = CappedPaginator

    def get_inline_formsets(
        self, request: HttpRequest, formsets: Any, inline_instances: Any, obj: Any = None
    ) -> Any:
        """Django's, whose script names its buttons in our words."""
        shown = super().get_inline_formsets(request, formsets, inline_instances, obj)
        for rows in shown:
            told = json.loads(rows.inline_formset_data())
            told["options"]["addText"] = f"Ajouter\u00a0: {rows.opts.verbose_name}"
            rows.inline_formset_data = json.dumps(told)
        return shown

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the model stands on the index."""
        return self.has_view_permission(request) or self.has_change_permission(request)

    @abstractmethod
    def visible(self, rows: QuerySet[Any], membership: Any) -> QuerySet[Any]:
        """The rows this administrator may see; row-level security is the net under it."""

    def to_do(self, request: HttpRequest) -> Sequence[tuple[str, str] | ToDo]:
        """What waits for this administrator: sentences for the index, each with its page and its day."""
        return []

    def figures(self, request: HttpRequest) -> Sequence[Figure]:
        """What the index counts at a glance; one query for all of them, whatever the number of rows."""
        return []

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Django's, kept to what the administrator may see."""
        membership = getattr(request, "membership", None)
        rows = super().get_queryset(request)
        return self.visible(rows, membership) if membership is not None else rows.none()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form class, told who fills it in."""
        form = super().get_form(request, obj, change=change, **kwargs)
        told = {
            "membership": getattr(request, "membership", None),
            "refusal": getattr(request, "admin_refusal", None),
        }
        return type(form.__name__, (form,), told)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Django's list, named after what it lists; or the file of what it lists."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if format := asked_format(request):
            return cast(HttpResponse, export_list(request, self, format))
        title = str(self.opts.verbose_name_plural)
        told = {"title": title[:1].upper() + title[1:], "exports": export_links(request)}
        return super().changelist_view(request, {**told, **(extra_context or {})})

    def render_change_form(
        self, request: HttpRequest, context: Any, add: bool = False, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Django's form, named after its object."""
        name = str(self.opts.verbose_name)
        context["title"] = f"Ajouter\u00a0: {name}" if add else name[:1].upper() + name[1:]
        rows = [shown.formset for shown in context["inline_admin_formsets"]]
        context["fautes"] = [context["adminform"].form, *rows] if context["errors"] else []
        if self.named_by_object and not add:
            context["title"], context["subtitle"] = str(kwargs["obj"]), ""
        return super().render_change_form(request, context, add, *args, **kwargs)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Django's page; a refusal of the domain or of the database comes back on the form, in French."""
        try:
            response = super().changeform_view(request, *args, **kwargs)
        except DomainError as error:
            request.admin_refusal = error  # type: ignore[attr-defined]
            response = super().changeform_view(request, *args, **kwargs)
        except IntegrityError as error:
            request.admin_refusal = self.refusal_of(error)  # type: ignore[attr-defined]
            response = super().changeform_view(request, *args, **kwargs)
        if isinstance(response, TemplateResponse) and (response.context_data or {}).get("errors"):
            response.status_code = 422
        return response

    def refusal_of(self, error: IntegrityError) -> DomainError:
        """The sentence of the constraint that the database refused.

        Raises:
            IntegrityError: no constraint of ours says why.
        """
        name = constraint_of(error)
        inlines = [inline.model for inline in self.inlines]
        for model in (self.model, *inlines):
            for constraint in model._meta.constraints:
                if constraint.name == name and constraint.violation_error_message:
                    return DomainError(str(constraint.violation_error_message), code=name)
        raise error

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        """An object of another tenant and one that does not exist are one and the same 404."""
        raise Http404

    def _say_saved(self, request: HttpRequest, obj: Any) -> None:
        """Have Django say that the object is saved in our words."""
        request.admin_saved = f"C’est enregistré\u00a0: {obj}."  # type: ignore[attr-defined]

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Django's answer, in our words."""
        self._say_saved(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Django's answer, in our words."""
        self._say_saved(request, obj)
        return super().response_change(request, obj)

    def message_user(self, request: HttpRequest, message: Any, *args: Any, **kwargs: Any) -> None:
        """Without « L'objet … a été modifié avec succès »."""
        super().message_user(request, getattr(request, "admin_saved", message), *args, **kwargs)

    # The journal instead of Django's log --------------------------------------------------------------

    def tenant_of(self, obj: Any) -> dict[str, Any]:
        """The caisse and the structure an object belongs to, for the journal."""
        return {
            "caisse_id": getattr(obj, "caisse_id", None),
            "partenaire_id": getattr(obj, "partenaire_id", None),
        }

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """Names of the fields changed and numbers of related rows touched; never a value."""
        message: dict[str, Any] = {} if add else {"champs": list(form.changed_data)}
        for formset in formsets or []:
            touched = {
                "ajouts": len(formset.new_objects),
                "modifications": len(formset.changed_objects),
                "retraits": len(formset.deleted_objects),
            }
            if any(touched.values()):
                message[formset.model._meta.model_name] = touched
        return message

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """A creation, in the journal."""
        self.journal(request, Verbe.CREATION, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """A change, in the journal, if anything changed."""
        if message.get("champs") or len(message) > 1:
            self.journal(request, Verbe.MODIFICATION, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Deletions, in the journal."""
        for obj in queryset:
            self.journal(request, Verbe.MODIFICATION, obj, {"acte": "suppression"})

    def journal(self, request: HttpRequest, verbe: Verbe, obj: Model, details: dict[str, Any]) -> None:
        """One event about an object of this admin."""
        membership = request.membership  # type: ignore[attr-defined]
        record(
            verbe,
            actor=membership,
            objet=self.journal_name,
            objet_id=obj.pk,
            details=details,
            **self.tenant_of(obj),
        )

    @property
    def journal_name(self) -> str:
        """How the journal names the model."""
        return str(self.opts.model_name)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What the journal says of the object, to those who may see it."""
        obj = self.get_object(request, object_id)
        if obj is None:
            raise Http404
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        events = Evenement.objects.filter(objet=self.journal_name, objet_id=str(obj.pk))
        context = {
            **self.admin_site.each_context(request),
            "title": f"Historique\u00a0: {obj}",
            "object": obj,
            "opts": self.opts,
            "evenements": with_authors(events)[:HISTORY_LENGTH],
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/object_history.html", context)


def with_authors(events: QuerySet[Evenement]) -> QuerySet[Evenement]:
    """Events with the identifiant of their author as `auteur`, in the same query."""
    from django.contrib.auth import get_user_model

    accounts = get_user_model()._default_manager.filter(pk=models.OuterRef("acteur_id"))
    return events.annotate(auteur=models.Subquery(accounts.values("identifiant")[:1]))
