"""The routes each kind of demande adds, under its own namespace."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from signalements.kinds.registry import kind_packages

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"{name}.urls")) for name in kind_packages() if find_spec(f"{name}.urls")
]
