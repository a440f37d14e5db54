"""The rest of a case's life: corrections, pauses, silence, appeal, delivery; every act replayed from the register."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from cancilleria.kernel.cases import actions, clock, queries, steps
from cancilleria.kernel.cases.actions import File, NotAcceptable, NotThere, TooLong
from cancilleria.kernel.cases.models import Case, Note
from cancilleria.kernel.cases.norms import Norm
from cancilleria.kernel.cases.rules import (
    ABANDONED,
    ADMITTED,
    AWAITING_PAYMENT,
    BY_SILENCE,
    CLOSED,
    DENIED,
    GRANTED,
    INADMISSIBLE,
    NOTIFIED,
    OBSERVED,
    SUBMITTED,
    SUSPENDED,
    UNCLAIMED,
    CannotFollow,
    ChangedMeanwhile,
)
from cancilleria.kernel.organs.authority import SYSTEM, NotAuthorised
from cancilleria.kernel.organs.models import DecreedDay, Organ
from cancilleria.kernel.register.models import Entry
from cancilleria.kernel.testing.cast import HEADQUARTERS, PDF, Cast, on_stage
from cancilleria.kernel.testing.club import NORM
from cancilleria.kernel.testing.replay import verify_action

pytestmark = pytest.mark.django_db
OTHER = "organ:branch-abroad"


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with on_stage() as people:
        yield people


def with_norm(cast: Cast, **changed: object) -> Norm:
    """The club's norm with other values, in force for the next case."""
    norm = replace(NORM, **changed)  # type: ignore[arg-type]
    organ = Organ.objects.get(pk=HEADQUARTERS)
    actions.load_procedures(actor=cast.diego, organ=organ, norms={"membership": norm})
    return norm


def observed(cast: Cast) -> Case:
    case = cast.submit()
    return actions.observe_case(actor=cast.alicia, case=case, fields=["first_surname", "letter"], reason="No se lee.")


def days_ago(case: Case, days: int, *columns: str) -> None:
    """As if these days of the case lay in the past."""
    Case.objects.filter(pk=case.pk).update(**{c: steps.today_of(case) - timedelta(days=days) for c in columns})


def expire(case: Case) -> str:
    return actions.expire_case(actor=SYSTEM, case=case)


def test_what_is_asked_is_corrected_and_the_clock_goes_on(cast: Cast) -> None:
    case = verify_action(lambda: observed(cast), records=["case.submitted", "case.observed"])
    assert (case.state, case.back, case.asked) == (OBSERVED, SUBMITTED, ["first_surname", "letter"])
    assert case.answer_by is not None
    assert queries.term_of(case).standing
    letter = File("carta.pdf", PDF + b"% better\n")
    verify_action(
        lambda: actions.correct_case(
            actor=cast.carla, case=case, answers={"first_surname": "Mendada", "age": "child"}, files={"letter": letter}
        ),
        records=["case.corrected"],
    )
    held = Case.objects.get()
    assert (held.state, held.asked, held.answer_by) == (SUBMITTED, [], None)
    assert (held.answers["first_surname"], held.answers["age"]) == ("Mendada", "adult")
    assert sorted(held.documents.values_list("field", flat=True)) == ["letter", "letter/1"]
    assert held.documents.get(field="letter").document.title == "carta.pdf"
    assert not queries.term_of(held).standing
    assert cast.sent.kinds == ["received", "observed"]


def test_a_correction_without_what_was_asked_changes_nothing(cast: Cast) -> None:
    case = observed(cast)
    with pytest.raises(NotAcceptable) as found:
        actions.correct_case(actor=cast.carla, case=case, answers={"first_surname": "Mendada"}, files={})
    assert [problem.field for problem in found.value.problems] == ["letter"]
    assert Case.objects.get().answers["first_surname"] == "Inventada"
    with pytest.raises(ValueError, match="fields to correct"):
        actions.observe_case(actor=cast.alicia, case=cast.submit(), fields=["shoe_size"], reason="x")


