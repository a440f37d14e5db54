"""The application that joins the others; its label avoids the name of a standard library module."""

from __future__ import annotations

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "cancilleria.site"
    label = "site_"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cancilleria.site import composition  # noqa: PLC0415 - models exist only from here on

        composition.assemble()
