// In a demo only: choosing a role writes its login and the password that everybody knows.
(function () {
  "use strict";
  var choice = document.getElementById("demo-login");
  choice.addEventListener("change", function () {
    document.getElementById("id_login").value = choice.value;
    document.getElementById("id_password").value = choice.value ? choice.dataset.demoPassword : "";
  });
})();
