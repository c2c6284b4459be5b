// Copies how to cite the work: as its style has it, or for a reference manager. Without it the
// words can be marked and the files saved.
"use strict";
(() => {
  const row = document.querySelector(".actions");
  const cite = document.querySelector("#cite");
  if (!row || !cite || !navigator.clipboard) return;

  const add = (after, name, text) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = row.dataset.copy;
    button.setAttribute("aria-label", [row.dataset.copy, name].filter(Boolean).join(" "));
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(await text());
      button.textContent = row.dataset.copied;
      setTimeout(() => (button.textContent = row.dataset.copy), 2000);
    });
    button.setAttribute("aria-live", "polite");
    after.after(" ", button);
  };

  const words = cite.querySelector(".own");
  add(words, "", async () => words.textContent.trim());
  for (const link of document.querySelectorAll(".downloads.own a[download]")) {
    add(link, link.textContent, async () => (await fetch(link.href)).text());
  }
})();
