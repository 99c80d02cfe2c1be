"""People who sign in, and what lets staff act."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from clinic.people.roles import DutyKind, LicenceKind, Role


class UserManager(BaseUserManager["User"]):
    """Makes users; allauth asks for nothing more."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """One user, with the password hashed."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Somebody who can sign in: a member of staff or a patient."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    start_password = models.BooleanField(default=False)  # to be replaced before anything opens

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def get_full_name(self) -> str:
        """The name as written."""
        return self.name


class StaffMember(models.Model):
    """Somebody who works here."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="staff")
    phone = models.CharField(max_length=32, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    @property
    def name(self) -> str:
        """The name as written."""
        return self.user.name


class _Period(models.Model):
    """True from one moment until another, or until further notice."""

    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="%(app_label)s_%(class)s_ends_after_start",
            )
        ]


class RoleGrant(_Period):
    """A role held by a member of staff."""

    staff = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(max_length=32, choices=Role)


class Licence(models.Model):
    """A licence to practise. Out of date, it takes the role's powers with it (ROLE-R1)."""

    staff = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="licences")
    kind = models.CharField(max_length=16, choices=LicenceKind)
    number = models.CharField(max_length=40)
    state = models.CharField(max_length=2)
    expires_on = models.DateField()
    revoked_at = models.DateTimeField(null=True, blank=True)


class Duty(_Period):
    """Being on call, supervising, answering for the drug register, reviewing."""

    staff = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="duties")
    kind = models.CharField(max_length=16, choices=DutyKind)
    step = models.PositiveSmallIntegerField(default=1)  # on call: 1 is rung first


class Pin(models.Model):
    """A short number that proves, beside somebody else's console, who is standing there.

    It never signs anybody in.
    """

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="pin")
    pin_hash = models.CharField(max_length=128)
    set_at = models.DateTimeField()
