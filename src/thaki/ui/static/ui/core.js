// The house's small ground: enhancing what is on the page now and what htmx brings later, and loading big parts only where used.
(function () {
  "use strict";
  var rules = [];
  var loading = {};
  var thaki = (window.thaki = { modules: {}, words: {} });

  // thaki.enhance(".selector", fn): fn(element) once for each element, now and after each htmx swap.
  thaki.enhance = function (selector, fn) {
    var key = "tk" + rules.length;
    rules.push({ selector: selector, fn: fn, key: key });
    if (document.readyState !== "loading") run(document, rules[rules.length - 1]);
  };
  function run(scope, rule) {
    var found = Array.from(scope.querySelectorAll(rule.selector));
    if (scope.matches && scope.matches(rule.selector)) found.unshift(scope);
    found.forEach(function (element) {
      var done = (element.tkDone = element.tkDone || {});
      if (done[rule.key]) return;
      done[rule.key] = true;
      rule.fn(element);
    });
  }
  function runAll(scope) {
    rules.forEach(function (rule) { run(scope, rule); });
  }
  document.addEventListener("DOMContentLoaded", function () { runAll(document); });
  document.addEventListener("htmx:load", function (event) { runAll(event.detail.elt); });

  function loadOnce(url) {
    if (!loading[url]) {
      loading[url] = new Promise(function (resolve, reject) {
        var css = /\.css($|\?)/.test(url);
        var node = document.createElement(css ? "link" : "script");
        if (css) { node.rel = "stylesheet"; node.href = url; } else { node.src = url; }
        node.onload = resolve;
        node.onerror = function () { delete loading[url]; reject(new Error(url)); };
        document.head.append(node);
      });
    }
    return loading[url];
  }
  // thaki.load(["a.css", "a.js"]): in order, each once a page.
  thaki.load = function (urls) {
    return urls.reduce(function (before, url) { return before.then(function () { return loadOnce(url); }); }, Promise.resolve());
  };

  // <div data-module="map" data-assets="[…]">: loads its files, then calls thaki.modules.map(element).
  thaki.enhance("[data-module]", function (element) {
    thaki.load(JSON.parse(element.dataset.assets || "[]")).then(function () {
      thaki.modules[element.dataset.module](element);
    }).catch(function () {
      element.textContent = element.dataset.failed || "";
    });
  });

  thaki.csrf = function () {
    var meta = document.querySelector('meta[name="csrf-token"]');
    return meta ? meta.content : "";
  };
  thaki.post = function (url, values) {
    return fetch(url, { method: "POST", headers: { "X-CSRFToken": thaki.csrf(), "X-Requested-With": "fetch" }, body: new URLSearchParams(values) });
  };

  // A sentence of the page itself: <template id="tk-words" data-offline="…">.
  thaki.say = function (key) {
    var words = document.getElementById("tk-words");
    return (words && words.dataset[key]) || "";
  };
})();
