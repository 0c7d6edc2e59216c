(function () {
  "use strict";
  var form = document.querySelector("form[data-position]"), box = document.getElementById("add-position");
  if (!form || !box || !navigator.geolocation) return;
  var said = form.querySelector("[role=status]");
  function put(latitude, longitude, text) {
    form.elements.latitude.value = latitude; form.elements.longitude.value = longitude; said.textContent = text;
  }
  box.parentNode.hidden = false;
  box.addEventListener("change", function () {
    put("", "", "");
    if (!box.checked) return;
    navigator.geolocation.getCurrentPosition(function (found) {
      if (!box.checked) return;
      var latitude = found.coords.latitude.toFixed(2), longitude = found.coords.longitude.toFixed(2);
      put(latitude, longitude, form.dataset.found + " " + latitude + ", " + longitude);
    }, function () { box.checked = false; put("", "", form.dataset.none); }, { timeout: 10000, maximumAge: 600000 });
  });
})();
