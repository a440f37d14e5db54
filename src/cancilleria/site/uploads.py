"""How files of a form arrive: in memory, never on disk before they are checked, and no more of them than may be taken in."""

from __future__ import annotations

from django.conf import settings
from django.core.files.uploadhandler import MemoryFileUploadHandler


class Bounded(MemoryFileUploadHandler):
    """Keeps each file up to one byte more than may be taken in, so that whoever checks it says that it is too big.

    Django's own handler drops every file of a form that is longer than its limit, and the form then says that none was sent.
    """

    # Pages of one scan may come as several images, and weigh together four times what one file may.
    FILES = 4

    def handle_raw_input(self, *_given: object, **_more: object) -> None:
        self.activated, self.left = True, self.FILES * settings.MAX_UPLOAD_BYTES + 1

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        part = raw_data[: max(0, min(settings.MAX_UPLOAD_BYTES + 1 - start, self.left))]
        self.left -= len(part)
        self.file.write(part)
