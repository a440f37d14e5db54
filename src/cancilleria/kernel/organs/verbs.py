"""What is recorded of the network."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cancilleria.kernel.register.verbs import Facts, Verb


class Loaded(Facts):
    """Digest of the profile's files and how many rows of each kind changed."""

    profile: str
    digest: str
    added: int
    changed: int
    closed: int


class Posted(Facts):
    """Which post an officer took or left."""

    post: str


PROFILE_LOADED = Verb(
    "profile.loaded",
    _("Cargó el perfil {profile}: {added} altas, {changed} cambios, {closed} cierres"),
    owner="organs",
    facts=Loaded,
)
OFFICER_POSTED = Verb("officer.posted", _("Destinó a un funcionario al puesto {post}"), owner="organs", facts=Posted)
OFFICER_RELIEVED = Verb(
    "officer.relieved", _("Puso fin a un destino en el puesto {post}"), owner="organs", facts=Posted
)

VERBS = (PROFILE_LOADED, OFFICER_POSTED, OFFICER_RELIEVED)
