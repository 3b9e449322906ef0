// The validation queue: when the next deposit has come, its title takes the focus (a reader says where one is; keys work at once).
(function () {
  "use strict";
  document.addEventListener("htmx:afterSettle", function (event) {
    var queue = document.querySelector("[data-deposit-queue]");
    if (!queue || event.detail.target.id !== "queue") return;
    var title = queue.querySelector(".tk-errors") || queue.querySelector("[data-queue-focus]");
    if (title) title.focus({ preventScroll: !title.matches(".tk-errors") });
  });

  // To give a deposit back is to say why: the reason is asked for at once.
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-deposit-queue] [data-fill]");
    var reason = button && button.dataset.fill.indexOf("reject") >= 0 && button.closest("form").elements.namedItem("reason");
    if (reason) setTimeout(function () { reason.focus(); reason.scrollIntoView({ block: "center" }); });
  });
})();
