// A signature drawn with finger or mouse: <div data-module="signature" data-field="id_signature">; the field gets a PNG data URL.
(function () {
  "use strict";
  var thaki = window.thaki;
  thaki.modules.signature = function (element) {
    var canvas = element.querySelector("canvas");
    var field = document.getElementById(element.dataset.field);
    var pad = new window.SignaturePad(canvas, { penColor: "#10251f", backgroundColor: "#ffffff" });
    function fit() {
      var ratio = Math.max(window.devicePixelRatio || 1, 1);
      var drawn = pad.toData();
      canvas.width = canvas.offsetWidth * ratio;
      canvas.height = canvas.offsetHeight * ratio;
      canvas.getContext("2d").scale(ratio, ratio);
      pad.fromData(drawn);
    }
    pad.addEventListener("endStroke", function () {
      field.value = pad.toDataURL("image/png");
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
    element.querySelectorAll("[data-clear]").forEach(function (button) {
      button.addEventListener("click", function () { pad.clear(); field.value = ""; });
    });
    window.addEventListener("resize", fit);
    fit();
  };
})();
