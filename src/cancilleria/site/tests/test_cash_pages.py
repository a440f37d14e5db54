"""The cash desk and the payment pages, as people press them: twice, late, and from another office."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cancilleria.kernel.cases import queries as cases
from cancilleria.kernel.cases.actions import withdraw_case
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.organs.authority import CITIZEN, Actor
from cancilleria.kernel.register.models import Entry
from cancilleria.kernel.testing.cast import HEADQUARTERS, PDF, officer
from cancilleria.services.fees import actions, simulator
from cancilleria.services.fees.gateway import gateway
from cancilleria.services.fees.handover import cash_held
from cancilleria.services.fees.models import CashSession, Order, Payment, Receipt, Refund
from cancilleria.services.fees.simulator import Simulator
from cancilleria.services.fees.tests.cast import DUE, Office, office
from cancilleria.site.tests.test_pages import signed_in

pytestmark = pytest.mark.django_db
CASH = {"means": "cash", "given": "30,00"}


@pytest.fixture
def scene(db: None, plain_names: None) -> Iterator[Office]:
    with office() as found, gateway.held(Simulator(lambda token: f"/simulador-de-pagos/{token}/")):
        yield found


def desk(actor: Actor, language: str = "es") -> Client:
    """A browser signed in as an officer, second factor included."""
    return signed_in(actor.key, language)


def portal(case: Case) -> Client:
    """A browser that showed number and code."""
    client = Client(headers={"accept-language": "es"})
    given = {"number": cases.number_of(case), "code": cases.tracking_code(case.pk)}
    assert client.post("/seguimiento/", given).status_code == 302
    return client


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode().replace("\xa0", " ")


def test_a_day_at_the_window_with_every_button_pressed_twice(scene: Office) -> None:
    orders, client = [scene.order() for _ in range(2)], desk(scene.sara)
    for _ in range(2):
        assert client.post("/despacho/caja/", {"opening": "50,00"}).status_code == 302
    assert CashSession.objects.get().opening == 5000
    page = text(client, "/despacho/caja/")
    assert page.count('name="orden"') == 2
    given = CASH | {"orden": [str(o.pk) for o in orders], "given": "50,00"}
    answers = [client.post("/despacho/caja/cobrar/", given) for _ in range(2)]
    receipt = Receipt.objects.get()
    assert {answer["Location"] for answer in answers} == {f"/despacho/caja/recibo/{receipt.pk}/"}
    assert "4,40" in text(client, answers[0]["Location"])
    assert client.get(f"/despacho/caja/recibo/{receipt.pk}/pdf/").content.startswith(b"%PDF")
    for _ in range(2):
        assert client.post("/despacho/caja/arqueo/", {"n5000": "1", "n1000": "4"}).status_code == 302
    closing = text(client, "/despacho/caja/arqueo/")
    assert "95,60" in closing
    assert client.post("/despacho/caja/arqueo/", {"reason": "", "close": "1"}).status_code == 422
    assert client.post("/despacho/caja/arqueo/", {"reason": "Vuelto mal dado", "close": "1"}).status_code == 302
    session = CashSession.objects.get()
    assert (session.counted, session.difference) == (9000, -560)
    path, deposit = f"/despacho/caja/sesion/{session.pk}/", {"amount": "20,00", "reference": "B-7", "seen": "4000"}
    assert client.post(path, deposit).status_code == 302
    assert client.post(path, deposit).status_code == 422
    assert Entry.objects.filter(verb="cash.deposited").count() == 1
    assert [held for _, held in cash_held(HEADQUARTERS)] == ["20,00\xa0CHF"]


def test_the_count_is_blind(scene: Office) -> None:
    client, order = desk(scene.sara), scene.order()
    actions.open_session(actor=scene.sara, opening=12345)
    actions.take_payment(actor=scene.sara, orders=[order.pk], means="cash", given=DUE)
    page = text(client, "/despacho/caja/arqueo/")
    assert "Enviar el conteo" in page
    assert not re.search(r"123,45|146,25|Esperado", page)


@pytest.mark.parametrize(("given", "told"), [
    ({"means": "cash", "given": "10"}, "El efectivo no alcanza"), ({"means": "cash", "given": "x"}, "Escriba un importe"),
    ({"means": "card"}, "Escriba el número de operación"), ({}, "Escriba este dato"),
])  # fmt: skip
def test_a_mistake_at_the_window_is_told_and_nothing_is_taken(scene: Office, given: dict[str, str], told: str) -> None:
    client, order = desk(scene.sara), scene.order()
    actions.open_session(actor=scene.sara, opening=0)
    answer = client.post("/despacho/caja/cobrar/", {"orden": str(order.pk), **given})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert Receipt.objects.count() == 0


def test_a_receipt_is_voided_from_its_page(scene: Office) -> None:
    client, order = desk(scene.sara), scene.order()
    actions.open_session(actor=scene.sara, opening=0)
    receipt = actions.take_payment(actor=scene.sara, orders=[order.pk], means="cash", given=DUE)
    path = f"/despacho/caja/recibo/{receipt.pk}/"
    assert client.post(path, {"reason": ""}).status_code == 422
    assert client.post(path, {"reason": "Moneda equivocada"}).status_code == 302
    assert client.post(path, {"reason": "Otra vez"}).status_code == 422
    assert "Moneda equivocada" in text(client, path)
    assert client.get(f"{path}pdf/").content.startswith(b"%PDF")


def test_an_order_is_exempted_and_given_back_from_its_page(scene: Office) -> None:
    client, order, other = desk(scene.head), scene.order(), scene.order()
    path = f"/despacho/caja/orden/{order.pk}/"
    assert "Eximir del pago" in text(client, path)
    bare = {"do": "exempt", "exemption": "officer", "cause": "Incendio"}
    assert "adjunte el documento" in client.post(path, bare).content.decode()
    proof = SimpleUploadedFile("parte.pdf", PDF, "application/pdf")
    assert client.post(path, bare | {"evidence": proof}).status_code == 302
    assert Receipt.objects.get().cause == "Incendio"
    actions.open_session(actor=scene.head, opening=0)
    actions.take_payment(actor=scene.head, orders=[other.pk], means="cash", given=DUE)
    withdraw_case(actor=CITIZEN, case=other.case)
    path = f"/despacho/caja/orden/{other.pk}/"
    assert "20,30" in text(client, path)
    assert client.post(path, {"do": "refund", "reason": "Desistió"}).status_code == 302
    assert client.post(path, {"do": "pay", "means": "gateway"}).status_code == 422
    assert client.post(path, {"do": "pay", "means": "cash"}).status_code == 302
    assert Refund.objects.get().means == "cash"


def test_the_account_of_the_month_adds_up_and_is_printed(scene: Office) -> None:
    client, orders = desk(scene.sara), [scene.order() for _ in range(3)]
    scene.submit(given_names="Huérfana")
    actions.open_session(actor=scene.sara, opening=1000)
    receipts = [
        actions.take_payment(actor=scene.sara, orders=[o.pk], means=m, given=DUE, reference="1")
        for o, m in zip(orders, ("cash", "card", "cash"), strict=True)
    ]
    actions.void_receipt(actor=scene.sara, receipt=receipts[2], reason="Error")
    actions.count_session(actor=scene.sara, pieces={1000: 3})
    actions.close_session(actor=scene.sara, reason="Falta")
    page = text(client, "/despacho/cuenta/")
    assert "La cuenta cuadra con el libro" in page
    assert "Joining · efectivo (2)" in page
    assert "68,40" in page
    assert client.get("/despacho/cuenta/pdf/").content.startswith(b"%PDF")
    rows = client.get("/despacho/cuenta/datos.csv").content.decode()
    told = dict(re.findall(r",(\w+),,,(-?\d+)", rows))
    assert told == {
        "opening": "0", "collected": str(3 * DUE), "voided": str(DUE), "refunded": "0", "differences": "-280",
        "closing": str(2 * DUE - 280), "deposited": "0",
    }  # fmt: skip
    assert client.get("/despacho/cuenta/?mes=x").status_code == 404


def test_money_of_another_office_is_not_found(scene: Office) -> None:
    order = scene.order()
    actions.open_session(actor=scene.sara, opening=0)
    receipt = actions.take_payment(actor=scene.sara, orders=[order.pk], means="cash", given=DUE)
    abroad = desk(officer("Berta", "organ:branch-abroad", {"desk.cash", "desk.money"}))
    session = CashSession.objects.get()
    for path in (f"recibo/{receipt.pk}/", f"recibo/{receipt.pk}/pdf/", f"orden/{order.pk}/", f"sesion/{session.pk}/"):
        assert abroad.get(f"/despacho/caja/{path}").status_code == 404
    bruno = desk(scene.people.bruno)
    assert {
        bruno.get(path).status_code for path in ("/despacho/caja/", "/despacho/cuenta/", "/despacho/caja/arqueo/")
    } == {404}


def test_a_person_pays_on_line_and_nothing_is_believed_but_the_gateway(scene: Office) -> None:
    case = scene.submit()
    client, path = portal(case), f"/pago/{case.pk}/"
    assert "22,80" in text(client, path)
    assert "Falta el pago" in text(client, f"/seguimiento/{case.pk}/")
    begun = [client.post(path)["Location"] for _ in range(2)]
    assert begun[0].split(":")[0] == begun[1].split(":")[0]
    assert Payment.objects.count() == 1
    assert "No sabemos todavía" in text(client, f"{path}resultado/?state=paid&outcome=paid")
    assert Client().post("/pagos/aviso/", {"message": "paid"}).status_code == 404
    assert client.post(begun[0], {"do": "pay"})["Location"].endswith(f"{path}resultado/")
    assert "Recibimos su pago" in text(client, f"{path}resultado/")
    assert client.get(f"{path}recibo/").content.startswith(b"%PDF")
    assert Receipt.objects.count() == 1
    assert Client().get(path).status_code == 404


def test_a_signed_notice_is_heard_once(scene: Office) -> None:
    case = scene.submit()
    payment = actions.start_payment(actor=CITIZEN, order=Order.objects.get(case=case))
    token = gateway().start(payment.pk, amount=DUE, currency="CHF", back="/").split("/")[2]
    found = simulator.payment_of(token)
    assert found is not None
    notice = simulator.choose(found[0], "paid")
    assert [Client().post("/pagos/aviso/", {"message": notice}).status_code for _ in range(2)] == [204, 204]
    assert Receipt.objects.count() == 1


def test_the_page_of_a_procedure_says_its_price_in_the_money_of_each_post(scene: Office) -> None:
    page = text(Client(headers={"accept-language": "es"}), "/tramites/membership/")
    assert "22,80 CHF" in page
    assert "Consulado General en Madrid: 23,70 €" in page


def test_the_head_passes_an_abandoned_box_on_from_the_account(scene: Office) -> None:
    session = actions.open_session(actor=scene.sara, opening=5000)
    head = desk(officer("Irene", HEADQUARTERS, {"desk", "desk.money", "cash.relieved"}))
    path = f"/despacho/caja/relevo/{session.pk}/"
    assert path in text(head, "/despacho/cuenta/")
    assert path not in text(desk(scene.sara), "/despacho/cuenta/")
    page = text(head, path)
    assert scene.other.key in page
    assert scene.sara.key not in page
    kept = head.post(path, {"to": scene.other.key, "reason": ""})
    assert kept.status_code == 422
    assert "checked" in kept.content.decode()
    assert head.post(path, {"to": scene.other.key, "reason": "No vino"})["Location"] == "/despacho/cuenta/"
    assert "Por cobrar" in text(desk(scene.other), "/despacho/caja/")
    assert "Abrir la caja" in text(desk(scene.sara), "/despacho/caja/")
    assert head.get(path).status_code == 200
    stranger = officer("Ema", "organ:branch-abroad", {"desk", "cash.relieved"})
    assert desk(stranger).get(path).status_code == 404
