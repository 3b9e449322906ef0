// Photographs before and after, and the customer's signature on each paper that applies.
(function () {
  "use strict";
  var field = (self.thakiField = self.thakiField || {});
  var h = field.h, t = field.t, icon = field.icon;

  function takes(kind, draft, redraw) {
    var input = h("input", {
      type: "file", accept: "image/*", capture: "environment", multiple: true, class: "hidden-input", name: "photo-" + kind,
      onchange: function (event) {
        var files = Array.from(event.target.files);
        if (!files.length) return;
        Promise.all([field.device.where(5000)].concat(files.map(function (file) {
          return field.device.reduce(file).catch(function () { field.toast(t("no_picture", { name: file.name }), "bad"); return null; });
        }))).then(function (done) {
          done.slice(1).filter(Boolean).forEach(function (kept) {
            if (draft.photos.length < field.config.most_photos) draft.photos.push(Object.assign({ id: field.device.key(), kind: kind, at: new Date().toISOString(), place: done[0] }, kept));
            else field.toast(t("too_many", { n: field.config.most_photos }), "bad");
          });
          return field.draft.save(draft);
        }).then(redraw);
      },
    });
    return h("label", { class: "btn" }, icon("camera"), t("photo_" + kind), input);
  }

  function shown(kind, draft, redraw) {
    var photos = draft.photos.filter(function (photo) { return photo.kind === kind; });
    if (!photos.length) return h("p", { class: "dim" }, t("no_photos"));
    return h("ul", { class: "photos" }, photos.map(function (photo) {
      var image = h("img", { src: field.device.url(photo), alt: t("photo_" + kind), onload: function () { URL.revokeObjectURL(image.src); } });
      return h("li", {}, image, h("button", {
        type: "button", class: "btn icon", "aria-label": t("remove"),
        onclick: function () { draft.photos = draft.photos.filter(function (each) { return each !== photo; }); field.draft.save(draft).then(redraw); },
      }, icon("trash")));
    }));
  }

  function album(kind, draft) {
    var box = h("section", { class: "card" });
    function redraw() { box.replaceChildren(h("h2", {}, t("photos_" + kind)), shown(kind, draft, redraw), takes(kind, draft, redraw)); }
    redraw();
    return box;
  }

  field.screens.photos = function (state, visit, draft) {
    return Promise.resolve(h("div", { class: "stack" }, h("h1", {}, t("step_photos")), h("p", { class: "dim" }, t("photos_hint")),
      album("before", draft), album("after", draft), field.parts.ready(visit)));
  };

  // ---- signing: the whole screen is the paper
  function sign(title, name) {
    return new Promise(function (resolve) {
      var canvas = h("canvas", { role: "img", "aria-label": t("sign_here") });
      var pad = null;
      var dialog = h("dialog", { class: "signing", "aria-label": title },
        h("h2", {}, title), h("p", { class: "dim" }, name), canvas,
        h("div", { class: "trio" },
          h("button", { type: "button", class: "btn", onclick: function () { dialog.close(); } }, t("back")),
          h("button", { type: "button", class: "btn", onclick: function () { pad.clear(); } }, t("clear")),
          h("button", { type: "button", class: "btn strong", "data-accept": true, onclick: function () {
            if (pad.isEmpty()) return field.toast(t("empty_signature"), "bad");
            dialog.close("signed");
          } }, t("accept"))));
      dialog.addEventListener("close", function () {
        var signed = dialog.returnValue === "signed" ? field.device.bytesOf(canvas, "image/png") : Promise.resolve(null);
        signed.then(function (kept) { dialog.remove(); resolve(kept); });
      });
      document.body.append(dialog);
      dialog.showModal();
      var ratio = Math.min(2, Math.max(window.devicePixelRatio || 1, 1));
      canvas.width = canvas.offsetWidth * ratio;
      canvas.height = canvas.offsetHeight * ratio;
      canvas.getContext("2d").scale(ratio, ratio);
      pad = new self.SignaturePad(canvas, { penColor: "#10251f", backgroundColor: "#ffffff" });
    });
  }

  function paper(code, visit, draft) {
    var kept = (draft.papers[code] = draft.papers[code] || { on: false, name: visit.customer, ci: visit.ci || "", at: "", place: null, data: null, type: "image/png" });
    var mark = h("div", {});
    function redraw() {
      mark.replaceChildren();
      if (kept.data) {
        var image = h("img", { class: "signature", src: field.device.url(kept), alt: t("signature_of", { name: kept.name }) });
        mark.append(image, h("p", { class: "dim" }, t("signed_at", { when: field.time.instant(kept.at) })));
      }
      mark.append(h("button", { type: "button", class: "btn strong", "data-sign": code, onclick: function () {
        sign(t("paper_" + code), kept.name).then(function (signed) {
          if (!signed) return null;
          Object.assign(kept, signed, { at: new Date().toISOString(), place: draft.arrival ? draft.arrival.place : null });
          redraw();
          field.draft.save(draft);
          return field.device.where(5000).then(function (place) { kept.place = place; return field.draft.save(draft); });
        });
      } }, icon("signature"), kept.data ? t("sign_again") : t("sign")));
    }
    var more = h("div", { class: "stack more", hidden: !kept.on },
      field.parts.label(t("signer"), h("input", { name: "signer-" + code, value: kept.name, maxlength: 160, oninput: function (event) { kept.name = event.target.value; field.draft.save(draft); } })),
      field.parts.label(t("signer_ci"), h("input", { name: "ci-" + code, value: kept.ci, maxlength: 20, oninput: function (event) { kept.ci = event.target.value; field.draft.save(draft); } })), mark);
    redraw();
    return h("section", { class: "card" },
      h("label", { class: "check" },
        h("input", { type: "checkbox", name: "paper-" + code, checked: kept.on, onchange: function (event) { kept.on = event.target.checked; more.hidden = !kept.on; field.draft.save(draft); } }),
        h("span", {}, h("strong", {}, t("paper_" + code)))), more);
  }

  field.screens.papers = function (state, visit, draft) {
    return Promise.resolve(h("div", { class: "stack" }, h("h1", {}, t("step_papers")), h("p", { class: "dim" }, t("papers_hint")),
      field.config.papers.map(function (code) { return paper(code, visit, draft); }), field.parts.ready(visit)));
  };

  // ---- the visit that could not be done
  field.screens.failure = function (state, visit, draft) {
    var failure = draft.failure;
    var why = h("ul", { class: "plain" });
    var button = h("button", { type: "button", class: "btn strong big", "data-fail": true, onclick: function () {
      button.disabled = true;
      field.device.where(5000).then(function (place) { return field.draft.finish(draft, "failure", place); }).then(function () {
        field.toast(t("queued"));
        location.hash = "#/";
        field.app.sync();
      });
    } }, icon("send"), t("send_failure"));
    var until = field.parts.label(t("until"), h("input", { type: "datetime-local", name: "until", value: failure.until, onchange: function (event) { failure.until = event.target.value; keep(); } }), t("until_hint"));
    var proof = album("absence", draft);
    function keep() { field.draft.save(draft).then(look); }
    function look() {
      var missing = field.draft.missingOfFailure(draft);
      why.replaceChildren.apply(why, missing.map(function (text) { return h("li", {}, text); }));
      button.disabled = missing.length > 0;
      until.hidden = failure.kind !== "postponed";
      proof.hidden = failure.kind !== "absent";
    }
    new MutationObserver(look).observe(proof, { childList: true });
    look();
    return Promise.resolve(h("div", { class: "stack" }, h("h1", {}, t("could_not")), h("p", { class: "dim" }, t("could_not_hint")),
      h("fieldset", { class: "stack" }, h("legend", {}, t("why")), field.config.failures.map(function (code) {
        return h("label", { class: "choice wide" },
          h("input", { type: "radio", name: "failure", value: code, checked: failure.kind === code, onchange: function () { failure.kind = code; keep(); } }),
          h("span", { class: "btn" }, h("span", {}, h("strong", {}, t("fail_" + code)), h("span", { class: "dim" }, t("fail_" + code + "_more")))));
      })),
      proof, until, field.parts.label(t("note"), field.parts.area(failure.note, "failure-note", function (text) { failure.note = text; keep(); })), why, button));
  };
})();