def test_a_corrected_identity_and_address_are_those_of_the_case(cast: Cast) -> None:
    person = {"document_kind": "dni", "document_number": "1", "issuing_state": "UT"}
    case = cast.submit(cast.draft(**person))
    first = case.applicant_id
    actions.observe_case(actor=cast.alicia, case=case, fields=["email"], reason="Rebota.")
    verify_action(
        lambda: actions.correct_case(
            actor=cast.carla, case=case, answers={"email": "otra@utopia.example"}, files={}
        ),
        records=["person.contact_noted", "case.corrected"],
    )  # fmt: skip
    held = Case.objects.get(pk=case.pk)
    assert (held.contact, held.applicant_id) == ("otra@utopia.example", first)


def test_what_may_be_left_out_may_be_corrected_to_nothing(cast: Cast) -> None:
    case = cast.submit()
    actions.observe_case(actor=cast.alicia, case=case, fields=["email"], reason="Rebota.")
    actions.correct_case(actor=cast.carla, case=case, answers={"email": ""}, files={})
    assert Case.objects.get(pk=case.pk).contact == ""


def test_nothing_is_granted_while_the_clock_stands(cast: Cast) -> None:
    with pytest.raises(CannotFollow):
        actions.decide_case(actor=cast.alicia, case=observed(cast), outcome=GRANTED)


def test_what_is_not_corrected_in_time_is_abandoned(cast: Cast) -> None:
    case = observed(cast)
    assert verify_action(lambda: expire(case), records=[]) == ""
    days_ago(case, 1, "answer_by")
    assert verify_action(lambda: expire(case), records=["case.decided", "case.notified"]) == "abandon"
    assert Case.objects.get().outcome == ABANDONED
    assert Entry.objects.get(verb="case.decided").actor == "system:worker"


@pytest.mark.parametrize("why", [SUSPENDED, AWAITING_PAYMENT, "awaiting_body"])
def test_a_pause_stops_the_clock_until_it_is_lifted(cast: Cast, why: str) -> None:
    case = actions.admit_case(actor=cast.alicia, case=cast.submit())
    verify_action(
        lambda: actions.pause_case(actor=cast.alicia, case=case, why=why, reason="Falta algo."), records=["case.paused"]
    )
    days_ago(case, 30, "due_on")
    assert expire(case) == ""
    verify_action(lambda: actions.resume_case(actor=cast.alicia, case=case), records=["case.resumed"])
    held = Case.objects.get()
    assert (held.state, queries.term_of(held).pauses[0].why) == (ADMITTED, why)
    assert held.due_on >= steps.today_of(held)


def test_only_who_decides_lifts_a_pause(cast: Cast) -> None:
    case = cast.submit()
    actions.pause_case(actor=cast.alicia, case=case, why=AWAITING_PAYMENT, reason="x")
    with pytest.raises(NotAuthorised):
        actions.resume_case(actor=cast.bruno, case=case)
    actions.resume_case(actor=cast.alicia, case=case)
    assert Case.objects.get(pk=case.pk).state == SUBMITTED


def test_a_term_is_extended_as_far_as_the_norm_allows(cast: Cast) -> None:
    with_norm(cast, extension_days=5)
    case = cast.submit()
    before = case.due_on
    verify_action(
        lambda: actions.extend_case(actor=cast.alicia, case=case, days=5, reason="Es complejo."),
        records=["case.extended"],
    )
    assert case.due_on == steps.calendar_for(case).add_working_days(before, 5)
    with pytest.raises(TooLong):
        actions.extend_case(actor=cast.alicia, case=case, days=1, reason="Más.")


def test_positive_silence_grants_and_negative_silence_may_be_appealed(cast: Cast) -> None:
    granted = cast.submit()
    days_ago(granted, 1, "due_on")
    assert verify_action(lambda: expire(granted), records=["case.decided", "case.notified"]) == "grant"
    assert Case.objects.get(pk=granted.pk).outcome == BY_SILENCE
    with_norm(cast, silence="negative")
    silent = cast.submit()
    days_ago(silent, 1, "due_on")
    assert verify_action(lambda: expire(silent), records=["case.lapsed"]) == "lapse"
    assert verify_action(lambda: expire(silent), records=[]) == ""
    held = Case.objects.get(pk=silent.pk)
    assert (held.state, held.lapsed) == (SUBMITTED, True)
    assert clock.may_appeal(held, date.max)


