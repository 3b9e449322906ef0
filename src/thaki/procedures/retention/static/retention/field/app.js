// The app itself: who is there, which screen, and keeping in step with the server whenever there is a signal.
(function () {
  "use strict";
  var field = self.thakiField;
  var h = field.h, t = field.t, icon = field.icon;
  var EVERY_MS = 60000;
  var SKEW_MS = 5 * 60000;
  var state = { user: null, session: "unknown", offset: 0, synced: "", reached: false, others: 0, allowed: true, busy: false };
  var main = document.getElementById("main");
  var head = document.getElementById("head");
  var box = document.getElementById("lines");

  // ---- the head: signal, what waits, who
  function strip() {
    return Promise.all([state.user ? field.store.all("outbox", state.user.id) : [], state.user ? field.store.waitingOfOthers(state.user.id) : 0]).then(function (found) {
      var waiting = found[0].filter(function (item) { return item.state === "waiting"; }).length;
      var login = "/cuenta/login/?next=/terreno/";
      var lines = [];
      if (!state.reached) lines.push(line("wait", "cloud-off", t("offline")));
      if (state.reached && state.session === "none") lines.push(line("bad", "login-2", state.user ? t("expired") : t("sign_in"), h("a", { class: "btn", href: login }, t("enter"))));
      if (state.session === "forbidden") lines.push(line("bad", "lock", t("not_yours"), h("a", { class: "btn", href: "/" }, t("office"))));
      if (waiting) {
        var now = h("button", { type: "button", class: "btn", onclick: function () { sync(true); } }, t("send_now"));
        lines.push(line("wait", "upload", t("n_waiting", { n: waiting }), state.reached && state.session === "ok" ? now : null));
      }
      if (found[1] && state.session === "ok") lines.push(line("warn", "users", t("waiting_of_others", { n: found[1] })));
      if (Math.abs(state.offset) > SKEW_MS) lines.push(line("warn", "clock-exclamation", t("skewed", { time: field.time.span(state.offset) })));
      box.replaceChildren.apply(box, lines);
      head.querySelector("[data-who]").textContent = state.user ? state.user.name : "";
      head.querySelector("[data-leave]").hidden = !state.user;
      head.querySelector("[data-signal]").dataset.signal = state.reached ? "yes" : "no";
    });
  }
  function line(tone, shape, text, more) {
    return h("div", { class: "strip", "data-tone": tone }, icon(shape), h("span", {}, text), more);
  }

  // ---- screens by address
  function show() {
    var parts = location.hash.replace(/^#\/?/, "").split("/");
    var back = head.querySelector("[data-back]");
    back.hidden = !parts[0];
    back.href = parts.length > 2 ? "#/" + parts[0] + "/" + parts[1] : "#/";
    return screen(parts).then(function (node) {
      main.replaceChildren(node);
      return strip();
    }).catch(function (error) {
      main.replaceChildren(h("p", { class: "note", "data-tone": "bad" }, t("trouble"), " ", String((error && error.message) || error)));
    });
  }
  function screen(parts) {
    if (!state.user || state.session === "forbidden") return Promise.resolve(h("div", { class: "empty" }, icon("lock"), h("strong", {}, t("nobody")), h("p", {}, t("nobody_more"))));
    if (parts[0] === "envio") {
      return field.store.get("outbox", state.user.id, parts[1]).then(function (item) { return item ? field.screens.submission(state, item) : field.screens.list(state); });
    }
    if (parts[0] === "borrador") {
      return field.store.get("drafts", state.user.id, Number(parts[1])).then(function (draft) { return draft ? field.screens.begun(state, draft) : field.screens.list(state); });
    }
    if (parts[0] !== "v") return field.screens.list(state);
    return field.store.get("visits", state.user.id, Number(parts[1])).then(function (visit) {
      if (!visit) return h("div", { class: "empty" }, icon("calendar-event"), h("strong", {}, t("gone")), h("p", {}, t("gone_more")));
      return field.draft.load(state.user.id, visit).then(function (draft) { return of(parts[2])(state, visit, draft); });
    });
  }
  function of(name) {
    return { trabajo: field.screens.work, servicios: field.screens.services, fotos: field.screens.photos, firmas: field.screens.papers, "no-se-pudo": field.screens.failure }[name] || field.screens.visit;
  }

  // ---- keeping in step
  function took(who) {
    state.reached = who.reached;
    if (!who.reached) return Promise.resolve(false);
    state.offset = who.offset;
    if (!who.user) {
      state.session = "none";
      return Promise.resolve(false);
    }
    state.session = who.allowed ? "ok" : "forbidden";
    if (!who.allowed) return Promise.resolve(false);
    var changed = state.user && state.user.id !== who.user.id;
    state.user = who.user;
    // Another person's customers are nothing to the one who signs in; his own unsent work waits for him.
    var first = changed ? field.store.forgetVisits() : Promise.resolve();
    return first.then(function () { return field.store.setMeta("person", { user: who.user, offset: who.offset, synced: changed ? "" : state.synced }); }).then(function () { return true; });
  }

  function sync(told) {
    if (state.busy) return Promise.resolve();
    state.busy = true;
    return endSession().then(function () { return field.net.flush(); }).then(function (done) {
      return took(done.who).then(function (ok) {
        if (!ok) return null;
        return field.net.visits().then(function (answer) {
          if (!answer) return null;
          state.synced = answer.now;
          return field.store.replaceVisits(state.user.id, answer.visits.map(function (visit) { return Object.assign({ tasks: answer.tasks }, visit); }))
            .then(function () { return field.store.setMeta("person", { user: state.user, offset: state.offset, synced: answer.now }); });
        });
      });
    }).catch(function () {}).then(function () {
      state.busy = false;
      if (told && !state.reached) field.toast(t("still_offline"), "bad");
      askForBackground();
      return isTyping() ? strip() : show();
    });
  }
  // A screen on which somebody writes is not drawn anew under his fingers.
  function isTyping() {
    return /^#\/v\/\d+\/./.test(location.hash) || Boolean(document.querySelector("dialog[open]"));
  }

  function askForBackground() {
    if (!navigator.serviceWorker) return;
    navigator.serviceWorker.ready.then(function (registration) {
      if (registration.sync && !state.reached) return registration.sync.register("envios");
      return null;
    }).catch(function () {});
  }

  // ---- leaving; without signal the session is ended as soon as there is one
  function leave() {
    field.confirm(t("leave"), t("leave_more"), t("leave")).then(function (sure) {
      if (!sure) return;
      field.store.forgetVisits().then(function () { return field.store.setMeta("leave", true); }).then(function () {
        state.user = null;
        return endSession();
      }).then(function (ended) { location.assign(ended ? "/terreno/salir/" : "/terreno/"); });
    });
  }
  function endSession() {
    return field.store.meta("leave").then(function (wanted) {
      if (!wanted) return false;
      return field.net.session().then(function (who) {
        if (!who.reached) return false;
        var headers = { "X-CSRFToken": who.csrf };
        var out = who.user ? fetch("/cuenta/logout/", { method: "POST", credentials: "same-origin", redirect: "manual", headers: headers }) : Promise.resolve();
        return out.then(function () { return field.store.setMeta("leave", false); }).then(function () { return true; }).catch(function () { return false; });
      });
    });
  }

  // ---- begin
  function begin() {
    head.querySelector("[data-leave]").addEventListener("click", leave);
    head.querySelector("[data-again]").addEventListener("click", function () { sync(true); });
    window.addEventListener("hashchange", function () { window.scrollTo(0, 0); show(); });
    window.addEventListener("online", function () { sync(); });
    window.addEventListener("offline", function () { state.reached = false; strip(); });
    document.addEventListener("visibilitychange", function () { if (!document.hidden) sync(); });
    setInterval(function () { if (!document.hidden) sync(); }, EVERY_MS);
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
    if (navigator.serviceWorker) {
      navigator.serviceWorker.register("/terreno/sw.js", { scope: "/terreno/" }).then(function () {
        return navigator.serviceWorker.ready;
      }).then(function () { document.documentElement.dataset.ready = "yes"; }).catch(function () {});
      navigator.serviceWorker.addEventListener("message", function (event) { if (event.data === "sent") sync(); });
    }
    field.store.meta("person").then(function (kept) {
      if (kept) Object.assign(state, { user: kept.user, offset: kept.offset || 0, synced: kept.synced || "" });
      return show();
    }).then(function () { return sync(); });
  }

  field.app = { show: show, sync: sync, state: state };
  begin();
})();
