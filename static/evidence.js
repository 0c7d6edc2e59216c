// Shrinks photos before they are sent, where the browser can: 1600 pixels are enough to read a form.
(function () {
  "use strict";
  var LONGEST = 1600, SMALL_ENOUGH = 250000;

  function shrunk(file) {
    if (!/^image\//.test(file.type) || file.size <= SMALL_ENOUGH || !window.createImageBitmap) {
      return Promise.resolve(file);
    }
    return createImageBitmap(file, { imageOrientation: "from-image" }).then(function (picture) {
      var scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
      var canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      return new Promise(function (resolve) {
        canvas.toBlob(function (blob) {
          var smaller = blob && blob.size < file.size;
          resolve(smaller ? new File([blob], "photo.jpg", { type: "image/jpeg" }) : file);
        }, "image/jpeg", 0.8);
      });
    }).catch(function () { return file; });
  }

  document.addEventListener("change", function (event) {
    var input = event.target;
    if (!input.matches || !input.matches("input[data-shrink]") || !window.DataTransfer) { return; }
    var button = input.form && input.form.querySelector("button[type=submit]");
    if (button) { button.disabled = true; }
    Promise.all(Array.prototype.map.call(input.files, shrunk)).then(function (files) {
      var kept = new DataTransfer();
      files.forEach(function (file) { kept.items.add(file); });
      input.files = kept.files;
    }).catch(function () { return null; }).then(function () {
      if (button) { button.disabled = false; }
    });
  });
})();
