"""Every form of the clinic in the one look: problems first, each field with its help."""

from django.forms.renderers import TemplatesSetting


class ClinicForms(TemplatesSetting):
    """Renders a form with a summary of its problems that links to the fields."""

    form_template_name = "site/form.html"
    field_template_name = "site/field.html"
