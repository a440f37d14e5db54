"""Every address of the site."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from cancilleria.site.views import machine

urlpatterns: list[URLPattern | URLResolver] = [
    path("salud", machine.health, name="health"),
    path("confianza.json", machine.trust_list, name="trust_list"),
    path("log/<path:name>", machine.log_file, name="log_file"),
]
