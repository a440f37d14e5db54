"""Why a file or a pack is refused: one code for each reason, told in Spanish and in English."""

from __future__ import annotations

REASONS = {
    "signature_does_not_cover_file": (
        "la firma no cubre todo el archivo",
        "the signature does not cover the whole file",
    ),
    "impossible_range": ("el rango firmado es imposible", "the signed range is impossible"),
    "no_signature": (
        "el archivo no lleva una firma de la cancillería",
        "the file carries no signature of the ministry",
    ),
    "contents": ("la firma no está escrita como debe", "the signature is not written as it must"),
    "loose_bytes": ("la firma lleva bytes que ninguna firma cubre", "the signature has bytes that no signature covers"),
    "signer_missing": ("falta el certificado del firmante", "the signer's certificate is missing"),
    "attributes": ("la firma lleva atributos que no debe", "the signature has attributes it must not have"),
    "changed": ("el archivo cambió después de firmarse", "the file changed after it was signed"),
    "bad_signature": ("la firma no corresponde al archivo", "the signature does not belong to the file"),
    "issuer": (
        "la firma no lleva a una autoridad de la lista de confianza",
        "the signature leads to no authority of the trust list",
    ),
    "usage": ("el certificado no es para este uso", "the certificate is not for this use"),
    "stamp": ("el sello de tiempo es de otro archivo", "the time stamp is of another file"),
    "order": ("los sellos de tiempo no están en orden", "the time stamps are not in order"),
    "expired": (
        "el certificado no estaba vigente y ningún sello de tiempo anterior lo cubre",
        "the certificate was not valid and no earlier time stamp covers it",
    ),
    "revoked": (
        "el certificado se revocó y ningún sello de tiempo anterior a la revocación cubre la firma",
        "the certificate was revoked and no time stamp from before the revocation covers the signature",
    ),
    "later_change": ("el documento cambió después de firmarse", "the document changed after it was signed"),
    "pdf": ("el PDF está dañado", "the PDF is damaged"),
    "act": ("el archivo no lleva su acto como debe", "the file does not carry its act as it must"),
    "public": (
        "los datos del acto no son los que el registro comprometió",
        "the act's data are not those the register committed to",
    ),
    "proof": ("la prueba no lleva al registro", "the proof does not lead to the log"),
    "log": ("el punto de control no lo firmó un registro conocido", "no known log signed the checkpoint"),
    "original": ("el documento adjunto no es el que se certificó", "the attached document is not the certified one"),
    "trust": (
        "la lista de confianza está dañada o cambió después de firmarse",
        "the trust list is damaged or was changed after it was signed",
    ),
    "crl": ("la lista de revocación no es de la autoridad", "the revocation list is not the authority's"),
    "member": (
        "un archivo del paquete cambió, falta o sobra",
        "a file of the pack was changed, is missing or is extra",
    ),
    "derived": (
        "un archivo del paquete no es el que lleva el documento",
        "a file of the pack is not the one the document carries",
    ),
    "damaged": ("está dañado", "it is damaged"),
}


class Refused(ValueError):
    """The file is not what was issued; `code` is one of REASONS."""

    def __init__(self, code: str) -> None:
        super().__init__(REASONS[code][0])
        self.code = code


def must(condition: object, code: str) -> None:
    """Raises Refused unless the condition holds."""
    if not condition:
        raise Refused(code)
