// One visit: who, where, what is wrong; the way through it; and its end.
(function () {
  "use strict";
  var field = (self.thakiField = self.thakiField || {});
  var h = field.h, t = field.t, icon = field.icon, time = field.time;

  function datum(label, value) {
    return value ? h("div", { class: "datum" }, h("span", { class: "dim" }, label), h("div", {}, value)) : null;
  }

  function customer(visit) {
    var map = visit.lat !== null ? "geo:" + visit.lat + "," + visit.lon + "?q=" + visit.lat + "," + visit.lon + "(" + encodeURIComponent(visit.customer) + ")" : "";
    return h("section", { class: "card" },
      h("div", { class: "row" }, h("h2", {}, visit.customer), visit.vip ? field.parts.badge("VIP", "accent", "star") : null),
      datum(t("address"), visit.address), datum(t("reference"), visit.reference),
      h("div", { class: "pair" },
        visit.phone ? h("a", { class: "btn", href: "tel:+591" + visit.phone }, icon("phone-call"), visit.phone_shown) : h("span", { class: "btn", "aria-disabled": "true" }, icon("phone-off"), t("no_phone")),
        map ? h("a", { class: "btn", href: map }, icon("map-2"), t("map")) : h("span", { class: "btn", "aria-disabled": "true" }, icon("map-pin"), t("no_map"))),
      map ? h("p", { class: "dim" }, Number(visit.lat).toFixed(5) + ", " + Number(visit.lon).toFixed(5)) : null);
  }

  function history(visit) {
    return h("details", { class: "card" },
      h("summary", {}, icon("history"), t("history")),
      visit.claims.length ? h("ul", { class: "plain" }, visit.claims.map(function (claim) {
        return h("li", {}, h("strong", {}, time.day(claim.at)), " ", claim.fault, claim.solution ? h("div", { class: "dim" }, claim.solution) : h("div", { class: "dim" }, t("unsolved")));
      })) : h("p", { class: "dim" }, t("no_claims")),
      visit.line.length ? h("dl", { class: "line" }, visit.line.map(function (each) {
        return [h("dt", {}, each.label), h("dd", {}, each.value)];
      })) : h("p", { class: "dim" }, t("no_line")),
      datum(t("observations"), visit.observations));
  }

  function way(visit, draft) {
    var done = field.draft.done(draft, visit);
    function row(name, href, shape, detail) {
      return h("a", { class: "card step", href: "#/v/" + visit.id + "/" + href, "data-done": done[name] ? "yes" : "no" },
        icon(shape), h("span", {}, h("strong", {}, t("step_" + name)), h("span", { class: "dim" }, detail)),
        icon(done[name] ? "circle-check" : "chevron-right"));
    }
    var tasks = Object.keys(draft.tasks).filter(function (code) { return draft.tasks[code].on; }).length;
    var working = visit.services.filter(function (each) { return (draft.services[each.id] || {}).works === true; }).length;
    var photos = draft.photos.filter(function (photo) { return photo.kind !== "absence"; }).length;
    var papers = field.draft.papers(draft);
    var signed = papers.filter(function (paper) { return field.draft.signed(draft.papers[paper]); }).length;
    return [
      row("work", "trabajo", "checklist", t("n_tasks", { n: tasks })),
      row("services", "servicios", "wifi", t("n_of", { n: working, all: visit.services.length })),
      row("photos", "fotos", "camera", t("n_photos", { n: photos })),
      row("papers", "firmas", "signature", t("n_of", { n: signed, all: papers.length })),
    ];
  }

  function arrival(visit, draft, again) {
    var at = draft.arrival ? draft.arrival.at : visit.arrived_at;
    if (!at) {
      return h("button", {
        type: "button", class: "btn strong big", "data-arrive": true,
        onclick: function (event) {
          var button = event.currentTarget;
          button.disabled = true;
          button.textContent = t("taking_place");
          field.draft.arrive(draft).then(function () { field.app.sync(); again(); });
        },
      }, icon("current-location"), t("arrive"));
    }
    var where = draft.arrival ? draft.arrival.place : null;
    return h("p", { class: "note", "data-tone": "good" }, icon("circle-check"), t("arrived_at", { when: time.instant(at) }), " ",
      where && where.why ? t("place_" + where.why) : where ? t("place_taken", { m: where.accuracy_m }) : "");
  }

  function end(visit, draft) {
    var missing = field.draft.missing(draft, visit);
    return h("section", { class: "card" },
      missing.length ? [h("strong", {}, t("still")), h("ul", {}, missing.map(function (text) { return h("li", {}, text); }))] : h("p", {}, t("complete")),
      h("button", {
        type: "button", class: "btn strong big", "data-finish": true, disabled: missing.length > 0,
        onclick: function (event) {
          event.currentTarget.disabled = true;
          finish(visit, draft);
        },
      }, icon("send"), t("finish")),
      h("a", { class: "btn", href: "#/v/" + visit.id + "/no-se-pudo" }, icon("door-exit"), t("could_not")));
  }

  function finish(visit, draft) {
    field.device.where(5000).then(function (place) { return field.draft.finish(draft, "report", place); }).then(function () {
      field.toast(t("queued"));
      location.hash = "#/";
      field.app.sync();
    });
  }

  // What became of a submission, and what its person can do about it.
  function outcome(item) {
    if (item.state === "waiting") return h("p", { class: "note", "data-tone": "wait" }, icon("upload"), t("waiting_more"));
    if (item.state === "accepted") return h("p", { class: "note", "data-tone": "good" }, icon("cloud-check"), t("sent_more", { when: time.instant((item.told && item.told.at) || item.at) }));
    var errors = Object.values((item.told && item.told.errors) || {});
    if (item.state === "conflict") {
      return h("div", { class: "note", "data-tone": "bad" }, icon("alert-triangle"), h("strong", {}, t("conflict")), " ",
        (item.told && item.told.message) || "", h("p", {}, t("conflict_more")));
    }
    return h("div", { class: "note", "data-tone": "bad" }, icon("alert-circle"), h("strong", {}, t("refused")),
      h("ul", {}, (errors.length ? errors : [t("refused_plain")]).map(function (text) { return h("li", {}, text); })),
      item.draft ? h("button", { type: "button", class: "btn strong", "data-mend": true, onclick: function () {
        field.draft.takeBack(item).then(function () { location.hash = "#/v/" + item.order; field.app.show(); });
      } }, t("mend")) : null);
  }

  field.screens.visit = function (state, visit, draft) {
    return field.store.all("outbox", state.user.id).then(function (rows) {
      var mine = rows.filter(function (row) { return row.order === visit.id; }).sort(function (a, b) { return a.put - b.put; });
      var ended = mine.filter(function (row) { return row.kind !== "arrival"; }).pop();
      var now = Date.now() + state.offset;
      var again = function () { field.app.show(); };
      return h("div", { class: "stack" },
        h("h1", {}, visit.number), h("div", { class: "row" }, visit.agreed_from ? field.parts.badge(time.instant(visit.agreed_from), "info", "calendar-time") : null, field.parts.left(visit, now, draft)),
        mine.filter(function (row) { return row.kind !== "arrival" || row.state === "conflict" || row.state === "refused"; }).map(outcome),
        h("section", { class: "card" }, datum(t("fault"), visit.fault), datum(t("product"), visit.product + (visit.service ? " · " + visit.service : ""))),
        customer(visit), history(visit),
        visit.closed || (ended && ended.state !== "refused") ? h("p", { class: "dim" }, visit.closed ? t("visit_closed") : "") :
          [arrival(visit, draft, again), way(visit, draft), end(visit, draft)]);
    });
  };
  field.screens.submission = function (state, item) {
    return Promise.resolve(h("div", { class: "stack" }, h("h1", {}, item.label || t("kind_" + item.kind)), h("p", { class: "dim" }, time.instant(item.at)), outcome(item),
      item.state === "conflict" ? h("button", { type: "button", class: "btn", "data-read": true, onclick: function () {
        field.store.remove("outbox", item.user, item.key).then(function () { location.hash = "#/"; });
      } }, t("understood")) : null));
  };
})();
