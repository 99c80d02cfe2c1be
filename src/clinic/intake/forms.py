"""The questions of the intake form, built from the core's own list."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.template.defaultfilters import date as date_words
from django.utils import timezone

from clinic.intake import counted
from clinic.intake.actions import DECLINED
from clinic.intake.known import AGE_COUNTS
from clinic.intake.list_forms import PastDayField
from clinic.intake.models import FactAnswer
from kapstone.eligibility import Facts
from kapstone.eligibility.keys import Key, Kind
from kapstone.eligibility.questions import QUESTIONS, Question

YES, NO, NOT_KNOWN, REFUSED, NONE = "yes", "no", "not_known", "declined", "none"
_TRI_STATE = [(YES, "Yes"), (NO, "No"), (NOT_KNOWN, "Not known yet"), (REFUSED, "Declined")]
_VALUES = {YES: True, NO: False, NOT_KNOWN: None, REFUSED: DECLINED}
# Answered elsewhere on the page, or computed.
_ELSEWHERE = {"age_y", "sbp", "dbp", "medications", "allergies"}
_LEFT_OUT = {"dosing_day"}


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the form: what is saved together."""

    id: str
    title: str
    questions: tuple[Question, ...]

    def asked(self, facts: Facts) -> tuple[Question, ...]:
        """Those that what is known makes worth asking."""
        return tuple(question for question in self.questions if question.is_asked(facts))


def _sections() -> tuple[Section, ...]:
    asked: dict[str, list[Question]] = {}
    for question in QUESTIONS:
        if question.section not in _LEFT_OUT and question.key.name not in _ELSEWHERE:
            asked.setdefault(question.section, []).append(question)
    return tuple(
        Section(name, questions[0].title, tuple(questions)) for name, questions in asked.items()
    )


# The weight of the day is charted in the session; doses given here are counted.
_CHARTED = ("weight_today_kg", "doses_last_7_days")
# Asked anew on each dosing day.
OF_THE_DAY = Section(
    "today",
    "Today",
    tuple(
        question
        for question in QUESTIONS
        if question.section in ("visit", "substances", "dosing_day")
        and question.key.name not in _CHARTED
    ),
)
SECTIONS = {section.id: section for section in _sections()}
ASKED = {question.key.name: question for each in SECTIONS.values() for question in each.questions}


