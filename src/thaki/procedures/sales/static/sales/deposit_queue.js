// The validation queue: when the next deposit has come, its title takes the focus (a reader says where one is; keys work at once).
(function () {
  "use strict";
  document.addEventListener("htmx:afterSettle", function (event) {
    var queue = document.querySelector("[data-deposit-queue]");
    if (!queue || event.detail.target.id !== "queue") return;
    var title = queue.querySelector(".tk-errors") || queue.querySelector("[data-queue-focus]");
    if (title) title.focus({ preventScroll: !title.matches(".tk-errors") });
  });
})();
