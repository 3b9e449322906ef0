// One key for search (/), two for places (g t), Ctrl+Enter sends the form, j/k move in lists, Enter opens the first row when none
// is chosen, Escape leaves a field; ? shows what the page knows.
(function () {
  "use strict";
  var before = "";
  var timer;

  function typing(target) {
    return target.closest && target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  }
  function rows() {
    return Array.from(document.querySelectorAll("[data-rows] a[data-row]"));
  }
  function move(step) {
    var list = rows();
    if (!list.length) return false;
    var at = list.indexOf(document.activeElement);
    list[Math.min(Math.max(at + step, 0), list.length - 1)].focus();
    return true;
  }
  function press(keys) {
    var wanted = Array.from(document.querySelectorAll("[data-key]")).filter(function (element) { return element.dataset.key === keys; });
    var element = wanted.find(function (candidate) { return candidate.offsetParent !== null; }) || wanted[0];
    if (!element) return false;
    if (element.matches("input, textarea, select")) { element.focus(); element.select && element.select(); } else { element.click(); }
    return true;
  }
  document.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      var form = event.target.closest("form") || document.querySelector("form[data-main-form]");
      if (form) { event.preventDefault(); form.requestSubmit(form.querySelector("[data-main-submit]")); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (typing(event.target)) {
      // Out of the field, so that the page's keys answer again; a part of the page that closes by Escape does only that.
      if (event.key === "Escape" && !event.defaultPrevented && !event.target.closest("details[open], [data-asking]")) event.target.blur();
      return;
    }
    if (event.key === "Enter" && document.activeElement === document.body && rows().length) { event.preventDefault(); rows()[0].click(); return; }
    var keys = before ? before + " " + event.key : event.key;
    clearTimeout(timer);
    before = "";
    if (press(keys)) { event.preventDefault(); return; }
    if (event.key === "?") { event.preventDefault(); help(); return; }
    if (event.key === "j" && move(1)) { event.preventDefault(); return; }
    if (event.key === "k" && move(-1)) { event.preventDefault(); return; }
    before = event.key.length === 1 ? event.key : "";
    timer = setTimeout(function () { before = ""; }, 900);
  });

  // The list of keys is made from the page itself, so it never lies.
  function help() {
    var dialog = document.getElementById("tk-keys");
    if (!dialog) return;
    var list = dialog.querySelector("dl");
    list.querySelectorAll("[data-made]").forEach(function (node) { node.remove(); });
    var seen = {};
    document.querySelectorAll("[data-key]").forEach(function (element) {
      var label = element.dataset.keyLabel || element.getAttribute("aria-label") || element.textContent.trim();
      if (seen[element.dataset.key] || !label) return;
      seen[element.dataset.key] = true;
      var term = document.createElement("dt");
      var text = document.createElement("dd");
      element.dataset.key.split(" ").forEach(function (key) {
        var kbd = document.createElement("kbd");
        kbd.textContent = key;
        term.append(kbd, " ");
      });
      text.textContent = label.replace(/\s+/g, " ");
      term.dataset.made = text.dataset.made = "1";
      list.append(term, text);
    });
    dialog.showModal();
  }
  document.addEventListener("click", function (event) { if (event.target.closest("[data-keys]")) help(); });
})();
