/* The choice between light and dark, which the browser remembers. */
"use strict";
(() => {
  const root = document.documentElement;
  const kept = (value) => {
    try {
      if (value) localStorage.setItem("autograder-theme", value);
      return localStorage.getItem("autograder-theme");
    } catch { return null; }  // a browser may forbid it to pages from a file
  };
  const wanted = kept();
  if (wanted === "light" || wanted === "dark") root.dataset.theme = wanted;

  const theme = () => {
    const button = document.getElementById("theme");
    const system = matchMedia("(prefers-color-scheme: dark)");
    const dark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
    const name = () => { document.getElementById("theme-name").textContent = dark() ? button.dataset.light : button.dataset.dark; };
    button.addEventListener("click", () => {
      root.dataset.theme = dark() ? "light" : "dark";
      kept(root.dataset.theme);
      name();
    });
    system.addEventListener("change", name);
    name();
    button.hidden = false;
  };

  addEventListener("DOMContentLoaded", theme);
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((each) => { each.open = true; }));
})();
