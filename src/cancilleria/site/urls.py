"""Every address of the site."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from cancilleria.services.accounts.audience import EVERYONE, audience
from cancilleria.site.api import assistants, service
from cancilleria.site.views import (
    account,
    board,
    board_closing,
    board_files,
    board_months,
    case,
    cash,
    cash_account,
    cash_orders,
    counter,
    desk,
    figures,
    followup,
    interface,
    machine,
    offices,
    offices_closing,
    offices_handover,
    offices_matrix,
    offices_people,
    offices_proposals,
    offices_stamps,
    open_data,
    pages,
    payments,
    programs,
    request,
    tracking,
)

PUBLIC = [
    path("", pages.home, name="home"),
    path("tramites/", pages.procedures, name="procedures"),
    path("tramites/<str:key>/", request.service, name="procedure"),
    path("tramites/<str:key>/empezar/", request.begin, name="request_begin"),
    path("tramites/<str:key>/solicitud/revisar/", request.review, name="request_review"),
    path("tramites/<str:key>/solicitud/<str:page>/", request.page, name="request_page"),
    path("continuar/", request.resume, name="resume"),
    path("constancia/<uuid:case>/", tracking.receipt, name="receipt"),
    path("constancia/<uuid:case>/pdf/", tracking.receipt_pdf, name="receipt_pdf"),
    path("seguimiento/", tracking.find, name="tracking"),
    path("seguimiento/<uuid:case>/", tracking.case, name="case"),
    path("seguimiento/<uuid:case>/corregir/", followup.correct, name="correct"),
    path("seguimiento/<uuid:case>/desistir/", followup.withdraw, name="withdraw"),
    path("seguimiento/<uuid:case>/apelar/", followup.appeal, name="appeal"),
    path("seguimiento/<uuid:case>/apostilla/<uuid:apostille>/", tracking.download, name="download"),
    path("pago/<uuid:case>/", payments.pay, name="pay"),
    path("pago/<uuid:case>/resultado/", payments.result, name="pay_result"),
    path("pago/<uuid:case>/recibo/", payments.receipt, name="pay_receipt"),
    path("pagos/aviso/", payments.notice, name="pay_notice"),
    path("simulador-de-pagos/<str:token>/", payments.simulator_page, name="simulator"),
    path("misiones/", pages.missions, name="missions"),
    path("cifras/", figures.index, name="figures"),
    path("cifras/<str:key>/", figures.figure, name="figure"),
    path("cifras/<str:key>/datos.<str:kind>", figures.download, name="figure_data"),
    path("registro/", pages.register, name="public_register"),
    path("accesibilidad/", pages.accessibility, name="accessibility"),
    path("privacidad/", pages.privacy, name="privacy"),
    path("idioma/", audience(EVERYONE)(require_POST(set_language)), name="set_language"),
]
DESK = [
    path("despacho/", desk.tray, name="desk"),
    path("despacho/expediente/<uuid:case>/", case.case, name="desk_case"),
    path("despacho/expediente/<uuid:case>/documento/<int:document>/", case.document, name="desk_case_document"),
    path(
        "despacho/expediente/<uuid:case>/documento/<int:document>/pagina/<int:page>/",
        case.picture,
        name="desk_case_picture",
    ),
    path("despacho/ventanilla/", counter.index, name="counter_index"),
    path("despacho/ventanilla/<str:key>/", counter.enter, name="counter"),
    path("despacho/expediente/<uuid:case>/constancia/", case.receipt, name="desk_receipt"),
    path("despacho/persona/<uuid:person>/", desk.person, name="desk_person"),
    path("despacho/manual/<str:key>/", case.manual, name="manual"),
    path("despacho/caja/", cash.box, name="cash"),
    path("despacho/caja/cobrar/", cash.take, name="cash_take"),
    path("despacho/caja/arqueo/", cash.count, name="cash_count"),
    path("despacho/caja/sesion/<uuid:session>/", cash.session, name="cash_session"),
    path("despacho/caja/recibo/<uuid:receipt>/", cash_orders.receipt, name="cash_receipt"),
    path("despacho/caja/recibo/<uuid:receipt>/pdf/", cash_orders.paper, name="cash_receipt_pdf"),
    path("despacho/caja/orden/<uuid:order>/", cash_orders.order, name="cash_order"),
    path("despacho/cuenta/", cash_account.account, name="cash_account"),
    path("despacho/cuenta/pdf/", cash_account.paper, name="cash_account_pdf"),
    path("despacho/cuenta/datos.csv", cash_account.table, name="cash_account_data"),
    path("despacho/indicadores/", board.board, name="board"),
    path("despacho/indicadores/<str:key>/", board.indicator, name="indicator"),
    path("despacho/indicadores/<str:key>/actos/", board.acts, name="indicator_acts"),
    path("despacho/indicadores/<str:key>/datos.<str:kind>", board_files.download, name="indicator_data"),
    path("despacho/indicadores/<str:key>/cerrar/", board_closing.close, name="indicator_close"),
    path("despacho/indicadores/<str:key>/publicar/<int:closure>/", board_closing.publish, name="indicator_publish"),
    path("despacho/plan/<str:key>/informe.<str:kind>", board_files.report, name="plan_report"),
    path("despacho/meses/", board_months.months, name="own_months"),
    path("despacho/valores/", board_months.values, name="own_values"),
    path("despacho/valores/<int:value>/sustento/", board_months.evidence, name="value_evidence"),
    path("despacho/registro/", desk.register, name="desk_register"),
    path("despacho/componentes/", desk.gallery, name="gallery"),
]
OFFICES = [
    path("despacho/capacidad/", offices.capacity, name="capacity"),
    path("despacho/por-confirmar/", offices_proposals.proposals, name="proposals"),
    path("despacho/oficina/", offices.office, name="office"),
    path("despacho/oficina/facultades/", offices_matrix.matrix, name="office_matrix"),
    path("despacho/oficina/encargos/", offices_people.people, name="office_people"),
    path("despacho/oficina/sellos/", offices_stamps.stamps, name="office_stamps"),
    path("despacho/oficina/entregas/", offices_handover.handovers, name="office_handovers"),
    path("despacho/oficina/entregas/<uuid:handover>/", offices_handover.handover, name="handover"),
    path("despacho/oficina/entregas/<uuid:handover>/pdf/", offices_handover.handover_pdf, name="handover_pdf"),
    path("despacho/oficinas/", offices.index, name="offices"),
    path("despacho/oficinas/<slug:organ>/", offices.office, name="office_of"),
    path("despacho/oficinas/<slug:organ>/cerrar/", offices_closing.close, name="office_close"),
]
ACCOUNT = [
    path("cuentas/entrar/", account.login, name="account_login"),
    path("cuentas/salir/", account.logout, name="account_logout"),
    path("cuentas/confirmar/", account.reauthenticate, name="account_reauthenticate"),
    path("cuentas/segundo-factor/", account.authenticate, name="mfa_authenticate"),
    path("cuentas/segundo-factor/confirmar/", account.reauthenticate_mfa, name="mfa_reauthenticate"),
    path("cuentas/acceso/", account.factors, name="mfa_index"),
    path("cuentas/acceso/aplicacion/", account.activate_totp, name="mfa_activate_totp"),
    path("cuentas/llaves/", account.passkeys, name="mfa_list_webauthn"),
    path("cuentas/llaves/nueva/", account.add_passkey, name="mfa_add_webauthn"),
    path("cuentas/llaves/entrar/", account.login_passkey, name="mfa_login_webauthn"),
    path("cuentas/llaves/confirmar/", account.reauthenticate_passkey, name="mfa_reauthenticate_webauthn"),
    path("cuentas/llaves/<int:pk>/quitar/", account.remove_passkey, name="mfa_remove_webauthn"),
    path("cuentas/llaves/<int:pk>/nombre/", account.edit_passkey, name="mfa_edit_webauthn"),
]
MACHINE = [
    path("salud", machine.health, name="health"),
    path("confianza.json", machine.trust_list, name="trust_list"),
    path("log/<path:name>", machine.log_file, name="log_file"),
]
INTERFACE = [
    path("api/", interface.index, name="interface"),
    path("api/openapi.json", interface.openapi, name="openapi"),
    path("estado/<str:day>.json", interface.status_list, name="status_list"),
    path("datos/", open_data.index, name="open_data"),
    path("datos/<path:name>", open_data.file, name="open_data_file"),
    path("despacho/llaves/", programs.tokens, name="tokens"),
    path("despacho/avisos-a-programas/", programs.webhooks, name="webhooks"),
    *service.patterns(),
    *assistants.patterns(),
]
urlpatterns: list[URLPattern | URLResolver] = [
    *PUBLIC,
    *DESK,
    *OFFICES,
    *ACCOUNT,
    *MACHINE,
    *INTERFACE,
    path("", include("cancilleria.domains.apostille.urls")),
]

handler400 = "cancilleria.site.errors.wrong"
handler403 = "cancilleria.site.errors.forbidden"
handler404 = "cancilleria.site.errors.missing"
handler500 = "cancilleria.site.errors.broken"
