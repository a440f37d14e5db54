"""Addresses of the apostille."""

from __future__ import annotations

from django.urls import path

from cancilleria.domains.apostille.views import desk, portal

urlpatterns = [
    path("verificar/", portal.verify, name="verify"),
    path("v/<str:number>/<str:code>/", portal.printed_link, name="printed_link"),
    path("despacho/apostilla/<uuid:case>/", desk.case, name="apostille_case"),
    path("despacho/apostilla/<uuid:case>/documento/", desk.document, name="apostille_document"),
]