def test_a_granted_appeal_opens_the_case_again(cast: Cast) -> None:
    case = actions.decide_case(actor=cast.alicia, case=cast.submit(), outcome=DENIED, reason="No hay sitio")
    appeal = verify_action(
        lambda: actions.appeal_case(actor=cast.carla, case=case, grounds="Sí hay."), records=["case.appealed"]
    )
    assert queries.number_of(appeal).endswith("-CLUB-000002")
    with pytest.raises(CannotFollow):
        actions.appeal_case(actor=cast.carla, case=case, grounds="Otra vez.")
    with pytest.raises(NotAuthorised):
        actions.decide_case(actor=cast.alicia, case=appeal, outcome=GRANTED)
    verify_action(
        lambda: actions.decide_case(actor=cast.diego, case=appeal, outcome=GRANTED, reason="Tiene razón."),
        records=["case.admitted", "case.decided", "case.notified", "case.reopened"],
    )
    held = Case.objects.get(pk=case.pk)
    assert (held.state, held.outcome, held.reason) == (ADMITTED, "", "")
    actions.decide_case(actor=cast.alicia, case=held, outcome=GRANTED)


def test_a_denied_appeal_leaves_the_decision_and_late_ones_are_not_taken(cast: Cast) -> None:
    case = actions.decide_case(actor=cast.alicia, case=cast.submit(), outcome=DENIED, reason="No")
    appeal = actions.appeal_case(actor=cast.carla, case=case, grounds="Sí.")
    actions.decide_case(actor=cast.diego, case=appeal, outcome=DENIED, reason="No")
    assert Case.objects.get(pk=case.pk).outcome == DENIED
    late = actions.decide_case(actor=cast.alicia, case=cast.submit(), outcome=DENIED, reason="No")
    days_ago(late, 60, "notified_on")
    with pytest.raises(CannotFollow):
        actions.appeal_case(actor=cast.carla, case=late, grounds="Tarde.")
    assert verify_action(lambda: expire(late), records=["case.closed"]) == "close"
    assert Case.objects.get(pk=late.pk).state == CLOSED


def test_a_case_waits_to_be_closed_while_its_appeal_is_open(cast: Cast) -> None:
    case = actions.decide_case(actor=cast.alicia, case=cast.submit(), outcome=DENIED, reason="No")
    actions.appeal_case(actor=cast.carla, case=case, grounds="Sí.")
    days_ago(case, 60, "notified_on")
    assert expire(case) == ""


def test_who_asked_may_withdraw_and_is_told(cast: Cast) -> None:
    case = cast.submit()
    verify_action(lambda: actions.withdraw_case(actor=cast.carla, case=case), records=["case.decided", "case.notified"])
    assert (case.state, case.outcome) == (NOTIFIED, "withdrawn")
    with pytest.raises(CannotFollow):
        actions.withdraw_case(actor=cast.carla, case=case)


def test_a_document_nobody_claims_is_destroyed_with_its_minutes(cast: Cast) -> None:
    case = actions.make_ready(
        actor=cast.alicia, case=actions.decide_case(actor=cast.alicia, case=cast.submit(), outcome=GRANTED)
    )
    days_ago(case, NORM.keep_days + 1, "ready_on")
    assert verify_action(lambda: expire(case), records=["case.unclaimed"]) == "unclaim"
    assert Case.objects.get().state == UNCLAIMED
    verify_action(
        lambda: actions.destroy_unclaimed(actor=cast.alicia, case=case, reason="Acta 1"), records=["case.destroyed"]
    )


def test_at_the_counter_it_is_recorded_to_whom_a_document_was_handed(cast: Cast) -> None:
    case = actions.make_ready(
        actor=cast.alicia, case=actions.decide_case(actor=cast.alicia, case=cast.submit(), outcome=GRANTED)
    )
    with pytest.raises(NotAuthorised):
        actions.deliver_case(actor=cast.bruno, case=case, to="Carla Inventada")
    verify_action(
        lambda: actions.deliver_case(actor=cast.alicia, case=case, to="Carla Inventada"), records=["case.delivered"]
    )
    entry = Entry.objects.select_related("private").get(verb="case.delivered")
    assert entry.facts["channel"] == "counter"
    assert b"Carla Inventada" in bytes(entry.private.part)


