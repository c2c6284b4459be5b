// Switches between light and dark, and remembers the choice. Without it the page is as the
// reader's system is. The rules for the dark stay as they are: only when they apply is changed.
"use strict";
(() => {
  const row = document.querySelector(".actions");
  if (!row) return;
  const remembered = "triptych-scheme";
  const system = matchMedia("(prefers-color-scheme: dark)");
  const rules = [...document.styleSheets]
    .flatMap((sheet) => [...sheet.cssRules])
    .filter((rule) => rule.media?.mediaText.includes("prefers-color-scheme"))
    .map((rule) => [rule, rule.media.mediaText]);

  const button = document.createElement("button");
  button.type = "button";
  button.className = "scheme";
  button.textContent = row.dataset.dark;
  row.append(button);

  let chosen = null;
  const isDark = () => (chosen ? chosen === "dark" : system.matches);
  const choose = (scheme) => {
    chosen = scheme;
    for (const [rule, media] of rules) {
      const applies = media.includes("dark") === (scheme === "dark") ? "screen" : "not all";
      rule.media.mediaText = scheme ? applies : media;
    }
    document.documentElement.style.colorScheme = scheme ?? "";
    button.setAttribute("aria-pressed", String(isDark()));
  };
  try {
    const kept = localStorage.getItem(remembered);
    choose(kept === "dark" || kept === "light" ? kept : null);
  } catch {
    choose(null);
  }
  system.addEventListener("change", () => choose(chosen));
  button.addEventListener("click", () => {
    const other = isDark() ? "light" : "dark";
    choose((other === "dark") === system.matches ? null : other);
    try {
      if (chosen) localStorage.setItem(remembered, chosen);
      else localStorage.removeItem(remembered);
    } catch {
      // The choice then ends with the page.
    }
  });
})();
