// The staff's screens: small questions open in a dialog, and a key acts on the row of the list that has the focus.
(function () {
  "use strict";

  // <a href="…" data-ask>: the page behind the link brings only its form when htmx asks; without a script the link just opens it.
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-ask]");
    var dialog = document.getElementById("tk-ask");
    if (!link || !dialog || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    var menu = link.closest("details[open]");
    if (menu) menu.open = false;
    window.htmx.ajax("GET", link.href, { target: "#tk-ask-body", swap: "innerHTML" }).then(function () {
      if (!dialog.open) dialog.showModal();
      dialog.classList.toggle("tk-dialog--wide", Boolean(dialog.querySelector("[data-wide]")));
      var field = dialog.querySelector("form :is(input, select, textarea):not([type=hidden])");
      if (field) field.focus();
    });
  });
  document.addEventListener("click", function (event) {
    var closer = event.target.closest("#tk-ask [data-ask-close]");
    if (!closer) return;
    event.preventDefault();
    document.getElementById("tk-ask").close();
  });

  // <div data-present="…">: who else has the task open, asked for while the page is in sight.
  window.thaki.enhance("[data-present]", function (box) {
    var last = null;
    function ask() {
      if (document.hidden) return;
      window.thaki.post(box.dataset.present, {}).then(function (answer) { return answer.ok ? answer.text() : last; }).then(function (text) {
        if (text === null || text === last) return; // the same words again would be read aloud again
        last = text;
        box.innerHTML = text;
      }).catch(function () { /* no connection: the page says so elsewhere */ });
    }
    setTimeout(ask, 500);
    var timer = setInterval(function () { if (box.isConnected) ask(); else clearInterval(timer); }, 15000);
    document.addEventListener("visibilitychange", ask);
  });

  // <button data-row-press="t">: presses [data-row-key="t"] of the chosen row, or of the first one that has it.
  document.addEventListener("click", function (event) {
    var proxy = event.target.closest("[data-row-press]");
    if (!proxy) return;
    var wanted = "[data-row-key='" + proxy.dataset.rowPress + "']";
    var row = document.querySelector("[data-rows] tr:focus-within");
    var button = row ? row.querySelector(wanted) : document.querySelector("[data-rows] " + wanted);
    if (button) button.click();
  });
  // What came meanwhile is shown without asking: each minute, and when one comes back to the window. Not while rows are chosen.
  function fresh() {
    var lists = document.getElementById("listas");
    if (!lists || document.hidden || document.querySelector("dialog[open], details.tk-menu[open]")) return;
    if (lists.querySelector("input[name=task]:checked") || lists.querySelector(".htmx-request") || lists.matches(":has(select:focus)")) return;
    document.body.dispatchEvent(new Event("worklist"));
  }
  setInterval(fresh, 60000);
  document.addEventListener("visibilitychange", fresh);

  // <form data-first-field>: the first question still without an answer has the focus, if it is in sight: nobody is scrolled
  // past what the page says above it, no telephone opens its keyboard, and the keys of the page still answer after Escape.
  window.thaki.enhance("form[data-first-field]", function (form) {
    if (matchMedia("(hover: none)").matches || document.querySelector(".tk-errors") || document.activeElement !== document.body) return;
    setTimeout(function () { // when the form has hidden what it does not ask
      var asked = Array.from(form.elements).filter(function (one) { return one.required && one.offsetParent && !one.disabled && !one.readOnly; });
      var first = asked.find(function (one) {
        if (one.type === "radio") return !form.querySelector("input[name='" + one.name + "']:checked");
        return one.type === "checkbox" ? !one.checked : !one.value;
      });
      var seen = first && first.getBoundingClientRect();
      var bar = form.querySelector(".tk-submit");
      var bottom = Math.min(innerHeight, bar ? bar.getBoundingClientRect().top : innerHeight);
      if (seen && seen.top >= 0 && seen.bottom <= bottom && document.activeElement === document.body) first.focus({ preventScroll: true });
    });
  });

  // When a row goes away the focus goes to the one that takes its place, so that j, k and t go on from there.
  var place = -1;
  document.addEventListener("htmx:beforeSwap", function (event) {
    var links = Array.from(event.target.querySelectorAll("a[data-row]"));
    var row = document.activeElement && document.activeElement.closest("tr");
    place = row ? links.findIndex(function (link) { return row.contains(link); }) : -1;
  });
  document.addEventListener("htmx:afterSettle", function (event) {
    var links = event.target.querySelectorAll("a[data-row]");
    if (place >= 0 && links.length) links[Math.min(place, links.length - 1)].focus();
    place = -1;
  });
})();
