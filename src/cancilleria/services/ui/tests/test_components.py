"""Components keep what they promise: names, descriptions, no inline style or script, little weight."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory

UI = Path(__file__).resolve().parents[1]
STATIC = UI / "static" / "ui"
LIMIT = 45 * 1024
COMPONENTS = sorted(path.stem for path in (UI / "templates" / "cotton").glob("*.html"))


class Sample(forms.Form):
    names = forms.CharField(label="Nombres", help_text="Como en su documento")
    story = forms.CharField(label="Motivo", widget=forms.Textarea)
    country = forms.ChoiceField(label="País", choices=[("pe", "Perú")])
    kind = forms.ChoiceField(label="Documento", choices=[("d", "DNI"), ("p", "Pasaporte")], widget=forms.RadioSelect)
    ways = forms.MultipleChoiceField(label="Avisos", choices=[("a", "Correo")], widget=forms.CheckboxSelectMultiple)
    when = forms.DateField(label="Fecha", widget=forms.DateInput(attrs={"class": "mine"}))
    paper = forms.FileField(label="Archivo")
    true = forms.BooleanField(label="Declaro", help_text="Bajo juramento")


@pytest.fixture(autouse=True)
def plain_static(settings: object) -> None:
    settings.STORAGES = {  # type: ignore[attr-defined]
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def shown(source: str, **context: object) -> str:
    """The source rendered as a template, spaces between words made one."""
    from django_cotton.compiler_regex import CottonCompiler  # noqa: PLC0415 - only where there is no template file

    return " ".join(engines["django"].from_string(CottonCompiler().process(source)).render(context).split())


def field(name: str, *, filled: bool = False, **attributes: str) -> str:
    form = Sample({}) if filled else Sample()
    written = " ".join(f'{key}="{value}"' for key, value in attributes.items())
    return shown(f'<c-field :field="field" {written} />', field=form[name])


def page(name: str) -> str:
    links = [{"url": "/a/", "label": "Uno", "count": 0, "current": True}, {"url": "/b/", "label": "Dos"}]
    shell = {
        "ministry": "Ministerio", "demonstration": True, "portal_links": links, "footer_links": links,
        "desk_groups": [("Atención", links)], "organ": "Oficina", "clock": "10:15", "officer": "Carla", "search_url": "/busca/",
        "logout_url": "/sale/",
    }  # fmt: skip
    context = {
        "shell": shell, "request": RequestFactory().get("/x/?q=1"), "form": Sample(),
        "failed": Sample({}, prefix="no"), "page": Paginator(range(30), 10).get_page(2),
    }  # fmt: skip
    return render_to_string(name, context)


PAGES = ("ui/gallery.html", "ui/portal.html", "ui/desk.html")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_inline_style_script_or_handler(name: str) -> None:
    html = page(name)
    assert not re.search(r"\sstyle=|<style|javascript:|\son[a-z]+=", html)
    assert re.findall(r"<script[^>]*>", html) == ['<script type="module" src="/estatico/ui/ui.js">']
    assert "<c-" not in html


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_its_language_a_skip_link_one_main_and_named_navigation(name: str) -> None:
    html = page(name)
    assert html.startswith("<!doctype html>")
    assert '<html lang="es">' in html
    assert '<a class="skip" href="#contenido">' in html
    assert html.count('<main id="contenido"') + html.count('<main class="wrap" id="contenido"') == 1
    assert all("aria-label=" in tag for tag in re.findall(r"<nav[^>]*>", html))
    assert '<button class="link-button" lang="en">English</button>' in html
    assert 'name="next" value="/x/?q=1"' in html
    assert "Nada de lo que se emite aquí tiene valor." in html


@pytest.mark.parametrize("name", PAGES)
def test_no_id_is_used_twice(name: str) -> None:
    ids = re.findall(r'\sid="([^"]*)"', page(name))
    assert sorted(ids) == sorted(set(ids))


def test_the_desk_takes_its_addresses_from_the_shell_and_shows_counts() -> None:
    html = page("ui/desk.html")
    assert 'action="/busca/"' in html
    assert 'action="/sale/"' in html
    assert '<a href="/a/" aria-current="page">Uno <span>0</span></a>' in html
    assert '<a href="/b/">Dos</a>' in html


def test_the_gallery_shows_every_component() -> None:
    source = (UI / "templates" / "ui" / "gallery.html").read_text(encoding="utf-8")
    inner = {"icon", "told", "copy"}
    assert [name for name in COMPONENTS if name not in inner and f"<c-{name}" not in source] == []


def test_a_button_with_an_address_is_a_link() -> None:
    assert shown('<c-button href="/a/" kind="quiet">Ir</c-button>') == (
        '<a href="/a/" draggable="false" class="govuk-button govuk-button--secondary">Ir</a>'
    )
    assert shown('<c-button kind="danger" name="do" value="annul">Anular</c-button>') == (
        '<button type="submit" class="govuk-button govuk-button--warning" name="do" value="annul">Anular</button>'
    )


def test_a_field_is_labelled_and_told_by_its_hint() -> None:
    html = field("names")
    assert '<label class="govuk-label" for="id_names">Nombres</label>' in html
    assert '<div id="id_names-ayuda" class="govuk-hint">Como en su documento</div>' in html
    assert 'aria-describedby="id_names-ayuda"' in html
    assert "aria-invalid" not in html


def test_a_hint_of_the_page_takes_the_place_of_the_form_s() -> None:
    html = field("country", hint="El que figura en él")
    assert '<div id="id_country-ayuda" class="govuk-hint">El que figura en él</div>' in html
    assert 'aria-describedby="id_country-ayuda"' in html


@pytest.mark.parametrize("name", ["names", "story", "country", "when", "paper", "true"])
def test_a_wrong_field_says_so_and_is_told_by_its_message(name: str) -> None:
    html = field(name, filled=True)
    told = re.search(r'aria-describedby="([^"]*)"', html)
    assert told
    assert f"id_{name}-error" in told[1].split()
    assert all(f'id="{target}"' in html for target in told[1].split())
    assert 'aria-invalid="true"' in html
    assert '<span class="visually-hidden">Error:</span>' in html
    assert "govuk-form-group--error" in html


@pytest.mark.parametrize(("name", "kind"), [("kind", "radio"), ("ways", "checkbox")])
def test_options_stand_in_a_fieldset_with_a_legend(name: str, kind: str) -> None:
    html = field(name, filled=True)
    assert f'<fieldset class="govuk-fieldset" aria-describedby="id_{name}-error">' in html
    assert "<legend" in html
    assert f'type="{kind}" name="{name}" id="id_{name}_0"' in html
    assert "aria-describedby" not in field(name)


def test_the_heading_of_a_page_can_be_its_only_field() -> None:
    assert '<h1 class="govuk-label-wrapper"><label' in field("names", heading="yes")
    assert '<h1 class="govuk-fieldset__heading">Documento</h1></legend>' in field("kind", heading="yes")


def test_a_widget_keeps_a_class_of_its_own() -> None:
    assert 'class="govuk-input mine"' in field("when")


def test_the_summary_of_errors_links_to_things_that_can_take_focus() -> None:
    form = Sample({})
    html = shown('<c-errors :form="form" />{% for f in form %}<c-field :field="f" />{% endfor %}', form=form)
    assert 'role="alert" tabindex="-1" data-focus' in html
    targets = re.findall(r'href="#([^"]*)"', html)
    assert len(targets) == len(form.fields)
    assert all(re.search(rf'<(input|select|textarea)[^>]*\sid="{target}"', html) for target in targets)
    assert shown('<c-errors :form="form" />', form=Sample()) == ""


@pytest.mark.parametrize(
    ("kind", "word", "band"),
    [("in_force", "Vigente", "ok"), ("corrected", "Corregida", "warn"), ("annulled", "Anulada", "bad"),
     ("not_found", "No encontrada", "bad"), ("pending", "En revisión", "pending")],
)  # fmt: skip
def test_a_status_has_a_word_and_a_shape_besides_its_colour(kind: str, word: str, band: str) -> None:
    html = shown(f'<c-status kind="{kind}"><p>x</p></c-status>')
    assert f'class="status {band}"' in html
    assert f"<h2>{word}</h2>" in html
    assert '<svg class="icon"' in html
    assert 'aria-hidden="true"' in html


def test_the_shapes_of_the_states_differ() -> None:
    kinds = ("in_force", "corrected", "annulled", "not_found", "pending", "info", "warn", "seal")
    assert len({shown(f'<c-icon kind="{kind}" />') for kind in kinds}) == len(kinds)


def test_a_due_date_is_said_in_words() -> None:
    on = date(2026, 11, 23)
    assert "vence el 23 de noviembre de 2026" in shown('<c-term :day="on" />', on=on)
    late = shown('<c-term :day="on" kind="bad" />', on=on)
    assert '<time datetime="2026-11-23">venció el 23 de noviembre de 2026</time>' in late
    assert "<svg" in late
    assert '<span class="visually-hidden">vencida </span>23.11.2026' in shown(
        '<c-term :day="on" kind="bad" short="yes" />', on=on
    )
    assert "vence hoy 16:30" in shown('<c-term day="vence hoy 16:30" kind="warn" />')


def test_facts_are_a_list_of_terms_and_a_change_link_names_its_term() -> None:
    html = shown('<c-facts><c-fact term="Correo" change_url="/c/">a@b</c-fact></c-facts>')
    assert '<dl class="facts"> <dt>Correo</dt><dd class="changes">' in html
    assert '<a href="/c/">Cambiar<span class="visually-hidden"> Correo</span></a>' in html


def test_an_event_says_when_who_and_whether_it_is_in_the_register() -> None:
    html = shown('<c-timeline><c-event :at="on" who="Carla" sealed="yes">Emitió</c-event></c-timeline>',
                 on=datetime(2026, 11, 23, 10, 15, tzinfo=UTC))  # fmt: skip
    assert html.startswith('<ol class="timeline"> <li><time datetime="2026-11-23T10:15')
    assert "· Carla</time>Emitió" in html
    assert "(en el registro, con prueba)" in html


def test_a_table_scrolls_in_a_named_region_that_takes_focus() -> None:
    html = shown('<c-table caption="Actos" tray="yes"><tbody></tbody></c-table>')
    assert html.startswith('<div class="scroll" tabindex="0" role="region" aria-label="Actos">')
    assert '<table class="list" data-tray><caption class="visually-hidden">Actos</caption>' in html


def test_copying_is_offered_only_where_a_script_can_do_it_and_is_announced() -> None:
    html = shown('<c-copy text="7K2M" />')
    assert '<button type="button"' in html
    assert ' hidden data-copy="7K2M" data-done="Copiado">Copiar</button>' in html
    assert '<span role="status" class="visually-hidden" data-told></span>' in html
    assert 'data-copy="2026-1"' in shown('<c-number value="2026-1" />')


def test_crumbs_steps_and_pages_say_where_one_is() -> None:
    html = shown('<c-crumbs :items="items" />', items=[{"url": "/", "label": "Inicio"}, {"label": "Aquí"}])
    assert '<span aria-current="page">Aquí</span>' in html
    assert "Paso 2 de 6" in (steps := shown('<c-steps number="2" total="6" />'))
    assert steps.count("<i") == 6
    assert steps.count('class="done"') == 2
    request, found = RequestFactory().get("/?q=Quispe&pagina=2"), Paginator(range(30), 10).get_page(2)
    assert "?q=Quispe&amp;pagina=3" in shown('<c-pages :page="page" />', page=found, request=request)
    assert "Página 2 de 3" in shown('<c-pages :page="page" />', page=found)


def test_what_is_written_by_others_is_escaped() -> None:
    html = shown('<c-number value="{{ bad }}" /><c-fact term="{{ bad }}">{{ bad }}</c-fact>', bad='"><script>x')
    assert "<script" not in html
    assert 'data-copy="&quot;&gt;&lt;script&gt;x"' in html


def test_the_vendored_styles_fetch_nothing_and_carry_no_font_of_gov_uk() -> None:
    styles = (STATIC / "vendor" / "govuk-frontend" / "govuk-frontend.css").read_text(encoding="utf-8")
    assert [word for word in ("url(", "@font-face", "GDS Transport", "@import") if word in styles] == []
    ours = (STATIC / "ui.css").read_text(encoding="utf-8")
    assert all((STATIC / path).is_file() for path in re.findall(r'url\("([^"]*)"\)', ours))


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("text", "ground"),
    [("ink", "paper"), ("stone", "paper"), ("stone", "ground"), ("blue", "paper"), ("visited", "paper"),
     ("wine", "paper"), ("wine", "wine-pale"), ("green", "green-pale"), ("ochre", "ochre-pale"), ("red", "red-pale"),
     ("blue", "wine-pale"), ("ink", "focus")],
)  # fmt: skip
def test_text_has_contrast_enough(text: str, ground: str) -> None:
    tokens = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", (STATIC / "ui.css").read_text(encoding="utf-8")))
    light, dark = sorted((luminance(tokens[text]), luminance(tokens[ground])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


# Of the board, of the counter and of the reader of seals: no first page asks for them.
LATER = {"land.svg", "camera.js", "zxing_reader.js"}


def test_the_first_page_is_light() -> None:
    files = [
        path for ext in ("css", "js", "woff2", "svg") for path in STATIC.rglob(f"*.{ext}") if path.name not in LATER
    ]
    weights = {path.name: len(gzip.compress(path.read_bytes(), 9)) for path in files}
    print(weights, sum(weights.values()))
    assert sum(weights.values()) < LIMIT
    assert (STATIC / "ui.js").stat().st_size < 3 * 1024
