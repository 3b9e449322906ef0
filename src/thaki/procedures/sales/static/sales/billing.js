// Slips that can be looked at closely, and buttons of a form that print beside it.
//
// <button type="submit" formaction="…" formtarget="_blank" data-side>  posts the form elsewhere; the form itself may still be sent
// <form data-print-batch target="_blank">  the printed page opens beside; the list is read anew
// <div data-slip> with <figure>s: [data-slip-zoom="1"|"-1"], [data-slip-turn], [data-slip-next]
(function () {
  "use strict";
  var thaki = window.thaki;

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.submitter && event.submitter.matches("[data-side]")) {
      setTimeout(function () {
        delete form.dataset.tkSent;
        event.submitter.removeAttribute("aria-busy");
      });
    }
    if (form.matches("[data-print-batch]")) setTimeout(function () { window.location.reload(); }, 2500);
  });

  thaki.enhance("[data-slip]", function (viewer) {
    var figures = Array.from(viewer.querySelectorAll("figure"));
    var shown = 0;
    var zoom = 1;
    var turn = 0;

    function draw() {
      figures.forEach(function (figure, at) { figure.hidden = at !== shown; });
      var picture = figures[shown] && figures[shown].querySelector("img");
      if (!picture) return;
      picture.style.width = zoom * 100 + "%";
      picture.style.transform = "rotate(" + turn + "deg)";
    }
    viewer.addEventListener("click", function (event) {
      var button = event.target.closest("button");
      if (!button) return;
      if (button.dataset.slipZoom) zoom = Math.min(5, Math.max(0.5, zoom + 0.5 * Number(button.dataset.slipZoom)));
      else if ("slipTurn" in button.dataset) turn = (turn + 90) % 360;
      else if ("slipNext" in button.dataset) { shown = (shown + 1) % figures.length; zoom = 1; turn = 0; }
      draw();
    });
  });
})();
