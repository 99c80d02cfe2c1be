"""Words that the package for signing in puts on our pages: they are ours to say in Spanish.

Its own Spanish addresses a person now as *tú*, now as *usted*; ours says *usted*. Every word it
marks is taken into our catalogue, but for those of pages and mails that nobody here is shown.
"""

from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

# Paths within the package → why nobody is shown what stands there.
NOT_SHOWN = {
    "account/admin.py": "there is no admin site",
    "account/apps.py": "names of tables",
    "account/models.py": "names of tables",
    "account/migrations/*": "names of tables",
    "mfa/apps.py": "names of tables",
    "mfa/migrations/*": "names of tables",
    "*/tests/*": "tests",
    "templates/*/email/*": "no mail leaves by it: ACCOUNT_EMAIL_NOTIFICATIONS is off",
    "templates/account/messages/*email*": "no address is changed or confirmed",
    "templates/account/messages/*phone*": "no number is changed or confirmed",
    "templates/account/messages/login_code_sent.txt": "nobody signs in by mail",
    "templates/account/messages/password_set.txt": "every account has a password",
    "templates/account/*confirm*": "no address or number is confirmed, nobody signs in by mail",
    "templates/account/email*.html": "no address is changed",
    "templates/account/password_reset*.html": "the clinic lets people in again",
    "templates/account/password_set.html": "every account has a password",
    "templates/account/phone_change.html": "no number is changed",
    "templates/account/request_login_code.html": "nobody signs in by mail",
    "templates/account/signup*.html": "nobody signs up",
    "templates/account/snippets/*": "on pages above alone",
    "templates/account/ver*.html": "no address is confirmed",
    "templates/mfa/trust.html": "no browser is trusted",
    "templates/mfa/webauthn/signup_form.html": "nobody signs up",
}


def files_shown(ours: Path) -> Iterator[Path]:
    """Each file with words for our pages.

    A template in whose place stands one of ours, in the folder `ours`, says nothing here.
    """
    from django.apps import apps

    root = Path(apps.get_app_config("allauth").path)
    labels = [each.label for each in apps.get_app_configs() if each.name.startswith("allauth.")]
    folders = [root / label for label in labels]
    folders += [root / "core", *(root / "templates" / label for label in ("allauth", *labels))]
    for path in sorted(path for folder in folders for path in folder.rglob("*.*")):
        within = path.relative_to(root)
        theirs = within.parts[0] == "templates"
        if theirs and ours.joinpath(*within.parts[1:]).exists():
            continue
        if path.suffix in (".py", ".html", ".txt") and not is_left_out(within):
            yield path


def is_left_out(within: Path) -> bool:
    """Whether nobody here is shown what stands in this file of the package."""
    return any(fnmatch(within.as_posix(), pattern) for pattern in NOT_SHOWN)
