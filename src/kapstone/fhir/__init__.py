"""FHIR R4 in: a bundle becomes a referral. Pure: no server, no fetching, no clock."""

from kapstone.fhir.referral import identity_key, read_bundle
from kapstone.fhir.values import Referral

__all__ = ["Referral", "identity_key", "read_bundle"]
