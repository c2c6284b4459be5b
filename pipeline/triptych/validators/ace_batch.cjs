// Checks many books with Ace by DAISY in one browser. In: the paths of the books.
// Out: for each of them Ace's JSON report (Ace prints it), in that order.
"use strict";

const ace = require("@daisy/ace-core");
const puppeteer = require("puppeteer");
// The browser is spoken to through a pipe: it has no network, not even with this program.
const { launch: start } = puppeteer;
puppeteer.launch = (options) => start({ ...options, pipe: true });
const browser = require("@daisy/ace-axe-runner-puppeteer");

// Ace opens and closes the browser around each book; here one browser serves them all.
const { launch, close } = browser;
browser.launch = async () => {};
browser.close = async () => {};

async function main(books) {
  await launch();
  try {
    for (const book of books) {
      await ace(book, { cwd: process.cwd(), lang: "en" }, browser);
    }
  } finally {
    await close();
  }
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
