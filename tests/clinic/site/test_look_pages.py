"""Every page keeps its frame, its demo sentence and its strict content policy."""

import re

import pytest
from django.test import Client
from django.test.client import RequestFactory
from django.urls import reverse
from django.views import defaults
from django.views.csrf import csrf_failure
from pytest_django import Settings

from clinic.people.roles import Role
from clinic.site.ways import NAV
from tests.clinic import cast

SENTENCE = "Demonstration: synthetic people only. No clinician has reviewed this content."

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("demo", [True, False])
@pytest.mark.parametrize("address", ["/account/login/", "/nothing/here/"])
def test_the_demo_says_so_on_every_page(
    client: Client, settings: Settings, address: str, demo: bool
) -> None:
    settings.DEMO = demo
    page = client.get(address).content.decode()
    assert (SENTENCE in page) is demo
    assert ("demo-print.css" in page) is demo


def test_error_pages_render_without_a_context_and_name_nothing(settings: Settings) -> None:
    settings.DEMO = True
    request = RequestFactory().get("/patients/canary-name/")
    answers = [
        defaults.server_error(request),
        defaults.bad_request(request, ValueError("canary")),
        defaults.page_not_found(request, ValueError("canary")),
        defaults.permission_denied(request, ValueError("canary")),
        csrf_failure(request),
    ]
    assert [answer.status_code for answer in answers] == [500, 400, 404, 403, 403]
    for answer in answers:
        page = answer.content.decode()
        assert SENTENCE in page
        assert "<h1>" in page
        assert "canary" not in page


def test_components_are_shown_in_the_demo_alone(client: Client, settings: Settings) -> None:
    settings.DEMO = True
    for address in ("/design/", "/design/?phone"):
        assert client.get(address).status_code == 200
    settings.DEMO = False
    assert client.get("/design/").status_code == 404


def test_a_form_with_problems_leads_to_each_field(client: Client, settings: Settings) -> None:
    settings.DEMO = True
    page = client.get("/design/").content.decode()
    summary = page[page.index('id="problems"') :]
    summary = summary[: summary.index("</div>")]
    targets = re.findall(r'href="#([\w-]+)"', summary)
    assert len(targets) == 6
    for target in targets:
        assert f'id="{target}"' in page
    described = re.search(r'<input[^>]*aria-describedby="([^"]+)"[^>]*id="id_words"', page)
    assert described is not None
    for target in described[1].split():
        assert f'id="{target}"' in page


def test_the_bar_leads_only_where_a_role_may_go() -> None:
    words = {}
    for role in (Role.NURSE, Role.RESEARCHER):
        page = cast.signed_in(cast.staff(role)).get("/account/2fa/").content.decode()
        words[role] = [words for words, name, _ in NAV if f'href="{reverse(name)}"' in page]
    assert words == {
        Role.NURSE: ["Today", "People", "Adverse events", "Drug register", "Clinical content"],
        Role.RESEARCHER: ["Today"],
    }


def test_demo_sign_ins_stand_on_the_login_page_only_in_the_demo(
    client: Client, settings: Settings
) -> None:
    settings.DEMO = False
    assert "only in this demonstration" not in client.get("/account/login/").content.decode()
    settings.DEMO = True
    page = client.get("/account/login/").content.decode()
    assert "only in this demonstration" in page
    assert "Forgot" not in page


@pytest.mark.parametrize(
    "name", ["mfa_index", "mfa_list_webauthn", "mfa_add_webauthn", "mfa_activate_totp"]
)
def test_keys_and_codes_wear_the_same_frame(settings: Settings, name: str) -> None:
    settings.ACCOUNT_REAUTHENTICATION_REQUIRED = False
    browser = cast.signed_in(cast.staff(Role.NURSE))
    answer = browser.get(reverse(name), follow=True)
    assert answer.status_code == 200
    assert 'class="bar"' in answer.content.decode()


def test_signing_out_is_asked_for_and_sends_a_form() -> None:
    page = cast.signed_in(cast.staff(Role.NURSE)).get("/account/logout/").content.decode()
    assert "Sign out?" in page
