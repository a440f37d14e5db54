"""What may be asked for: an apostille of a file or of paper, a legalisation in each of its ways."""

from cancilleria.domains.apostille.procedures.electronic import APOSTILLE
from cancilleria.domains.apostille.procedures.paper import PAPER

PROCEDURES = (APOSTILLE, *PAPER)

__all__ = ["APOSTILLE", "PAPER", "PROCEDURES"]
