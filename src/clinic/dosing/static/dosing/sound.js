// The alarm's voice, and whether a person has heard it here. A page cannot know how loud a tablet is.
// @ts-check

const place = document.getElementById("sound");
const words = /** @type {HTMLElement | null} */ (place?.querySelector(".words") ?? null);
const TONES = 3;

/** @type {AudioContext | undefined} */
let audio; // made once the page knows whom to tell of it
let beeping = 0;
/** When somebody said that they heard it in this tab, for this session. */
const KEPT = `heard ${place?.dataset.heard?.split("/")[4]?.slice(0, 4) ?? ""}`; // no id stays on a device
let heardAt = sessionStorage.getItem(KEPT) ?? "";
let asks = false;
let why = "";

const button = (/** @type {string} */ name) =>
  /** @type {HTMLElement | null} */ (place?.querySelector(`[data-sound="${name}"]`) ?? null);

/** What the clinic is told at each beat. */
export const state = () => (!audio ? "unknown" : audio.state === "running" ? "on" : "off");

function tone(after = 0) {
  if (!audio || audio.state !== "running") return;
  const wave = audio.createOscillator();
  wave.frequency.value = 880;
  wave.connect(audio.destination);
  wave.start(audio.currentTime + after);
  wave.stop(audio.currentTime + after + 0.25);
}

/** Sounds for as long as an alarm of the panel does. */
export function sound(/** @type {HTMLElement} */ panel) {
  const wanted = panel.querySelector("[data-sounds]") !== null;
  if (wanted && !beeping) {
    tone(); // at once: the first of an interval comes a second later
    beeping = setInterval(tone, 1000);
  }
  if (!wanted && beeping) {
    clearInterval(beeping);
    beeping = 0;
  }
  tell();
}

/** What this screen's sound is worth, in words; silence is never told by silence. */
function tell() {
  if (!place || !words) return;
  place.hidden = false;
  const silent = state() !== "on" && (beeping !== 0 || heardAt !== "");
  const told = silent
    ? "No sound on this screen: the browser blocks it. Tap here, and try the alarm sound."
    : why || (asks ? "Did you hear three tones?" : heardAt ? `Alarm sound heard on this screen at ${heardAt}.` : "Alarm sound: not tried on this screen.");
  if (words.textContent !== told) words.textContent = told;
  place.classList.toggle("lost", silent || why !== "");
  for (const name of ["heard", "nothing"]) {
    const each = button(name);
    if (each) each.hidden = !asks || silent;
  }
}

async function tryIt() {
  [why, asks] = ["", false];
  await audio?.resume();
  for (let count = 0; count < TONES; count += 1) tone(count * 0.5);
  asks = state() === "on";
  if (!asks) why = "This browser plays no sound. Allow sound for this page, or use another screen.";
  tell();
}

/** @param {() => URLSearchParams} said what names this page to the clinic */
async function heard(said) {
  asks = false;
  try {
    const answer = await fetch(place?.dataset.heard ?? "", { method: "POST", body: said(), headers: { Accept: "application/json" } });
    const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
    heardAt = answer.ok ? new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }) : "";
    sessionStorage.setItem(KEPT, heardAt);
    why = answer.ok ? "" : (told.error ?? "Not taken. Try the alarm sound again.");
  } catch {
    why = "Not sent: the clinic cannot be reached. Try the alarm sound again.";
  }
  tell();
}

/** @param {{ beat: () => Promise<void>, said: () => URLSearchParams }} page */
export function wire(page) {
  // Where the last page was tapped, the browser may let this one sound without another tap.
  audio = new AudioContext();
  audio.addEventListener("statechange", () => {
    tell();
    page.beat();
  });
  button("try")?.addEventListener("click", tryIt);
  button("heard")?.addEventListener("click", async () => {
    await page.beat(); // the clinic knows by it that this page makes sound
    await heard(page.said);
  });
  button("nothing")?.addEventListener("click", () => {
    [asks, why] = [false, "Turn the volume up, take the screen off mute and try again; or use another screen."];
    tell();
  });
  for (const act of ["pointerdown", "keydown"])
    document.addEventListener(act, () => {
      audio?.resume();
    });
}
