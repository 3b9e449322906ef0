// What every page does: menus, drawer, tabs' scroll, theme, toasts, double posts, errors of htmx, table rows that open.
(function () {
  "use strict";
  var thaki = window.thaki;

  // ---- menus made of <details>: one open at a time, closed by Escape or a click elsewhere
  function closeMenus(except) {
    document.querySelectorAll("details.tk-menu[open]").forEach(function (menu) { if (menu !== except) menu.open = false; });
  }
  document.addEventListener("click", function (event) { closeMenus(event.target.closest("details.tk-menu")); });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    var open = document.querySelector("details.tk-menu[open]");
    if (open) { open.open = false; open.querySelector("summary").focus(); }
    if (location.hash === "#menu") location.hash = "#contenido";
  });

  // ---- theme: shown at once, kept for the person
  thaki.enhance("form[data-theme-form]", function (form) {
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      var choice = event.submitter ? event.submitter.value : "auto";
      window.thakiTheme(choice);
      form.querySelectorAll("button").forEach(function (button) { button.setAttribute("aria-pressed", String(button.value === choice)); });
      thaki.post(form.action, { theme: choice });
    });
  });

  // ---- toasts: good news go by themselves, the rest waits to be closed
  thaki.toast = function (text, tone) {
    var region = document.getElementById("tk-toasts");
    var template = document.getElementById("tk-toast-" + (tone || "info"));
    if (!region || !template) return;
    var toast = template.content.firstElementChild.cloneNode(true);
    toast.querySelector("p").textContent = text;
    region.append(toast);
    run(toast);
  };
  function run(toast) {
    toast.querySelector(".tk-toast__close").addEventListener("click", function () { toast.remove(); });
    var offers = toast.querySelector("form") && !document.querySelector("[data-until-box]"); // time enough, unless the page offers it too
    if (toast.dataset.tone === "good" || toast.dataset.tone === "info") setTimeout(function () { toast.remove(); }, offers ? 25000 : 7000);
  }
  thaki.enhance(".tk-toasts > .tk-toast", run);
  // A response may say something without a page: HX-Trigger: {"toast": {"text": "…", "tone": "good"}}
  document.addEventListener("toast", function (event) { thaki.toast(event.detail.text, event.detail.tone); });

  // ---- <form data-until="2026-11-21T14:05:00Z"> with a [data-left]: counts down, and goes away when its time is over
  thaki.enhance("form[data-until]", function (form) {
    var until = Date.parse(form.dataset.until);
    var left = form.querySelector("[data-left]");
    function tick() {
      var seconds = Math.ceil((until - Date.now()) / 1000);
      if (seconds <= 0 || !form.isConnected) { clearInterval(timer); (form.closest("[data-until-box]") || form).remove(); return; }
      if (left) left.textContent = Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");
    }
    var timer = setInterval(tick, 1000);
    tick();
  });

  // ---- a form posts once
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post" || form.matches("[data-theme-form], [data-again]")) return;
    if (form.dataset.tkSent && !form.hasAttribute("hx-post")) { event.preventDefault(); return; }
    if (event.defaultPrevented) return;
    form.dataset.tkSent = "1";
    if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
  });
  function ready(scope) {
    scope.querySelectorAll("[data-tk-sent]").forEach(function (form) { delete form.dataset.tkSent; });
    scope.querySelectorAll("[aria-busy=true]").forEach(function (button) { button.removeAttribute("aria-busy"); });
  }
  window.addEventListener("pageshow", function () { ready(document); });
  document.addEventListener("htmx:afterRequest", function () { ready(document); });

  // ---- a button that may not be pressed says why instead
  document.addEventListener("click", function (event) {
    var button = event.target.closest('[aria-disabled="true"]');
    if (!button) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (button.dataset.reason) thaki.toast(button.dataset.reason, "warn");
  }, true);

  // ---- the summary of errors takes the focus; its links lead into the fields
  thaki.enhance(".tk-errors", function (box) { box.focus(); });
  document.addEventListener("click", function (event) {
    var link = event.target.closest(".tk-errors a[href^='#']");
    var field = link && document.getElementById(link.getAttribute("href").slice(1));
    if (field) { event.preventDefault(); field.focus(); field.scrollIntoView({ block: "center" }); }
  });

  // ---- htmx: what goes wrong is said
  document.addEventListener("htmx:responseError", function (event) {
    var status = event.detail.xhr.status;
    thaki.toast(thaki.say(status === 403 ? "forbidden" : status === 404 ? "gone" : status === 503 ? "unavailable" : "failed"), "bad");
  });
  document.addEventListener("htmx:sendError", function () { thaki.toast(thaki.say("offline"), "bad"); });
  var busy;
  document.addEventListener("htmx:beforeRequest", function () {
    clearTimeout(busy);
    busy = setTimeout(function () { document.getElementById("tk-busy").hidden = false; }, 250);
  });
  document.addEventListener("htmx:afterRequest", function () {
    clearTimeout(busy);
    document.getElementById("tk-busy").hidden = true;
  });

  // ---- select all of a table
  thaki.enhance("input[data-check-all]", function (box) {
    box.addEventListener("change", function () {
      document.querySelectorAll(box.dataset.checkAll).forEach(function (other) {
        if (!other.disabled && other.checked !== box.checked) { other.checked = box.checked; other.dispatchEvent(new Event("change", { bubbles: true })); }
      });
    });
  });

  // ---- the step that stands is seen without scrolling
  thaki.enhance(".tk-steps [aria-current=step]", function (step) {
    var strip = step.parentElement;
    strip.scrollLeft = step.offsetLeft - strip.clientWidth / 2 + step.offsetWidth / 2;
  });

  // ---- copying
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-copy]");
    if (button) navigator.clipboard.writeText(button.dataset.copy).then(function () { thaki.toast(thaki.say("copied"), "good"); });
  });
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) window.print();
  });
  // On paper stands the hour of printing, not that at which the page was opened.
  window.addEventListener("beforeprint", function () {
    var at = new Date().toLocaleString("es-BO", { day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit", hour12: false }).replace(",", "");
    document.querySelectorAll("[data-printed-at]").forEach(function (mark) { mark.textContent = at; });
  });
})();
