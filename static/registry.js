(function () {
  "use strict";
  var summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();

  document.addEventListener("submit", function (event) {
    var form = event.target, button = event.submitter;
    if (form.method !== "post" || form.hasAttribute("data-again") || (button && button.hasAttribute("data-again"))) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    window.setTimeout(function () {
      form.querySelectorAll("button").forEach(function (button) { button.setAttribute("aria-disabled", "true"); });
    }, 0);
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
      form.querySelectorAll("button").forEach(function (button) { button.removeAttribute("aria-disabled"); });
    });
  });

  document.addEventListener("click", function (event) {
    var target = event.target;
    if (target.closest("[data-print]")) { window.print(); return; }
    document.querySelectorAll("details.me[open]").forEach(function (menu) {
      if (!menu.contains(target)) menu.open = false;
    });
    var row = target.closest("tr.link");
    if (!row || target.closest("a, button, input, label, summary") || String(window.getSelection())) return;
    var link = row.querySelector("a.cover");
    if (link) link.click();
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    var menu = document.querySelector("details.me[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });

  /* Keys: ? opens the help, j, k and o walk through the rows of the list that has the focus. */
  document.addEventListener("keydown", function (event) {
    var at = event.target;
    if (event.ctrlKey || event.altKey || event.metaKey || at.closest("input, select, textarea")) return;
    if (document.documentElement.classList.contains("nokeys")) return;
    if (event.key === "?") { var help = document.querySelector("a[data-help]"); if (help) help.click(); return; }
    var box = at.closest(".table-box"), step = { j: 1, k: -1 }[event.key];
    if (!box || !step && event.key !== "o") return;
    var links = Array.prototype.slice.call(box.querySelectorAll("tr.link a.cover"));
    var row = at.closest("tr.link"), place = row ? links.indexOf(row.querySelector("a.cover")) : -1;
    if (event.key === "o") { if (links[place]) links[place].click(); return; }
    var next = links[Math.max(0, Math.min(links.length - 1, place + step))];
    if (next) { event.preventDefault(); next.focus(); }
  });
  document.querySelectorAll("[data-print]").forEach(function (button) { button.hidden = false; });
})();
