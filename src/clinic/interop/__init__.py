"""FHIR in: a referral becomes a person, an episode and facts."""
