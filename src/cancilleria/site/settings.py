"""Django's settings, from the variables of `environment.py` and the keys of the installation."""

from __future__ import annotations

import os
from pathlib import Path

from cancilleria.site.database.connection import settings_for
from cancilleria.site.environment import PROFILES, read
from cancilleria.site.keys import KeyRing
from cancilleria.site.languages import languages_of
from cancilleria.site.outside import address_from, collector, mail_from

ENVIRONMENT = read(os.environ)
HOME = Path(str(ENVIRONMENT["CANCILLERIA_HOME"]))
KEYS = KeyRing(HOME / "claves")
PROFILE = str(ENVIRONMENT["CANCILLERIA_PROFILE"])
PROFILE_FOLDER = PROFILES / PROFILE
SCANNER = Path(str(ENVIRONMENT["CANCILLERIA_SCANNER"] or HOME / "escaner"))
SIGNER, SIGNER_PIN = str(ENVIRONMENT["CANCILLERIA_SIGNER"]), str(ENVIRONMENT["CANCILLERIA_SIGNER_PIN"])
DEMONSTRATION = bool(ENVIRONMENT["CANCILLERIA_DEMONSTRATION"])
ADDRESS = str(ENVIRONMENT["CANCILLERIA_ADDRESS"] or f"http://127.0.0.1:{ENVIRONMENT['CANCILLERIA_PORT']}")
SECURE = ADDRESS.startswith("https://")

_has_keys = (KEYS.folder / "base.json").exists()
SECRET_KEY = KEYS.text("sesiones.txt") if _has_keys else "sin-ceremonia-" + os.urandom(24).hex()
CODE_SECRET = KEYS.text("codigos.txt") if _has_keys else os.urandom(24).hex()
DATABASES = {
    "default": settings_for(
        str(ENVIRONMENT["CANCILLERIA_ROLE"]), ENVIRONMENT, KEYS.json("base.json") if _has_keys else {}
    )
}

DEBUG = False
ALLOWED_HOSTS = ["*"]  # Nothing is built from the Host header: printed addresses come from ADDRESS.
ROOT_URLCONF = "cancilleria.site.urls"
WSGI_APPLICATION = "cancilleria.site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "django_cotton",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "cancilleria.kernel.register",
    "cancilleria.kernel.organs",
    "cancilleria.kernel.people",
    "cancilleria.kernel.documents",
    "cancilleria.kernel.cases",
    "cancilleria.kernel.indicators",
    "cancilleria.services.ui",
    "cancilleria.services.accounts",
    "cancilleria.services.store",
    "cancilleria.services.signing",
    "cancilleria.services.notices",
    "cancilleria.services.seals",
    "cancilleria.services.fees",
    "cancilleria.services.interop",
    "cancilleria.domains.apostille",
    "cancilleria.site.apps.SiteConfig",
]

MIDDLEWARE = [
    "cancilleria.site.middleware.headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "cancilleria.site.languages.LocaleMiddleware",
    "cancilleria.site.admission.admission",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "cancilleria.site.middleware.text",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cancilleria.services.accounts.middleware.actor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "cancilleria.services.accounts.middleware.audience",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).resolve().parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cancilleria.site.navigation.shell",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

# The language of the source, which needs no catalogue; what a page opens in is decided by `languages.py`.
LANGUAGE_CODE = "es"
LANGUAGES = languages_of(PROFILE_FOLDER)
LOCALE_PATHS = [Path(__file__).resolve().parent / "locale"]
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/estatico/"
STATIC_ROOT = HOME / "estatico"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "cancilleria.site.static.Storage"},
}
WHITENOISE_MAX_AGE = 3600

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
if SECURE:  # no other host of the domain can set or shadow these
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sesion", "__Host-formulario"
    LANGUAGE_COOKIE_NAME = "__Host-idioma"
CSRF_TRUSTED_ORIGINS = [ADDRESS]
CSRF_FAILURE_VIEW = "cancilleria.site.errors.forged"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
X_FRAME_OPTIONS = "DENY"

MAX_UPLOAD_BYTES = 10 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_UPLOAD_BYTES + 1024 * 1024
FILE_UPLOAD_HANDLERS = ["cancilleria.site.uploads.Bounded"]  # never on disk before it is checked
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "/cuentas/entrar/"
LOGIN_REDIRECT_URL = "/despacho/"
ACCOUNT_ADAPTER = "cancilleria.services.accounts.adapters.OfficerAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
MFA_SUPPORTED_TYPES = ["totp", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
MFA_TOTP_ISSUER = "Cancillería"
OUTGOING_HOSTS = str(ENVIRONMENT["CANCILLERIA_OUTGOING_HOSTS"]).split()
OUTGOING_PRIVATE = bool(ENVIRONMENT["CANCILLERIA_OUTGOING_PRIVATE"])
MFA_FORMS = {
    "authenticate": "cancilleria.services.accounts.codes.SignInForm",
    "reauthenticate": "cancilleria.services.accounts.codes.ConfirmForm",
}
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # the session at the keyboard stays; every other ends with the old password
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "cancilleria.services.accounts.passwords.NotOfTheHouse"},
    {"NAME": "cancilleria.services.accounts.passwords.NotLeaked"},
]
ANTIVIRUS: tuple[str, int] | str | None = address_from(os.environ.get("CANCILLERIA_ANTIVIRUS", ""))
LEAKED_PASSWORDS = ENVIRONMENT["CANCILLERIA_LEAKED_PASSWORDS"] or None
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "site_cache"}}

_mail = mail_from(str(ENVIRONMENT["CANCILLERIA_SMTP"]))
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if _mail else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = HOME / "correo"
if _mail:
    EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.host, _mail.port, _mail.user, _mail.password
    EMAIL_USE_SSL, EMAIL_USE_TLS, EMAIL_TIMEOUT = _mail.tls, _mail.starttls, 10
DEFAULT_FROM_EMAIL = str(ENVIRONMENT["CANCILLERIA_MAIL_FROM"])

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "cancilleria.site.lines.Line",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
            "datefmt": "%Y-%m-%dT%H:%M:%S%z",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}}
    | collector(ENVIRONMENT["CANCILLERIA_SYSLOG"]),
    "root": {"handlers": ["console", *collector(ENVIRONMENT["CANCILLERIA_SYSLOG"])], "level": "WARNING"},
    "loggers": {"cancilleria": {"level": "INFO"}},
}
