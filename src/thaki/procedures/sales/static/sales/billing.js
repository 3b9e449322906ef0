// Slips that can be looked at closely, and buttons of a form that print beside it.
//
// <button type="submit" formaction="…" formtarget="_blank" data-side>  posts the form elsewhere; the form itself may still be sent
// <form data-print-batch target="_blank">  the printed page opens beside; the list is read anew
// <details data-return>  a drawer with a reason to choose
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

  // To give a deposit back is to say why: the reason is asked for at once. Escape closes.
  thaki.enhance("[data-return]", function (drawer) {
    drawer.addEventListener("toggle", function () {
      if (drawer.open) drawer.querySelector("select").focus();
    });
    drawer.addEventListener("keydown", function (event) {
      if (event.key !== "Escape") return;
      drawer.open = false;
      drawer.querySelector("summary").focus();
    });
  });

  thaki.enhance("[data-slip]", function (viewer) {
    var figures = Array.from(viewer.querySelectorAll("figure"));
    var place = viewer.querySelector("[data-slip-place]");
    var shown = 0;
    var zoom = 1;
    var turn = 0;

    // A picture on its side is as wide as it was high: it is drawn so that all of it can be reached by scrolling.
    function draw() {
      figures.forEach(function (figure, at) { figure.hidden = at !== shown; });
      if (place) place.textContent = String(shown + 1);
      var picture = figures[shown] && figures[shown].querySelector("img");
      var own = !picture;
      viewer.querySelectorAll("[data-slip-zoom], [data-slip-turn]").forEach(function (button) { button.hidden = own; });
      if (own) return;
      var across = turn % 180 !== 0;
      var ratio = picture.naturalHeight / picture.naturalWidth || 1;
      var width = picture.parentElement.clientWidth * zoom * (across ? 1 / ratio : 1);
      picture.style.width = width + "px";
      picture.style.transform = "rotate(" + turn + "deg)";
      var shift = across ? (width - width * ratio) / 2 : 0;
      picture.style.margin = shift + "px " + -shift + "px";
    }
    viewer.addEventListener("click", function (event) {
      var button = event.target.closest("button");
      if (!button) return;
      if (button.dataset.slipZoom) zoom = Math.min(5, Math.max(0.5, zoom + 0.5 * Number(button.dataset.slipZoom)));
      else if ("slipTurn" in button.dataset) turn = (turn + 90) % 360;
      else if ("slipNext" in button.dataset) { shown = (shown + 1) % figures.length; zoom = 1; turn = 0; }
      draw();
    });
    viewer.querySelectorAll("img").forEach(function (picture) { picture.addEventListener("load", draw); });
    draw();
  });
})();
