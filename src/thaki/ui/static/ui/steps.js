// Small helps of the steps' forms; without JavaScript every field is shown and the server asks for what is missing.
//
// <div data-shown-when="category=business">…  shown while the form's field has that value; several are separated by "|"
// <button type="button" data-fill='{"customer": "12"}'>  fills fields of its form
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
    var button = event.target.closest("[data-fill]");
    var form = button && button.closest("form");
    if (!form) return;
    var values = JSON.parse(button.dataset.fill);
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
  });
})();
