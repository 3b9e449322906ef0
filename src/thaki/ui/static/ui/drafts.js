// What a person types is never lost: <form data-draft-url="…"> is sent there a moment after each change and before leaving.
// The server keeps it and gives it back in the form; without a network it waits in this browser until there is one.
(function () {
  "use strict";
  var thaki = window.thaki;

  function values(form) {
    var data = new FormData(form);
    var pairs = new URLSearchParams();
    data.forEach(function (value, name) {
      if (typeof value === "string" && name !== "csrfmiddlewaretoken" && name !== "submission_key") pairs.append(name, value);
    });
    return pairs;
  }
  thaki.enhance("form[data-draft-url]", function (form) {
    var url = form.dataset.draftUrl;
    var key = "thaki-draft:" + url;
    var mark = form.querySelector("[data-draft-mark]");
    var timer;
    var sent = values(form).toString();
    var leaving = false;

    function say(word) { if (mark) mark.textContent = thaki.say(word); }
    function save(last) {
      clearTimeout(timer);
      var now = values(form);
      if (leaving || now.toString() === sent) return;
      var body = new URLSearchParams(now);
      body.append("csrfmiddlewaretoken", thaki.csrf());
      sent = now.toString();
      if (last) { navigator.sendBeacon(url, body); return; }
      fetch(url, { method: "POST", headers: { "X-CSRFToken": thaki.csrf() }, body: body }).then(function (response) {
        if (!response.ok) throw new Error(String(response.status));
        localStorage.removeItem(key);
        say("draftSaved");
      }).catch(function () {
        sent = "";
        try { localStorage.setItem(key, now.toString()); } catch (full) { /* a full store loses the copy, not the page */ }
        say("draftHere");
      });
    }
    function later() { say("draftTyping"); clearTimeout(timer); timer = setTimeout(save, 1500); }

    form.addEventListener("input", later);
    form.addEventListener("change", later);
    form.addEventListener("submit", function () { leaving = true; localStorage.removeItem(key); });
    // <form data-draft-discard>: the draft is thrown away, so leaving the page must not keep it again.
    document.addEventListener("submit", function (event) {
      if (event.target.matches("[data-draft-discard]")) { leaving = true; localStorage.removeItem(key); }
    });
    window.addEventListener("pagehide", function () { save(true); });
    window.addEventListener("online", function () { save(false); });

    // Left behind by a lost connection: offered back, field by field, where the server's form is empty.
    var kept = localStorage.getItem(key);
    if (kept) {
      new URLSearchParams(kept).forEach(function (value, name) {
        var field = form.elements.namedItem(name);
        if (field && "value" in field && !field.value && field.type !== "file") field.value = value;
      });
      later();
    }
  });
})();
