"""Words for who somebody is. Source: protocol section 13."""

from django.db.models import TextChoices


class Role(TextChoices):
    """What somebody does here. A duty such as being on call is not a role."""

    MEDICAL_DIRECTOR = "medical_director", "Medical director"
    PRESCRIBER = "prescriber", "Prescriber"
    NURSE = "nurse", "Nurse"
    ASSISTANT = "assistant", "Assistant"
    THERAPIST = "therapist", "Therapist"
    TRAINEE = "trainee", "Therapist in training"
    PHARMACIST = "pharmacist", "Pharmacist"
    MANAGER = "manager", "Manager"
    FRONT_DESK = "front_desk", "Front desk"
    RESEARCHER = "researcher", "Researcher"
    PATIENT = "patient", "Patient"


class LicenceKind(TextChoices):
    """What a state lets somebody do."""

    PHYSICIAN = "physician", "Physician"
    NP_PA = "np_pa", "Nurse practitioner or physician assistant"
    RN = "rn", "Registered nurse"
    LPN_MA = "lpn_ma", "Practical nurse or medical assistant"
    THERAPIST = "therapist", "Licensed therapist"
    TRAINEE = "trainee", "Registered trainee"
    PHARMACIST = "pharmacist", "Pharmacist"


class DutyKind(TextChoices):
    """An appointment for a time, held beside a role."""

    ON_CALL = "on_call", "On call"
    SUPERVISOR = "supervisor", "Supervisor"
    REGISTRANT = "registrant", "Registrant for controlled drugs"
    REVIEWER = "reviewer", "Reviewer"


class Relation(TextChoices):
    """How somebody stands to one patient."""

    OWN = "own", "Is this person"
    TREATING = "treating", "Treats this person"
    ENDED = "ended", "Treated this person once"
    OTHER = "other", "No part in this person's care"
