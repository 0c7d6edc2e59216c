/* Incomes: running totals, new lines by keyboard, units, and the reason where a sum jumps. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-entry]"), told = document.getElementById("income-facts");
  if (!form || !told) return;
  var facts = JSON.parse(told.textContent);
  var unknown = document.querySelector("[data-words]").dataset.unknown;
  var sections = Array.prototype.slice.call(document.querySelectorAll("[data-kind]"));

  function cents(text) {
    var parts = /^\s*([0-9]{1,8})(?:\.([0-9]{1,2}))?\s*$/.exec(text || "");
    return parts ? parseInt(parts[1], 10) * 100 + parseInt(((parts[2] || "") + "00").substr(0, 2), 10) : null;
  }
  /* Half away from zero, in whole numbers: quantity and price are hundredths. */
  function worked(quantity, price, share) {
    return Math.floor((quantity * price * share + 5000) / 10000);
  }
  function grouped(fen) {
    if (fen === null) return unknown;
    var sign = fen < 0 ? "−" : "", whole = Math.abs(fen), rest = ("0" + (whole % 100)).slice(-2);
    return sign + String(Math.floor(whole / 100)).replace(/\B(?=([0-9]{3})+$)/g, ",") + "." + rest;
  }
  function cell(line, name) { return line.querySelector("[name$='-" + name + "']"); }
  function product(line) {
    var quantity = cents(cell(line, "quantity").value), price = cents(cell(line, "unit_price").value);
    if (quantity === null || price === null) return null;
    var share = +cell(line, "coefficient_percent").value || facts.shares[cell(line, "item").value] || 100;
    return worked(quantity, price, share);
  }
  function amount(line) {
    var found = product(line), field = cell(line, "amount");
    if (found === null) return cents(field.value);
    if (!field.value || line.dataset.worked) {
      field.value = (found / 100).toFixed(2);
      line.dataset.worked = "yes";
    }
    return found;
  }
  function sum(section) {
    var found = null;
    section.querySelectorAll("[data-line]").forEach(function (line) {
      var one = amount(line);
      if (one !== null) found = (found || 0) + one;
    });
    if (found !== null) return found;
    if (section.querySelector("[name^='none_']").checked) return 0;
    return cents(section.querySelector("details input").value);
  }
  function show(name, fen) {
    var box = document.querySelector("[data-total='" + name + "']");
    if (!box) return;
    if (fen === null || !box.dataset.above) { box.textContent = grouped(fen); return; }
    box.textContent = grouped(Math.abs(fen)) + " " + (fen < 0 ? box.dataset.below : box.dataset.above);
  }
  function count() {
    var gross = 0, expense = null;
    sections.forEach(function (section) {
      var kind = section.dataset.kind, found = sum(section), before = facts.before[kind];
      section.querySelector("[data-sum]").textContent = grouped(found);
      var jumped = before && found !== null && Math.abs(found - before) * 100 >= facts.jump * before;
      var reason = section.querySelector("[data-reason]");
      if (jumped) reason.hidden = false;
      else if (!reason.querySelector("input").value && !reason.querySelector(".error")) reason.hidden = true;
      if (kind === facts.expense) expense = found;
      else gross = gross === null || found === null ? null : gross + found;
    });
    var net = gross === null || expense === null ? null : gross - expense, people = facts.persons;
    var counted = net !== null && people > 0;
    show("gross", gross);
    show("net", net);
    show("head", counted ? (net < 0 ? -1 : 1) * Math.floor((Math.abs(net) * 2 + people) / (2 * people)) : null);
    show("distance", counted && facts.line !== null ? net - facts.line * people : null);
  }

  function nextNumber() {
    var number = 0;
    form.querySelectorAll("[data-line] [name]").forEach(function (field) {
      number = Math.max(number, parseInt(field.name, 10) + 1 || 0);
    });
    return number;
  }
  function addLine(section) {
    var body = section.querySelector("[data-lines]"), pattern = section.querySelector("template");
    body.closest(".lines").hidden = false;
    body.insertAdjacentHTML("beforeend", pattern.innerHTML.replace(/__n__/g, nextNumber()));
    cell(body.lastElementChild, "item").focus();
  }
  document.querySelectorAll("[data-add-line]").forEach(function (button) {
    button.addEventListener("click", function (event) {
      event.preventDefault();
      addLine(button.closest("[data-kind]"));
    });
  });
  /* Enter in an amount: the next line. Enter at an empty item: the next kind. */
  form.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    var line = event.target.closest("[data-line]");
    if (!line) return;
    var section = line.closest("[data-kind]"), isItem = event.target === cell(line, "item");
    if (isItem && !event.target.value) {
      event.preventDefault();
      event.stopImmediatePropagation();
      var after = sections[sections.indexOf(section) + 1];
      var there = after && (after.querySelector("[data-line] select") || after.querySelector("[data-add-line]"));
      (there || document.querySelector("[data-primary]")).focus();
    } else if (event.target === cell(line, "amount") && event.target.value) {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (line.nextElementSibling) cell(line.nextElementSibling, "item").focus();
      else addLine(section);
    }
  }, true);
  function unit(line) {
    var units = JSON.parse(line.closest("[data-kind]").dataset.units || "{}");
    line.querySelector("[data-unit]").textContent = units[cell(line, "item").value] || "";
  }
  form.addEventListener("change", function (event) {
    var line = event.target.closest("[data-line]");
    if (line && event.target === cell(line, "item")) { cell(line, "coefficient_percent").value = ""; unit(line); }
    if (line && event.target === cell(line, "amount")) delete line.dataset.worked;
    count();
  });
  form.addEventListener("input", count);
  form.querySelectorAll("[data-line]").forEach(function (line) {
    var found = product(line);
    unit(line);
    if (found !== null && found === cents(cell(line, "amount").value)) line.dataset.worked = "yes";
  });
  count();
})();
