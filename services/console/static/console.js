// Small helps; every page reads and submits without them.
"use strict";
(() => {
  const root = document.documentElement;
  const kept = localStorage.getItem("theme");
  if (kept) root.dataset.theme = kept;
  document.addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
    if (button) {
      button.hidden = false;
      const dark = () =>
        (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
      button.setAttribute("aria-pressed", String(dark()));
      button.addEventListener("click", () => {
        root.dataset.theme = dark() ? "light" : "dark";
        localStorage.setItem("theme", root.dataset.theme);
        button.setAttribute("aria-pressed", String(dark()));
      });
    }
    const paper = document.getElementById("print");
    if (paper) {
      paper.hidden = false;
      paper.addEventListener("click", () => print());
    }
    const first = document.querySelector(".summary[tabindex], h1[autofocus]");
    if (first) first.focus();
    // A second press of the same button sends nothing; the command id would make it harmless anyway.
    for (const form of document.querySelectorAll("form[method=post]")) {
      let sent = false;
      form.addEventListener("submit", (event) => {
        if (sent) event.preventDefault();
        sent = true;
      });
      addEventListener("pageshow", () => { sent = false; });
    }
  });
})();
