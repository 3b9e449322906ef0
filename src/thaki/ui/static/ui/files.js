// File inputs: names, sizes and thumbnails of what was chosen, dropping, and a refusal before the upload of what is too big.
(function () {
  "use strict";
  var thaki = window.thaki;

  thaki.enhance(".tk-file", function (box) {
    var inputs = Array.from(box.querySelectorAll("input[type=file]"));
    var main = inputs[0];
    var list = box.querySelector(".tk-file__list");
    var limit = Number(box.dataset.maxBytes || 0);

    function show() {
      list.replaceChildren();
      Array.from(main.files).forEach(function (file) {
        var item = document.createElement("li");
        if (file.type.indexOf("image/") === 0 && file.type !== "image/heic") {
          var picture = document.createElement("img");
          picture.alt = "";
          picture.src = URL.createObjectURL(file);
          picture.onload = function () { URL.revokeObjectURL(picture.src); };
          item.append(picture);
        }
        item.append(file.name + " · " + (file.size / 1048576).toFixed(1).replace(".", ",") + " MB");
        list.append(item);
      });
      var tooBig = limit && Array.from(main.files).some(function (file) { return file.size > limit; });
      main.setCustomValidity(tooBig ? box.dataset.tooBig : "");
      if (tooBig) main.reportValidity();
    }
    main.addEventListener("change", show);
    // The camera's input only lends its picture to the real one: the form has one field.
    inputs.slice(1).forEach(function (camera) {
      camera.addEventListener("change", function () { main.files = camera.files; main.dispatchEvent(new Event("change", { bubbles: true })); });
    });
    box.querySelectorAll("[data-camera]").forEach(function (button) {
      button.hidden = false;
      button.addEventListener("click", function () { inputs[1].click(); });
    });
    box.addEventListener("dragover", function (event) { event.preventDefault(); box.classList.add("is-over"); });
    box.addEventListener("dragleave", function () { box.classList.remove("is-over"); });
    box.addEventListener("drop", function (event) {
      event.preventDefault();
      box.classList.remove("is-over");
      if (event.dataTransfer.files.length) { main.files = event.dataTransfer.files; main.dispatchEvent(new Event("change", { bubbles: true })); }
    });
  });
})();
