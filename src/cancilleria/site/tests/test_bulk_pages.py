"""Signing in bulk at the desk: nothing is ordered but what was looked at, as it was, once."""

from __future__ import annotations

import pytest

from cancilleria.domains.apostille.models import BulkSigning
from cancilleria.domains.apostille.tests.cast import Stage
from cancilleria.kernel.cases.actions import note_case
from cancilleria.kernel.cases.models import Case
from cancilleria.site.tests.test_pages import officer_client

pytestmark = pytest.mark.django_db
BULK = "/despacho/firmar/"


def test_what_was_looked_at_is_ordered_once_however_often_the_button_is_pressed(scene: Stage) -> None:
    cases, client = [scene.submit(), scene.submit()], officer_client(scene, scene.ana.key)
    chosen = [f"{case.pk}:{case.revision}" for case in cases]
    page = client.get(f"{BULK}?todas=1").content.decode()
    assert all(text in page for text in chosen)
    assert client.post(BULK, {}).status_code == 422
    assert "Va a firmar 2 apostillas" in client.post(BULK, {"case": chosen}).content.decode()
    assert not BulkSigning.objects.exists()
    given = {"case": chosen, "do": "sign", "fit": "2", "key": "una-página"}
    first, second = client.post(BULK, given), client.post(BULK, given)
    assert first.status_code == 302
    assert (second.status_code, second["Location"]) == (302, first["Location"])
    assert BulkSigning.objects.get().items.count() == 2
    assert "En espera" in client.get(first["Location"]).content.decode()


def test_a_case_that_changed_while_it_was_looked_at_is_left_out_and_asks_for_another_look(scene: Stage) -> None:
    cases, client = [scene.submit(), scene.submit()], officer_client(scene, scene.ana.key)
    given = {"case": [f"{case.pk}:{case.revision}" for case in cases], "do": "sign", "fit": "2", "key": "1"}
    note_case(actor=scene.ana, case=Case.objects.get(pk=cases[0].pk), text="Falta mirar el sello")
    answer = client.post(BULK, given)
    assert answer.status_code == 422
    assert "Algo cambió" in answer.content.decode()
    assert not BulkSigning.objects.exists()
