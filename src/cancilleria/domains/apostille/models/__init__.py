"""Tables of certificates, of the registers they lean on, and of what is sent and signed together."""

from cancilleria.domains.apostille.models.batches import Batch, BatchItem, BulkItem, BulkSigning
from cancilleria.domains.apostille.models.certificates import Apostille, Legalisation
from cancilleria.domains.apostille.models.forms import Form
from cancilleria.domains.apostille.models.registers import AskedSpecimen, Certifier, Party, Specimen

__all__ = [
    "Apostille", "AskedSpecimen", "Batch", "BatchItem", "BulkItem", "BulkSigning", "Certifier", "Form", "Legalisation",
    "Party", "Specimen",
]  # fmt: skip
