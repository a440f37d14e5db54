"""Invented people registered at offices of a running installation: `python -m tests.drills.people MANY ORGAN...`

Prints one JSON line each: the organ, the person's key, and the surname that only this person has.
"""

from __future__ import annotations

import json
import sys

import django
from django.db import transaction

if __name__ == "__main__":
    django.setup()  # models exist only from here on

from cancilleria.kernel.organs.authority import CITIZEN
from cancilleria.kernel.people.actions import find_or_create_person


def main(many: int, organs: list[str]) -> None:
    for organ in organs:
        for number in range(many):
            surname = f"Inventada{organ.removeprefix('organ:').replace('-', '').title()}{number:03d}"
            with transaction.atomic():
                found = find_or_create_person(
                    actor=CITIZEN, organ=organ, zone="UTC", given_names="Carla", first_surname=surname,
                    document_kind="passport", document_number=f"{organ}{number}", issuing_state="ES",
                )  # fmt: skip
            print(json.dumps([organ, found.key, surname]))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
