// Talking to the server: who is signed in, today's visits, and the outbox, which goes by itself when there is a signal.
// Runs on the page and in the service worker (Background Sync).
(function () {
  "use strict";
  var field = (self.thakiField = self.thakiField || {});
  var PATIENCE_MS = 60000;
  var KEPT_MS = 3 * 24 * 3600 * 1000;

  function ask(url, options, patience) {
    var stop = new AbortController();
    var timer = setTimeout(function () { stop.abort(); }, patience || PATIENCE_MS);
    var all = Object.assign({ credentials: "same-origin", cache: "no-store", redirect: "manual", signal: stop.signal }, options);
    all.headers = Object.assign({ Accept: "application/json" }, all.headers);
    return fetch(url, all).finally(function () { clearTimeout(timer); });
  }

  // {reached, user, allowed, csrf, offset}: offset is the server's clock minus the telephone's, in ms.
  function session() {
    var asked = Date.now();
    return ask("/terreno/api/sesion/", {}, 12000).then(function (response) {
      if (!response.ok) return { reached: false };
      return response.json().then(function (told) {
        var middle = (asked + Date.now()) / 2;
        return Object.assign({ reached: true, offset: Date.parse(told.now) - middle }, told);
      });
    }).catch(function () { return { reached: false }; });
  }

  function visits() {
    return ask("/terreno/api/visitas/", {}, 30000).then(function (response) {
      return response.ok ? response.json() : null;
    }).catch(function () { return null; });
  }

  // ---- one submission
  function place(where) {
    return where && where.lat !== undefined ? { lat: where.lat, lon: where.lon, accuracy_m: where.accuracy_m } : { why: (where && where.why) || "unknown" };
  }

  function form(item) {
    var draft = item.draft;
    var body = {
      key: item.key, user: item.user, order: item.order, kind: item.kind,
      device_at: item.at, sent_device_at: new Date().toISOString(), place: place(item.place),
    };
    var files = [];
    function attach(name, kept) {
      files.push([name, new Blob([kept.data], { type: kept.type }), name + (kept.type === "image/png" ? ".png" : ".jpg")]);
      return name;
    }
    function photos(kinds) {
      return draft.photos.filter(function (photo) { return kinds.indexOf(photo.kind) >= 0; }).map(function (photo, n) {
        return { kind: photo.kind, device_at: photo.at, place: place(photo.place), file: attach("foto-" + n, photo) };
      });
    }
    if (draft && draft.arrival) body.arrival = { device_at: draft.arrival.at, place: place(draft.arrival.place) };
    if (item.kind === "report") {
      body.review = draft.review;
      body.tasks = Object.keys(draft.tasks).filter(function (code) { return draft.tasks[code].on; }).map(function (code) {
        var task = draft.tasks[code];
        return { code: code, found: task.found, done: task.done, materials: task.materials };
      });
      body.services = Object.keys(draft.services).map(function (id) {
        return { id: Number(id), works: draft.services[id].works === true, note: draft.services[id].note || "" };
      });
      body.photos = photos(["before", "after"]);
      body.signatures = Object.keys(draft.papers).filter(function (paper) { return draft.papers[paper].on; }).map(function (paper, n) {
        var signed = draft.papers[paper];
        return {
          paper: paper, name: signed.name, ci: signed.ci, device_at: signed.at, place: place(signed.place),
          file: signed.data ? attach("firma-" + n, signed) : "",
        };
      });
    } else if (item.kind === "failure") {
      body.failure = draft.failure.kind;
      body.note = draft.failure.note;
      body.until = draft.failure.kind === "postponed" ? draft.failure.until : "";
      body.photos = photos(["absence"]);
    }
    var sent = new FormData();
    sent.append("envio", JSON.stringify(body));
    files.forEach(function (file) { sent.append(file[0], file[1], file[2]); });
    return sent;
  }

  // What became of it: "accepted" "conflict" "refused" are final; "later" and "expired" leave it waiting.
  function send(item, csrf) {
    return ask("/terreno/api/envios/", { method: "POST", body: form(item), headers: { "X-CSRFToken": csrf } }).then(function (response) {
      if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) return { state: "expired" };
      if (response.status >= 500 || response.status === 429) return { state: "later" };
      return response.json().then(function (told) {
        if (response.ok) return { state: "accepted", told: told };
        return { state: response.status === 409 ? "conflict" : "refused", told: told };
      }).catch(function () { return { state: response.status === 413 ? "refused" : "later", told: {} }; });
    }).catch(function () { return { state: "later" }; });
  }

  function settle(item, result) {
    if (result.state === "later" || result.state === "expired") {
      item.tries = (item.tries || 0) + 1;
      return field.store.put("outbox", item);
    }
    item.state = result.state;
    item.told = result.told || {};
    item.settledAt = Date.now();
    if (result.state === "accepted") item.draft = null; // the pictures are on the server now
    return field.store.put("outbox", item);
  }

  function one(items, csrf, at) {
    if (at >= items.length) return Promise.resolve("done");
    return send(items[at], csrf).then(function (result) {
      return settle(items[at], result).then(function () {
        if (result.state === "later" || result.state === "expired") return result.state;
        return one(items, csrf, at + 1);
      });
    });
  }

  // What the person of the session has waiting, oldest first; what is another's stays until he signs in himself.
  function empty(who) {
    return field.store.all("outbox", who.user.id).then(function (rows) {
      var old = rows.filter(function (row) { return row.state === "accepted" && Date.now() - row.settledAt > KEPT_MS; });
      var waiting = rows.filter(function (row) { return row.state === "waiting"; });
      waiting.sort(function (a, b) { return a.put - b.put; });
      var cleared = old.length ? field.store.change([], old.map(function (row) { return ["outbox", row.user, row.key]; })) : Promise.resolve();
      return cleared.then(function () { return one(waiting, who.csrf, 0); });
    });
  }

  function flush() {
    function now() {
      return session().then(function (who) {
        if (!who.reached || !who.user || !who.allowed) return { who: who, sent: "not" };
        return empty(who).then(function (sent) { return { who: who, sent: sent }; });
      });
    }
    // Two windows of one telephone take turns.
    return self.navigator.locks ? self.navigator.locks.request("thaki-terreno-envio", now) : now();
  }

  field.net = { session: session, visits: visits, flush: flush };
})();
