"""People who answer by the thousand, in one process on a clinic's own database: COUNT SEED.

Few questionnaires have words here, so most could not be sent to a phone. All answers go
through the actions that a phone's page calls, and through those of a sheet that staff enter.
What each set must raise is written into answer_sets.jsonl for whoever looks at the disk after.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from time import monotonic
from typing import Any, TextIO

from tests.faults.watched import WATCHED, Called, Watched, draw, most_urgent, told_at_once

LEFT_UNSENT = 0.15
EDITED = 0.4
TAPPED_TWICE = 0.1
SENT_AGAIN = 0.3
CORRECTED = 0.4


@dataclass
class Expected:
    """What one set must have raised: the most urgent level by what it is about."""

    instrument: str
    alerts: dict[str, str] = field(default_factory=dict)
    slowest_s: float = 0

    @contextmanager
    def timed(self) -> Iterator[None]:
        """One answer: what it raised is on disk when this ends."""
        began = monotonic()
        yield
        self.slowest_s = max(self.slowest_s, monotonic() - began)

    def add(self, subject: Any, called: Called) -> None:
        """This is called for about this row."""
        told_of = f"{subject._meta.label}:{subject.pk}"
        before = [self.alerts[told_of]] if told_of in self.alerts else []
        if level := most_urgent([*before, *called.values()]):
            self.alerts[told_of] = level


class Clinic:
    """The clinic's own actions, and the people of this run."""

    def __init__(self, chance: Random) -> None:
        from clinic.people.roles import Role
        from tests.clinic import cast

        self.chance, self.cast = chance, cast
        self.nurse, self.backup = cast.staff(Role.NURSE), cast.staff(Role.PRESCRIBER)
        cast.on_call(self.nurse)
        cast.on_call(self.backup, 2)

    def answer_one(self, number: int) -> Expected:
        """One set, on a phone or on a sheet."""
        instrument = list(WATCHED)[number % len(WATCHED)]
        expected, of = Expected(instrument), WATCHED[instrument]
        person = self.cast.patient(f"Robin {number}")
        on_a_phone = number // len(WATCHED) % 3 == 0
        (self._on_a_phone if on_a_phone else self._on_a_sheet)(person, of, expected)
        return expected

    def _on_a_phone(self, person: Any, of: Watched, expected: Expected) -> None:
        """Tapped one by one, some again and otherwise, some skipped; sent, sent twice, or not."""
        from django.utils import timezone

        from clinic.measures import actions

        now = timezone.now()
        assignment, _ = actions.ask(
            patient=person,
            instrument=expected.instrument,
            closes_at=now + timedelta(days=1),
            by=None,
            at=now,
        )
        answers = self._few(draw(of, self.chance), of)
        taps: list[tuple[str, int | None]] = list(answers.items())
        taps += [(item, None) for item in of.watched if item not in answers]
        if self.chance.random() < EDITED:
            item = self.chance.choice(of.watched)
            taps.append((item, self.chance.randint(0, of.highest[item])))
        for item, value in taps:
            for _ in range(1 + (self.chance.random() < TAPPED_TWICE)):
                with expected.timed():
                    actions.save_answer(
                        assignment=assignment, item=item, value=value, at=timezone.now()
                    )
            if value is not None:
                answers[item] = value
                expected.add(assignment, told_at_once(of, item, value))
        if self.chance.random() >= LEFT_UNSENT:
            with expected.timed():
                actions.submit_answers(assignment=assignment, at=timezone.now())
            expected.add(assignment, of.called(answers))
            self._is_dead(assignment)

    @staticmethod
    def _is_dead(assignment: Any) -> None:
        from django.utils import timezone

        from clinic.measures import actions

        try:
            actions.submit_answers(assignment=assignment, at=timezone.now())
        except actions.LinkDead:
            return
        raise AssertionError("a questionnaire was sent twice")

    def _few(self, answers: dict[str, int], of: Watched) -> dict[str, int]:
        """The watched items and one more: each tap is a request of its own."""
        others = [item for item in answers if item not in of.watched]
        kept = {*others[:1], *of.watched}
        return {item: value for item, value in answers.items() if item in kept}

    def _on_a_sheet(self, person: Any, of: Watched, expected: Expected) -> None:
        """Entered, the same form sent again, and corrected, the correction sent again."""
        from django.utils import timezone

        from clinic.measures import actions
        from clinic.measures.models import QuestionnaireResponse

        corrected = self.chance.random() < CORRECTED
        # What a whole screener comes to is one tier: what is new in the next can be told.
        whole = corrected and len(of.watched) > 1
        now, by = timezone.now(), self.nurse.user
        answers = draw(of, self.chance, whole=whole)
        row = QuestionnaireResponse(patient=person, instrument=expected.instrument, observed_at=now)
        for _ in range(1 + (self.chance.random() < SENT_AGAIN)):
            sheet = QuestionnaireResponse(
                id=row.pk, patient=person, instrument=expected.instrument, observed_at=now
            )
            with expected.timed():
                row = actions.enter_sheet(sheet=sheet, answers=answers, by=by, at=timezone.now())
        expected.add(row, of.called(answers))
        if corrected:
            put_right, told = draw(of, self.chance, whole=whole), of.called(answers)
            again = actions.correct_sheet(
                sheet=QuestionnaireResponse(
                    replaces=row,
                    observed_at=now,
                    reason="read from the wrong column",
                ),
                answers=put_right,
                by=by,
                at=timezone.now(),
            )
            new = {key: level for key, level in of.called(put_right).items() if key not in told}
            expected.add(again, new)


def answer(count: int, seed: int, journal: TextIO) -> None:
    """Every set, one line each as it is done."""
    chance = Random(seed)
    clinic = Clinic(chance)
    for number in range(count):
        expected = clinic.answer_one(number)
        line = {"alerts": expected.alerts, "slowest_s": expected.slowest_s}
        print(json.dumps(line), file=journal)


if __name__ == "__main__":
    from clinic.site import home

    home.prepare("serve", os.environ)
    os.environ["DJANGO_SETTINGS_MODULE"] = "clinic.site.settings"
    import django

    django.setup()
    from django.conf import settings

    with (settings.HOME / "answer_sets.jsonl").open("w") as kept:
        answer(int(sys.argv[1]), int(sys.argv[2]), kept)
