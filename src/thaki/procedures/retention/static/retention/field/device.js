// What the telephone itself gives: its clock, where it is, a camera's picture made small enough to travel.
(function () {
  "use strict";
  var field = (self.thakiField = self.thakiField || {});
  var SIDE = 1600;
  var QUALITY = 0.72;

  // Always resolves: a place, or why there is none. Nothing waits for it longer than it is told.
  function where(patience) {
    return new Promise(function (resolve) {
      var given = setTimeout(function () { resolve({ why: "timeout" }); }, patience);
      function end(found) { clearTimeout(given); resolve(found); }
      if (!navigator.geolocation) return end({ why: "unavailable" });
      navigator.geolocation.getCurrentPosition(function (found) {
        end({
          lat: Number(found.coords.latitude.toFixed(6)), lon: Number(found.coords.longitude.toFixed(6)),
          accuracy_m: Math.round(found.coords.accuracy),
        });
      }, function (error) {
        end({ why: error.code === 1 ? "denied" : error.code === 3 ? "timeout" : "unavailable" });
      }, { enableHighAccuracy: true, timeout: patience, maximumAge: 60000 });
    });
  }

  function picture(file) {
    if (self.createImageBitmap) {
      return createImageBitmap(file, { imageOrientation: "from-image" });
    }
    return new Promise(function (resolve, reject) {
      var image = new Image();
      image.onload = function () { URL.revokeObjectURL(image.src); resolve(image); };
      image.onerror = reject;
      image.src = URL.createObjectURL(file);
    });
  }

  function bytesOf(canvas, type, quality) {
    return new Promise(function (resolve, reject) {
      canvas.toBlob(function (blob) {
        if (!blob) return reject(new Error("empty"));
        blob.arrayBuffer().then(function (data) { resolve({ data: data, type: type }); }, reject);
      }, type, quality);
    });
  }

  // A JPEG of at most 1600 pixels a side; rejects what is no picture.
  function reduce(file) {
    return picture(file).then(function (image) {
      var scale = Math.min(1, SIDE / Math.max(image.width, image.height));
      var canvas = document.createElement("canvas");
      canvas.width = Math.max(1, Math.round(image.width * scale));
      canvas.height = Math.max(1, Math.round(image.height * scale));
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      if (image.close) image.close();
      return bytesOf(canvas, "image/jpeg", QUALITY);
    });
  }

  function key() {
    if (self.crypto.randomUUID) return crypto.randomUUID().replace(/-/g, "");
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), function (n) { return n.toString(16).padStart(2, "0"); }).join("");
  }

  function url(kept) {
    return URL.createObjectURL(new Blob([kept.data], { type: kept.type }));
  }

  field.device = { where: where, reduce: reduce, bytesOf: bytesOf, key: key, url: url };
})();