def test_the_decision_tells_how_the_term_was_kept(cast: Cast) -> None:
    actions.decide_case(actor=cast.alicia, case=cast.submit(), outcome=INADMISSIBLE, reason="Falta la firma.")
    facts = Entry.objects.get(verb="case.decided").facts
    assert (facts["outcome"], facts["days"], facts["in_term"], facts["same_day"]) == (INADMISSIBLE, 0, True, True)


def test_two_officers_at_once_never_overwrite_each_other_in_silence(cast: Cast) -> None:
    case = cast.submit()
    seen = case.revision
    actions.note_case(actor=cast.diego, case=case, text="Llamó por teléfono.")
    with pytest.raises(ChangedMeanwhile) as found:
        actions.decide_case(actor=cast.alicia, case=case, outcome=GRANTED, seen=seen)
    assert (found.value.seen, found.value.now) == (0, 1)
    assert Case.objects.get().state == SUBMITTED
    actions.decide_case(actor=cast.alicia, case=case, outcome=GRANTED, seen=1)


def test_a_case_is_given_to_an_officer_of_its_office_only(cast: Cast) -> None:
    case = cast.submit()
    verify_action(
        lambda: actions.assign_case(actor=cast.alicia, case=case, posting=cast.diego.key), records=["case.assigned"]
    )
    assert Case.objects.get().officer == cast.diego.key
    with pytest.raises(NotThere):
        actions.assign_case(actor=cast.alicia, case=case, posting=cast.bruno.key)


def test_a_routed_case_keeps_its_number_and_is_seen_where_it_went(cast: Cast) -> None:
    person = {"document_kind": "dni", "document_number": "1", "issuing_state": "UT"}
    case = cast.submit(cast.draft(**person))
    number = queries.number_of(case)
    verify_action(
        lambda: actions.route_case(actor=cast.alicia, case=case, organ=OTHER, reason="Vive allí."),
        records=["person.shared", "case.routed"],
    )
    held = Case.objects.get()
    assert queries.number_of(held) == number
    tracked = queries.track(number, queries.tracking_code(case.pk))
    assert tracked is not None
    assert tracked.case == held
    assert queries.case_for(case.pk, viewer=cast.bruno) == held
    assert queries.case_for(case.pk, viewer=cast.alicia) is None
    with pytest.raises(NotThere):
        actions.route_case(actor=cast.bruno, case=held, organ="organ:nowhere", reason="x")


def test_a_note_is_for_the_office_and_its_words_are_private(cast: Cast) -> None:
    case = cast.submit()
    verify_action(lambda: actions.note_case(actor=cast.alicia, case=case, text="Ojo."), records=["case.noted"])
    assert Note.objects.get().text == "Ojo."
    assert b"Ojo." not in bytes(Entry.objects.get(verb="case.noted").leaf)
    with pytest.raises(NotAuthorised):
        actions.note_case(actor=cast.bruno, case=case, text="x")


def test_a_decreed_day_moves_open_terms_and_is_recorded(cast: Cast) -> None:
    case = cast.submit()
    organ = Organ.objects.get(pk=HEADQUARTERS)
    DecreedDay.objects.create(calendar=organ.calendar, day=case.due_on, working=False, reason="x", source="x")
    moved = verify_action(
        lambda: actions.recount_terms(actor=SYSTEM, organs=[HEADQUARTERS]), records=["case.recounted"]
    )
    assert moved == 1
    assert Case.objects.get().due_on > case.due_on
    assert actions.recount_terms(actor=SYSTEM, organs=[HEADQUARTERS]) == 0


def test_what_time_may_have_brought_is_found(cast: Cast) -> None:
    fresh, late = cast.submit(), cast.submit()
    days_ago(late, 3, "due_on")
    assert late in clock.waiting_for_time()
    assert fresh not in clock.waiting_for_time()
