"""Giving officers a way in, from the command line: the first ones of a ministry, and who lost theirs."""

from __future__ import annotations

import argparse
import uuid
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from cancilleria.kernel.organs.actions import post_officer
from cancilleria.kernel.organs.authority import SYSTEM
from cancilleria.kernel.organs.models import Officer, Post
from cancilleria.services.accounts.actions import (
    FIRST_PASSWORD_LASTS,
    end_by_email,
    give_way_in,
    open_with_first_password,
)
from cancilleria.services.accounts.models import User


class CannotOpen(ValueError):
    """What was asked cannot be done; the message says why and what to do."""


def open_for(asked: argparse.Namespace) -> str:
    """Name an officer to a post and open the account. Returns what to hand over. Raises CannotOpen."""
    _check(asked)
    post = Post.objects.filter(pk=asked.post).first()
    if post is None:
        known = ", ".join(Post.objects.order_by("pk").values_list("pk", flat=True)[:12])
        raise CannotOpen(f"No existe el puesto «{asked.post}». Algunos: {known}.")
    names = {name: getattr(asked, name).strip() for name in ("given_names", "first_surname", "second_surname")}
    with transaction.atomic():
        officer = Officer.objects.create(
            key=f"officer:{uuid.uuid4()}", **names, signature_line=" ".join(part for part in names.values() if part)
        )
        post_officer(actor=SYSTEM, officer=officer, post=post, from_date=timezone.now().date())
        _user, password = open_with_first_password(officer=officer.key, email=asked.email)
    return f"{officer.name} sirve desde hoy en {post.organ_id} ({post.pk}).\n{_told(asked.email, password)}"


def change(what: str, email: str) -> str:
    """renew, end or close. Returns what was done. Raises CannotOpen for an e-mail nobody enters with."""
    if what == "renew":
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CannotOpen(f"Nadie entra con {email}.")
        return _told(email, give_way_in(user=user))
    ended = end_by_email(email=email, close=what == "close")
    if ended is None:
        raise CannotOpen(f"Nadie entra con {email}.")
    return f"Sesiones terminadas: {ended}"


def _check(asked: argparse.Namespace) -> None:
    if not (asked.post and asked.given_names.strip() and asked.first_surname.strip()):
        raise CannotOpen("Para abrir una cuenta hacen falta --post, --given-names y --first-surname.")
    try:
        validate_email(asked.email)
    except ValidationError as error:
        raise CannotOpen(f"«{asked.email}» no es una dirección de correo.") from error
    if User.objects.filter(email__iexact=asked.email).exists():
        raise CannotOpen(f"Ya hay una cuenta con {asked.email}. Para darle otra entrada: cancilleria access renew.")


def _told(email: str, password: str) -> str:
    hours = FIRST_PASSWORD_LASTS // timedelta(hours=1)
    return (
        f"Entra con {email} y esta clave, que dura {hours} horas: {password}\n"
        "Entréguela en mano. Al entrar activará su aplicación de códigos y elegirá su propia clave."
    )
