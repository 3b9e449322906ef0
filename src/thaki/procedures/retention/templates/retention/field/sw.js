// The service worker of /terreno/: keeps the app itself (never anybody's data), and sends what waits when the signal is back.
"use strict";
const CACHE = "terreno-{{ version }}";
const SHELL = "{{ shell|escapejs }}";
const FILES = JSON.parse("{{ files|escapejs }}");
{% for script in imports %}importScripts("{{ script|escapejs }}");
{% endfor %}
self.addEventListener("install", (event) => {
  const fresh = (url) => new Request(url, { cache: "reload", credentials: "same-origin" });
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([SHELL, ...FILES].map(fresh))).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const others = (names) => names.filter((name) => name.startsWith("terreno-") && name !== CACHE);
  event.waitUntil(
    caches.keys().then((names) => Promise.all(others(names).map((name) => caches.delete(name)))).then(() => self.clients.claim())
  );
});

// The shell and its files come from the cache; everything else, and so every answer with data, from the server alone.
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  const shell = event.request.mode === "navigate" && url.pathname === SHELL;
  if (!shell && !FILES.includes(url.pathname)) return;
  event.respondWith(
    caches.open(CACHE).then((cache) => cache.match(shell ? SHELL : url.pathname)).then((kept) => kept || fetch(event.request))
  );
});

self.addEventListener("sync", (event) => {
  if (event.tag !== "envios") return;
  const tell = (clients) => clients.forEach((client) => client.postMessage("sent"));
  event.waitUntil(self.thakiField.net.flush().then((done) => {
    if (!done.who.reached || done.sent === "later") throw new Error("later"); // the browser tries again
    return self.clients.matchAll().then(tell);
  }));
});
