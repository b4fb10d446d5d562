"use strict";
(() => {
  const root = document.documentElement;
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const keep = (key, value) => { try { localStorage.setItem("gknlp-" + key, value); } catch { /* a page must work without a store */ } };
  const kept = (key) => { try { return localStorage.getItem("gknlp-" + key); } catch { return null; } };
  root.classList.add("js");

  const speak = (lang) => { root.dataset.lang = lang; root.lang = lang === "en" ? "en" : "zh-CN"; keep("lang", lang); };
  const isDark = () => (root.dataset.mode || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const dress = (mode) => { root.dataset.mode = mode; keep("mode", mode); };
  if (["zh", "en"].includes(kept("lang"))) speak(kept("lang"));
  if (["light", "dark"].includes(kept("mode"))) dress(kept("mode"));

  // Lists: a text field hides the rows that do not fit; the number left is said.
  const narrow = (name) => {
    const table = document.getElementById(name);
    const words = all(`[data-filter="${name}"]`).map((field) => field.value.trim().toLowerCase()).join(" ").split(/\s+/);
    let left = 0;
    for (const row of all("tbody > tr", table)) {
      const text = row.textContent.toLowerCase();
      const fits = words.every((part) => text.includes(part));
      row.hidden = !fits;
      left += fits;
    }
    const told = document.querySelector(`[data-left="${name}"]`);
    if (told) told.textContent = left;
  };

  const open = () => {
    let target = null;
    try { target = document.getElementById(decodeURIComponent(location.hash.slice(1))); } catch { return; }
    for (let box = target && target.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    if (target && target.tagName === "DETAILS") target.open = true;
    if (target && target.dataset.do === "layer") target.click();
    if (target) target.scrollIntoView({ block: "center" });
  };

  document.addEventListener("DOMContentLoaded", () => {
    for (const button of all("[data-do]")) {
      button.addEventListener("click", () => {
        if (button.dataset.do === "lang") speak(root.dataset.lang === "en" ? "zh" : "en");
        if (button.dataset.do === "mode") dress(isDark() ? "light" : "dark");
        if (button.dataset.do === "layer") {
          document.body.dataset.layer = button.dataset.layer;
          for (const other of all('[data-do="layer"]')) other.setAttribute("aria-pressed", String(other === button));
        }
      });
    }
    for (const field of all("[data-filter]")) field.addEventListener("input", () => narrow(field.dataset.filter));
    open();
  });
  window.addEventListener("hashchange", open);
  window.addEventListener("beforeprint", () => { for (const box of all("details:not(.case)")) box.open = true; });
})();
