// Today's visits: what is first, how long is left, and what waits to be sent.
(function () {
  "use strict";
  var field = (self.thakiField = self.thakiField || {});
  var h = field.h, t = field.t, icon = field.icon, time = field.time;

  function badge(text, tone, shape) {
    return h("span", { class: "badge", "data-tone": tone || "neutral" }, shape ? icon(shape) : null, text);
  }

  // The clock of the 24 hours ends with the arrival.
  function left(visit, now, draft) {
    var arrived = visit.arrived_at || (draft && draft.arrival && draft.arrival.at);
    if (arrived) return badge(t("arrived", { hour: time.hour(arrived) }), "good", "check");
    if (visit.paused_until) return badge(t("paused", { when: time.instant(visit.paused_until) }), "wait", "player-pause");
    if (!visit.due_at) return null;
    var rest = Date.parse(visit.due_at) - now;
    if (rest < 0) return badge(t("late", { time: time.span(rest) }), "bad", "clock-exclamation");
    return badge(t("left", { time: time.span(rest) }), rest < 6 * 3600000 ? "warn" : "neutral", "clock");
  }

  // How the telephone's own work on a visit stands: the newest submission says it.
  function progress(items, draft) {
    var rows = items.filter(function (item) { return item.kind !== "arrival" || item.state !== "accepted"; });
    var last = rows[rows.length - 1];
    if (last && last.state === "waiting") return badge(t("waiting"), "wait", "upload");
    if (last && last.state === "conflict") return badge(t("conflict"), "bad", "alert-triangle");
    if (last && last.state === "refused") return badge(t("refused"), "bad", "alert-circle");
    if (last && last.state === "accepted") return badge(t("sent"), "good", "cloud-check");
    if (draft && draft.saved) return badge(t("draft"), "info", "edit");
    return null;
  }

  // An arrival that waits to be sent is one already.
  function noted(items) {
    var told = items.find(function (item) { return item.kind === "arrival" && item.state === "waiting"; });
    return told ? { arrival: { at: told.at } } : null;
  }

  function card(visit, items, draft, now) {
    var hours = visit.agreed_from ? time.hour(visit.agreed_from) + (visit.agreed_to ? "–" + time.hour(visit.agreed_to) : "") : t("no_hour");
    var otherDay = visit.agreed_from && time.day(visit.agreed_from) !== time.day(new Date(now).toISOString());
    return h("a", { class: "card visit", href: "#/v/" + visit.id, "data-order": visit.number },
      h("div", { class: "row" }, h("strong", { class: "hour" }, otherDay ? time.day(visit.agreed_from).slice(0, 5) + " " : "", hours),
        visit.vip ? badge("VIP", "accent", "star") : null, left(visit, now, draft || noted(items))),
      h("div", { class: "name" }, visit.customer),
      h("div", { class: "where" }, icon("map-pin"), visit.address || t("no_address")),
      h("div", { class: "row" }, h("span", { class: "dim" }, visit.number + " · " + visit.product), progress(items, draft)));
  }

  function kept(item) {
    var title = item.kind === "arrival" ? t("kind_arrival") : item.kind === "failure" ? t("kind_failure") : t("kind_report");
    return h("a", { class: "card", href: "#/envio/" + item.key },
      h("div", { class: "row" }, h("strong", {}, title), progress([item], null)),
      h("div", { class: "dim" }, item.label || "", " ", time.instant(item.at)));
  }

  function begun(draft) {
    return h("a", { class: "card", href: "#/borrador/" + draft.order },
      h("div", { class: "row" }, h("strong", {}, draft.label), badge(t("gone_draft"), "warn", "edit")),
      h("div", { class: "dim" }, time.instant(draft.saved)));
  }

  field.screens = field.screens || {};
  field.screens.begun = function (state, draft) {
    return Promise.resolve(h("div", { class: "stack" }, h("h1", {}, draft.label), h("p", { class: "note", "data-tone": "warn" }, t("gone_draft_more")),
      draft.review ? h("p", {}, draft.review) : null,
      h("button", { type: "button", class: "btn strong big", "data-give": true, onclick: function (event) {
        event.currentTarget.disabled = true;
        field.draft.finish(draft, "report", { why: "unknown" }).then(function () {
          location.hash = "#/";
          field.app.sync();
        });
      } }, icon("send"), t("give")),
      h("button", { type: "button", class: "btn", onclick: function () {
        field.confirm(t("discard"), t("discard_more"), t("discard")).then(function (sure) {
          if (sure) field.draft.discard(draft).then(function () { location.hash = "#/"; });
        });
      } }, icon("trash"), t("discard"))));
  };
  field.screens.list = function (state) {
    return Promise.all([
      field.store.all("visits", state.user.id), field.store.all("outbox", state.user.id), field.store.all("drafts", state.user.id),
    ]).then(function (found) {
      var now = Date.now() + state.offset;
      var visits = found[0], outbox = found[1], drafts = found[2];
      outbox.sort(function (a, b) { return a.put - b.put; });
      visits.sort(function (a, b) { return a.rank - b.rank; });
      var known = new Set(visits.map(function (visit) { return visit.id; }));
      var open = visits.filter(function (visit) { return !visit.closed; });
      var gone = outbox.filter(function (item) { return !known.has(item.order) && (item.state !== "accepted" || item.kind !== "arrival"); });
      // What was begun of a visit that is no more his.
      var left = drafts.filter(function (draft) {
        return draft.saved && !known.has(draft.order) && !outbox.some(function (item) { return item.order === draft.order && item.kind !== "arrival"; });
      });
      var cards = visits.map(function (visit) {
        var items = outbox.filter(function (item) { return item.order === visit.id; });
        var draft = drafts.find(function (each) { return each.order === visit.id; });
        return card(visit, items, draft, now);
      });
      return h("div", { class: "stack" },
        h("h1", {}, t("today"), h("span", { class: "dim" }, " " + time.day(new Date(now).toISOString()))),
        h("p", { class: "dim" }, state.synced ? t("as_of", { when: time.instant(state.synced) }) : t("never_synced")),
        cards.length ? cards : h("div", { class: "empty" }, icon("calendar-event"), h("strong", {}, t("nothing")), h("p", {}, t("nothing_more"))),
        open.length === 0 && cards.length ? h("p", { class: "dim" }, t("all_done")) : null,
        gone.length || left.length ? [h("h2", {}, t("others")), left.map(begun), gone.map(kept)] : null);
    });
  };
  field.parts = Object.assign(field.parts || {}, { badge: badge, left: left, progress: progress });
})();
