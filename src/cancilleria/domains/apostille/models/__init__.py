"""Tables of certificates, and of the registers they lean on."""

from cancilleria.domains.apostille.models.certificates import Apostille, Legalisation
from cancilleria.domains.apostille.models.forms import Form
from cancilleria.domains.apostille.models.registers import AskedSpecimen, Certifier, Party, Specimen

__all__ = ["Apostille", "AskedSpecimen", "Certifier", "Form", "Legalisation", "Party", "Specimen"]
