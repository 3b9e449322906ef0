// What the telephone keeps: visits, drafts and what waits to be sent. Every row bears its person: nobody reads another's.
(function () {
  "use strict";
  var field = (self.thakiField = self.thakiField || {});
  var NAME = "thaki-terreno";
  var opened = null;

  function open() {
    if (!opened) {
      opened = new Promise(function (resolve, reject) {
        var request = indexedDB.open(NAME, 1);
        request.onupgradeneeded = function () {
          var db = request.result;
          db.createObjectStore("meta");
          db.createObjectStore("visits", { keyPath: ["user", "id"] });
          db.createObjectStore("drafts", { keyPath: ["user", "order"] });
          db.createObjectStore("outbox", { keyPath: ["user", "key"] });
        };
        request.onsuccess = function () {
          request.result.onclose = function () { opened = null; };
          resolve(request.result);
        };
        request.onerror = function () { opened = null; reject(request.error); };
      });
    }
    return opened;
  }

  // One transaction: work(storeByName) asks, the promise is kept only when all of it is on the disk.
  function within(names, mode, work) {
    return open().then(function (db) {
      return new Promise(function (resolve, reject) {
        var transaction = db.transaction(names, mode);
        var asked = work(function (name) { return transaction.objectStore(name); });
        transaction.oncomplete = function () { resolve(asked && "result" in asked ? asked.result : undefined); };
        transaction.onerror = transaction.onabort = function () { reject(transaction.error); };
      });
    });
  }

  function of(user) {
    return IDBKeyRange.bound([user], [user, []]);
  }

  field.store = {
    meta: function (key) {
      return within(["meta"], "readonly", function (at) { return at("meta").get(key); });
    },
    setMeta: function (key, value) {
      return within(["meta"], "readwrite", function (at) { at("meta").put(value, key); });
    },
    get: function (name, user, key) {
      return within([name], "readonly", function (at) { return at(name).get([user, key]); });
    },
    all: function (name, user) {
      return within([name], "readonly", function (at) { return at(name).getAll(of(user)); });
    },
    put: function (name, row) {
      return within([name], "readwrite", function (at) { at(name).put(row); });
    },
    remove: function (name, user, key) {
      return within([name], "readwrite", function (at) { at(name).delete([user, key]); });
    },
    // All of them or none: what is finished goes into the outbox in the moment in which it stops being a draft.
    change: function (puts, removals) {
      var names = puts.concat(removals).map(function (each) { return each[0]; });
      return within(Array.from(new Set(names)), "readwrite", function (at) {
        puts.forEach(function (each) { at(each[0]).put(each[1]); });
        removals.forEach(function (each) { at(each[0]).delete([each[1], each[2]]); });
      });
    },
    replaceVisits: function (user, visits) {
      return within(["visits"], "readwrite", function (at) {
        at("visits").delete(of(user));
        visits.forEach(function (visit) { at("visits").put(Object.assign({}, visit, { user: user })); });
      });
    },
    // Whoever leaves takes the customers' data with him; what he has not sent yet stays, for him alone.
    forgetVisits: function () {
      return within(["visits", "meta"], "readwrite", function (at) {
        at("visits").clear();
        at("meta").clear();
      });
    },
    // How many things of other people wait on this telephone: only the number is told.
    waitingOfOthers: function (user) {
      return within(["outbox"], "readonly", function (at) { return at("outbox").getAll(); }).then(function (rows) {
        return rows.filter(function (row) { return row.user !== user && row.state === "waiting"; }).length;
      });
    },
  };
})();
