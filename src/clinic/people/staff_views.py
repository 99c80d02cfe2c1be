"""Pages about who works here."""

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from clinic.people import queries, staffing
from clinic.people.gate import ClinicRequest
from clinic.people.models import Duty, StaffMember
from clinic.people.roles import Role
from clinic.people.staff_forms import DutyForm, LicenceForm, RoleForm, StaffForm

Row = TypeVar("Row", bound=Model)


def staff(request: ClinicRequest) -> HttpResponse:
    """Everybody who works here, what needs renewing, who is on duty."""
    now = timezone.now()
    shown = {"now": now, "members": queries.staff_list(now), "duties": queries.roster(now)}
    return render(request, "people/staff.html", shown)


def staff_new(request: ClinicRequest) -> HttpResponse:
    """Make an account; its start password is shown once."""
    form = StaffForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "people/staff_new.html", {"form": form})
    member, password = staffing.add_staff(**form.cleaned_data, by=request.user, at=timezone.now())
    return render(request, "people/staff_handed.html", {"member": member, "password": password})


def staff_member(request: ClinicRequest, staff_id: int) -> HttpResponse:
    """One member of staff: roles, licences, duties, sign-in."""
    return _member(request, get_object_or_404(StaffMember, pk=staff_id))


def _member(
    request: ClinicRequest, member: StaffMember, **forms: RoleForm | LicenceForm | DutyForm
) -> HttpResponse:
    now = timezone.now()
    shown: dict[str, object] = {
        "now": now,
        "member": queries.staff_line(member, now),
        "duties": queries.roster(now).filter(staff=member),
        "own": member.pk == request.actor.staff_id,
        "role_form": RoleForm(roles=staffing.grantable(request.actor)),
        "licence_form": LicenceForm(auto_id="licence_%s"),
        "duty_form": DutyForm(initial={"starts_at": timezone.localtime(now)}),
    }
    return render(request, "people/staff_member.html", shown | forms)


def _picked(request: ClinicRequest, field: str, rows: QuerySet[Row]) -> Row | None:
    written = request.POST.get(field, "")
    if not written:
        return None
    number = int(written) if written.isascii() and written.isdigit() else 0
    return get_object_or_404(rows, pk=number)


def _done(request: ClinicRequest, member: StaffMember, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except staffing.NotYours as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Done, and written into the trail.")
    return redirect("people:staff_member", staff_id=member.pk)


@require_POST
def staff_role(request: ClinicRequest, staff_id: int) -> HttpResponse:
    """Give a role, or end one."""
    now, member = timezone.now(), get_object_or_404(StaffMember, pk=staff_id)
    grant = _picked(request, "end", member.roles.filter(ends_at__isnull=True))
    if grant is not None:
        return _done(
            request, member, lambda: staffing.end_role(grant=grant, who=request.actor, at=now)
        )
    form = RoleForm(request.POST, roles=staffing.grantable(request.actor))
    if not form.is_valid():
        return _member(request, member, role_form=form)
    role = Role(form.cleaned_data["role"])
    return _done(
        request,
        member,
        lambda: staffing.grant_role(staff=member, role=role, who=request.actor, at=now),
    )


@require_POST
def staff_licence(request: ClinicRequest, staff_id: int) -> HttpResponse:
    """Enter a licence, or revoke one."""
    now, member = timezone.now(), get_object_or_404(StaffMember, pk=staff_id)
    licence = _picked(request, "revoke", member.licences.filter(revoked_at__isnull=True))
    if licence is not None:
        return _done(
            request,
            member,
            lambda: staffing.revoke_licence(licence=licence, who=request.actor, at=now),
        )
    form = LicenceForm(request.POST, auto_id="licence_%s")
    if not form.is_valid():
        return _member(request, member, licence_form=form)
    return _done(
        request,
        member,
        lambda: staffing.add_licence(
            staff=member, licence=form.instance, who=request.actor, at=now
        ),
    )


@require_POST
def staff_duty(request: ClinicRequest, staff_id: int) -> HttpResponse:
    """Add a duty, or end one."""
    now, member = timezone.now(), get_object_or_404(StaffMember, pk=staff_id)
    duty = _picked(request, "end", Duty.objects.filter(queries.not_over(now), staff=member))
    if duty is not None:
        return _done(
            request, member, lambda: staffing.end_duty(duty=duty, who=request.actor, at=now)
        )
    form = DutyForm(request.POST)
    if not form.is_valid():
        return _member(request, member, duty_form=form)
    return _done(
        request,
        member,
        lambda: staffing.appoint(staff=member, duty=form.instance, who=request.actor, at=now),
    )


@require_POST
def staff_sign_in(request: ClinicRequest, staff_id: int) -> HttpResponse:
    """A new start password, shown once."""
    member = get_object_or_404(StaffMember, pk=staff_id, left_at__isnull=True)
    try:
        password = staffing.renew_sign_in(staff=member, who=request.actor, at=timezone.now())
    except staffing.NotYours as refused:
        messages.error(request, str(refused))
        return redirect("people:staff_member", staff_id=member.pk)
    return render(request, "people/staff_handed.html", {"member": member, "password": password})


@require_POST
def staff_leaves(request: ClinicRequest, staff_id: int) -> HttpResponse:
    """Somebody no longer works here."""
    member = get_object_or_404(StaffMember, pk=staff_id, left_at__isnull=True)
    return _done(
        request,
        member,
        lambda: staffing.leave(staff=member, who=request.actor, at=timezone.now()),
    )
