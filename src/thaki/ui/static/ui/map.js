// Maps on Leaflet: areas, points with popups, and a pin that a person places. Without a tile server the ground stays plain.
//
// <div data-module="map" data-assets="[…]" data-lat data-lon data-zoom data-tiles data-attribution
//      data-geojson-url="…" data-pick-lat="id_lat" data-pick-lon="id_lon">
// GeoJSON features may carry properties: name, tone, text (popup), radius (points, in metres), kind.
(function () {
  "use strict";
  var thaki = window.thaki;

  function tone(name) {
    return getComputedStyle(document.documentElement).getPropertyValue("--tk-" + (name || "primary")).trim() || "#0c5f56";
  }
  function popup(properties) {
    var box = document.createElement("div");
    var title = document.createElement("strong");
    title.textContent = properties.name || "";
    box.append(title);
    String(properties.text || "").split("\n").forEach(function (line) {
      var paragraph = document.createElement("div");
      paragraph.textContent = line;
      box.append(paragraph);
    });
    return box;
  }
  function draw(map, data, element) {
    var layer = window.L.geoJSON(data, {
      style: function (feature) {
        if (feature.geometry.type === "Point") return {};
        var colour = tone(feature.properties.tone);
        return { color: colour, weight: 1.5, fillColor: colour, fillOpacity: 0.12 };
      },
      pointToLayer: function (feature, at) {
        var colour = tone(feature.properties.tone);
        return window.L.circleMarker(at, { radius: feature.properties.size || 6, color: "#fff", weight: 1.5, fillColor: colour, fillOpacity: 0.95 });
      },
      onEachFeature: function (feature, shape) {
        if (feature.properties.name || feature.properties.text) shape.bindPopup(popup(feature.properties));
      },
    }).addTo(map);
    if (element.dataset.fit !== undefined && layer.getBounds().isValid()) map.fitBounds(layer.getBounds(), { padding: [16, 16], maxZoom: 17 });
  }

  function picker(map, element, latField, lonField) {
    var pin;
    function place(at, move) {
      if (!pin) {
        pin = window.L.marker(at, { draggable: true, keyboard: true, icon: window.L.divIcon({ className: "", html: '<div class="tk-map__pin"></div>', iconSize: [28, 28], iconAnchor: [14, 32] }) }).addTo(map);
        pin.on("dragend", function () { write(pin.getLatLng()); });
      }
      pin.setLatLng(at);
      if (move) map.setView(at, Math.max(map.getZoom(), 16));
    }
    function write(at) {
      latField.value = at.lat.toFixed(6);
      lonField.value = at.lng.toFixed(6);
      lonField.dispatchEvent(new Event("change", { bubbles: true }));
      element.dispatchEvent(new CustomEvent("pinmoved", { bubbles: true, detail: { lat: at.lat, lon: at.lng } }));
    }
    function read() {
      var lat = parseFloat(latField.value.replace(",", "."));
      var lon = parseFloat(lonField.value.replace(",", "."));
      if (isFinite(lat) && isFinite(lon)) place([lat, lon], true);
    }
    map.on("click", function (event) { place(event.latlng); write(event.latlng); });
    [latField, lonField].forEach(function (field) { field.addEventListener("input", read); });
    read();
    element.parentElement.querySelectorAll("[data-locate]").forEach(function (button) {
      if (!navigator.geolocation) return;
      button.hidden = false;
      button.addEventListener("click", function () {
        navigator.geolocation.getCurrentPosition(function (found) {
          var at = window.L.latLng(found.coords.latitude, found.coords.longitude);
          place(at, true);
          write(at);
        }, function () { thaki.toast(thaki.say("noPosition"), "warn"); }, { enableHighAccuracy: true, timeout: 15000 });
      });
    });
  }

  thaki.modules.map = function (element) {
    var data = element.dataset;
    var lat = parseFloat(data.lat || data.centreLat);
    var lon = parseFloat(data.lon || data.centreLon);
    element.replaceChildren();
    var map = (element.tkMap = window.L.map(element, { attributionControl: Boolean(data.tiles), zoomSnap: 0.5 }).setView([lat, lon], Number(data.zoom || 13)));
    if (data.tiles) window.L.tileLayer(data.tiles, { attribution: data.attribution, maxZoom: 19 }).addTo(map);
    window.L.control.scale({ imperial: false }).addTo(map);
    if (data.geojsonUrl) {
      fetch(data.geojsonUrl, { headers: { Accept: "application/json" } }).then(function (response) { return response.json(); }).then(function (found) { draw(map, found, element); });
    }
    if (data.geojson) draw(map, JSON.parse(document.getElementById(data.geojson).textContent), element);
    var latField = document.getElementById(data.pickLat);
    var lonField = document.getElementById(data.pickLon);
    if (latField && lonField) picker(map, element, latField, lonField);
    else if (data.lat) window.L.marker([lat, lon], { icon: window.L.divIcon({ className: "", html: '<div class="tk-map__pin"></div>', iconSize: [28, 28], iconAnchor: [14, 32] }) }).addTo(map);
    // A map that was made in a hidden tab has no size until it is shown.
    new ResizeObserver(function () { map.invalidateSize(); }).observe(element);
  };
})();
