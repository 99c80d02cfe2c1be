"""Whoever is called *usted* on one page and *tú* on the next does not know who speaks to them."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import translation

from clinic.people.models import User
from scripts import borrowed, words
from tests.clinic import cast

TEMPLATES = words.CLINIC / "site" / "templates"
FAMILIAR = re.compile(
    r"\b(tú|tu|tus|te|ti|contigo|tuy[oa]s?|eres|estás|tienes|puedes|quieres|debes|has|sabes)\b|"
    r"(^|[.:;,] )(introduce|ingresa|utiliza|usa|selecciona|elige|haz|ten|pon|vete|guarda)\b",
    re.IGNORECASE,
)


def _told() -> dict[words.Words, list[str]]:
    catalog = words.held()
    return {
        words._id(each): [each.string] if isinstance(each.string, str) else list(each.string)
        for each in catalog
        if each.id
    }


def test_every_borrowed_word_is_said_in_our_own() -> None:
    told = _told()
    asked = words.of_others()
    assert "Incorrect password." in asked and "Two-Factor Authentication" in asked
    assert "Successfully signed in as %(name)s." not in asked, "ours stands in its place"
    with translation.override("es"):
        for each in asked:
            if isinstance(each, str):
                assert [translation.gettext(each)] == told[each]
            else:
                said = [translation.ngettext(*each, number) for number in (1, 2)]
                assert said == told[each]


def test_a_new_borrowed_word_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else its next release speaks to patients in words nobody here has read."""
    page, code = tmp_path / "new.html", tmp_path / "new.py"
    page.write_text('{% load i18n %}{% translate "Dance now" %}', encoding="utf-8")
    code.write_text('_("Sing now")', encoding="utf-8")
    monkeypatch.setattr(borrowed, "files_shown", lambda ours: [page, code])
    assert words.of_others() == {"Dance now", "Sing now"}
    found = words.problems(words.held(), words.marked())
    assert "not in the catalogue: 'Dance now'" in found
    assert "not in the catalogue: 'Sing now'" in found


def test_every_file_is_looked_at_but_those_that_are_named() -> None:
    """Named with a reason each, and none that is no longer there."""
    root = Path(borrowed.__file__).parent
    shown = {path.name for path in borrowed.files_shown(TEMPLATES)}
    assert {"adapter.py", "password_change.html", "password_changed.txt"} <= shown
    assert "login.html" not in shown, "ours stands in its place"
    assert not borrowed.is_left_out(Path("templates/account/something_new.html"))
    assert borrowed.is_left_out(Path("templates/account/email/password_changed_message.txt"))
    assert not [path for path in borrowed.files_shown(TEMPLATES) if root in path.parents]


def test_words_with_a_context_are_those_of_a_field_we_do_not_have() -> None:
    """They are looked up in another way: one more would have to be taken in by hand."""
    keywords = dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2))
    found = set()
    for path in borrowed.files_shown(TEMPLATES):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"{% (blocktrans|trans)\w* [^%]*\bcontext\b", text), path.name
        if path.suffix == ".py":
            with path.open("rb") as file:
                found |= {str(said) for _, said, _, _ in extract("python", file, keywords=keywords)}
    assert found == {"Login"}, "we ask for an e-mail address"


def test_nobody_is_called_by_the_familiar_form() -> None:
    found = [said for told in _told().values() for said in told if FAMILIAR.search(said)]
    assert found == []
    assert FAMILIAR.search("Introduce el código") and FAMILIAR.search("Ver tu cuenta")


@pytest.mark.django_db
def test_a_change_of_ones_password_sends_no_mail() -> None:
    """Its mails are in no words of ours: none may leave."""
    cache.clear()
    user = User.objects.create_user("rosa@person.example", cast.PASSWORD, name="Rosa")
    cast.patient("Rosa", language="es-MX", user=user)
    client, new = Client(), "otra casa azul con patio"
    client.force_login(user)
    typed = {"oldpassword": cast.PASSWORD, "password1": new, "password2": new}
    page = client.post(reverse("account_change_password"), typed, follow=True)
    user.refresh_from_db()
    assert user.check_password(new) and "Su contraseña se cambió." in page.content.decode()
    assert mail.outbox == []
