// Making pages out of plain elements, and saying things: no markup is ever put together out of data.
(function () {
  "use strict";
  var field = (self.thakiField = self.thakiField || {});
  var SVG = "http://www.w3.org/2000/svg";
  var config = JSON.parse(document.getElementById("field-config").textContent);

  // h("button", {class: "b", onclick: fn, disabled: true}, "text", child, [children], null)
  function h(tag, attributes) {
    var node = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (name) {
      var value = attributes[name];
      if (value === null || value === undefined || value === false) return;
      if (name.slice(0, 2) === "on") node.addEventListener(name.slice(2), value);
      else if (name === "value") node.value = value;
      else if (name === "checked") node.checked = true;
      else node.setAttribute(name, value === true ? "" : value);
    });
    add(node, Array.prototype.slice.call(arguments, 2));
    return node;
  }
  function add(node, children) {
    children.forEach(function (child) {
      if (Array.isArray(child)) add(node, child);
      else if (child !== null && child !== undefined && child !== false && child !== "") node.append(child);
    });
  }

  function icon(name) {
    var svg = document.createElementNS(SVG, "svg");
    var use = document.createElementNS(SVG, "use");
    svg.setAttribute("class", "fi");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", config.icons + "#" + name);
    svg.append(use);
    return svg;
  }

  // t("due_in", {time: "3 h"}): a sentence of words.py, with its %(time)s filled in.
  function t(key, values) {
    return (config.words[key] || key).replace(/%\((\w+)\)s/g, function (_all, name) { return String((values || {})[name]); });
  }

  // ---- hours as the house writes them, always in Bolivia's (UTC-4 the whole year round), whatever the telephone says
  function local(iso) {
    return new Date(Date.parse(iso) - 4 * 3600 * 1000);
  }
  function two(n) { return String(n).padStart(2, "0"); }
  function hour(iso) {
    var at = local(iso);
    return two(at.getUTCHours()) + ":" + two(at.getUTCMinutes());
  }
  function day(iso) {
    var at = local(iso);
    return two(at.getUTCDate()) + "/" + two(at.getUTCMonth() + 1) + "/" + at.getUTCFullYear();
  }
  function instant(iso) { return day(iso) + " " + hour(iso); }
  function span(ms) {
    var minutes = Math.max(0, Math.round(Math.abs(ms) / 60000));
    if (minutes < 60) return minutes + " min";
    if (minutes < 48 * 60) return Math.floor(minutes / 60) + " h" + (minutes % 60 ? " " + (minutes % 60) + " min" : "");
    return Math.floor(minutes / 1440) + " d";
  }

  function toast(text, tone) {
    var box = document.getElementById("toasts");
    var node = h("div", { class: "toast", "data-tone": tone || "good", role: "status" }, text);
    box.append(node);
    setTimeout(function () { node.remove(); }, 6000);
  }

  // A question with two answers, in the page's own dialog.
  function confirm(title, text, label) {
    return new Promise(function (resolve) {
      var dialog = h("dialog", { class: "ask", "aria-label": title },
        h("h2", {}, title), h("p", {}, text),
        h("div", { class: "pair" },
          h("button", { type: "button", class: "btn", onclick: function () { dialog.close(); } }, t("back")),
          h("button", { type: "button", class: "btn strong", onclick: function () { dialog.close("yes"); } }, label)));
      dialog.addEventListener("close", function () { dialog.remove(); resolve(dialog.returnValue === "yes"); });
      document.body.append(dialog);
      dialog.showModal();
    });
  }

  Object.assign(field, {
    config: config, h: h, icon: icon, t: t, toast: toast, confirm: confirm,
    time: { hour: hour, day: day, instant: instant, span: span, local: local },
  });
})();
