// Shows an entry or a note where it is cited, when its link is pointed at or focused.
// The page is whole without it.
"use strict";
(() => {
  const peek = document.createElement("div");
  peek.className = "peek";
  peek.id = "peek";
  peek.setAttribute("role", "tooltip");
  peek.hidden = true;
  document.body.append(peek);
  let shown = null;

  const hide = () => {
    if (!shown) return;
    shown.removeAttribute("aria-describedby");
    shown = null;
    peek.hidden = true;
  };

  const show = (link) => {
    const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!target || link === shown) return;
    hide();
    const copy = target.cloneNode(true);
    copy.querySelectorAll(".backlink, .backlinks").forEach((element) => element.remove());
    peek.textContent = copy.textContent.trim();
    peek.hidden = false;
    const at = link.getBoundingClientRect();
    const left = Math.min(at.left, document.documentElement.clientWidth - peek.offsetWidth - 16);
    const below = at.bottom + peek.offsetHeight + 12 < window.innerHeight;
    peek.style.left = `${Math.max(16, left) + window.scrollX}px`;
    peek.style.top = `${(below ? at.bottom + 6 : at.top - peek.offsetHeight - 6) + window.scrollY}px`;
    link.setAttribute("aria-describedby", "peek");
    shown = link;
  };

  // A note that stands in the margin, or is open in place, needs no second place.
  const cited = (event) => {
    const link = event.target.closest?.("a[role=doc-biblioref], a[role=doc-noteref]");
    const beside = document.body.classList.contains("margins") && link?.role === "doc-noteref";
    return beside || link?.ariaExpanded === "true" ? null : link;
  };
  // WCAG 2.2, 1.4.13: it stays while it is pointed at itself.
  const follow = (event) => {
    if (cited(event)) show(cited(event));
    else if (!peek.contains(event.target)) hide();
  };
  document.addEventListener("pointerover", follow);
  document.addEventListener("focusin", follow);
  document.addEventListener("focusout", hide);
  document.addEventListener("click", hide);
  document.documentElement.addEventListener("pointerleave", hide);
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
})();
