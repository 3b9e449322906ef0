// A paper's signature box has a size only once it is shown: it is told to measure itself again.
(function () {
  "use strict";
  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-paper]")) window.dispatchEvent(new Event("resize"));
  });
})();
