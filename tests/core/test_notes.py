"""A danger that is written down where nobody else looks is known to one person only."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kapstone.notes import belongs_elsewhere, content

pytestmark = pytest.mark.hazard(19)


def ids(text):
    return [one.row.id.removeprefix("PRV-") for one in belongs_elsewhere(text)]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("He spoke of his father and was silent for long. I felt sad.", []),
        ("She dreamt of a house with one lit window.", []),
        ("They felt diet and gunpowder smelled of childhood", []),
        ("He says he wants to die, and asked me to tell nobody.", ["HARM"]),
        ("SUICIDAL again since Monday", ["HARM"]),
        ("She   cut\nherself last night", ["HARM"]),
        ("Denies suicidal thoughts", ["HARM"]),  # asks; it does not judge
        ("He has his brother\u2019s gun at home", ["HARM"]),
        ("Dice que se quiere morir", ["HARM"]),
        ("Gave 35 mg, later 20mg", ["DOSE"]),
        ("0,5 mg/kg by vein", ["DOSE"]),
        ("On lorazepam, prescribed by her doctor", ["DOSE"]),
        ("Began at 14:30, ended 15h10", ["TIMES"]),
        ("We talked for 50 minutes", ["TIMES"]),
        ("CBT, twice a week", ["KIND"]),
        ("PHQ-9 was 14", ["RESULT"]),
        ("GAD-7 scored 8, blood pressure fine", ["RESULT"]),
        ("Diagnosis unclear; treatment plan as before", ["PLAN"]),
        ("Overdose of 300 mg in May, at 22:10", ["HARM", "DOSE", "TIMES"]),
    ],
)
def test_what_belongs_in_the_chart_is_asked_about(text, asked):
    assert ids(text) == asked


def test_the_words_that_were_found_are_told_once_and_as_they_were_typed():
    (harm,) = belongs_elsewhere("Suicidal. Suicidal? He would  kill\thimself.")
    assert harm.words == ("Suicidal", "kill")


def test_every_word_of_the_table_is_found_in_a_text_that_holds_it():
    for row in content().rows:
        for word in row.words:
            found = belongs_elsewhere(f"So: {word.removesuffix('*')}, then.")
            assert row.id in [one.row.id for one in found], word
        for unit in row.units:
            assert row.id in [one.row.id for one in belongs_elsewhere(f"about 12 {unit} of it")]


def test_danger_stands_first_and_alone_is_urgent():
    assert [row.id for row in content().rows if row.urgent] == ["PRV-HARM"]
    assert content().rows[0].urgent


@given(st.text())
@example("0" * 5000 + "x")
def test_any_text_can_be_looked_through(text):
    """A note that could not be sealed would be lost."""
    found = belongs_elsewhere(text)
    assert len({one.row.id for one in found}) == len(found)
    assert all(one.words for one in found)
