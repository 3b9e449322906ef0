// Demand not served on the house's map: the server joins dots that lie together, for what the map shows just now.
//
// <div data-demand="…mapa.json?…" data-open="Ver el caso"><div data-module="map">…</div></div>
(function () {
  "use strict";

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }
  function popup(properties, words) {
    var box = document.createElement("div");
    var title = document.createElement("strong");
    title.textContent = properties.name;
    box.append(title);
    properties.text.split("\n").forEach(function (line) {
      var paragraph = document.createElement("div");
      paragraph.textContent = line;
      box.append(paragraph);
    });
    if (properties.href) {
      var link = document.createElement("a");
      link.href = properties.href;
      link.textContent = words;
      box.append(link);
    }
    return box;
  }
  function mark(feature, at, map, words) {
    var n = feature.properties.n;
    var side = Math.round(22 + 9 * Math.log2(n));
    var icon = window.L.divIcon({ className: "sales-dot" + (n === 1 ? " sales-dot--one" : ""), html: "", iconSize: [side, side] });
    var dot = window.L.marker(at, { icon: icon, keyboard: true, title: feature.properties.name, alt: feature.properties.name });
    dot.on("add", function () { dot.getElement().textContent = n === 1 ? "" : n; });
    if (n === 1 || map.getZoom() >= map.getMaxZoom()) dot.bindPopup(popup(feature.properties, words));
    else dot.on("click", function () { map.setView(at, Math.min(map.getZoom() + 2, 18)); });
    return dot;
  }

  function start(box, element) {
    var map = element.tkMap;
    var layer = window.L.layerGroup().addTo(map);
    var asked = 0;
    map.setMaxZoom(18);
    function show(found, fit) {
      layer.clearLayers();
      found.features.forEach(function (feature) {
        var at = [feature.geometry.coordinates[1], feature.geometry.coordinates[0]];
        mark(feature, at, map, box.dataset.open).addTo(layer);
      });
      if (!fit || !found.features.length) return;
      map.fitBounds(found.features.map(function (f) { return [f.geometry.coordinates[1], f.geometry.coordinates[0]]; }), { padding: [32, 32], maxZoom: 16 });
    }
    function ask(fit) {
      var mine = ++asked;
      var b = map.getBounds();
      var where = fit ? "" : "&" + new URLSearchParams({ oeste: b.getWest(), sur: b.getSouth(), este: b.getEast(), norte: b.getNorth(), z: Math.floor(map.getZoom()) });
      fetch(box.dataset.demand + where, { headers: { Accept: "application/json" } }).then(function (response) { return response.json(); }).then(function (found) {
        if (mine === asked) show(found, fit);
      });
    }
    ask(true);
    map.on("moveend", function () { ask(false); });
    element.style.setProperty("--dot", colour("--tk-bad"));
  }

  window.thaki.enhance("[data-demand]", function (box) {
    var element = box.querySelector('[data-module="map"]');
    (function wait(times) {
      if (element.tkMap) start(box, element);
      else if (times) setTimeout(wait, 100, times - 1);
    })(100);
  });
})();
