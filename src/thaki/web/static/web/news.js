// Notices of the desktop, for who asked for them with <button data-notices>: each minute the page asks what came to its person.
// No push service: a page has to be open. Of several pages of one browser only one asks.
(function () {
  "use strict";
  var thaki = window.thaki;
  var words = document.getElementById("tk-news");
  if (!words || !("Notification" in window)) return;
  var EVERY = 60000;

  function wanted() { return Notification.permission === "granted" && localStorage.getItem("thaki-news") === "1"; }
  function show(task) {
    var notice = new Notification((task.late ? words.dataset.late : words.dataset.fresh) + " " + task.title, { body: task["case"], tag: "thaki-" + task.id });
    notice.onclick = function () { window.focus(); location.assign(task.url); };
  }
  function ask() {
    var now = Date.now();
    if (!wanted() || now - Number(localStorage.getItem("thaki-news-asked")) < EVERY - 5000) return;
    localStorage.setItem("thaki-news-asked", String(now));
    var since = localStorage.getItem("thaki-news-since") || new Date(now).toISOString();
    fetch(words.dataset.url + "?desde=" + encodeURIComponent(since)).then(function (answer) {
      return answer.ok ? answer.json() : null;
    }).then(function (found) {
      if (!found) return;
      localStorage.setItem("thaki-news-since", found.at);
      found.tasks.forEach(show);
    }).catch(function () { /* no connection: the next minute asks for the same time */ });
  }
  setInterval(ask, EVERY);

  thaki.enhance("button[data-notices]", function (button) {
    function paint() {
      button.hidden = false;
      button.setAttribute("aria-pressed", String(wanted()));
      button.querySelector("span").textContent = wanted() ? button.dataset.on : button.dataset.off;
    }
    button.addEventListener("click", function () {
      if (wanted()) { localStorage.setItem("thaki-news", "0"); paint(); return; }
      Notification.requestPermission().then(function (answer) {
        if (answer !== "granted") { thaki.toast(button.dataset.denied, "warn"); return; }
        localStorage.setItem("thaki-news", "1");
        localStorage.setItem("thaki-news-since", new Date().toISOString());
        paint();
      });
    });
    paint();
  });
})();
