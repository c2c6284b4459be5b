// Searches the text, offline: a field above the contents, and results in their place.
// Without this script there is no field. The text itself is read, and never changed.
"use strict";
(() => {
  const nav = document.querySelector("nav[data-search]");
  const main = document.querySelector("main");
  if (!nav || !main) return;
  const SHOWN = 100; // so many results are listed; all are counted
  const SLICE = 8; // milliseconds of work, after which the page may answer its reader
  const PAUSE = 120; // milliseconds without a key, after which is searched

  const rest = () => globalThis.scheduler?.yield?.() ?? new Promise((go) => setTimeout(go));

  // --- Letters: without accents and capitals ------------------------------------------------------

  const ALIKE = {
    ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ł: "l", ı: "i", ς: "σ",
    "‘": "'", "’": "'", "“": '"', "”": '"', "‐": "-", "‑": "-", "–": "-", "ـ": "",
    "\u00ad": "", "\u200b": "", "\u200c": "", "\u200d": "",
  };
  const MARKS = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]/g;
  const OTHERS = /[ßæœøđłıς‘’“”‐‑–ـ\u00ad\u200b-\u200d]/g;
  const fold = (text) =>
    text
      .normalize("NFKD")
      .replace(MARKS, "")
      .toLowerCase()
      .replace(OTHERS, (letter) => ALIKE[letter]);

  // --- The text: pieces of one block, with the headings above them and the pages they stand on ----

  const BLOCKS = "p, li, dt, dd, h2, h3, h4, h5, h6, td, th, figcaption, caption, pre, div, figure";
  const ASIDE = "script, style, svg, annotation, .backlink, .backlinks, .noteref, .anchor, .note-here";

  function* pieces() {
    const walker = document.createTreeWalker(main, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, {
      acceptNode: (node) =>
        node.nodeType === 1 && node.matches(ASIDE)
          ? NodeFilter.FILTER_REJECT
          : NodeFilter.FILTER_ACCEPT,
    });
    let where = [];
    let page = "";
    let piece = null;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.nodeType === 1) {
        const level = /^H([2-6])$/.exec(node.tagName);
        if (level) where = [...where.filter((above) => above.tagName < node.tagName), node];
        if ((node.getAttribute("role") || "").includes("doc-pagebreak")) {
          page = node.getAttribute("aria-label");
          piece?.pages.push([piece.length, page]);
        }
        continue;
      }
      const block = node.parentElement.closest(BLOCKS) || main;
      if (piece?.block !== block) {
        if (piece) yield piece;
        piece = { block, where, texts: [], length: 0, pages: [[0, page]] };
      }
      piece.texts.push(node);
      piece.length += node.data.length;
    }
    if (piece) yield piece;
  }

  const text = (piece) => piece.texts.map((node) => node.data).join("");
  const read = [];
  let reading = null;
  let whole = false;

  const begin = () => {
    reading ??= (async () => {
      let until = performance.now() + SLICE;
      for (const piece of pieces()) {
        piece.folded = fold(text(piece));
        if (piece.folded.trim()) read.push(piece);
        if (performance.now() < until) continue;
        await rest();
        until = performance.now() + SLICE;
      }
      whole = true;
    })();
  };

  // --- Searching: every word must be there; what stands in quotation marks, word by word ---------

  const asked = (query) =>
    [...fold(query).matchAll(/"([^"]+)"?|[^\s"]+/g)]
      .map(([word, phrase]) => (phrase ?? word).trim())
      .filter(Boolean)
      .map((term) => {
        const escaped = term.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&").replace(/\s+/g, "\\s+");
        return { term, pattern: new RegExp(escaped, "g"), plain: !/\s/.test(term) };
      });

  const holds = (piece, { term, pattern, plain }) =>
    plain ? piece.folded.includes(term) : piece.folded.search(pattern) >= 0;

  // Where the words stand in a piece as it is written, not folded.
  const hits = (piece, terms) => {
    const written = text(piece);
    const places = [];
    let at = 0;
    for (const letter of /[^\x00-\x7f]/.test(written) ? written : []) {
      for (let n = fold(letter).length; n > 0; n -= 1) places.push(at);
      at += letter.length;
    }
    const place = (n) => (at ? places[n] : n); // plain letters are themselves when folded
    const found = terms.flatMap(({ pattern }) =>
      [...piece.folded.matchAll(pattern)].map((match) => {
        const last = place(match.index + match[0].length - 1);
        return [place(match.index), last + String.fromCodePoint(written.codePointAt(last)).length];
      }),
    );
    return found.sort((a, b) => a[0] - b[0]);
  };

  let turn = 0;
  const search = async (query) => {
    turn += 1;
    const mine = turn;
    const terms = asked(query);
    nav.classList.toggle("searching", terms.length > 0);
    if (!terms.length) {
      show([], terms);
      told.textContent = "";
      return;
    }
    begin();
    const found = [];
    let until = performance.now() + SLICE;
    for (let n = 0; n < read.length || !whole; n += 1) {
      while (n >= read.length && !whole) await rest();
      if (n < read.length && terms.every((term) => holds(read[n], term))) {
        found.push(read[n]);
        if (found.length === SHOWN) show(found, terms);
      }
      if (performance.now() < until) continue;
      await rest();
      if (mine !== turn) return;
      until = performance.now() + SLICE;
    }
    if (found.length < SHOWN) show(found, terms);
    const number = (count) => count.toLocaleString(document.documentElement.lang);
    const listed = found.length > SHOWN ? `${number(SHOWN)} / ` : "";
    told.textContent = `${nav.dataset.results}: ${listed}${number(found.length)}`;
  };

  // --- What is shown -------------------------------------------------------------------------------

  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  const field = make("input", {
    type: "search", id: "search", placeholder: nav.dataset.search, autocomplete: "off",
    ariaLabel: nav.dataset.search, spellcheck: false,
  });
  const key = make("button", { type: "button", className: "key", textContent: "/" });
  key.setAttribute("aria-label", `/ ${nav.dataset.search}`);
  const told = make("p", { className: "told" });
  told.setAttribute("role", "status");
  const results = make("ol", { className: "results" });
  const box = make("div", { className: "search" }, make("div", { className: "field" }, field, key), told);
  box.setAttribute("role", "search");
  nav.prepend(box, results);

  const words = Intl.Segmenter && new Intl.Segmenter(document.documentElement.lang, { granularity: "word" });
  const beginning = (written, at) => {
    if (at <= 0) return 0;
    return words ? words.segment(written).containing(at)?.index ?? at : at;
  };

  // The words around the first hit, with the hits marked.
  const around = (written, places) => {
    const start = beginning(written, places[0][0] - 36);
    const end = beginning(written, Math.max(start + 130, places[0][1] + 40)) || written.length;
    const line = document.createElement("span");
    let at = start;
    for (const [from, to] of places.filter(([from, to]) => from >= at && to <= end)) {
      if (from < at) continue;
      line.append(written.slice(at, from), make("mark", { textContent: written.slice(from, to) }));
      at = to;
    }
    line.append(written.slice(at, end));
    if (start > 0) line.prepend("… ");
    if (end < written.length) line.append(" …");
    return line;
  };

  const title = (where) => {
    const parts = where.length > 2 ? [where[0], where.at(-1)] : where;
    return parts
      .map((heading) => {
        const copy = heading.cloneNode(true);
        copy.querySelectorAll(ASIDE).forEach((element) => element.remove());
        return copy.textContent.trim();
      })
      .join(" › ");
  };

  const result = (piece, places) => {
    const name = piece.block.closest("[id]")?.id ?? "text";
    const link = make("a", { href: `#${encodeURIComponent(name)}` }, around(text(piece), places));
    const page = piece.pages.findLast(([from]) => from <= places[0][0])?.[1];
    if (page) link.append(" ", make("span", { className: "page", textContent: page }));
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      go(piece, name);
    });
    return make("li", {}, link);
  };

  const go = (piece, name) => {
    location.hash = name; // so that the way back leads here
    piece.block.tabIndex = -1;
    piece.block.focus({ preventScroll: true });
    piece.block.addEventListener("blur", () => piece.block.removeAttribute("tabindex"), { once: true });
    piece.block.scrollIntoView({ block: "center", behavior: "instant" });
  };

  // Hits are painted over the text (CSS Custom Highlight API), which stays as it is.
  const paint = globalThis.Highlight && CSS.highlights && new Highlight();
  if (paint) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(
      "::highlight(found) { background-color: color-mix(in srgb, var(--accent) 28%, transparent); }",
    );
    document.adoptedStyleSheets.push(sheet);
    CSS.highlights.set("found", paint);
  }

  const range = (piece, [from, to]) => {
    const place = (at, last) => {
      let start = 0;
      for (const node of piece.texts) {
        if (at < start + node.data.length + last) return [node, at - start];
        start += node.data.length;
      }
      return [piece.texts.at(-1), piece.texts.at(-1).data.length];
    };
    const [startContainer, startOffset] = place(from, 0);
    const [endContainer, endOffset] = place(to, 1);
    return new StaticRange({ startContainer, startOffset, endContainer, endOffset });
  };

  const show = (found, terms) => {
    paint?.clear();
    const groups = [];
    let above = null;
    for (const piece of found.slice(0, SHOWN)) {
      const places = hits(piece, terms);
      if (!places.length) continue;
      places.forEach((place) => paint?.add(range(piece, place)));
      const heading = title(piece.where);
      if (heading !== above) {
        const name = make("span", { className: "where", textContent: heading });
        groups.push(make("li", {}, name, make("ol", {})));
        above = heading;
      }
      groups.at(-1).lastChild.append(result(piece, places));
    }
    results.replaceChildren(...groups);
    if (found.length) nav.scrollTop = 0;
  };

  // --- Keys ----------------------------------------------------------------------------------------

  let waiting = 0;
  field.addEventListener("focus", begin);
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, PAUSE, field.value);
  });
  const clear = () => {
    clearTimeout(waiting);
    field.value = "";
    search("");
  };

  nav.addEventListener("keydown", (event) => {
    const stops = [field, ...results.querySelectorAll("a")];
    const at = stops.indexOf(document.activeElement);
    if (at < 0) return;
    if (event.key === "Escape" && at === 0 && !field.value) field.blur();
    else if (event.key === "Escape" && at === 0) clear();
    else if (event.key === "Escape") field.focus();
    else if (event.key === "ArrowDown") stops[Math.min(at + 1, stops.length - 1)].focus();
    else if (event.key === "ArrowUp") stops[Math.max(at - 1, 0)].focus();
    else if (event.key === "Enter" && at === 0) stops[1]?.click();
    else return;
    event.preventDefault();
  });

  const WRITTEN =
    "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
  // WCAG 2.2, 2.1.4: a key of one sign can be switched off.
  const remembered = "triptych-search-key";
  const keyed = (on) => key.setAttribute("aria-pressed", String(on));
  try {
    keyed(localStorage.getItem(remembered) !== "off");
  } catch {
    keyed(true);
  }
  key.addEventListener("click", () => {
    const on = key.getAttribute("aria-pressed") !== "true";
    keyed(on);
    try {
      localStorage.setItem(remembered, on ? "on" : "off");
    } catch {
      // It is then forgotten when the page is left.
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (key.getAttribute("aria-pressed") !== "true") return;
    if (event.target.closest?.(WRITTEN)) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
})();
