// What the technician has noted of a visit and not sent: kept at every change, and what it still lacks.
(function () {
  "use strict";
  var field = (self.thakiField = self.thakiField || {});
  var t = field.t;

  function fresh(user, visit) {
    return {
      user: user, order: visit.id, label: visit.number, arrival: null, review: "", tasks: {}, services: {}, photos: [], papers: {},
      failure: { kind: "", note: "", until: "" },
    };
  }

  // One object a visit while the page is open, so that two screens never write over each other.
  var held = {};
  function load(user, visit) {
    var name = user + ":" + visit.id;
    if (held[name]) return Promise.resolve(held[name]);
    return field.store.get("drafts", user, visit.id).then(function (kept) {
      return (held[name] = held[name] || kept || fresh(user, visit));
    });
  }
  function isHeld(draft) {
    return held[draft.user + ":" + draft.order] === draft;
  }

  // Saves follow one another, so that the last one stands; the mark at the page's head says when it is on the disk.
  var line = Promise.resolve();
  function save(draft) {
    draft.saved = new Date().toISOString();
    line = line.then(function () { return field.store.put("drafts", draft); }).catch(function () { field.toast(t("not_saved"), "bad"); });
    return line;
  }

  function done(draft, visit) {
    var on = Object.keys(draft.tasks).filter(function (code) { return draft.tasks[code].on; });
    return {
      arrival: Boolean(draft.arrival || visit.arrived_at),
      work: on.length > 0 && on.every(function (code) { return draft.tasks[code].done.trim(); }),
      services: visit.services.length > 0 && visit.services.every(function (each) { return (draft.services[each.id] || {}).works === true; }),
      photos: draft.photos.some(function (photo) { return photo.kind !== "absence"; }),
      papers: papers(draft).length > 0 && papers(draft).every(function (paper) { return signed(draft.papers[paper]); }),
    };
  }
  function papers(draft) {
    return Object.keys(draft.papers).filter(function (paper) { return draft.papers[paper].on; });
  }
  function signed(paper) {
    return Boolean(paper.data && paper.name.trim());
  }

  // Why it cannot be sent yet, in the order in which it is done.
  function missing(draft, visit) {
    var found = [];
    var state = done(draft, visit);
    if (!state.arrival) found.push(t("need_arrival"));
    if (!state.work) found.push(t("need_work"));
    if (!state.services) found.push(t("need_services"));
    if (!papers(draft).length) found.push(t("need_paper"));
    papers(draft).forEach(function (paper) {
      if (!signed(draft.papers[paper])) found.push(t("need_signature", { paper: t("paper_" + paper) }));
    });
    return found;
  }

  function missingOfFailure(draft) {
    var failure = draft.failure;
    if (!failure.kind) return [t("need_kind")];
    if (failure.kind === "absent" && !draft.photos.some(function (photo) { return photo.kind === "absence"; })) return [t("need_proof")];
    if (failure.kind === "postponed" && !failure.until) return [t("need_until")];
    if ((failure.kind === "refused" || failure.kind === "plant_fault") && !failure.note.trim()) return [t("need_note")];
    return [];
  }

  // Into the outbox in the moment in which it stops being a draft: one transaction of the telephone's own store.
  function finish(draft, kind, place) {
    var item = { user: draft.user, key: field.device.key(), order: draft.order, label: draft.label, kind: kind, at: new Date().toISOString(), put: Date.now(), place: place, state: "waiting", draft: draft };
    return line.then(function () {
      return field.store.change([["outbox", item]], [["drafts", draft.user, draft.order]]);
    }).then(function () { delete held[draft.user + ":" + draft.order]; });
  }

  // The arrival goes at once, on its own: the 24 hours end with it.
  function arrive(draft) {
    var item = { user: draft.user, key: field.device.key(), order: draft.order, label: draft.label, kind: "arrival", at: new Date().toISOString(), put: Date.now(), place: { why: "unknown" }, state: "waiting", draft: null };
    draft.arrival = { at: item.at, place: item.place };
    return field.store.change([["outbox", item], ["drafts", draft]], []).then(function () {
      return field.device.where(8000);
    }).then(function (place) {
      draft.arrival.place = item.place = place;
      return field.store.get("outbox", draft.user, item.key).then(function (row) {
        var puts = row && row.state === "waiting" ? [["outbox", item]] : [];
        if (isHeld(draft)) puts.push(["drafts", draft]);
        return puts.length ? field.store.change(puts, []) : undefined;
      });
    });
  }

  // What the server refused comes back to be mended; the telephone makes a new submission of it.
  function takeBack(item) {
    delete held[item.user + ":" + item.order];
    return field.store.change([["drafts", item.draft]], [["outbox", item.user, item.key]]);
  }

  function discard(draft) {
    delete held[draft.user + ":" + draft.order];
    return field.store.remove("drafts", draft.user, draft.order);
  }

  field.draft = {
    discard: discard,
    load: load, save: save, done: done, missing: missing, missingOfFailure: missingOfFailure, finish: finish,
    arrive: arrive, takeBack: takeBack, papers: papers, signed: signed,
  };
})();
