"""The tag that fills ids into addresses: what Django's own would say."""

from uuid import uuid4

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, reverse

from clinic.people import access
from clinic.site.templatetags.addresses import address


def _shown(words: str, **values: object) -> str:
    return Template(words).render(Context(values))


def test_every_address_with_ids_is_what_django_says() -> None:
    one, two, tried = uuid4(), uuid4(), 0
    for name in access.table().routes:
        for ids in ((), (one,), (one, two)):
            try:
                told = reverse(name, args=ids)
            except NoReverseMatch:
                continue
            assert address(name, *ids) == address(name, *ids) == told
            tried += 1
    assert tried > 40


def test_words_names_and_what_is_missing_are_left_to_django() -> None:
    person = uuid4()
    asked = "{% url 'measures:enter' person 'phq9' %}"
    assert _shown(asked, person=person) == reverse("measures:enter", args=[person, "phq9"])
    named = "{% url 'chart:chart' patient_id=person %}"
    assert _shown(named, person=person) == reverse("chart:chart", args=[person])
    kept = "{% url 'chart:chart' person as here %}[{{ here }}]"
    assert _shown(kept, person=person) == f"[{reverse('chart:chart', args=[person])}]"
    assert _shown("{% url 'no-such-page' as here %}[{{ here }}]") == "[]"
    with pytest.raises(NoReverseMatch):
        _shown("{% url 'chart:chart' %}")
