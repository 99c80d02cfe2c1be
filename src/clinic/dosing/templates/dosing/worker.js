// Keeps one page and its files, so that a console opens without a network. No page about a person is
// ever kept: whatever else is asked for goes to the clinic and nowhere else.
/* global workbox */
importScripts("/static/front-end/workbox-sw.js");
workbox.setConfig({ debug: false, modulePathPrefix: "/static/front-end/" });
const { core, precaching, routing } = workbox;

const PAGE = "{{ page|escapejs }}";
const FILES = [{% for url, revision in files %}
  { url: "{{ url|escapejs }}", revision: "{{ revision }}" },{% endfor %}
];
const known = new Set(FILES.map((each) => each.url));
const PAGE_WITHIN_MS = 6_000; // a network that swallows what it is given
const FILE_WITHIN_MS = 2_500;

core.skipWaiting();
core.clientsClaim();
precaching.cleanupOutdatedCaches();
precaching.precache([{ url: PAGE, revision: "{{ revision }}" }, ...FILES]);

async function within(request, limit_ms) {
  const late = new Promise((_, fail) => setTimeout(() => fail(new Error("late")), limit_ms));
  return Promise.race([fetch(request), late]);
}

const isConsole = (url) => /^\/patients\/[0-9a-f-]{36}\/sessions\/[0-9a-f-]{36}\//.test(url.pathname);

// A page: the clinic's own, or the one that is kept. A proxy that says it reaches no clinic counts as none.
routing.registerRoute(
  ({ request, url }) => request.mode === "navigate" && url.origin === location.origin,
  async ({ request, url }) => {
    try {
      const answer = await within(request, PAGE_WITHIN_MS);
      if (!(isConsole(url) && [502, 503, 504].includes(answer.status))) return answer;
    } catch {
      // as below
    }
    return precaching.matchPrecache(PAGE);
  },
);

// The files of that page: the clinic's own first, so that a page never meets another release's.
routing.registerRoute(
  ({ url }) => url.origin === location.origin && known.has(url.pathname),
  async ({ request, url }) => {
    try {
      const answer = await within(request, FILE_WITHIN_MS);
      if (answer.ok) return answer;
    } catch {
      // as below
    }
    return precaching.matchPrecache(url.pathname);
  },
);
