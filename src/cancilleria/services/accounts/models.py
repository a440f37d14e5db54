"""Users: only officers have one. A citizen needs no account."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower


class UserManager(BaseUserManager["User"]):
    """Finds users by e-mail, whatever the letter case."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """Whoever signs in: an e-mail, a password, second factors kept by allauth, and the officer they are."""

    email = models.EmailField(unique=True)
    officer = models.TextField(unique=True, help_text="key of the officer, such as officer:<uuid>")
    is_active = models.BooleanField(default=True)
    first_until = models.DateTimeField(
        null=True, help_text="until when a password given by others opens; own: never ends"
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["officer"]
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]


class OpenSession(models.Model):
    """A session somebody signed in to: when, when it was last used, and from where, so that its owner can tell it apart."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="open_sessions")
    session_key = models.CharField(max_length=40, unique=True)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    address = models.TextField()
    device = models.CharField(max_length=200, help_text="what the browser says it is")
