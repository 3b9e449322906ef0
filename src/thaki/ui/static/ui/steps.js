// Small helps of the steps' forms; without JavaScript every field is shown and the server asks for what is missing.
//
// <div data-shown-when="category=business">…  shown while the form's field has that value; several are separated by "|"
// <button type="button" data-fill='{"customer": "12"}'>  fills fields of its form
// <… data-fill='…' data-fill-when="use_type=video">  also when the field takes that value ("plan": any), where nothing else was answered
// <select data-same="channel">  what is chosen in one is chosen in the others that are empty
(function () {
  "use strict";
  var thaki = window.thaki;

  function named(form, name) {
    return Array.from(form.elements).filter(function (field) { return field.name === name; });
  }
  function valueOf(form, name) {
    var fields = named(form, name);
    var choice = fields.some(function (field) { return field.type === "radio" || field.type === "checkbox"; });
    var chosen = choice ? fields.find(function (field) { return field.checked; }) : fields[0];
    return chosen ? chosen.value : "";
  }

  thaki.enhance("[data-shown-when]", function (part) {
    var form = part.closest("form");
    if (!form) return;
    var cut = part.dataset.shownWhen.indexOf("=");
    var name = part.dataset.shownWhen.slice(0, cut);
    var values = part.dataset.shownWhen.slice(cut + 1).split("|");
    function refresh() { part.hidden = values.indexOf(valueOf(form, name)) < 0; }
    form.addEventListener("change", refresh);
    refresh();
  });

  document.addEventListener("click", function (event) {
    var button = event.target.closest("button[data-fill]");
    var form = button && button.closest("form");
    if (form) fill(form, JSON.parse(button.dataset.fill));
  });
  function fill(form, values) {
    Object.keys(values).forEach(function (name) {
      named(form, name).forEach(function (field) {
        if (field.type === "radio" || field.type === "checkbox") field.checked = field.value === String(values[name]);
        else field.value = values[name];
      });
    });
    // Only now, so that whoever listens finds all of them filled.
    Object.keys(values).forEach(function (name) {
      named(form, name).forEach(function (field) {
        field.dispatchEvent(new Event("input", { bubbles: true }));
        field.dispatchEvent(new Event("change", { bubbles: true }));
      });
    });
  }

  thaki.enhance("[data-fill-when]", function (part) {
    var form = part.closest("form");
    var when = part.dataset.fillWhen.split("=");
    var values = JSON.parse(part.dataset.fill);
    if (!form) return;
    var filled = form.tkFilled = form.tkFilled || {}; // what was filled here, which the next answer may fill otherwise
    form.addEventListener("change", function (event) {
      if (event.target.name !== when[0] || (when[1] && valueOf(form, when[0]) !== when[1])) return;
      var free = Object.keys(values).every(function (name) {
        var now = valueOf(form, name);
        return !now || filled[name] === now;
      });
      if (!free) return;
      Object.keys(values).forEach(function (name) { filled[name] = String(values[name]); });
      fill(form, values);
    });
  });

  thaki.enhance("select[data-same]", function (select) {
    select.addEventListener("change", function () {
      select.form.querySelectorAll("select[data-same='" + select.dataset.same + "']").forEach(function (other) {
        if (!other.value) other.value = select.value;
      });
    });
  });
})();
