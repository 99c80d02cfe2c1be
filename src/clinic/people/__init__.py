"""Patients, staff, licences, roles, duties, who may do what, the audit trail."""
