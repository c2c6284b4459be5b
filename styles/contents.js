// Marks in the contents where the reader is, and folds long contents up to their chapters.
// The page is whole without it.
"use strict";
(() => {
  const nav = document.querySelector("nav.contents");
  const list = nav?.querySelector("ol");
  if (!list) return;
  const LONG = 30; // so many lines stand open
  const links = [...list.querySelectorAll("a[href^='#']")];
  const lines = links
    .map((link) => ({ link, target: document.getElementById(decodeURIComponent(link.hash.slice(1))) }))
    .filter(({ target }) => target);

  const buttons = new Map();
  let followed = []; // what is open only because it is read
  const open = (item, wide) => {
    buttons.get(item).setAttribute("aria-expanded", String(wide));
    item.querySelector(":scope > ol").hidden = !wide;
  };
  for (const item of links.length > LONG ? list.querySelectorAll("li:has(> ol)") : []) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "fold";
    button.setAttribute("aria-label", item.querySelector("a").textContent);
    button.addEventListener("click", () => {
      open(item, button.getAttribute("aria-expanded") !== "true");
      followed = followed.filter((other) => other !== item); // it stays as its reader has it
    });
    item.prepend(button);
    item.parentElement.classList.add("folding");
    buttons.set(item, button);
    open(item, false);
  }

  let current = null;
  const mark = (link) => {
    if (link === current) return;
    current?.removeAttribute("aria-current");
    current = link;
    if (!link) return;
    link.setAttribute("aria-current", "location");
    const around = [...buttons.keys()].filter((item) => item.contains(link));
    followed.filter((item) => !around.includes(item)).forEach((item) => open(item, false));
    followed = around.filter(
      (item) => followed.includes(item) || buttons.get(item).getAttribute("aria-expanded") === "false",
    );
    followed.forEach((item) => open(item, true));
    const { top, bottom } = link.getBoundingClientRect();
    const frame = nav.getBoundingClientRect();
    if (getComputedStyle(nav).position !== "sticky" || nav.matches(":hover")) return;
    if (top < frame.top + 80 || bottom > frame.bottom - 40) {
      nav.scrollTop += top - frame.top - frame.height / 3;
    }
  };

  // On a phone a button keeps contents and search within reach, once they are out of sight.
  const row = document.querySelector(".actions");
  const reach = document.createElement("button");
  reach.type = "button";
  reach.className = "reach";
  reach.hidden = true;
  const name = nav.querySelector("h2").textContent;
  reach.textContent = name;
  nav.append(reach);
  const others = [...document.body.children].filter((one) => one !== nav);
  const lay = (over) => {
    nav.classList.toggle("over", over);
    reach.setAttribute("aria-expanded", String(over));
    reach.textContent = over ? row?.dataset.close ?? name : name;
    others.forEach((one) => (one.inert = over));
    if (over) nav.scrollTop = 0;
  };
  const isOver = () => nav.classList.contains("over");
  lay(false);
  reach.addEventListener("click", () => {
    lay(!isOver());
    if (isOver()) nav.querySelector("#search")?.focus();
  });
  nav.addEventListener("click", (event) => event.target.closest("a[href^='#']") && lay(false));
  nav.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !isOver()) return;
    lay(false);
    reach.focus();
  });
  new IntersectionObserver(([{ isIntersecting }]) => {
    if (!isOver()) reach.hidden = isIntersecting;
  }).observe(nav);

  // The line that is read stands near the head of the window, and sinks to its foot at the end.
  const read = () => {
    const way = document.documentElement.scrollHeight - innerHeight;
    const sinking = Math.min(way, innerHeight * 0.3) || 1;
    const line = innerHeight * (0.15 + 0.85 * Math.max(0, 1 - (way - scrollY) / sinking));
    let [first, end] = [0, lines.length];
    while (first < end) {
      const middle = (first + end) >> 1;
      if (lines[middle].target.getBoundingClientRect().top <= line) first = middle + 1;
      else end = middle;
    }
    mark(lines[first - 1]?.link ?? null);
  };
  let asked = 0;
  const ask = () => {
    asked ||= requestAnimationFrame(() => {
      asked = 0;
      read();
    });
  };
  addEventListener("scroll", ask, { passive: true });
  addEventListener("resize", ask);
  ask();
})();
