// The minute review: the five Xpress tasks with what was found, done and used; and every service tried, one by one.
(function () {
  "use strict";
  var field = (self.thakiField = self.thakiField || {});
  var h = field.h, t = field.t, icon = field.icon;

  function label(text, control, hint) {
    return h("label", { class: "field" }, h("span", {}, text), control, hint ? h("small", { class: "dim" }, hint) : null);
  }
  function area(value, name, keep) {
    return h("textarea", { rows: 2, value: value, name: name, maxlength: 500, oninput: function (event) { keep(event.target.value); } });
  }

  function materials(task, code, save) {
    var box = h("div", { class: "stack" });
    function draw() {
      box.replaceChildren();
      task.materials.forEach(function (each, n) {
        box.append(h("div", { class: "material" },
          h("input", { "aria-label": t("material"), name: "material-" + code + "-" + n, value: each.name, maxlength: 80, list: "materials", placeholder: t("material"), oninput: function (event) { each.name = event.target.value; save(); } }),
          h("input", { "aria-label": t("quantity"), name: "quantity-" + code + "-" + n, value: each.quantity, inputmode: "decimal", maxlength: 9, placeholder: "1", oninput: function (event) { each.quantity = event.target.value; save(); } }),
          h("input", { "aria-label": t("unit"), name: "unit-" + code + "-" + n, value: each.unit, maxlength: 12, placeholder: t("unit"), oninput: function (event) { each.unit = event.target.value; save(); } }),
          h("button", { type: "button", class: "btn icon", "aria-label": t("remove"), onclick: function () { task.materials.splice(n, 1); save(); draw(); } }, icon("x"))));
      });
      box.append(h("button", { type: "button", class: "btn", onclick: function () { task.materials.push({ name: "", quantity: "1", unit: "" }); save(); draw(); } }, icon("plus"), t("add_material")));
    }
    draw();
    return box;
  }

  function task(known, draft, save) {
    var kept = (draft.tasks[known.code] = draft.tasks[known.code] || { on: false, found: "", done: "", materials: [] });
    var more = h("div", { class: "stack more", hidden: !kept.on },
      label(t("found"), area(kept.found, "found-" + known.code, function (text) { kept.found = text; save(); })),
      label(t("done"), area(kept.done, "done-" + known.code, function (text) { kept.done = text; save(); })),
      h("strong", {}, t("materials")), materials(kept, known.code, save));
    return h("section", { class: "card" },
      h("label", { class: "check" },
        h("input", { type: "checkbox", name: "task-" + known.code, checked: kept.on, onchange: function (event) { kept.on = event.target.checked; more.hidden = !kept.on; save(); } }),
        h("span", {}, h("strong", {}, known.name), h("span", { class: "dim" }, known.problem))),
      more);
  }

  field.screens.work = function (state, visit, draft) {
    var save = function () { field.draft.save(draft); };
    return Promise.resolve(h("div", { class: "stack" }, h("h1", {}, t("step_work")),
      label(t("review"), area(draft.review, "review", function (text) { draft.review = text; save(); }), t("review_hint")),
      h("h2", {}, t("tasks")), h("p", { class: "dim" }, t("tasks_hint")),
      (visit.tasks || []).map(function (known) { return task(known, draft, save); }),
      h("datalist", { id: "materials" }, t("material_names").split("|").map(function (name) { return h("option", { value: name }); })),
      ready(visit)));
  };

  function service(each, draft, save) {
    var kept = (draft.services[each.id] = draft.services[each.id] || { works: null, note: "" });
    var note = label(t("service_note"), area(kept.note, "service-note-" + each.id, function (text) { kept.note = text; save(); }));
    note.hidden = kept.works !== false;
    function choice(value, text, shape) {
      return h("label", { class: "choice" },
        h("input", { type: "radio", name: "service-" + each.id, checked: kept.works === value, onchange: function () { kept.works = value; note.hidden = value; warn.hidden = value; save(); } }),
        h("span", { class: "btn" }, icon(shape), text));
    }
    var warn = h("p", { class: "note", "data-tone": "warn", hidden: kept.works !== false }, icon("alert-triangle"), t("not_working"));
    return h("fieldset", { class: "card" }, h("legend", {}, each.name), h("div", { class: "pair" }, choice(true, t("works"), "check"), choice(false, t("fails"), "x")), note, warn);
  }

  field.screens.services = function (state, visit, draft) {
    var save = function () { field.draft.save(draft); };
    return Promise.resolve(h("div", { class: "stack" }, h("h1", {}, t("step_services")), h("p", { class: "dim" }, t("services_hint")),
      visit.services.map(function (each) { return service(each, draft, save); }), ready(visit)));
  };

  function ready(visit) {
    return h("a", { class: "btn strong big", href: "#/v/" + visit.id }, t("ready"));
  }
  field.parts = Object.assign(field.parts || {}, { label: label, area: area, ready: ready });
})();
