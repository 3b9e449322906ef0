// Asks what there is at the pin whenever the customer moves it.
(function () {
  "use strict";
  document.addEventListener("DOMContentLoaded", function () {
    var answer = document.getElementById("cobertura");
    var box = document.getElementById("mapa-cobertura");
    if (!answer || !box) return;
    box.addEventListener("pinmoved", function (event) {
      var query = new URLSearchParams({ lat: event.detail.lat, lon: event.detail.lon });
      window.htmx.ajax("GET", answer.dataset.coverageUrl + "?" + query, { target: answer, swap: "innerHTML" });
    });
  });
})();
