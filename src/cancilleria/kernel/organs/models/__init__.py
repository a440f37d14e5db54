"""Tables of the network, of those who serve in it, and of what they answer for."""

from __future__ import annotations

from cancilleria.kernel.organs.models.keeping import Custody, Handover, Proposal, Stamp
from cancilleria.kernel.organs.models.network import (
    KINDS,
    Accreditation,
    DateRange,
    DecreedDay,
    Hosting,
    Organ,
    OrganName,
)
from cancilleria.kernel.organs.models.posts import Cover, Officer, Post, Posting, SecondOfficer

__all__ = [
    "KINDS", "Accreditation", "Cover", "Custody", "DateRange", "DecreedDay", "Handover", "Hosting", "Officer", "Organ",
    "OrganName", "Post", "Posting", "Proposal", "SecondOfficer", "Stamp",
]  # fmt: skip
