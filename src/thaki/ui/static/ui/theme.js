// Light or dark before the first paint: the person's choice, else the system's. Loaded in the head, without defer, for that reason.
(function () {
  "use strict";
  var root = document.documentElement;
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  function apply() {
    var choice = root.dataset.theme || "auto";
    root.setAttribute("data-bs-theme", choice === "auto" ? (dark.matches ? "dark" : "light") : choice);
  }
  dark.addEventListener("change", apply);
  apply();
  window.thakiTheme = function (choice) {
    root.dataset.theme = choice;
    apply();
  };
})();
