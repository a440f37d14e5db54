"""Addresses of the apostille and of legalisation."""

from __future__ import annotations

from django.urls import path

from cancilleria.domains.apostille.views import batches, desk, packs, paper, portal, specimens, stock

urlpatterns = [
    path("verificar/", portal.verify, name="verify"),
    path("v/<str:number>/<str:code>/", portal.printed_link, name="printed_link"),
    path("despacho/apostilla/<uuid:case>/", desk.case, name="apostille_case"),
    path("despacho/apostilla/<uuid:case>/documento/", desk.document, name="apostille_document"),
    path("despacho/certificado/<uuid:case>/", paper.case, name="certificate_case"),
    path("despacho/certificado/<uuid:case>/<uuid:certificate>/pdf/", paper.file, name="certificate_file"),
    path("despacho/certificado/<uuid:certificate>/pruebas/", packs.pack, name="certificate_pack"),
    path("despacho/certificado/<uuid:case>/pedido/<uuid:asked>/", paper.letter, name="asked_letter"),
    path("despacho/firmas/", specimens.index, name="specimens"),
    path("despacho/firmas/nueva/", specimens.new, name="specimen_new"),
    path("despacho/firmas/<str:key>/", specimens.specimen, name="specimen"),
    path("despacho/firmas/<str:key>/corregir/", specimens.correct, name="specimen_correct"),
    path("despacho/firmas/<str:key>/imagen/<str:which>/", specimens.image, name="specimen_image"),
    path("despacho/formularios/", stock.stock, name="forms"),
    path("despacho/lotes/", batches.index, name="batches"),
    path("despacho/lotes/<uuid:batch>/", batches.batch, name="batch"),
    path("despacho/lotes/<uuid:batch>/informe.csv", batches.report, name="batch_report"),
    path("despacho/firmar/", batches.bulk, name="bulk"),
    path("despacho/firmar/<uuid:order>/", batches.order, name="bulk_order"),
]
