// Finds a sheet by the name of an illness: in the reader's language, in English, or by its code. Capitals, accents and
// marks do not matter, a beginning is enough, and a slip of the finger is forgiven. Nothing is sent anywhere.
"use strict";
(() => {
  const form = document.getElementById("search");
  const field = document.getElementById("query");
  const found = document.getElementById("found");
  const none = document.getElementById("none");
  const number = document.getElementById("count");
  const rows = [...document.querySelectorAll("[data-find]")];
  const sections = [...document.querySelectorAll("section")];
  const MARKS = /[\u0300-\u036f\u0640\u064b-\u065f\u0670\u093c]/g;  // accents, vowel signs of Arabic, nukta
  const NO_SPACES = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]/;  // scripts without spaces
  const ARTICLE = /^(?:[وبك]?ال|لل|[لبو])(?=..)/;  // Arabic writes "the", "for" and "and" onto the word

  const plain = text => text.normalize("NFKD").replace(MARKS, "").toLowerCase()
    .replace(/ى/g, "ي").replace(/ة/g, "ه").replace(/ß/g, "ss").replace(/ø/g, "o").replace(/ł/g, "l");
  const words = text => plain(text).replace(/[.'’]/g, "").match(/[\p{L}\p{N}\p{M}]+/gu) || [];
  const forms = word => ARTICLE.test(word) ? [word, word.replace(ARTICLE, "")] : [word];
  const slips = word => /\d/.test(word) || word.length < 4 ? 0 : word.length < 8 ? 1 : 2;

  // The least number of slips (a letter more, less, another one, two exchanged) between what was typed and any
  // beginning of a word.
  function distance(typed, word) {
    let before = [], last = Array.from({ length: word.length + 1 }, (_, column) => column);
    for (let row = 1; row <= typed.length; row++) {
      const now = [row];
      for (let column = 1; column <= word.length; column++) {
        const same = typed[row - 1] === word[column - 1];
        now[column] = Math.min(last[column] + 1, now[column - 1] + 1, last[column - 1] + (same ? 0 : 1));
        if (row > 1 && typed[row - 1] === word[column - 2] && typed[row - 2] === word[column - 1]) {
          now[column] = Math.min(now[column], before[column - 2] + 1);
        }
      }
      [before, last] = [last, now];
    }
    return Math.min(...last);
  }

  // 0: every word that was typed begins a word of the row; 1: with a slip; Infinity: it does not.
  function judge(typed, row) {
    let verdict = 0;
    for (const word of typed) {
      if (NO_SPACES.test(word) ? row.text.includes(word) : row.words.some(other => other.startsWith(word))) continue;
      const near = forms(word).some(form => row.words.some(other =>
        other.startsWith(form) || (slips(form) && distance(form, other) <= slips(form))));
      if (!near || NO_SPACES.test(word)) return Infinity;
      verdict = 1;
    }
    return verdict;
  }

  const known = rows.map(element => {
    const own = words(element.dataset.find);
    return { element, words: own.flatMap(forms), text: own.join("") };
  });

  function search() {
    const typed = words(field.value);
    const verdicts = known.map(row => judge(typed, row));
    const best = Math.min(...verdicts);
    let count = 0;
    known.forEach((row, place) => {
      row.element.hidden = verdicts[place] === Infinity || verdicts[place] > best;
      count += row.element.hidden ? 0 : 1;
    });
    for (const section of sections) section.hidden = !section.querySelector("[data-find]:not([hidden])");
    found.hidden = !typed.length || !count;
    none.hidden = !typed.length || count > 0;
    number.textContent = String(count);
  }

  form.addEventListener("submit", event => event.preventDefault());
  field.addEventListener("input", search);
  form.hidden = false;
  search();  // a browser may fill the field in again
})();
