"""What officers fill in: a comparison and its form, a signature to ask for or to register, the stock of blank forms."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from cancilleria.domains.apostille.models import Form, Specimen
from cancilleria.domains.apostille.models.registers import AUTHORITY, FOREIGN_CONSUL, OWN_CONSUL
from cancilleria.domains.apostille.rules import Comparison
from cancilleria.kernel.cases.scans import ScanField, ScanInput
from cancilleria.kernel.organs.doors import in_language, ministry
from cancilleria.kernel.organs.queries import name_of, open_organs
from cancilleria.kernel.people.queries import states

REQUIRED = {"required": _("Escriba este dato para continuar.")}
CONSULAR_KINDS = ("embassy", "consulate-general", "consulate", "consular-section", "honorary-consulate")
KIND_NAMES = (
    (AUTHORITY, _("Autoridad que firma documentos")),
    (OWN_CONSUL, _("Cónsul nuestro")),
    (FOREIGN_CONSUL, _("Cónsul de otro país acreditado aquí")),
)


class Plain(forms.Form):
    """Labels and errors are written by the components; `prefix` keeps forms of one page apart."""

    def __init__(self, *args: object, prefix: str = "id", **kwargs: object) -> None:
        super().__init__(*args, label_suffix="", auto_id=f"{prefix}_%s", **kwargs)  # type: ignore[arg-type]


class IssueForm(Plain):
    """What an officer says before issuing on paper."""

    specimen = forms.ChoiceField(
        label=_("Firma registrada que corresponde"), widget=forms.RadioSelect,
        error_messages={"required": _("Elija la firma registrada con la que comparó el documento.")},
    )  # fmt: skip
    signature = forms.BooleanField(
        label=_("La firma del documento es la registrada"),
        error_messages={
            "required": _("Compare la firma y márquelo. Si no coincide, no emita: deniegue con el motivo.")
        },
    )
    capacity = forms.BooleanField(
        label=_("El cargo es el registrado, y lo ejercía en esa fecha"),
        error_messages={
            "required": _("Compare el cargo y márquelo. Si no coincide, no emita: deniegue con el motivo.")
        },
    )
    seal = forms.ChoiceField(
        label=_("Sello"), widget=forms.RadioSelect,
        choices=(("same", _("El sello del documento es el registrado")), ("none", _("El documento no lleva sello"))),
        error_messages={"required": _("Diga si el sello es el registrado o si el documento no lleva.")},
    )  # fmt: skip
    form = forms.ChoiceField(
        label=_("Formulario en que se imprime"),
        required=False,
    )
    slip = forms.ChoiceField(label=_("Hoja del talonario de contingencia"), required=False)
    day = forms.DateField(
        label=_("Día en que se hizo"),
        required=False,
        input_formats=["%d/%m/%Y", "%Y-%m-%d"],
        help_text=_("Día, mes y año, por ejemplo 23/11/2026"),
    )
    time = forms.TimeField(label=_("Hora, en la oficina"), required=False, help_text=_("Por ejemplo 14:30"))
    why = forms.CharField(label=_("Por qué no se asentó en su momento"), required=False, max_length=500)
    sheet = ScanField(label=_("La hoja, escaneada"), required=False)

    def __init__(
        self, specimens: Sequence[Specimen], blank: Sequence[Form], slips: Sequence[tuple[str, str]] = (),
        data: object = None, files: object = None,
    ) -> None:  # fmt: skip
        super().__init__(data, files, prefix="issue")
        _offer(self, "specimen", [(found.key, found.name) for found in specimens])
        _offer(self, "form", [(str(found.pk), found.serial) for found in blank])
        _offer(self, "slip", [("", _("Ninguna: se emite ahora")), *slips])

    def clean(self) -> dict[str, object]:
        """A form, or a slip with everything that tells what was done on it."""
        given = self.cleaned_data
        if given.get("slip"):
            for name in ("day", "time", "why", "sheet"):
                if name not in self.errors and not given.get(name):
                    self.add_error(name, REQUIRED["required"])
        elif not given.get("form") and "form" not in self.errors:
            self.add_error("form", _("No queda ningún formulario en blanco. Pida que se reciban en «Formularios»."))
        return given

    @property
    def comparison(self) -> Comparison:
        given = self.cleaned_data
        return Comparison(given["signature"], given["capacity"], given["seal"] == "same", given["seal"] == "none")


class AskForm(Plain):
    """Which signature an entity is asked for."""

    name = forms.CharField(label=_("Quién firma"), max_length=200, error_messages=REQUIRED)
    capacity = forms.CharField(label=_("Cargo"), max_length=200, error_messages=REQUIRED)
    entity = forms.CharField(label=_("Entidad a la que se pide"), max_length=200, error_messages=REQUIRED)


class SpecimenForm(Plain):
    """A row of the register of specimens."""

    kind = forms.ChoiceField(label=_("De quién es la firma"), choices=KIND_NAMES, widget=forms.RadioSelect)
    name = forms.CharField(label=_("Nombre"), max_length=200, error_messages=REQUIRED)
    capacity = forms.CharField(label=_("Cargo"), max_length=200, error_messages=REQUIRED)
    entity = forms.CharField(
        label=_("Entidad"), max_length=200, required=False,
        help_text=_("La que figura en el sello. De un cónsul nuestro es su consulado: déjela vacía."),
    )  # fmt: skip
    state = forms.ChoiceField(label=_("País por el que firma"))
    organ = forms.ChoiceField(label=_("Consulado, si es un cónsul nuestro"), required=False)
    valid_from = forms.DateField(
        label=_("En el cargo desde"), widget=forms.DateInput(attrs={"type": "date"}), error_messages=REQUIRED
    )
    valid_to = forms.DateField(
        label=_("Hasta (si ya cesó)"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    fingerprint = forms.RegexField(
        r"^[0-9a-f]{64}$", label=_("Huella SHA-256 de su certificado digital (si tiene)"), required=False,
        error_messages={"invalid": _("La huella son 64 cifras y letras de la a a la f.")},
    )  # fmt: skip
    source = forms.CharField(label=_("Documento que la acredita"), max_length=300, error_messages=REQUIRED)

    def __init__(self, data: object = None, files: object = None, *, initial: dict[str, object] | None = None) -> None:
        super().__init__(data, files, prefix="specimen", initial=initial or {})
        _offer(self, "state", _signing_states())
        posts = [(o.key, name_of(o.key)) for o in open_organs(kinds=CONSULAR_KINDS)]
        _offer(self, "organ", [("", "—"), *sorted(posts, key=lambda row: row[1])])
        for name, label in (("signature", _("Imagen de la firma")), ("seal", _("Imagen del sello"))):
            accepted = "image/jpeg,image/png,image/tiff,application/pdf"
            self.fields[name] = ScanField(label=label, required=False, widget=ScanInput(attrs={"accept": accepted}))

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        own = given.get("kind") == OWN_CONSUL
        if own and not given.get("organ"):
            self.add_error("organ", _("Elija el consulado en que sirve."))
        if not own and not given.get("entity"):
            self.add_error("entity", _("Escriba este dato para continuar."))
        first, last = given.get("valid_from"), given.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("El último día no puede ser anterior al primero."))
        return given


class CloseForm(Plain):
    """The last day in office."""

    on = forms.DateField(
        label=_("Último día en el cargo"), widget=forms.DateInput(attrs={"type": "date"}), error_messages=REQUIRED
    )
    reason = forms.CharField(label=_("Motivo"), max_length=300, error_messages=REQUIRED)


class ReceiveForm(Plain):
    """A packet of blank forms as it came from the printer's."""

    series = forms.RegexField(
        r"^[A-Z]{1,3}$", label=_("Serie"), help_text=_("Las letras que preceden al número, por ejemplo A"),
        error_messages={**REQUIRED, "invalid": _("Escriba de una a tres letras mayúsculas.")},
    )  # fmt: skip
    first = forms.IntegerField(label=_("Primer número"), min_value=1, max_value=999_999, error_messages=REQUIRED)
    count = forms.IntegerField(label=_("Cuántos"), min_value=1, max_value=5_000, error_messages=REQUIRED)


