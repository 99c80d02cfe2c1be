"""Kept on an item and wrong, a moment of answering would hide somebody who was never asked."""

from datetime import datetime, timedelta
from random import Random

import pytest

from clinic.episodes.models import Episode
from clinic.measures import actions, follow_up
from clinic.measures.models import CheckIn, DueItem, QuestionnaireResponse
from clinic.people.models import Patient, User
from clinic.people.roles import Role
from tests.clinic import cast
from tests.clinic.cast import NOON
from tests.clinic.measures import follow

pytestmark = pytest.mark.django_db

ANSWERS = {f"q{n}": 0 for n in range(1, 8)}
STEPS, HOUR = 20, timedelta(hours=1)


def on_record(item: DueItem, answers: list[QuestionnaireResponse]) -> datetime | None:
    """What the column must say, looked up again: the first answer that counts, or the call."""
    corrected = {row.replaces_id for row in answers}
    moments = [
        row.observed_at
        for row in answers
        if row.instrument == item.ask
        and row.pk not in corrected
        and item.opens_at <= row.observed_at
        and (item.closes_at is None or row.observed_at < item.closes_at)
    ]
    calls = [call.called_at for call in item.calls.all() if call.reached]
    return min(moments, default=min(calls, default=None))


class Course:
    """One person's course, going on by chance."""

    def __init__(self, seed: int, episode: Episode, by: User) -> None:
        self.chance, self.episode, self.by = Random(seed), episode, by
        self.robin, self.now = episode.patient, NOON

    def step(self) -> None:
        self.now += HOUR * self.chance.randint(1, 40)
        happens = (self.dose, self.answer, self.answer, self.correct, self.call)
        self.chance.choice(happens)()

    def dose(self) -> None:
        follow.dose(self.episode, self.now)

    def _observed(self) -> datetime:
        return self.now - HOUR * self.chance.randint(0, 90)

    def answer(self) -> None:
        actions.enter_answers(
            patient=self.robin,
            instrument=self.chance.choice(["phq9", "gad7"]),
            answers=ANSWERS,
            observed_at=self._observed(),
            by=self.by,
            at=self.now,
        )

    def correct(self) -> None:
        """On the wrong day, say: it may leave one window and come into another."""
        rows = QuestionnaireResponse.objects.filter(replaced_by=None).order_by("recorded_at", "pk")
        if found := list(rows):
            actions.correct_sheet(
                sheet=QuestionnaireResponse(
                    replaces=self.chance.choice(found),
                    observed_at=self._observed(),
                    reason="another day",
                ),
                answers=ANSWERS,
                by=self.by,
                at=self.now,
            )

    def call(self) -> None:
        items = list(DueItem.objects.filter(ask="check_in").order_by("due_at"))
        if items:
            reached = self.chance.random() < 0.5
            told = {"unwell": "no", "thoughts": "no", "driven": "no", "said": "Well."}
            call = CheckIn(item=items[-1], reached=reached, called_at=self.now)
            for name, value in told.items() if reached else ():
                setattr(call, name, value)
            follow_up.record_check_in(call=call, by=self.by, at=self.now)


@pytest.mark.hazard(10)
@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_each_item_says_when_it_was_answered(seed: int) -> None:
    robin: Patient = cast.patient()
    course = Course(seed, follow.in_series(robin), cast.staff(Role.NURSE).user)
    answered = 0
    for _ in range(STEPS):
        course.step()
        held = list(DueItem.objects.prefetch_related("calls"))
        answers = list(QuestionnaireResponse.objects.all())
        assert {item.pk: item.answered_at for item in held} == {
            item.pk: on_record(item, answers) for item in held
        }
        answered += sum(item.answered_at is not None for item in held)
    assert answered, "nothing was answered in a whole course"
