"""What three people do in a dosing session, each at a screen of their own, step by step."""

from datetime import timedelta

import time_machine
from playwright.sync_api import Locator, ViewportSize, expect

from tests.clinic import cast
from tests.clinic.dosing import scene
from tests.e2e.chairs import SOON_MS, Chair

LYING = ViewportSize(width=1180, height=820)
SEEN_WITHIN_MS = 2000
# One hand holds the person's, or the tablet; the thumb or the arm at rest comes as far as two
# thirds of the way up. What is above is for the eyes. Ours, mark P.
REACH = 2 / 3
TARGET_PX = 44


def path(day: scene.Scene, more: str = "") -> str:
    return f"/patients/{day.patient.pk}/sessions/{day.session.pk}/{more}"


def _all_show(room: dict[str, Chair], words: str) -> None:
    for each in room.values():
        expect(each.panel).to_contain_text(words, timeout=SOON_MS)


CALM = {"Systolic": 122, "Diastolic": 78, "Pulse": 70, "Oxygen": 98, "Breaths": 14}


def _vitals(nurse: Chair, **changed: object) -> None:
    card = nurse.card("Vital signs").filter(has_text="Systolic")
    nurse.fill(card, **(CALM | changed))
    card.get_by_label("Seated").check()
    nurse.press("Chart", card)
    nurse.charted(card)


def readied(room: dict[str, Chair], clock: time_machine.Traveller) -> None:
    nurse = room["nurse"]
    checks = nurse.card("Before the dose")
    nurse.fill(checks, Weight_today=70)
    nurse.press("Chart weight", checks)
    nurse.charted(checks)
    for each in checks.get_by_role("button", name="Pass").all():
        each.tap()
        expect(each.locator("xpath=ancestor::form").locator(".told")).to_contain_text("Charted")
    for minutes in (6, 1):
        _vitals(nurse)
        clock.shift(timedelta(minutes=minutes))
    nurse.send("Arrived", nurse.card("Dose"))
    nurse.sound()
    _heard(nurse)
    nurse.send("Ready", nurse.card("Dose"))
    nurse.send("Theo Therapist", nurse.card("In the room"))
    _all_show(room, "Theo Therapist")


def _heard(nurse: Chair) -> None:
    """No dose starts until the alarm's tone was heard on a screen."""
    nurse.press("Try the alarm sound")
    nurse.press("I heard it")
    expect(nurse.page.get_by_text("Alarm sound heard on this screen")).to_be_visible()


def typed_by_two(room: dict[str, Chair]) -> None:
    """Blind: the second sees no figure of the first, on a device of their own."""
    nurse, prescriber = room["nurse"], room["prescriber"]
    card = nurse.card("Dose")
    nurse.fill(card, Initials="RE", Birth_year=1980, Dose=35, Weight=70)
    nurse.send("Take my entry", card)
    prescriber.page.reload()
    prescriber.page.get_by_role("link", name="the second entry").click()
    expect(prescriber.page.get_by_role("heading", name="Second entry")).to_be_visible()
    main = prescriber.page.get_by_role("main")
    assert "35" not in main.inner_text()
    prescriber.sound()
    prescriber.fill(main, Dose=36, Weight=70)
    _proved(prescriber, "Compare")
    expect(prescriber.page.get_by_text("The entries differ. No figure is shown.")).to_be_visible()
    nurse.page.reload()
    nurse.fill(card, Initials="RE", Birth_year=1980, Dose=35, Weight=70)
    nurse.send("Take my entry", card)
    prescriber.page.reload()
    prescriber.fill(main, Dose=35, Weight=70)
    _proved(prescriber, "Compare")
    expect(prescriber.page.get_by_text("Both entries agree")).to_be_visible()


def _proved(chair: Chair, button: str) -> None:
    """Press it, and prove who presses where that is asked."""
    chair.send(button)
    proof = chair.page.locator("#proof-password")
    if proof.count():
        proof.fill(cast.PASSWORD)
        chair.send("Confirm and go on")


