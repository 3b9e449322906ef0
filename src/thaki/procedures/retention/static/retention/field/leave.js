// After signing out: the customers' data leave the telephone; what waits to be sent stays for its own person.
(function () {
  "use strict";
  self.thakiField.store.forgetVisits().catch(function () {}).then(function () {
    location.replace(document.documentElement.dataset.next);
  });
})();
