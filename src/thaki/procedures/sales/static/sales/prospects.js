// One key notes how a call ended: in a list for the row that is chosen (j and k choose it), on a case for the case.
(function () {
  "use strict";
  function typing(target) {
    return target.closest && target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  }
  function ask(form) {
    form.dataset.asking = "1";
    form.querySelector("[name=when]").focus();
  }
  function formOf(target) {
    var row = target.closest && target.closest("tr");
    return row && row.querySelector("form[data-quick]");
  }
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && event.target.closest) {
      var open = event.target.closest("form[data-asking]");
      if (open) { delete open.dataset.asking; var row = open.closest("tr"); var link = row && row.querySelector("a[data-row]"); if (link) link.focus(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
    var form = formOf(event.target);
    var button = form && form.querySelector("[data-quick-key='" + event.key + "']");
    if (button) { event.preventDefault(); event.stopPropagation(); button.click(); }
  }, true);
  // "Volver a llamar" asks when before it is sent; Enter in the field schedules it.
  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("form[data-quick] .sales-quick__what [value=call_back]");
    if (button) { event.preventDefault(); ask(button.closest("form")); }
  }, true);
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || !event.target.matches || !event.target.matches("form[data-quick] [name=when]")) return;
    event.preventDefault();
    var form = event.target.closest("form");
    form.requestSubmit(form.querySelector(".sales-quick__when button"));
  });
})();