def dosed(room: dict[str, Chair], day: scene.Scene, clock: time_machine.Traveller) -> None:
    nurse = room["nurse"]
    room["prescriber"].open(path(day))
    for each in (nurse, room["therapist"]):
        with each.page.expect_event("domcontentloaded"):
            each.page.get_by_role("link", name="Load it again").click()
    card = nurse.card("Dose")
    nurse.fill(card, Rate="52.5", In_the_pump=1)
    nurse.send("Dose starts now", card)
    _all_show(room, "Running")
    clock.shift(timedelta(minutes=5))
    state = nurse.card("How they are")
    nurse.press("5", state)  # one tap a score
    nurse.charted(state)
    events = nurse.card("One tap")
    nurse.press("Tears", events)
    nurse.charted(events)
    _all_show(room, "Tears")


def alarmed(room: dict[str, Chair], day: scene.Scene) -> None:
    """Two taps a value: into the field, and Chart."""
    nurse = room["nurse"]
    for each in room.values():
        each.watch("Very low oxygen")
    card = nurse.card("Vital signs").filter(has_text="Systolic")
    card.get_by_label("Oxygen").tap()
    nurse.page.keyboard.type("88")
    charted_ms = int(nurse.page.evaluate("Date.now()"))
    nurse.press("Chart", card)
    late = {who: each.first_seen_ms() - charted_ms for who, each in room.items()}
    assert max(late.values()) <= SEEN_WITHIN_MS, late
    for each in room.values():
        expect(each.panel.locator("[data-sounds]").first).to_be_attached()
    room["therapist"].sound()
    prescriber = room["prescriber"]
    prescriber.sound()
    prescriber.open("/sessions/board/")
    expect(prescriber.page.get_by_role("article")).to_contain_text("Very low oxygen")
    prescriber.sound()
    prescriber.open(path(day))


def answered(room: dict[str, Chair]) -> None:
    nurse = room["nurse"]
    cards = nurse.page.get_by_role("region", name="Answer alarms")
    nurse.press("Pause sound")
    for each in room.values():
        expect(each.panel.locator("[data-sounds]")).to_have_count(0, timeout=SOON_MS)
    nurse.press("I am acting", cards)
    for each in room.values():
        expect(each.panel).to_contain_text("Nina Nurse is acting", timeout=SOON_MS)
    nurse.panel.get_by_text("Steps:").first.tap()
    expect(nurse.panel.get_by_text("Prescriber order required").first).to_be_visible()
    nurse.sound()
    _vitals(nurse, Oxygen=97)
    cards.get_by_label("What you found and did").fill("Looked at the person: awake, pink")
    nurse.press("Resolve", cards)
    for each in room.values():
        alarms = each.panel.get_by_role("alert", name="Alarms")
        expect(alarms).to_have_count(0, timeout=SOON_MS)
    expect(cards.get_by_role("button", name="I am acting")).to_have_count(0)


def corrected(room: dict[str, Chair], day: scene.Scene) -> None:
    """The value was typed wrong: what was charted first stays to be read, and why it went."""
    nurse = room["nurse"]
    line = nurse.panel.get_by_role("region", name="Event line")
    line.get_by_role("listitem").filter(has_text="saturation 88").get_by_role(
        "link", name="correct"
    ).tap()
    page = nurse.page.get_by_role("main")
    expect(page.get_by_role("heading", name="Withdraw line")).to_be_visible()
    nurse.sound()
    page.get_by_label("Why it was wrong").fill("The probe was on the other hand")
    nurse.send("Withdraw it", page)
    for each in room.values():
        struck = each.panel.get_by_role("listitem").filter(has_text="saturation 88").first
        expect(struck).to_contain_text("(corrected)")
        expect(each.panel).to_contain_text("The probe was on the other hand")


def infused(room: dict[str, Chair], clock: time_machine.Traveller) -> None:
    nurse = room["nurse"]
    card = nurse.card("Dose")
    nurse.send("Pause", card)
    _all_show(room, "Paused")
    nurse.send("Resume", card)
    _all_show(room, "Running")
    clock.shift(timedelta(minutes=35))
    nurse.fill(card, Given_in_all=35)
    nurse.send("Dose complete", card)
    _all_show(room, "35\u00a0mg")


