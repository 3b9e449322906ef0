// <dialog>: opened by [data-dialog="id"]; any form or button with data-confirm="¿…?" asks first in the house's own dialog.
(function () {
  "use strict";
  var thaki = window.thaki;

  document.addEventListener("click", function (event) {
    var opener = event.target.closest("[data-dialog]");
    if (opener) {
      var dialog = document.getElementById(opener.dataset.dialog);
      if (dialog) { event.preventDefault(); dialog.showModal(); }
    }
    var closer = event.target.closest("[data-dialog-close]");
    if (closer) closer.closest("dialog").close();
    // A click on the dark around it closes it: the dialog itself is then the target.
    if (event.target.matches && event.target.matches("dialog.tk-dialog[open]")) event.target.close();
  });

  // thaki.confirm("¿Anular?", {title, label, tone}) -> Promise<boolean>
  thaki.confirm = function (text, options) {
    var dialog = document.getElementById("tk-confirm");
    options = options || {};
    if (!dialog) return Promise.resolve(window.confirm(text));
    dialog.querySelector("[data-text]").textContent = text;
    dialog.querySelector("h2").textContent = options.title || dialog.dataset.title;
    var yes = dialog.querySelector("[value=yes]");
    yes.textContent = options.label || dialog.dataset.label;
    yes.className = "btn " + (options.tone === "bad" ? "btn-danger" : "btn-primary");
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise(function (resolve) {
      dialog.addEventListener("close", function () { resolve(dialog.returnValue === "yes"); }, { once: true });
    });
  };

  function asked(element) {
    return thaki.confirm(element.dataset.confirm, { title: element.dataset.confirmTitle, label: element.dataset.confirmLabel, tone: element.dataset.confirmTone });
  }
  document.addEventListener("submit", function (event) {
    var form = event.target;
    var source = event.submitter && event.submitter.dataset.confirm ? event.submitter : form;
    if (!source.dataset || !source.dataset.confirm || form.tkConfirmed) { form.tkConfirmed = false; return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    var submitter = event.submitter;
    asked(source).then(function (yes) {
      if (!yes) return;
      form.tkConfirmed = true;
      form.requestSubmit(submitter);
    });
  }, true);
  // htmx asks through the same dialog: hx-confirm="¿…?"
  document.addEventListener("htmx:confirm", function (event) {
    if (!event.detail.question) return;
    event.preventDefault();
    thaki.confirm(event.detail.question, { tone: event.detail.elt.dataset.confirmTone }).then(function (yes) {
      if (yes) event.detail.issueRequest(true);
    });
  });
})();
