// Opens the form of a report where there is no line, as report.js keeps it: drawn for nobody, with its files. Everything else, and everything while there is a line, goes to the city.
const patience = 8_000;

addEventListener("install", () => skipWaiting());
addEventListener("activate", event => event.waitUntil(clients.claim()));
addEventListener("fetch", event => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  const page = request.mode === "navigate" && pathname === "/report";
  if (request.method !== "GET" || origin !== location.origin || !(page || pathname.startsWith("/_content/"))) return;
  const kept = async () => await caches.match(page ? "/report?shell=true" : request, { cacheName: "lz-report", ignoreVary: true });
  const asked = new Promise((done, fail) => {
    fetch(request).then(done, fail);
    if (page) setTimeout(fail, patience);
  });
  event.respondWith(asked.catch(async () => await kept() ?? Response.error()));
});
