// The command palette: Ctrl/Cmd+K or / opens it; what it offers comes from the server. Without a script the box above searches.
(function () {
  "use strict";
  var dialog = document.getElementById("tk-palette");
  if (!dialog || !dialog.showModal) return;
  var input = dialog.querySelector("input");
  var list = dialog.querySelector("[role=listbox]");
  var status = dialog.querySelector("[role=status]");
  var active = null;
  var asked = null; // the request under way
  var timer;
  var go = false; // Enter came before the answer

  function options() { return Array.from(list.querySelectorAll("[role=option]")); }
  function choose(option) {
    if (active) active.setAttribute("aria-selected", "false");
    active = option || null;
    if (!active) { input.removeAttribute("aria-activedescendant"); return; }
    active.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", active.id);
    active.scrollIntoView({ block: "nearest" });
  }
  function show(html) {
    list.innerHTML = html;
    var found = options();
    choose(found[0]);
    status.textContent = found.length ? found.length + " " + status.dataset.count : status.dataset.none;
    // With more typed meanwhile, its answer is the one to follow.
    if (go && !timer) { go = false; follow(); }
  }
  function load() {
    if (asked) asked.abort();
    var mine = (asked = new AbortController());
    list.setAttribute("aria-busy", "true");
    var values = new URLSearchParams({ q: input.value, desde: location.pathname });
    fetch(dialog.dataset.url + "?" + values, { signal: mine.signal, headers: { "X-Requested-With": "fetch" } }).then(function (answer) {
      if (answer.redirected) { location.reload(); return ""; } // signed out meanwhile
      if (!answer.ok) throw new Error(answer.status);
      return answer.text();
    }).then(show).catch(function (error) {
      if (error.name === "AbortError") return;
      choose(null);
      go = false;
      list.textContent = status.textContent = window.thaki.say("offline");
    }).finally(function () {
      if (asked !== mine) return;
      asked = null;
      list.removeAttribute("aria-busy");
    });
  }
  function follow() {
    if (!active) { dialog.querySelector("form").submit(); return; }
    var link = active;
    dialog.close();
    link.click();
  }
  function open(text) {
    if (dialog.open) { input.select(); return; }
    if (document.querySelector("dialog[open]")) return;
    input.value = text || "";
    dialog.showModal();
    input.select();
    load();
  }

  document.addEventListener("keydown", function (event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    open();
  });
  document.addEventListener("click", function (event) {
    var box = event.target.closest("[data-palette-box]");
    if (box) open(box.value);
    else if (event.target.closest("[data-palette]")) open();
    else if (event.target === dialog || event.target.closest("[data-palette-close]")) dialog.close();
    else if (event.target.closest("#tk-palette a")) dialog.close();
  });
  input.addEventListener("input", function () {
    clearTimeout(timer);
    timer = setTimeout(function () { timer = 0; load(); }, 120);
  });
  input.addEventListener("keydown", function (event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    var all = options();
    var at = all.indexOf(active);
    var to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: Math.min(at + 8, all.length - 1), PageUp: Math.max(at - 8, 0) }[event.key];
    if (to !== undefined && all.length) { event.preventDefault(); choose(all[(to + all.length) % all.length]); }
    if (event.key === "Enter") {
      event.preventDefault();
      if (timer || asked) go = true;
      else follow();
    }
  });
})();
