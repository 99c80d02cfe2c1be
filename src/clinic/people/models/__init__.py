"""What the room keeps, one noun a file."""

from clinic.people.models.audit import AuditEntry, ChainHead
from clinic.people.models.chair import AtTheChair
from clinic.people.models.patients import CareTeamMember, Patient
from clinic.people.models.staff import Duty, Licence, Pin, RoleGrant, StaffMember, User

__all__ = [
    "AtTheChair",
    "AuditEntry",
    "CareTeamMember",
    "ChainHead",
    "Duty",
    "Licence",
    "Patient",
    "Pin",
    "RoleGrant",
    "StaffMember",
    "User",
]
