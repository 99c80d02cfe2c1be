"""Questionnaires: sent, answered, scored."""
