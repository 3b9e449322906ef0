// Dragging an order's card to a technician's column gives it to him: the same form that the marks and the list below send.
(function () {
  "use strict";
  var form = document.querySelector("form[data-board]");
  if (!form) return;
  var moving = null;

  function columnOf(event) { return event.target.closest && event.target.closest(".ret-column[data-technician]"); }
  function clear() {
    form.querySelectorAll(".is-over").forEach(function (column) { column.classList.remove("is-over"); });
  }
  form.addEventListener("dragstart", function (event) {
    moving = event.target.closest && event.target.closest(".ret-card[draggable]");
    if (!moving) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", moving.dataset.number);
    moving.classList.add("is-moving");
  });
  form.addEventListener("dragend", function () {
    if (moving) moving.classList.remove("is-moving");
    moving = null;
    clear();
  });
  form.addEventListener("dragover", function (event) {
    var column = columnOf(event);
    if (!moving || !column) return;
    event.preventDefault();
    clear();
    column.classList.add("is-over");
  });
  form.addEventListener("drop", function (event) {
    var column = columnOf(event);
    if (!moving || !column) return;
    event.preventDefault();
    if (column.contains(moving)) return;
    form.querySelectorAll("[name=order]").forEach(function (box) { box.checked = box.value === moving.dataset.order; });
    form.elements.to.value = column.dataset.technician;
    form.requestSubmit(form.querySelector(".ret-give button:not([formaction])"));
  });
})();