class AnswersForm(forms.Form):
    """Questions with what is known already. One never answered has no answer chosen.

    Beside a result whose age counts stands the day it was taken, never filled in: the same result
    with a day is a new result, without one it is what was known already.
    """

    def __init__(
        self,
        questions: Iterable[Question],
        latest: Mapping[str, FactAnswer],
        *args: Any,
        all_today: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.questions = tuple(questions)
        for question in self.questions:
            name = question.key.name
            answer = latest.get(name)
            self.fields[name] = _field(question, answer)
            if answer is not None:
                self.initial[name] = _shown(question, answer)
            if name in AGE_COUNTS and not all_today:
                self.fields[_day_of(name)] = DayField(question.text)

    def answers(self) -> dict[str, object]:
        """What was answered, by key; what was left untouched is absent."""
        given = {}
        for question in self.questions:
            name = question.key.name
            if name not in self.data:
                continue
            answer = self.cleaned_data.get(name)
            if _day_of(name) in self.fields and not self._is_new(name):
                continue
            if answer not in (None, ""):
                given[name] = _value(question, answer)
            elif name in self.changed_data:
                given[name] = None
        return given

    def _is_new(self, name: str) -> bool:
        return name in self.changed_data or self.cleaned_data.get(_day_of(name)) is not None

    def by_moment(self, now: datetime) -> dict[datetime, dict[str, object]]:
        """The answers by when they were true."""
        found: dict[datetime, dict[str, object]] = {}
        for name, answer in self.answers().items():
            found.setdefault(self.taken_at(name, now) or now, {})[name] = answer
        return found

    def taken_at(self, name: str, now: datetime) -> datetime | None:
        """The middle of the day that was named for a result; now where it is today; else None."""
        day: date | None = self.cleaned_data.get(_day_of(name))
        if day is None or day == timezone.localdate(now):
            return now if day else None
        return timezone.make_aware(datetime.combine(day, time(12)))

    def clean(self) -> dict[str, Any]:
        """A day has its result."""
        given: dict[str, Any] = super().clean() or {}
        for question in self.questions:
            name = question.key.name
            if given.get(_day_of(name)) and given.get(name) in (None, "") and name in given:
                self.add_error(name, "Give the result of that day too.")
        return given


def _day_of(name: str) -> str:
    return f"{name}.on"


class DayField(PastDayField):
    """The day on which a result was found."""

    def __init__(self, question: str) -> None:
        super().__init__(
            label=f"{question.rstrip('?')}: the day it was taken",
            help_text="Today, where this is left empty. The same result again needs its day.",
        )


def _value(question: Question, answer: object) -> object:
    if answer == REFUSED:
        return DECLINED
    if question.key.kind is Kind.BOOL:
        return _VALUES[str(answer)]
    if question.key.kind is Kind.TEXTS:
        parts = [part.strip() for part in str(answer).split(",")]
        return [part for part in parts if part and part.casefold() != NONE]
    if question.key.kind is Kind.CHOICES and isinstance(answer, list):
        return DECLINED if REFUSED in answer else [word for word in answer if word != NONE]
    return answer


def _shown(question: Question, answer: FactAnswer) -> object:
    if answer.declined:
        return [REFUSED] if question.key.kind is Kind.CHOICES else REFUSED
    if question.key.kind is Kind.BOOL:
        return {True: YES, False: NO, None: NOT_KNOWN}[answer.value]
    if answer.value is None:
        return ""
    if question.key.kind is Kind.CHOICES:
        return answer.value or [NONE]
    if question.key.kind in (Kind.TEXTS, Kind.READINGS):
        return ", ".join(map(str, answer.value)) or NONE
    return counted.as_of(answer, timezone.localdate())


def _field(question: Question, answer: FactAnswer | None) -> forms.Field:
    key = question.key
    common: dict[str, Any] = {
        "label": question.text,
        "help_text": " ".join(filter(None, [question.help, _told(answer)])),
        "required": False,
    }
    if key.kind is Kind.BOOL:
        return forms.ChoiceField(choices=_TRI_STATE, widget=forms.RadioSelect, **common)
    if key.kind is Kind.CHOICE:
        blank = [("", "Not known yet")]
        choices = blank + list(question.choices) + [(REFUSED, "Declined")]
        return forms.ChoiceField(choices=choices, **common)
    if key.kind is Kind.CHOICES:
        choices = [*question.choices, (NONE, "None of these"), (REFUSED, "Declined")]
        widget = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(choices=choices, widget=widget, **common)
    if key.kind in (Kind.NUMBER, Kind.INTEGER, Kind.NUMBER_OR_WORD, Kind.READINGS):
        common["label"] = f"{question.text} ({key.unit})" if key.unit else question.text
        return (FiguresField if key.kind is Kind.READINGS else FigureField)(key, **common)
    if key.kind is Kind.TEXTS:
        common["help_text"] = f"With commas between them. {common['help_text']}".strip()
    return forms.CharField(max_length=400, **common)


class FigureField(forms.Field):
    """A number in its range, a word that stands for one, or the word that it was declined."""

    def __init__(self, key: Key, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.key = key
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}
        if key.words:
            del self.widget.attrs["inputmode"]

    def to_python(self, value: object) -> object:
        """The number, as written."""
        written = str(value or "").strip()
        if written in ("", REFUSED) or written in self.key.words:
            return written
        return self._number(written)

    def _number(self, written: str) -> int | float:
        try:
            number = float(written.replace(",", "."))
        except ValueError as error:
            raise forms.ValidationError("Write a number.") from error
        lowest, highest = self.key.minimum, self.key.maximum
        if not lowest <= number <= highest:
            raise forms.ValidationError(f"Write a number from {lowest} to {highest}.")
        if number == int(number):
            return int(number)
        if self.key.kind is Kind.INTEGER:
            raise forms.ValidationError("Write a whole number.")
        return number


class FiguresField(FigureField):
    """Numbers in their range, with commas between them."""

    def to_python(self, value: object) -> object:
        """The numbers, as written."""
        written = str(value or "").strip()
        if written in ("", REFUSED):
            return written
        return [self._number(part.strip()) for part in written.split(",") if part.strip()]


def _told(answer: FactAnswer | None) -> str:
    if answer is None:
        return ""
    when = date_words(timezone.localtime(answer.observed_at), "M j, Y")
    by = f" by {answer.by.name}" if answer.by else ""
    origin = f" ({answer.origin})" if answer.origin else ""
    return f"{answer.get_source_display()} {when}{by}{origin}."


def answer_form(key: str, latest: Mapping[str, FactAnswer], *args: Any) -> AnswersForm:
    """One question on its own."""
    return AnswersForm([ASKED[key]], latest, *args)


def unanswered(questions: Iterable[Question], latest: Mapping[str, FactAnswer]) -> int:
    """How many of these questions nobody has asked."""
    return sum(question.key.name not in latest for question in questions)
