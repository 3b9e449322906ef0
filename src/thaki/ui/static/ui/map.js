// Maps on Leaflet: areas, points with popups, and a pin that a person places. Without a tile server the ground stays plain.
//
// <div data-module="map" data-assets="[…]" data-lat data-lon data-zoom data-tiles data-attribution
//      data-geojson-url="…" data-pick-lat="id_lat" data-pick-lon="id_lon">
// GeoJSON features may carry properties: name, href (of the name), tone, text (popup), radius (points, in metres), kind.
(function () {
  "use strict";
  var thaki = window.thaki;

  function tone(name) {
    return getComputedStyle(document.documentElement).getPropertyValue("--tk-" + (name || "primary")).trim() || "#0c5f56";
  }
  function popup(properties) {
    var box = document.createElement("div");
    var title = document.createElement("strong");
    if (properties.href) {
      var link = document.createElement("a");
      link.href = properties.href;
      link.textContent = properties.name || "";
      title.append(link);
    } else title.textContent = properties.name || "";
    box.append(title);
    String(properties.text || "").split("\n").forEach(function (line) {
      var paragraph = document.createElement("div");
      paragraph.textContent = line;
      box.append(paragraph);
    });
    return box;
  }
  function draw(map, data, element) {
    // Areas lie over each other: the more there are, the fainter each is, so that names and points stay readable.
    var areas = (data.features || []).filter(function (feature) { return feature.geometry.type !== "Point"; }).length;
    var crowd = areas > 8;
    var layer = window.L.geoJSON(data, {
      style: function (feature) {
        if (feature.geometry.type === "Point") return {};
        var colour = tone(feature.properties.tone);
        return { color: colour, weight: crowd ? 1 : 1.5, opacity: crowd ? 0.3 : 1, fillColor: colour, fillOpacity: crowd ? 1 / areas : 0.12 };
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

  // Without a tile server: names of zones, avenues, river and lagoon, so that people find their way. Never a survey.
  function sketch(map, url) {
    map.createPane("sketch").style.zIndex = 250;
    var line = { pane: "sketch", interactive: false, color: tone("line-strong"), weight: 2, opacity: 0.55 };
    var water = { pane: "sketch", interactive: false, color: tone("info"), weight: 3, opacity: 0.5, fillOpacity: 0.2 };
    function label(name, at, kind) {
      window.L.marker(at, { pane: "sketch", interactive: false, keyboard: false, icon: window.L.divIcon({ className: "tk-map__name tk-map__name--" + kind, html: "", iconSize: [0, 0] }) }).addTo(map).getElement().textContent = name;
    }
    fetch(url).then(function (response) { return response.json(); }).then(function (places) {
      places.lakes.forEach(function (lake) { window.L.polygon(lake[1], water).addTo(map); label(lake[0], lake[1][2], "mark"); });
      places.water.forEach(function (river) { window.L.polyline(river[1], water).addTo(map); label(river[0], river[1][6], "mark"); });
      places.roads.forEach(function (road) { window.L.polyline(road[1], line).addTo(map); label(road[0], road[1][1], "mark"); });
      places.zones.forEach(function (zone) { label(zone[0], [zone[1], zone[2]], "zone"); });
      places.marks.forEach(function (mark) { label(mark[0], [mark[1], mark[2]], "mark"); });
    });
    function close() { map.getContainer().classList.toggle("is-far", map.getZoom() < 14); }
    map.on("zoomend", close);
    close();
  }

  function picker(map, element, latField, lonField) {
    var pin;
    function place(at, move) {
      if (!pin) {
        pin = window.L.marker(at, { draggable: true, keyboard: true, title: element.dataset.pin, icon: window.L.divIcon({ className: "", html: '<div class="tk-map__pin"></div>', iconSize: [28, 28], iconAnchor: [14, 32] }) }).addTo(map);
        pin.on("dragend", function () { write(pin.getLatLng()); });
        pin.getElement().addEventListener("keydown", nudge);
      }
      pin.setLatLng(at);
      // Without tiles the sketch has few streets: close up there is nothing to go by.
      if (move) map.setView(at, Math.max(map.getZoom(), element.dataset.tiles ? 16 : 14));
    }
    // The arrows move the pin, a few metres or (with Shift) a few streets; the map must not take them for its own.
    function nudge(event) {
      var way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      if (!way) return;
      event.preventDefault();
      event.stopPropagation();
      var step = event.shiftKey ? 40 : 4;
      pin.setLatLng(map.layerPointToLatLng(map.latLngToLayerPoint(pin.getLatLng()).add([way[0] * step, way[1] * step])));
      write(pin.getLatLng());
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
    var map = (element.tkMap = window.L.map(element, { attributionControl: Boolean(data.tiles || data.sketchNote), zoomSnap: 0.5 }).setView([lat, lon], Number(data.zoom || 13)));
    if (data.tiles) window.L.tileLayer(data.tiles, { attribution: data.attribution, maxZoom: 19 }).addTo(map);
    else if (data.sketch) sketch(map, data.sketch);
    window.L.control.scale({ imperial: false }).addTo(map);
    if (map.attributionControl) map.attributionControl.setPrefix(data.tiles ? false : data.sketchNote);
    if (data.geojsonUrl) {
      fetch(data.geojsonUrl, { headers: { Accept: "application/json" } }).then(function (response) { return response.ok ? response.json() : null; }).then(function (found) { if (found) draw(map, found, element); });
    }
    if (data.geojson) draw(map, JSON.parse(document.getElementById(data.geojson).textContent), element);
    var latField = document.getElementById(data.pickLat);
    var lonField = document.getElementById(data.pickLon);
    if (latField && lonField) picker(map, element, latField, lonField);
    else if (data.lat) window.L.marker([lat, lon], { interactive: false, keyboard: false, title: data.pin, icon: window.L.divIcon({ className: "", html: '<div class="tk-map__pin"></div>', iconSize: [28, 28], iconAnchor: [14, 32] }) }).addTo(map);
    // A map that was made in a hidden tab has no size until it is shown.
    new ResizeObserver(function () { map.invalidateSize(); }).observe(element);
  };
})();
