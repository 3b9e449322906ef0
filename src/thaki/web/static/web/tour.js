// The first-visit tour: a modal dialog over the page. Esc skips, the arrows go on and back; the server remembers that it was seen.
(function () {
  "use strict";
  var AIR = 6;
  var GAP = 12;

  window.thaki.enhance("#tk-tour", function (dialog) {
    var stops = Array.from(dialog.querySelectorAll("[data-stop]"));
    var spot = dialog.querySelector("[data-spot]");
    var card = dialog.querySelector("[data-card]");
    var next = dialog.querySelector("[data-next]");
    var back = dialog.querySelector("[data-back]");
    var at = 0;
    var before = document.activeElement;

    function target() {
      var found = stops[at].dataset.target.split(", ").map(function (each) { return Array.from(document.querySelectorAll(each)).find(visible); });
      return found.find(Boolean);
    }
    function visible(each) {
      var box = each.getBoundingClientRect();
      return box.width > 0 && box.right > 0 && box.left < window.innerWidth && getComputedStyle(each).visibility !== "hidden";
    }
    function place() {
      var found = target();
      spot.hidden = !found;
      var room = { width: window.innerWidth, height: window.innerHeight };
      var size = card.getBoundingClientRect();
      var left = (room.width - size.width) / 2;
      var top = (room.height - size.height) / 2;
      if (found) {
        var box = found.getBoundingClientRect();
        spot.style.left = Math.max(box.left - AIR, 2) + "px";
        spot.style.top = box.top - AIR + "px";
        spot.style.width = Math.min(box.width + 2 * AIR, room.width - Math.max(box.left - AIR, 2) - 2) + "px";
        spot.style.height = box.height + 2 * AIR + "px";
        left = Math.min(Math.max(box.left, GAP), room.width - size.width - GAP);
        top = box.bottom + AIR + GAP;
        if (top + size.height > room.height - GAP) top = box.top - AIR - GAP - size.height;
        if (top < GAP) top = room.height - size.height - GAP;
      }
      card.style.left = Math.max(left, GAP) + "px";
      card.style.top = Math.max(top, GAP) + "px";
    }
    function show(which) {
      at = Math.min(Math.max(which, 0), stops.length - 1);
      var stop = stops[at].dataset;
      var words = dialog.querySelector("[data-place]");
      words.textContent = words.dataset.words.replace("{n}", at + 1).replace("{all}", stops.length);
      dialog.querySelector("#tk-tour-title").textContent = stop.title;
      dialog.querySelector("#tk-tour-text").textContent = stop.text;
      back.hidden = at === 0;
      next.textContent = at === stops.length - 1 ? next.dataset.last : next.dataset.more;
      var found = target();
      if (found) found.scrollIntoView({ block: "nearest" });
      place();
    }
    function forward() {
      if (at === stops.length - 1) dialog.close(); else show(at + 1);
    }

    next.addEventListener("click", forward);
    back.addEventListener("click", function () { show(at - 1); next.focus(); });
    dialog.querySelector("[data-skip]").addEventListener("click", function () { dialog.close(); });
    dialog.addEventListener("keydown", function (event) {
      if (event.key === "ArrowRight" || event.key === "ArrowDown") { event.preventDefault(); if (at < stops.length - 1) show(at + 1); }
      if (event.key === "ArrowLeft" || event.key === "ArrowUp") { event.preventDefault(); show(at - 1); if (back.hidden) next.focus(); }
    });
    // Esc closes a modal dialog by itself; however it ends, it is not begun again.
    dialog.addEventListener("close", function () {
      window.thaki.post(dialog.dataset.url, {}).catch(function () { /* it will be offered once more */ });
      window.removeEventListener("resize", place);
      var query = new URLSearchParams(window.location.search);
      if (query.has("recorrido")) {
        query.delete("recorrido");
        history.replaceState(history.state, "", window.location.pathname + (query.size ? "?" + query : ""));
      }
      if (before && before !== document.body && before.isConnected) before.focus(); else document.getElementById("contenido").focus({ preventScroll: true });
      dialog.remove();
    });
    window.addEventListener("resize", place);
    dialog.showModal();
    show(0);
    next.focus();
  });
})();