class SheetForm(Plain):
    """Blank forms to write off or give back."""

    first = forms.CharField(label=_("Desde el formulario"), max_length=12, error_messages=REQUIRED)
    last = forms.CharField(
        label=_("Hasta el formulario"), max_length=12, required=False, help_text=_("Vacío si es uno solo")
    )
    reason = forms.CharField(label=_("Motivo"), max_length=300, error_messages=REQUIRED)


class InsteadForm(Plain):
    """Another form for an act, with the reason that verification or the stock shows."""

    reason = forms.CharField(label=_("Motivo"), max_length=300, error_messages=REQUIRED)
    form = forms.ChoiceField(
        label=_("Formulario nuevo"), required=False,
        help_text=_("Para corregir, o si el anterior se inutilizó. Para anular no hace falta."),
    )  # fmt: skip

    def __init__(self, blank: Sequence[Form], data: object = None, *, prefix: str = "instead") -> None:
        super().__init__(data, prefix=prefix)
        _offer(self, "form", [(str(found.pk), found.serial) for found in blank])


def _signing_states() -> Sequence[tuple[str, str]]:
    """Every State, ours too where the table of States does not have it (an invented ministry's)."""
    found, home = states(), ministry().country
    return found if home in dict(found) else [(home, in_language(ministry().country_name)), *found]


def _offer(form: forms.Form, name: str, choices: Sequence[tuple[str, object]]) -> None:
    form.fields[name].choices = choices  # type: ignore[attr-defined]
