// The signed procedure's diagram, alive: which nodes are done, where the tokens are, how long each step took.
//
// <div data-module="diagram" data-assets="[…]" data-diagram-xml-url="…" data-diagram-state-url="…" data-refresh="30">
// A heat map's nodes have "heat": 1 to 5 (colour), "now": "3 esperan" (a second mark, red with "late": true); its flows are
// {"id": "Flow_1", "level": 1 to 5 (width), "text": "120"}.
// The state is JSON: {"nodes": {"Step_7": {"state": "done|current|late|incident", "text": "2 h 10 min", "count": 3, "url": "/…"}},
//                     "flows": ["Flow_1", …], "focus": "Step_7"}
(function () {
  "use strict";
  var thaki = window.thaki;
  // Taken from the page, so the diagram is dark where the page is, and changes with it.
  var COLOURS = { defaultFillColor: "var(--tk-surface)", defaultStrokeColor: "var(--tk-text)", defaultLabelColor: "var(--tk-text)" };
  var MARKS = { done: "is-done", current: "is-current", late: "is-current", incident: "is-incident" };

  function token(node) {
    var loud = node.state === "current" || node.state === "late" || node.state === "incident";
    var box = document.createElement(node.url ? "a" : "span");
    box.className = "tk-token" + (node.state === "late" || node.state === "incident" ? " tk-token--late" : loud ? "" : " tk-token--note");
    if (node.url) box.href = node.url;
    box.textContent = (node.count > 1 ? node.count + " · " : "") + (node.text || "");
    return box;
  }
  function paint(viewer, state) {
    var canvas = viewer.get("canvas");
    var overlays = viewer.get("overlays");
    var registry = viewer.get("elementRegistry");
    overlays.clear();
    registry.forEach(function (element) {
      Object.keys(MARKS).forEach(function (key) { canvas.removeMarker(element.id, MARKS[key]); });
      [1, 2, 3, 4, 5].forEach(function (level) { canvas.removeMarker(element.id, "tk-heat-" + level); });
    });
    Object.keys(state.nodes || {}).forEach(function (id) {
      if (!registry.get(id)) return;
      var node = state.nodes[id];
      if (MARKS[node.state]) canvas.addMarker(id, MARKS[node.state]);
      if (node.heat) canvas.addMarker(id, "tk-heat-" + node.heat);
      if (node.now) overlays.add(id, { position: { bottom: 12, right: 40 }, html: token({ state: node.late ? "late" : "current", text: node.now }) });
      if (node.text || node.count > 1) overlays.add(id, { position: { top: -12, left: 6 }, html: token(node) });
    });
    (state.flows || []).forEach(function (flow) {
      var element = registry.get(flow.id || flow);
      if (!element) return;
      canvas.addMarker(element.id, flow.level ? "tk-heat-" + flow.level : "is-done");
      if (flow.text) middle(overlays, element, flow.text);
    });
  }
  // A figure in the middle of a connection: its overlays are placed by the corner of the box around it.
  function middle(overlays, element, text) {
    var points = element.waypoints || [], half = Math.floor((points.length - 1) / 2);
    if (points.length < 2) return;
    var left = Math.min.apply(null, points.map(function (p) { return p.x; }));
    var top = Math.min.apply(null, points.map(function (p) { return p.y; }));
    overlays.add(element.id, { position: { left: (points[half].x + points[half + 1].x) / 2 - left - 8, top: (points[half].y + points[half + 1].y) / 2 - top - 9 }, html: token({ text: text }) });
  }
  function centre(viewer, id) {
    var element = id && viewer.get("elementRegistry").get(id);
    var canvas = viewer.get("canvas");
    if (!element) { canvas.zoom("fit-viewport", "auto"); return; }
    canvas.zoom(0.9);
    var box = canvas.viewbox();
    canvas.viewbox({ x: element.x + element.width / 2 - box.outer.width / 1.8, y: element.y + element.height / 2 - box.outer.height / 1.8, width: box.outer.width / 0.9, height: box.outer.height / 0.9 });
  }

  thaki.modules.diagram = function (element) {
    var data = element.dataset;
    var host = element.querySelector("[data-canvas]") || element;
    host.replaceChildren();
    var viewer = (element.tkViewer = new window.BpmnJS({ container: host, bpmnRenderer: COLOURS }));
    var timer;
    function refresh() {
      if (!data.diagramStateUrl) return Promise.resolve({});
      return fetch(data.diagramStateUrl, { headers: { Accept: "application/json" } }).then(function (response) { return response.json(); }).then(function (state) {
        paint(viewer, state);
        return state;
      });
    }
    element.thakiPaint = function (state) { paint(viewer, state); };
    element.thakiFocus = function (id) { centre(viewer, id); };
    fetch(data.diagramXmlUrl).then(function (response) { return response.text(); }).then(function (xml) { return viewer.importXML(xml); }).then(function () {
      centre(viewer, data.focus);
      return refresh();
    }).then(function (state) {
      if (!data.focus && state.focus) centre(viewer, state.focus);
      if (data.refresh) timer = setInterval(function () {
        if (!element.isConnected) clearInterval(timer);
        else if (!document.hidden) refresh();
      }, Number(data.refresh) * 1000);
      element.dispatchEvent(new CustomEvent("diagramready", { bubbles: true }));
    }).catch(function () { host.textContent = data.failed || ""; });
    // Clicking a node tells the page: element.addEventListener("nodeclick", e => e.detail.id)
    viewer.on("element.click", function (event) {
      element.dispatchEvent(new CustomEvent("nodeclick", { bubbles: true, detail: { id: event.element.id } }));
      var panel = data.nodeUrl && window.htmx && event.element.type !== "bpmn:Process" && event.element.type !== "bpmn:Collaboration";
      if (panel) window.htmx.ajax("GET", data.nodeUrl.replace("__node__", event.element.id), { target: data.nodeTarget, swap: "innerHTML" });
    });
    element.querySelectorAll("[data-zoom]").forEach(function (button) {
      button.addEventListener("click", function () {
        var canvas = viewer.get("canvas");
        var kind = button.dataset.zoom;
        if (kind === "fit") centre(viewer); else if (kind === "focus") centre(viewer, data.focus); else canvas.zoom(canvas.zoom() * (kind === "in" ? 1.25 : 0.8));
      });
    });
  };
})();
