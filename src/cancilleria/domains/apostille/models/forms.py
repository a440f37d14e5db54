"""Blank certificate forms: printed with a serial and answered for one by one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cancilleria.kernel.register.models import Entry

BLANK, USED, SPOILED, RETURNED = "blank", "used", "spoiled", "returned"
FORM_STATES = (BLANK, USED, SPOILED, RETURNED)


class Form(models.Model):
    """One sheet, held by one organ. A used one names its act; a spoiled one too when the act was printed on it."""

    id = models.UUIDField(primary_key=True)
    serial = models.TextField(unique=True)
    organ = models.TextField()
    state = models.TextField(default=BLANK)
    act = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="forms")
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=FORM_STATES), name="form_state_known"),
            models.CheckConstraint(
                condition=Q(state=USED, act__isnull=False)
                | Q(state=SPOILED)
                | Q(state__in=[BLANK, RETURNED], act=None),
                name="form_used_by_an_act",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[BLANK, USED]) | ~Q(reason=""), name="form_spoiled_for_a_reason"
            ),
            models.UniqueConstraint(fields=["act"], condition=Q(state=USED), name="form_one_for_an_act"),
        ]
        indexes = [models.Index(fields=["organ", "state", "serial"], name="form_stock")]