def recovered(room: dict[str, Chair], clock: time_machine.Traveller) -> None:
    nurse = room["nurse"]
    clock.shift(timedelta(minutes=118))
    for each in room.values():
        each.sign_in()
    _vitals(nurse)
    clock.shift(timedelta(minutes=6))
    card = nurse.card("Vital signs").filter(has_text="Systolic")
    card.get_by_label("No").check()
    _vitals(nurse)
    state, recovery = nurse.card("How they are"), nurse.card("Recovery")
    state.get_by_label("Knows person").check()
    nurse.press("5", state)
    for name in ("Dissociation", "Anxiety", "Nausea", "Pain"):
        form = state.locator("form").filter(has_text=f"{name}, 0")
        nurse.press("0", form)
        nurse.charted(form)
    for name in ("Aldrete", "PADSS"):
        form = recovery.locator("form").filter(has_text=name)
        nurse.fill(form, **{name: 10})
        nurse.press("Chart", form)
        nurse.charted(form)
    form = recovery.locator("form").filter(has_text="Suicidality")
    for name in ("1,", "2,", "6,"):
        form.get_by_role("group", name=name).get_by_label("No").check()
    nurse.press("Chart the screen", form)
    nurse.charted(form)
    for words, says in SAID:
        form = recovery.locator("form").filter(has_text=words)
        if words.startswith("The named"):
            nurse.fill(form, Who="Sam, brother")
        form.get_by_role("button", name=says, exact=True).tap()
        nurse.charted(form)


SAID = (
    ("Gets up", "Yes"),
    ("Signs of mania", "No"),
    ("The named adult", "Yes"),
    ("Instructions", "Given"),
)


def let_go(room: dict[str, Chair], day: scene.Scene) -> None:
    nurse, prescriber = room["nurse"], room["prescriber"]
    nurse.page.get_by_role("link", name="Discharge: what is met").tap()
    expect(nurse.page.get_by_role("heading", name="Propose")).to_be_visible()
    nurse.send("Propose discharge")
    expect(nurse.page.get_by_text("Proposed").first).to_be_visible()
    nurse.sound()
    prescriber.open(path(day, "discharge/"))
    _proved(prescriber, "Sign discharge")
    expect(room["therapist"].panel).to_contain_text("Discharged", timeout=SOON_MS)
    for sheet, says in (
        ("sheet/patient/", "After your session today"),
        ("sheet/escort/", "For the person who takes Robin home"),
        ("record/", "The probe was on the other hand"),
    ):
        nurse.open(path(day, sheet))
        expect(nurse.page.get_by_text(says).first).to_be_visible()
        nurse.sound()


def one_handed(nurse: Chair) -> None:
    """Each main act lies under the thumb after one tap on the bar, and is large enough for it."""
    bar = nurse.page.get_by_role("navigation", name="Parts of this page")
    _reached(nurse, nurse.page.get_by_role("button", name="Help at the chair"))
    for part, button in ACTS:
        way = bar.get_by_role("link", name=part)
        _reached(nurse, way)
        way.tap()
        _reached(nurse, nurse.card(button[0]).get_by_role("button", name=button[1]).first)
    low = nurse.page.get_by_role("main").get_by_role("button").evaluate_all(LOW, TARGET_PX)
    assert low == []
    assert nurse.page.locator("[draggable=true]").count() == 0


def turned(nurse: Chair) -> None:
    """The tablet lying on its long side."""
    upright = nurse.page.viewport_size
    nurse.page.set_viewport_size(LYING)
    one_handed(nurse)
    assert upright
    nurse.page.set_viewport_size(upright)


LOW = """(buttons, least_px) => buttons
  .filter(each => each.checkVisibility())
  .filter(({ offsetWidth: wide, offsetHeight: high }) => Math.min(wide, high) < least_px)
  .map(each => each.textContent)"""
ACTS = (
    ("Signs", ("Vital signs", "Chart")),
    ("State", ("How they are", "5")),
    ("Events", ("One tap", "Tears")),
    ("Dose", ("Dose", "Pause")),
    ("Recovery", ("Recovery", "Chart")),
)


def _reached(nurse: Chair, target: Locator) -> None:
    box, size = target.bounding_box(), nurse.page.viewport_size
    assert box and size
    assert min(box["width"], box["height"]) >= TARGET_PX, (target, box)
    high = size["height"] - box["y"]
    assert high - box["height"] > 0 and high <= size["height"] * REACH, (target, box)
