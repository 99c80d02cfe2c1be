"""Django's settings, from the environment. Unset, they are the embedded, private defaults.

CLINIC_HOME      where the database, the secret and files live (default ``var/clinic``)
DATABASE_URL     a PostgreSQL address; without it the embedded SQLite file is used
CLINIC_SMTP      the mail server alerts leave by: ``smtp://user:password@host:587``
CLINIC_MAIL      instead of a mail server: a provider that django-anymail knows, such as
                 ``postmark``, with its key beside it (``ANYMAIL_POSTMARK_SERVER_TOKEN``)
CLINIC_TEXT      a gateway for text messages: an Apprise address, ``{to}`` where the number goes
CLINIC_TEXT_IN   a long secret: a gateway posts texts that come in to ``/text-in/SECRET/``
CLINIC_PAGER     the same as CLINIC_TEXT for pagers
CLINIC_CONTACTS  sooner contacts after a suicide tier, in hours: ``HIGH.24=12,MODERATE.72=48``
CLINIC_CLOCKS    shorter clocks of alerts, in minutes: ``immediate.backup=3,urgent.everyone=45``
CLINIC_IDLE_MIN  minutes until an idle screen of staff is locked: 10, or fewer
CLINIC_DEMO      ``1`` for the demo clinic: synthetic people, password sign-in alone
CLINIC_NAME      what the clinic is called at the head of every page
CLINIC_LICENSED  instruments the clinic holds a licence for, by id, such as ``madrs,isi``
CLINIC_COUNTRY   whose crisis lines patients are shown, by two letters such as ``US``
CLINIC_HOSTS     host names the clinic answers to, separated by commas
"""

import clinic.site.sqlite_build  # isort: skip  # noqa: F401 - must come before Django

import os
import sys
from pathlib import Path

import django_stubs_ext
from csp.constants import NONCE, NONE, SELF

from clinic.site.mail import mail_settings, provider_settings
from clinic.site.storage.addresses import databases

django_stubs_ext.monkeypatch()

HOME = Path(os.environ.get("CLINIC_HOME", "var/clinic")).resolve()
DEMO = os.environ.get("CLINIC_DEMO") == "1"
DEBUG = False
CLINIC_NAME = os.environ.get("CLINIC_NAME", "Kapstone")

SECRET_KEY = os.environ.get("CLINIC_SECRET", "")
if not SECRET_KEY and (HOME / "secret").is_file():
    SECRET_KEY = (HOME / "secret").read_text(encoding="ascii").strip()
ALLOWED_HOSTS = [
    name for name in os.environ.get("CLINIC_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if name
]

DATABASES = databases(os.environ.get("DATABASE_URL", ""), HOME)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",  # allauth's list of keys says when each was last used
    "django.forms",  # so that site/form_look.py finds every widget's template
    "csp",
    "django_htmx",
    "clinic.people",
    "clinic.content",
    "clinic.reach",
    "clinic.alerts",
    "clinic.episodes",
    "clinic.calendar",
    "clinic.measures",
    "clinic.welcome",
    "clinic.therapy",
    "clinic.pharmacy",
    "clinic.intake",
    "clinic.planning",
    "clinic.safety",
    "clinic.dosing",
    "clinic.readying",
    "clinic.own",
    "clinic.curves",
    "clinic.adverse",
    "clinic.interop",
    "clinic.chart",
    "clinic.site",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "clinic.people.tongue.TongueMiddleware",
    "clinic.people.gate.GateMiddleware",
]

ROOT_URLCONF = "clinic.site.urls"
WSGI_APPLICATION = "clinic.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "clinic.site.context.clinic",
            ],
            "builtins": ["clinic.site.templatetags.addresses"],
            "string_if_invalid": "",
        },
    }
]

FORM_RENDERER = "clinic.site.form_look.ClinicForms"

# --- people sign in -------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["clinic.people.sign_in.ClinicBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]  # argon2id
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "clinic.people.sign_in.ClinicAccountAdapter"
MFA_ADAPTER = "clinic.people.sign_in.ClinicMfaAdapter"
ACCOUNT_FORMS = {"login": "clinic.site.sign_in_form.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # a fresh proof signs for five minutes
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "30/m/ip,10/5m/key",  # a pause, never a lock-out: a session stays open
    "proof": "10/5m/key",
    "invitation": "30/m/ip",  # and five wrong dates of birth lock one
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "add_webauthn": "clinic.people.key_forms.AddKeyForm",
    "edit_webauthn": "clinic.people.key_forms.EditKeyForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO  # http://localhost is all a demo has

# --- browser ----------------------------------------------------------------------------------
CSRF_FAILURE_VIEW = "clinic.site.errors.too_old"
SESSION_ENGINE = "clinic.people.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_COOKIES = not DEMO  # the demo speaks plain http on this machine alone
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_NAME = "__Host-clinic" if SECURE_COOKIES else "clinic-demo"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE_COOKIES else "csrf-demo"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 0 if DEMO else 31_536_000
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE, SELF],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# --- the clinic --------------------------------------------------------------------------------
CLINIC_NAME = os.environ.get("CLINIC_NAME", "Kapstone clinic")
CLINIC_PHONE = os.environ.get("CLINIC_PHONE", "")
CLINIC_ADDRESS = os.environ.get("CLINIC_ADDRESS", "http://localhost:8000/")
CLINIC_COUNTRY = os.environ.get("CLINIC_COUNTRY", "US")  # whose crisis lines patients are shown
CLINIC_LICENSED = [name for name in os.environ.get("CLINIC_LICENSED", "").split(",") if name]
CLINIC_CONTACTS = os.environ.get("CLINIC_CONTACTS", "")
CLINIC_CLOCKS = os.environ.get("CLINIC_CLOCKS", "")
CLINIC_IDLE_MIN = os.environ.get("CLINIC_IDLE_MIN", "10")
CLINIC_OPENS_AT_H = int(os.environ.get("CLINIC_OPENS_AT_H", "9"))

# --- time, words, files -------------------------------------------------------------------------
USE_TZ = True
TIME_ZONE = os.environ.get("CLINIC_TIME_ZONE", "America/New_York")
LANGUAGE_CODE = "en-us"
USE_I18N = True
# What patients' pages are written in; staff pages are English. See people/tongue.py.
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [Path(__file__).parents[1] / "locale"]
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True  # files are served from their packages: no collecting step
# Libraries that npm brought at set-up (scripts/front_end.py); without them nothing is served there.
FRONT_END = Path(sys.prefix) / "share" / "kapstone" / "front-end"
STATICFILES_DIRS = [("front-end", FRONT_END)] if FRONT_END.is_dir() else []
if provider := os.environ.get("CLINIC_MAIL", ""):
    globals().update(provider_settings(provider, os.environ))
else:
    globals().update(
        mail_settings(os.environ.get("CLINIC_SMTP", ""), HOME / "mail" if DEMO else None)
    )
CLINIC_TEXT = os.environ.get("CLINIC_TEXT", "")
CLINIC_TEXT_IN = os.environ.get("CLINIC_TEXT_IN", "")
CLINIC_PAGER = os.environ.get("CLINIC_PAGER", "")
DEFAULT_FROM_EMAIL = os.environ.get("CLINIC_FROM", "clinic@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # Both write telephone numbers and keys into their lines.
    "loggers": {name: {"level": "CRITICAL"} for name in ("apprise", "urllib3")},
}
