/* The registration: saves while typing, a grid that needs no mouse, an ID number that is checked. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-entry]");
  var keyed = form || document.querySelector("form[data-keyed]");
  var primary = document.querySelector("[data-primary]");
  var said = document.querySelector("[data-said]");
  var FIELDS = "input:not([type=hidden]), select, textarea";

  /* Ctrl+S and Ctrl+Enter press the button that goes on. */
  document.addEventListener("keydown", function (event) {
    var pressed = event.key === "s" || event.key === "S" || event.key === "Enter";
    if (!primary || !pressed || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    event.preventDefault();
    primary.click();
  });
  document.querySelectorAll("[data-keys]").forEach(function (hint) { hint.hidden = false; });
  if (!keyed) return;

  /* Enter: the next field; behind the last one a new row, then the button. It never sends half a form. */
  function fieldsOf(box) {
    return Array.prototype.filter.call(box.querySelectorAll(FIELDS), function (field) {
      return !field.disabled && field.offsetParent !== null && !field.closest("details:not([open])");
    });
  }
  function rowIsEmpty(row) {
    return !fieldsOf(row).some(function (field) { return field.value && !field.dataset.suggested; });
  }
  function next(field) {
    var row = field.closest("[data-row]");
    var fields = fieldsOf(keyed), place = fields.indexOf(field);
    var following = fields[place + 1];
    if (row && row.contains(field) && (!following || !row.contains(following))) {
      if (rowIsEmpty(row) || !document.querySelector("template[data-new-row]")) { (following || primary).focus(); return; }
      if (!row.nextElementSibling || !row.nextElementSibling.matches("[data-row]")) { addRow(); return; }
    }
    (following || primary).focus();
    if (following && following.select) following.select();
  }
  keyed.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (!event.target.matches("input, select") || event.target.type === "file") return;
    event.preventDefault();
    next(event.target);
  });

  /* The grid. */
  var grid = document.querySelector("[data-grid]");
  function addRow() {
    var pattern = document.querySelector("template[data-new-row]");
    var number = 0;
    grid.querySelectorAll("[data-row] [name]").forEach(function (field) {
      number = Math.max(number, parseInt(field.name, 10) + 1 || 0);
    });
    grid.insertAdjacentHTML("beforeend", pattern.innerHTML.replace(/__n__/g, number).replace(/__s__/g, number + 1));
    var row = grid.lastElementChild;
    row.id = "row-" + (number + 1);
    var above = row.previousElementSibling;
    row.querySelectorAll("[name$='-ethnicity']").forEach(function (field) {
      var before = above && above.querySelector && above.querySelector("[name$='-ethnicity']");
      if (before) field.value = before.value;
    });
    fieldsOf(row)[0].focus();
    return row;
  }
  document.querySelectorAll("[data-add]").forEach(function (button) {
    button.addEventListener("click", function (event) { event.preventDefault(); addRow(); });
  });
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-remove]");
    if (!button) return;
    event.preventDefault();
    var row = button.closest("[data-row]");
    var back = document.createElement("button");
    back.type = "button";
    back.className = "button second";
    back.textContent = said.dataset.undo;
    row.querySelectorAll(FIELDS + ", input[type=hidden]").forEach(function (field) { field.disabled = true; });
    row.hidden = true;
    row.insertAdjacentHTML("afterend", "<tbody><tr><td colspan='12'></td></tr></tbody>");
    row.nextElementSibling.querySelector("td").appendChild(back);
    said.textContent = said.dataset.removed;
    back.focus();
    touched();
    back.addEventListener("click", function () {
      row.nextElementSibling.remove();
      row.hidden = false;
      row.querySelectorAll("[disabled]").forEach(function (field) { field.disabled = false; });
      said.textContent = "";
      fieldsOf(row)[0].focus();
      touched();
    });
  });

  /* Cells of a spreadsheet: tabs go to the next column, lines to the next row. */
  function put(field, text) {
    text = text.trim();
    if (field.tagName === "SELECT") {
      var found = Array.prototype.find.call(field.options, function (option) {
        return option.value && (option.value === text || option.text === text || option.text.replace(/^\S+ /, "") === text);
      });
      if (!found) return text === "";
      field.value = found.value;
    } else field.value = text;
    delete field.dataset.suggested;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  }
  if (grid) grid.addEventListener("paste", function (event) {
    var text = event.clipboardData.getData("text/plain");
    var row = event.target.closest("[data-row]");
    if (!row || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    var start = fieldsOf(row).indexOf(event.target);
    text.replace(/\r/g, "").replace(/\n+$/, "").split("\n").forEach(function (line, number) {
      if (number) {
        var after = row.nextElementSibling;
        row = after && after.matches("[data-row]") ? after : document.querySelector("template[data-new-row]") ? addRow() : null;
      }
      if (!row) return;
      var fields = fieldsOf(row);
      line.split("\t").forEach(function (cell, column) {
        if (fields[start + column]) put(fields[start + column], cell);
      });
    });
  });

  /* The ID number: check digit, sex, birth date; what the age suggests for empty fields. */
  var words = document.getElementById("id-words");
  var ages = document.getElementById("age-defaults");
  ages = ages ? JSON.parse(ages.textContent) : [];
  function read(text) {
    var parts = /^([0-9]{17})([0-9X])([1-7][1-4]([0-9A-Z]{2})?)?$/.exec(text.toUpperCase());
    if (!parts) return null;
    var weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], sum = 0;
    for (var i = 0; i < 17; i++) sum += weights[i] * parts[1][i];
    var year = +text.substr(6, 4), month = +text.substr(10, 2), day = +text.substr(12, 2);
    var born = new Date(Date.UTC(year, month - 1, day));
    var exists = born.getUTCMonth() === month - 1 && born.getUTCDate() === day;
    var now = new Date(), age = now.getFullYear() - year;
    if (now.getMonth() + 1 < month || (now.getMonth() + 1 === month && now.getDate() < day)) age--;
    return {
      sound: "10X98765432"[sum % 11] === parts[2], exists: exists && age >= 0 && year >= 1900, age: age,
      male: parts[1][16] % 2 === 1, born: text.substr(6, 4) + "-" + text.substr(10, 2) + "-" + text.substr(12, 2)
    };
  }
  function checkId(field) {
    var box = field.closest("td, [data-id-box]");
    var line = box && box.querySelector("[data-id-says]");
    if (!line || !words) return;
    var tidy = field.value.replace(/\s+/g, "");
    var found = read(tidy), told = words.dataset;
    if (!found) { if (line.dataset.told) line.textContent = line.dataset.told = ""; return; }
    if (field.value !== tidy) field.value = tidy;
    line.dataset.told = "yes";
    line.textContent = !found.exists ? told.day : !found.sound ? told.wrong
      : [found.male ? told.male : told.female, told.born + " " + found.born, found.age + " " + told.years].join(", ");
    if (found.exists && found.sound) suggest(field, found.age);
  }
  function suggest(field, age) {
    var row = field.closest("[data-row]");
    var fitting = ages.filter(function (one) { return one[0] <= age && age <= one[1]; })[0];
    if (!row || !fitting) return;
    ["in_school", "labour", "education"].forEach(function (name, place) {
      var other = row.querySelector("[name$='-" + name + "']");
      if (!other || (other.value && !other.dataset.suggested)) return;
      other.value = fitting[place + 2];
      other.dataset.suggested = "yes";
    });
  }
  keyed.addEventListener("input", function (event) {
    delete event.target.dataset.suggested;
    if (/id_number$/.test(event.target.name)) checkId(event.target);
  });

  /* Saving while typing: what changed, after a field is left and at most every three seconds. */
  if (!form) return;
  var status = document.getElementById("saved"), timer = null, busy = false, again = false, sending = null, kept = written();
  function written() {
    var fields = new URLSearchParams();
    new FormData(form).forEach(function (value, name) {
      if (typeof value === "string" && name !== "version" && name !== "at") fields.append(name, value);
    });
    return fields.toString();
  }
  function touched() {
    if (!timer) timer = window.setTimeout(save, 3000);
  }
  function save() {
    window.clearTimeout(timer);
    timer = null;
    if (sending) return;
    if (busy) { again = true; return; }
    var now = written();
    if (now === kept) return;
    busy = true;
    fetch(form.getAttribute("action") || window.location.pathname, {
      method: "POST", credentials: "same-origin", redirect: "error", keepalive: now.length < 50000,
      headers: { "X-Autosave": "1", "Content-Type": "application/x-www-form-urlencoded" },
      body: now + "&version=" + form.elements.version.value
    }).then(function (answer) {
      if (answer.ok) return answer.json().then(function (told) {
        kept = now;
        form.elements.version.value = told.version;
        status.textContent = form.dataset.saved + " " + told.saved;
      });
      status.textContent = answer.status === 401 || answer.status === 403 ? form.dataset.out
        : answer.status === 409 ? form.dataset.other : form.dataset.failed;
      if (answer.status >= 500) touched();
    }).catch(function () {
      status.textContent = form.dataset.failed;
      touched();
    }).then(function () {
      busy = false;
      if (sending) { var button = sending; sending = null; button.click(); return; }
      if (again) { again = false; save(); }
    });
  }
  form.addEventListener("input", touched);
  form.addEventListener("change", save);
  document.addEventListener("visibilitychange", function () { if (document.hidden) save(); });
  form.addEventListener("focusin", function (event) {
    if (event.target.name && event.target.matches(FIELDS)) form.elements.at.value = event.target.id;
  });
  form.addEventListener("submit", function (event) {
    window.clearTimeout(timer);
    timer = null;
    if (!busy) return;
    event.preventDefault();
    event.stopPropagation();
    sending = event.submitter || primary;
  });

  /* Where to begin: the field that was left, else the first empty one. */
  var first = document.getElementById(form.dataset.at) || fieldsOf(form).filter(function (field) { return !field.value; })[0];
  var row = window.location.hash && document.getElementById(window.location.hash.slice(1));
  var calm = !window.matchMedia("(pointer: fine)").matches && !form.dataset.at;
  if (row && row.matches("[data-row]")) fieldsOf(row)[0].focus();
  else if (first && !calm && !document.querySelector("[data-focus]")) first.focus({ preventScroll: !form.dataset.at });
})();
