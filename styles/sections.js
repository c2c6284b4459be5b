// Gives each heading a link to itself, to copy or to share. Without it the contents have them all.
"use strict";
(() => {
  const row = document.querySelector(".actions");
  if (!row) return;
  for (const heading of document.querySelectorAll("main :is(h2, h3, h4, h5, h6)")) {
    const name = heading.id || heading.closest("section[id]")?.id;
    if (!name) continue;
    const link = document.createElement("a");
    link.className = "anchor";
    link.href = `#${encodeURIComponent(name)}`;
    link.textContent = "#";
    link.setAttribute("aria-label", row.dataset.linkHere);
    heading.append(" ", link);
  }
})();
