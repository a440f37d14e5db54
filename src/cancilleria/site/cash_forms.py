"""Forms of the cash desk. Amounts are typed as people write them and kept in minor units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from cancilleria.services.fees.rules import CARD, CASH, TRANSFER, NotAnAmount, digits, typed
from cancilleria.site.cash_papers import MEANS_NAMES

WRITE = _("Escriba este dato para continuar.")
MOST_PIECES = 100_000
PROOF_BYTES = 10 * 1024 * 1024


class Amount(forms.CharField):
    """An amount of a currency, in minor units once it is clean."""

    def __init__(self, currency: str, **given: object) -> None:
        widget = forms.TextInput(
            attrs={"inputmode": "decimal", "class": "govuk-input--width-10", "autocomplete": "off"}
        )
        super().__init__(widget=widget, error_messages={"required": WRITE}, **given)  # type: ignore[arg-type]
        self.currency = currency

    def clean(self, value: str) -> int | None:  # type: ignore[override]
        text = super().clean(value)
        if not text:
            return None
        try:
            return typed(text, self.currency)
        except NotAnAmount:
            raise forms.ValidationError(
                _("Escriba un importe con sus decimales, por ejemplo 31,00."), code="amount"
            ) from None


class Plain(forms.Form):
    """Labels without colons, and ids of the form's own: the components write the rest."""

    prefix_id = "f"

    def __init__(self, *args: object, **given: object) -> None:
        super().__init__(*args, **{"label_suffix": "", "auto_id": f"{self.prefix_id}_%s", **given})  # type: ignore[arg-type]


class Opening(Plain):
    """The float of a box."""

    def __init__(self, currency: str, *args: object, **given: object) -> None:
        super().__init__(*args, **given)
        self.fields["opening"] = Amount(currency, label=_("Fondo con que abre la caja"))


class Taking(Plain):
    """By what somebody pays at the window."""

    means = forms.ChoiceField(label=_("Medio de pago"), widget=forms.RadioSelect, error_messages={"required": WRITE})

    def __init__(self, currency: str, means: Sequence[str], *args: object, **given: object) -> None:
        super().__init__(*args, **given)
        taken = [name for name in (CASH, CARD, TRANSFER) if name in means]
        self.fields["means"].choices = [(name, MEANS_NAMES[name]) for name in taken]  # type: ignore[attr-defined]
        self.fields["given"] = Amount(currency, label=_("Efectivo que entrega"), required=False)
        self.fields["reference"] = forms.CharField(
            label=_("Número de operación, si paga con tarjeta o transferencia"), required=False, max_length=60
        )


class Counting(Plain):
    """How many pieces of each coin and note; an empty box is none."""

    def __init__(self, currency: str, pieces: Sequence[int], *args: object, **given: object) -> None:
        super().__init__(*args, **given)
        widget = {"inputmode": "numeric", "class": "govuk-input--width-4", "autocomplete": "off"}
        for piece in pieces:
            label = f"{Decimal(piece).scaleb(-digits(currency))} {currency}"
            self.fields[f"n{piece}"] = forms.IntegerField(
                label=label, required=False, min_value=0, max_value=MOST_PIECES, widget=forms.TextInput(attrs=widget),
                error_messages={"invalid": _("Escriba cuántas piezas hay, solo con cifras.")},
            )  # fmt: skip

    def pieces(self) -> Mapping[int, int]:
        return {int(name[1:]): number or 0 for name, number in self.cleaned_data.items()}


class Reason(Plain):
    """Why."""

    reason = forms.CharField(
        label=_("Motivo"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2_000,
        error_messages={"required": WRITE},
    )


class Difference(Plain):
    """Why the count differs; asked only when it does."""

    reason = forms.CharField(
        label=_("Motivo de la diferencia"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2_000, required=False
    )


class Relief(Plain):
    """Who goes on with the box of somebody who is not there, and why."""

    to = forms.ChoiceField(
        label=_("Quién sigue con la caja"), widget=forms.RadioSelect, error_messages={"required": WRITE}
    )
    reason = forms.CharField(
        label=_("Motivo"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2_000,
        error_messages={"required": WRITE},
    )

    def __init__(self, cashiers: Mapping[str, str], *args: object, **given: object) -> None:
        super().__init__(*args, **given)
        self.fields["to"].choices = list(cashiers.items())  # type: ignore[attr-defined]


class Deposit(Plain):
    """What goes to the bank."""

    def __init__(self, currency: str, *args: object, **given: object) -> None:
        super().__init__(*args, **given)
        self.fields["amount"] = Amount(currency, label=_("Importe que deposita"))
        self.fields["reference"] = forms.CharField(
            label=_("Número del comprobante del banco"), max_length=60, error_messages={"required": WRITE}
        )


class Exempting(Plain):
    """Why somebody pays nothing: by law, or by a cause an officer signs for."""

    prefix_id = "e"
    exemption = forms.ChoiceField(
        label=_("¿Por qué no paga?"), widget=forms.RadioSelect, error_messages={"required": WRITE}
    )
    cause = forms.CharField(
        label=_("Causa, si no es de las anteriores"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=2_000,
    )
    evidence = forms.FileField(
        label=_("Documento que la prueba (PDF)"), required=False,
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )  # fmt: skip

    def __init__(self, causes: Sequence[tuple[str, str]], *args: object, **given: object) -> None:
        super().__init__(*args, **given)
        self.fields["exemption"].choices = [*causes, ("officer", _("Otra causa, con su documento"))]  # type: ignore[attr-defined]
